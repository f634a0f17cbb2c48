// One run as the report sees it: the plan, what became of it, and how it ended.
import type { Outcome } from '../promotion/outcome.ts'
import type { Failure } from '../failure.ts'
import type { Change } from '../promotion/change.ts'
import type { Plan } from '../promotion/plan.ts'

/** What the run does with the plan. */
export type Mode = 'plan' | 'apply' | 'check'

/** Everything there is to tell. Without a plan, the run ended before there was one. */
export interface Result {
  readonly mode: Mode
  readonly plan: Plan | undefined
  /** Null where nothing was to be applied: in other modes than apply, or with problems. */
  readonly outcomes: readonly Outcome[] | null
  readonly failure: Failure | undefined
  /** Requests sent to the dbt API, on both sides. */
  readonly requests: number
  /** Where the plan was written, or empty. */
  readonly planPath: string
}

/** A change with its outcome, if it was attempted, and its id in the target, if known. */
export interface Row {
  readonly change: Change
  readonly outcome: Outcome | undefined
  readonly id: number | null
}

/** The changes of a run with what became of them. */
export function rowsOf({ plan, outcomes }: Result): readonly Row[] {
  const byKey = new Map(outcomes?.map((outcome) => [outcome.key, outcome]))
  return (plan?.changes ?? []).map((change) => {
    const outcome = byKey.get(change.key)
    return { change, outcome, id: 'id' in change ? change.id : (outcome?.id ?? null) }
  })
}

/** How many changes are or were what; in a plan what would be, after an apply what is. */
export interface Counts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly failed: number
}

/** Counts rows; with outcomes, only what was applied counts as created or updated. */
export function countsOf(result: Result, rows: readonly Row[]): Counts {
  const done = ({ outcome }: Row): boolean =>
    result.outcomes === null || outcome?.status === 'applied'
  const count = (is: (row: Row) => boolean): number => rows.filter(is).length
  return {
    created: count((row) => row.change.op === 'create' && done(row)),
    updated: count((row) => row.change.op === 'update' && done(row)),
    unchanged: count((row) => row.change.op === 'unchanged'),
    failed: count(
      ({ outcome }) =>
        outcome !== undefined && outcome.status !== 'applied' && outcome.status !== 'not-attempted'
    )
  }
}
