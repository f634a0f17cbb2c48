// What became of a change.
import type { FailureReason } from './failure.ts'
import type { Key } from './keys.ts'

/**
 * - `applied`: the target has it
 * - `failed`: it was not done
 * - `unclear`: the answer was lost, and it may have happened
 * - `partial`: some of its values are there, and some are not
 * - `unlinked`: created, but the second write that sets references and triggers is missing
 * - `not-attempted`: something before it failed
 */
export type OutcomeStatus =
  'applied' | 'failed' | 'unclear' | 'partial' | 'unlinked' | 'not-attempted'

/** The outcome of one change of the plan. */
export interface Outcome {
  readonly key: Key
  readonly status: OutcomeStatus
  /** The id in the target, where it is known. */
  readonly id: number | null
  /** Why it is not applied: what was said, and what to do. */
  readonly error: OutcomeError | null
  /** The paths that the target account did not take, though it took the rest. */
  readonly refused: readonly string[]
}

interface OutcomeError {
  readonly reason: FailureReason
  readonly message: string
  readonly remedy: string
}
