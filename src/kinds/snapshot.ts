// What a project holds now, as read through the API.
import type { Attributes } from './attributes.ts'
import type { Credentials } from './credentials.ts'
import type { Environment } from './environment.ts'
import type { Job } from './job.ts'
import type { Overrides } from './override.ts'
import type { Project } from './project.ts'
import { idsSet, ownedNeeds, type OwnedRef, type OwnedState } from '../model/owned.ts'
import type { Variable } from './variable.ts'
import type { Place } from '../model/request.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** One side at one moment. Soft-deleted objects are left out. */
export interface Snapshot {
  readonly origin: string
  readonly account: number
  readonly project: Project
  readonly environments: readonly Environment[]
  readonly jobs: readonly Job[]
  /** Whether the credentials that the spec names belong to the project; `unknown` where the token may not see them. */
  readonly credentials: ReadonlyMap<number, 'own' | 'foreign' | 'unknown'>
  /** The credentials of the project, where the plan may have to name them; empty where the token may not see any. */
  readonly listedCredentials: readonly Credentials[]
  /** Whether the extended attributes and profiles that the spec names belong to the project. */
  readonly owned: readonly OwnedState[]
  /** The connections of the account; empty unless the spec names one, `unknown` where the token may not list them. */
  readonly connections: readonly { readonly id: number; readonly name: string }[] | 'unknown'
  /** Jobs of the source that were asked for by id and are not there any more. */
  readonly gone: ReadonlySet<number>
  /** The variables; null where it is not known what there is. */
  readonly variables: readonly Variable[] | null
  /** The overrides of the jobs for which they were asked, by the id of the job. */
  readonly overrides: ReadonlyMap<number, Overrides>
  /** The extended attributes that were asked for, by id. */
  readonly attributes: ReadonlyMap<number, Attributes>
  /** Those that were asked for and are not there any more, though environments refer to them. */
  readonly deadAttributes: ReadonlySet<number>
}

/** Where the objects of a side live. */
export function placeOf({
  account,
  project
}: {
  readonly account: number
  readonly project: { readonly id: number }
}): Place {
  return { account, project: project.id }
}

/** Both sides at one moment. */
export interface Sides {
  readonly source: Snapshot
  readonly target: Snapshot
}

/** What must be read of a side besides environments and jobs. */
export interface Needs {
  readonly credentials: readonly number[]
  readonly owned: readonly OwnedRef[]
  readonly connections: boolean
  /** Whether to ask for the overrides of jobs along with the jobs. */
  readonly overrides: boolean
}

/** What a spec needs to know of the source. */
export function sourceNeeds(spec: PromotionSpec): Needs {
  return {
    credentials: [],
    owned: [],
    connections: spec.connections.some(({ from }) => 'name' in from),
    overrides: spec.resources.overrides
  }
}

/** What a spec needs to know of the target. */
export function targetNeeds(spec: PromotionSpec): Needs {
  return {
    credentials: idsSet(spec, 'credentials_id'),
    owned: ownedNeeds(spec),
    connections:
      spec.connections.length > 0 ||
      spec.environmentRules.some((rule) => 'connection' in rule) ||
      (spec.resources.environments && idsSet(spec, 'connection_id').length > 0),
    overrides: spec.resources.overrides
  }
}
