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

/** A whole promotion, but for tokens and for how it is run. */
export interface PromotionSpec {
  readonly source: Side
  readonly target: Side
  readonly environments: Selection
  readonly jobs: Selection
  readonly environmentRules: readonly Rule[]
  readonly jobRules: readonly Rule[]
}
