// The environments and the jobs of the seed `six`, which the copy of it is made from too.

import { scheduleOf } from '../schedule.ts'
import type { CompletionTrigger, Environment, Job, Triggers } from '../state.ts'
import { SIX } from './six-ids.ts'

export const OFF: Triggers = {
  github_webhook: false,
  git_provider_webhook: false,
  schedule: false,
  on_merge: false
}

export const NAMES = {
  production: 'Production',
  staging: 'Staging',
  qa: 'QA',
  ci: 'Continuous integration',
  backfill: 'Backfill / replays',
  adHoc: 'Ad hoc – données'
} as const

export type Key = keyof typeof NAMES

export const ENVIRONMENTS: Readonly<Record<Key, Partial<Environment>>> = {
  production: { deployment_type: 'production', dbt_version: '1.9.0-latest', supports_docs: true },
  staging: { deployment_type: 'staging', custom_branch: 'develop' },
  qa: { custom_branch: 'release/next', dbt_version: 'compatible' },
  ci: {},
  backfill: { dbt_version: '1.8.0-latest' },
  adHoc: { enable_model_query_history: true }
}

export const KEYS = Object.keys(NAMES) as Key[]

function after(
  job_id: number,
  statuses: readonly number[] = [10],
  project_id: number = SIX.sourceProject
): { readonly job_completion_trigger_condition: CompletionTrigger } {
  return { job_completion_trigger_condition: { condition: { job_id, project_id, statuses } } }
}

const SCHEDULED: Triggers = { ...OFF, schedule: true }
const HOURLY = { type: 'every_hour', interval: 1 } as const

export const AT_TWO = {
  triggers: SCHEDULED,
  schedule: scheduleOf({ type: 'every_day' }, { type: 'at_exact_hours', hours: [2], interval: 1 })
}
export const WEEKLY = {
  triggers: SCHEDULED,
  schedule: scheduleOf({ type: 'custom_cron', cron: '30 4 * * 0' }, HOURLY)
}
const WEEKDAYS = {
  triggers: SCHEDULED,
  schedule: scheduleOf(
    { type: 'days_of_week', days: [1, 2, 3, 4, 5] },
    { type: 'at_exact_hours', hours: [5, 17], interval: 1 }
  )
}
const TWICE_A_DAY = {
  triggers: SCHEDULED,
  schedule: scheduleOf(
    { type: 'interval_cron', cron: '0 */12 * * 1,2,3,4,5', days: [1, 2, 3, 4, 5] },
    { type: 'every_hour', interval: 12 }
  )
}

interface Plan extends Partial<Job> {
  readonly in: Key
  readonly name: string
}

const { jobs, environments } = SIX

export const JOBS: Readonly<Record<keyof typeof jobs, Plan>> = {
  load: { in: 'production', name: 'Load sources', ...AT_TWO, run_generate_sources: true },
  models: { in: 'production', name: 'Build models', ...after(jobs.load) },
  marts: {
    in: 'production',
    name: 'Build marts',
    description: 'What the dashboards read.\n\nAsk finance before changing it.',
    execute_steps: ['dbt build --select marts', 'dbt run-operation grant_select'],
    settings: { threads: 16, target_name: 'prod' },
    ...after(jobs.models)
  },
  export: { in: 'production', name: 'Export to the CRM', ...after(jobs.marts) },
  afterUpstream: {
    in: 'production',
    name: 'After the platform team',
    ...after(SIX.upstreamJob, [10, 20, 30], SIX.upstreamProject)
  },
  freshness: {
    in: 'production',
    name: 'Source freshness',
    execute_steps: ['dbt source freshness'],
    triggers: SCHEDULED,
    schedule: scheduleOf({ type: 'every_day' }, { type: 'every_hour', interval: 3 })
  },
  fullRefresh: {
    in: 'production',
    name: 'Full refresh [weekly]',
    execute_steps: ['dbt build --full-refresh'],
    execution: { timeout_seconds: 21_600 },
    ...WEEKLY
  },
  docs: { in: 'production', name: 'Documentation', generate_docs: true, ...TWICE_A_DAY },
  selfDeferral: {
    in: 'production',
    name: 'Changed since last time',
    execute_steps: ['dbt build --select state:modified+'],
    deferring_job_definition_id: jobs.selfDeferral
  },
  merge: { in: 'production', name: 'On merge', triggers: { ...OFF, on_merge: true } },
  stagingNightly: { in: 'staging', name: 'Nightly build', ...WEEKDAYS },
  jobDeferral: {
    in: 'staging',
    name: 'Changed since the nightly build',
    deferring_job_definition_id: jobs.stagingNightly
  },
  ciCheck: {
    in: 'ci',
    name: 'CI check',
    execute_steps: ['dbt build --select state:modified+'],
    triggers: { ...OFF, github_webhook: true },
    triggers_on_draft_pr: true,
    run_compare_changes: true,
    deferring_environment_id: environments.staging
  },
  ciLint: {
    in: 'ci',
    name: 'CI lint',
    triggers: { ...OFF, git_provider_webhook: true },
    run_lint: true,
    errors_on_lint_failure: false,
    deferring_environment_id: environments.production
  },
  ping: { in: 'qa', name: 'Ping', ...after(jobs.pong) },
  pong: { in: 'qa', name: 'Pong', ...after(jobs.ping) },
  smoke: { in: 'qa', name: 'Smoke test', execute_steps: ['dbt test'], ...after(jobs.marts) },
  backfill: {
    in: 'backfill',
    name: 'Backfill',
    dbt_version: '1.8.0-latest',
    execution: { timeout_seconds: 86_400 }
  },
  backfillCheck: {
    in: 'backfill',
    name: 'Check the backfill',
    ...after(jobs.backfill, [10, 20, 30])
  },
  sameName: {
    in: 'adHoc',
    name: 'Nightly build',
    cost_optimization_features: ['state_aware_orchestration']
  }
}
