// The times of a job, which may be a placeholder: the API wants some even of a job that never runs by schedule.
import type { Desired } from '../model/desired.ts'
import { ruledBy } from './rules.ts'
import type { Job } from '../kinds/job.ts'
import { covers } from '../model/paths.ts'
import type { PromotionSpec } from '../model/spec.ts'

/**
 * The desired state of a job, with the times left to the target while the source job sleeps and the target's runs by
 * them. What the user sets of them counts all the same.
 * @param runs whether the target's job runs on its schedule
 */
export function leavingTimes(
  desired: Desired,
  runs: boolean,
  source: Job | undefined,
  spec: PromotionSpec
): Desired {
  if (spec.schedule === 'source' || !runs) return desired
  if (source === undefined || !sleeps(source)) return desired
  const set = ruledBy(spec.jobRules, source, '')
    .settings.map(({ path }) => path)
    .filter((path) => covers('schedule', path))
  if (set.includes('schedule')) return desired
  return { ...desired, keep: [...desired.keep, { path: 'schedule', except: set }] }
}

function sleeps({ values }: Job): boolean {
  return values['triggers.schedule'] !== true || values.deactivated === true
}
