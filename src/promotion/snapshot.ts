// What a project holds now, as read through the API.
import type { Environment } from './kinds/environment.ts'
import type { Job } from './kinds/job.ts'
import type { Project } from './kinds/project.ts'
import type { PromotionSpec } from './spec.ts'

/** One side at one moment. Soft-deleted objects are left out. */
export interface Snapshot {
  readonly origin: string
  readonly account: number
  readonly project: Project
  readonly environments: readonly Environment[]
  readonly jobs: readonly Job[]
  /** Whether the credentials that the spec names belong to the project; `unknown` where the token may not see them. */
  readonly credentials: ReadonlyMap<number, 'own' | 'foreign' | 'unknown'>
  /** The connections of the account; empty unless the spec names one. */
  readonly connections: readonly { readonly id: number; readonly name: string }[]
}

/** What must be read of the target besides environments and jobs. */
export interface Needs {
  readonly credentials: readonly number[]
  readonly connections: boolean
}

/** For the source, which is read for its environments and jobs alone. */
export const nothingElse: Needs = { credentials: [], connections: false }

/** What a spec needs to know of the target. */
export function needsOf(spec: PromotionSpec): Needs {
  const ids = spec.environmentRules.flatMap(({ set }) => {
    const id = set['credentials_id']
    return typeof id === 'number' ? [id] : []
  })
  return { credentials: [...new Set(ids)], connections: spec.connection !== null }
}
