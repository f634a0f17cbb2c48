// Recognises, in a list of the target, what a write left whose answer was lost.
import type { Create } from '../model/change.ts'
import type { Fields, Resource, Values } from '../model/field.ts'
import { kindOf, kinds } from '../kinds/kinds.ts'
import type { Kind } from '../model/keys.ts'
import { asText, sameJson, type Json } from '../model/json.ts'
import { readMarker, type Origin } from '../model/marker.ts'
import { nameKey } from '../model/names.ts'
import { refusedPaths } from './read-back.ts'

/**
 * The objects that a create can have made: a job by its marker, in its environment; what has no marker by its name, in
 * its environment if it is a job, and by holding what was sent, or somebody else made it in the same moment.
 * @param sent what the create sent
 * @param known the ids of what was there before, or came from other writes
 */
export function madeBy(
  change: Create,
  sent: Values,
  listed: readonly Resource<object>[],
  known: ReadonlySet<number>
): readonly Resource<object>[] {
  return listed.filter((each) => !known.has(each.id) && isMade(change, sent, each))
}

function isMade(change: Create, sent: Values, found: Resource<object>): boolean {
  const values = found.values as Values
  const { home } = kindOf(change.kind)
  if (home !== null && values[home] !== sent[home]) return false
  const wanted = originIn(sent)
  if (wanted) return sameJson({ ...wanted }, { ...originIn(values) })
  return nameKey(found.name) === nameKey(change.name) && isWritten(change.kind, sent, found)
}

/**
 * Whether an object holds what a write sent, but for what the account may refuse.
 * @param before what it held before; null for an object that was not there
 */
export function isWritten(
  kind: Kind,
  sent: Values,
  found: Resource<object>,
  before: Values | null = null
): boolean {
  const fields: Fields = kinds[kind].fields
  const values = found.values as Values
  const isFirm = (path: string): boolean => fields[path]?.refusable !== true
  return (
    sameJson(stateIn(sent), stateIn(values)) &&
    !refusedPaths(fields, sent, values).some(isFirm) &&
    !keepsCleared(sent, values, before ?? {})
  )
}

// Where nothing is asked for, the platform may choose. But what was to be cleared, and is still there, tells that the
// write was not carried out. Of a profile it tells nothing: the platform may choose the same again.
function keepsCleared(sent: Values, values: Values, before: Values): boolean {
  return Object.entries(before).some(
    ([path, was]) =>
      path !== 'primary_profile_id' &&
      was !== null &&
      sent[path] === null &&
      sameJson(values[path] ?? null, was)
  )
}

function originIn(values: Values): Origin | undefined {
  return readMarker(asText(values['description']))?.origin
}

// By its digests the marker tells one write of a job from another, also where no other value changed.
function stateIn(values: Values): Json {
  const state = readMarker(asText(values['description']))?.state ?? null
  return typeof state === 'object' && state !== null ? { ...state } : state
}
