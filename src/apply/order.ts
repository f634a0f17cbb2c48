// The order in which new jobs are created.
import type { ObjectChange } from '../model/change.ts'
import type { Key } from '../model/keys.ts'
import { keyIn } from '../model/link.ts'

/**
 * The changes with those first to which others refer, so that most of these find what they refer to, and need no second
 * write. It is for convenience: in a cycle, and for what is still under way, there is the second write.
 */
export function parentsFirst(changes: readonly ObjectChange[]): readonly ObjectChange[] {
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const parents = new Map(changes.map((change) => [change.key, parentsOf(change, byKey)]))
  const children = new Map<Key, Key[]>()
  for (const [key, all] of parents) {
    for (const parent of all) children.set(parent, [...(children.get(parent) ?? []), key])
  }
  const missing = new Map([...parents].map(([key, all]) => [key, all.size]))
  const ordered = new Set([...missing].flatMap(([key, count]) => (count === 0 ? [key] : [])))
  // A set grows while it is walked.
  for (const key of ordered) {
    for (const child of children.get(key) ?? []) {
      const left = (missing.get(child) ?? 0) - 1
      missing.set(child, left)
      if (left === 0) ordered.add(child)
    }
  }
  const first = [...ordered].flatMap((key) => byKey.get(key) ?? [])
  return [...first, ...changes.filter(({ key }) => !ordered.has(key))]
}

function parentsOf(change: ObjectChange, byKey: ReadonlyMap<Key, unknown>): ReadonlySet<Key> {
  if (change.op !== 'create') return new Set()
  const keys = change.link.flatMap((path) => keyIn(change.refs[path]) ?? [])
  return new Set(keys.filter((key) => byKey.has(key)))
}
