// A large project: one environment with a thousand jobs of every kind, and an empty project beside it.

import {
  addAccount,
  addConnection,
  addCredentials,
  addEnvironment,
  addJob,
  addProject,
  addToken
} from '../build.ts'
import { scheduleOf } from '../schedule.ts'
import { emptyState, type Job, type Schedule, type State, type Triggers } from '../state.ts'

/** The ids and the token of {@link thousand}. */
export const THOUSAND = {
  account: 70403103922125,
  sourceProject: 70403103922801,
  targetProject: 70403103922802,
  environment: 70403103936100,
  sourceCredentials: 70403103936201,
  targetCredentials: 70403103936202,
  connection: 70403103936301,
  firstJob: 70403103940001,
  token: 'dbtc_thousand',
  readOnlyToken: 'dbtc_thousand_read_only'
} as const

const OFF: Triggers = {
  github_webhook: false,
  git_provider_webhook: false,
  schedule: false,
  on_merge: false
}

// Names as real accounts have them: brackets, slashes, leading blanks, dashes that are not hyphens.
const NAMES: readonly ((n: number) => string)[] = [
  (n) => `[PROD] Daily build ${n}`,
  (n) => `marts/finance/refresh ${n}`,
  (n) => `  Leading blanks ${n}`,
  (n) => `Nightly – full refresh ${n}`,
  (n) => `Hourly — sources ${n}`,
  (n) => `Données clients ${n} (été)`,
  (n) => `1 - Prod: step ${n}`,
  (n) => `snapshot_orders_${n}`,
  (n) => `Wild * and ? ${n}`,
  (n) => `"Quoted" 'job' ${n}`
]

function schedule(n: number): Schedule {
  const hourly = { type: 'every_hour', interval: 1 } as const
  switch (n % 5) {
    case 0:
      return scheduleOf({ type: 'every_day' }, { type: 'every_hour', interval: 1 + (n % 12) })
    case 1:
      return scheduleOf(
        { type: 'every_day' },
        { type: 'at_exact_hours', hours: [n % 24], interval: 1 }
      )
    case 2:
      return scheduleOf(
        { type: 'days_of_week', days: [1, 2, 3, 4, 5] },
        { type: 'at_exact_hours', hours: [6, 18], interval: 1 }
      )
    case 3:
      return scheduleOf({ type: 'custom_cron', cron: `${n % 60} ${n % 24} * * 1-5` }, hourly)
    default: {
      const cron = `${n % 60} */12 * * 0,1,2,3,4,5,6`
      const days = [0, 1, 2, 3, 4, 5, 6]
      return scheduleOf({ type: 'interval_cron', cron, days }, { type: 'every_hour', interval: 12 })
    }
  }
}

function triggers(n: number): Triggers {
  if (n % 50 === 7) return { ...OFF, github_webhook: true }
  if (n % 50 === 8) return { ...OFF, on_merge: true }
  // Jobs of old lack the newer keys.
  if (n % 97 === 0) return { github_webhook: false, schedule: n % 2 === 0 }
  return { ...OFF, schedule: n % 4 !== 3 }
}

/** What is particular about the n-th job, counted from 0; earlier jobs are there already. */
function job(n: number, environment: number): Partial<Job> {
  const id = THOUSAND.firstJob + n
  const parent = THOUSAND.firstJob + n - 3
  const deferral =
    n % 20 === 5
      ? { deferring_environment_id: environment }
      : n % 20 === 6
        ? { deferring_job_definition_id: n % 40 === 6 ? id : parent }
        : {}
  const statuses = n % 2 === 0 ? [10] : [10, 20, 30]
  const completion =
    n % 25 === 11
      ? {
          job_completion_trigger_condition: {
            condition: { job_id: parent, project_id: THOUSAND.sourceProject, statuses }
          }
        }
      : {}
  return {
    id,
    name: (NAMES[n % NAMES.length] as (n: number) => string)(n),
    description: n % 3 === 0 ? '' : `Builds part ${n}.\n\nOwned by data – ask first.`,
    dbt_version: n % 60 === 13 ? '1.8.0-latest' : null,
    execute_steps:
      n % 2 === 0 ? ['dbt build'] : [`dbt run --select tag:part_${n}`, 'dbt test\n  --fail-fast'],
    settings: { threads: 1 + (n % 16), target_name: n % 10 === 0 ? 'prod' : 'default' },
    execution: { timeout_seconds: n % 7 === 0 ? 3600 : 0 },
    generate_docs: n % 9 === 0,
    run_generate_sources: n % 11 === 0,
    schedule: schedule(n),
    triggers: triggers(n),
    cost_optimization_features:
      n % 30 === 14 ? ['state_aware_orchestration'] : n % 30 === 29 ? ['dbt_state'] : [],
    deactivated: n % 200 === 199,
    run_failure_count: n % 200 === 199 ? 100 : 0,
    ...deferral,
    ...completion
  }
}

/** A source project with an environment of so many jobs, and a target project with credentials only. */
export function thousand(count = 1000): State {
  const state = emptyState()
  const account = addAccount(state, { id: THOUSAND.account, name: 'Large' })
  addToken(state, THOUSAND.token, account)
  addToken(state, THOUSAND.readOnlyToken, account, { '*': { access: 'read' } })
  const connection_id = addConnection(state, account, { id: THOUSAND.connection })
  const source = addProject(state, account, {
    id: THOUSAND.sourceProject,
    name: 'Large source',
    connection_id
  })
  const environment = addEnvironment(state, source, {
    id: THOUSAND.environment,
    name: 'staging',
    deployment_type: 'staging',
    custom_branch: 'develop',
    supports_docs: true,
    credentials_id: addCredentials(state, source, { id: THOUSAND.sourceCredentials })
  })
  for (let n = 0; n < count; n++) addJob(state, environment, job(n, environment))
  // Neither of these is in a list: what the platform makes for itself, and what has been deleted.
  addJob(state, environment, { name: 'Exposure sync', job_type: 'exposure_sync', is_system: true })
  addJob(state, environment, { name: '[PROD] Daily build 0', state: 2 })
  const target = addProject(state, account, {
    id: THOUSAND.targetProject,
    name: 'Large target',
    connection_id
  })
  addCredentials(state, target, { id: THOUSAND.targetCredentials })
  return state
}
