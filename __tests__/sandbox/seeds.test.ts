// Seeds: they hold what they promise, and the strict API takes every one of their jobs as a new job.

import { describe, expect, test } from '@jest/globals'
import type { Shown } from './world.ts'
import {
  BLOG,
  blog,
  handle,
  SEEDS,
  THOUSAND,
  thousand,
  type Json,
  type State
} from '../../sandbox/index.ts'

function call(state: State, token: string, method: string, path: string, body?: unknown) {
  const { state: next, response } = handle(state, {
    method,
    path,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body)
  })
  const { data } = JSON.parse(response.body) as { data: Shown | Shown[] }
  return { state: next, status: response.status, data, rows: Array.isArray(data) ? data : [] }
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
      visible.some((job) => job.cost_optimization_features.includes('dbt_state')),
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
    let state = seed
    const path = `/api/v2/accounts/${THOUSAND.account}/jobs/`
    for (const job of visible) {
      const features: Record<string, Json> =
        job.job_type === 'ci' || job.job_type === 'merge'
          ? { cost_optimization_features: [] }
          : { cost_optimization_features: job.cost_optimization_features }
      const { date, time } = job.schedule
      const body = {
        id: null,
        account_id: job.account_id,
        project_id: job.project_id,
        environment_id: job.environment_id,
        name: job.name,
        description: job.description,
        dbt_version: job.dbt_version,
        execute_steps: job.execute_steps,
        settings: job.settings,
        execution: job.execution,
        generate_docs: job.generate_docs,
        run_generate_sources: job.run_generate_sources,
        run_lint: job.run_lint,
        errors_on_lint_failure: job.errors_on_lint_failure,
        run_compare_changes: job.run_compare_changes,
        compare_changes_flags: job.compare_changes_flags,
        triggers: job.triggers,
        triggers_on_draft_pr: job.triggers_on_draft_pr,
        schedule: {
          date,
          time: time.type === 'at_exact_hours' ? { type: time.type, hours: time.hours } : time
        },
        job_type: job.job_type,
        deferring_environment_id: job.deferring_environment_id,
        deferring_job_definition_id: job.deferring_job_definition_id,
        job_completion_trigger_condition: job.job_completion_trigger_condition,
        state: 1,
        ...features
      }
      const reply = call(state, THOUSAND.token, 'POST', path, body)
      expect([job.name, reply.status]).toEqual([job.name, 201])
      expect(reply.data).toMatchObject({ job_type: job.job_type, schedule: job.schedule })
      state = reply.state
    }
    expect(state.jobs).toHaveLength(2002)
  })
})

test('seeds have names', () => {
  expect(Object.keys(SEEDS)).toEqual(['blog', 'thousand'])
})
