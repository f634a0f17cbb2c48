// Paths in `set` and `keep`: at any depth, down to a part of a field or up to a group of fields.
import { isObject, type Json, type JsonObject } from './json.ts'
import { ShapeError, type Decoder } from './decode.ts'
import type { Field, Fields, Values } from './field.ts'
import { nearest } from './near.ts'
import { branchFault } from './branch.ts'
import { isTemplated, templateFault, valuePlaceholders, withoutPlaceholders } from './template.ts'

/** A value to set at a path, which is a path of the table or goes on into a field. */
export interface Setting {
  readonly path: string
  readonly value: Json
}

/** What is left to the target: a field, a part of one or a group, less what a later rule sets of it. */
export interface Keep {
  readonly path: string
  readonly except: readonly string[]
}

/** Whether a path is another one, or a field or group around it. */
export function covers(path: string, other: string): boolean {
  return path === other || other.startsWith(`${path}.`)
}

/** The types of jobs. */
export const jobTypes = ['ci', 'scheduled', 'other', 'merge', 'adaptive', 'hybrid'] as const

/** Fields for which the API takes a few words only. */
const words: Readonly<Record<string, readonly Json[]>> = {
  deployment_type: ['production', 'staging', null],
  job_type: jobTypes
}

/** Why the value of a field is not the user's to fix or to keep. */
function refusal(path: string, field: Field, value: Json | undefined): string | undefined {
  const { rule } = field
  if (rule === 'generated') return `${path} is made by the platform`
  if (rule === 'rewrite' || path === 'environment_id') return `${path} says where the object lives`
  if (value === undefined) return undefined
  if (value === '' && path !== 'description') return `${path} can not be empty`
  const known = new Map(Object.entries(words)).get(path)
  if (known && !known.includes(value))
    return `${path} should be one of ${known.map(String).join(', ')}`
  if (rule === 'name') return 'the name is given by "to" or "name"'
  if (path === 'type') return 'type can not change: development environments are not promoted'
  if (rule === 'reference' && value !== null) {
    return `${path} refers to another object: map it under references; only null can be set, which drops it`
  }
  return undefined
}

/** What is wrong with a `set`, and the keys under which it stands. */
interface SettingFault {
  readonly at: readonly string[]
  readonly fault: string
}

/**
 * The single settings of a `set`, nested or dotted, and what is wrong with it.
 * @param captures how many wildcards there are to refer to
 */
export function settingsOf(
  table: Fields,
  set: Readonly<Record<string, Json>>,
  captures = 0
): { readonly settings: readonly Setting[]; readonly faults: readonly SettingFault[] } {
  const settings: Setting[] = []
  const faults: SettingFault[] = []
  const visit = (at: readonly string[], path: string, value: Json): void => {
    const owner = ownerOf(table, path)
    const inGroup = fieldsIn(table, path)
    if (owner === undefined && inGroup.length > 0 && isObject(value)) {
      for (const [key, held] of Object.entries(value)) visit([...at, key], `${path}.${key}`, held)
      return
    }
    const other = settings.some((each) => covers(each.path, path) || covers(path, each.path))
    const fault =
      pathFault(table, path) ??
      (other ? `${path} is set twice by the same rule` : undefined) ??
      settingFault(table, owner ?? path, path, value) ??
      templatedFault(path, value, captures)
    if (fault === undefined) settings.push({ path, value })
    else faults.push({ at, fault })
  }
  for (const [key, value] of Object.entries(set)) visit([key], key, value)
  return { settings, faults }
}

function pathFault(table: Fields, path: string): string | undefined {
  if (ownerOf(table, path) !== undefined) return undefined
  const inGroup = fieldsIn(table, path)
  return inGroup.length > 0 ? `${path} is a group: ${inGroup.join(', ')}` : unknown(table, path)
}

