// JSON as data: the types, strict readers, and the way Python prints a value,
// because the platform quotes the offending value in its messages in that form.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** True for an object that is neither null nor a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own value of a key; never something inherited such as `constructor`. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** The value at a path of keys; undefined where there is none. */
export function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  const [key = '', ...rest] = path
  const inner = own(object, key)
  if (rest.length === 0) return inner
  return isObject(inner) ? valueAt(inner, rest) : undefined
}

/** A copy with another value at a path of keys. */
export function withValue(object: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [key = '', ...rest] = path
  const inner = own(object, key)
  const next = rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value)
  return { ...object, [key]: next }
}

/** A copy without some keys. */
export function omit(object: object, ...keys: readonly string[]): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(object as JsonObject).filter(([key]) => !keys.includes(key))
  )
}

/** A value as Python's `repr` prints it: `None`, `True`, `'text'`, `{'key': 1}`. */
export function repr(value: Json): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'"
    const text = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
    return quote + (quote === "'" ? text.replaceAll("'", "\\'") : text) + quote
  }
  if (isObject(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${repr(key)}: ${repr(inner)}`)
    return `{${pairs.join(', ')}}`
  }
  return `[${value.map(repr).join(', ')}]`
}
