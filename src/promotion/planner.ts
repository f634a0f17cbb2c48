// How a run plans: from what the target holds, when it is read first, and once more before the first write.
import { planPromotion, type Plan } from './plan.ts'
import type { Snapshot } from './snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** Plans from what the target holds. */
export interface Planner {
  readonly plan: (target: Snapshot) => Plan
  /** Whether it must know the overrides of the jobs. */
  readonly overrides: boolean
}

/** Plans a promotion of what the source held. */
export function promoting(spec: PromotionSpec, source: Snapshot): Planner {
  return {
    plan: (target) => planPromotion(spec, source, target),
    overrides: spec.resources.overrides
  }
}
