// Paths in `set` and `keep`: at any depth, down to a part of a field or up to a group of fields.
import { isObject, type Json, type JsonObject } from './json.ts'
import { ShapeError } from './kinds/decode.ts'
import type { Field, Fields, Values } from './kinds/field.ts'
import { nearest } from './near.ts'

/** A value to set at a path, which is a path of the table or goes on into a field. */
export interface Setting {
  readonly path: string
  readonly value: Json
}

/** Why the value of a field is not the user's to fix or to keep. */
function refusal(path: string, field: Field, value: Json | undefined): string | undefined {
  const { rule } = field
  if (rule === 'generated') return `${path} is made by the platform`
  if (rule === 'rewrite' || path === 'environment_id') return `${path} says where the object lives`
  if (value === undefined) return undefined
  if (rule === 'name') return 'the name is given by "to" or "name"'
  if (path === 'type') return 'type can not change: development environments are not promoted'
  if (typeof rule === 'object' && value !== null) {
    return `${path} refers to another object: map it under references; only null can be set, which drops it`
  }
  return undefined
}

/**
 * The single settings of a `set`, nested or dotted.
 * @returns settings, and the faults with the keys at which they stand
 */
export function settingsOf(
  table: Fields,
  set: Readonly<Record<string, Json>>
): {
  readonly settings: readonly Setting[]
  readonly faults: readonly { readonly key: string; readonly fault: string }[]
} {
  const settings: Setting[] = []
  const faults: { key: string; fault: string }[] = []
  const visit = (key: string, path: string, value: Json): void => {
    const owner = ownerOf(table, path)
    const inGroup = Object.keys(table).filter((each) => each.startsWith(`${path}.`))
    if (owner === undefined && inGroup.length > 0 && isObject(value)) {
      for (const [inner, held] of Object.entries(value)) visit(key, `${path}.${inner}`, held)
    } else if (owner === undefined) {
      const known =
        inGroup.length > 0 ? `${path} is a group: ${inGroup.join(', ')}` : unknown(table, path)
      faults.push({ key, fault: known })
    } else {
      const fault = settingFault(table, owner, path, value)
      if (fault === undefined) settings.push({ path, value })
      else faults.push({ key, fault })
    }
  }
  for (const [key, value] of Object.entries(set)) visit(key, key, value)
  return { settings, faults }
}

function settingFault(table: Fields, owner: string, path: string, value: Json): string | undefined {
  const field = table[owner]
  if (!field) return undefined
  const refused = refusal(owner, field, value)
  if (refused !== undefined) return refused
  // A part of a field is checked with the whole, when the source's is known.
  if (path !== owner) return undefined
  try {
    field.decode(value, path)
    return undefined
  } catch (error) {
    if (error instanceof ShapeError) return error.message
    throw error
  }
}

/** What is wrong with a path of `keep`, or undefined. */
export function keepFault(table: Fields, path: string): string | undefined {
  const owner = ownerOf(table, path)
  if (owner !== undefined) {
    const field = table[owner]
    return field && refusal(owner, field, undefined)
  }
  return Object.keys(table).some((each) => each.startsWith(`${path}.`))
    ? undefined
    : unknown(table, path)
}

/** The path of the table that a path is, or goes into. */
export function ownerOf(table: Fields, path: string): string | undefined {
  return Object.keys(table).find((each) => path === each || path.startsWith(`${each}.`))
}

/** The values with a setting made; a part of a field is set in a copy of the whole. */
export function withSetting(table: Fields, values: Values, { path, value }: Setting): Values {
  const owner = ownerOf(table, path) ?? path
  if (owner === path) return { ...values, [path]: value }
  const inner = path.slice(owner.length + 1).split('.')
  return { ...values, [owner]: setAt(values[owner] ?? null, inner, value) }
}

/** Whether a path of `keep` covers a whole field. */
export function keepsField(path: string, keep: readonly string[]): boolean {
  return keep.some((each) => path === each || path.startsWith(`${each}.`))
}

/** A wanted value with the parts that `keep` names taken from the held one. */
export function keepingParts(
  path: string,
  wanted: Json,
  held: Json,
  keep: readonly string[]
): Json {
  return keep
    .filter((each) => each.startsWith(`${path}.`))
    .reduce((value, each) => {
      const inner = each.slice(path.length + 1).split('.')
      const kept = getAt(held, inner)
      return kept === undefined ? value : setAt(value, inner, kept)
    }, wanted)
}

function getAt(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    value
  )
}

function setAt(whole: Json, path: readonly string[], value: Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return value
  const base: JsonObject = isObject(whole) ? whole : {}
  return { ...base, [key]: setAt(base[key] ?? null, rest, value) }
}

function unknown(table: Fields, path: string): string {
  return `there is no field ${path}. ${nearest(path, Object.keys(table))}`
}
