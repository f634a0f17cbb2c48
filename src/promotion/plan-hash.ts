// The hash of a plan: over what would be written and where, so that equal changes have equal hashes, whatever the
// order of the source, the names of the projects and the objects that stay as they are.
import { isData, isOfValues, type Change } from '../model/change.ts'
import { digestAll } from '../model/digest.ts'
import { sameJson, type Json, type JsonObject } from '../model/json.ts'
import type { Links } from '../model/reference.ts'
import { canonLink } from '../model/link.ts'
import { canonOf, type Values } from '../model/field.ts'
import { fieldsOf } from '../kinds/kinds.ts'
import type { PlanSide } from '../model/sides.ts'

/** The hash of changes between two projects. @param undoes the hash of the plan that is undone */
export function planHash(
  sides: { readonly source: PlanSide; readonly target: PlanSide },
  changes: readonly Change[],
  undoes?: string
): string {
  const place = ({ origin, account, project }: PlanSide): Json => ({
    origin,
    account,
    project: project.id
  })
  const undone = undoes === undefined ? [] : [{ undoes }]
  return digestAll([
    place(sides.source),
    place(sides.target),
    ...undone,
    ...changes.flatMap(hashed)
  ])
}

function hashed(change: Change): readonly JsonObject[] {
  if (isOfValues(change)) {
    const { op, key, writes } = change
    return op === 'unchanged' ? [] : [{ op, key, writes: writes.map((each) => ({ ...each })) }]
  }
  const table = fieldsOf(change.kind)
  const canon = (path: string, value: Json): Json => {
    const field = table[path]
    return field ? canonOf(field, value) : value
  }
  // In the order of the table, so that no keys need sorting: a large promotion comes here for every field of every job.
  const all = (values: Values): Json => {
    const canonical: Json[] = []
    for (const path in table) {
      const value = values[path]
      if (value !== undefined) canonical.push(path, canon(path, value))
    }
    return canonical
  }
  const { op, key } = change
  switch (op) {
    case 'create':
      return [{ op, key, values: all(change.values), refs: canonLinks(change.refs) }]
    case 'update':
      return [
        {
          op,
          key,
          id: change.id,
          adopted: change.adopted,
          fields: change.fields.map((field): JsonObject => {
            const { path } = field
            if (!isData(field))
              return { path, from: canonLink(field.from), to: canonLink(field.to) }
            const { before, after } = field
            const [was, is] = [canon(path, before), canon(path, after)]
            // Of a marker that is restored, the canonical form knows nothing.
            return sameJson(was, is) ? { path, before, after } : { path, before: was, after: is }
          })
        }
      ]
    case 'pause':
      return [{ op, key, id: change.id }]
    case 'unchanged':
      return []
  }
}

function canonLinks(links: Links): JsonObject {
  return Object.fromEntries(Object.entries(links).map(([path, link]) => [path, canonLink(link)]))
}
