// Accounts, who gets into them, and their connections.

import type { Account, Connection, Features, State, TokenGrants } from '../state.ts'
import { put } from '../table.ts'
import { timestamp } from '../time.ts'
import { row, takeId, type Given } from './base.ts'

const EVERYTHING: Features = {
  dbtVersions: null,
  stateAwareOrchestration: true,
  efficientTesting: true,
  dbtState: true,
  modelQueryHistory: true,
  lostCredentials: 'error',
  autoAssignConnection: false,
  uniqueEnvironmentNames: false,
  longDescription: 'invalid',
  noFeatures: 'list',
  lifecycleWebhooks: 'as-sent',
  comparisonNeedsDeferral: true,
  jobVariables: false,
  unknownEnvironments: 'silent',
  unmentionedValues: 'keep',
  deactivatedRuns: 'refused',
  hiddenKinds: 404,
  deletedJobs: 'cleaned',
  rewrites: [],
  writeAnswers: 'as-stored',
  attributesAsText: false,
  missingKeys: { environment: [], job: [] },
  refusedKeys: { environment: [], job: [] },
  futureKeys: { environment: [], job: [] }
}

/** Adds an account that is entitled to everything, unless `features` says otherwise. */
export function addAccount(
  state: State,
  given: Omit<Given<Account>, 'features'> & { readonly features?: Partial<Features> } = {}
): number {
  const id = takeId(state, 'accounts', given.id)
  const now = timestamp(state.clock)
  state.accounts = put(state.accounts, {
    name: 'Jaffle Shop',
    plan: 'enterprise',
    run_slots: 15,
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    features: { ...EVERYTHING, ...given.features },
    id
  })
  return id
}

/** Lets a token into accounts; without `projects` it is an account admin's, who may do everything in them. */
export function addToken(
  state: State,
  token: string,
  accounts: number | readonly number[],
  projects?: TokenGrants['projects'],
  sets: readonly string[] = projects === undefined ? ['account_admin'] : []
): void {
  const list = typeof accounts === 'number' ? [accounts] : accounts
  state.tokens = {
    ...state.tokens,
    [token]: { accounts: list, projects: projects ?? { '*': { access: 'write' } }, sets }
  }
}

/** Adds a global connection to an account. */
export function addConnection(
  state: State,
  accountId: number,
  given: Given<Connection> = {}
): number {
  const id = takeId(state, 'connections', given.id)
  const now = timestamp(state.clock)
  state.connections = put(state.connections, {
    name: 'Snowflake xy12345',
    adapter_version: 'snowflake_v0',
    config: {
      account: 'xy12345',
      database: 'analytics',
      warehouse: 'transforming',
      role: 'TRANSFORMER',
      allow_sso: false,
      client_session_keep_alive: false
    },
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    id,
    account_id: row(state.accounts, accountId, 'account').id
  })
  return id
}
