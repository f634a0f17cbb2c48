// What follows for a desired job from its other values and from the target: the trigger that the target's Git provider
// pulls, and the type that the job is of before any trigger is withheld.
import { type Job } from '../kinds/job.ts'
import type { Values } from '../model/field.ts'
import { jobType, pullTriggers } from '../kinds/job-type.ts'
import { pullTriggerOf, type Project } from '../kinds/project.ts'

/**
 * The values of a desired job.
 * @param values those of the source with what the user sets
 * @param fixed the paths that the user sets
 * @param projects those of both sides
 */
export function jobValues(
  source: Job,
  values: Values,
  fixed: ReadonlySet<string>,
  projects: Sides
): Values {
  const pulled = withPullTrigger(values, fixed, projects)
  if (values['job_type'] === undefined || fixed.has('job_type')) return pulled
  // A job that was switched off, or of which the user switches the triggers off, stays of its type.
  const type = jobType(pulled, jobType(source.values))
  return type === values['job_type'] ? pulled : { ...pulled, job_type: type }
}

interface Sides {
  readonly source: Project
  readonly target: Project
}

// Which trigger starts a job is the affair of the provider of the repository. Where both sides have the same one, the
// job stays as the source has it.
function withPullTrigger(
  values: Values,
  fixed: ReadonlySet<string>,
  { source, target }: Sides
): Values {
  const own = pullTriggerOf(target)
  const on = pullTriggers.filter((path) => values[path] === true)
  const isLeft = !own || own === pullTriggerOf(source) || on.length === 0 || values[own] === true
  if (isLeft || pullTriggers.some((path) => fixed.has(path))) return values
  return { ...values, ...Object.fromEntries(pullTriggers.map((path) => [path, path === own])) }
}
