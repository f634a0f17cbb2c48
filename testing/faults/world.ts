// The promotion that everything goes wrong with: two environments, one to create and one to update, and twenty jobs
// with links of every kind, some to create and some to update; beside them things that must stay as they are.
import {
  addEnvironment,
  addJob,
  TABLES,
  type Environment,
  type Job,
  type State
} from '../../sandbox/index.ts'
import type { Promotion } from './promotion.ts'
import {
  placesOfValues,
  seenRecords,
  seenVariables,
  theirOwn,
  type SeenValues
} from './seen-values.ts'
import { platform } from '../world.ts'

/** The tokens differ, so that the harness knows which side a request is of. */
export const tokens = { source: 'dbtc_source_5f1c09', target: 'dbtc_target_a81e77' } as const

export const account = 28885
export const sourceProject = 86704
export const targetProject = 86711
const credentials = 108731

/** Texts that go along in requests though nothing about them changes: where one shows, a body was logged. */
export const canaries = ['canary-branch-77aa', 'canary-target-31bd'] as const

/** A value of a variable, or of extended attributes, that no note may show. */
export function canaryOf(text: string): string {
  return `zebra-${text.replaceAll(' ', '-')}-${String(text.length)}`
}

/** The inputs of the promotion. */
export const inputs = {
  'source-token': tokens.source,
  'target-token': tokens.target,
  host: 'ab123.us1.dbt.com',
  'account-id': String(account),
  'source-project': String(sourceProject),
  'target-project': String(targetProject),
  environments: '*',
  'environment-name': 'prod {name}',
  'credentials-id': String(credentials),
  schedule: 'source',
  mode: 'apply'
} as const

/** The inputs of the promotion that was before: only the environment that is updated now. */
export const earlierInputs = { ...inputs, environments: 'Beta' }

const alpha = 5_000_100
export const beta = 5_000_200
/** The first of the jobs of an environment. */
export const firstOf = { alpha: 5_500_000, beta: 5_600_000 }

/** No trigger at all. */
export const off = {
  github_webhook: false,
  git_provider_webhook: false,
  schedule: false,
  on_merge: false
}
/** A start after a job of the source. */
export const completionOf = (job: number): Job['job_completion_trigger_condition'] => ({
  condition: { job_id: job, project_id: sourceProject, statuses: [10] }
})

/** The platform before the earlier promotion. */
export function earlierState(): State {
  const jobs = [1, 2, 3, 4, 5, 6, 7].map((n) => ({
    id: firstOf.beta + n,
    name: `b${String(n)}`,
    triggers: { ...off, schedule: n === 2 },
    deferring_job_definition_id: n === 3 ? firstOf.beta + 3 : null,
    job_completion_trigger_condition: n === 6 ? completionOf(firstOf.beta + 1) : null
  }))
  // Names of the promotion, in an environment that it does not name.
  const theirs = ['a1', 'b1', 'nightly'].map((name, index) => ({ id: 800_100 + index, name }))
  return platform({
    id: account,
    tokens: {
      [tokens.source]: { [String(sourceProject)]: { access: 'read' } },
      [tokens.target]: { [String(targetProject)]: { access: 'write' } }
    },
    connections: [{ id: 56041 }],
    projects: [
      {
        id: sourceProject,
        credentials: [5_900_001],
        environments: [{ id: beta, name: 'Beta', jobs }]
      },
      {
        id: targetProject,
        credentials: [credentials],
        environments: [{ id: 800_001, name: theirOwn, jobs: theirs }]
      }
    ]
  })
}

/** What happened since: edits in the source and additions to it; in the target, values that are its own. */
export function sinceThen(promoted: State): State {
  const edits: Readonly<Record<number, Partial<Job>>> = {
    [firstOf.beta + 1]: { execute_steps: ['dbt build --select one'] },
    [firstOf.beta + 2]: { settings: { threads: 9, target_name: 'default' } },
    [firstOf.beta + 3]: { description: 'Edited.\nOn two lines.' },
    [firstOf.beta + 4]: { job_completion_trigger_condition: completionOf(firstOf.alpha + 1) },
    [firstOf.beta + 5]: { name: 'b5, renamed' }
  }
  const isTarget = ({ project_id }: { readonly project_id: number }): boolean =>
    project_id === targetProject
  const state: State = {
    ...promoted,
    environments: promoted.environments.map((each) => {
      if (each.id === beta) return { ...each, dbt_version: '1.8.0', raw_dbt_version: '1.8.0' }
      return isTarget(each) && each.name === 'prod Beta'
        ? { ...each, use_custom_branch: true, custom_branch: canaries[0] }
        : each
    }),
    jobs: promoted.jobs.map((each) =>
      isTarget(each) && each.name.startsWith('b') && each.id > 1_000_000
        ? { ...each, settings: { ...each.settings, target_name: canaries[1] } }
        : { ...each, ...edits[each.id] }
    )
  }
  addEnvironment(state, sourceProject, { id: alpha, name: 'Alpha', credentials_id: 5_900_001 })
  const a = (n: number): number => firstOf.alpha + n
  // A chain, a cycle, a self-deferral, deferrals to both environments, and jobs without links.
  const links: Readonly<Record<number, Partial<Job>>> = {
    2: { job_completion_trigger_condition: completionOf(a(1)) },
    3: { job_completion_trigger_condition: completionOf(a(2)) },
    4: { deferring_job_definition_id: a(4) },
    5: { job_completion_trigger_condition: completionOf(a(6)) },
    6: { job_completion_trigger_condition: completionOf(a(5)) },
    7: { deferring_job_definition_id: firstOf.beta + 1 },
    8: { deferring_environment_id: beta },
    9: { deferring_environment_id: alpha },
    10: { deferring_job_definition_id: a(1), triggers: { ...off, schedule: true } },
    11: { triggers: { ...off, schedule: true } }
  }
  for (let n = 1; n <= 13; n++)
    addJob(state, alpha, { id: a(n), name: `a${String(n)}`, ...links[n] })
  return state
}

