// The other seeds of the sandbox: the blog's example, variables and secrets, two accounts, and long lists.
import {
  BLOG,
  blog,
  SEEDS,
  THOUSAND,
  thousand,
  TWO_ACCOUNTS,
  VARIABLES,
  variables,
  type Features,
  type State
} from '../../../sandbox/index.ts'
import type { Scenario, Step } from '../play.ts'
import { editJob, editVariable, edits } from './edits.ts'

type Inputs = Readonly<Record<string, string>>

const host = 'ab123.us1.dbt.com'

const blogInputs: Inputs = {
  token: BLOG.token,
  host,
  'account-id': String(BLOG.account),
  'source-project': String(BLOG.developmentProject),
  'target-project': String(BLOG.productionProject),
  environments: 'dev-staging -> production',
  'custom-branch': 'main',
  'credentials-id': String(BLOG.productionCredentials),
  mode: 'apply'
}

const story = (inputs: Inputs, edit: NonNullable<Step['edit']>): readonly Step[] => [
  { inputs: { ...inputs, mode: 'plan' } },
  { inputs },
  { inputs },
  { inputs, edit },
  { inputs, undoes: 1 },
  { inputs, undoes: 4 },
  { inputs: { ...inputs, mode: 'check' } }
]

const editBlog = editJob(BLOG.developmentProject, 'run-staging', { execute_steps: ['dbt test'] })

const ofBlog: readonly Scenario[] = Object.entries<Inputs>({
  plain: {},
  'on a push': { mode: 'auto' },
  'a token that only reads': { token: BLOG.readOnlyToken },
  'a token that is none': { token: 'dbtc_nobody' },
  'no such project': { 'target-project': '4' },
  'a project by name': { 'target-project': 'Production project' },
  'a project by a name that none has': { 'target-project': 'Productoin project' },
  'everything missing': { host: '', 'account-id': '', environments: '', token: '' }
}).map(([name, more]) => ({
  name: `the blog's example/${name}`,
  state: blog,
  steps: story({ ...blogInputs, ...more }, editBlog)
}))

const kinds = 'environments\njobs\nvariables\noverrides\nextended-attributes'

const variableInputs: Inputs = {
  token: VARIABLES.token,
  host,
  'account-id': String(VARIABLES.account),
  'source-project': String(VARIABLES.sourceProject),
  'target-project': String(VARIABLES.targetProject),
  environments: '*',
  'credentials-id': String(VARIABLES.targetCredentials),
  resources: kinds,
  secrets: [
    ...VARIABLES.secrets.slice(1).map((name, n) => `${name}: given secret number ${String(n)}`),
    `${String(VARIABLES.secrets[0])}:`,
    '  project: given secret of the project',
    '  dev: given secret of dev',
    '  staging/Backfill / EU: given secret of a job'
  ].join('\n'),
  mode: 'apply'
}

const editValues = edits(
  editVariable(VARIABLES.sourceProject, 'DBT_SETTING_1', (old) => `${old}, edited`),
  editVariable(VARIABLES.targetProject, 'DBT_SETTING_2', (old) => `${old}, by hand`),
  editJob(VARIABLES.sourceProject, 'Nightly', { execute_steps: ['dbt build --select edited'] })
)

const updating = `variables: { update: ['*', '!DBT_SETTING_2'], set: { DBT_SETTING_3: fixed } }\n`

function having(make: () => State, features: Partial<Features>): () => State {
  return () => {
    const state = make()
    return {
      ...state,
      accounts: state.accounts.map((each) => ({
        ...each,
        features: { ...each.features, ...features }
      }))
    }
  }
}

