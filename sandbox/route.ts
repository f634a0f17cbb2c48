// What a route is, and what its operations get: everything about one request that has been let in.

import { notFound, type SandboxResponse } from './http.ts'
import type { JsonObject } from './json.ts'
import type { Parameters, Query } from './query.ts'
import type { Account, Project, State, TokenGrants } from './state.ts'
import { find } from './table.ts'
import { mayRead } from './access.ts'

export interface Call {
  readonly state: State
  readonly grants: TokenGrants
  readonly now: number
  /** The account in the path; only the list of accounts has none. */
  readonly account: Account | undefined
  /** Ids in the path by their name in the pattern. */
  readonly ids: Readonly<Record<string, number>>
  /** Texts in the path by their name in the pattern. */
  readonly texts: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: JsonObject
}

export interface Answer {
  readonly state: State
  readonly response: SandboxResponse
}

export interface Operation {
  readonly parameters: Parameters
  readonly run: (call: Call) => Answer
}

export interface Route {
  /** Names of ids stand as `:account`, of texts as `@subscription`, of all that is left as `*remainder`. */
  readonly path: string
  readonly methods: Readonly<Partial<Record<string, Operation>>>
}

/** The account in the path. */
export function accountOf(call: Call): Account {
  if (call.account === undefined) throw notFound()
  return call.account
}

/** An id in the path. */
export function idOf(call: Call, name: string): number {
  const id = call.ids[name]
  if (id === undefined) throw notFound()
  return id
}

/** A text in the path. */
export function textOf(call: Call, name: string): string {
  const text = call.texts[name]
  if (text === undefined) throw notFound()
  return text
}

/** The project in the path, if the token may see it. */
export function projectOf(call: Call): Project {
  const project = find(call.state.projects, idOf(call, 'project'))
  if (project?.account_id !== accountOf(call).id || project.state !== 1) throw notFound()
  if (!mayRead(call.grants, project.id)) throw notFound()
  return project
}

/** An answer that changes nothing. */
export function answer(call: Call, response: SandboxResponse): Answer {
  return { state: call.state, response }
}
