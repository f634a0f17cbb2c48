// A promotion that everything goes wrong with, and what must hold of it whatever goes wrong.
import type { State } from '../../sandbox/index.ts'
import type { Fault } from './faults.ts'
import type { Place } from './wire.ts'

/** One promotion: the world that it meets, and what is known of its end without asking it. */
export interface Promotion {
  readonly name: string
  /** For a rollback: the promotion whose journal it undoes, and which comes in place of the earlier one. */
  readonly undoes?: Promotion
  /** The inputs of the promotion that was before. */
  readonly earlierInputs: Readonly<Record<string, string>>
  readonly inputs: Readonly<Record<string, string>>
  /** The inputs of the last run, which has nothing to do any more; `inputs` by default. */
  readonly lastInputs?: Readonly<Record<string, string>>
  /** The platform before the earlier promotion. */
  readonly earlierState: () => State
  /** What happened since. */
  readonly sinceThen: (promoted: State) => State
  /** What its requests are for; the columns of its matrix. */
  readonly places: readonly Place[]
  /** Which faults strike it where; all by default. */
  readonly strikes?: (fault: Fault, place: Place) => boolean
  /** How many jobs the target has of it in the end. */
  readonly jobs: number
  /**
   * The source jobs that are gone, whose jobs run by themselves: nothing but these may be paused. For a rollback, those
   * whose jobs the promotion made.
   */
  readonly gone: readonly number[]
  /** What is wrong with what the target holds, after any run. */
  readonly faultsOf?: (before: State, now: State) => readonly string[]
}
