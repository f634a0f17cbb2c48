// Plans what is undone of variables and overrides: values that were changed get their former one back. Nothing is ever
// deleted, and a secret that was written over another is lost.
import type { Scope, ValueChange } from '../model/change.ts'
import type { Found } from './find-made.ts'
import type { Journal, ValuesEntry } from './journal.ts'
import type { Key } from '../model/keys.ts'
import { isMask, projectScope } from '../kinds/variable.ts'
import { quoted } from '../model/names.ts'
import { alarm, problem, warning } from '../model/remark.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { nothingUndone, type Undone } from './undo.ts'

/** Undoes one variable or override. */
export function undoValues(
  entry: ValuesEntry,
  journal: Journal,
  found: Found,
  target: Snapshot
): Undone {
  const status = journal.outcomes.get(entry.key)?.status
  const isUntouched = status === 'failed' || status === 'not-attempted'
  if (isUntouched || entry.op === 'unchanged') return nothingUndone
  const places = entry.writes.map((write) => ({ write, ...placeOf(entry, write, found, target) }))
  const writes: ValueChange[] = []
  const conflicts: string[] = []
  const gone: string[] = []
  const stays: string[] = []
  const lost: string[] = []
  for (const { write, label, held, isThere } of places) {
    const { scope, before, after } = write
    const isLost = typeof before === 'object' && before !== null
    if (isLost || (typeof before === 'string' && isMask(before))) {
      if (held !== undefined) lost.push(label)
    } else if (before === null) {
      if (held !== undefined) stays.push(label)
    } else if (!isThere || held === undefined) gone.push(label)
    else if (held === before) continue
    else if (held === after) writes.push({ scope, before: held, after: before })
    else conflicts.push(label)
  }
  const { kind, key, name, environment, job } = entry
  const of =
    kind === 'variable' ? `variable ${name}` : `variable ${name} for job ${quoted(job?.name ?? '')}`
  const isHeld = places.some(({ held }) => held !== undefined)
  return {
    ...nothingUndone,
    change: isHeld
      ? {
          op: writes.length === 0 ? 'unchanged' : 'update',
          kind,
          by: 'journal',
          key,
          name,
          environment,
          job,
          writes,
          kept: []
        }
      : null,
    remarks: [
      ...conflicts.map((label) =>
        problem(
          `The value of ${of}${label} was changed after the promotion.`,
          `Set it to what the promotion wrote, or to what was before it. To leave it as it is now, take the line of ${quoted(key)} out of the journal.`
        )
      ),
      ...gone.map((label) =>
        warning(`The value of ${of}${label} is not in the target any more: it is not put back.`)
      ),
      ...writes.map(({ scope }) => {
        const what = `The value of ${of}${labelOf(entry, scope, found)}`
        return alarm('protected', key, `${what} changes.`, `${what} was changed.`)
      })
    ],
    stays: stays.map((label) => `${of}${label}`),
    lost: lost.map(
      (label) => `${name}${kind === 'override' ? ` for job ${quoted(job?.name ?? '')}` : label}`
    )
  }
}

interface Placed {
  readonly label: string
  readonly held: string | undefined
  /** Whether the environment or the job is there. */
  readonly isThere: boolean
}

function placeOf(
  entry: ValuesEntry,
  { scope }: ValueChange,
  found: Found,
  target: Snapshot
): Placed {
  const { name, job } = entry
  const label = labelOf(entry, scope, found)
  if (job) {
    const id = found.ids.get(job.key) ?? 0
    const isThere = found.held('job', id) !== undefined
    return {
      label,
      isThere,
      held: isThere ? target.overrides.get(id)?.get(name)?.value : undefined
    }
  }
  const place = scope === projectScope ? projectScope : environmentOf(scope, found)
  const variable = (target.variables ?? []).find((each) => each.name === name)
  const held = place === undefined ? undefined : variable?.values.get(place)?.value
  return { label, isThere: place !== undefined, held }
}

function environmentOf(scope: Key, { ids, held }: Found): string | undefined {
  return held('environment', ids.get(scope) ?? 0)?.name
}

// Where a value counts, after its name. Its job stands in the name of an override.
function labelOf({ job }: ValuesEntry, scope: Scope, found: Found): string {
  if (job) return ''
  if (scope === projectScope) return ' for the project'
  return ` for environment ${quoted(environmentOf(scope, found) ?? nameIn(scope))}`
}

// The name in a key, where the environment is gone.
function nameIn(key: string): string {
  return key
    .slice(key.indexOf(':') + 1)
    .replaceAll('%2F', '/')
    .replaceAll('%25', '%')
}
