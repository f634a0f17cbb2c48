// References: what a field says of another object. They stand apart from data, so that nothing is taken for one by its
// shape; the field table says which fields refer, to what, and how the API writes it.
import type { Fields, Values } from './field.ts'
import { sameJson, type Json } from './json.ts'
import type { Link, Links, Reference } from './reference.ts'
import type { Key } from './keys.ts'

/** The references of an object, told by its table. */
export function linksOf(table: Fields, values: Values, project: number): Links {
  const links: Record<string, Link | null> = {}
  for (const [path, reference] of referencesOf(table)) {
    const value = values[path]
    if (value !== undefined) links[path] = reference.read(value, project)
  }
  return links
}

/** The values that are data. */
export function dataOf(table: Fields, values: Values): Values {
  const references = referencesOf(table)
  // Mostly there is nothing to take out, and a large promotion comes here for every job.
  if ([...references.keys()].every((path) => values[path] === undefined)) return values
  return Object.fromEntries(Object.entries(values).filter(([path]) => !references.has(path)))
}

/**
 * References as the API takes them.
 * @param project the target project, in which all lives that no other project is said of
 * @param idOf the id of a resource of the desired state
 */
export function wireLinks(
  table: Fields,
  links: Links,
  project: number,
  idOf: (key: Key) => number
): Values {
  const references = referencesOf(table)
  const values: Record<string, Json> = {}
  for (const [path, link] of Object.entries(links)) {
    const reference = references.get(path)
    if (link === null || reference === undefined) values[path] = null
    else {
      const own = 'key' in link ? { id: idOf(link.key), project } : { project, ...link }
      values[path] = reference.write({ statuses: [], ...link, ...own })
    }
  }
  return values
}

/** References with the keys of what stands in the plan in place of ids. */
export function keyedLinks(
  table: Fields,
  links: Links,
  keyOf: (kind: string, id: number) => Key | undefined
): Links {
  const references = referencesOf(table)
  return Object.fromEntries(
    Object.entries(links).map(([path, link]) => {
      if (link === null || 'key' in link || link.project !== undefined) return [path, link]
      const { id, ...rest } = link
      const key = keyOf(references.get(path)?.kind ?? '', id)
      return [path, key === undefined ? link : { key, ...rest }]
    })
  )
}

/** Whether two references are to the same, and count for the same. */
export function sameLink(a: Link | null, b: Link | null): boolean {
  return a === b || sameJson(canonLink(a), canonLink(b))
}

/** A reference in the form in which it is compared. */
export function canonLink<T extends Link | null>(link: T): T {
  if (!link?.statuses) return link
  return { ...link, statuses: [...new Set(link.statuses)].sort((a, b) => a - b) }
}

/** The key that a reference is to, if it is one to the desired state. */
export function keyIn(link: Link | null | undefined): Key | undefined {
  return link && 'key' in link ? link.key : undefined
}

/** The id of what a reference is to in the desired state, where it has one. */
export function idIn(
  link: Link | null | undefined,
  ids: ReadonlyMap<Key, number>
): number | undefined {
  const key = keyIn(link)
  return key === undefined ? undefined : ids.get(key)
}

const byTable = new WeakMap<Fields, ReadonlyMap<string, Reference>>()

/** The fields of a table that refer, by path. */
export function referencesOf(table: Fields): ReadonlyMap<string, Reference> {
  const known = byTable.get(table)
  if (known) return known
  const all = new Map(
    Object.entries(table).flatMap(([path, { refersTo }]) =>
      refersTo ? [[path, refersTo] as const] : []
    )
  )
  byTable.set(table, all)
  return all
}
