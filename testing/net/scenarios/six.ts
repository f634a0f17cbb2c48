// Six environments and twenty jobs, promoted into an empty project and into one that holds half of it, edited by hand.
import { addJob, SIX, six, type State } from '../../../sandbox/index.ts'
import type { Scenario, Step } from '../play.ts'
import { adds, editEnvironment, editJob, editJobs, edits, editVariable } from './edits.ts'

type Inputs = Readonly<Record<string, string>>

const common: Inputs = {
  token: SIX.token,
  host: 'ab123.us1.dbt.com',
  'account-id': String(SIX.account),
  'source-project': String(SIX.sourceProject),
  mode: 'apply'
}
const kinds = 'environments\njobs\nvariables\noverrides\nextended-attributes'

const toEmpty: Inputs = {
  ...common,
  'target-project': String(SIX.targetProject),
  environments: '*',
  'credentials-id': String(SIX.targetCredentials.production)
}
const toEdited: Inputs = {
  ...common,
  'target-project': String(SIX.editedProject),
  environments: '*',
  'credentials-id': String(SIX.editedCredentials.production)
}

/** What happens in source and target after a promotion. */
function since(target: number): (state: State) => State {
  return edits(
    editJob(SIX.sourceProject, 'Build marts', { execute_steps: ['dbt build -s marts+'] }),
    editJob(SIX.sourceProject, 'Source freshness', { state: 2 }),
    editJob(SIX.sourceProject, 'Documentation', { name: 'Docs' }),
    editJob(target, 'Load sources', { settings: { threads: 12, target_name: 'by_hand' } }),
    editJob(target, 'Full refresh [weekly]', {
      triggers: {
        github_webhook: false,
        git_provider_webhook: false,
        schedule: false,
        on_merge: false
      }
    }),
    editJob(target, 'Ping', { description: 'No marker any more.' }),
    editJob(target, 'Pong', { name: 'Pong, by hand' }),
    editEnvironment(SIX.sourceProject, 'QA', { dbt_version: '1.9.0-latest' }),
    editEnvironment(target, 'Staging', { custom_branch: 'by-hand', use_custom_branch: true }),
    editVariable(SIX.sourceProject, 'DBT_SCHEMA', (old) => `${old}_new`),
    adds((state) => addJob(state, SIX.environments.qa, { name: 'A new one' }))
  )
}

const stories = (inputs: Inputs, more: Partial<Step> = {}): readonly Step[] => [
  { inputs, ...more },
  { inputs, ...more },
  { inputs, ...more, edit: since(Number(inputs['target-project'])) },
  { inputs, undoes: 1 },
  { inputs, undoes: 4 },
  { inputs: { ...inputs, mode: 'check' }, ...more }
]

const variants: Readonly<Record<string, Inputs>> = {
  plain: {},
  'all kinds': { resources: kinds },
  'values shown': { resources: kinds, 'show-values': 'true' },
  adopted: { adopt: 'true' },
  'adopted, all kinds': { adopt: 'true', resources: kinds },
  'by name': { track: 'name' },
  'by name, adopted': { track: 'name', adopt: 'true' },
  'schedule of the source': { schedule: 'source', adopt: 'true' },
  paused: { schedule: 'paused', adopt: 'true' },
  'removals paused': { removals: 'pause', adopt: 'true' },
  labelled: { label: 'team a', adopt: 'true' },
  'all protected': { protect: '*', adopt: 'true' },
  'some protected': { protect: 'Production\nBuild *\nDBT_*', adopt: 'true', resources: kinds },
  'at most three changes': { 'max-changes': '3', adopt: 'true' },
  'only jobs': { resources: 'jobs', adopt: 'true' },
  'only environments': { resources: 'environments' },
  'only variables': { resources: 'variables\noverrides' },
  'some environments': { environments: 'Production -> prod\nStaging\n!QA', adopt: 'true' },
  'some jobs': { jobs: 'Load*\nBuild *\n!*marts\n590108 -> Docs', adopt: 'true' },
  templates: {
    'environment-name': 'prod {name}',
    'job-name': '[{environment}] {name}',
    'custom-branch': 'release/{name}',
    'target-name': '{environment}',
    threads: '2',
    adopt: 'true'
  },
  'fixed values': {
    connection: 'Snowflake production',
    'deployment-type': 'production',
    'dbt-version': 'latest',
    'custom-branch': '(default)',
    adopt: 'true'
  },
  'a connection that nobody has': { connection: 'Nobody' },
  'credentials that nobody has': { 'credentials-id': '4' },
  'jobs by id': { jobs: `590102 -> id:${String(SIX.editedJobs.models)}\n590103` },
  'environments by id': {
    environments: `Production -> id:${String(SIX.editedEnvironments.production)}\nStaging`
  },
  'projects by name': { 'source-project': 'Analytics development' },
  'a token that only reads': { token: SIX.readOnlyToken },
  'two tokens': { token: '', 'source-token': SIX.sourceToken, 'target-token': SIX.targetToken },
  'no such environment': { environments: 'Nowhere' },
  'two into one name': { 'environment-name': 'prod' },
  'inputs that are wrong': { threads: 'many', 'max-changes': '-1', mode: 'maybe', label: '<b>' },
  'one request at a time': { parallelism: '1' },
  'a minute of few requests': { 'requests-per-minute': '20', adopt: 'true' },
  'a short deadline': { 'requests-per-minute': '20', 'deadline-minutes': '1', adopt: 'true' }
}

