// What a token may do.

import type { EnvironmentCategory } from './rows.ts'

/** What a token may do in one project. Without categories every environment is writable; an empty list means none is. */
export interface Grant {
  readonly access: 'read' | 'write'
  readonly environmentCategories?: readonly EnvironmentCategory[]
  /** False for a permission set without custom environment variables: neither read nor written. */
  readonly variables?: boolean
  /** Whether runs may be started and cancelled; without it whoever may write may. A Job runner only reads else. */
  readonly runs?: boolean
}

/** The reach of a token. A project's own entry wins over `*`. */
export interface TokenGrants {
  readonly accounts: readonly number[]
  readonly projects: Readonly<Record<string, Grant>>
  /** Permission sets of the whole account, as spec v2 names them: `account_admin`, `notification_manager`, … */
  readonly sets?: readonly string[]
}
