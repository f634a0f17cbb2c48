// What is undone of the bindings of an environment: its profile, and what that or the environment itself is bound to.
import { asText, sameJson } from '../model/json.ts'
import type { Environment } from '../kinds/environment.ts'
import type { Values } from '../model/field.ts'
import { quoted } from '../model/names.ts'
import { notice, type Remark } from '../model/remark.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { Undo, Written } from './undo.ts'

/** What is to be done of an environment, with what there is to say of its bindings. */
interface UndoneBindings {
  readonly undo: Undo
  readonly remarks: readonly Remark[]
}

const profile = 'primary_profile_id'
const attributes = 'extended_attributes_id'
const bindings = ['connection_id', 'credentials_id', attributes]

/**
 * What is undone of an environment, as far as its bindings allow.
 * @param undone what was found by comparing field by field
 */
export function undoBindings(
  undone: Undo,
  written: Pick<Written, 'before' | 'wrote'>,
  held: Environment,
  target: Snapshot
): UndoneBindings {
  const { undo, remarks } = withProfile(undone, written, held, target)
  const { [attributes]: was, ...restore } = undo.restore
  if (typeof was !== 'number' || !target.deadAttributes.has(was)) return { undo, remarks }
  const lost = `Environment ${quoted(held.name)} had extended attributes ${was}, which are not there any more: it keeps those that it has.`
  return { undo: { ...undo, restore }, remarks: [...remarks, notice(lost)] }
}

// To bind an environment anew is to leave its profile out, and then the platform chooses one. So the bindings are put
// back as they were, and the profile of before only where another environment shows that it still holds these very
// bindings. A profile that was set brought its bindings along, which then go with it.
function withProfile(
  { restore, conflicts }: Undo,
  { before, wrote }: Pick<Written, 'before' | 'wrote'>,
  held: Environment,
  target: Snapshot
): UndoneBindings {
  const was = before[profile] ?? null
  const rest = Object.fromEntries(Object.entries(restore).filter(([path]) => path !== profile))
  const others = conflicts.filter(({ path }) => path !== profile)
  const isNotAsked = profile in wrote && wrote[profile] === null
  if (profile in restore && !isNotAsked) {
    const values: Values = held.values
    const brought = bindings.filter((path) => !sameJson(values[path] ?? null, before[path] ?? null))
    const back = Object.fromEntries(brought.map((path) => [path, before[path] ?? null]))
    return { undo: { restore: { ...restore, ...back }, conflicts }, remarks: [] }
  }
  const isOther = profile in restore || others.length < conflicts.length
  if (!isNotAsked || !isOther || was === null) return { undo: { restore, conflicts }, remarks: [] }
  const isHeld = target.environments.some(({ id, values }) => {
    const all: Values = values
    return (
      id !== held.id &&
      all[profile] === was &&
      bindings.every((path) => sameJson(all[path] ?? null, before[path] ?? null))
    )
  })
  if (isHeld)
    return { undo: { restore: { ...rest, [profile]: was }, conflicts: others }, remarks: [] }
  const name = quoted(held.name)
  return {
    undo: { restore: rest, conflicts: others },
    remarks: [
      notice(
        `Environment ${name} had the profile ${asText(was)}, and has one of the platform's choice: it gets its bindings back, and keeps that one.`
      )
    ]
  }
}
