// JSON as a type, and the one canonical text by which two values are compared and hashed.

/** Any JSON value. `undefined` is not one: a field that the API did not send is absent from its record. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** The JSON text of a value with the keys of every object in code unit order and no white space. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(',')}}`
}

/** Whether two values are the same JSON, whatever the order of keys. */
export function sameJson(a: Json, b: Json): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b)
}

/** More levels than any answer or file has that means well; recursion over so many is safe. */
const mostLevels = 200

/** Whether a value is nested deeper than what can be walked through safely. */
export function isTooDeep(value: Json, left = mostLevels): boolean {
  if (value === null || typeof value !== 'object') return false
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1))
}

/** Narrows to an array; `Array.isArray` does not narrow readonly ones. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** Narrows to an object that is neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text that a value is; JSON for anything else, and empty for null and for what is not there. */
export function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : canonicalJson(value)
}
