// What the sandbox knows, as plain JSON: `GET` and `PUT /_sandbox/state` carry it as it stands.

import type { TokenGrants } from './grants.ts'
import { isObject, type Json } from './json.ts'
import type { ArmedOrder, Run, RunClock } from './runs/types.ts'
import type {
  Account,
  Connection,
  Credentials,
  Environment,
  ExtendedAttributes,
  Job,
  Notification,
  Profile,
  Project,
  Repository,
  User,
  Variable,
  Webhook
} from './rows.ts'
import { sorted, type Row } from './table.ts'

export * from './features.ts'
export * from './grants.ts'
export * from './rows.ts'
export * from './runs/types.ts'

/** Requests of the last minute of one account, and until when it is locked out. */
export interface Usage {
  readonly recent: readonly number[]
  readonly blockedUntil: number | null
}

export interface Tables {
  accounts: readonly Account[]
  repositories: readonly Repository[]
  projects: readonly Project[]
  environments: readonly Environment[]
  jobs: readonly Job[]
  credentials: readonly Credentials[]
  connections: readonly Connection[]
  profiles: readonly Profile[]
  extendedAttributes: readonly ExtendedAttributes[]
  variables: readonly Variable[]
  runs: readonly Run[]
  users: readonly User[]
  notifications: readonly Notification[]
  webhooks: readonly Webhook[]
}

/** Everything. Only the builders assign to its properties; `handle` returns a new one. */
export interface State extends Tables {
  /** Milliseconds since 1970 for requests that bring no time of their own. */
  clock: number
  tokens: Readonly<Record<string, TokenGrants>>
  runClock: RunClock
  runOrders: readonly ArmedOrder[]
  nextIds: Readonly<Record<keyof Tables, number>>
  /** Requests a minute and account, null for no limit. */
  rateLimit: number | null
  usage: Readonly<Record<string, Usage>>
}

// New ids come from ranges of their own, so that an id of the wrong kind never happens to exist.
// Jobs have 14 digits as in accounts on cells: they do not fit in 32 bits.
const FIRST_IDS: Record<keyof Tables, number> = {
  accounts: 970_000_001,
  repositories: 960_000_001,
  projects: 910_000_001,
  environments: 900_000_001,
  jobs: 70_403_103_917_001,
  credentials: 920_000_001,
  connections: 930_000_001,
  profiles: 940_000_001,
  extendedAttributes: 950_000_001,
  variables: 980_000_001,
  runs: 70_403_110_257_001,
  users: 990_000_001,
  notifications: 991_000_001,
  webhooks: 992_000_001
}

/** The names of the tables. */
export const TABLES = Object.keys(FIRST_IDS) as (keyof Tables)[]

/** A platform without accounts, on Wednesday 2026-01-07 at noon. */
export function emptyState(): State {
  return {
    clock: Date.UTC(2026, 0, 7, 12),
    tokens: {},
    accounts: [],
    repositories: [],
    projects: [],
    environments: [],
    jobs: [],
    credentials: [],
    connections: [],
    profiles: [],
    extendedAttributes: [],
    variables: [],
    runs: [],
    users: [],
    notifications: [],
    webhooks: [],
    runClock: { now: null, perRequest: 10_000 },
    runOrders: [],
    nextIds: FIRST_IDS,
    rateLimit: null,
    usage: {}
  }
}

function isTable(value: Json | undefined): boolean {
  return (
    Array.isArray(value) &&
    (value as readonly Json[]).every((row) => isObject(row) && Number.isSafeInteger(row.id))
  )
}

/**
 * Reads a state that came as JSON. What is absent is as in {@link emptyState}.
 * @throws when it is not a state; the message names the key.
 */
export function parseState(value: Json): State {
  if (!isObject(value)) throw new Error('A state is a JSON object.')
  const empty = emptyState()
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(empty, key)) throw new Error(`A state has no key '${key}'.`)
  }
  for (const table of TABLES) {
    if (value[table] !== undefined && !isTable(value[table])) {
      throw new Error(`'${table}' must be a list of objects with an integer id.`)
    }
  }
  for (const key of ['tokens', 'nextIds', 'usage', 'runClock']) {
    if (value[key] !== undefined && !isObject(value[key]))
      throw new Error(`'${key}' must be an object.`)
  }
  // From here on the shape of each row is taken on trust: a state is written by a test, not by a client.
  const given = value as Partial<State>
  const state: State = {
    ...empty,
    ...given,
    nextIds: { ...empty.nextIds, ...given.nextIds },
    runClock: { ...empty.runClock, ...given.runClock }
  }
  for (const table of TABLES) Object.assign(state, { [table]: sorted<Row>(state[table]) })
  return state
}
