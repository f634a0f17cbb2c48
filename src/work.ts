// What a run does: a promotion, or the rollback of one. Once both know what is there, they differ in their plan alone.
import type { Clients } from './dbt/client.ts'
import { readDetails, readLists } from './dbt/snapshot.ts'
import { pair } from './promotion/pair.ts'
import { readRollbackTarget } from './dbt/rollback-target.ts'
import type { Tokens } from './inputs/inputs.ts'
import type { Journal } from './rollback/journal.ts'
import { targetOf } from './rollback/journal.ts'
import { planPromotion } from './promotion/plan.ts'
import { promoting, type Planned } from './promotion/planner.ts'
import { undoing, type RollbackSpec } from './rollback/rollback.ts'
import type { PromotionSpec, Side } from './model/spec.ts'

/** The work of a run. */
export interface Work {
  readonly sides: { readonly source: Side; readonly target: Side }
  readonly tokens: Tokens
  /** Reads what is there, and plans. @throws Failure when it can't be read whole */
  readonly plan: (clients: Clients) => Promise<Planned>
}

/** The work of a promotion. */
export function promotionOf(spec: PromotionSpec, tokens: Tokens): Work {
  return {
    sides: spec,
    tokens,
    plan: async (clients) => {
      const lists = await readLists(clients, spec)
      const pairs = pair(spec, lists.source, lists.target)
      const { source, target } = await readDetails(clients, pairs, lists)
      const plan = planPromotion(pairs, source, target)
      return { plan, target, planner: promoting(spec, source) }
    }
  }
}

/** The work of a rollback. Nothing is asked of the source, so it needs no token. */
export function rollbackOf(spec: RollbackSpec, journal: Journal, { target }: Tokens): Work {
  const side = targetOf(journal)
  return {
    sides: { source: side, target: side },
    tokens: { source: target, target },
    plan: async (clients) => {
      const target = await readRollbackTarget(clients.target, journal)
      const planner = undoing(spec, journal)
      return { plan: planner.plan(target), target, planner }
    }
  }
}
