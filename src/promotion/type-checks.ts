// The type of a job and the triggers of its Git provider: what the platform would refuse, and what would never run.
import type { Desired } from '../model/desired.ts'
import { setsHeld } from './diff.ts'
import { asText, sameJson } from '../model/json.ts'
import type { Values } from '../model/field.ts'
import { canonType } from '../kinds/job-fields.ts'
import { triggerPaths, type Job } from '../kinds/job.ts'
import { jobType, pullTriggers } from '../kinds/job-type.ts'
import { pullTriggerOf } from '../kinds/project.ts'
import { quoted } from '../model/names.ts'
import { problem, warning, type Note, type Problem } from '../model/remark.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

type Target = Pick<Snapshot, 'project'>

/** Types that a job never changes to or from (terraform-provider-dbtcloud replaces the job instead). */
const fixedTypes = ['ci', 'adaptive']

/**
 * A job can't become a CI job or cease to be one, and a hybrid job lives in a hybrid project.
 * @param held the job of the target, if it has one
 * @param sent all values of the job, as they would be sent
 */
export function jobTypeProblems(
  desired: Desired,
  held: Job | undefined,
  sent: Values,
  { project }: Target
): readonly Problem[] {
  if (sent['job_type'] === undefined) return []
  // What is meant, and what the triggers make of it.
  const types = [asText(sent['job_type']), jobType(sent)]
  const barred = held ? barredProblems(desired, held, types) : []
  return [
    ...(barred.length > 0 ? barred : setTypeProblems(desired, sent)),
    ...(types.includes('hybrid') && !project.isHybrid
      ? [
          problem(
            `Job ${quoted(desired.name)} is a hybrid job, and project ${quoted(project.name)} is not a hybrid project: ` +
              'the platform takes hybrid jobs in hybrid projects only.',
            'Leave the job out with "!" before its name in jobs, or promote it into a hybrid project.'
          )
        ]
      : [])
  ]
}

function barredProblems(
  { source }: Desired,
  held: Job,
  types: readonly string[]
): readonly Problem[] {
  const before = held.values.job_type
  const other = types.find((type) => before !== undefined && isBarred(before, type))
  if (before === undefined || other === undefined) return []
  return [
    problem(
      `Job ${held.id} ${quoted(held.name)} is of type ${before} and would become ` +
        `${other}, which the platform does not do.`,
      `Delete or rename the target job, so that ${quoted(source.name)} is promoted to a new one.`
    )
  ]
}

function isBarred(before: string, type: string): boolean {
  const isOther = !sameJson(canonType(before), canonType(type))
  return isOther && [before, type].some((each) => fixedTypes.includes(each))
}

// A type that the user sets and that the job's triggers make another.
function setTypeProblems(wanted: Desired, sent: Values): readonly Problem[] {
  const said = wanted.values['job_type']
  if (!setsHeld(wanted, 'job_type') || said === undefined) return []
  const type = jobType(sent)
  if (sameJson(canonType(said), canonType(type))) return []
  const on = triggerPaths.filter((path) => path !== 'triggers.schedule' && sent[path] === true)
  const named = on.join(' and ')
  return [
    problem(
      `job_type of job ${quoted(wanted.name)} is set to ${asText(said)}, and it is a ${type} job while ${named} is on.`,
      `Set ${named} to false, or leave job_type out.`
    )
  ]
}

/** A job with those triggers off that nothing pulls, since the target's repository is connected otherwise. */
export function pulled(values: Values, { project }: Target): Values {
  const own = pullTriggerOf(project)
  if (own === undefined) return values
  const dead = own === null ? [...pullTriggers, 'triggers.on_merge'] : []
  const others = own === null ? [] : pullTriggers.filter((path) => path !== own)
  const off = [...dead, ...others].filter((path) => values[path] === true)
  return off.length === 0
    ? values
    : { ...values, ...Object.fromEntries(off.map((path) => [path, false])) }
}

/** What keeps a job from being started by its Git provider. */
export function pullWarnings(
  { name }: Desired,
  sent: Values,
  { project }: Target
): readonly Note[] {
  const own = pullTriggerOf(project)
  const type = jobType(sent)
  const where = `the repository of project ${quoted(project.name)}`
  if (own === null && (type === 'ci' || type === 'merge')) {
    return [
      warning(
        `Job ${quoted(name)} is a ${type} job, and ${where} ` +
          `${project.repository === null ? 'is missing' : 'is connected by a deploy key'}: ` +
          'without a native Git integration nothing triggers it.'
      )
    ]
  }
  const on = pullTriggers.filter((path) => sent[path] === true)
  if (!own || on.length === 0 || sent[own] === true) return []
  return [
    warning(
      `Job ${quoted(name)} has ${on.join(' and ')} on, and the Git provider of ${where} uses ${own}: ` +
        `no pull request starts the job. Set ${own} in a rule for it.`
    )
  ]
}
