// Seeds: they hold what they promise, and the strict API takes every one of their jobs as a new job.

import { describe, expect, test } from '@jest/globals'
import { call, remade } from './seed-world.ts'
import {
  BLOG,
  blog,
  find,
  parseState,
  SEEDS,
  SIX,
  six,
  TABLES,
  THOUSAND,
  thousand,
  TWO_ACCOUNTS,
  twoAccounts,
  VARIABLES,
  variables,
  type Job,
  type Json,
  type State
} from '../../sandbox/index.ts'

function fail(id: number): never {
  throw new Error(`There is no ${id}.`)
}

describe('blog', () => {
  const get = (path: string, token: string = BLOG.token) => call(blog(), token, 'GET', path)
  const account = `/api/v3/accounts/${BLOG.account}`

  test('two projects, one environment and one job to promote', () => {
    const projects = get(`${account}/projects/`)
    expect(projects.rows.map((row) => [row.id, row.name])).toEqual([
      [86704, 'Development project'],
      [86711, 'Production project']
    ])
    const environments = get(`${account}/projects/86704/environments/`).data
    expect(environments).toMatchObject([
      { id: 75285, name: 'Development', type: 'development', credentials_id: null },
      {
        id: 75286,
        name: 'dev-staging',
        type: 'deployment',
        custom_branch: 'develop',
        use_custom_branch: true,
        dbt_version: '1.0.0'
      }
    ])
    const jobs = get(`/api/v2/accounts/${BLOG.account}/jobs/`).data
    expect(jobs).toMatchObject([{ id: 59426, environment_id: 75286, name: 'run-staging' }])
  })

  test('the production project has credentials, a connection and a repository with the GitHub app', () => {
    expect(get(`${account}/projects/86711/credentials/`).data).toMatchObject([{ id: 108731 }])
    expect(get(`${account}/projects/86711/environments/`).data).toEqual([])
    expect(get(`${account}/projects/86711/`).data).toMatchObject({
      connection: { id: BLOG.connection },
      repository: { git_clone_strategy: 'github_app' }
    })
  })

  test('one token writes, the other only reads', () => {
    const path = `/api/v2/accounts/${BLOG.account}/jobs/${BLOG.job}/`
    expect(call(blog(), BLOG.token, 'DELETE', path).status).toBe(200)
    expect(call(blog(), BLOG.readOnlyToken, 'DELETE', path).status).toBe(403)
    expect(get(path, BLOG.readOnlyToken).status).toBe(200)
  })
})

describe('thousand', () => {
  const seed = thousand()
  const visible = seed.jobs.filter((job) => job.state === 1 && !job.is_system)

  test('a thousand jobs of every kind, and two that no list shows', () => {
    expect(visible).toHaveLength(1000)
    expect(seed.jobs).toHaveLength(1002)
    const kinds = new Set(visible.map((job) => job.job_type))
    expect(kinds).toEqual(new Set(['ci', 'merge', 'scheduled', 'other']))
    const dates = new Set(visible.map((job) => job.schedule.date.type))
    expect(dates).toEqual(new Set(['every_day', 'days_of_week', 'custom_cron', 'interval_cron']))
    for (const wanted of [
      visible.some((job) => job.job_completion_trigger_condition !== null),
      visible.some((job) => job.deferring_environment_id === job.environment_id),
      visible.some((job) => job.deferring_job_definition_id === job.id),
      visible.some((job) => (job.deferring_job_definition_id ?? job.id) !== job.id),
      visible.some((job) => job.deactivated),
      visible.some((job) => job.triggers.on_merge === undefined),
      visible.some((job) => job.cost_optimization_features?.includes('dbt_state')),
      visible.some((job) => /^\s/.test(job.name)),
      visible.some((job) => /[–—]/.test(job.name)),
      visible.some((job) => job.name.includes('['))
    ])
      expect(wanted).toBe(true)
  })

  test('names and ids are unique, ids have 14 digits', () => {
    expect(new Set(visible.map((job) => job.name)).size).toBe(1000)
    for (const job of visible) expect(String(job.id)).toHaveLength(14)
  })

  test('it has as many jobs as it is asked for', () => {
    expect(thousand(12).jobs).toHaveLength(14)
  })

  test('the target project is empty but for its credentials', () => {
    const path = `/api/v3/accounts/${THOUSAND.account}/projects/${THOUSAND.targetProject}`
    expect(call(seed, THOUSAND.token, 'GET', `${path}/environments/`).data).toEqual([])
    expect(call(seed, THOUSAND.token, 'GET', `${path}/credentials/`).data).toHaveLength(1)
  })

  test('every job could have been made through the API', () => {
    expect(remade(seed, THOUSAND.token, visible).jobs).toHaveLength(2002)
  })
})

