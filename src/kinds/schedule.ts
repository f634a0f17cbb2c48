// The schedule of a job. The API reads it back with keys that it refuses when they are sent: each type of date and
// time takes its own keys and no others.
import { asText, isList, isObject, type Json, type JsonObject } from '../model/json.ts'
import { int, listOf, object, text, type Decoder } from '../model/decode.ts'
import { unknownParts } from '../model/field.ts'

// Which keys belong to which type: every_day 400s on days, at_exact_hours on interval (terraform-provider-dbtcloud#44,
// #245). GET sends `interval: 1` with exact hours all the same.
const dateKeys: Readonly<Record<string, readonly string[]>> = {
  every_day: [],
  days_of_week: ['days'],
  custom_cron: ['cron'],
  interval_cron: ['cron', 'days']
}
// What a type takes and does not need: the platform derives the days from the cron line (terraform-provider-dbtcloud
// creates such a job without them, and plans nothing afterwards).
const derivedKeys: Readonly<Record<string, string>> = { interval_cron: 'days' }
const timeKeys: Readonly<Record<string, readonly string[]>> = {
  every_hour: ['interval'],
  at_exact_hours: ['hours']
}

/** The parts of a schedule; `cron` beside `date` is none, since it follows from them. */
export const scheduleParts = {
  date: object,
  'date.type': text,
  'date.days': listOf(int),
  'date.cron': text,
  time: object,
  'time.type': text,
  'time.interval': int,
  'time.hours': listOf(int)
} as const satisfies Readonly<Record<string, Decoder>>

/** What is sent for a job that has no schedule: the API wants one even of a job that never runs by itself. */
export const idleSchedule: JsonObject = {
  date: { type: 'every_day' },
  time: { type: 'every_hour', interval: 1 }
}

/** Reads a schedule; null where a job has none. */
export const schedule: Decoder<JsonObject | null> = (raw, at) => {
  if (raw === null) return null
  const value = object(raw, at)
  text(object(value['date'], `${at}.date`)['type'], `${at}.date.type`)
  text(object(value['time'], `${at}.time`)['type'], `${at}.time.type`)
  return value
}

/** Reads the schedule of a job that is there: every recorded one is set, with what its types need. */
export const heldSchedule: Decoder<JsonObject> = (raw, at) => {
  const value = schedule(object(raw, at), at) ?? {}
  for (const [name, keysOf] of [
    ['date', dateKeys],
    ['time', timeKeys]
  ] as const) {
    const part = object(value[name], `${at}.${name}`)
    for (const key of keysOfType(asText(part['type']), keysOf) ?? [])
      scheduleParts[`${name}.${key}` as keyof typeof scheduleParts](
        part[key],
        `${at}.${name}.${key}`
      )
  }
  return value
}

/** The paths of a schedule that this version does not know, and so does not send. */
export function unknownInSchedule(value: JsonObject): readonly string[] {
  const inPart = (name: string, keysOf: typeof dateKeys): readonly string[] => {
    const part = value[name]
    const type = isObject(part) ? asText(part['type']) : ''
    // A type that this version does not know is sent as it is.
    if (!(type in keysOf)) return []
    const known = new Set(['type', ...Object.values(keysOf).flat()])
    return unknownParts(part, (key) => known.has(key)).map((key) => `${name}.${key}`)
  }
  return [
    ...unknownParts(value, (key) => ['cron', 'date', 'time'].includes(key)),
    ...inPart('date', dateKeys),
    ...inPart('time', timeKeys)
  ]
}

/** The schedule as it is compared: the keys of its types, days and hours sorted, what is derived left out. */
export function canonSchedule(value: Json): Json {
  const { date, time } = wireSchedule(value)
  return { date: isObject(date) ? underived(date) : null, time: time ?? null }
}

function underived(date: JsonObject): JsonObject {
  const derived = derivedKeys[asText(date['type'])]
  return Object.fromEntries(Object.entries(date).filter(([key]) => key !== derived))
}

/** The schedule as it is sent: the keys that its types take. A type that this version does not know is sent as it is. */
export function wireSchedule(value: Json): JsonObject {
  const whole = isObject(value) ? value : idleSchedule
  const date = keep(whole['date'] ?? null, dateKeys)
  const time = keep(whole['time'] ?? null, timeKeys)
  const cron = whole['cron']
  return {
    ...(typeof cron === 'string' && cron !== '' ? { cron } : {}),
    date,
    time: time['type'] === 'every_hour' && !('interval' in time) ? { ...time, interval: 1 } : time
  }
}

function keep(part: Json, keysOf: Readonly<Record<string, readonly string[]>>): JsonObject {
  if (!isObject(part)) return {}
  const keys = keysOfType(asText(part['type']), keysOf)
  const held = Object.entries(part).filter(
    ([key, value]) =>
      key === 'type' || (value !== null && (keys === undefined || keys.includes(key)))
  )
  return Object.fromEntries(held.map(([key, value]) => [key, sorted(value)]))
}

/** A part that is not there, with the type that needs it. */
interface LackingPart {
  readonly path: string
  readonly type: string
}

/** The parts that the types of a schedule need and that are not there. */
export function lackingParts(value: Json): readonly LackingPart[] {
  if (!isObject(value)) return []
  const inPart = (name: string, keysOf: typeof dateKeys): readonly LackingPart[] => {
    const part = value[name]
    if (!isObject(part)) return []
    const type = asText(part['type'])
    return (keysOfType(type, keysOf) ?? [])
      .filter((key) => isNothing(part[key]) && derivedKeys[type] !== key)
      .map((key) => ({ path: `schedule.${name}.${key}`, type }))
  }
  return [...inPart('date', dateKeys), ...inPart('time', timeKeys)]
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (isList(value) && !value.length)
}

function keysOfType(type: string, keysOf: typeof dateKeys): readonly string[] | undefined {
  return Object.hasOwn(keysOf, type) ? keysOf[type] : undefined
}

// Days and hours are sets. The API keeps the order that it was given.
function sorted(value: Json): Json {
  return isList(value) && value.every((item) => typeof item === 'number')
    ? [...new Set(value)].sort((a, b) => a - b)
    : value
}

/** The schedule without the keys that its types do not take: answers show an interval beside exact hours. */
export function withOwnKeys(value: JsonObject): JsonObject {
  return {
    ...value,
    date: keep(value['date'] ?? null, dateKeys),
    time: keep(value['time'] ?? null, timeKeys)
  }
}

/** A schedule of which the user set a part: the `cron` that the platform derived from the whole no longer fits. */
export function withoutDerived(value: Json): Json {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'cron'))
}
