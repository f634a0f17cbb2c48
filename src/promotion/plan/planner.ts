// How a run plans: from what the target holds, when it is read first, and once more before the first write.
import type { Journal } from '../rollback/journal.ts'
import { planPromotion, type Plan } from './plan.ts'
import { planRollback, type RollbackSpec } from '../rollback/rollback.ts'
import type { Snapshot } from '../snapshot.ts'
import type { PromotionSpec } from '../spec/spec.ts'

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

/** Plans the rollback of a journal. */
export function undoing(spec: RollbackSpec, journal: Journal): Planner {
  return {
    plan: (target) => planRollback(spec, journal, target),
    overrides: journal.entries.some(({ kind }) => kind === 'override')
  }
}
