// The verdict: one line that says how the run ended, the first that anyone reads.
import { hasChanges } from '../promotion/plan.ts'
import { countsOf, rowsOf, type Result } from './result.ts'

/** The verdict of a run, without a full stop. */
export function verdict(result: Result): string {
  const { plan, failure, mode } = result
  if (!plan)
    return failure
      ? 'Nothing was changed: the promotion stopped before it had a plan'
      : 'Nothing was done'
  const { created, updated, unchanged, failed } = countsOf(result, rowsOf(result))
  const problems = plan.problems.length
  if (problems > 0) {
    return `Nothing was changed: the plan has ${String(problems)} ${problems === 1 ? 'problem' : 'problems'}`
  }
  if (result.outcomes !== null) {
    if (!hasChanges(plan)) return `Nothing to do: ${String(unchanged)} unchanged`
    const counts = `${String(created)} created, ${String(updated)} updated, ${String(unchanged)} unchanged`
    const left = plan.changes.length - created - updated - unchanged - failed
    return failure
      ? `The promotion is incomplete: ${counts}, ${String(failed)} failed, ${String(left)} not attempted`
      : `Promoted: ${counts}`
  }
  if (failure && mode === 'apply')
    return 'Nothing was changed: the promotion stopped before its first write'
  if (!hasChanges(plan)) return `No changes: ${String(unchanged)} unchanged`
  return (
    `${mode === 'check' ? 'The target differs' : 'Plan'}: ${String(created)} to create, ` +
    `${String(updated)} to update, ${String(unchanged)} unchanged`
  )
}
