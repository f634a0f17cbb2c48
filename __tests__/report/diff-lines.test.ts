import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Json } from '../../src/model/json.ts'
import type { FieldChange } from '../../src/model/change.ts'
import type { Link } from '../../src/model/reference.ts'
import { diffLines } from '../../src/report/diff-lines.ts'
import { sequenceDiff } from '../../src/report/sequence.ts'
import { shown } from '../../src/report/value.ts'
import { changedJob, newEnvironment, newJob, sameJob } from '../../testing/report/results.ts'

function linesOf(field: FieldChange): readonly string[] {
  return diffLines(changedJob('e', 'a', [field])).map(({ sign, text }) => `${sign} ${text}`)
}

function update(path: string, before: Json, after: Json): readonly string[] {
  return linesOf({ path, before, after })
}

describe('an update', () => {
  it.each<[string, Json, Json, readonly string[]]>([
    ['settings.threads', 4, 8, ['- settings.threads: 4', '+ settings.threads: 8']],
    ['dbt_version', null, 'latest', ['- dbt_version: null', '+ dbt_version: "latest"']],
    ['run_lint', false, true, ['- run_lint: false', '+ run_lint: true']],
    [
      'execute_steps',
      ['a', 'b', 'c'],
      ['b', 'a', 'd'],
      ['  execute_steps:', '-     "a"', '      "b"', '-     "c"', '+     "a"', '+     "d"']
    ],
    ['execute_steps', ['a', 'a'], ['a'], ['  execute_steps:', '      "a"', '-     "a"']],
    ['execute_steps', [], ['a'], ['  execute_steps:', '+     "a"']],
    [
      'description',
      'one\ntwo\nthree',
      'one\n2\nthree',
      ['  description:', '      "one"', '-     "two"', '+     "2"', '      "three"']
    ],
    ['description', '', 'one\ntwo', ['  description:', '+     "one"', '+     "two"']],
    [
      'description',
      'text\nPromoted by dbt-promote from 1/2/3 (v1 00000000.00000000)',
      'other',
      ['- description: "text"', '+ description: "other"']
    ],
    [
      'schedule',
      {
        cron: '0 0 * * *',
        date: { type: 'every_day' },
        time: { type: 'at_exact_hours', hours: [3, 1], interval: 1 }
      },
      { date: { type: 'every_day' }, time: { type: 'every_hour', interval: 2 } },
      [
        '- schedule: {date: {type: "every_day"}, time: {type: "at_exact_hours", hours: [1, 3]}}',
        '+ schedule: {date: {type: "every_day"}, time: {type: "every_hour", interval: 2}}'
      ]
    ]
  ])('of %s from %j to %j', (path, before, after, expected) => {
    expect(update(path, before, after)).toEqual(expected)
  })

  it.each<[string, Link | null, Link | null, readonly string[]]>([
    [
      'deferring_job_definition_id',
      { id: 5 },
      { key: 'job:eu%2Fprod/100%25 a' },
      [
        '- deferring_job_definition_id: 5',
        '+ deferring_job_definition_id: job "100% a" in "eu/prod"'
      ]
    ],
    [
      'deferring_job_definition_id',
      null,
      { key: 'job:e/a%252Fb' },
      ['- deferring_job_definition_id: null', '+ deferring_job_definition_id: job "a%2Fb" in "e"']
    ],
    [
      'environment_id',
      { id: 5 },
      { key: 'environment:production' },
      ['- environment_id: 5', '+ environment_id: environment "production"']
    ],
    [
      'job_completion_trigger_condition',
      { id: 5, project: 6, statuses: [20, 10] },
      { key: 'job:e/a', statuses: [10, 30, 99] },
      [
        '- job_completion_trigger_condition: after 5 of project 6 on success, error',
        '+ job_completion_trigger_condition: after job "a" in "e" on success, cancelled, 99'
      ]
    ],
    [
      'job_completion_trigger_condition',
      null,
      { id: 5, statuses: [10] },
      [
        '- job_completion_trigger_condition: null',
        '+ job_completion_trigger_condition: after 5 on success'
      ]
    ]
  ])('of the reference %s from %j to %j', (path, from, to, expected) => {
    expect(linesOf({ path, from, to })).toEqual(expected)
  })

  it('of a long text shows where it differs', () => {
    const [before, after] = update(
      'compare_changes_flags',
      `${'x'.repeat(500)}a${'y'.repeat(500)}`,
      `${'x'.repeat(500)}b${'y'.repeat(500)}`
    )
    expect(before).toMatch(/^- compare_changes_flags: …x{40}ay{159}… \(1003 characters\)$/)
    expect(after).toMatch(/^\+ compare_changes_flags: …x{40}by{159}… \(1003 characters\)$/)
  })

  it('of one long step among others shows where it differs', () => {
    const lines = update(
      'execute_steps',
      ['a', 'x'.repeat(400) + '1'],
      ['a', 'x'.repeat(400) + '2']
    )
    expect(lines).toHaveLength(4)
    expect(lines[2]).not.toBe(lines[3]?.replace('+', '-'))
  })
})

