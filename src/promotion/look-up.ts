// Recognises, in a list of the target, the object that a create made whose answer was lost.
import type { Create } from './change.ts'
import type { Values } from './kinds/field.ts'
import type { Resource } from './kinds/field.ts'
import { readMarker } from './marker.ts'
import { nameKey } from './names.ts'
import { asText } from './json.ts'

/**
 * The objects that the write can have made: an environment by its name; a job by its marker, or without one by its
 * name, in its environment.
 * @param sent what the create sent
 * @param known the ids of what was there before, or came from other writes
 */
export function madeBy(
  change: Create,
  sent: Values,
  listed: readonly Resource<object>[],
  known: ReadonlySet<number>
): readonly Resource<object>[] {
  return listed.filter((each) => !known.has(each.id) && isSame(change, sent, each))
}

function isSame(change: Create, sent: Values, found: Resource<object>): boolean {
  const values = found.values as Values
  if (change.kind === 'environment') return nameKey(found.name) === nameKey(change.name)
  if (values['environment_id'] !== sent['environment_id']) return false
  const wanted = readMarker(asText(sent['description']))?.origin
  if (!wanted) return nameKey(found.name) === nameKey(change.name)
  const origin = readMarker(asText(values['description']))?.origin
  return (
    origin?.job === wanted.job &&
    origin.project === wanted.project &&
    origin.account === wanted.account
  )
}
