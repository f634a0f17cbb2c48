// Checks of values in request bodies. A check returns what is wrong in the words of the platform's
// JSON schema validator, or undefined. JSON types are strict: true is not 1, and "4" is not 4.

import { isObject, repr, type Json, type JsonObject } from './json.ts'

/** Says what is wrong with a value: a message, or messages by key; undefined if nothing is. */
export type Check = (value: Json) => Json | undefined

/** Messages by key. */
export type Problems = Record<string, Json>

export const REQUIRED = 'required key not provided'
export const EXTRA = 'extra keys not allowed'

function notOfType(value: Json, type: string): string {
  return `${repr(value)} is not of type '${type}'`
}

/** A whole number that fits an id of 64 bits as far as JSON can carry it. */
export const integer: Check = (value) =>
  Number.isSafeInteger(value) ? undefined : notOfType(value, 'integer')

/** A whole number within bounds, both included. */
export function between(low: number, high = Number.MAX_SAFE_INTEGER): Check {
  return (value) => {
    const wrong = integer(value)
    if (wrong !== undefined) return wrong
    if (Number(value) < low) return `${repr(value)} is less than the minimum of ${low}`
    return Number(value) > high
      ? `${repr(value)} is greater than the maximum of ${high}`
      : undefined
  }
}

export const boolean: Check = (value) =>
  typeof value === 'boolean' ? undefined : notOfType(value, 'boolean')

/** A text of at least so many characters. */
export function text(minLength: number): Check {
  return (value) => {
    if (typeof value !== 'string') return notOfType(value, 'string')
    return value.length < minLength ? `${repr(value)} is too short` : undefined
  }
}

/** One of these texts or numbers. */
export function oneOf(...values: readonly (string | number)[]): Check {
  return (value) =>
    values.includes(value as string) ? undefined : `${repr(value)} is not one of ${repr(values)}`
}

/** A list whose every item passes. */
export function listOf(check: Check, minLength = 0): Check {
  return (value) => {
    if (!Array.isArray(value)) return notOfType(value, 'array')
    if (value.length < minLength) return `${repr(value)} is too short`
    for (const item of value as readonly Json[]) {
      const wrong = check(item)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }
}

/** Null, or what passes. The spec marks nothing as nullable, though real clients send null for every optional key. */
export function nullable(check: Check): Check {
  return (value) => (value === null ? undefined : check(value))
}

/** Anything: keys that are read and forgotten. */
export const anything: Check = () => undefined

/** What keys an object may have, which of them it must have. */
export interface Shape {
  readonly required: readonly string[]
  readonly keys: Readonly<Record<string, Check>>
}

/** Problems of an object by key: what is missing, what is unexpected, what is of a wrong type. */
export function problemsOf(
  body: JsonObject,
  shape: Shape,
  words: {
    readonly missing: (key: string) => string
    readonly unexpected: (key: string) => string
  }
): Problems {
  const problems: [string, Json][] = []
  for (const key of shape.required) {
    if (!Object.hasOwn(body, key)) problems.push([key, words.missing(key)])
  }
  for (const [key, value] of Object.entries(body)) {
    const check = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined
    const wrong = check === undefined ? words.unexpected(key) : check(value)
    if (wrong !== undefined) problems.push([key, wrong])
  }
  // Not by assignment, which loses a key such as `__proto__`.
  return Object.fromEntries(problems)
}

/** The older validator's words, as recorded for jobs. */
export const OLDER = { missing: () => REQUIRED, unexpected: () => EXTRA }

/** The newer validator's words. */
export const SCHEMA = {
  missing: (key: string) => `'${key}' is a required property`,
  unexpected: (key: string) => additional([key])
}

/** The newer validator's message for keys that it does not know. */
export function additional(keys: readonly string[]): string {
  const names = keys.map((key) => repr(key)).join(', ')
  return `Additional properties are not allowed (${names} ${keys.length === 1 ? 'was' : 'were'} unexpected)`
}

/** An object in the older validator's words; problems nest like the object. */
export function object(shape: Shape): Check {
  return (value) => {
    if (!isObject(value)) return 'expected a dictionary'
    const problems = problemsOf(value, shape, OLDER)
    return Object.keys(problems).length > 0 ? problems : undefined
  }
}

/** True if there is no problem. */
export function isFine(problems: Problems): boolean {
  return Object.keys(problems).length === 0
}