/** The promotion by inputs. */
export const byInputs: Promotion = {
  name: 'inputs',
  earlierInputs,
  inputs,
  earlierState,
  sinceThen,
  places: [
    'read source',
    'read target',
    'read names',
    'read again',
    'create env',
    'update env',
    'create job',
    'link job',
    'update job'
  ],
  jobs: 20,
  gone: []
}

/** An object of the target as it is told apart and compared: references by name, without what the platform counts. */
export interface Seen {
  readonly id: number
  readonly kind: 'environment' | 'job' | SeenValues['kind']
  readonly environment: string
  readonly name: string
  /** The source object that the marker of a job names; empty without one. */
  readonly origin: string
  /** Whether it is a job that starts by itself. */
  readonly runs: boolean
  /** Its values, as text. */
  readonly values: string
  /** The same without what starts a job, and the type that follows from it. */
  readonly rest: string
}

/** What the target project holds of the promotion: all but the environment that it does not name. */
export function seen(state: State): readonly Seen[] {
  const environments = new Map(state.environments.map((each) => [each.id, each]))
  const jobs = new Map(state.jobs.map((each) => [each.id, each]))
  const isMeant = ({ project_id, state: life }: Environment | Job): boolean =>
    project_id === targetProject && life === 1
  const environmentName = (id: number | null): string =>
    id === null ? '' : (environments.get(id)?.name ?? `environment ${String(id)}`)
  const jobName = (id: number | null): string => {
    const job = id === null ? undefined : jobs.get(id)
    return job ? `${environmentName(job.environment_id)}/${job.name}` : String(id)
  }
  return [
    ...state.environments.filter(isMeant).flatMap((each): Seen[] => {
      if (each.name === theirOwn) return []
      const { id, name } = each
      const values = {
        ...each,
        id: 0,
        created_at: '',
        updated_at: '',
        primary_profile_id: 0,
        // What the record holds is seen with the record.
        extended_attributes_id: each.extended_attributes_id === null ? null : 'a record'
      }
      const own = { id, kind: 'environment', environment: name, name, origin: '' } as const
      return [{ ...own, runs: false, values: text(values), rest: text(values) }]
    }),
    ...state.jobs.filter(isMeant).flatMap((each): Seen[] => {
      const environment = environmentName(each.environment_id)
      if (environment === theirOwn) return []
      const marker = /Promoted by dbt-promote from (\S+) \(v1 (\S+)\)/.exec(each.description)
      const condition = each.job_completion_trigger_condition?.condition
      const values = {
        ...each,
        id: 0,
        created_at: '',
        updated_at: '',
        environment_id: environment,
        deferring_environment_id: environmentName(each.deferring_environment_id),
        deferring_job_definition_id: jobName(each.deferring_job_definition_id),
        job_completion_trigger_condition: condition
          ? { ...condition, job_id: jobName(condition.job_id) }
          : null,
        // The digests are over ids too, which depend on the order of the creates.
        description: each.description.replace(/\(v1 [0-9a-f.]+\)/, '(v1 …)')
      }
      return [
        {
          id: each.id,
          kind: 'job',
          environment,
          name: each.name,
          origin: marker?.[1] ?? '',
          runs: runs(each),
          values: text(values),
          rest: text({ ...values, ...withoutStart })
        }
      ]
    }),
    ...[...seenVariables(state, targetProject), ...seenRecords(state, targetProject)].map(
      ({ held, ...each }): Seen => {
        const values = text(held)
        return { ...each, origin: '', runs: false, values, rest: values }
      }
    )
  ]
}

const withoutStart = { triggers: null, job_completion_trigger_condition: null, job_type: '' }

/** Whether a job starts by itself. */
export function runs(job: Pick<Job, 'triggers' | 'job_completion_trigger_condition'>): boolean {
  return Object.values(job.triggers).includes(true) || job.job_completion_trigger_condition !== null
}

/** Everything that the promotion must not touch, as text. */
export function untouched(state: State): string {
  const own = new Set([
    ...seen(state).map(({ id }) => id),
    ...placesOfValues(state, targetProject).keys()
  ])
  return text(
    TABLES.filter((table) => table !== 'profiles').map((table) => [
      table,
      // The values of a variable are written along as they are, each time that one of them changes.
      state[table].flatMap((row) =>
        own.has(row.id) ? [] : [table === 'variables' ? { ...row, updated_at: '' } : row]
      )
    ])
  )
}

function text(value: unknown): string {
  return JSON.stringify(value)
}
