// What a field table says of a field, and how a whole object is read and written by its table.
// A kind of resource is described by one table; a field without a rule does not exist for this action.
import { isObject, type Json, type JsonObject } from '../json.ts'
import { ignored, type Decoder } from './decode.ts'

/**
 * Who decides the value in the target:
 *
 * - `name`: the source, through the name template
 * - `copy`: the source
 * - `rewrite`: the promotion, since the value says where the object lives
 * - `keep-target`: the target, unless the user sets it; a new object takes the source's where it can
 * - `trigger`: the `schedule` policy, since it decides whether the job runs by itself
 * - `generated`: the platform; never written
 * - `refersTo`: the counterpart in the target of what the source refers to
 */
export type Rule =
  | 'name'
  | 'copy'
  | 'rewrite'
  | 'keep-target'
  | 'trigger'
  | 'generated'
  | { readonly refersTo: 'environment' | 'job' }

/** One row of a field table. The key of the row is the dotted path of the field in the API's object. */
export interface Field {
  readonly rule: Rule
  /** Checks the value that the API sent. */
  readonly decode: Decoder
  /** The form in which two values are compared: values that mean the same become the same. */
  readonly canon?: (value: Json) => Json
  /** For a value with parts of its own: the paths of those that hold something and that this version does not know. */
  readonly unknown?: (value: JsonObject) => readonly string[]
  /** The parts that the user may set or keep by themselves, by dotted path. */
  readonly parts?: Readonly<Record<string, Decoder>>
  /** What a missing key means. Without it, a field that the API did not send is not compared and not sent. */
  readonly absent?: Json
  /** An account may silently not take the value, for want of a feature. */
  readonly refusable?: true
  /** The platform may store another value than was sent, which refuses nothing. */
  readonly derived?: true
  /** Why the rule is as it is, in a few words, for the reference page. */
  readonly note?: string
}

/** A field table. */
export type Fields = Readonly<Record<string, Field>>

/** The values of an object by dotted path, as its table reads them. */
export type ValuesOf<Table extends Fields> = {
  readonly [Path in keyof Table]?: ReturnType<Table[Path]['decode']>
}

/** Values of any kind of object, by dotted path. */
export type Values = Readonly<Record<string, Json>>

/** An object of the API, read by its table. */
export interface Resource<V extends object = Values> {
  readonly id: number
  /** As the API has it, blanks included. */
  readonly name: string
  readonly values: V
  /** Paths that hold something and that the table does not know: a newer API than this version. */
  readonly unknown: readonly string[]
}

/**
 * Reads the values of an object by its table.
 * @param at what the object is, for messages: `job 123`
 * @throws ShapeError that names the field
 */
export function readValues<Table extends Fields>(
  table: Table,
  raw: JsonObject,
  at: string
): ValuesOf<Table> {
  const values: Record<string, Json> = {}
  for (const [path, field] of Object.entries(table)) {
    const value = valueAt(raw, path)
    if (value !== undefined) {
      if (field.decode !== ignored) values[path] = field.decode(value, `${at}: ${path}`)
    } else if (field.absent !== undefined) {
      values[path] = field.absent
    }
  }
  return values as ValuesOf<Table>
}

/** The paths of `raw` that hold something other than null and that the table does not name. */
export function unknownPaths(table: Fields, raw: JsonObject): readonly string[] {
  const paths = Object.keys(table)
  const groups = new Set(paths.filter((path) => path.includes('.')).map((path) => groupOf(path)))
  return Object.entries(raw).flatMap(([key, value]) => {
    if (value === null) return []
    const own = table[key]
    if (own)
      return isObject(value) ? (own.unknown?.(value) ?? []).map((path) => `${key}.${path}`) : []
    if (!groups.has(key)) return [key]
    return unknownParts(value, (inner) => `${key}.${inner}` in table).map(
      (path) => `${key}.${path}`
    )
  })
}

/** The keys of an object that hold something and that are not known; none of what is no object. */
export function unknownParts(
  value: Json | undefined,
  isKnown: (key: string) => boolean
): readonly string[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, held]) =>
    held === null || isKnown(key) ? [] : [key]
  )
}

/** The nested object for a request body, from values by dotted path. */
export function nest(values: Values): JsonObject {
  const body: Record<string, Json> = {}
  for (const [path, value] of Object.entries(values)) {
    if (!path.includes('.')) {
      body[path] = value
      continue
    }
    const group = groupOf(path)
    body[group] = {
      ...(body[group] as JsonObject | undefined),
      [path.slice(group.length + 1)]: value
    }
  }
  return body
}

/** The value in the form in which it is compared. */
export function canonOf(field: Field, value: Json): Json {
  return field.canon ? field.canon(value) : value
}

function groupOf(path: string): string {
  return path.slice(0, path.indexOf('.'))
}

function valueAt(raw: JsonObject, path: string): Json | undefined {
  if (!path.includes('.')) return raw[path]
  const group = raw[groupOf(path)]
  return isObject(group) ? group[path.slice(groupOf(path).length + 1)] : undefined
}
