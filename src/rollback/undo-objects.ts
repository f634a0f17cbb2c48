// Plans what is undone of extended attributes, environments and jobs.
import { reactivationAlarm } from '../promotion/alarms.ts'
import { type Unchanged, type Update } from '../model/change.ts'
import type { Desired } from '../model/desired.ts'
import { resolvable } from './find-made.ts'
import type { ObjectEntry } from './journal.ts'
import { asText, sameJson, type Json } from '../model/json.ts'
import { type Environment } from '../kinds/environment.ts'
import type { Values } from '../model/field.ts'
import type { Job } from '../kinds/job.ts'
import { fieldsOf, kindOf, kinds } from '../kinds/kinds.ts'
import { words } from '../kinds/words.ts'
import { withMarker, withoutMarker } from '../model/marker.ts'
import { quoted } from '../model/names.ts'
import { alarm, problem, warning, type Problem } from '../model/remark.ts'
import type { Links } from '../model/reference.ts'
import { keyedLinks, linksOf } from '../model/link.ts'
import { homeOf, type Held, type UndoContext } from './undo-context.ts'
import { checked } from './undo-checks.ts'
import { undoBindings } from './undo-bindings.ts'
import { nothingUndone, undoOf, type Conflict, type Undo, type Undone } from './undo.ts'

/** Undoes one object. */
export function undoObject(entry: ObjectEntry, context: UndoContext): Undone {
  const { journal, found } = context
  const id = found.ids.get(entry.key)
  const held = found.held(entry.kind, id ?? 0) as Held | undefined
  const status = journal.outcomes.get(entry.key)?.status
  const isUntouched = entry.op === 'unchanged' || status === 'failed' || status === 'not-attempted'
  if (held === undefined) {
    if (id === undefined || isUntouched) return nothingUndone
    if (entry.op !== 'create')
      return { ...nothingUndone, remarks: [warning(gone(entry, id, context))] }
    // What can't be listed and was made is not read: there is nothing to be done about it.
    const { isKnownByName, titled } = words[entry.kind]
    return isKnownByName
      ? nothingUndone
      : { ...nothingUndone, stays: [titled(id, entry.name, null)] }
  }
  if (isUntouched) return { ...nothingUndone, change: unchanged(entry, held) }
  return entry.op === 'create' ? undoCreate(entry, held, context) : undoUpdate(entry, held, context)
}

function gone({ kind, name }: ObjectEntry, id: number, { target }: UndoContext): string {
  const { isKnownByName, titled } = words[kind]
  const unlisted = target.deadAttributes.has(id) ? 'there' : 'in use in the target'
  const place = isKnownByName ? 'in the target' : unlisted
  return `${titled(id, name, null)} is not ${place} any more: nothing of it is undone.`
}

// Nothing is ever deleted: a new job is switched off, and everything else stays as it is.
function undoCreate(entry: ObjectEntry, held: Held, context: UndoContext): Undone {
  const stays = labelOf(entry, held)
  const { asleep } = kindOf(entry.kind)
  if (asleep === null) return { ...nothingUndone, change: unchanged(entry, held), stays: [stays] }
  const wrote = lastSent(entry, context) ?? resolved(entry, context)
  const { kind } = entry
  const written = { kind, before: asleep, wrote, refused: [] }
  const undo = undoOf(written, held.values, Object.keys(asleep))
  const isOff = Object.keys(undo.restore).length === 0
  return {
    ...nothingUndone,
    change: isOff
      ? unchanged(entry, held)
      : { op: 'pause', ...subjectOf(entry, held.name), id: held.id },
    remarks: [
      ...conflictProblems(entry, held, undo),
      ...(isOff
        ? []
        : [
            alarm(
              'stops',
              entry.key,
              `${stays}, which the promotion made, will no longer run by itself.`,
              `${stays}, which the promotion made, was stopped from running by itself.`
            ),
            ...reactivationAlarm(desiredOf(entry, held.name, held.values), held as Job)
          ])
    ],
    stays: [stays]
  }
}

