// What a field table says of a field, and how a whole object is read and written by its table.
// A kind of resource is described by one table; a field without a rule does not exist for this action.
import { isList, isObject, type Json, type JsonObject } from './json.ts'
import type { Reference } from './reference.ts'
import { ignored, ShapeError, type Decoder } from './decode.ts'

/**
 * Who decides the value in the target:
 *
 * - `name`: the source, through the name template
 * - `copy`: the source
 * - `rewrite`: the promotion, since the value says where the object lives
 * - `keep-target`: the target, unless the user sets it; a new object takes the source's where it can
 * - `trigger`: the `schedule` policy, since it decides whether the job runs by itself
 * - `generated`: the platform; never written
 * - `reference`: the counterpart in the target of what the source refers to
 */
type Rule = 'name' | 'copy' | 'rewrite' | 'keep-target' | 'trigger' | 'generated' | 'reference'

/** One row of a field table. The key of the row is the dotted path of the field in the API's object. */
export interface Field {
  readonly rule: Rule
  /** To what the field refers, and how the API writes it. */
  readonly refersTo?: Reference
  /** That there is a value starts the object by itself, so that whether there is one is decided as triggers are. */
  readonly starts?: true
  /** Checks a value, of the user's or of the API's. */
  readonly decode: Decoder
  /** Checks the value that the API sent, where more is asked of it than of the user. */
  readonly answer?: Decoder
  /** The form in which two values are compared: values that mean the same become the same. */
  readonly canon?: (value: Json) => Json
  /** For a value with parts of its own: the paths of those that hold something and that this version does not know. */
  readonly unknown?: (value: JsonObject) => readonly string[]
  /** The parts that the user may set or keep by themselves, by dotted path. */
  readonly parts?: Readonly<Record<string, Decoder>>
  /** What a missing key means where one may be missing. Without it, the field is not compared and not sent then. */
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

/**
 * The keys that known answers leave out, each time all of one line together. Null counts as missing where it is no value.
 * Any other key of a table that is compared or written and that is missing is a wrong shape: to take it for a value would
 * be to write that value over the one that the object has.
 */
export type Gaps = readonly (readonly string[])[]

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
  /**
   * The first field of another shape than every known answer has; null for none. `values` has what could be read: enough
   * to leave the object alone, and not to promote, to match or to write it.
   */
  readonly fault: ShapeError | null
}

/** The values of an object, and the first field that could not be read. */
interface ReadValues<Table extends Fields> {
  readonly values: ValuesOf<Table>
  readonly fault: ShapeError | null
}

/**
 * Reads the values of an object by its table.
 * @param gaps the keys that may be missing
 * @param at what the object is, for messages: `job 123`
 */
export function readValues<Table extends Fields>(
  table: Table,
  gaps: Gaps,
  raw: JsonObject,
  at: string
): ReadValues<Table> {
  const values: Record<string, Json> = {}
  const missing: string[] = []
  let fault: ShapeError | null = null
  for (const path in table) {
    const field: Field = table[path] as Field
    if (field.decode === ignored) continue
    const held = read(field, valueAt(raw, path), path, at)
    if (held instanceof ShapeError) fault ??= held
    else if (held !== undefined) values[path] = held
    else {
      if (field.absent !== undefined) values[path] = field.absent
      if (field.rule !== 'generated') missing.push(path)
    }
  }
  const lost = lostKey(missing, gaps)
  return {
    values: values as ValuesOf<Table>,
    fault: fault ?? (lost === undefined ? null : lostFault(raw, lost, at))
  }
}

// A null that is read as another value stands for a missing one. What the message says is put together only where there
// is one: a large promotion comes here for every field of every job.
function read(
  field: Field,
  value: Json | undefined,
  path: string,
  at: string
): Json | undefined | ShapeError {
  if (value === undefined) return undefined
  const decode = field.answer ?? field.decode
  try {
    const held = decode(value, path)
    return value === null && held !== null ? undefined : held
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    return value === null && field.absent !== undefined ? undefined : error.of(at)
  }
}

function lostKey(missing: readonly string[], gaps: Gaps): string | undefined {
  if (missing.length === 0) return undefined
  const known = gaps.filter((gap) => gap.every((path) => missing.includes(path))).flat()
  return missing.find((path) => !known.includes(path))
}

function lostFault(raw: JsonObject, path: string, at: string): ShapeError {
  const group = path.includes('.') ? groupOf(path) : undefined
  return group === undefined || isObject(raw[group])
    ? new ShapeError(`${at}: ${path}`, 'set', valueAt(raw, path))
    : new ShapeError(`${at}: ${group}`, 'an object', raw[group])
}

/** An object that can be read whole. @throws ShapeError for another one */
export function whole<T extends { readonly fault: ShapeError | null }>(object: T): T {
  if (object.fault) throw object.fault
  return object
}

/** The paths of `raw` that hold something and that the table does not name. */
export function unknownPaths(table: Fields, raw: JsonObject): readonly string[] {
  const groups = groupsOf(table)
  return Object.entries(raw).flatMap(([key, value]) => {
    if (isNothing(value)) return []
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
    isNothing(held) || isKnown(key) ? [] : [key]
  )
}

// What a field holds that was never set.
function isNothing(value: Json): boolean {
  if (isList(value)) return value.length === 0
  if (isObject(value)) return Object.keys(value).length === 0
  return value === null || value === false || value === ''
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

const groupsByTable = new WeakMap<Fields, ReadonlySet<string>>()

// The keys whose parts have rows of their own.
function groupsOf(table: Fields): ReadonlySet<string> {
  const known = groupsByTable.get(table)
  if (known) return known
  const nested = Object.keys(table).filter((path) => path.includes('.'))
  const groups = new Set(nested.map((path) => groupOf(path)))
  groupsByTable.set(table, groups)
  return groups
}

function groupOf(path: string): string {
  return path.slice(0, path.indexOf('.'))
}

function valueAt(raw: JsonObject, path: string): Json | undefined {
  if (!path.includes('.')) return raw[path]
  const group = raw[groupOf(path)]
  return isObject(group) ? group[path.slice(groupOf(path).length + 1)] : undefined
}
