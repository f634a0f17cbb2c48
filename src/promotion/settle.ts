// What a job of the target can't have is no difference, and is not remembered as sent.
import type { Desired } from '../model/desired.ts'
import type { Json } from '../model/json.ts'
import type { Values } from '../model/field.ts'
import { triggerPaths } from '../kinds/job.ts'
import { settledJob } from '../kinds/job-type.ts'

/** The paths whose value, or presence, depends on others. */
const settled = ['cost_optimization_features', 'dbt_version'] as const

/**
 * The desired state of a job that the target has, as it would be sent.
 * @param deciding the paths that the promotion decides; those of the triggers may be the target's
 */
export function settledFor(desired: Desired, held: Values, deciding: readonly string[]): Desired {
  const whole: Record<string, Json> = {}
  for (const path of [...settled, ...triggerPaths, 'job_type']) {
    const value = deciding.includes(path) ? desired.values[path] : held[path]
    if (value !== undefined) whole[path] = value
  }
  const result = settledJob(whole)
  const changed = settled.filter((path) => deciding.includes(path) && result[path] !== whole[path])
  if (changed.length === 0) return desired
  const values: Record<string, Json> = { ...desired.values }
  for (const path of changed) {
    const value = result[path]
    if (value === undefined) Reflect.deleteProperty(values, path)
    else values[path] = value
  }
  return { ...desired, values }
}
