// What all builders do: take an id, and find the row that they are told of.

import type { State, Tables } from '../state.ts'
import { find, type Row } from '../table.ts'

type Table = keyof Tables

/** The id that the next row of a table gets; takes it out of the range. */
export function takeId(state: State, table: Table, wanted: number | undefined): number {
  const id = wanted ?? state.nextIds[table]
  if (find<Row>(state[table], id) !== undefined) throw new Error(`${table} already has id ${id}.`)
  if (id >= state.nextIds[table]) state.nextIds = { ...state.nextIds, [table]: id + 1 }
  return id
}

/** The row that a builder was told of.
 * @throws when there is none
 */
export function row<T extends Row>(rows: readonly T[], id: number, what: string): T {
  const found = find(rows, id)
  if (found === undefined) throw new Error(`There is no ${what} ${id}.`)
  return found
}

/** What a builder takes: any keys of the row, features of an account in part. */
export type Given<T> = Partial<T>
