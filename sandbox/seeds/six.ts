// A project of the usual size: six deployment environments, twenty jobs that refer to each other in every
// way there is, an empty project to promote into, and one that somebody has half copied by hand.

import {
  addAccount,
  addConnection,
  addCredentials,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addProject,
  addToken,
  addVariable
} from '../build.ts'
import { scheduleOf } from '../schedule.ts'
import {
  emptyState,
  type CompletionTrigger,
  type Environment,
  type Job,
  type State,
  type Triggers
} from '../state.ts'

/** The ids and the tokens of {@link six}. */
export const SIX = {
  account: 31415,
  sourceProject: 510001,
  /** Empty, with credentials for each of the six environments. */
  targetProject: 510002,
  /** Half of the source, edited by hand, with jobs of its own. */
  editedProject: 510003,
  /** Has the job that one of the source waits for. */
  upstreamProject: 510004,
  connection: 570001,
  analyticsConnection: 570002,
  attributes: 580001,
  environments: {
    development: 520100,
    production: 520101,
    staging: 520102,
    qa: 520103,
    ci: 520104,
    backfill: 520105,
    adHoc: 520106
  },
  editedEnvironments: { production: 520301, staging: 520302, ci: 520303 },
  upstreamEnvironment: 520401,
  sourceCredentials: {
    production: 530101,
    staging: 530102,
    qa: 530103,
    ci: 530104,
    backfill: 530105,
    adHoc: 530106
  },
  targetCredentials: {
    production: 530201,
    staging: 530202,
    qa: 530203,
    ci: 530204,
    backfill: 530205,
    adHoc: 530206
  },
  editedCredentials: { production: 530301, staging: 530302, ci: 530303 },
  upstreamCredentials: 530401,
  jobs: {
    /** Head of a chain of four: load, models, marts, export. */
    load: 590101,
    models: 590102,
    marts: 590103,
    export: 590104,
    /** Waits for a job of the third project. */
    afterUpstream: 590105,
    freshness: 590106,
    fullRefresh: 590107,
    docs: 590108,
    /** Defers to itself. */
    selfDeferral: 590109,
    merge: 590110,
    stagingNightly: 590111,
    /** Defers to `stagingNightly`. */
    jobDeferral: 590112,
    /** Defers to the environment for staging. */
    ciCheck: 590113,
    /** Defers to the environment for production. */
    ciLint: 590114,
    /** These two wait for each other. */
    ping: 590115,
    pong: 590116,
    /** Waits for `marts`, which is in another environment. */
    smoke: 590117,
    backfill: 590118,
    /** Waits for `backfill`, however that ends. */
    backfillCheck: 590119,
    /** Has the name of `stagingNightly`, in another environment. */
    sameName: 590120
  },
  editedJobs: {
    load: 590301,
    models: 590302,
    marts: 590303,
    freshness: 590304,
    fullRefresh: 590305,
    docs: 590306,
    stagingNightly: 590307,
    jobDeferral: 590308,
    ciCheck: 590309,
    ciLint: 590310
  },
  ownJobs: { report: 590381, monthlyClose: 590382 },
  upstreamJob: 590401,
  token: 'dbtc_six',
  readOnlyToken: 'dbtc_six_read_only',
  /** Reads the source and no other project. */
  sourceToken: 'dbtc_six_source',
  /** Writes the two targets, sees nothing else. */
  targetToken: 'dbtc_six_target'
} as const

const OFF: Triggers = {
  github_webhook: false,
  git_provider_webhook: false,
  schedule: false,
  on_merge: false
}

const NAMES = {
  production: 'Production',
  staging: 'Staging',
  qa: 'QA',
  ci: 'Continuous integration',
  backfill: 'Backfill / replays',
  adHoc: 'Ad hoc – données'
} as const

type Key = keyof typeof NAMES

const ENVIRONMENTS: Readonly<Record<Key, Partial<Environment>>> = {
  production: { deployment_type: 'production', dbt_version: '1.9.0-latest', supports_docs: true },
  staging: { deployment_type: 'staging', custom_branch: 'develop' },
  qa: { custom_branch: 'release/next', dbt_version: 'compatible' },
  ci: {},
  backfill: { dbt_version: '1.8.0-latest' },
  adHoc: { enable_model_query_history: true }
}

