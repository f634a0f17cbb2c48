// Compares an answer with what was sent: what the target account did not take is told, never passed over.
import { isList, sameJson, type Json } from '../model/json.ts'
import { canonOf, type Fields, type Values } from '../model/field.ts'

/**
 * The paths that were sent and that the answer holds otherwise, in canonical form.
 * @param sent values with ids of the target as references
 * @param held the values of the answer
 */
export function refusedPaths(table: Fields, sent: Values, held: Values): readonly string[] {
  return Object.entries(table).flatMap(([path, field]) => {
    const wanted = sent[path]
    const got = held[path]
    if (wanted === undefined || got === undefined) return []
    if (field.rule === 'generated' || field.rule === 'rewrite') return []
    // Where nothing was asked for, the platform may choose: it gives a new environment a profile and a connection.
    if (field.derived === true || (field.rule === 'keep-target' && wanted === null)) return []
    if (field.refusable === true && asksNothing(wanted, got)) return []
    return sameJson(canonOf(field, wanted), canonOf(field, got)) ? [] : [path]
  })
}

/** Whether nothing is refused: null asks for nothing, and an account may not keep it and the empty list apart. */
export function asksNothing(wanted: Json, got: Json): boolean {
  return wanted === null || (got === null && isList(wanted) && wanted.length === 0)
}
