// What a run does: a promotion, or the rollback of one. Once both know what is there, they differ in their plan alone.
import type { Clients } from './dbt/client.ts'
import { readBoth } from './dbt/snapshot.ts'
import { readRollbackTarget } from './dbt/rollback-target.ts'
import type { Tokens } from './inputs/inputs.ts'
import type { Journal } from './rollback/journal.ts'
import { targetOf } from './rollback/journal.ts'
import { promoting, type Planner } from './promotion/planner.ts'
import { undoing, type RollbackSpec } from './rollback/rollback.ts'
import type { Snapshot } from './promotion/snapshot.ts'
import type { PromotionSpec, Side } from './model/spec.ts'

/** The work of a run. */
export interface Work {
  readonly sides: { readonly source: Side; readonly target: Side }
  readonly tokens: Tokens
  /** Reads what is there. */
  readonly read: (clients: Clients) => Promise<{
    readonly target: Snapshot
    readonly planner: Planner
  }>
}

/** The work of a promotion. */
export function promotionOf(spec: PromotionSpec, tokens: Tokens): Work {
  return {
    sides: spec,
    tokens,
    read: async (clients) => {
      const { source, target } = await readBoth(clients, spec)
      return { target, planner: promoting(spec, source) }
    }
  }
}

/** The work of a rollback. Nothing is asked of the source, so it needs no token. */
export function rollbackOf(spec: RollbackSpec, journal: Journal, { target }: Tokens): Work {
  const side = targetOf(journal)
  return {
    sides: { source: side, target: side },
    tokens: { source: target, target },
    read: async (clients) => ({
      target: await readRollbackTarget(clients.target, journal),
      planner: undoing(spec, journal)
    })
  }
}
