// The seed `one-project`: what the usual project of 2026 holds, and that the strict API takes all of it.

import { describe, expect, test } from '@jest/globals'
import {
  find,
  ONE_PROJECT,
  oneProject,
  webhookName,
  type Environment,
  type Job
} from '../../sandbox/index.ts'
import { call, remade } from './seed-world.ts'
import { keysOf, liveObjects } from '../../testing/worlds/small.ts'

const { environments, jobs, token } = ONE_PROJECT
const v2 = `/api/v2/accounts/${ONE_PROJECT.account}/`
const v3 = `/api/v3/accounts/${ONE_PROJECT.account}/projects/${ONE_PROJECT.project}/`

const seed = oneProject()
const job = (id: number): Job => find(seed.jobs, id)!
const environment = (id: number): Environment => find(seed.environments, id)!
const inside = (id: number): readonly Job[] =>
  seed.jobs.filter(({ environment_id }) => environment_id === id)

describe('environments', () => {
  test('development, QA for staging, production, and a CI environment beside each', () => {
    const { rows } = call(seed, token, 'GET', `${v3}environments/`)
    expect(
      rows.map((row) => [row.name, row['type'], row['deployment_type'], row['custom_branch']])
    ).toEqual([
      ['Development', 'development', null, null],
      ['QA', 'deployment', 'staging', 'qa'],
      ['Production', 'deployment', 'production', 'main'],
      ['QA CI', 'deployment', null, 'qa'],
      ['Production CI', 'deployment', null, 'main']
    ])
  })

  test('CI has the credentials of its neighbour, and no two neighbours share any', () => {
    const credentials = (id: number): number | null => environment(id).credentials_id
    expect(credentials(environments.qaCi)).toBe(credentials(environments.qa))
    expect(credentials(environments.productionCi)).toBe(credentials(environments.production))
    expect(credentials(environments.qa)).not.toBe(credentials(environments.production))
    expect(credentials(environments.development)).toBeNull()
  })

  test('are as the API stores them', () => {
    let state = seed
    for (const { id, ...row } of seed.environments.filter(({ type }) => type === 'deployment')) {
      const { created_at, updated_at, raw_dbt_version, primary_profile_id, ...body } = row
      expect([created_at, raw_dbt_version, primary_profile_id]).toBeDefined()
      const reply = call(state, token, 'POST', `${v3}environments/${id}/`, { id, ...body })
      expect([body.name, reply.status]).toEqual([body.name, 200])
      const { updated_at: moved, ...after } = find(reply.state.environments, id)!
      expect({ ...after, updated_at }).toEqual(find(seed.environments, id))
      expect(moved).not.toBe(updated_at)
      state = reply.state
    }
  })
})

