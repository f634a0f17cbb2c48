// Pairs what is promoted with what stands for it in the target: select, rewrite, match, once for each look at the target.
// What the pairs still need is read after it.
import type { PromotionSpec } from '../model/spec.ts'
import { literalRules } from './literal.ts'
import { match, type Matched } from './match.ts'
import { rewrite, type Rewritten } from './rewrite.ts'
import { selectSource, type Selected } from './select.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** The pairs of a promotion. */
export interface Pairs {
  /** The spec, with its rules read by what the source has. */
  readonly spec: PromotionSpec
  readonly selected: Selected
  readonly desired: Rewritten
  readonly matched: Matched
}

/** Pairs the resources that a spec selects with the objects of the target. */
export function pair(given: PromotionSpec, source: Snapshot, target: Snapshot): Pairs {
  const spec = literalRules(given, source)
  const selected = selectSource(spec, source)
  const desired = rewrite(spec, selected, source, target)
  return { spec, selected, desired, matched: match(spec, desired, source, target) }
}
