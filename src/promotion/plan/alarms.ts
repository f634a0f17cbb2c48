// The alarms of single changes.
import type { Alarm } from './alarm.ts'
import type { Desired } from '../desired/desired.ts'
import type { FieldChange } from './diff.ts'
import type { Fields, Values } from '../kinds/field.ts'
import { runsByItself, type Job } from '../kinds/job.ts'
import { quoted } from '../names.ts'

/** The alarms of a new job. */
export function creationAlarms(desired: Desired, values: Values): readonly Alarm[] {
  if (!runsByItself(values)) return []
  return [
    {
      kind: 'starts',
      key: desired.key,
      message: `New job ${label(desired)} will run by itself: ${how(values)}.`
    }
  ]
}

/** The alarms of an update. @param live what of the values can start the job in the target */
export function updateAlarms(
  table: Fields,
  desired: Desired,
  held: Values,
  fields: readonly FieldChange[],
  live: (values: Values) => Values = (values) => values
): readonly Alarm[] {
  const after = live({
    ...held,
    ...Object.fromEntries(fields.map(({ path, after: value }) => [path, value]))
  })
  const before = runsByItself(live(held))
  const runs = runsByItself(after)
  const { key } = desired
  return [
    ...(!before && runs
      ? [
          {
            kind: 'starts',
            key,
            message: `Job ${label(desired)} will run by itself: ${how(after)}.`
          } as const
        ]
      : []),
    ...(before && !runs
      ? [
          {
            kind: 'stops',
            key,
            message: `Job ${label(desired)} will no longer run by itself.`
          } as const
        ]
      : []),
    ...fields
      .filter(({ path }) => table[path]?.rule === 'keep-target')
      .map(({ path }): Alarm => ({
        kind: 'protected',
        key,
        message: `${path} of ${desired.kind} ${label(desired)} changes.`
      }))
  ]
}

/** The alarm of saving a job that the platform deactivated. */
export function reactivationAlarm(desired: Desired, held: Job): readonly Alarm[] {
  if (held.values.deactivated !== true) return []
  return [
    {
      kind: 'reactivated',
      key: desired.key,
      message: `Job ${String(held.id)} ${label(desired)} was deactivated by the platform; saving it may reactivate it.`
    }
  ]
}

function label(desired: Desired): string {
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
