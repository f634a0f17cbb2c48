// Two projects of one account, which most tables of this folder and its neighbours start from: a source that holds
// the environments Staging and QA, and an empty target.
import { byLevel } from '../../src/model/remark.ts'
import {
  addJob,
  find,
  type Environment,
  type Features,
  type Given,
  type Job,
  type JsonObject,
  type State
} from '../../sandbox/index.ts'
import type { DbtClient } from '../../src/dbt/client.ts'
import type { ObjectChange, Create, Update } from '../../src/model/change.ts'
import type { SpecInput } from '../../src/inputs/input-table.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import { specOf, World, type Sent } from '../promote.ts'
import { objectChanges } from '../changes.ts'
import { platform as accountOf } from '../world.ts'

const token = 'dbtc_two_projects'

/** Ids of everything that is there before the first promotion. */
export const ids = {
  account: 28885,
  source: 86704,
  target: 86711,
  third: 86999,
  connection: 56041,
  otherConnection: 56042,
  sourceCredentials: 5901,
  credentials: 108731,
  otherCredentials: 108732,
  thirdCredentials: 108999,
  staging: 5001,
  qa: 5002,
  nightly: 6001
} as const

/** A platform with {@link ids}; the source has one job, Nightly in Staging, without any trigger. */
export function platform(features: Partial<Features> = {}, nightly: Given<Job> = {}): State {
  const projects = {
    [ids.source]: {
      credentials: [ids.sourceCredentials],
      environments: [
        {
          id: ids.staging,
          name: 'Staging',
          jobs: [{ id: ids.nightly, name: 'Nightly', ...nightly }]
        },
        { id: ids.qa, name: 'QA' }
      ]
    },
    [ids.target]: { credentials: [ids.credentials, ids.otherCredentials] },
    [ids.third]: { credentials: [ids.thirdCredentials] }
  }
  return accountOf({
    id: ids.account,
    // Fields are edited one by one, also those that the platform takes only together.
    features: { comparisonNeedsDeferral: false, ...features },
    tokens: { [token]: undefined },
    connections: [
      { id: ids.connection, name: 'Warehouse' },
      { id: ids.otherConnection, name: 'Lakehouse' }
    ],
    projects: Object.entries(projects).map(([id, project]) => ({ id: Number(id), ...project }))
  })
}

/** The same keys for environments and jobs in `Features`. */
export const noKeys = { environment: [], job: [] } as const

export type Inputs = Partial<Record<SpecInput, string>>

/** A promotion of all environments from the source to the target; `more` adds or changes inputs. */
export function inputs(more: Inputs = {}): PromotionSpec {
  return specOf({
    'account-id': String(ids.account),
    'source-project': String(ids.source),
    'target-project': String(ids.target),
    environments: '*',
    'credentials-id': String(ids.credentials),
    ...more
  })
}

/** {@link World} with the edits that people make in the dbt platform. */
export class Platform extends World {
  /** Which write of the next promotions is the last that is heard of: it and all after it never reach the platform. */
  #dies: ((write: Sent, count: number) => boolean) | undefined

  constructor(state: State) {
    super(state, token)
  }

  /** Lets the process die at the first write for which `at` holds; without it, no more. */
  die(at?: (write: Sent, count: number) => boolean): void {
    this.#dies = at
  }

  override client(role: 'source' | 'target', account: number): DbtClient {
    const client = super.client(role, account)
    const dies = this.#dies
    if (!dies) return client
    let dead = false
    let writes = 0
    return {
      ...client,
      send: (request, doing) => {
        if (request.method !== 'GET') dead ||= dies(request, ++writes)
        return dead ? Promise.reject(new Error('killed')) : client.send(request, doing)
      }
    }
  }

  editJob(id: number, change: Given<Job>): void {
    this.#find(this.state.jobs, id)
    const jobs = this.state.jobs.map((job) => (job.id === id ? { ...job, ...change } : job))
    this.state = { ...this.state, jobs }
  }

  /** Bindings are mirrored between an environment and its profile, as the platform does it. */
  editEnvironment(id: number, change: Given<Environment>): void {
    const { primary_profile_id: profile } = this.#find(this.state.environments, id)
    const { connection_id, credentials_id, extended_attributes_id } = change
    const bindings = Object.fromEntries(
      Object.entries({ connection_id, credentials_id, extended_attributes_id }).filter(
        ([, value]) => value !== undefined
      )
    )
    const environments = this.state.environments.map((each) =>
      each.id === id ? { ...each, ...change } : each
    )
    const profiles = this.state.profiles.map((each) =>
      each.id === profile ? { ...each, ...bindings } : each
    )
    this.state = { ...this.state, environments, profiles }
  }

