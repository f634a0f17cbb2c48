// A promotion that breaks off in the middle says what was done and what was not, and a re-run completes it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { BLOG, startSandbox, type FaultAction, type Sandbox } from '../../sandbox/index.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import { blogWithJobs, manyJobsInputs, production, tables } from '../../testing/worlds/blog.ts'

const names = ['run-staging', 'A', 'B', 'C', 'D']

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox({ seed: blogWithJobs(...names.slice(1)) })
})

afterEach(async () => {
  await sandbox.close()
})

// One at a time, so that it is certain which comes third.
const promote = (more: Inputs = {}): Promise<ActionRun> =>
  runAction(manyJobsInputs(sandbox, { parallelism: '1', ...more }), { sandbox })

const environments = `/api/v3/accounts/${String(BLOG.account)}/projects/${String(BLOG.productionProject)}/environments/`
const jobs = `/api/v2/accounts/${String(BLOG.account)}/jobs/`
const refusal = {
  status: {
    code: 400,
    is_success: false,
    user_message: 'The request was invalid.',
    developer_message: ''
  },
  data: { execute_steps: 'not today' }
}

const actionsOf = ({ outputs }: ActionRun): readonly string[] =>
  (JSON.parse(outputs['jobs'] ?? '[]') as { action: string }[]).map(({ action }) => action).sort()

/** Runs again, and expects the whole promotion and not one object more. */
async function completes(): Promise<ActionRun> {
  const again = await promote()
  expect(again.error).toBe('')
  expect(production(sandbox).environments).toHaveLength(1)
  expect(
    production(sandbox)
      .jobs.map(({ name }) => name)
      .sort()
  ).toEqual([...names].sort())
  expect(await promote()).toMatchObject({ ok: true, writes: [] })
  return again
}

describe('a job that is refused', () => {
  beforeEach(() => {
    sandbox.addFault({
      method: 'POST',
      path: jobs,
      nth: 3,
      action: { kind: 'respond', status: 400, body: refusal }
    })
  })

  it('ends the run; what ran is told, with the words of the API', async () => {
    const result = await promote()
    expect(result.ok).toBe(false)
    expect(result.error).toContain('execute_steps: not today')
    expect(result.error).toContain(`POST ${jobs}`)
    expect(result.outputs).toMatchObject({
      'failure-reason': 'apply-failed',
      'has-changes': 'true',
      changed: 'true',
      created: '3',
      failed: '1',
      'environment-id': String(production(sandbox).environments[0]?.id)
    })
    expect(actionsOf(result)).toEqual([
      'create',
      'create',
      'failed',
      'not-attempted',
      'not-attempted'
    ])
    expect(result.summary).toContain('incomplete')
    expect(result.summary).toContain('not today')

    const done = production(sandbox).jobs
    expect(done).toHaveLength(2)
    expect(JSON.parse(result.outputs['job-ids'] ?? '')).toEqual(
      Object.fromEntries(done.map(({ name, id }) => [name, id]))
    )
    expect(JSON.parse(result.outputs['changed-job-ids'] ?? '')).toEqual(done.map(({ id }) => id))
  })

  it('is made up for by a re-run', async () => {
    await promote()
    const done = production(sandbox).jobs.map(({ id }) => id)
    const again = await completes()
    expect(again.outputs).toMatchObject({ created: '3', unchanged: '3', failed: '0' })
    expect(production(sandbox).jobs.map(({ id }) => id)).toEqual(expect.arrayContaining(done))
  })

  it('lets what is under way beside it finish', async () => {
    const result = await promote({ parallelism: '10' })
    expect(result.outputs).toMatchObject({ 'failure-reason': 'apply-failed', failed: '1' })
    expect(production(sandbox).jobs).toHaveLength(4)
    expect(actionsOf(result)).toEqual(['create', 'create', 'create', 'create', 'failed'])
    await completes()
  })
})

describe('an environment that is refused', () => {
  it('leaves everything as it was', async () => {
    sandbox.addFault({
      method: 'POST',
      path: environments,
      action: { kind: 'respond', status: 400, body: refusal }
    })
    const before = tables(sandbox)
    const result = await promote()
    expect(result.outputs).toMatchObject({
      'failure-reason': 'apply-failed',
      changed: 'false',
      created: '0',
      failed: '1'
    })
    expect(actionsOf(result)).toEqual(names.map(() => 'not-attempted'))
    expect(tables(sandbox)).toEqual(before)
    await completes()
  })
})

describe('an update that is refused', () => {
  it('is told, and done by a re-run', async () => {
    await promote()
    sandbox.addFault({
      method: 'POST',
      path: `${jobs}*/`,
      nth: 2,
      action: { kind: 'respond', status: 400, body: refusal }
    })
    const result = await promote({ threads: '16' })
    expect(result.outputs).toMatchObject({
      'failure-reason': 'apply-failed',
      changed: 'true',
      updated: '1',
      failed: '1'
    })
    const again = await promote({ threads: '16' })
    expect(again).toMatchObject({ ok: true, outputs: { updated: '4', unchanged: '2' } })
    expect(production(sandbox).jobs.map(({ settings }) => settings.threads)).toEqual(
      names.map(() => 16)
    )
  })
})

describe('a create whose answer is lost', () => {
  it.each<[string, string, FaultAction]>([
    ['an error before the job was made', jobs, { kind: 'respond', status: 500, body: 'oops' }],
    [
      'an error after the job was made',
      jobs,
      { kind: 'respond', status: 500, body: 'oops', commit: true }
    ],
    ['a reset before the job was made', jobs, { kind: 'reset', when: 'before' }],
    ['a reset after the job was made', jobs, { kind: 'reset', when: 'after' }],
    ['a reset before the environment was made', environments, { kind: 'reset', when: 'before' }],
    ['a reset after the environment was made', environments, { kind: 'reset', when: 'after' }]
  ])(
    'by %s is never made twice',
    async (_how, path, action) => {
      const nth = path === jobs ? 3 : 1
      sandbox.addFault({ method: 'POST', path, nth, action })
      const first = await promote()
      // The action may have found out by itself; if it has not, it must not look like a plain failure or a success.
      const { 'failure-reason': reason = '', failed = '' } = first.outputs
      expect(first.ok ? 'found' : `${reason} ${failed}`).toMatch(/^(found|unclear 1)$/)
      await completes()
    },
    60_000
  )
})

describe('too many requests', () => {
  it('while writing ends the run with its own reason', async () => {
    sandbox.addFault({
      method: 'POST',
      path: jobs,
      nth: 2,
      times: null,
      action: { kind: 'respond', status: 429, body: 'slow down' }
    })
    const result = await promote({ 'deadline-minutes': '1' })
    expect(result).toMatchObject({ ok: false, outputs: { 'failure-reason': 'rate-limited' } })
    expect(production(sandbox).jobs).toHaveLength(1)
    sandbox.clearFaults()
    await completes()
  }, 90_000)
})
