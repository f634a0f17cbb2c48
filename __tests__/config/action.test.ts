// The config file in a run of the action: read before anything is sent, with the inputs over it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { BLOG, blog, startSandbox, type Sandbox } from '../../sandbox/index.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'

let sandbox: Sandbox
let config = ''

beforeEach(async () => {
  sandbox = await startSandbox({ seed: blog() })
  config = path.join(await mkdtemp(path.join(tmpdir(), 'dbt-promote-action-')), 'promote.yml')
})
afterEach(async () => {
  await Promise.all([sandbox.close(), rm(path.dirname(config), { recursive: true })])
})

async function run(text: string, more: Inputs = {}): Promise<ActionRun> {
  await writeFile(config, text)
  return runAction(
    {
      token: BLOG.token,
      host: sandbox.url,
      'account-id': String(BLOG.account),
      config,
      ...more
    },
    { sandbox }
  )
}

const good = `source: { project: ${String(BLOG.developmentProject)} }
target: { project: ${String(BLOG.productionProject)} }
environments:
  - from: dev-staging
    to: production
    set: { credentials_id: ${String(BLOG.productionCredentials)} }
jobs:
  rules:
    - { match: run-*, name: "nightly {1}", set: { settings.threads: 16 } }
schedule: paused
`

const jobs = () =>
  sandbox
    .state()
    .jobs.filter(({ project_id }) => project_id === BLOG.productionProject)
    .map(({ name, settings, triggers }) => [name, settings.threads, triggers.schedule])

describe('a file', () => {
  it('is a whole promotion, and the next run writes nothing', async () => {
    const first = await run(good)
    expect(first.error).toBe('')
    expect(first.outputs).toMatchObject({ created: '2', changed: 'true' })
    expect(jobs()).toEqual([['nightly staging', 16, false]])
    expect((await run(good)).outputs).toMatchObject({ unchanged: '2', changed: 'false' })
  })

  it('gives way to inputs, value by value', async () => {
    await run(good, { threads: '3', 'job-name': '{name} by night', schedule: 'keep' })
    expect(jobs()).toEqual([['run-staging by night', 3, true]])
  })

  it('with faults stops before the first request, and tells them all in one go', async () => {
    const text = `${good}labl: x\nhost: example.com\nthreads: many\n`
    const result = await run(text)
    expect(result.outputs['failure-reason']).toBe('invalid-input')
    expect(result.requests).toEqual([])
    for (const fault of [
      ':11:1: there is no key labl.',
      ':12:1: host is an input of the workflow',
      ':13:1: threads: expected number, received string.'
    ]) {
      expect(result.log + result.error).toContain(fault)
    }
  })

  it('with faults has an annotation at the line and column of each', async () => {
    const result = await run(`${good}labl: x\nschdule: pausd\ntrack: makrer\n`)
    const errors = result.notes.flatMap((note) => (note.kind === 'error' ? [note] : []))
    expect(errors).toEqual([
      {
        kind: 'error',
        text: expect.stringMatching(/^there is no key labl\./),
        place: { file: config, line: 11, column: 1 }
      },
      {
        kind: 'error',
        text: expect.stringMatching(/^there is no key schdule\./),
        place: { file: config, line: 12, column: 1 }
      },
      {
        kind: 'error',
        text: expect.stringMatching(/^track: .*Did you mean marker\?$/),
        place: { file: config, line: 13, column: 1 }
      }
    ])
    expect(result.notes.at(-1)).toEqual({ kind: 'fail', text: result.error })
    expect(result.error).toContain('track')
  })

  it('with one fault has one annotation, at its line, whoever found it', async () => {
    for (const [text, place] of [
      [`${good}labl: x\n`, { line: 11, column: 1 }],
      [good.replace('settings.threads: 16', 'settings.thread: 16'), { line: 9, column: 51 }],
      [`${good}label: "<b>"\n`, { line: 11, column: 1 }],
      [`${good}variables: { update: ["id:7"] }\n`, { line: 11, column: 23 }],
      [`${good}references: { jobs: { x: 7 } }\n`, { line: 11, column: 23 }],
      [good.replace('run-*', '"id:x"'), { line: 9, column: 9 }]
    ] as const) {
      const { notes } = await run(text)
      expect(notes.filter(({ kind }) => kind === 'error')).toEqual([])
      expect(notes.at(-1)).toMatchObject({ kind: 'fail', place: { file: config, ...place } })
    }
  })

  it('with very many faults annotates a few, and logs all', async () => {
    const result = await run(
      good + Array.from({ length: 30 }, (_, n) => `k${String(n)}: 1\n`).join('')
    )
    expect(result.notes.filter(({ kind }) => kind === 'error')).toHaveLength(8)
    for (let n = 8; n < 30; n++) expect(result.log).toContain(`there is no key k${String(n)}.`)
  })

  it('with rules that can not be tells them together with what is wrong with the inputs', async () => {
    const text = good.replace('settings.threads: 16', 'settings.thread: 16, id: 7')
    const result = await run(text, { 'dbt-version': '', threads: 'x', mode: 'dry' })
    expect(result.requests).toEqual([])
    for (const fault of [
      'there is no field settings.thread',
      'id is made by the platform',
      'The input threads is no positive whole number',
      'The input mode is none of'
    ]) {
      expect(result.log + result.error).toContain(fault)
    }
  })

  it('that is not there stops before the first request', async () => {
    const result = await run(good, { config: `${config}.none` })
    expect(result.outputs['failure-reason']).toBe('invalid-input')
    expect(result.log + result.error).toContain('The config file could not be read')
    expect(result.requests).toEqual([])
  })
})