function settingFault(table: Fields, owner: string, path: string, value: Json): string | undefined {
  const field = table[owner]
  if (!field) return undefined
  const refused = refusal(owner, field, value) ?? partFault(owner, field, path)
  if (refused !== undefined) return refused
  const unknownPart = isObject(value) && path === owner ? field.unknown?.(value)[0] : undefined
  if (unknownPart !== undefined) return `there is no field ${owner}.${unknownPart}`
  const decode = path === owner ? field.decode : partOf(owner, field, path)
  try {
    decode?.(value, path)
    return undefined
  } catch (error) {
    if (error instanceof ShapeError) return error.message
    throw error
  }
}

function templatedFault(path: string, value: Json, captures: number): string | undefined {
  if (!isTemplated(path) || typeof value !== 'string') return undefined
  const fault = templateFault(value, valuePlaceholders, captures)
  if (fault !== undefined) return `${path} ${fault}`
  const ofBranch = path === 'custom_branch' ? branchFault(withoutPlaceholders(value)) : undefined
  return ofBranch && `${path} ${ofBranch}, so git does not know such a branch`
}

/** What is wrong with a path of `keep`, or undefined. */
export function keepFault(table: Fields, path: string): string | undefined {
  const owner = ownerOf(table, path)
  const field = owner === undefined ? undefined : table[owner]
  if (owner !== undefined && field)
    return refusal(owner, field, undefined) ?? partFault(owner, field, path)
  return fieldsIn(table, path).length > 0 ? undefined : unknown(table, path)
}

function partFault(owner: string, field: Field, path: string): string | undefined {
  if (path === owner || partOf(owner, field, path)) return undefined
  if (!field.parts) return `${owner} has no parts that could be set or kept by themselves`
  const parts = Object.keys(field.parts).map((part) => `${owner}.${part}`)
  return `there is no field ${path}. ${nearest(path, parts)}`
}

function partOf(owner: string, field: Field, path: string): Decoder | undefined {
  const parts = new Map(Object.entries(field.parts ?? {}))
  return parts.get(path.slice(owner.length + 1))
}

/** The path of the table that a path is, or goes into. */
export function ownerOf(table: Fields, path: string): string | undefined {
  return Object.keys(table).find((each) => covers(each, path))
}

/** The values with a setting made; a part of a field is set in a copy of the whole. */
export function withSetting(table: Fields, values: Values, { path, value }: Setting): Values {
  const owner = ownerOf(table, path) ?? path
  if (owner === path) return { ...values, [path]: value }
  const inner = path.slice(owner.length + 1).split('.')
  return { ...values, [owner]: setAt(values[owner] ?? null, inner, value) }
}

/** Whether a whole field is left to the target. */
export function keepsField(field: string, keep: readonly Keep[]): boolean {
  return keep.some(
    ({ path, except }) =>
      covers(path, field) && !except.some((each) => covers(field, each) || covers(each, field))
  )
}

/** A wanted value with the parts that `keep` names taken from the held one. */
export function keepingParts(field: string, wanted: Json, held: Json, keep: readonly Keep[]): Json {
  const inner = (path: string): readonly string[] =>
    path === field ? [] : path.slice(field.length + 1).split('.')
  return keep.reduce((value, { path, except }) => {
    const set = except.filter((each) => covers(field, each) && each !== field)
    const isPart = covers(field, path) && path !== field
    if (!isPart && !(covers(path, field) && set.length > 0)) return value
    const own = isPart ? inner(path) : []
    const kept = getAt(held, own)
    if (kept === undefined) return value
    return set.reduce(
      (whole, each) => setAt(whole, inner(each), getAt(wanted, inner(each)) ?? null),
      setAt(value, own, kept)
    )
  }, wanted)
}

/** The part of a value at a path, or undefined. */
export function getAt(value: Json, path: readonly string[]): Json | undefined {
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

function fieldsIn(table: Fields, group: string): readonly string[] {
  return Object.keys(table).filter((each) => each !== group && covers(group, each))
}

function unknown(table: Fields, path: string): string {
  return `there is no field ${path}. ${nearest(path, Object.keys(table))}`
}
