// Schedules: the cron line that the server derives from `date` and `time`, its text, and the next run.

import type { Schedule, ScheduleDate, ScheduleTime } from './state.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ')

/** The schedule as it is stored: `cron` is derived, whatever the request said. */
export function scheduleOf(date: ScheduleDate, time: ScheduleTime): Schedule {
  return { cron: cronOf(date, time), date, time }
}

function cronOf(date: ScheduleDate, time: ScheduleTime): string {
  if (date.type === 'custom_cron' || date.type === 'interval_cron') return date.cron
  const hours =
    time.type === 'at_exact_hours'
      ? time.hours.join(',')
      : time.interval === 1
        ? '*'
        : `*/${time.interval}`
  const days = date.type === 'days_of_week' ? date.days.join(',') : '*'
  return `0 ${hours} * * ${days}`
}

interface Field {
  readonly low: number
  readonly high: number
  readonly names?: readonly string[]
}

const FIELDS: readonly Field[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: MONTHS },
  { low: 0, high: 7, names: WEEKDAYS }
]

function numberIn(text: string, field: Field): number | undefined {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1
  if (named >= 0) return named + field.low
  if (!/^\d{1,2}$/.test(text)) return undefined
  const value = Number(text)
  return value >= field.low && value <= field.high ? value : undefined
}

function valuesOf(text: string, field: Field): Set<number> | undefined {
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const [range = '', step, ...rest] = part.split('/')
    if (rest.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) return undefined
    const [from = '', to, ...more] = range.split('-')
    if (more.length > 0) return undefined
    const all = from === '*' && to === undefined
    const first = all ? field.low : numberIn(from, field)
    // `5/15` means from 5 to the end in steps of 15.
    const last =
      all || (to === undefined && step !== undefined) ? field.high : numberIn(to ?? from, field)
    if (first === undefined || last === undefined || first > last) return undefined
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value)
  }
  return values
}

interface Cron {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly daysOfMonth: Set<number> | undefined
  readonly months: Set<number>
  readonly weekdays: Set<number> | undefined
}

/** The five fields of a cron line, or undefined if it is not one. */
export function parseCron(line: string): Cron | undefined {
  const texts = line.trim().split(/\s+/)
  if (texts.length !== 5) return undefined
  const sets = texts.map((text, index) => valuesOf(text, FIELDS[index] as Field))
  const [minutes, hours, days, months, weekdays] = sets
  if (!minutes || !hours || !days || !months || !weekdays) return undefined
  if (weekdays.has(7)) weekdays.add(0)
  return {
    minutes: [...minutes].sort((a, b) => a - b),
    hours: [...hours].sort((a, b) => a - b),
    daysOfMonth: texts[2] === '*' ? undefined : days,
    months,
    weekdays: texts[4] === '*' ? undefined : weekdays
  }
}

/** The weekdays of a cron line, Sunday first; all of them where it names none. */
export function daysOf(line: string): readonly number[] {
  const weekdays = parseCron(line)?.weekdays
  return [0, 1, 2, 3, 4, 5, 6].filter((day) => weekdays?.has(day) ?? true)
}

function runsOn(cron: Cron, day: Date): boolean {
  if (!cron.months.has(day.getUTCMonth() + 1)) return false
  const date = cron.daysOfMonth?.has(day.getUTCDate())
  const weekday = cron.weekdays?.has(day.getUTCDay())
  // Cron's oldest surprise: with both fields set, either of them is enough.
  if (date !== undefined && weekday !== undefined) return date || weekday
  return date ?? weekday ?? true
}

const DAY = 86_400_000

/** When a cron line next fires after a moment, in milliseconds; undefined if not within four years. */
export function nextRun(line: string, now: number): number | undefined {
  const cron = parseCron(line)
  if (cron === undefined) return undefined
  const today = Math.floor(now / DAY) * DAY
  for (let day = today; day <= today + 1462 * DAY; day += DAY) {
    if (!runsOn(cron, new Date(day))) continue
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const moment = day + hour * 3_600_000 + minute * 60_000
        if (moment > now) return moment
      }
    }
  }
  return undefined
}

function clockTime(hour: number, minute: number): string {
  const half = hour < 12 ? 'AM' : 'PM'
  const shown = hour % 12 === 0 ? 12 : hour % 12
  return `${String(shown).padStart(2, '0')}:${String(minute).padStart(2, '0')} ${half}`
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  const comma = words.length > 2 ? ',' : ''
  return `${words.slice(0, -1).join(', ')}${comma} and ${words.at(-1) ?? ''}`
}

/** The text of `cron_humanized`. It is for people; only the common forms are worded as recorded. */
export function humanized(line: string): string {
  const match = /^(\d+) (\*|\*\/\d+|[\d,]+) \* \* (\*|[\d,]+)$/.exec(line)
  if (match === null) return `Cron ${line}`
  const [minute, hours = '', days = ''] = [Number(match[1]), match[2], match[3]]
  const past = minute === 0 ? '' : `At ${minute} minutes past the hour, `
  const every = hours === '*' ? 'every hour' : `every ${hours.slice(2)} hours`
  const when = hours.startsWith('*')
    ? past === ''
      ? every.replace('every', 'Every')
      : past + every
    : `At ${listed(hours.split(',').map((hour) => clockTime(Number(hour), minute)))}`
  if (days === '*') return when
  return `${when}, only on ${listed(days.split(',').map((day) => DAYS[Number(day) % 7] ?? day))}`
}
