// What planning one resource gives: its change, and what is to say about it.
import type { Alarm } from './alarm.ts'
import type { Change } from './change.ts'
import type { Problem } from './problem.ts'

/** The change of a resource with its findings; no change where a problem stands in its place. */
export interface Findings {
  readonly change: Change | null
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
  readonly alarms: readonly Alarm[]
}
