// Everything the user asked for, parsed and validated once. The rest of the action knows no inputs.
import type { Selection, Selector } from './selector.ts'
import type { Values } from './kinds/field.ts'

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
  /** Template of the name in the target. */
  readonly name?: string
  /** Values by dotted path that the user fixes. */
  readonly set: Values
}

/**
 * Who decides whether a job runs by itself:
 *
 * - `keep`: new jobs take the source's triggers, existing ones keep their own
 * - `source`: the source, always
 * - `paused`: new jobs have none, existing ones keep their own
 */
export type SchedulePolicy = 'keep' | 'source' | 'paused'

/** A whole promotion, but for tokens and for how it is run. */
export interface PromotionSpec {
  readonly source: Side
  readonly target: Side
  /** The kinds that are promoted. Environments that are not must already be in the target. */
  readonly resources: { readonly environments: boolean; readonly jobs: boolean }
  readonly environments: Selection
  readonly jobs: Selection
  readonly environmentRules: readonly Rule[]
  readonly jobRules: readonly Rule[]
  /** The connection of the promoted environments, where the user names one. */
  readonly connection: { readonly id: number } | { readonly name: string } | null
  readonly schedule: SchedulePolicy
  /** Whether jobs of the target that no promotion made may be taken over by their name. */
  readonly adopt: boolean
  /** How target jobs are recognised: by the marker in their description, or by name alone. */
  readonly track: 'marker' | 'name'
}

/** Whether both sides are one account, which shares connections and may chain jobs across projects. */
export function isOneAccount({
  source,
  target
}: Pick<PromotionSpec, 'source' | 'target'>): boolean {
  return source.account === target.account && source.origin === target.origin
}
