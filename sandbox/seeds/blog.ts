// The example of dbt's announcement of its API collection: one environment and one job, to be taken
// from a development project to a production project of the same account.

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
import { emptyState, type State } from '../state.ts'

/** The ids and tokens of {@link blog}. */
export const BLOG = {
  account: 28885,
  developmentProject: 86704,
  productionProject: 86711,
  connection: 56041,
  developmentEnvironment: 75285,
  stagingEnvironment: 75286,
  stagingCredentials: 108729,
  productionCredentials: 108731,
  job: 59426,
  token: 'dbtc_sandbox',
  readOnlyToken: 'dbtc_sandbox_read_only'
} as const

/** Account 28885 with `Development project`, `Production project`, and the job `run-staging`. */
export function blog(): State {
  const state = emptyState()
  const account = addAccount(state, { id: BLOG.account, name: 'Jaffle Shop' })
  addToken(state, BLOG.token, account)
  addToken(state, BLOG.readOnlyToken, account, { '*': { access: 'read' } })
  const connection_id = addConnection(state, account, {
    id: BLOG.connection,
    name: 'Snowflake production'
  })

  const development = addProject(state, account, {
    id: BLOG.developmentProject,
    name: 'Development project',
    connection_id,
    repository: { id: 74101, full_name: 'jaffle-shop/analytics' }
  })
  addEnvironment(state, development, {
    id: BLOG.developmentEnvironment,
    name: 'Development',
    type: 'development',
    dbt_version: '1.0.0'
  })
  const staging = addEnvironment(state, development, {
    id: BLOG.stagingEnvironment,
    name: 'dev-staging',
    dbt_version: '1.0.0',
    custom_branch: 'develop',
    credentials_id: addCredentials(state, development, {
      id: BLOG.stagingCredentials,
      schema: 'staging'
    })
  })
  addJob(state, staging, {
    id: BLOG.job,
    name: 'run-staging',
    execute_steps: ['dbt seed', 'dbt run', 'dbt test'],
    settings: { threads: 4, target_name: 'default' },
    generate_docs: true,
    run_generate_sources: true,
    triggers: {
      github_webhook: false,
      git_provider_webhook: false,
      schedule: true,
      on_merge: false
    },
    schedule: scheduleOf(
      { type: 'every_day' },
      { type: 'at_exact_hours', hours: [6, 18], interval: 1 }
    )
  })

  const production = addProject(state, account, {
    id: BLOG.productionProject,
    name: 'Production project',
    connection_id,
    repository: { id: 74102, full_name: 'jaffle-shop/analytics' }
  })
  addCredentials(state, production, { id: BLOG.productionCredentials, schema: 'production' })
  return state
}
