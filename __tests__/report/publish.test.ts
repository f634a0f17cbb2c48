// What the runner is asked to do, and in which order.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Failure, failureOf } from '../../src/model/failure.ts'
import { runnerActions } from '../../src/github/actions.ts'
import { logPlan, publish } from '../../src/github/publish.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import type { Result } from '../../src/report/result.ts'
import { promisedOutputs } from '../../testing/runner/action-file.ts'
import { recordActions, type Note } from '../../testing/runner/actions.ts'
import { attacks } from '../../testing/report/attacks.ts'
import {
  applied,
  hostile,
  incomplete,
  plan,
  planned,
  refused,
  sameJob,
  stopped,
  typicalPlan,
  saying
} from '../../testing/report/results.ts'

async function published(result: Result): Promise<readonly Note[]> {
  const { actions, notes } = recordActions({})
  if (result.plan) logPlan(actions, result.plan)
  await publish(actions, result)
  return notes
}

const texts = (notes: readonly Note[], kind: Note['kind']): readonly string[] =>
  notes.flatMap((note) => (note.kind === kind && 'text' in note ? [note.text] : []))

it('warns of outputs that GitHub empties for other jobs, since they hold a line of a secret', async () => {
  const warningsOf = async (...secrets: readonly string[]): Promise<readonly string[]> => {
    const { actions, notes } = recordActions({})
    await publish(actions, applied(typicalPlan), secrets)
    return texts(notes, 'warning')
  }
  expect(await warningsOf()).toEqual([])
  expect(await warningsOf('', ' \n\r\n', 'dbtc_of-no-output', 'one\ntwo')).toEqual([])
  // The key of a service account, as its console gives it.
  const [warning, ...more] = await warningsOf('{\r\n  "private_key": "-----BEGIN"\r\n}\r\n')
  expect(more).toEqual([])
  expect(warning).toMatch(/^Other jobs will get the outputs .*\bjob-ids, jobs, id-map\b.* empty/)
  expect(warning).not.toMatch(/plan-hash|private_key/)
  const { 'plan-hash': hash } = outputsOf(applied(typicalPlan))
  expect(await warningsOf(hash.slice(10, 16))).toEqual([
    expect.stringMatching(/the outputs plan-hash empty/)
  ])
})

describe('the order', () => {
  it('is plan, outputs, what was written, verdict, summary, end', async () => {
    const notes = await published(applied(typicalPlan))
    const said = notes.map((note) =>
      note.kind === 'output' ? 'output' : note.kind === 'group' ? note.title : note.kind
    )
    expect(said.filter((each, index) => each !== said[index - 1])).toEqual([
      'info',
      'Plan for production: 1 environment and 1 job to create, 2 jobs to update',
      'Plan: 1 unchanged',
      'warning',
      'info',
      'output',
      'Written',
      'info',
      'summary',
      'succeed'
    ])
    expect(texts(notes, 'info').at(-1)).toBe(
      'Promoted: 1 environment and 1 job created, 2 jobs updated, 1 unchanged'
    )
  })

  it('is shown only to whoever debugs where it is a detail', async () => {
    const detail = 'source job 1: this version does not know the field x.'
    const notes = await published(planned(saying(typicalPlan, { details: [detail] })))
    expect(texts(notes, 'debug')).toEqual([detail])
    expect([...texts(notes, 'info'), ...texts(notes, 'warning')].join()).not.toContain(detail)
    expect(texts(notes, 'summary').join()).not.toContain(detail)
  })

  it('is outputs, summary, failure, where there is no plan', async () => {
    const notes = await published(stopped)
    expect(notes.map(({ kind }) => kind).filter((kind) => kind !== 'output')).toEqual([
      'summary',
      'fail'
    ])
  })

  it('is outputs and a green end where there is nothing to tell', async () => {
    const notes = await published({ ...stopped, failure: undefined })
    expect(notes.map(({ kind }) => kind).filter((kind) => kind !== 'output')).toEqual(['succeed'])
  })
})

