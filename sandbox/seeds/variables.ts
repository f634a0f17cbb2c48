// A project that lives by its variables: five environments, forty variables, six of them secret, overrides of jobs,
// extended attributes that two environments share. Beside it a project that lacks nearly all of that.

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
import { emptyState, type State, type Triggers } from '../state.ts'

/** The ids, names and the token of {@link variables}. */
export const VARIABLES = {
  account: 4711,
  sourceProject: 4_711_001,
  targetProject: 4_711_002,
  environments: ['dev', 'staging', 'qa', 'demo', 'loads'],
  /** The job that runs by itself and overrides three variables. */
  nightly: 4_711_301,
  /** One that overrides a variable, and a secret, and only runs when asked. */
  backfill: 4_711_302,
  targetCredentials: 4_711_402,
  /** A value of the target that is another than the source's. */
  differing: { name: 'DBT_SCHEMA_SUFFIX', value: 'as production wants it' },
  secrets: [0, 1, 2, 3, 4, 5].map((n) => `DBT_ENV_SECRET_${n}`),
  token: 'dbtc_variables',
  /** May do everything but see variables. */
  blindToken: 'dbtc_variables_blind'
} as const

const NIGHTLY: Triggers = {
  github_webhook: false,
  git_provider_webhook: false,
  schedule: true,
  on_merge: false
}

function addPlainVariables(state: State): void {
  const { sourceProject, environments, nightly, backfill } = VARIABLES
  for (let n = 0; n < 33; n += 1) {
    const everywhere = n % 3 === 0
    const own = environments.filter((_, at) => everywhere || (n + at) % 4 === 0)
    addVariable(state, sourceProject, {
      name: `DBT_SETTING_${n}`,
      ...(everywhere ? {} : { project: `default of setting ${n}` }),
      environments: Object.fromEntries(own.map((name) => [name, `${name} value of setting ${n}`])),
      jobs: {
        ...(n < 3 ? { [nightly]: `nightly value of setting ${n}` } : {}),
        ...(n === 0 ? { [backfill]: 'backfill value of setting 0' } : {})
      }
    })
  }
}

function addSecrets(state: State): void {
  const { sourceProject, secrets, backfill } = VARIABLES
  secrets.forEach((name, n) => {
    addVariable(state, sourceProject, {
      name,
      project: `source secret ${n}`,
      environments: n === 0 ? { dev: 'source secret 0 of dev' } : {},
      jobs: n === 1 ? { [backfill]: 'source secret 1 of a job' } : {}
    })
  })
}

/** The seed. */
export function variables(): State {
  const state = emptyState()
  const { account, sourceProject, targetProject, environments, differing } = VARIABLES
  addAccount(state, { id: account, name: 'Variables' })
  addToken(state, VARIABLES.token, account)
  addToken(state, VARIABLES.blindToken, account, { '*': { access: 'write', variables: false } })
  const connection = addConnection(state, account, { id: 4_711_501, name: 'Warehouse' })
  addProject(state, account, { id: sourceProject, name: 'Shop dev', connection_id: connection })
  addProject(state, account, { id: targetProject, name: 'Shop prod', connection_id: connection })
  const own = addCredentials(state, sourceProject, { id: 4_711_401 })
  const credentials_id = addCredentials(state, targetProject, { id: VARIABLES.targetCredentials })
  addEnvironment(state, sourceProject, { name: 'Development', type: 'development' })
  const shared = addExtendedAttributes(state, sourceProject, {
    extended_attributes: {
      warehouse: 'LOADING_XL',
      port: 54_321,
      query_tag: { team: 'shop', cost_center: 'cc-8841' }
    }
  })
  environments.forEach((name, at) => {
    addEnvironment(state, sourceProject, {
      id: 4_711_101 + at,
      name,
      credentials_id: own,
      extended_attributes_id: name === 'staging' || name === 'qa' ? shared : null
    })
  })
  addJob(state, 4_711_101, { id: VARIABLES.nightly, name: 'Nightly', triggers: NIGHTLY })
  addJob(state, 4_711_102, { id: VARIABLES.backfill, name: 'Backfill / EU' })
  addPlainVariables(state)
  addSecrets(state)
  addVariable(state, sourceProject, {
    name: differing.name,
    project: 'dev_suffix',
    environments: { staging: 'staging_suffix' }
  })

  addEnvironment(state, targetProject, { id: 4_711_201, name: 'staging', credentials_id })
  addVariable(state, targetProject, { name: differing.name, project: differing.value })
  addVariable(state, targetProject, {
    name: 'DBT_ONLY_HERE',
    environments: { staging: 'of the target alone' }
  })
  addVariable(state, targetProject, { name: 'DBT_ENV_SECRET_5', project: 'target secret 5' })
  return state
}
