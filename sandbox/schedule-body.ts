// The schedule in the body of a job write: what is checked, and what is stored of it.

import {
  anything,
  between,
  EXTRA,
  listOf,
  object,
  oneOf,
  REQUIRED,
  text,
  type Check,
  type Shape
} from './check.ts'
import { isObject, own, repr, type JsonObject } from './json.ts'
import { daysOf, parseCron, scheduleOf } from './schedule.ts'
import type { Schedule, ScheduleDate, ScheduleTime } from './state.ts'

const cron: Check = (value) =>
  typeof value === 'string' && parseCron(value) !== undefined
    ? undefined
    : `${repr(value)} is not a valid cron expression`

const days = listOf(between(0, 6), 1)
const hours = listOf(between(0, 23), 1)

// Each type has its own keys; one of another type is refused like one that nobody knows. Terraform's provider creates
// `interval_cron` without days (pkg/dbt_cloud/job.go, with an acceptance test on a live account).
const DATES: Readonly<Record<string, Shape>> = {
  every_day: { required: [], keys: { type: anything } },
  days_of_week: { required: ['days'], keys: { type: anything, days } },
  custom_cron: { required: ['cron'], keys: { type: anything, cron } },
  interval_cron: { required: ['cron'], keys: { type: anything, cron, days } }
}

const interval = between(1, 24)

const TIMES: Readonly<Record<string, Shape>> = {
  every_hour: { required: ['interval'], keys: { type: anything, interval } },
  at_exact_hours: { required: ['hours'], keys: { type: anything, hours } }
}

// Beside hours, the interval that answers show is taken: Terraform's provider deletes a job by sending back what it read
// (job/resource.go, Delete). Without hours it was refused in 2021 (terraform-provider-dbtcloud#44).
const EXACT_AS_ANSWERED: Shape = { required: [], keys: { type: anything, hours, interval } }

const time: Check = (value) =>
  isObject(value) && own(value, 'type') === 'at_exact_hours' && own(value, 'hours') !== undefined
    ? object(EXACT_AS_ANSWERED)(value)
    : byType(TIMES)(value)

function byType(shapes: Readonly<Record<string, Shape>>): Check {
  return (value) => {
    if (!isObject(value)) return 'expected a dictionary'
    const type = own(value, 'type')
    if (type === undefined) return { type: REQUIRED }
    if (typeof type !== 'string' || !Object.hasOwn(shapes, type))
      return { type: oneOf(...Object.keys(shapes))(type) ?? EXTRA }
    return object(shapes[type] as Shape)(value)
  }
}

// The cron line is derived, so its text counts for nothing: Terraform's provider sends "".
export const schedule = object({
  required: ['date', 'time'],
  keys: { date: byType(DATES), time, cron: text(0) }
})

/** The schedule that a body asks for, as it is stored. */
export function readSchedule(value: JsonObject): Schedule {
  const time = value.time as unknown as ScheduleTime
  // Answers have `interval: 1` beside exact hours.
  const stored: ScheduleTime = time.type === 'at_exact_hours' ? { ...time, interval: 1 } : time
  const date = value.date as unknown as ScheduleDate
  // The days follow from the cron line: an apply of Terraform's provider, which sends none, plans nothing afterwards.
  const derived = date.type === 'interval_cron' ? { ...date, days: daysOf(date.cron) } : date
  return scheduleOf(derived, stored)
}