const ofVariables: readonly Scenario[] = [
  ...Object.entries<Inputs>({
    plain: {},
    'values shown': { 'show-values': 'true' },
    'secrets written anew': { 'rewrite-secrets': 'true' },
    'no secrets given': { secrets: '' },
    'secrets that nobody has': { secrets: 'DBT_ENV_SECRET_NOBODY: text of nobody' },
    'only variables': { resources: 'environments\nvariables' },
    'only attributes': { resources: 'environments\nextended-attributes' },
    'only environments and jobs': { resources: '' },
    'a token that sees no variables': { token: VARIABLES.blindToken },
    'a token that sees no variables, without them': {
      token: VARIABLES.blindToken,
      resources: '',
      secrets: ''
    },
    'some protected': { protect: 'DBT_SETTING_1*\nstaging' }
  }).map(([name, more]): Scenario => ({
    name: `variables/${name}`,
    state: variables,
    steps: story({ ...variableInputs, ...more }, editValues)
  })),
  {
    name: 'variables/values that follow',
    state: variables,
    steps: story(variableInputs, editValues).map((step) => ({ ...step, file: updating }))
  },
  ...Object.entries<Partial<Features>>({
    'listed with the jobs': { jobVariables: true },
    'attributes as text': { attributesAsText: true },
    'values that are not mentioned are reset': { unmentionedValues: 'reset' as never },
    'an old platform': {
      stateAwareOrchestration: false,
      efficientTesting: false,
      dbtState: false,
      modelQueryHistory: false
    },
    'keys that are missing': {
      missingKeys: { environment: ['enable_dbt_state'], job: ['run_lint'] }
    },
    'keys that are new': { futureKeys: { environment: ['future_one'], job: ['future_two'] } }
  }).map(([name, features]): Scenario => ({
    name: `variables/${name}`,
    state: having(variables, features),
    steps: story(variableInputs, editValues).map((step) => ({ ...step, file: updating }))
  }))
]

const { source, target, connections } = TWO_ACCOUNTS
const twoInputs: Inputs = {
  'source-token': source.token,
  'target-token': target.token,
  host,
  'target-host': 'cd456.eu1.dbt.com',
  'account-id': String(source.account),
  'target-account-id': String(target.account),
  'source-project': String(source.project),
  'target-project': String(target.project),
  mode: 'apply'
}
const twoFile = `environments:
  - { from: Production, set: { credentials_id: ${String(target.credentials.production)} } }
  - { from: Staging, set: { credentials_id: ${String(target.credentials.staging)} } }
  - { from: Marketing, set: { credentials_id: ${String(target.credentials.marketing)} } }
`
const mapping = `connections: { ${connections.same}: ${connections.same}, ${connections.sourceMarketing}: ${connections.targetMarketing} }\n`

const ofTwoAccounts: readonly Scenario[] = Object.entries({
  'nothing mapped': twoFile,
  mapped: twoFile + mapping,
  'mapped, all kinds': `${twoFile}${mapping}resources: [environments, jobs, variables, overrides, extended-attributes]\n`
}).map(([name, file]) => ({
  name: `two accounts/${name}`,
  state: SEEDS['two-accounts'] ?? blog,
  steps: story(
    twoInputs,
    editJob(source.project, 'Build', { execute_steps: ['dbt build --select edited'] })
  ).map((step) => ({ ...step, file }))
}))

const longInputs: Inputs = {
  token: THOUSAND.token,
  host,
  'account-id': String(THOUSAND.account),
  'source-project': String(THOUSAND.sourceProject),
  'target-project': String(THOUSAND.targetProject),
  environments: '*',
  'credentials-id': String(THOUSAND.targetCredentials),
  mode: 'apply'
}

const ofLongLists: readonly Scenario[] = [
  {
    name: 'long lists/230 jobs',
    state: () => thousand(230),
    steps: story(
      longInputs,
      editJob(THOUSAND.sourceProject, '[PROD] Daily build 0', { execute_steps: ['dbt edited'] })
    )
  }
]

export const ofSeeds: readonly Scenario[] = [
  ...ofBlog,
  ...ofVariables,
  ...ofTwoAccounts,
  ...ofLongLists
]
