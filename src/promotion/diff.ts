// Compares what should be with what is, field by field, in canonical form, where the source or the user decides.
import type { Desired } from './desired.ts'
import { sameJson, type Json } from './json.ts'
import { canonOf, type Field, type Fields, type Values } from './kinds/field.ts'

/** One field that changes. Values are as the API has them, references as `Ref`s. */
export interface FieldChange {
  readonly path: string
  readonly before: Json
  readonly after: Json
}

/**
 * The fields of an object of the target that a promotion changes, in the order of the table.
 * @param held the values of the target, with references as keys
 */
export function diff(table: Fields, desired: Desired, held: Values): readonly FieldChange[] {
  return Object.entries(table).flatMap(([path, field]) => {
    const after = desired.values[path]
    const before = held[path]
    // A field that the target's answer does not have is one that its account does not know.
    if (after === undefined || before === undefined) return []
    if (!isManaged(path, field, desired, before)) return []
    return sameJson(canonOf(field, before), canonOf(field, after)) ? [] : [{ path, before, after }]
  })
}

// On update the target keeps what belongs to where it lives, and whether its jobs run by themselves.
function isManaged(path: string, field: Field, desired: Desired, before: Json): boolean {
  if (desired.fixed.has(path)) return true
  const { rule } = field
  if (path === 'job_completion_trigger_condition')
    return before !== null && desired.values[path] !== null
  if (typeof rule === 'object') return true
  switch (rule) {
    case 'name':
    case 'copy':
      return true
    case 'rewrite':
    case 'keep-target':
    case 'trigger':
    case 'generated':
      return false
  }
}