describe('six', () => {
  const seed = six()
  const { jobs, environments } = SIX
  const get = (path: string, token: string = SIX.token) => call(seed, token, 'GET', path)
  const project = (id: number): string => `/api/v3/accounts/${SIX.account}/projects/${id}/`
  const jobsOf = (id: number): readonly Job[] => seed.jobs.filter((job) => job.project_id === id)
  const job = (id: number): Job => find(seed.jobs, id) ?? fail(id)
  const parentOf = (id: number): number | undefined =>
    job(id).job_completion_trigger_condition?.condition.job_id

  test('six deployment environments and a development one, each with its own credentials', () => {
    const rows = get(`${project(SIX.sourceProject)}environments/`).rows
    const deployment = rows.filter((row) => row.type === 'deployment')
    expect(rows.map((row) => row.id).toSorted()).toEqual(Object.values(environments).toSorted())
    expect(deployment.map((row) => row.credentials_id)).toEqual(
      Object.values(SIX.sourceCredentials)
    )
    expect(deployment.map((row) => row.deployment_type)).toEqual([
      'production',
      'staging',
      ...Array<null>(4).fill(null)
    ])
  })

  test('twenty jobs, every kind of reference among them', () => {
    expect(jobsOf(SIX.sourceProject).map((row) => row.id)).toEqual(Object.values(jobs))
    expect(Object.values(jobs)).toHaveLength(20)
    expect([parentOf(jobs.models), parentOf(jobs.marts), parentOf(jobs.export)]).toEqual([
      jobs.load,
      jobs.models,
      jobs.marts
    ])
    expect([parentOf(jobs.ping), parentOf(jobs.pong)]).toEqual([jobs.pong, jobs.ping])
    expect(job(jobs.afterUpstream).job_completion_trigger_condition?.condition).toMatchObject({
      job_id: SIX.upstreamJob,
      project_id: SIX.upstreamProject
    })
    expect(parentOf(jobs.smoke)).toBe(jobs.marts)
    expect(job(jobs.smoke).environment_id).not.toBe(job(jobs.marts).environment_id)
    expect(job(jobs.ciCheck).deferring_environment_id).toBe(environments.staging)
    expect(job(jobs.ciLint).deferring_environment_id).toBe(environments.production)
    expect(job(jobs.jobDeferral).deferring_job_definition_id).toBe(jobs.stagingNightly)
    expect(job(jobs.selfDeferral).deferring_job_definition_id).toBe(jobs.selfDeferral)
    expect(job(jobs.sameName).name).toBe(job(jobs.stagingNightly).name)
    expect(new Set(jobsOf(SIX.sourceProject).map((row) => row.environment_id)).size).toBe(6)
  })

  test('every job could have been made through the API', () => {
    expect(remade(seed, SIX.token, seed.jobs).jobs).toHaveLength(2 * seed.jobs.length)
  })

  test('the first target is empty but for six credentials', () => {
    const path = project(SIX.targetProject)
    expect(get(`${path}environments/`).data).toEqual([])
    expect(jobsOf(SIX.targetProject)).toEqual([])
    expect(get(`${path}credentials/`).rows.map((row) => row.id)).toEqual(
      Object.values(SIX.targetCredentials)
    )
    expect(get(`${path}environment-variables/environment/`).data).toMatchObject({ variables: {} })
  })

  test('the second target holds half of it, refers to itself only, and has jobs of its own', () => {
    const mine = jobsOf(SIX.editedProject)
    const copied = Object.entries(SIX.editedJobs)
    expect(mine.map((row) => row.id)).toEqual([
      ...Object.values(SIX.editedJobs),
      ...Object.values(SIX.ownJobs)
    ])
    expect(copied).toHaveLength(Object.keys(jobs).length / 2)
    expect(get(`${project(SIX.editedProject)}environments/`).rows.map((row) => row.name)).toEqual([
      'Production',
      'Staging',
      'Continuous integration'
    ])
    const known = new Set<number | null>([
      null,
      ...mine.map((row) => row.id),
      ...Object.values(SIX.editedEnvironments)
    ])
    for (const row of mine) {
      const parent = row.job_completion_trigger_condition?.condition
      expect(known).toContain(parent?.job_id ?? null)
      expect([undefined, SIX.editedProject]).toContain(parent?.project_id)
      expect(known).toContain(row.deferring_environment_id)
      expect(known).toContain(row.deferring_job_definition_id)
    }
    const edited = copied.filter(([key, id]) => {
      const mask = { id: 0, environment_id: 0, project_id: 0 }
      const references = {
        deferring_environment_id: null,
        job_completion_trigger_condition: null,
        ...mask
      }
      const original = { ...job(jobs[key as keyof typeof jobs]), ...references }
      return JSON.stringify({ ...job(id), ...references }) !== JSON.stringify(original)
    })
    expect(edited.map(([key]) => key)).toEqual([
      'models',
      'marts',
      'freshness',
      'fullRefresh',
      'docs',
      'jobDeferral',
      'ciCheck'
    ])
  })

  test('variables: with and without a default, a secret, an override, and other ones in the copy', () => {
    const of = (id: number) => get(`${project(id)}environment-variables/environment/`).data
    expect(of(SIX.sourceProject)).toMatchObject({
      variables: {
        DBT_DATABASE: {
          project: { value: 'analytics_dev' },
          Production: { value: 'analytics' },
          Staging: { value: 'analytics_st' }
        },
        DBT_ENV_SECRET_GIT_TOKEN: { project: { value: '**********' } },
        DBT_ENV_CUSTOM_ENV_REGION: { QA: { value: 'eu-central-1' } }
      }
    })
    expect(of(SIX.editedProject)).toMatchObject({
      variables: { DBT_DATABASE: { Production: { value: 'analytics' } }, DBT_OWN: {} }
    })
    const query = `job/?job_definition_id=${jobs.fullRefresh}`
    const overrides = get(`${project(SIX.sourceProject)}environment-variables/${query}`).data
    expect(overrides).toMatchObject({ DBT_DATABASE: { job: { value: 'analytics_rebuild' } } })
  })

  test('tokens see what they are called after', () => {
    const ids = (token: string): number[] =>
      get(`/api/v3/accounts/${SIX.account}/projects/`, token).rows.map((row) => row.id)
    expect(ids(SIX.token)).toHaveLength(4)
    expect(ids(SIX.readOnlyToken)).toHaveLength(4)
    expect(ids(SIX.sourceToken)).toEqual([SIX.sourceProject])
    expect(ids(SIX.targetToken)).toEqual([SIX.targetProject, SIX.editedProject])
    const path = `/api/v2/accounts/${SIX.account}/jobs/${jobs.load}/`
    expect(call(seed, SIX.sourceToken, 'DELETE', path).status).toBe(403)
    expect(call(seed, SIX.readOnlyToken, 'DELETE', path).status).toBe(403)
  })
})

