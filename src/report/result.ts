// One run as the report sees it: the plan, what became of it, and how it ended.
import { words } from '../kinds/words.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Failure } from '../model/failure.ts'
import { isOfValues, type Change, type ObjectChange } from '../model/change.ts'
import { groupBy } from '../model/group.ts'
import type { Kind } from '../model/keys.ts'
import type { Plan } from '../promotion/plan.ts'

/** What the run does with the plan. */
export type Mode = 'plan' | 'apply' | 'check'

/** The mode that a run takes. */
export interface ChosenMode {
  readonly mode: Mode
  /** Which mode it is, and why, as a line. */
  readonly why: string
  /** Whether somebody may have meant an apply where this only plans. */
  readonly isDoubtful: boolean
}

/** Everything there is to tell. Without a plan, the run ended before there was one. */
export interface Result {
  readonly mode: Mode
  /** Why it is that mode; undefined where the run ended before one was chosen. */
  readonly chosen: ChosenMode | undefined
  /** Whether the values of variables that are no secrets are shown. */
  readonly showValues: boolean
  readonly plan: Plan | undefined
  /** Null where nothing was to be applied: in other modes than apply, or with problems. */
  readonly outcomes: readonly Outcome[] | null
  readonly failure: Failure | undefined
  /** Requests sent to the dbt API, on both sides. */
  readonly requests: number
  /** Where the plan was written, or empty. */
  readonly planPath: string
  /** Where the journal of what was written is, or empty. */
  readonly journalPath: string
}

/**
 * What is to be done with a resource, or what became of it: `create` and `update` are of a plan that is not applied,
 * the others of one that is, and `unchanged` is of both.
 */
export type Fate =
  | 'create'
  | 'update'
  | 'pause'
  | 'unchanged'
  | 'created'
  | 'updated'
  | 'paused'
  | 'unlinked'
  | 'partial'
  | 'unclear'
  | 'failed'
  | 'not-attempted'

/** A change with its outcome, if it was attempted, and its id in the target, if known. */
export interface Row {
  readonly change: Change
  readonly outcome: Outcome | undefined
  readonly id: number | null
  readonly fate: Fate
}

/** The changes of a run with what became of them. */
export function rowsOf({ plan, outcomes }: Pick<Result, 'plan' | 'outcomes'>): readonly Row[] {
  const byKey = new Map(outcomes?.map((outcome) => [outcome.key, outcome]))
  return (plan?.changes ?? []).map((change) => {
    const outcome = byKey.get(change.key)
    return {
      change,
      outcome,
      id: 'id' in change ? change.id : (outcome?.id ?? null),
      fate: outcomes === null ? change.op : fateOf(change, outcome)
    }
  })
}

function fateOf(change: Change, outcome: Outcome | undefined): Fate {
  if (change.op === 'unchanged') return 'unchanged'
  const status = outcome?.status ?? 'not-attempted'
  if (status !== 'applied') return status
  return doneFates[change.op]
}

const doneFates = { create: 'created', update: 'updated', pause: 'paused' } as const

/** Whether the target holds something of a change that it did not hold before, as far as it is known. */
export function isWritten({ fate }: Row): boolean {
  return ['created', 'updated', 'paused', 'unlinked', 'partial'].includes(fate)
}

/** Whether something was written. A write whose answer was lost may have happened. */
export function mayHaveWritten(rows: readonly Row[]): boolean {
  return rows.some((row) => isWritten(row) || row.fate === 'unclear')
}

/** The name of the environment that a change belongs to: its own, or that of the job; null for a variable. */
export function environmentOf({ kind, environment, name }: Change): string | null {
  return words[kind].isInEnvironment ? (environment ?? name) : null
}

/** The rows by environment, in the order of their names; last those of variables, which belong to none. */
export function byEnvironment(
  rows: readonly Row[]
): readonly (readonly [string | null, readonly Row[]])[] {
  return [...groupBy(rows, ({ change }) => environmentOf(change))].toSorted(([a], [b]) => {
    if (a === null) return b === null ? 0 : 1
    return b === null || a < b ? -1 : 1
  })
}

/** The rows of objects of a kind. */
export function objectRows(
  rows: readonly Row[],
  kind: Kind
): readonly (Row & { readonly change: ObjectChange })[] {
  return rows.flatMap(({ change, ...row }) =>
    !isOfValues(change) && change.kind === kind ? [{ change, ...row }] : []
  )
}