describe('a create', () => {
  it('shows what it sets, without defaults and what the title says', () => {
    const job = newJob('e', 'a', {
      values: {
        name: 'a',
        description: 'one\ntwo',
        execute_steps: ['dbt build'],
        errors_on_lint_failure: true,
        compare_changes_flags: '--select state:modified',
        'execution.timeout_seconds': 0,
        'triggers.schedule': false,
        dbt_version: null
      }
    })
    expect(diffLines(job).map(({ sign, text }) => `${sign} ${text}`)).toEqual([
      '+ description:',
      '+     "one"',
      '+     "two"',
      '+ execute_steps:',
      '+     "dbt build"'
    ])
    expect(
      diffLines(
        newEnvironment('e', { values: { name: 'e', type: 'deployment', dbt_version: '1.9' } })
      )
    ).toEqual([{ sign: '+', text: 'dbt_version: "1.9"' }])
  })
})

it('what is unchanged has no difference', () => {
  expect(diffLines(sameJob('e', 'a'))).toEqual([])
})

describe('sequenceDiff', () => {
  const item = fc.constantFrom('a', 'b', 'c', 'd')
  const sequence = fc.array(item, { maxLength: 12 })

  it('leads from the one to the other', () => {
    fc.assert(
      fc.property(sequence, sequence, (before, after) => {
        const lines = sequenceDiff(before, after)
        // What is left out is on both sides, so it is put back from the one that is read.
        const read = (items: readonly string[], sign: '+' | '-'): readonly string[] => {
          const kept = lines.flatMap((line) =>
            line.sign === '…' ? ['…'] : line.sign === ' ' || line.sign === sign ? [line.item] : []
          )
          const gaps = kept.filter((each) => each === '…').length
          return gaps === 0 ? kept : items
        }
        expect(read(before, '-')).toEqual(before)
        expect(read(after, '+')).toEqual(after)
        const changed = lines.filter(({ sign }) => sign === '+' || sign === '-').length
        expect(changed === 0).toBe(before.join() === after.join())
      })
    )
  })

  it('leaves out what is far from any difference', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
    const after = before.map((each) => (each === '5' ? 'five' : each))
    expect(
      sequenceDiff(before, after).map((line) => (line.sign === '…' ? '…' : line.sign + line.item))
    ).toEqual(['…', ' 3', ' 4', '-5', '+five', ' 6', ' 7', '…'])
  })

  it('gives up on what would take too long', () => {
    const before = Array.from({ length: 5000 }, (_, index) => `a${String(index)}`)
    const after = before.map((each) => `b${each}`)
    const start = performance.now()
    expect(sequenceDiff(before, after)).toHaveLength(10_000)
    expect(performance.now() - start).toBeLessThan(500)
  })
})

describe('shown', () => {
  it.each<[Json, string]>([
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [[1, 'a', null], '[1, "a", null]'],
    [{ a: { b: [true] } }, '{a: {b: [true]}}'],
    [[], '[]']
  ])('%j', (value, expected) => {
    expect(shown(value)).toBe(expected)
  })

  it('tells a text from a longer one with the same beginning', () => {
    const short = 'x'.repeat(300)
    expect(shown(short, `${short}y`)).not.toBe(shown(`${short}y`, short))
  })
})
