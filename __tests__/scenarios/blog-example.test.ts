// The example of dbt's own announcement: one environment and one job, from a development to a production project.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { BLOG, blog, find, startSandbox, type Sandbox } from '../../sandbox/index.ts'
import { pushEvent } from '../../testing/runner/actions.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import {
  blogInputs,
  editJob,
  ownDescription,
  production,
  promoted,
  tables
} from '../../testing/worlds/blog.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox({ seed: blog() })
})

afterEach(async () => {
  await sandbox.close()
})

const promote = (more?: Inputs, eventName = 'push'): Promise<ActionRun> =>
  runAction(blogInputs(sandbox, more), { sandbox, event: { ...pushEvent, name: eventName } })

describe('the first run', () => {
  it('creates exactly one environment and one job', async () => {
    const before = tables(sandbox)
    const result = await promote()
    expect(result.error).toBe('')

    const after = tables(sandbox)
    const [environment, ...moreEnvironments] = production(sandbox).environments
    const [job, ...moreJobs] = production(sandbox).jobs
    expect([moreEnvironments, moreJobs]).toEqual([[], []])
    expect(environment).toMatchObject({
      name: promoted.environment,
      type: 'deployment',
      deployment_type: null,
      dbt_version: '1.0.0',
      use_custom_branch: true,
      custom_branch: 'main',
      connection_id: BLOG.connection,
      credentials_id: BLOG.productionCredentials
    })
    const source = find(before.jobs, BLOG.job)
    expect(job).toMatchObject({
      environment_id: environment?.id,
      name: promoted.job,
      execute_steps: ['dbt seed', 'dbt run', 'dbt test'],
      settings: { threads: 4, target_name: 'default' },
      generate_docs: true,
      run_generate_sources: true,
      triggers: source?.triggers,
      schedule: source?.schedule,
      job_type: 'scheduled'
    })
    expect(job && ownDescription(job)).toBe(source?.description)

    // The platform makes a profile for each environment with credentials. All else is as it was.
    const added = (name: 'environments' | 'jobs' | 'profiles'): readonly unknown[] =>
      after[name].filter(({ id }) => !find<{ id: number }>(before[name], id))
    expect({
      ...after,
      environments: after.environments.filter(({ id }) => id !== environment?.id),
      jobs: after.jobs.filter(({ id }) => id !== job?.id),
      profiles: after.profiles.filter((each) => !added('profiles').includes(each))
    }).toEqual(before)
    expect(added('profiles').length).toBeLessThanOrEqual(1)
  })

  it('hands everything to later steps', async () => {
    const { outputs, requests } = await promote()
    const environment = production(sandbox).environments[0]?.id
    const job = production(sandbox).jobs[0]?.id
    expect(outputs).toEqual({
      'environment-id': String(environment),
      'job-id': String(job),
      'environment-ids': JSON.stringify({ [promoted.environment]: environment }),
      'job-ids': JSON.stringify({ [promoted.job]: job }),
      jobs: JSON.stringify([
        {
          environment: promoted.environment,
          name: promoted.job,
          'source-id': BLOG.job,
          'target-id': job,
          action: 'create'
        }
      ]),
      'id-map': JSON.stringify({
        environments: { [BLOG.stagingEnvironment]: environment },
        jobs: { [BLOG.job]: job }
      }),
      'has-changes': 'true',
      changed: 'true',
      created: '2',
      updated: '0',
      unchanged: '0',
      paused: '0',
      failed: '0',
      'changed-job-ids': JSON.stringify([job]),
      'plan-hash': expect.stringMatching(/^[0-9a-f]{64}$/),
      'plan-path': '',
      'journal-path': expect.stringMatching(/\/dbt-promote-\w+\/journal\.jsonl$/),
      'failure-reason': '',
      requests: String(requests.length)
    })
  })

  it('sends one write for each object', async () => {
    const { writes, requests } = await promote()
    expect(writes.map(({ method, path: sent }) => `${method} ${sent}`)).toEqual([
      `POST /api/v3/accounts/${String(BLOG.account)}/projects/${String(BLOG.productionProject)}/environments/`,
      `POST /api/v2/accounts/${String(BLOG.account)}/jobs/`
    ])
    // Six reads, the names of the variables, the credentials, and the target once more before the first write.
    expect(requests.length - writes.length).toBeLessThanOrEqual(10)
  })

  it('tells in log and summary what it did', async () => {
    const { log, summary } = await promote()
    const ids = [...production(sandbox).environments, ...production(sandbox).jobs].map(
      ({ id }) => id
    )
    for (const id of ids) {
      expect(log).toContain(String(id))
      expect(summary).toContain(String(id))
    }
    expect(log).toContain(promoted.job)
    expect(log).toContain(promoted.environment)
  })

  it('finds the projects by name', async () => {
    const { error, outputs } = await promote({
      'source-project': 'Development project',
      'target-project': 'Production project'
    })
    expect(error).toBe('')
    expect(outputs['created']).toBe('2')
  })

  it('writes the plan where it is told to', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'plan-'))
    try {
      const file = path.join(folder, 'new/plan.json')
      const { outputs } = await promote({ 'plan-file': file, mode: 'plan' })
      expect(outputs['plan-path']).toBe(file)
      const plan = JSON.parse(await readFile(file, 'utf8')) as { hash: string }
      expect(plan.hash).toBe(outputs['plan-hash'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('a run after another', () => {
  it('writes nothing', async () => {
    const first = await promote()
    const before = tables(sandbox)
    const second = await promote()
    const third = await promote()
    expect(second).toMatchObject({ ok: true, writes: [] })
    expect(tables(sandbox)).toEqual(before)
    expect(second.outputs).toMatchObject({
      'has-changes': 'false',
      changed: 'false',
      created: '0',
      updated: '0',
      unchanged: '2',
      'changed-job-ids': '[]'
    })
    const same = ['environment-id', 'job-id', 'environment-ids', 'job-ids', 'id-map'] as const
    for (const name of same) expect(second.outputs[name]).toBe(first.outputs[name])
    expect(third.outputs).toEqual(second.outputs)
  })

  it('takes over what changed in the source, into the same job', async () => {
    await promote()
    const id = production(sandbox).jobs[0]?.id ?? 0
    editJob(sandbox, BLOG.job, {
      execute_steps: ['dbt build'],
      settings: { threads: 8, target_name: 'default' }
    })
    const { error, outputs, writes } = await promote()
    expect(error).toBe('')
    expect(outputs).toMatchObject({
      'job-id': String(id),
      created: '0',
      updated: '1',
      unchanged: '1',
      'changed-job-ids': JSON.stringify([id])
    })
    expect(writes.map(({ path: sent }) => sent)).toEqual([
      `/api/v2/accounts/${String(BLOG.account)}/jobs/${String(id)}/`
    ])
    expect(production(sandbox).jobs).toMatchObject([
      { id, execute_steps: ['dbt build'], settings: { threads: 8 } }
    ])
    expect(await promote()).toMatchObject({ ok: true, writes: [] })
  })

  it('puts back what changed in the target, and keeps what is the target’s own', async () => {
    await promote()
    const { id = 0, triggers } = production(sandbox).jobs[0] ?? {}
    editJob(sandbox, id, {
      execute_steps: ['dbt run --full-refresh'],
      triggers: { github_webhook: false, schedule: false },
      job_type: 'other'
    })
    expect(triggers?.schedule).toBe(true)
    const { error, outputs } = await promote()
    expect(error).toBe('')
    expect(outputs).toMatchObject({ created: '0', updated: '1' })
    expect(production(sandbox).jobs[0]).toMatchObject({
      execute_steps: ['dbt seed', 'dbt run', 'dbt test'],
      triggers: { schedule: false }
    })
  })
})

describe('the modes', () => {
  it.each([
    ['plan', 'push'],
    ['auto', 'pull_request'],
    ['auto', 'merge_group'],
    ['plan', 'schedule']
  ])('%s on %s writes nothing and tells what would be', async (mode, event) => {
    const before = tables(sandbox)
    const { ok, outputs, writes, summary } = await promote({ mode }, event)
    expect({ ok, writes }).toEqual({ ok: true, writes: [] })
    expect(tables(sandbox)).toEqual(before)
    expect(outputs).toMatchObject({
      'environment-id': '',
      'job-id': '',
      'job-ids': '{}',
      'has-changes': 'true',
      changed: 'false',
      created: '2',
      'failure-reason': ''
    })
    expect(summary).toMatch(/to create/)
  })

  it('auto on a push applies', async () => {
    const { outputs } = await promote({ mode: 'auto' })
    expect(outputs).toMatchObject({ changed: 'true', created: '2' })
  })

  it('check fails while anything differs, and changes nothing', async () => {
    const before = tables(sandbox)
    const differs = await promote({ mode: 'check' })
    expect(differs).toMatchObject({
      ok: false,
      writes: [],
      outputs: { 'failure-reason': 'differs', 'has-changes': 'true', changed: 'false' }
    })
    expect(tables(sandbox)).toEqual(before)

    await promote()
    const same = await promote({ mode: 'check' })
    expect(same).toMatchObject({
      ok: true,
      writes: [],
      outputs: { 'failure-reason': '', 'has-changes': 'false' }
    })

    const id = production(sandbox).jobs[0]?.id ?? 0
    editJob(sandbox, id, { execute_steps: ['dbt run'] })
    expect(await promote({ mode: 'check' })).toMatchObject({
      ok: false,
      outputs: { 'failure-reason': 'differs', updated: '1' }
    })
  })

  it('plan has the hash of the apply that follows', async () => {
    const plan = await promote({ mode: 'plan' })
    const apply = await promote()
    expect(apply.outputs['plan-hash']).toBe(plan.outputs['plan-hash'])
  })
})
