// How a run plans: from what the target holds, when it is read first, and once more before the first write.
import type { PromotionSpec } from '../model/spec.ts'
import { pair } from './pair.ts'
import { planPromotion, type Plan } from './plan.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** Plans from what the target holds. */
export interface Planner {
  readonly plan: (target: Snapshot) => Plan
  /** Whether it must know the overrides of the jobs. */
  readonly overrides: boolean
}

/** A plan, with what it was made from. */
export interface Planned {
  readonly plan: Plan
  readonly target: Snapshot
  /** Makes it anew, from another look at the target. */
  readonly planner: Planner
}

/** Plans a promotion of what the source held. */
export function promoting(spec: PromotionSpec, source: Snapshot): Planner {
  return {
    plan: (target) => planPromotion(pair(spec, source, target), source, target),
    overrides: spec.resources.overrides
  }
}
