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
import { emptyState, type Environment, type Job, type State } from '../state.ts'
import { SIX } from './six-ids.ts'
import { AT_TWO, ENVIRONMENTS, JOBS, KEYS, NAMES, OFF, WEEKLY } from './six-plan.ts'

const { jobs, environments } = SIX

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
