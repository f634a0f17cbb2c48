// What the platform would refuse of the triggers and the schedule of a job. Neither comes from a source job as it is:
// the platform has taken that already. It comes of what is set, and of what the target keeps beside it.
import type { Desired } from '../model/desired.ts'
import { triggerPaths } from '../kinds/job.ts'
import type { Values } from '../model/field.ts'
import { asText, isList } from '../model/json.ts'
import { canonSchedule, lackingParts } from '../kinds/schedule.ts'
import { quoted } from '../model/names.ts'
import { covers, getAt, keepsField } from '../model/paths.ts'
import { problem, warning, type Note, type Problem } from '../model/remark.ts'

const onMerge = 'triggers.on_merge'

/**
 * A job that runs on merge has no other trigger of its own.
 * @param sent all values of the job, as they would be sent
 */
export function triggerProblems(desired: Desired, sent: Values): readonly Problem[] {
  const others = triggerPaths.filter((path) => path !== onMerge && sent[path] === true)
  if (sent[onMerge] !== true || others.length === 0) return []
  const named = others.join(' and ')
  return [
    problem(
      `Job ${quoted(desired.name)} would have ${onMerge} on beside ${named}, and the platform takes it only alone.`,
      `Set ${named} to false, or ${onMerge}.`
    )
  ]
}

/**
 * A comparison of changes needs an environment to compare with (terraform-provider-dbtcloud, schema of a job). A source job
 * that has none is taken as it is, since the platform has taken it.
 * @param sent all values of the job, as they would be sent
 * @param own the values of the source job
 */
export function comparisonProblems(
  { name }: Desired,
  sent: Values,
  own: Values | undefined
): readonly Problem[] {
  const lacks = (values: Values | undefined): boolean =>
    values?.['run_compare_changes'] === true &&
    (values['deferring_environment_id'] ?? null) === null
  if (!lacks(sent) || lacks(own)) return []
  return [
    problem(
      `Job ${quoted(name)} would compare changes (run_compare_changes) with no environment that it defers to.`,
      'Promote or map that environment, or set run_compare_changes to false in a rule for this job.'
    )
  ]
}

const features = 'cost_optimization_features'
const inherit = 'inherit_environment'

/** A job that takes dbt State from its environment has no other feature (pulumi-dbtcloud 1.11.11, schema of a job). */
export function featureProblems({ name }: Desired, sent: Values): readonly Problem[] {
  const value = sent[features] ?? null
  const others = isList(value) ? value.filter((each) => each !== inherit) : []
  if (!isList(value) || others.length === 0 || others.length === value.length) return []
  return [
    problem(
      `Job ${quoted(name)} would have ${inherit} beside ${others.map(asText).join(' and ')} in ${features}, and the platform takes it only alone.`,
      `Set ${features} to one or the other.`
    )
  ]
}

/** Features that the user sets and that are left out, since the platform refuses them for a job of this type. */
export function featureWarnings(wanted: Desired, settled: Values): readonly Note[] {
  const value = wanted.values[features] ?? null
  if (!wanted.fixed.has(features) || !isList(value) || settled[features] !== undefined) return []
  return [
    warning(
      `${features} of job ${quoted(wanted.name)} is left out: the platform does not take ` +
        `${value.map(asText).join(', ')} for CI and merge jobs.`
    )
  ]
}

/**
 * Each type of a schedule needs parts of its own.
 * @param isHeld whether the target has the job, and so may keep its schedule
 */
export function scheduleProblems(desired: Desired, isHeld: boolean): readonly Problem[] {
  if (!isMixed(desired, isHeld)) return []
  return [
    ...lackingParts(desired.values['schedule'] ?? null).map(({ path, type }) =>
      problem(
        `The schedule of job ${quoted(desired.name)} lacks ${path}, which the type ${type} needs.`,
        `Set ${path} too, or another type.`
      )
    ),
    ...(isHeld ? idleParts(desired) : []).map((path) =>
      problem(
        `What is set for job ${quoted(desired.name)} does not fit: ${path} has no meaning beside the times that the target keeps.`,
        'Set the types of its parts too, or the whole of schedule.'
      )
    )
  ]
}

// The parts that are set beside times of the target which do not take them, so that they would go unsaid.
function idleParts({ values, keep }: Desired): readonly string[] {
  const whole = canonSchedule(values['schedule'] ?? null)
  const set = keep.flatMap(({ path, except }) => (covers(path, 'schedule') ? except : []))
  return [...new Set(set)].filter(
    (path) => covers('schedule', path) && getAt(whole, path.split('.').slice(1)) === undefined
  )
}

// Whether the schedule is put together of parts of several, and not as a whole that of the source or of the target.
function isMixed({ fixed, keep }: Desired, isHeld: boolean): boolean {
  if (!isHeld) return fixed.has('schedule')
  if (keepsField('schedule', keep)) return false
  return fixed.has('schedule') || keep.some(({ path }) => covers('schedule', path))
}
