// The alarms of single changes.
import type { Alarm } from '../model/alarm.ts'
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
  return [
    {
      kind: 'starts',
      key: desired.key,
      message: `New job ${label(desired)} will run by itself: ${how(values)}.`,
      done: `New job ${label(desired)} was set to run by itself: ${how(values)}.`
    }
  ]
}

/** All values of an object of the target, as they are and as they are to be. */
export interface BeforeAndAfter {
  readonly before: Values
  readonly after: Values
}

/** The alarms of an update. @param values what of them can start a job in the target */
export function updateAlarms(
  table: Fields,
  desired: Desired,
  { before: held, after }: BeforeAndAfter,
  fields: readonly FieldChange[]
): readonly Alarm[] {
  const before = runsByItself(held)
  const runs = runsByItself(after)
  const { key } = desired
  return [
    ...(!before && runs
      ? [
          {
            kind: 'starts',
            key,
            message: `Job ${label(desired)} will run by itself: ${how(after)}.`,
            done: `Job ${label(desired)} was set to run by itself: ${how(after)}.`
          } as const
        ]
      : []),
    ...(before && !runs
      ? [
          {
            kind: 'stops',
            key,
            message: `Job ${label(desired)} will no longer run by itself.`,
            done: `Job ${label(desired)} was stopped from running by itself.`
          } as const
        ]
      : []),
    ...timesAlarms(desired, held, after, fields),
    ...fields
      .filter(({ path }) => table[path]?.rule === 'keep-target')
      .map(({ path }): Alarm => ({
        kind: 'protected',
        key,
        message: `${path} of ${desired.kind} ${label(desired)} changes.`,
        done: `${path} of ${desired.kind} ${label(desired)} was changed.`
      }))
  ]
}

function timesAlarms(
  desired: Desired,
  held: Values,
  after: Values,
  fields: readonly FieldChange[]
): readonly Alarm[] {
  const isScheduled = [held, after].every((values) => values['triggers.schedule'] === true)
  if (!isScheduled || !fields.some(({ path }) => path === 'schedule')) return []
  return [
    {
      kind: 'times',
      key: desired.key,
      message: `Job ${label(desired)} runs on a schedule, and its times change.`,
      done: `Job ${label(desired)} runs on a schedule, and its times were changed.`
    }
  ]
}

/** The alarm of saving a job that the platform deactivated. */
export function reactivationAlarm(desired: Named, held: Job): readonly Alarm[] {
  if (held.values.deactivated !== true) return []
  return [
    {
      kind: 'reactivated',
      key: desired.key,
      message: `Job ${held.id} ${label(desired)} was deactivated by the platform; saving it may reactivate it.`,
      done: `Job ${held.id} ${label(desired)}, which the platform had deactivated, was saved, which may have reactivated it.`
    }
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
