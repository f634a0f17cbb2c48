// Everything the user asked for, parsed and validated once. The rest of the action knows no inputs and no config file.
import type { Selection, Selector } from './selector.ts'
import type { Setting } from './paths.ts'

/** One side of a promotion. */
export interface Side {
  /** Origin of the API and the UI, e.g. `https://ab123.us1.dbt.com`. */
  readonly origin: string
  readonly account: number
  /** By id, or by exact name. */
  readonly project: { readonly id: number } | { readonly name: string }
}

/** What is done with the resources that a selector matches. All rules that match apply, later ones win. */
export interface Rule {
  readonly match: Selector
  /** The environments of the source whose jobs it is for; of all, where none is said. */
  readonly environment?: Selector
  /** Their ids, once the source is known. */
  readonly environments?: ReadonlySet<number>
  /** The type of the jobs that it is for. */
  readonly type?: string
  /** Template of the name in the target. */
  readonly name?: string
  /** The id of the object of the target that is taken over, in place of a name. */
  readonly takes?: number
  /** Values that the user fixes. */
  readonly set: readonly Setting[]
  /** The connection of environments, to be found in the account of the target; it fixes `connection_id`. */
  readonly connection?: ConnectionRef
  /** Paths that are left to the target once the object is there. */
  readonly keep: readonly string[]
}

/**
 * Who decides whether a job runs by itself:
 *
 * - `keep`: new jobs take the source's triggers, existing ones keep their own
 * - `source`: the source, always
 * - `paused`: new jobs have none, existing ones keep their own
 */
type SchedulePolicy = 'keep' | 'source' | 'paused'

/** An object of the target side, or a job of a third project. */
export interface MappedJob {
  readonly id: number
  /** The project that the job lives in; null for the target project. */
  readonly project: number | null
}

/** What references of the source stand for in the target, where the user says it. */
interface ReferenceMap {
  /** By id of the source job, of any project. */
  readonly jobs: ReadonlyMap<number, MappedJob>
  /** By id of the source environment. */
  readonly environments: ReadonlyMap<number, number>
  /** What becomes of a reference that nothing resolves. */
  readonly unresolved: 'fail' | 'drop'
}

/** A connection by id or by exact name. */
export type ConnectionRef = { readonly id: number } | { readonly name: string }

/** The kinds of resources, by whether they are promoted. */
export interface Resources {
  readonly environments: boolean
  readonly jobs: boolean
  readonly variables: boolean
  readonly overrides: boolean
  /** The content of extended attributes. */
  readonly attributes: boolean
}

/** Which secrets the user gives, by name: null for everywhere, else the places. Their values only apply knows. */
export type GivenSecrets = ReadonlyMap<string, readonly string[] | null>

/** Values of variables in the target, by name: one for everywhere, or one for each place. */
export type SetValues = ReadonlyMap<string, string | ReadonlyMap<string, string>>

/** A connection of the source, as the config file names it, and the one that it stands for. */
interface MappedConnection {
  readonly key: string
  readonly from: ConnectionRef
  readonly to: ConnectionRef
}

/** A whole promotion, but for tokens, secrets and for how it is run. */
export interface PromotionSpec {
  readonly source: Side
  readonly target: Side
  /** The kinds that are promoted. Environments that are not must already be in the target. */
  readonly resources: Resources
  readonly environments: Selection
  readonly jobs: Selection
  readonly environmentRules: readonly Rule[]
  readonly jobRules: readonly Rule[]
  readonly references: ReferenceMap
  /** What connections of the source stand for in the target, for new environments. */
  readonly connections: readonly MappedConnection[]
  /** The variables of which values that the target has change too, and those that get other values there. */
  readonly variables: { readonly update: Selection; readonly set: SetValues }
  readonly secrets: GivenSecrets
  /** Whether given secrets are written also where the target has one. */
  readonly rewriteSecrets: boolean
  readonly schedule: SchedulePolicy
  /** Whether jobs of the target that no promotion made may be taken over by their name. */
  readonly adopt: boolean
  /** How target jobs are recognised: by the marker in their description, or by name alone. */
  readonly track: 'marker' | 'name'
  /** What becomes of promoted jobs whose source job is gone. */
  readonly removals: 'none' | 'pause'
  /** More changes than this are a problem; null for no limit. */
  readonly maxChanges: number | null
  /** Names and ids of the target that must not change. */
  readonly protect: readonly Selector[]
  /** The name of this promotion, where several share a target; empty for none. */
  readonly label: string
}

/** Whether both sides are one account, which shares connections and may chain jobs across projects. */
export function isOneAccount({
  source,
  target
}: Pick<PromotionSpec, 'source' | 'target'>): boolean {
  return source.account === target.account && source.origin === target.origin
}
