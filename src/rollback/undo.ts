// What is undone of one object: field by field, and only where the target still has what the promotion wrote.
import type { Findings } from '../model/remark.ts'
import { asText, sameJson, type Json } from '../model/json.ts'
import { canonOf, type Fields, type Values } from '../model/field.ts'
import { fieldsOf } from '../kinds/kinds.ts'
import type { Kind } from '../model/keys.ts'
import { isWritable } from './journal.ts'
import { readMarker, type Marker } from '../model/marker.ts'

/** What is planned for one entry of a journal. */
export interface Undone extends Findings {
  /** What the promotion made, and stays. */
  readonly stays: readonly string[]
  /** The secrets that were written over others, whose former values are lost. */
  readonly lost: readonly string[]
}

/** Of what is not there, or was never written, nothing is undone. */
export const nothingUndone: Undone = {
  change: null,
  remarks: [],
  stays: [],
  lost: []
}

/** What a journal says of an object. */
export interface Written {
  readonly kind: Kind
  /** What it had before. */
  readonly before: Values
  /** What was written, with ids as references. A value that nobody knows is not there. */
  readonly wrote: Values
  /** What the account did not take as it was sent. */
  readonly refused: readonly string[]
}

/** A field that is neither as it was before nor as it was written. */
export interface Conflict {
  readonly path: string
  readonly wrote: Json | undefined
  readonly now: Json
}

/** What is to be done of an object. */
export interface Undo {
  /** The values to write; empty where all is as before. */
  readonly restore: Values
  readonly conflicts: readonly Conflict[]
}

/**
 * Compares an object with what a journal says of it.
 * @param paths the fields that the promotion changed, in any order
 */
export function undoOf(
  { kind, before, wrote, refused }: Written,
  held: Values,
  paths: readonly string[]
): Undo {
  const table = fieldsOf(kind)
  const restore: Record<string, Json> = {}
  const conflicts: Conflict[] = []
  // In the order of the table, as all fields of a plan are.
  for (const path of Object.keys(table)) {
    const was = before[path]
    const now = held[path]
    if (!paths.includes(path) || !isWritable(kind, path)) continue
    if (was === undefined || now === undefined || isSame(table, path, now, was)) continue
    const is = wrote[path]
    if ((is !== undefined && isSame(table, path, now, is)) || refused.includes(path))
      restore[path] = was
    else conflicts.push({ path, wrote: is, now })
  }
  return { restore, conflicts }
}

// A description is the same when its marker is, too; what digests a lost line held, nobody knows.
function isSame(table: Fields, path: string, a: Json, b: Json): boolean {
  const field = table[path]
  if (field && !sameJson(canonOf(field, a), canonOf(field, b))) return false
  return path !== 'description' || isSameMarker(readMarker(asText(a)), readMarker(asText(b)))
}

function isSameMarker(a: Marker | undefined, b: Marker | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  const isOpen = a.state === 'unknown' || b.state === 'unknown'
  const stateOf = ({ state }: Marker): Json => (typeof state === 'string' ? state : { ...state })
  return (
    a.label === b.label &&
    sameJson({ ...a.origin }, { ...b.origin }) &&
    (isOpen || sameJson(stateOf(a), stateOf(b)))
  )
}
