// A job as the API answers it: much of it is derived.

import { mayReadVariables } from './access.ts'
import type { Json, JsonObject } from './json.ts'
import type { Parameters } from './query.ts'
import { showEnvironment } from './routes/environments.ts'
import { showNestedVariable } from './routes/variables.ts'
import { showRun } from './runs/show.ts'
import { humanized, nextRun } from './schedule.ts'
import type { Account, Job, State, TokenGrants } from './state.ts'
import { find } from './table.ts'
import { humanDistance, isoMinute } from './time.ts'

/** What may be nested in a job. */
export const JOB_RELATED: Parameters = {
  include_related: {
    type: 'related',
    // dbtc 0.11.7 always sends the parameter, mostly empty.
    empty: true,
    values: [
      'environment',
      'custom_environment_variables',
      'most_recent_run',
      'most_recent_completed_run',
      'fusion_readiness'
    ]
  }
}

/**
 * A job with the 44 keys of the live objects of 2025, `fusion_readiness` of spec v2, and the two keys of mid-2026
 * (dbt-jobs-as-code#212).
 */
export function showJob(
  state: State,
  account: Account,
  job: Job,
  now: number,
  related: Json = null,
  grants?: TokenGrants
): JsonObject {
  const { future, ...row } = job
  const wants = Array.isArray(related) ? (related as readonly Json[]) : []
  const shown: Record<string, Json> = {
    ...(row as unknown as JsonObject),
    generate_sources: job.run_generate_sources,
    cron_humanized: humanized(job.schedule.cron),
    ...nextRunOf(job, now),
    account: null,
    project: null,
    environment: null,
    most_recent_run: null,
    most_recent_completed_run: null,
    fusion_readiness: null,
    deactivation_reason: null,
    is_fusion_ready_override: false
  }
  if (wants.includes('most_recent_run')) shown.most_recent_run = recentRun(state, job, now, false)
  if (wants.includes('most_recent_completed_run'))
    shown.most_recent_completed_run = recentRun(state, job, now, true)
  if (wants.includes('environment')) {
    const environment = find(state.environments, job.environment_id)
    shown.environment = environment ? showEnvironment(state, account, environment) : null
  }
  if (wants.includes('custom_environment_variables')) {
    const listed =
      account.features.jobVariables &&
      grants !== undefined &&
      mayReadVariables(grants, job.project_id)
    shown.custom_environment_variables = listed ? overridesOf(state, job) : null
  }
  return withKeysOf(account, shown, future)
}

/** The keys of an older or a newer API, as the account has it. */
function withKeysOf(
  account: Account,
  shown: Record<string, Json>,
  future: JsonObject | undefined
): JsonObject {
  for (const key of account.features.futureKeys.job) shown[key] = future?.[key] ?? null
  const { missingKeys, refusedKeys } = account.features
  for (const key of [...missingKeys.job, ...refusedKeys.job]) Reflect.deleteProperty(shown, key)
  return shown
}

function nextRunOf(job: Job, now: number): JsonObject {
  const next = job.triggers.schedule ? nextRun(job.schedule.cron, now) : undefined
  if (next === undefined) return { next_run: null, next_run_humanized: null }
  return { next_run: isoMinute(next), next_run_humanized: humanDistance(next - now) }
}

function recentRun(state: State, job: Job, now: number, completed: boolean): Json {
  const run = state.runs.findLast(
    (row) => row.job_definition_id === job.id && (!completed || row.finishedAt !== null)
  )
  return run === undefined ? null : showRun(state, run, state.runClock.now ?? now)
}

function overridesOf(state: State, job: Job): readonly Json[] {
  return state.variables
    .filter((row) => row.job_definition_id === job.id && row.state === 1)
    .map(showNestedVariable)
}
