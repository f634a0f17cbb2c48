// What makes a run a failure, once everything is planned, applied and known.
import { Failure, failureOf, type FailureReason } from './model/failure.ts'
import { byLevel } from './model/remark.ts'
import { hasChanges, type Plan } from './promotion/plan.ts'
import type { Outcome } from './model/outcome.ts'
import type { Result } from './report/result.ts'

/** @throws Failure what makes a run a failure, after everything is planned and applied */
export function assertSucceeded(plan: Plan, { mode, outcomes }: Result): void {
  const { problems } = byLevel(plan.remarks)
  if (problems.length > 0)
    throw failureOf('plan-problems', `The plan has ${problems.length} problems.`, problems)
  if (mode === 'check' && hasChanges(plan)) {
    throw new Failure(
      'differs',
      plan.undoes === undefined
        ? 'The target differs from what the source and the inputs say.'
        : 'The target still holds some of what the journal tells.',
      'See the plan.'
    )
  }
  const errors = (outcomes ?? []).flatMap(({ error }) => (error ? [error] : []))
  if (errors.length === 0) return
  throw failureOf(applyReason(outcomes ?? []), `${errors.length} changes were not applied.`, errors)
}

/** Why a promotion is incomplete: that it was cancelled, then what is in doubt, then what says more than "failed". */
function applyReason(outcomes: readonly Outcome[]): FailureReason {
  const reasons = outcomes.flatMap(({ error }) => (error ? [error.reason] : []))
  if (reasons.includes('cancelled')) return 'cancelled'
  if (outcomes.some(({ status }) => status === 'unclear')) return 'unclear'
  const isUntouched = outcomes.every(
    ({ status }) => status === 'failed' || status === 'not-attempted'
  )
  const telling: readonly FailureReason[] = [
    'deadline',
    'rate-limited',
    ...(isUntouched ? (['unauthorized'] as const) : [])
  ]
  return telling.find((reason) => reasons.includes(reason)) ?? 'apply-failed'
}