describe('jobs', () => {
  test('QA’s have twins in production under other names, and none of either is marked or tagged', () => {
    const twins = inside(environments.qa).map(({ name }) => name.replace(/ QA$/, ''))
    const names = inside(environments.production).map(({ name }) => name)
    expect(twins.filter((name) => names.includes(name))).toEqual([
      'Nightly',
      'Docs',
      'Merge',
      'Ad hoc'
    ])
    expect(twins.filter((name) => !names.includes(name))).toEqual(['Snapshots', 'Reconcile'])
    expect(names).toContain('Monthly close')
    for (const { name, description } of seed.jobs)
      expect(`${name} ${description}`).not.toMatch(/dbt-promote|\[\[/)
  })

  test('QA’s sleep behind a placeholder, production’s run at times of their own', () => {
    expect(inside(environments.qa).filter(({ triggers }) => triggers.schedule)).toEqual([])
    expect(job(jobs.nightlyQa).schedule.cron).toBe('0 * * * *')
    expect(job(jobs.nightly)).toMatchObject({
      triggers: { schedule: true },
      schedule: { cron: '30 3 * * 1-6' }
    })
  })

  test('CI and merge jobs defer to their own neighbour', () => {
    expect(
      [jobs.ciQa, jobs.mergeQa, jobs.ci, jobs.merge].map((id) => job(id).deferring_environment_id)
    ).toEqual([environments.qa, environments.qa, environments.production, environments.production])
  })

  test('wait for jobs of their environment, and of the other', () => {
    const parent = (id: number): number =>
      job(job(id).job_completion_trigger_condition!.condition.job_id).environment_id
    expect(parent(jobs.docsQa)).toBe(environments.qa)
    expect(parent(jobs.docs)).toBe(environments.production)
    expect(parent(jobs.reconcileQa)).toBe(environments.production)
  })

  test('have the kinds, the webhooks of their kind, and the keys of live jobs', () => {
    const kinds = seed.jobs.map(({ job_type }) => job_type)
    expect([...new Set(kinds)].sort()).toEqual(['ci', 'merge', 'other', 'scheduled'])
    for (const { job_type, lifecycle_webhooks } of seed.jobs)
      expect(lifecycle_webhooks).toBe(job_type === 'ci' || job_type === 'merge')
    const [shown] = call(seed, token, 'GET', `${v2}jobs/`).rows
    expect(keysOf(shown)).toEqual(expect.arrayContaining(keysOf(liveObjects('jobs')[0])))
  })

  test('are all taken by the API as new jobs', () => {
    expect(remade(seed, token, seed.jobs).jobs).toHaveLength(2 * seed.jobs.length)
  })
})

describe('what else there is', () => {
  test('a variable with a value for each environment, an override, and a secret', () => {
    const { data } = call(seed, token, 'GET', `${v3}environment-variables/environment/`)
    const { variables } = data as unknown as {
      variables: Record<string, Record<string, { value: string }>>
    }
    const named = (name: string): object => variables[name] ?? {}
    expect(Object.keys(named('DBT_ENVIRONMENT_NAME')).sort()).toEqual(
      ['project', ...seed.environments.map(({ name }) => name)].sort()
    )
    expect(named('DBT_LOOKBACK_DAYS')).toMatchObject({ Production: { value: '30' } })
    expect(JSON.stringify(named('DBT_ENV_SECRET_GIT_TOKEN'))).not.toContain('made-up')
  })

  test('runs that went well where jobs defer to', () => {
    const { rows } = call(seed, token, 'GET', `${v2}runs/?status=10`)
    const places = rows.map((row) => row['environment_id'])
    expect(places).toEqual(expect.arrayContaining([environments.qa, environments.production]))
  })

  test('shared notifications and webhooks, one of them for all jobs', () => {
    const lists = call(seed, token, 'GET', `${v2}notifications/`).rows
    expect(lists.map(({ id }) => id)).toEqual(Object.values(ONE_PROJECT.notifications))
    const path = `/api/v3/accounts/${ONE_PROJECT.account}/webhooks/subscription/`
    const hook = (id: number): unknown =>
      call(seed, token, 'GET', `${path}${webhookName({ id })}`).data
    expect(hook(ONE_PROJECT.webhooks.all)).toMatchObject({ job_ids: [] })
    expect(hook(ONE_PROJECT.webhooks.production)).toMatchObject({
      job_ids: [String(jobs.nightly), String(jobs.monthlyClose)]
    })
  })

  test('tokens that see and do less', () => {
    const rename = (given: string, id: number): number => {
      const path = `${v2}jobs/${id}/`
      return call(seed, given, 'DELETE', path).status
    }
    expect(rename(ONE_PROJECT.readOnlyToken, jobs.nightlyQa)).toBe(403)
    expect(rename(ONE_PROJECT.stagingToken, jobs.nightlyQa)).toBe(200)
    expect(rename(ONE_PROJECT.stagingToken, jobs.nightly)).toBe(404)
    expect(rename(ONE_PROJECT.jobAdminToken, jobs.nightly)).toBe(200)
    const path = `${v2}notifications/`
    expect(call(seed, ONE_PROJECT.jobAdminToken, 'GET', path).status).toBe(404)
  })
})
