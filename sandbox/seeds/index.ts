// Seeds by name, for the command line and for tests.

import type { State } from '../state.ts'
import { blog } from './blog.ts'
import { oneProject } from './one-project.ts'
import { six } from './six.ts'
import { thousand } from './thousand.ts'
import { twoAccounts } from './two-accounts.ts'
import { variables } from './variables.ts'

/** What a seed is called, and what makes it. */
export const SEEDS: Readonly<Record<string, () => State>> = {
  blog,
  thousand,
  six,
  'one-project': oneProject,
  'two-accounts': () => twoAccounts(),
  variables
}