function undoUpdate(entry: ObjectEntry, held: Held, context: UndoContext): Undone {
  const { journal, target, keyOf } = context
  const before = entry.before ?? {}
  const wrote = lastSent(entry, context) ?? wholeSent(entry, before, context)
  const paths = [...Object.keys(wrote), ...Object.keys(entry.values)]
  const values = held.values as Values
  const refused = journal.outcomes.get(entry.key)?.refused ?? []
  const all = undoOf({ kind: entry.kind, before, wrote, refused }, values, paths)
  const { undo, remarks } =
    entry.kind === 'environment'
      ? undoBindings(all, { before, wrote }, held as Environment, target)
      : { undo: all, remarks: [] }
  const problems = conflictProblems(entry, held, undo)
  if (Object.keys(undo.restore).length === 0)
    return {
      ...nothingUndone,
      change: unchanged(entry, held),
      remarks: [...problems, ...remarks]
    }

  const name = asText(undo.restore['name'] ?? held.name)
  const table = fieldsOf(entry.kind)
  const told = (of: Values): Links =>
    keyedLinks(table, linksOf(table, of, target.project.id), keyOf)
  const then = { ...values, ...undo.restore }
  const [from, to] = [told(values), told(then)]
  const fields = Object.keys(undo.restore).map((path) =>
    table[path]?.refersTo
      ? { path, from: from[path] ?? null, to: to[path] ?? null }
      : { path, before: values[path] ?? null, after: then[path] ?? null }
  )
  const desired = { ...desiredOf(entry, name, then), refs: to }
  return {
    ...nothingUndone,
    change: {
      op: 'update',
      ...subjectOf(entry, name, homeOf({ ...values, ...undo.restore }, target)),
      id: held.id,
      fields,
      managed: fields.map(({ path }) => path),
      adopted: false,
      cause: 'rollback'
    },
    remarks: [...problems, ...checked(entry, desired, held, fields, then, context), ...remarks]
  }
}

/** What was sent last, where the journal tells it. */
function lastSent({ key }: ObjectEntry, { journal }: UndoContext): Values | undefined {
  return journal.attempts.get(key)?.at(-1)
}

function resolved(entry: ObjectEntry, { target, found }: UndoContext): Values {
  return resolvable(entry, target.project.id, found.ids)
}

// Where the line of what was sent is lost, the plan tells it, but for the digests of the marker.
function wholeSent(entry: ObjectEntry, before: Values, context: UndoContext): Values {
  const { head } = context.journal
  const planned = resolved(entry, context)
  const sent = kinds[entry.kind].change(before, planned)
  const text = withoutMarker(asText(sent['description']))
  const origin = {
    account: head.source.account,
    project: head.source.project.id,
    job: entry.source.id
  }
  const isStamped =
    kindOf(entry.kind).trace !== null && entry.op === 'update' && head.undoes === null
  const marked =
    head.track === 'name' ? text : withMarker(text, { origin, label: head.label, state: 'unknown' })
  const description = isStamped ? { description: marked } : {}
  return Object.fromEntries(
    Object.entries({ ...sent, ...description }).filter(
      ([path, value]) => !sameJson(before[path] ?? null, value)
    )
  )
}

/** Longer values are cut in a message. */
const longest = 80

function conflictProblems(entry: ObjectEntry, held: Held, { conflicts }: Undo): readonly Problem[] {
  if (conflicts.length === 0) return []
  const fields = conflicts.map((each) => conflictText(entry, each))
  return [
    problem(
      `${labelOf(entry, held)} was changed after the promotion: ${fields.join('; ')}.`,
      `Set what differs to what the promotion wrote, or to what was before it. To leave all of it as it is now, take the line of ${quoted(entry.key)} out of the journal.`
    )
  ]
}

function conflictText({ kind }: ObjectEntry, { path, wrote, now }: Conflict): string {
  // The content of extended attributes is nobody's to show.
  if (words[kind].isHidden) return 'its content'
  const shown = (value: Json): string => {
    const text = JSON.stringify(value)
    return text.length > longest ? `${text.slice(0, longest)}…` : text
  }
  return wrote === undefined
    ? `${path} is ${shown(now)}, and the promotion wrote something else`
    : `${path} is ${shown(now)}, and the promotion wrote ${shown(wrote)}`
}

function labelOf({ kind, environment, name }: ObjectEntry, held: Held): string {
  const { isKnownByName, titled } = words[kind]
  return titled(held.id, isKnownByName ? held.name : name, environment)
}

function unchanged(entry: ObjectEntry, held: Held): Unchanged {
  return { op: 'unchanged', ...subjectOf(entry, held.name), id: held.id, refused: [] }
}

type Subject = Pick<Update, 'kind' | 'key' | 'name' | 'environment' | 'source' | 'by'>

function subjectOf(entry: ObjectEntry, name: string, home?: string): Subject {
  const { kind, key, environment, source } = entry
  return {
    kind,
    key,
    name: words[kind].isKnownByName ? name : entry.name,
    environment: home ?? environment,
    source,
    by: 'journal'
  }
}

function desiredOf(entry: ObjectEntry, name: string, values: Values): Desired {
  const { kind, key, source, environment } = entry
  return {
    kind,
    key,
    name,
    environment: environment === null ? null : { key, name: environment },
    source,
    values,
    refs: {},
    fixed: new Set(),
    keep: []
  }
}
