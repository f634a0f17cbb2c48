// Notifications (v2, of an account): whole-object writes to records that all projects share.

import { hasSet } from '../access.ts'
import {
  between,
  integer,
  isFine,
  listOf,
  nullable,
  OLDER,
  oneOf,
  problemsOf,
  text,
  type Shape
} from '../check.ts'
import { empty, forbidden, invalid, notFound, success } from '../http.ts'
import type { Json, JsonObject } from '../json.ts'
import { LISTS } from '../notified.ts'
import { inState, listPage, matches, PAGING, STATE, type Parameters } from '../query.ts'
import {
  accountOf,
  answer,
  idOf,
  type Answer,
  type Call,
  type Operation,
  type Route
} from '../route.ts'
import type { Account, Notification, State } from '../state.ts'
import { find, put } from '../table.ts'
import { movedOn } from '../time.ts'

const RELATED: Parameters = { include_related: { type: 'related', values: ['user'] } }

const jobIds = listOf(between(1))

// Spec v2 JobNotificationSettingsRequest. An update without an id is told that it does not match
// (dbt-cloud-openapi-spec#70); Terraform's provider sends null for the recipients that there are not (notification.go).
const SHAPE: Shape = {
  required: ['account_id', 'user_id', 'type', ...LISTS, 'state'],
  keys: {
    id: nullable(integer),
    account_id: integer,
    user_id: integer,
    type: oneOf(1, 2, 3, 4, 5),
    external_email: nullable(text(1)),
    slack_channel_id: nullable(text(1)),
    slack_channel_name: nullable(text(1)),
    on_cancel: jobIds,
    on_failure: jobIds,
    on_success: jobIds,
    on_warning: jobIds,
    state: oneOf(1, 2)
  }
}

/** The account, if the token may see its notifications: Account admin, or Notification manager since May 2026. */
function accountFor(call: Call): Account {
  const account = accountOf(call)
  if (hasSet(call.grants, 'account_admin', 'notification_manager')) return account
  throw account.features.hiddenKinds === 403 ? forbidden() : notFound()
}

function notificationOf(call: Call): Notification {
  const row = find(call.state.notifications, idOf(call, 'id'))
  if (row?.account_id !== accountFor(call).id || row.state !== 1) throw notFound()
  return row
}

/** A record with the keys of the live ones; `user` is null unless it is asked for. */
function show(state: State, row: Notification, related: Json = null): JsonObject {
  const wantsUser = Array.isArray(related) && (related as readonly Json[]).includes('user')
  const user = wantsUser ? find(state.users, row.user_id) : undefined
  return { ...(row as unknown as JsonObject), user: user === undefined ? null : { ...user } }
}

// The words are recorded (trouze/terraform-dbtcloud-yaml, known issues); where they stand in the answer is not.
function assertReferences(call: Call, account: Account, body: Notification): void {
  const user = find(call.state.users, body.user_id)
  if (user?.account_id !== account.id)
    throw invalid({ user_id: `User instance with id ${body.user_id} does not exist.` })
  const dead = [...new Set(LISTS.flatMap((list) => body[list]))].filter((id) => {
    const job = find(call.state.jobs, id)
    return job?.account_id !== account.id || job.state !== 1
  })
  if (dead.length > 0)
    throw invalid({ job_definition_ids: `Jobs definition IDs ${dead.join(', ')} do not exist` })
}

// Mail to another address needs one, Slack needs a channel with its name (spec v2, descriptions of the fields); addresses
// are unique in an account, in these words of the database (terraform-provider-dbtcloud#534).
function assertRecipient(call: Call, body: Notification): void {
  const { type, external_email: email, account_id } = body
  if (type === 4 && email === null) throw invalid({ external_email: 'required key not provided' })
  const isSlack = type === 2 || type === 5
  for (const key of ['slack_channel_id', 'slack_channel_name'] as const)
    if (isSlack && body[key] === null) throw invalid({ [key]: 'required key not provided' })
  const twin = call.state.notifications.some(
    (row) =>
      row.id !== body.id &&
      row.account_id === account_id &&
      row.state === 1 &&
      email !== null &&
      row.external_email === email
  )
  const key = `Key (account_id, external_email)=(${account_id}, ${email ?? ''}) already exists.`
  if (twin) throw invalid({ external_email: key })
}

