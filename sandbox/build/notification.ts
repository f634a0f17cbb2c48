// Users, notifications and webhooks of an account.

import type { Notification, State, User, Webhook } from '../state.ts'
import { put } from '../table.ts'
import { timestamp } from '../time.ts'
import { row, takeId, type Given } from './base.ts'

/** Adds a user to an account. */
export function addUser(state: State, accountId: number, given: Given<User> = {}): number {
  const id = takeId(state, 'users', given.id)
  state.users = put(state.users, {
    email: `user-${id}@example.com`,
    first_name: 'Jaffle',
    last_name: 'User',
    ...given,
    id,
    account_id: row(state.accounts, accountId, 'account').id
  })
  return id
}

/** Adds a notification to an account: a Slack channel that is told of nothing, unless `given` says otherwise. */
export function addNotification(
  state: State,
  accountId: number,
  given: Given<Notification> & Pick<Notification, 'user_id'>
): number {
  const id = takeId(state, 'notifications', given.id)
  const now = timestamp(state.clock)
  const isSlack = given.type === undefined || given.type === 2 || given.type === 5
  state.notifications = put(state.notifications, {
    type: 2,
    external_email: given.type === 4 ? `recipient-${id}@example.com` : null,
    slack_channel_id: isSlack ? `C${id}` : null,
    slack_channel_name: isSlack ? `#channel-${id}` : null,
    on_cancel: [],
    on_failure: [],
    on_success: [],
    on_warning: [],
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    id,
    account_id: row(state.accounts, accountId, 'account').id
  })
  return id
}

/** Adds a webhook to an account: for failures of all jobs, unless `given` says otherwise. */
export function addWebhook(state: State, accountId: number, given: Given<Webhook> = {}): number {
  const id = takeId(state, 'webhooks', given.id)
  state.webhooks = put(state.webhooks, {
    name: `Webhook ${id}`,
    description: '',
    client_url: `https://hooks.example.com/catch/${id}`,
    event_types: ['job.run.errored'],
    job_ids: [],
    active: true,
    deactivate_reason: null,
    http_status_code: 0,
    dispatched_at: null,
    hmac_secret: `hmac-of-${id}`,
    created_at: state.clock,
    updated_at: state.clock,
    state: 1,
    ...given,
    id,
    account_id: row(state.accounts, accountId, 'account').id
  })
  return id
}
