// Edits: what others do to the account right before or right after a request, for tests of hands that are faster.

import { handleWithFaults, type ArmedFault, type FaultyHandled } from './faults.ts'
import { handle } from './handle.ts'
import type { SandboxRequest } from './http.ts'
import { isObject, withValue, type Json, type JsonObject } from './json.ts'
import { assertNth, seenAfter, strikes, type Nth } from './nth.ts'
import { TABLES, type State, type Tables } from './state.ts'
import { find, put, type Row } from './table.ts'
import { movedOn } from './time.ts'

/** What somebody does. */
export type EditAction =
  /** Gives a row other values, by dotted path; `add` puts more items into its lists. */
  | {
      readonly kind: 'set'
      readonly table: keyof Tables
      readonly id: number
      readonly set?: JsonObject
      readonly add?: Readonly<Record<string, readonly Json[]>>
    }
  /** Deletes a row, as the platform does: `state` becomes 2; a run vanishes. */
  | { readonly kind: 'delete'; readonly table: keyof Tables; readonly id: number }
  /** Sends the same request once more, as a second promotion would; `set` changes its body. */
  | { readonly kind: 'repeat'; readonly set?: JsonObject }
  /** Sends another request. */
  | {
      readonly kind: 'request'
      readonly method: string
      readonly path: string
      readonly token: string
      readonly body?: Json
    }

/** An edit, and at which request it comes. */
export interface Edit extends Nth {
  /** Before the request by default. */
  readonly when?: 'before' | 'after'
  readonly action: EditAction
}

/** An edit and how many requests have fitted it so far. */
export interface ArmedEdit {
  readonly edit: Edit
  readonly seen: number
}

function withValues(object: JsonObject, set: JsonObject): JsonObject {
  return Object.entries(set).reduce(
    (current, [path, value]) => withValue(current, path.split('.'), value),
    object
  )
}

/** The row as it is after somebody has saved it: `updated_at` has moved. */
function saved(row: JsonObject, now: number): JsonObject {
  const { updated_at: last } = row
  if (typeof last === 'number') return { ...row, updated_at: Math.max(now, last + 1) }
  return typeof last === 'string' ? { ...row, updated_at: movedOn(last, now) } : row
}

function editRow(
  state: State,
  table: keyof Tables,
  id: number,
  change: (row: JsonObject) => JsonObject,
  now: number
): State {
  const row = find<Row>(state[table], id)
  if (row === undefined) throw new Error(`There is no row ${id} in ${table} to edit.`)
  const changed = saved(change(row as unknown as JsonObject), now)
  return { ...state, [table]: put<Row>(state[table], changed as unknown as Row) }
}

// Rows that the platform does not delete softly, such as runs, are simply gone.
function deleted(state: State, table: keyof Tables, id: number, now: number): State {
  const row = find<Row>(state[table], id)
  if (row !== undefined && !Object.hasOwn(row, 'state'))
    return { ...state, [table]: (state[table] as readonly Row[]).filter((other) => other !== row) }
  return editRow(state, table, id, (old) => ({ ...old, state: 2 }), now)
}

function repeated(request: SandboxRequest, set: JsonObject): SandboxRequest {
  if (request.body === undefined) return request
  const body = JSON.parse(request.body) as Json
  return isObject(body) ? { ...request, body: JSON.stringify(withValues(body, set)) } : request
}

function perform(state: State, action: EditAction, request: SandboxRequest): State {
  const now = request.now ?? state.clock
  switch (action.kind) {
    case 'set': {
      const change = (row: JsonObject): JsonObject => {
        const added = Object.entries(action.add ?? {}).map(([key, items]) => {
          const list = row[key]
          return [key, [...(Array.isArray(list) ? (list as readonly Json[]) : []), ...items]]
        })
        return {
          ...withValues(row, action.set ?? {}),
          ...(Object.fromEntries(added) as JsonObject)
        }
      }
      return editRow(state, action.table, action.id, change, now)
    }
    case 'delete':
      return deleted(state, action.table, action.id, now)
    case 'repeat':
      return handle(state, repeated(request, action.set ?? {})).state
    case 'request': {
      const { method, path, token, body } = action
      const headers = { authorization: `Token ${token}`, 'content-type': 'application/json' }
      const text = body === undefined ? undefined : JSON.stringify(body)
      return handle(state, { method, path, headers, body: text, now }).state
    }
  }
}

/** As {@link handleWithFaults}, with the edits that are armed. What others do knows no faults. */
export function handleWithEdits(
  state: State,
  edits: readonly ArmedEdit[],
  faults: readonly ArmedFault[],
  request: SandboxRequest
): FaultyHandled & { readonly edits: readonly ArmedEdit[] } {
  const due = edits.filter(({ edit, seen }) => strikes(edit, seen, request))
  const act = (at: State, when: 'before' | 'after'): State =>
    due
      .filter(({ edit }) => (edit.when ?? 'before') === when)
      .reduce((current, { edit }) => perform(current, edit.action, request), at)
  const handled = handleWithFaults(act(state, 'before'), faults, request)
  const counted = edits.map(({ edit, seen }) => ({ edit, seen: seenAfter(edit, seen, request) }))
  return { ...handled, state: act(handled.state, 'after'), edits: counted }
}

const NEEDED: Readonly<Record<EditAction['kind'], readonly string[]>> = {
  set: ['table', 'id'],
  delete: ['table', 'id'],
  repeat: [],
  request: ['method', 'path', 'token']
}

/**
 * Reads an edit that came as JSON.
 * @throws when it is not one; the message says why
 */
export function parseEdit(value: Json): Edit {
  if (!isObject(value)) throw new Error('An edit is a JSON object.')
  const known = ['nth', 'method', 'path', 'times', 'when', 'action']
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new Error(`An edit has no key '${unknown}'.`)
  assertNth(value)
  if (value.when !== undefined && value.when !== 'before' && value.when !== 'after')
    throw new Error(`'when' is before or after.`)
  const { action } = value
  if (!isObject(action) || typeof action.kind !== 'string' || !Object.hasOwn(NEEDED, action.kind))
    throw new Error(`An edit has an action of kind ${Object.keys(NEEDED).join(', ')}.`)
  const missing = NEEDED[action.kind as EditAction['kind']].find((key) => action[key] === undefined)
  if (missing !== undefined) throw new Error(`An edit of kind ${action.kind} has '${missing}'.`)
  const { table } = action
  if (table !== undefined && !TABLES.includes(table as keyof Tables))
    throw new Error(`'table' is one of ${TABLES.join(', ')}.`)
  return value as unknown as Edit
}
