// One project with development, QA and production, as dbt tells its users to keep them, and as all eleven projects of a
// live account of 2026 are: production was made by hand, with twins of QA's jobs under other names and times of its own;
// QA's jobs sleep behind a placeholder; a CI environment stands beside each and defers to its own neighbour.

import {
  addAccount,
  addConnection,
  addCredentials,
  addEnvironment,
  addJob,
  addNotification,
  addProject,
  addRun,
  addToken,
  addUser,
  addVariable,
  addWebhook
} from '../build.ts'
import { emptyState, type State } from '../state.ts'
import { ONE_PROJECT } from './one-project-ids.ts'
import { JOBS } from './one-project-jobs.ts'

const { environments, jobs } = ONE_PROJECT

function addEnvironments(state: State): void {
  const { project, connections, credentials } = ONE_PROJECT
  addCredentials(state, project, { id: credentials.qa, schema: 'analytics_qa' })
  addCredentials(state, project, { id: credentials.production, schema: 'analytics' })
  const qa = { connection_id: connections.qa, credentials_id: credentials.qa, custom_branch: 'qa' }
  const production = {
    connection_id: connections.production,
    credentials_id: credentials.production,
    custom_branch: 'main'
  }
  const docs = { supports_docs: true }
  addEnvironment(state, project, {
    ...docs,
    id: environments.development,
    name: 'Development',
    type: 'development',
    connection_id: connections.qa
  })
  addEnvironment(state, project, {
    ...docs,
    ...qa,
    id: environments.qa,
    name: 'QA',
    deployment_type: 'staging',
    dbt_version: 'compatible'
  })
  addEnvironment(state, project, {
    ...docs,
    ...production,
    id: environments.production,
    name: 'Production',
    deployment_type: 'production'
  })
  const productionCi = { id: environments.productionCi, name: 'Production CI' }
  addEnvironment(state, project, { ...docs, ...qa, id: environments.qaCi, name: 'QA CI' })
  addEnvironment(state, project, { ...docs, ...production, ...productionCi })
}

function addVariables(state: State): void {
  const { project } = ONE_PROJECT
  addVariable(state, project, {
    name: 'DBT_ENVIRONMENT_NAME',
    project: 'dev',
    environments: {
      Development: 'dev',
      QA: 'qa',
      Production: 'prod',
      'QA CI': 'ci',
      'Production CI': 'ci'
    }
  })
  addVariable(state, project, {
    name: 'DBT_LOOKBACK_DAYS',
    project: '3',
    environments: { Production: '30' },
    jobs: { [jobs.nightlyQa]: '1' }
  })
  addVariable(state, project, {
    name: 'DBT_ENV_SECRET_GIT_TOKEN',
    project: 'made-up-secret-of-the-project',
    environments: { Production: 'made-up-secret-of-production' }
  })
}

function addRecipients(state: State, account: number): void {
  const { notifications, webhooks } = ONE_PROJECT
  const user_id = addUser(state, account, { id: ONE_PROJECT.user })
  addNotification(state, account, {
    id: notifications.slack,
    user_id,
    on_failure: [jobs.nightlyQa, jobs.nightly, jobs.docs],
    on_cancel: [jobs.nightly]
  })
  addNotification(state, account, {
    id: notifications.mail,
    user_id,
    type: 4,
    on_failure: [jobs.monthlyClose]
  })
  addWebhook(state, account, { id: webhooks.all, name: 'Everything that fails' })
  addWebhook(state, account, {
    id: webhooks.production,
    name: 'Production',
    job_ids: [jobs.nightly, jobs.monthlyClose],
    event_types: ['job.run.completed', 'job.run.errored']
  })
}

/** Account 1618 with one project, whose production is to be promoted into from QA. */
export function oneProject(): State {
  const state = emptyState()
  const { connections } = ONE_PROJECT
  const account = addAccount(state, {
    id: ONE_PROJECT.account,
    name: 'One project',
    // On all 185 jobs of the live account of 2026 it follows from the type.
    features: { lifecycleWebhooks: 'by-type' }
  })
  addConnection(state, account, { id: connections.qa, name: 'Snowflake QA' })
  addConnection(state, account, { id: connections.production, name: 'Snowflake production' })
  addProject(state, account, {
    id: ONE_PROJECT.project,
    name: 'Analytics',
    connection_id: connections.production
  })
  addEnvironments(state)
  for (const [environment, id, given] of JOBS) addJob(state, environment, { ...given, id })
  addVariables(state)
  addRecipients(state, account)
  // Deferral wants a run that went well.
  for (const job of [jobs.mergeQa, jobs.nightly, jobs.merge]) addRun(state, job)
  addToken(state, ONE_PROJECT.token, account)
  addToken(state, ONE_PROJECT.readOnlyToken, account, { '*': { access: 'read' } })
  addToken(state, ONE_PROJECT.jobAdminToken, account, { '*': { access: 'write' } })
  addToken(state, ONE_PROJECT.stagingToken, account, {
    '*': { access: 'write', environmentCategories: ['development', 'staging', 'other'] }
  })
  return state
}
