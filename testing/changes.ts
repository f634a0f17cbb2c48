// The changes of a plan, by what they are about.
import { isOfValues, type ObjectChange, type ValuesChange } from '../src/model/change.ts'
import type { Plan } from '../src/promotion/plan.ts'

/** The changes of environments, jobs and extended attributes. */
export function objectChanges({ changes }: Plan): readonly ObjectChange[] {
  return changes.flatMap((change) => (isOfValues(change) ? [] : [change]))
}

/** The changes of variables and overrides. */
export function valuesChanges({ changes }: Plan): readonly ValuesChange[] {
  return changes.flatMap((change) => (isOfValues(change) ? [change] : []))
}