  editFeatures(change: Partial<Features>): void {
    const accounts = this.state.accounts.map((account) => ({
      ...account,
      features: { ...account.features, ...change }
    }))
    this.state = { ...this.state, accounts }
  }

  /** A job that is duplicated in the UI: everything but the id and, mostly, the name. */
  duplicate(id: number, change: Given<Job> = {}): number {
    const job = this.#find(this.state.jobs, id)
    const copy = { ...job, id: undefined, name: `Copy of ${job.name}`, ...change }
    return this.add((state) => addJob(state, copy.environment_id, copy as Given<Job>))
  }

  /** Adds with a builder of the sandbox. */
  add(build: (state: State) => number): number {
    this.state = { ...this.state }
    return build(this.state)
  }

  /** The active jobs of a project, in the order of their ids. */
  jobs(project: number = ids.target): readonly Job[] {
    return this.state.jobs.filter((job) => job.project_id === project && job.state === 1)
  }

  environments(project: number = ids.target): readonly Environment[] {
    return this.state.environments.filter((each) => each.project_id === project && each.state === 1)
  }

  /** The one job of a project with a name. */
  job(name: string, project: number = ids.target): Job {
    return only(
      this.jobs(project).filter((job) => job.name === name),
      name
    )
  }

  environment(name: string, project: number = ids.target): Environment {
    return only(
      this.environments(project).filter((each) => each.name === name),
      name
    )
  }

  #find<T extends { id: number }>(rows: readonly T[], id: number): T {
    const row = find<T & { id: number }>(rows, id)
    if (!row) throw new Error(`There is no ${String(id)}.`)
    return row
  }
}

/** The one item of a list. */
export function only<T>(items: readonly T[], what = 'item'): T {
  const [first, ...more] = items
  if (first === undefined || more.length > 0) {
    throw new Error(`There should be one ${what}, and there are ${String(items.length)}.`)
  }
  return first
}

/** A plan in short: `update job:Staging/Nightly (source) execute_steps`, without what stays as it is. */
export function outline(plan: Plan): readonly string[] {
  return objectChanges(plan).flatMap((change) => {
    switch (change.op) {
      case 'create':
        return [`create ${change.key}`]
      case 'update':
        return [
          [`update ${change.key} (${change.cause})`, ...change.fields.map(({ path }) => path)].join(
            ' '
          )
        ]
      case 'pause':
        return [`pause ${change.key}`]
      case 'unchanged':
        return change.refused.length > 0
          ? [`refused ${change.key} ${change.refused.join(' ')}`]
          : []
    }
  })
}

export function changeOf(plan: Plan, key: string): ObjectChange {
  return only(
    objectChanges(plan).filter((change) => change.key === key),
    key
  )
}

export function updateOf(plan: Plan, key: string): Update {
  const change = changeOf(plan, key)
  if (change.op !== 'update') throw new Error(`${key} is ${change.op}.`)
  return change
}

export function createOf(plan: Plan, key: string): Create {
  const change = changeOf(plan, key)
  if (change.op !== 'create') throw new Error(`${key} is ${change.op}.`)
  return change
}

export const messages = (plan: Plan): readonly string[] =>
  byLevel(plan.remarks).problems.map(({ message }) => message)

/** The alarms in short: `starts job:Staging/Nightly`. */
export const alarms = (plan: Plan): readonly string[] =>
  byLevel(plan.remarks).alarms.map(({ kind, key }) => `${kind} ${key}`)

/** The marker line of a job, or what else is last in its description. */
export const lastLine = ({ description }: Pick<Job, 'description'>): string =>
  description.split('\n').at(-1) ?? ''

/** The bodies of writes, without the envelope. */
export const bodies = (writes: readonly Sent[]): readonly JsonObject[] =>
  writes.map(({ body }) => body ?? {})

export const kinds = (writes: readonly Sent[]): readonly string[] =>
  writes.map(({ path }) => {
    const [, what, id] = /\/(environments|jobs)\/(?:(\d+)\/)?$/.exec(path) ?? []
    return `${id === undefined ? 'create' : 'update'} ${what ?? path}`
  })

/** All triggers of a job, off but for those given. */
export const triggers = (
  on: Partial<Record<'schedule' | 'github_webhook' | 'on_merge', boolean>> = {}
) => ({
  github_webhook: false,
  git_provider_webhook: false,
  schedule: false,
  on_merge: false,
  ...on
})

/** A completion trigger. */
export const after = (job_id: number, project_id: number, statuses: readonly number[] = [10]) => ({
  condition: { job_id, project_id, statuses }
})