const KEYS = Object.keys(NAMES) as Key[]

function after(
  job_id: number,
  statuses: readonly number[] = [10],
  project_id: number = SIX.sourceProject
): { readonly job_completion_trigger_condition: CompletionTrigger } {
  return { job_completion_trigger_condition: { condition: { job_id, project_id, statuses } } }
}

const SCHEDULED: Triggers = { ...OFF, schedule: true }
const HOURLY = { type: 'every_hour', interval: 1 } as const

const AT_TWO = {
  triggers: SCHEDULED,
  schedule: scheduleOf({ type: 'every_day' }, { type: 'at_exact_hours', hours: [2], interval: 1 })
}
const WEEKLY = {
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

const JOBS: Readonly<Record<keyof typeof jobs, Plan>> = {
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

function addSource(state: State, account: number): void {
  const project = addProject(state, account, {
    id: SIX.sourceProject,
    name: 'Analytics development',
    connection_id: SIX.connection
  })
  addEnvironment(state, project, {
    id: environments.development,
    name: 'Development',
    type: 'development'
  })
  const extended_attributes_id = addExtendedAttributes(state, project, {
    id: SIX.attributes,
    extended_attributes: { warehouse: 'TRANSFORMING_XL', query_tag: 'production' }
  })
  for (const key of KEYS) {
    addEnvironment(state, project, {
      ...ENVIRONMENTS[key],
      ...(key === 'production' ? { extended_attributes_id } : {}),
      ...(key === 'adHoc' ? { connection_id: SIX.analyticsConnection } : {}),
      id: environments[key],
      name: NAMES[key],
      credentials_id: addCredentials(state, project, {
        id: SIX.sourceCredentials[key],
        schema: `analytics_${key.toLowerCase()}`
      })
    })
  }
  for (const [key, { in: place, ...given }] of Object.entries(JOBS)) {
    addJob(state, environments[place], { ...given, id: jobs[key as keyof typeof jobs] })
  }
  addVariable(state, project, {
    name: 'DBT_DATABASE',
    project: 'analytics_dev',
    environments: {
      [environments.production]: 'analytics',
      [environments.staging]: 'analytics_st'
    },
    jobs: { [jobs.fullRefresh]: 'analytics_rebuild' }
  })
  addVariable(state, project, {
    name: 'DBT_ENV_SECRET_GIT_TOKEN',
    project: 'made-up-secret-of-the-project',
    environments: { [environments.production]: 'made-up-secret-of-production' }
  })
  // Without a default: in the other environments it is not set.
  addVariable(state, project, {
    name: 'DBT_ENV_CUSTOM_ENV_REGION',
    environments: { [environments.qa]: 'eu-central-1' }
  })
}

function addTarget(state: State, account: number): void {
  const project = addProject(state, account, {
    id: SIX.targetProject,
    name: 'Analytics production',
    connection_id: SIX.connection
  })
  for (const key of KEYS) {
    const id = SIX.targetCredentials[key]
    addCredentials(state, project, { id, schema: `prod_${key.toLowerCase()}` })
  }
}

/** What whoever copied the source by hand changed on the way, or forgot. */
const EDITS: Readonly<Record<keyof typeof SIX.editedJobs, Partial<Job>>> = {
  load: {},
  models: { settings: { threads: 8, target_name: 'default' } },
  marts: { description: 'Copied in March.' },
  freshness: { triggers: OFF },
  fullRefresh: { execute_steps: ['dbt build --full-refresh --threads 2'] },
  docs: { generate_docs: false },
  stagingNightly: {},
  jobDeferral: { deferring_job_definition_id: null },
  ciCheck: { name: 'CI check (slow)' },
  ciLint: {}
}

const EDITED_IDS = new Map<number, number>([
  [environments.production, SIX.editedEnvironments.production],
  [environments.staging, SIX.editedEnvironments.staging],
  [environments.ci, SIX.editedEnvironments.ci],
  ...Object.entries(SIX.editedJobs).map(([key, id]): [number, number] => [
    jobs[key as keyof typeof SIX.editedJobs],
    id
  ])
])

function movedId(id: number | null | undefined): number | null {
  return id === null || id === undefined ? null : (EDITED_IDS.get(id) ?? null)
}

function moved(job: Partial<Job>): Partial<Job> {
  const condition = job.job_completion_trigger_condition?.condition
  const job_id = movedId(condition?.job_id)
  const project_id = SIX.editedProject
  return {
    ...job,
    deferring_environment_id: movedId(job.deferring_environment_id),
    deferring_job_definition_id: movedId(job.deferring_job_definition_id),
    job_completion_trigger_condition:
      condition === undefined || job_id === null
        ? null
        : { condition: { ...condition, job_id, project_id } }
  }
}

function addEdited(state: State, account: number): void {
  const project = addProject(state, account, {
    id: SIX.editedProject,
    name: 'Analytics production (copied)',
    connection_id: SIX.connection
  })
  const places = SIX.editedEnvironments
  const changes: Record<keyof typeof places, Partial<Environment>> = {
    production: { dbt_version: '1.7.0-latest', custom_branch: 'main' },
    staging: { deployment_type: null },
    ci: { supports_docs: true }
  }
  for (const key of Object.keys(places) as (keyof typeof places)[]) {
    addEnvironment(state, project, {
      ...ENVIRONMENTS[key],
      ...changes[key],
      id: places[key],
      name: NAMES[key],
      credentials_id: addCredentials(state, project, {
        id: SIX.editedCredentials[key],
        schema: `copied_${key}`
      })
    })
  }
  for (const [name, edit] of Object.entries(EDITS)) {
    const key = name as keyof typeof SIX.editedJobs
    const { in: place, ...given } = JOBS[key]
    const environment = movedId(environments[place]) ?? places.production
    addJob(state, environment, { ...moved(given), ...edit, id: SIX.editedJobs[key] })
  }
  addJob(state, places.production, {
    id: SIX.ownJobs.report,
    name: 'Report to the board',
    ...WEEKLY
  })
  addJob(state, places.production, {
    id: SIX.ownJobs.monthlyClose,
    name: 'Monthly close',
    job_completion_trigger_condition: {
      condition: { job_id: SIX.editedJobs.marts, project_id: project, statuses: [10] }
    }
  })
  addVariable(state, project, {
    name: 'DBT_DATABASE',
    project: 'analytics_copied',
    environments: { [places.production]: 'analytics' }
  })
  addVariable(state, project, {
    name: 'DBT_ENV_SECRET_GIT_TOKEN',
    project: 'made-up-secret-of-the-copy'
  })
  addVariable(state, project, { name: 'DBT_OWN', project: 'only here' })
}

function addUpstream(state: State, account: number): void {
  const project = addProject(state, account, {
    id: SIX.upstreamProject,
    name: 'Platform',
    connection_id: SIX.connection
  })
  const environment = addEnvironment(state, project, {
    id: SIX.upstreamEnvironment,
    name: 'Production',
    deployment_type: 'production',
    credentials_id: addCredentials(state, project, { id: SIX.upstreamCredentials })
  })
  addJob(state, environment, { id: SIX.upstreamJob, name: 'Raw layer', ...AT_TWO })
}

/** Account 31415: the source, two targets, and the project that a job of the source waits for. */
export function six(): State {
  const state = emptyState()
  const account = addAccount(state, { id: SIX.account, name: 'Six environments' })
  addConnection(state, account, { id: SIX.connection, name: 'Snowflake production' })
  addConnection(state, account, { id: SIX.analyticsConnection, name: 'Snowflake analytics' })
  addSource(state, account)
  addTarget(state, account)
  addEdited(state, account)
  addUpstream(state, account)
  addToken(state, SIX.token, account)
  addToken(state, SIX.readOnlyToken, account, { '*': { access: 'read' } })
  addToken(state, SIX.sourceToken, account, { [String(SIX.sourceProject)]: { access: 'read' } })
  addToken(state, SIX.targetToken, account, {
    [String(SIX.targetProject)]: { access: 'write' },
    [String(SIX.editedProject)]: { access: 'write' }
  })
  return state
}
