// Two accounts that know nothing of each other: the source in one region, the target in another.

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
import { emptyState, type State, type Triggers } from '../state.ts'

/** The ids and the tokens of {@link twoAccounts}: no id and no token of one is known in the other. */
export const TWO_ACCOUNTS = {
  source: {
    account: 20417,
    project: 612001,
    /** Has a connection of the same name in the target. */
    snowflake: 672001,
    /** Has another name in the target. */
    marketing: 672002,
    environments: { development: 622000, production: 622001, staging: 622002, marketing: 622003 },
    credentials: { production: 632001, staging: 632002, marketing: 632003 },
    attributes: 682001,
    jobs: { load: 692001, build: 692002, marketing: 692003, ci: 692004, nightly: 692005 },
    token: 'dbtc_two_source',
    readOnlyToken: 'dbtc_two_source_read_only'
  },
  target: {
    account: 70403104100007,
    project: 70403104100201,
    snowflake: 70403104100301,
    marketing: 70403104100302,
    /** Has no counterpart in the source. */
    spare: 70403104100303,
    credentials: {
      production: 70403104100401,
      staging: 70403104100402,
      marketing: 70403104100403
    },
    token: 'dbtc_two_target',
    readOnlyToken: 'dbtc_two_target_read_only'
  },
  /** Names of the connections in both accounts. */
  connections: {
    same: 'Snowflake production',
    sourceMarketing: 'BigQuery marketing',
    targetMarketing: 'Marketing (US)',
    spare: 'Sandbox warehouse'
  }
} as const

const OFF: Triggers = {
  github_webhook: false,
  git_provider_webhook: false,
  schedule: false,
  on_merge: false
}

function bigQuery(project: string) {
  const config = { project_id: project, location: 'EU', timeout_seconds: 300 }
  return { adapter_version: 'bigquery_v0', config } as const
}

function addSource(state: State): void {
  const { source, connections } = TWO_ACCOUNTS
  const { environments, credentials, jobs } = source
  const account = addAccount(state, { id: source.account, name: 'Jaffle Shop EU' })
  addToken(state, source.token, account)
  addToken(state, source.readOnlyToken, account, { '*': { access: 'read' } })
  addConnection(state, account, { id: source.snowflake, name: connections.same })
  addConnection(state, account, {
    id: source.marketing,
    name: connections.sourceMarketing,
    ...bigQuery('jaffle-marketing-eu')
  })
  const project = addProject(state, account, {
    id: source.project,
    name: 'Analytics',
    connection_id: source.snowflake
  })
  addEnvironment(state, project, {
    id: environments.development,
    name: 'Development',
    type: 'development'
  })
  const production = addEnvironment(state, project, {
    id: environments.production,
    name: 'Production',
    deployment_type: 'production',
    extended_attributes_id: addExtendedAttributes(state, project, {
      id: source.attributes,
      extended_attributes: { account: 'xy12345.eu-central-1' }
    }),
    credentials_id: addCredentials(state, project, { id: credentials.production })
  })
  const staging = addEnvironment(state, project, {
    id: environments.staging,
    name: 'Staging',
    deployment_type: 'staging',
    custom_branch: 'develop',
    credentials_id: addCredentials(state, project, { id: credentials.staging, schema: 'staging' })
  })
  const marketing = addEnvironment(state, project, {
    id: environments.marketing,
    name: 'Marketing',
    connection_id: source.marketing,
    credentials_id: addCredentials(state, project, {
      id: credentials.marketing,
      type: 'bigquery',
      schema: 'marketing'
    })
  })
  addJob(state, production, {
    id: jobs.load,
    name: 'Load sources',
    triggers: { ...OFF, schedule: true },
    schedule: scheduleOf({ type: 'every_day' }, { type: 'at_exact_hours', hours: [3], interval: 1 })
  })
  const success = { job_id: jobs.load, project_id: project, statuses: [10] }
  addJob(state, production, {
    id: jobs.build,
    name: 'Build',
    job_completion_trigger_condition: { condition: success }
  })
  addJob(state, marketing, {
    id: jobs.marketing,
    name: 'Build marketing',
    job_completion_trigger_condition: { condition: { ...success, job_id: jobs.build } }
  })
  addJob(state, staging, {
    id: jobs.ci,
    name: 'CI',
    triggers: { ...OFF, github_webhook: true },
    deferring_environment_id: production
  })
  addJob(state, staging, {
    id: jobs.nightly,
    name: 'Nightly',
    deferring_job_definition_id: jobs.nightly,
    triggers: { ...OFF, schedule: true },
    schedule: scheduleOf(
      { type: 'custom_cron', cron: '15 1 * * *' },
      { type: 'every_hour', interval: 1 }
    )
  })
  addVariable(state, project, {
    name: 'DBT_REGION',
    project: 'eu',
    environments: { [environments.production]: 'eu-central-1' }
  })
  addVariable(state, project, {
    name: 'DBT_ENV_SECRET_API_KEY',
    project: 'made-up-secret-of-the-source'
  })
}

function addTarget(state: State): void {
  const { target, connections } = TWO_ACCOUNTS
  const account = addAccount(state, { id: target.account, name: 'Jaffle Shop US' })
  addToken(state, target.token, account)
  addToken(state, target.readOnlyToken, account, { '*': { access: 'read' } })
  addConnection(state, account, { id: target.snowflake, name: connections.same })
  addConnection(state, account, {
    id: target.marketing,
    name: connections.targetMarketing,
    ...bigQuery('jaffle-marketing-us')
  })
  addConnection(state, account, { id: target.spare, name: connections.spare })
  const project = addProject(state, account, {
    id: target.project,
    name: 'Analytics',
    connection_id: target.snowflake
  })
  addCredentials(state, project, { id: target.credentials.production })
  addCredentials(state, project, { id: target.credentials.staging, schema: 'staging' })
  addCredentials(state, project, {
    id: target.credentials.marketing,
    type: 'bigquery',
    schema: 'marketing'
  })
}

/**
 * Both accounts, or one alone: two sandboxes with one account each are two regions, and answer a token
 * of the other one with 401.
 */
export function twoAccounts(only: 'source' | 'target' | 'both' = 'both'): State {
  const state = emptyState()
  if (only !== 'target') addSource(state)
  if (only !== 'source') addTarget(state)
  return state
}
