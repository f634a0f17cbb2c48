// The journal of a run that writes: what it is about to do, what was there before, and line by line what it sends and
// what comes of it. From it a rollback is planned, also of a run that was killed. Each line is a JSON object: the head,
// then one for each change, and then, as they come, what is sent and what became of it.
import {
  dataAfter,
  isOfValues,
  linksAfter,
  type Change,
  type ObjectChange,
  type ValuesChange
} from '../model/change.ts'
import { sameJson } from '../model/json.ts'
import type { Link, Links } from '../model/reference.ts'
import { idIn, keyIn, wireLinks } from '../model/link.ts'
import type { Values } from '../model/field.ts'
import { fieldsOf, kindNames, kindOf } from '../kinds/kinds.ts'
import type { Key, Kind } from '../model/keys.ts'
import type { Outcome, OutcomeStatus } from '../model/outcome.ts'
import type { Side } from '../model/spec.ts'
import type { Plan } from '../promotion/plan.ts'
import type { PlanSide } from '../model/sides.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** The first line: which promotion it is, and how many lines are planned. There is no clock in it, and no run. */
export interface JournalHead {
  readonly journal: 'dbt-promote'
  readonly version: 2
  readonly source: PlanSide
  readonly target: PlanSide
  readonly track: Plan['track']
  readonly label: string
  /** The hash of the plan. */
  readonly plan: string
  /** The hash of the plan that this one undoes; null for a promotion. */
  readonly undoes: string | null
  /** How many lines of planned changes follow. */
  readonly changes: number
}

/** An object that is planned to be written, or to which values refer. */
export type ObjectEntry = Pick<
  ObjectChange,
  'op' | 'kind' | 'key' | 'name' | 'environment' | 'source'
> & {
  /** The id in the target; null for a new object. */
  readonly id: number | null
  /** What of it can be written, as it was before; null of a new object, and of one that is not written. */
  readonly before: Values | null
  /** What the plan sets. */
  readonly values: Values
  /** The references among it to what had no id yet. */
  readonly refs: Links
}

/** A variable or an override that is planned to be written. Of secrets, no value is in it. */
export type ValuesEntry = Pick<
  ValuesChange,
  'op' | 'kind' | 'key' | 'name' | 'environment' | 'job' | 'writes'
>

export type JournalEntry = ObjectEntry | ValuesEntry

/** What is sent to an object, told before it is sent: of one that was there, what is not as before. */
export interface Attempt {
  readonly key: Key
  readonly sent: Values
}

/** What became of a change, as far as a rollback needs to know; the last line of a key counts. */
export interface JournalOutcome {
  readonly key: Key
  readonly status: OutcomeStatus
  readonly id: number | null
  readonly refused: readonly string[]
}

/** A journal as it was read. */
export interface Journal {
  readonly head: JournalHead
  readonly entries: readonly JournalEntry[]
  /** What was sent, in order, by key. */
  readonly attempts: ReadonlyMap<Key, readonly Values[]>
  readonly outcomes: ReadonlyMap<Key, JournalOutcome>
}

/** Whether an entry is one of values. */
export function isValuesEntry(entry: JournalEntry): entry is ValuesEntry {
  return entry.kind === 'variable' || entry.kind === 'override'
}

/**
 * The lines that stand before the first write.
 * @param target the target as it was read last
 */
export function plannedLines(plan: Plan, target: Snapshot): readonly string[] {
  const entries = entriesOf(plan, target)
  const { source, target: side, track, label, hash, undoes } = plan
  const head: JournalHead = {
    journal: 'dbt-promote',
    version: 2,
    source,
    target: side,
    track,
    label,
    plan: hash,
    undoes: undoes ?? null,
    changes: entries.length
  }
  return [head, ...entries].map(lineOf)
}

/** The line of what is sent. @param before the object as it was; null for a new one */
export function attemptLine(key: Key, sent: Values, before: Values | null): string {
  const changed = Object.entries(sent).filter(
    ([path, value]) => before === null || !sameJson(before[path] ?? null, value)
  )
  return lineOf({ key, sent: Object.fromEntries(changed) } satisfies Attempt)
}

