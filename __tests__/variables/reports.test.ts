// Variables, overrides and extended attributes in log, summary and plan file: hostile names and values, and nothing
// that is a value where nobody asked for it.
import { describe, expect, it } from '@jest/globals'
import type { Change, ValuesChange } from '../../src/model/change.ts'
import {
  attributesKey,
  environmentKey,
  jobKey,
  overrideKey,
  variableKey
} from '../../src/model/keys.ts'
import { headLines, outcomeLines, planGroups } from '../../src/report/log.ts'
import { summary } from '../../src/report/markdown.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { planFile } from '../../src/report/plan-file.ts'
import type { Result } from '../../src/report/result.ts'
import { attributesLines } from '../../src/report/value-lines.ts'
import { attacks } from '../../testing/report/attacks.ts'
import { forEach } from '../../testing/each.ts'
import { read } from '../../testing/report/grammar.ts'
import { alarm, outcome, plan, planned, sameJob } from '../../testing/report/results.ts'
import { sampleOf } from '../../testing/effort.ts'

interface Texts {
  readonly name: string
  readonly value: string
}

/** A plan in which names of variables, environments and jobs are one text, and values and keys another. */
function changesOf({ name, value }: Texts): readonly Change[] {
  const environment = environmentKey(name)
  const variable: ValuesChange = {
    op: 'create',
    kind: 'variable',
    by: 'new',
    key: variableKey(name),
    name,
    environment: null,
    job: null,
    writes: [
      { scope: 'project', before: null, after: value },
      { scope: environment, before: `${value}~`, after: value },
      { scope: jobKey(name, name), before: { secret: true }, after: { secret: true } }
    ],
    kept: [
      { scope: environment, why: 'secret' },
      { scope: 'project', why: 'differs' }
    ]
  }
  const override: ValuesChange = {
    ...variable,
    op: 'update',
    kind: 'override',
    key: overrideKey(name, name, name),
    environment: name,
    job: { key: jobKey(name, name), name },
    writes: [{ scope: jobKey(name, name), before: value, after: `${value}!` }]
  }
  const kept: ValuesChange = {
    ...variable,
    op: 'unchanged',
    key: variableKey(`${name}2`),
    name: `${name}2`,
    writes: []
  }
  const content = (own: string): string =>
    JSON.stringify({ [value]: own, nested: { [value]: [own] } })
  const attributes = {
    kind: 'attributes',
    key: attributesKey(name),
    name,
    environment: name,
    source: { id: 5, name },
    managed: ['extended_attributes'],
    by: 'binding'
  } as const
  return [
    {
      ...attributes,
      op: 'create',
      values: { extended_attributes: content(value) },
      refs: {},
      link: []
    },
    {
      ...attributes,
      op: 'update',
      key: attributesKey(`${name}2`),
      id: 8,
      fields: [
        { path: 'extended_attributes', before: content(value), after: content(`${value}!`) }
      ],
      adopted: false,
      cause: 'unknown'
    },
    { ...attributes, op: 'unchanged', key: attributesKey(`${name}3`), id: 9, refused: [] },
    variable,
    kept,
    override,
    sameJob(name, name)
  ]
}

function resultOf(texts: Texts, showValues: boolean): Result {
  const changes = changesOf(texts)
  const of = plan(changes, {
    alarms: [
      alarm(
        'protected',
        `The value of variable ${texts.name} in environment "${texts.name}" changes.`
      )
    ],
    warnings: [`The secret ${texts.name} is given for a place.`],
    notices: [`2 variables have other values in the target: ${texts.name}.`]
  })
  const outcomes = changes
    .filter(({ op }) => op !== 'unchanged')
    .map((change, index) => outcome(change, index % 2 === 0 ? 'applied' : 'unclear'))
  return planned(of, { mode: 'apply', showValues, outcomes })
}

function linesOf(result: Result): readonly string[] {
  const of = result.plan!
  const { written, missing } = outcomeLines(result)
  return [
    ...headLines(of),
    ...planGroups(of, result.showValues).flatMap(({ title, lines }) => [title, ...lines]),
    ...written,
    ...missing
  ]
}

describe.each([true, false])('hostile texts, with show-values: %s', (showValues) => {
  it('is text in the summary', () => {
    forEach(attacks, (attack) => {
      const result = resultOf({ name: attack, value: attack }, showValues)
      expect(() => read(summary(result))).not.toThrow()
      expect(() => read(summary({ ...result, mode: 'plan', outcomes: null }))).not.toThrow()
      for (const most of sampleOf([4000, 2000, 8000], 1))
        expect(() => read(summary(result, most))).not.toThrow()
    })
  })

  it('is in lines of the log that are no command', () => {
    forEach(attacks, (attack) => {
      for (const line of linesOf(resultOf({ name: attack, value: attack }, showValues))) {
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
        expect(line).not.toMatch(/^\s*::/)
        expect(line).not.toContain('##[')
      }
    })
  })

  it('is whole in a plan file that can be read', () => {
    forEach(attacks, (attack) => {
      const { plan: of } = resultOf({ name: attack, value: attack }, showValues)
      const { changes } = JSON.parse(planFile(of!, showValues)) as { changes: readonly Change[] }
      expect(changes.map(({ name }) => name)).toEqual(of!.changes.map(({ name }) => name))
    })
  })
})

describe('values', () => {
  const texts = { name: 'DBT_A', value: 'zebra' }
  const secretive = resultOf(texts, false)

  it('are nowhere where they are not asked for, but for the keys of attributes', () => {
    const keysOut = (text: string): string => text.replaceAll(/zebra: \(hidden\)/g, '')
    expect(keysOut(linesOf(secretive).join('\n'))).not.toContain('zebra')
    expect(keysOut(summary(secretive))).not.toContain('zebra')
    expect(planFile(secretive.plan!)).not.toContain('zebra')
    expect(JSON.stringify(outputsOf(secretive))).not.toContain('zebra')
  })

  it('are there where they are, and secrets are not', () => {
    const shown = resultOf(texts, true)
    const lines = linesOf(shown)
    expect(lines).toContain('    + project: "zebra"')
    expect(lines).toContain('    - DBT_A: "zebra~"')
    expect(lines).toContain('    + value: (secret)')
    expect(lines).toContain('    - zebra: "zebra"')
    expect(lines).toContain('    + nested: {"zebra":["zebra!"]}')
    expect(planFile(shown.plan!, true)).toContain('zebra!')
  })

  it('tell no outcome more than they should', () => {
    expect(linesOf(secretive)).toEqual(
      expect.arrayContaining([
        'created extended attributes in DBT_A (8001)',
        'created variable DBT_A (8001)'
      ])
    )
  })
})

describe('the keys of extended attributes', () => {
  const change = (before: string, after: string): Change => ({
    ...changesOf({ name: 'n', value: 'v' })[1]!,
    ...{ fields: [{ path: 'extended_attributes', before, after }] }
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may be called %s', (key) => {
    const of = change('{}', `{"${key}": 1}`)
    const back = change(`{"${key}": {}}`, '{}')
    const lines = (each: Change): readonly string[] =>
      attributesLines(each as never, true).map(({ sign, text }) => `${sign} ${text}`)
    expect(lines(of)).toEqual([`+ ${key}: 1`])
    expect(lines(back)).toEqual([`- ${key}: {}`])
  })
})