describe('two accounts', () => {
  const { source, target, connections } = TWO_ACCOUNTS
  const seed = twoAccounts()
  const names = (account: number, token: string): Record<string, number> =>
    Object.fromEntries(
      call(seed, token, 'GET', `/api/v3/accounts/${account}/connections/`).rows.map((row) => [
        row.name,
        row.id
      ])
    )

  test('connections by the same name and by other names', () => {
    expect(names(source.account, source.token)).toEqual({
      [connections.same]: source.snowflake,
      [connections.sourceMarketing]: source.marketing
    })
    expect(names(target.account, target.token)).toEqual({
      [connections.same]: target.snowflake,
      [connections.targetMarketing]: target.marketing,
      [connections.spare]: target.spare
    })
  })

  test('every token sees its own account alone', () => {
    for (const [own, other] of [
      [source, target],
      [target, source]
    ] as const) {
      for (const token of [own.token, own.readOnlyToken]) {
        const accounts = call(seed, token, 'GET', '/api/v3/accounts/').rows
        expect(accounts.map((row) => row.id)).toEqual([own.account])
        const foreign = `/api/v3/accounts/${other.account}/projects/`
        expect(call(seed, token, 'GET', foreign).status).toBe(404)
      }
    }
  })

  test('no id of the one is known in the other', () => {
    const idsOf = (state: State): number[] =>
      TABLES.flatMap((table) => (state[table] as readonly { id: number }[]).map((row) => row.id))
    // What the platform numbers by itself goes on where it was, so ask for what the seeds name.
    const named = (value: object): number[] =>
      Object.values(value).flatMap((inner: unknown) =>
        typeof inner === 'number' ? [inner] : typeof inner === 'object' ? named(inner!) : []
      )
    const [left, right] = [named(source), named(target)]
    expect(left.filter((id) => right.includes(id))).toEqual([])
    expect(idsOf(seed)).toEqual(expect.arrayContaining([...left, ...right]))
  })

  test('a region alone knows neither the account nor the token of the other', () => {
    const [here, there] = [twoAccounts('source'), twoAccounts('target')]
    expect(here.accounts.map((row) => row.id)).toEqual([source.account])
    expect(there.accounts.map((row) => row.id)).toEqual([target.account])
    expect(call(here, target.token, 'GET', '/api/v3/accounts/').status).toBe(401)
    expect(call(there, source.token, 'GET', '/api/v3/accounts/').status).toBe(401)
    expect(call(there, target.token, 'GET', '/api/v3/accounts/').status).toBe(200)
  })

  test('the target is empty but for credentials of the right types', () => {
    const path = `/api/v3/accounts/${target.account}/projects/${target.project}/`
    expect(call(seed, target.token, 'GET', `${path}environments/`).data).toEqual([])
    const credentials = call(seed, target.token, 'GET', `${path}credentials/`).rows
    expect(credentials.map((row) => [row.id, row.type])).toEqual([
      [target.credentials.production, 'snowflake'],
      [target.credentials.staging, 'snowflake'],
      [target.credentials.marketing, 'bigquery']
    ])
  })

  test('every job could have been made through the API', () => {
    expect(seed.jobs.map((row) => row.id)).toEqual(Object.values(source.jobs))
    expect(remade(seed, source.token, seed.jobs).jobs).toHaveLength(10)
  })
})

test('the seed of variables has forty, six of them secret, and overrides of two jobs', () => {
  const own = variables().variables.filter((row) => row.project_id === VARIABLES.sourceProject)
  const names = new Set(own.map(({ name }) => name))
  expect(names.size).toBe(40)
  expect([...names].filter((name) => name.startsWith('DBT_ENV_SECRET_'))).toEqual(VARIABLES.secrets)
  const jobs = own.flatMap(({ job_definition_id: job }) => (job === null ? [] : [job]))
  expect(new Set(jobs)).toEqual(new Set([VARIABLES.nightly, VARIABLES.backfill]))
})

test('seeds have names', () => {
  expect(Object.keys(SEEDS)).toEqual([
    'blog',
    'thousand',
    'six',
    'one-project',
    'two-accounts',
    'variables'
  ])
})

test.each(Object.entries(SEEDS))('%s comes back from JSON as it was', (_, seed) => {
  const state = seed()
  expect(parseState(JSON.parse(JSON.stringify(state)) as Json)).toEqual(state)
})
