// The changes of a plan, as data.
import type { Desired } from './desired.ts'
import type { Json } from './json.ts'
import type { Key } from './keys.ts'
import type { Fields, Values } from './field.ts'
import type { Link, Links } from './reference.ts'
import { wireLinks } from './link.ts'
import type { Kind, ValueKind } from './keys.ts'

/** One field that changes: data, as the API has it, or a reference. */
export type FieldChange = DataChange | LinkChange

/** A field that is data. */
export interface DataChange {
  readonly path: string
  readonly before: Json
  readonly after: Json
}

/** A field that refers to another object. */
export interface LinkChange {
  readonly path: string
  readonly from: Link | null
  readonly to: Link | null
}

/** Whether a field that changes is data. */
export function isData(change: FieldChange): change is DataChange {
  return 'after' in change
}

/** The data of fields as it is to be. */
export function dataAfter(fields: readonly FieldChange[]): Values {
  return Object.fromEntries(fields.filter(isData).map(({ path, after }) => [path, after]))
}

/** Fields as they are to be, as the API takes them. What is not there yet has no id. */
export function valuesAfter(
  table: Fields,
  fields: readonly FieldChange[],
  project: number,
  idOf: (key: Key) => number = () => 0
): Values {
  return { ...dataAfter(fields), ...wireLinks(table, linksAfter(fields), project, idOf) }
}

/** The references of fields as they are to be. */
export function linksAfter(fields: readonly FieldChange[]): Links {
  return Object.fromEntries(
    fields.flatMap((field) => (isData(field) ? [] : [[field.path, field.to] as const]))
  )
}

/**
 * Why a change is about its object of the target:
 *
 * - `new`: there is none yet
 * - `marker`: the object carries the marker of the source object
 * - `name`: it has the name, or where a text leaves the marker no room, name and text
 * - `mapping`: the user names it by its id
 * - `adopted`: it has the name of a job that no promotion made, and is taken over
 * - `binding`: the environment refers to it
 * - `journal`: the journal of a promotion names it
 */
export type By = 'new' | 'marker' | 'name' | 'mapping' | 'adopted' | 'binding' | 'journal'

/** What all changes say of their resource. */
interface Subject {
  readonly kind: Kind
  readonly key: Key
  readonly name: string
  /** The name of a job's environment in the target; null for environments. */
  readonly environment: string | null
  readonly source: { readonly id: number; readonly name: string }
  readonly by: By
}

/** A new object. */
export interface Create extends Subject {
  readonly op: 'create'
  readonly values: Values
  readonly refs: Links
  /** The fields that a second write sets, once all new jobs have ids. */
  readonly link: readonly string[]
  /** The paths that the promotion decides, over which a job's marker holds digests. */
  readonly managed: readonly string[]
}

/**
 * Who changed what differs, as far as the marker proves it:
 *
 * - `source`: the target is as the last promotion left it, so the source or the spec moved
 * - `target`: the source and the spec are as they were then, so the target was edited
 * - `unknown`: neither can be proved
 * - `rollback`: a promotion did, and it is undone; the description is restored with the marker that it had
 */
export type Cause = 'source' | 'target' | 'unknown' | 'rollback'

/** An object of the target of which some fields change; none for a job that is only marked. */
export interface Update extends Subject {
  readonly op: 'update'
  readonly id: number
  readonly fields: readonly FieldChange[]
  readonly managed: readonly string[]
  readonly adopted: boolean
  readonly cause: Cause
}

/** An object of the target that already is as it should be. */
export interface Unchanged extends Subject {
  readonly op: 'unchanged'
  readonly id: number
  /** The paths that differ and are not written again, since the target account does not take them. */
  readonly refused: readonly string[]
}

/** A promoted job whose source job is gone, or whose creation is undone: it stays, and no longer runs by itself. */
export interface Pause extends Subject {
  readonly op: 'pause'
  readonly id: number
}

/**
 * A value of a variable: a text, none, or a secret, of which the plan knows no more than that it is there or is given.
 */
export type Value = string | null | { readonly secret: true }

/** Where a value counts: in the whole project, in an environment, or for a job. */
export type Scope = 'project' | Key

/** One value that is written. */
export interface ValueChange {
  readonly scope: Scope
  readonly before: Value
  readonly after: Value
}

/** A value that the target has and keeps: a secret, which can't be compared, or another one than the source's. */
export interface KeptValue {
  readonly scope: Scope
  readonly why: 'secret' | 'differs'
}

/** The values of a variable of the project, or of the one that overrides it for a job. */
export interface ValuesChange {
  readonly op: 'create' | 'update' | 'unchanged'
  readonly kind: ValueKind
  readonly by: By
  readonly key: Key
  /** The name of the variable. */
  readonly name: string
  /** The name of the job's environment in the target; null for a variable of the project. */
  readonly environment: string | null
  /** The job of an override; null for a variable of the project. */
  readonly job: { readonly key: Key; readonly name: string } | null
  /** What is written; nothing of an unchanged one. */
  readonly writes: readonly ValueChange[]
  readonly kept: readonly KeptValue[]
}

/** The change of an object, by its fields. */
export type ObjectChange = Create | Update | Unchanged | Pause

export type Change = ObjectChange | ValuesChange

/** Whether a change is one of values. */
export function isOfValues(change: Change): change is ValuesChange {
  return change.kind === 'variable' || change.kind === 'override'
}

/** What a change says of a desired resource. */
export function subjectOf(desired: Desired, by: By): Subject {
  const { kind, key, name, environment, source } = desired
  return { kind, key, name, environment: environment?.name ?? null, source, by }
}