// A second record for the mail of one user makes the user lose the first (docs of Terraform's provider, notification).
function withoutFirst(state: State, row: Notification): State {
  if (row.type !== 1) return state
  const first = state.notifications.find(
    (other) => other.id !== row.id && other.type === 1 && other.user_id === row.user_id
  )
  if (first === undefined) return state
  return { ...state, notifications: put(state.notifications, { ...first, state: 2 }) }
}

function save(call: Call, previous: Notification | undefined): Answer {
  const account = accountFor(call)
  const { state, body: raw } = call
  const problems = problemsOf(raw, SHAPE, OLDER)
  if (!isFine(problems)) throw invalid(problems)
  if ((raw.id ?? null) !== (previous?.id ?? null))
    throw invalid({ id: 'The provided id does not match.' })
  if (raw.account_id !== account.id)
    throw invalid({ account_id: 'The provided account_id does not match.' })
  const id = previous?.id ?? state.nextIds.notifications
  const moment = movedOn(previous?.updated_at, call.now)
  const recipient = { external_email: null, slack_channel_id: null, slack_channel_name: null }
  const row = {
    ...recipient,
    ...raw,
    id,
    created_at: previous?.created_at ?? moment,
    updated_at: moment
  } as unknown as Notification
  assertRecipient(call, row)
  assertReferences(call, account, row)
  const nextIds =
    previous === undefined ? { ...state.nextIds, notifications: id + 1 } : state.nextIds
  const stored = { ...state, notifications: put(state.notifications, row), nextIds }
  const next = previous === undefined ? withoutFirst(stored, row) : stored
  // The answer to a deletion by `state` may have no id (Terraform's provider, notification.go).
  const shown = show(next, row)
  const data = row.state === 2 ? { ...shown, id: null } : shown
  return { state: next, response: success(previous === undefined ? 201 : 200, data) }
}

const list: Operation = {
  parameters: {
    ...PAGING,
    ...STATE,
    ...RELATED,
    external_email: { type: 'string' },
    order_by: { type: 'order', values: ['id', 'created_at', 'updated_at'] },
    pk: { type: 'integer' },
    slack_channel_id: { type: 'string' },
    type: { type: 'integer', low: 1, high: 5 },
    user_id: { type: 'integer' }
  },
  run: (call) => {
    const account = accountFor(call)
    const { query, state } = call
    const rows = state.notifications.filter(
      (row) =>
        row.account_id === account.id &&
        inState(query, row) &&
        matches(query, 'pk', row.id) &&
        (['external_email', 'slack_channel_id', 'type', 'user_id'] as const).every((key) =>
          matches(query, key, row[key])
        )
    )
    const filters = { state: 'active', account_id: account.id }
    const related = query.include_related ?? null
    return answer(
      call,
      listPage(rows, query, filters, (row) => show(state, row, related))
    )
  }
}

const create: Operation = { parameters: {}, run: (call) => save(call, undefined) }

const retrieve: Operation = {
  parameters: RELATED,
  run: (call) => {
    const data = show(call.state, notificationOf(call), call.query.include_related ?? null)
    return answer(call, success(200, data))
  }
}

const update: Operation = { parameters: {}, run: (call) => save(call, notificationOf(call)) }

const destroy: Operation = {
  parameters: {},
  run: (call) => {
    const deleted: Notification = { ...notificationOf(call), state: 2 }
    const notifications = put(call.state.notifications, deleted)
    return { state: { ...call.state, notifications }, response: empty() }
  }
}

const BASE = '/api/v2/accounts/:account/notifications/'

export const NOTIFICATION_ROUTES: readonly Route[] = [
  { path: BASE, methods: { GET: list, POST: create } },
  { path: `${BASE}:id/`, methods: { GET: retrieve, POST: update, DELETE: destroy } }
]
