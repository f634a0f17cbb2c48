// The one error that this action throws on purpose: what failed, why, and what to do about it.
import type { Place } from './remark.ts'

/** Values of the output `failure-reason`, but for the empty one. */
export type FailureReason =
  | 'invalid-input'
  | 'unauthorized'
  | 'not-found'
  | 'plan-problems'
  | 'plan-changed'
  | 'differs'
  | 'rate-limited'
  | 'deadline'
  | 'apply-failed'
  | 'unclear'
  | 'cancelled'
  | 'internal'

/** An error that a user can act upon. */
export class Failure extends Error {
  readonly reason: FailureReason
  /** What to do, as a sentence; empty where the message says it. */
  readonly remedy: string
  /** The single things that are wrong, where there may be several; else the failure itself. */
  readonly details: readonly Detail[]

  constructor(
    reason: FailureReason,
    message: string,
    remedy = '',
    options?: ErrorOptions & { readonly details?: readonly Detail[] }
  ) {
    super(message, options)
    this.name = 'Failure'
    this.reason = reason
    this.remedy = remedy
    this.details = options?.details ?? [{ message, remedy }]
  }
}

/** One thing that is wrong, and what to do about it. */
export interface Detail {
  readonly message: string
  readonly remedy: string
  /** Where it stands in a file; the message begins with it. */
  readonly place?: Place
}

/** The failure of several things that are wrong at once. */
export function failureOf(
  reason: FailureReason,
  summary: string,
  details: readonly Detail[]
): Failure {
  const [first, ...more] = details
  if (first && more.length === 0)
    return new Failure(reason, first.message, first.remedy, { details })
  return new Failure(reason, summary, '', { details })
}

/** The failure that stands for anything thrown. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const message =
    thrown instanceof Error
      ? thrown.message
      : `something that is no error was thrown: ${String(thrown)}`
  return new Failure(
    'internal',
    message,
    'This should not happen: please report it with the log of this step.',
    thrown instanceof Error ? { cause: thrown } : undefined
  )
}
