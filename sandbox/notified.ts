// Which jobs notifications name.

import type { Job, Notification, State } from './state.ts'
import { find, put } from './table.ts'

/** The four lists of a notification, in the order of the spec. */
export const LISTS = ['on_cancel', 'on_failure', 'on_success', 'on_warning'] as const

function names(row: Notification, id: number): boolean {
  return LISTS.some((list) => row[list].includes(id))
}

/** The state after the deletion of a job: where the account cleans its notifications, they name it no longer. */
export function withoutJob(state: State, job: Job): State {
  const account = find(state.accounts, job.account_id)
  if (account?.features.deletedJobs !== 'cleaned') return state
  const rows = state.notifications.filter((row) => names(row, job.id))
  const cleaned = (row: Notification): Notification => {
    const lists = LISTS.map((list) => [list, row[list].filter((id) => id !== job.id)])
    return { ...row, ...Object.fromEntries(lists) } as Notification
  }
  const notifications = rows.reduce((table, row) => put(table, cleaned(row)), state.notifications)
  return { ...state, notifications }
}
