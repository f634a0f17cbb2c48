// What tests of seeds share: a call with a token, and the jobs of a seed made anew through the API.

import { expect } from '@jest/globals'
import { handle, type Job, type Json, type State } from '../../sandbox/index.ts'
import type { Shown } from '../../testing/worlds/small.ts'

/** One request to a seed. */
export function call(state: State, token: string, method: string, path: string, body?: unknown) {
  const { state: next, response } = handle(state, {
    method,
    path,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body)
  })
  const { data } = JSON.parse(response.body) as { data: Shown | Shown[] }
  return { state: next, status: response.status, data, rows: Array.isArray(data) ? data : [] }
}

/** The state with every job made a second time, through the API. */
export function remade(seed: State, token: string, jobs: readonly Job[]): State {
  let state = seed
  for (const job of jobs) {
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
    const path = `/api/v2/accounts/${job.account_id}/jobs/`
    const reply = call(state, token, 'POST', path, body)
    expect([job.name, reply.status]).toEqual([job.name, 201])
    expect(reply.data).toMatchObject({ job_type: job.job_type, schedule: job.schedule })
    state = reply.state
  }
  return state
}