describe('always', () => {
  it.each([
    ['planned', planned(typicalPlan), true],
    ['applied', applied(typicalPlan), true],
    ['incomplete', incomplete, false],
    ['refused', refused, false],
    ['stopped', stopped, false]
  ])('all outputs are set and there is one end: %s', async (_, result, isGreen) => {
    const notes = await published(result)
    const names = notes.flatMap((note) => (note.kind === 'output' ? [note.name] : []))
    expect(names).toEqual(promisedOutputs)
    const ends = notes.filter(({ kind }) => kind === 'succeed' || kind === 'fail')
    expect(ends.map(({ kind }) => kind)).toEqual([isGreen ? 'succeed' : 'fail'])
  })
})

describe('a failure', () => {
  it('has all its details in the log and in the message', async () => {
    const notes = await published(refused)
    expect(texts(notes, 'info').filter((text) => text.startsWith('x '))).toHaveLength(2)
    expect(texts(notes, 'fail')[0]?.split('\n')).toHaveLength(3)
  })

  it('tells its cause', async () => {
    const failure = new Failure('internal', 'It broke.', '', { cause: new Error('::error::why') })
    const notes = await published({ ...stopped, failure })
    expect(texts(notes, 'info')).toEqual(['Caused by: \\u{3a}:error::why'])
  })

  it('to write the summary is a warning, since what was promoted stays promoted', async () => {
    const { actions, notes } = recordActions({})
    const writeSummary = (): Promise<void> => Promise.reject(new Error('disk full'))
    await publish({ ...actions, writeSummary }, applied(typicalPlan))
    expect(notes.filter(({ kind }) => kind === 'output')).toHaveLength(promisedOutputs.length)
    expect(texts(notes, 'warning').at(-1)).toContain('disk full')
    expect(texts(notes, 'fail')).toEqual([])
  })

  it('of the run is told, and not that of its summary', async () => {
    const { actions, notes } = recordActions({})
    const writeSummary = (): Promise<void> => Promise.reject(new Error('disk full'))
    await publish({ ...actions, writeSummary }, stopped)
    expect(texts(notes, 'fail')).toEqual([expect.stringContaining('401')])
  })

  it('of many things fits into an annotation', async () => {
    const details = Array.from({ length: 200 }, (_, index) => ({
      message: `Problem ${String(index)} of ${'x'.repeat(80)}.`,
      remedy: ''
    }))
    const failure = failureOf('plan-problems', 'Many.', details)
    const notes = await published({ ...refused, failure })
    expect(texts(notes, 'fail')[0]?.length).toBeLessThan(4096)
    expect(texts(notes, 'info').filter((text) => text.startsWith('x '))).toHaveLength(200)
  })
})

it('annotates a few warnings, and logs all', async () => {
  const warnings = Array.from({ length: 12 }, (_, index) => `Warning ${String(index)}.`)
  const notes = await published(planned(plan([sameJob('e', 'a')], { warnings })))
  expect(texts(notes, 'warning')).toEqual(warnings.slice(0, 8))
  expect(texts(notes, 'info').filter((text) => text.startsWith('warning: '))).toHaveLength(4)
})

describe('on a runner', () => {
  it('every output comes out of its file as it went in', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'outputs-'))
    const file = path.join(folder, 'output')
    const before = process.env['GITHUB_OUTPUT']
    try {
      process.env['GITHUB_OUTPUT'] = file
      // A path is text of the runner's environment, which can not hold half a character.
      const whole = attacks.filter((attack) => !/\p{Cs}/u.test(attack))
      for (const attack of [...whole, 'a\nx<<EOF\nEOF\nplan-hash=evil', 'ghadelimiter_1\nb']) {
        await writeFile(file, '')
        const outputs = outputsOf(hostile(attack))
        const { setOutput } = runnerActions()
        for (const [name, value] of Object.entries(outputs)) setOutput(name, value)
        expect(readOutputs(await readFile(file, 'utf8'))).toEqual(outputs)
      }
    } finally {
      if (before === undefined) delete process.env['GITHUB_OUTPUT']
      else process.env['GITHUB_OUTPUT'] = before
      await rm(folder, { recursive: true })
    }
  })
})

// As the runner reads the file: `name<<delimiter`, and all lines up to the delimiter; or `name=value`.
function readOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(line) ?? []
    if (name === undefined || delimiter === undefined) {
      const [key = '', ...value] = line.split('=')
      outputs[key] = value.join('=')
      continue
    }
    const end = lines.indexOf(delimiter, at + 1)
    outputs[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return outputs
}
