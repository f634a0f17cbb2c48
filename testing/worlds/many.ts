// What a promotion can do, each with as many objects as one likes: what is there, what happened, and the run that counts.
import type { GivenVariable, Job, State } from '../../sandbox/index.ts'
import type { Scenario, Step } from '../net/play.ts'
import { platform, type GivenProject } from '../world.ts'

const account = 28885
const token = 'dbtc_many'
const [source, target] = [1, 2] as const
const credentials = 21
const first = { environment: 5_000_000, job: 5_100_000, attributes: 5_200_000 }
const on = { github_webhook: false, git_provider_webhook: false, schedule: true, on_merge: false }

const inputs = {
  token,
  host: 'ab123.us1.dbt.com',
  'account-id': String(account),
  'source-project': String(source),
  'target-project': String(target),
  environments: '*',
  'credentials-id': String(credentials),
  mode: 'apply',
  parallelism: '50',
  'requests-per-minute': '5000'
}

const each = <T>(size: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: size }, (_, n) => make(n))

const jobs = (size: number, more: Partial<Job> = {}): readonly Partial<Job>[] =>
  each(size, (n) => ({ id: first.job + n, name: `Job ${String(n)}`, ...more }))

/** Two projects; the source has an environment with some jobs. */
function projects(
  given: readonly Partial<Job>[],
  more: {
    readonly source?: Partial<GivenProject>
    readonly target?: Partial<GivenProject>
    readonly features?: { readonly jobVariables: boolean }
    readonly others?: readonly GivenProject[]
    readonly connections?: number
  } = {}
): () => State {
  const environment = { id: first.environment, name: 'prod', jobs: given }
  const next = { id: first.environment + 1, name: 'next' }
  return () =>
    platform({
      id: account,
      tokens: { [token]: undefined },
      ...(more.features ? { features: more.features } : {}),
      connections: each(more.connections ?? 1, (n) => ({ name: `Warehouse ${String(n)}` })),
      projects: [
        { id: source, name: 'Shop', environments: [environment, next], ...more.source },
        { id: target, name: 'Shop production', credentials: [credentials], ...more.target },
        ...(more.others ?? [])
      ]
    })
}

const ofSource =
  (change: (job: Job) => Partial<Job>): NonNullable<Step['edit']> =>
  (state) => ({
    ...state,
    jobs: state.jobs.map((job) => (job.project_id === source ? { ...job, ...change(job) } : job))
  })

const all = { ...inputs, resources: 'environments\njobs\nvariables\noverrides' }
const overridden = (size: number): readonly GivenVariable[] => [
  {
    name: 'DBT_A',
    project: 'a value',
    jobs: Object.fromEntries(each(size, (n) => [first.job + n, `value ${String(n)}`]))
  }
]

type Made = Pick<Scenario, 'state' | 'steps'>

/** By capability, what is played; the last run counts. */
export const capabilities: Readonly<Record<string, (size: number) => Made>> = {
  'a no-op': (size) => ({ state: projects(jobs(size)), steps: [{ inputs }, { inputs }] }),
  create: (size) => ({ state: projects(jobs(size)), steps: [{ inputs }] }),
  update: (size) => ({
    state: projects(jobs(size)),
    steps: [{ inputs }, { inputs, edit: ofSource(() => ({ execute_steps: ['dbt edited'] })) }]
  }),
  adopt: (size) => ({
    state: projects(jobs(size), {
      target: {
        environments: [{ name: 'prod', jobs: each(size, (n) => ({ name: `Job ${String(n)}` })) }]
      }
    }),
    steps: [{ inputs: { ...inputs, adopt: 'true' } }]
  }),
  move: (size) => ({
    state: projects(jobs(size)),
    steps: [
      { inputs },
      { inputs, edit: ofSource(() => ({ environment_id: first.environment + 1 })) }
    ]
  }),
  'new variables': (size) => ({
    state: projects([], {
      source: {
        variables: each(size, (n) => ({
          name: `DBT_V${String(n)}`,
          project: `value ${String(n)}`,
          environments: { prod: `value ${String(n)} there` }
        }))
      }
    }),
    steps: [{ inputs: { ...inputs, resources: 'environments\nvariables' } }]
  }),
  'new overrides, listed with the jobs': (size) => ({
    state: projects(jobs(size), {
      features: { jobVariables: true },
      source: { variables: overridden(size) }
    }),
    steps: [{ inputs: all }]
  }),
  'new overrides, not listed with them': (size) => ({
    state: projects(jobs(size), { source: { variables: overridden(size) } }),
    steps: [{ inputs: all }]
  }),
  'overrides as they are, listed with the jobs': (size) => ({
    state: projects(jobs(size), {
      features: { jobVariables: true },
      source: { variables: overridden(size) }
    }),
    steps: [{ inputs: all }, { inputs: all }]
  }),
  'overrides as they are, not listed with them': (size) => ({
    state: projects(jobs(size), { source: { variables: overridden(size) } }),
    steps: [{ inputs: all }, { inputs: all }]
  }),
  'new extended attributes': (size) => ({
    state: projects([], {
      source: {
        attributes: Object.fromEntries(
          each(size, (n) => [first.attributes + n, { warehouse: `W${String(n)}` }])
        ),
        environments: each(size, (n) => ({
          id: first.environment + n,
          name: `Environment ${String(n)}`,
          extended_attributes_id: first.attributes + n
        }))
      }
    }),
    steps: [{ inputs: { ...inputs, resources: 'environments\nextended-attributes' } }]
  }),
  // A source without any job would stop it.
  removals: (size) => ({
    state: projects(jobs(size + 1, { triggers: on })),
    steps: [
      { inputs },
      {
        inputs: { ...inputs, removals: 'pause' },
        edit: ofSource(({ id }) => (id < first.job + size ? { state: 2 } : {}))
      }
    ]
  }),
  'the rollback of an update': (size) => ({
    state: projects(jobs(size)),
    steps: [
      { inputs },
      { inputs, edit: ofSource(() => ({ execute_steps: ['dbt edited'] })) },
      { inputs, undoes: 1 }
    ]
  }),
  'the rollback of a create': (size) => ({
    state: projects(jobs(size, { triggers: on })),
    steps: [{ inputs }, { inputs, undoes: 1 }]
  }),
  'a connection by name, of so many': (size) => ({
    state: projects(jobs(1), { connections: size }),
    steps: [{ inputs: { ...inputs, connection: `Warehouse ${String(size - 1)}` } }]
  }),
  'projects by name, of so many': (size) => ({
    state: projects(jobs(1), {
      others: each(size, (n) => ({ id: 100 + n, name: `Shop ${String(n)}` }))
    }),
    steps: [
      { inputs: { ...inputs, 'source-project': 'Shop', 'target-project': 'Shop production' } }
    ]
  }),
  'mode check': (size) => ({
    state: projects(jobs(size)),
    steps: [{ inputs }, { inputs: { ...inputs, mode: 'check' } }]
  })
}
