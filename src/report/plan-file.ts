// The plan as a file: versioned JSON, the same for the same plan.
import type { Plan } from '../promotion/plan.ts'

/** The text of the plan file. */
export function planFile(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`
}