/** The line of what became of a change. What was said of it is for the report alone. */
export function outcomeLine({ key, status, id, refused }: Outcome): string {
  return lineOf({ key, status, id, refused } satisfies JournalOutcome)
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`
}

function entriesOf(plan: Plan, target: Snapshot): readonly JournalEntry[] {
  const ids = new Map(
    plan.changes.flatMap((change) => ('id' in change ? [[change.key, change.id] as const] : []))
  )
  const held = heldIn(target)
  const named = namedByValues(plan.changes)
  return plan.changes
    .filter(({ op, key }) => op !== 'unchanged' || named.has(key))
    .map((change): JournalEntry => {
      if (isOfValues(change)) {
        const { op, kind, key, name, environment, job, writes } = change
        return { op, kind, key, name, environment, job, writes }
      }
      const { op, kind, key, name, environment, source } = change
      const id = 'id' in change ? change.id : null
      const isWritten = op === 'update' || op === 'pause'
      return {
        op,
        kind,
        key,
        name,
        environment,
        source,
        id,
        before: isWritten ? writable(kind, held(kind, change.id)) : null,
        ...plannedOf(change, target.project.id, ids)
      }
    })
}

// Values count in environments and for jobs, which they name by key.
function namedByValues(changes: readonly Change[]): ReadonlySet<Key> {
  return new Set(
    changes.flatMap((change) => {
      if (!isOfValues(change) || change.op === 'unchanged') return []
      const scopes = change.writes.flatMap(({ scope }) => (scope === 'project' ? [] : [scope]))
      return [...scopes, ...(change.job ? [change.job.key] : [])]
    })
  )
}

/** What the plan sets of an object: references to what has an id by now as the API takes them. */
function plannedOf(
  change: ObjectChange,
  project: number,
  ids: ReadonlyMap<Key, number>
): Pick<ObjectEntry, 'values' | 'refs'> {
  const { values, refs } = setBy(change)
  const links = Object.entries(refs)
  const isOpen = (link: Link | null): boolean =>
    keyIn(link) !== undefined && idIn(link, ids) === undefined
  const known = Object.fromEntries(links.filter(([, link]) => !isOpen(link)))
  const wire = wireLinks(fieldsOf(change.kind), known, project, (key) => ids.get(key) ?? 0)
  return {
    values: { ...values, ...wire },
    refs: Object.fromEntries(links.filter(([, link]) => isOpen(link)))
  }
}

function setBy(change: ObjectChange): Pick<ObjectEntry, 'values' | 'refs'> {
  switch (change.op) {
    case 'create':
      return change
    case 'update':
      return { values: dataAfter(change.fields), refs: linksAfter(change.fields) }
    case 'pause':
      return { values: kindOf(change.kind).asleep ?? {}, refs: {} }
    case 'unchanged':
      return { values: {}, refs: {} }
  }
}

function heldIn(target: Snapshot): (kind: Kind, id: number) => Values {
  const byKind = new Map(
    kindNames.map((kind) => [
      kind,
      new Map(
        kindOf(kind)
          .held(target)
          .map((each) => [each.id, each])
      )
    ])
  )
  return (kind, id) => (byKind.get(kind)?.get(id)?.values ?? {}) as Values
}

/** What of an object a promotion can write. */
function writable(kind: ObjectChange['kind'], values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([path]) => isWritable(kind, path)))
}

/** Whether a path of an object is one that a promotion can write. */
export function isWritable(kind: ObjectChange['kind'], path: string): boolean {
  const fields = fieldsOf(kind)
  const rule = Object.hasOwn(fields, path) ? fields[path]?.rule : undefined
  return rule !== undefined && rule !== 'generated' && rule !== 'rewrite'
}

/** The target of a journal. */
export function targetOf({ head }: Journal): Side {
  const { origin, account, project } = head.target
  return { origin, account, project: { id: project.id } }
}
