// The alarms of single changes.
import { alarm, type Alarm } from '../model/remark.ts'
import type { Desired } from '../model/desired.ts'
import type { FieldChange } from '../model/change.ts'
import type { Fields, Values } from '../model/field.ts'
import { runsByItself, type Job } from '../kinds/job.ts'
import type { Key } from '../model/keys.ts'
import { quoted } from '../model/names.ts'

/** What names a resource in a message. */
interface Named {
  readonly key: Key
  readonly name: string
  readonly environment: { readonly name: string } | null
}

/** The alarms of a new job. */
export function creationAlarms(desired: Desired, values: Values): readonly Alarm[] {
  if (!runsByItself(values)) return []
  const job = `New job ${label(desired)}`
  return [
    alarm(
      'starts',
      desired.key,
      `${job} will run by itself: ${how(values)}.`,
      `${job} was set to run by itself: ${how(values)}.`
    )
  ]
}

/** All values of an object of the target, as they are and as they are to be. */
interface BeforeAndAfter {
  readonly before: Values
  readonly after: Values
}

/** The alarms of an update. @param values what of them can start a job in the target */
export function updateAlarms(
  table: Fields,
  desired: Desired,
  values: BeforeAndAfter,
  fields: readonly FieldChange[]
): readonly Alarm[] {
  const { key, kind } = desired
  const isProtected = ({ path }: FieldChange): boolean => table[path]?.rule === 'keep-target'
  return [
    ...startAlarms(desired, values),
    ...timesAlarms(desired, values, fields),
    ...fields.filter(isProtected).map(({ path }) => {
      const what = `${path} of ${kind} ${label(desired)}`
      return alarm('protected', key, `${what} changes.`, `${what} was changed.`)
    })
  ]
}

function startAlarms(desired: Desired, { before, after }: BeforeAndAfter): readonly Alarm[] {
  const [ran, runs] = [runsByItself(before), runsByItself(after)]
  if (ran === runs) return []
  const job = `Job ${label(desired)}`
  return [
    runs
      ? alarm(
          'starts',
          desired.key,
          `${job} will run by itself: ${how(after)}.`,
          `${job} was set to run by itself: ${how(after)}.`
        )
      : alarm(
          'stops',
          desired.key,
          `${job} will no longer run by itself.`,
          `${job} was stopped from running by itself.`
        )
  ]
}

function timesAlarms(
  desired: Desired,
  { before, after }: BeforeAndAfter,
  fields: readonly FieldChange[]
): readonly Alarm[] {
  const isScheduled = [before, after].every((values) => values['triggers.schedule'] === true)
  if (!isScheduled || !fields.some(({ path }) => path === 'schedule')) return []
  const job = `Job ${label(desired)} runs on a schedule, and its times`
  return [alarm('times', desired.key, `${job} change.`, `${job} were changed.`)]
}

/** The alarm of saving a job that the platform deactivated. */
export function reactivationAlarm(desired: Named, held: Job): readonly Alarm[] {
  if (held.values.deactivated !== true) return []
  const job = `Job ${held.id} ${label(desired)}`
  return [
    alarm(
      'reactivated',
      desired.key,
      `${job} was deactivated by the platform; saving it may reactivate it.`,
      `${job}, which the platform had deactivated, was saved, which may have reactivated it.`
    )
  ]
}

function label(desired: Named): string {
  return desired.environment
    ? `${quoted(desired.name)} in ${quoted(desired.environment.name)}`
    : quoted(desired.name)
}

function how(values: Values): string {
  const ways = [
    values['triggers.schedule'] === true ? 'on a schedule' : '',
    values['triggers.github_webhook'] === true || values['triggers.git_provider_webhook'] === true
      ? 'on pull requests'
      : '',
    values['triggers.on_merge'] === true ? 'on merge' : '',
    (values['job_completion_trigger_condition'] ?? null) === null
      ? ''
      : 'when another job completes'
  ]
  return ways.filter((way) => way !== '').join(', ')
}
