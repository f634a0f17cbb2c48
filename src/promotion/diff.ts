// Compares what should be with what is, field by field, in canonical form, where the source or the user decides.
import type { Desired } from '../model/desired.ts'
import { keepingParts, keepsField } from '../model/paths.ts'
import type { FieldChange } from '../model/change.ts'
import { sameJson, type Json } from '../model/json.ts'
import type { Link, Links } from '../model/reference.ts'
import { sameLink } from '../model/link.ts'
import { canonOf, type Field, type Fields, type Values } from '../model/field.ts'

/**
 * The fields of an object of the target that a promotion changes, in the order of the table.
 * @param held the object of the target, with references as keys
 * @param managed the paths that the promotion decides
 */
export function diff(
  table: Fields,
  desired: Pick<Desired, 'values' | 'refs'>,
  held: Held,
  managed: readonly string[]
): readonly FieldChange[] {
  return managed.flatMap((path): readonly FieldChange[] => {
    const field = table[path]
    if (field?.refersTo) {
      const [from = null, to = null] = [held.refs[path], desired.refs[path]]
      return sameLink(from, to) ? [] : [{ path, from, to }]
    }
    const after = desired.values[path]
    const before = held.values[path]
    if (field === undefined || after === undefined || before === undefined) return []
    return sameJson(canonOf(field, before), canonOf(field, after)) ? [] : [{ path, before, after }]
  })
}

/** Whether the user fixes the value of a field also in an object that the target has. */
export function setsHeld({ fixed, keep }: Desired, path: string): boolean {
  return fixed.has(path) && !keepsField(path, keep)
}

/** An object of the target, or one as it is to be: data and references apart. */
interface Held {
  readonly values: Values
  readonly refs: Links
}

function at(of: Held, { refersTo }: Field, path: string): Json | Link | undefined {
  return (refersTo ? of.refs : of.values)[path]
}

/** What decides about triggers in an object of the target. */
interface TriggerOwner {
  /** Whether the source decides, and not the target. */
  readonly source: boolean
}

/**
 * The paths of an object that the promotion decides, in the order of the table. On update the target keeps what
 * belongs to where it lives, unless the user set it, and whether its jobs run by themselves.
 * @param held the object of the target; the desired state for a new one
 */
export function managedPaths(
  table: Fields,
  desired: Desired,
  held: Held,
  triggers: TriggerOwner
): readonly string[] {
  // A loop without entries: a large promotion comes here for every field of every job.
  const paths: string[] = []
  for (const path in table) {
    const field = table[path]
    // A field that the target's answer does not have is one that its account does not know.
    if (!field || at(desired, field, path) === undefined || at(held, field, path) === undefined)
      continue
    if (keepsField(path, desired.keep)) continue
    if (desired.fixed.has(path) || isManaged(path, field, desired, held, triggers)) paths.push(path)
  }
  return paths
}

function isManaged(
  path: string,
  field: Field,
  desired: Desired,
  held: Held,
  triggers: TriggerOwner
): boolean {
  // What it waits for, where both have a trigger, is the source's.
  if (field.starts) {
    return triggers.source || (at(held, field, path) !== null && at(desired, field, path) !== null)
  }
  switch (field.rule) {
    case 'name':
    case 'copy':
    case 'reference':
      return true
    case 'trigger':
      return triggers.source
    case 'rewrite':
    case 'keep-target':
    case 'generated':
      return false
  }
}

/** The desired state for an object that is there: with the parts of fields that the target keeps. */
export function keeping(desired: Desired, held: Values): Desired {
  if (desired.keep.length === 0) return desired
  return {
    ...desired,
    values: Object.fromEntries(
      Object.entries(desired.values).map(([path, value]) => [
        path,
        keepingParts(path, value, held[path] ?? null, desired.keep)
      ])
    )
  }
}
