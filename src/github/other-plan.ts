// What is said of a plan that is another than the reviewed one.
import { Failure } from '../model/failure.ts'
import type { Plan } from '../promotion/plan.ts'

/** The failure of a plan that is another than the reviewed one. @param delta how they differ, as far as it is known */
export function otherPlan(
  plan: Plan,
  reviewed: string,
  where: string,
  remedy: string,
  delta: readonly string[] = []
): Failure {
  const message =
    `The plan is another than ${where}: its hash begins with ${plan.hash.slice(0, 12)}, and that of the reviewed one with ` +
    `${reviewed.slice(0, 12)}. Nothing was written.`
  if (delta.length === 0) return new Failure('plan-changed', message, remedy)
  const details = [{ message, remedy }, ...delta.map((told) => ({ message: told, remedy: '' }))]
  return new Failure('plan-changed', message, remedy, { details })
}