const files: Readonly<Record<string, string>> = {
  'set and keep': `
jobs:
  rules:
    - match: '*'
      set: { settings.threads: 3 }
      keep: [execution]
    - match: 'Build *'
      name: 'Make {1}'
      set: { triggers: { schedule: false }, deferring_environment_id: null }
    - match: Load sources
      set: { schedule.time.hours: [4, 16] }
environments:
  - from: Production
    to: prod
    set: { custom_branch: release, supports_docs: false }
  - from: Staging
    keep: [dbt_version, custom_branch]
  - '*'
`,
  'values set': `
resources: [environments, jobs, variables, overrides, extended-attributes]
environments: ['*']
variables:
  update: ['*']
  set:
    DBT_SCHEMA: set_here
    DBT_OWN: { project: one, Production: two, Production/Load sources: three }
`,
  'references mapped': `
environments: [Production, Staging]
references:
  jobs: { ${String(SIX.upstreamJob)}: { job: ${String(SIX.upstreamJob)}, project: ${String(SIX.upstreamProject)} } }
  unresolved: drop
connections: { Snowflake production: Snowflake analytics }
`,
  'references that fail': `
environments: [QA]
`,
  'a field that is wrong': `
environments: ['*']
jobs: { rules: [{ match: '*', set: { settings.thread: 3 } }] }
`
}

const both = { empty: toEmpty, edited: toEdited } as const

/** What answers may hold that nobody knows. */
const shapes = {
  'an unknown field of jobs': { path: '/api/v2/*/jobs/*', set: { future: { a: 1 } } },
  'an unknown field of environments': { path: '/api/v3/*/environments/*', set: { future: 'x' } },
  'jobs without a key': { path: '/api/v2/*/jobs/*', drop: ['execution'] },
  'a field of another kind': { path: '/api/v2/*/jobs/*', set: { execute_steps: 'dbt build' } }
} as const

export const ofSix: readonly Scenario[] = Object.entries(both).flatMap(([target, inputs]) => [
  ...Object.entries(variants).map(([name, more]): Scenario => ({
    name: `six environments into the ${target} project/${name}`,
    state: six,
    steps: stories({ ...inputs, ...more })
  })),
  ...Object.entries(files).map(([name, file]): Scenario => {
    const { environments, ...others } = inputs
    return {
      name: `six environments into the ${target} project/file, ${name}`,
      state: six,
      steps: stories({ ...others, ...(environments ? {} : {}), adopt: 'true' }, { file })
    }
  }),
  ...Object.entries(shapes).map(([name, { path, ...reshape }]): Scenario => {
    const faults = [{ path, times: null, action: { kind: 'reshape', ...reshape } as const }]
    return {
      name: `six environments into the ${target} project/${name}`,
      state: six,
      steps: [
        { inputs: { ...inputs, adopt: 'true' } },
        ...stories({ ...inputs, adopt: 'true', resources: kinds }, { faults })
      ]
    }
  }),
  {
    name: `six environments into the ${target} project/a label that comes later`,
    state: six,
    steps: [
      { inputs: { ...inputs, adopt: 'true' } },
      { inputs: { ...inputs, adopt: 'true', label: 'one' } },
      { inputs: { ...inputs, adopt: 'true', label: 'two' } },
      { inputs: { ...inputs, adopt: 'true' } }
    ]
  },
  {
    name: `six environments into the ${target} project/copies by hand`,
    state: six,
    steps: [
      { inputs: { ...inputs, adopt: 'true' } },
      {
        inputs: { ...inputs, adopt: 'true', removals: 'pause' },
        edit: (state) =>
          adds((next) => {
            const found = next.jobs.filter(
              ({ project_id, name }) =>
                project_id === Number(inputs['target-project']) && /^(Load|Docu)/.test(name)
            )
            for (const { id, environment_id, ...job } of found)
              if (id > 0) addJob(next, environment_id, { ...job, name: `Copy of ${job.name}` })
          })(state)
      }
    ]
  },
  {
    name: `six environments into the ${target} project/guards of a rollback`,
    state: six,
    steps: [
      { inputs: { ...inputs, adopt: 'true' } },
      { inputs: { ...inputs, 'max-changes': '2' }, undoes: 1 },
      { inputs: { ...inputs, protect: '*' }, undoes: 2 },
      { inputs: { ...inputs, mode: 'plan' }, undoes: 3 },
      {
        inputs,
        undoes: 4,
        edit: editJobs(
          Number(inputs['target-project']),
          ({ name }) => name.startsWith('Build'),
          () => ({ execute_steps: ['dbt by hand'] })
        )
      },
      { inputs, undoes: 5 }
    ]
  }
])
