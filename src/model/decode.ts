// Reads one value from an answer of the API, or says which field of which object has the wrong shape.
import { isObject, type Json, type JsonObject } from './json.ts'

/**
 * Checks a raw value and gives it back as JSON.
 * @param raw what the API sent
 * @param at where it stood, for the message: `job 123: settings.threads`
 * @throws ShapeError when the value has another shape
 */
export type Decoder<T extends Json = Json> = (raw: unknown, at: string) => T

/** An answer of the API that does not have the shape that this version knows. */
export class ShapeError extends Error {
  /** @param isHidden whether not even a number may show */
  constructor(at: string, expected: string, raw: unknown, isHidden = false) {
    super(`${at} should be ${expected}, but is ${isHidden ? kindOf(raw) : describe(raw)}`)
    this.name = 'ShapeError'
  }

  /** The same fault of an object. */
  of(at: string): this {
    this.message = `${at}: ${this.message}`
    return this
  }
}

// Values may be secrets, so a message names the kind of value, and only harmless ones in full.
function describe(raw: unknown): string {
  return typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : kindOf(raw)
}

function kindOf(raw: unknown): string {
  if (raw === undefined) return 'missing'
  if (raw === null) return 'null'
  if (Array.isArray(raw)) return 'a list'
  if (typeof raw === 'string') return 'a text'
  return typeof raw === 'object' ? 'an object' : `a ${typeof raw}`
}

export const bool: Decoder<boolean> = (raw, at) => {
  if (typeof raw !== 'boolean') throw new ShapeError(at, 'true or false', raw)
  return raw
}

export const text: Decoder<string> = (raw, at) => {
  if (typeof raw !== 'string') throw new ShapeError(at, 'a text', raw)
  return raw
}

/** A text of the user's, of which no message may show anything. */
export const hiddenText: Decoder<string> = (raw, at) => {
  if (typeof raw !== 'string') throw new ShapeError(at, 'a text', raw, true)
  return raw
}

/** A whole number that JavaScript holds exactly. Ids of cell-based accounts have 14 digits and fit. */
export const int: Decoder<number> = (raw, at) => {
  if (!Number.isSafeInteger(raw)) throw new ShapeError(at, 'a whole number', raw)
  return raw as number
}

export const id: Decoder<number> = (raw, at) => {
  if (!isId(raw)) throw new ShapeError(at, 'an id', raw)
  return raw
}

export function isId(raw: unknown): raw is number {
  return Number.isSafeInteger(raw) && (raw as number) > 0
}

export const object: Decoder<JsonObject> = (raw, at) => {
  if (!isObject(raw)) throw new ShapeError(at, 'an object', raw)
  return raw
}

/** For fields that are read by nobody and never written. */
export const ignored: Decoder = () => null

export function nullable<T extends Json>(decode: Decoder<T>): Decoder<T | null> {
  return (raw, at) => (raw === null ? null : decode(raw, at))
}

/** A flag, where null means false. */
export const flag: Decoder<boolean> = (raw, at) => (raw === null ? false : bool(raw, at))

export function listOf<T extends Json>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (raw, at) => {
    if (!Array.isArray(raw)) throw new ShapeError(at, 'a list', raw)
    return raw.map((item, index) => decode(item, `${at}[${index}]`))
  }
}
