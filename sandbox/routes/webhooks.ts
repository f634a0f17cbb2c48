// Webhooks (v3, of an account). Their types differ by direction, and their paths have no slash at the end.

import { hasSet } from '../access.ts'
import {
  between,
  boolean,
  integer,
  isFine,
  listOf,
  oneOf,
  problemsOf,
  SCHEMA,
  text,
  type Check,
  type Shape
} from '../check.ts'
import { forbidden, invalid, json, webhookNotFound, webhookSuccess } from '../http.ts'
import type { JsonObject } from '../json.ts'
import { PAGING, type Parameters } from '../query.ts'
import {
  accountOf,
  answer,
  textOf,
  type Answer,
  type Call,
  type Operation,
  type Route
} from '../route.ts'
import type { Account, Webhook } from '../state.ts'
import { put } from '../table.ts'

const EVENTS = ['job.run.started', 'job.run.completed', 'job.run.errored'] as const

// Terraform's provider creates with an empty id (webhook.go).
const anyId: Check = text(0)

// Spec v3 SubscriptionRequest; what is missing is named (docs.getdbt.com#5098). Ids of jobs and of the account are
// numbers here, though answers have them as texts.
const SHAPE: Shape = {
  required: ['active', 'client_url', 'event_types', 'name'],
  keys: {
    id: anyId,
    name: text(1),
    description: text(1),
    client_url: text(1),
    event_types: listOf(oneOf(...EVENTS), 1),
    job_ids: listOf(between(1)),
    active: boolean,
    http_status_code: text(1),
    dispatched_at: text(1),
    deactivate_reason: text(1),
    account_id: integer,
    account_identifier: text(1)
  }
}

/** The account, if the token may see its webhooks (docs.getdbt.com, Enterprise permissions): a Job admin may not. */
function accountFor(call: Call): Account {
  const account = accountOf(call)
  if (hasSet(call.grants, 'account_admin', 'admin', 'developer', 'webhooks_only')) return account
  throw account.features.hiddenKinds === 403 ? forbidden() : webhookNotFound()
}

/** What the platform calls a webhook. */
export function webhookName(row: { readonly id: number }): string {
  return `wsu_${row.id.toString(36).padStart(25, '0')}`
}

function webhookOf(call: Call): Webhook {
  const account = accountFor(call)
  const name = textOf(call, 'subscription')
  const row = call.state.webhooks.find(
    (other) => other.account_id === account.id && webhookName(other) === name && other.state === 1
  )
  if (row === undefined) throw webhookNotFound()
  return row
}

function microseconds(at: number): string {
  return `${at}000`
}

// Numbers as texts, times in microseconds, and no `dispatched_at` before anything was sent: as in the live record of 2025
// and the samples of docs.getdbt.com (Webhooks, API). Neither jobs nor events come back in the order in which they were
// sent (Terraform's provider, webhook/resource_unit_test.go): here in the order of their texts.
function show(row: Webhook): JsonObject {
  return {
    id: webhookName(row),
    account_identifier: `act_${row.account_id}`,
    name: row.name,
    description: row.description,
    job_ids: row.job_ids.map(String).sort(),
    event_types: row.event_types.toSorted(),
    client_url: row.client_url,
    active: row.active,
    created_at: microseconds(row.created_at),
    updated_at: microseconds(row.updated_at),
    account_id: String(row.account_id),
    http_status_code: String(row.http_status_code),
    ...(row.dispatched_at === null ? {} : { dispatched_at: microseconds(row.dispatched_at) }),
    ...(row.deactivate_reason === null ? {} : { deactivate_reason: row.deactivate_reason })
  }
}

type Written = Pick<
  Webhook,
  'name' | 'description' | 'client_url' | 'event_types' | 'job_ids' | 'active'
>

function read(call: Call, previous: Webhook | undefined): Written {
  const { body } = call
  const problems = problemsOf(body, SHAPE, SCHEMA)
  if (!isFine(problems)) throw invalid(problems)
  // Whether another id is refused is not known; it is never what anyone wants.
  if (previous !== undefined && (body.id ?? webhookName(previous)) !== webhookName(previous))
    throw invalid({ id: 'The provided id does not match.' })
  const given = body as unknown as Written
  return {
    name: given.name,
    // The whole object is replaced: what is left out is as in a new one. Without jobs that is all jobs.
    description: (body.description ?? '') as string,
    client_url: given.client_url,
    event_types: [...new Set(given.event_types)],
    job_ids: [...new Set((body.job_ids ?? []) as readonly number[])],
    active: given.active
  }
}

function save(call: Call, previous: Webhook | undefined): Answer {
  const account = accountFor(call)
  const { state, now } = call
  const written = read(call, previous)
  const id = previous?.id ?? state.nextIds.webhooks
  // Another URL switches on a webhook that had failed too often (Terraform's provider, webhook/resource.go).
  const isMoved = previous !== undefined && previous.client_url !== written.client_url
  const active = written.active || isMoved
  const row: Webhook = {
    http_status_code: 0,
    dispatched_at: null,
    hmac_secret: `hmac-of-${id}`,
    created_at: now,
    ...previous,
    ...written,
    active,
    deactivate_reason: active ? null : (previous?.deactivate_reason ?? null),
    id,
    account_id: account.id,
    updated_at: now,
    state: 1
  }
  const nextIds = previous === undefined ? { ...state.nextIds, webhooks: id + 1 } : state.nextIds
  const next = { ...state, webhooks: put(state.webhooks, row), nextIds }
  if (previous !== undefined) return { state: next, response: webhookSuccess(200, show(row)) }
  const data = { ...show(row), hmac_secret: row.hmac_secret }
  return { state: next, response: webhookSuccess(201, data) }
}

const PAGES: Parameters = { ...PAGING, include_related: { type: 'related' } }

// Ten a page without a limit, as the sample of docs.getdbt.com has it.
const list: Operation = {
  parameters: PAGES,
  run: (call) => {
    const account = accountFor(call)
    const { limit = 10, offset = 0 } = call.query
    const rows = call.state.webhooks.filter(
      (row) => row.account_id === account.id && row.state === 1
    )
    const data = rows.slice(Number(offset), Number(offset) + Number(limit)).map(show)
    const pagination = { total_count: rows.length, count: data.length }
    return answer(
      call,
      webhookSuccess(200, data, { extra: { pagination, filters: { offset, limit } } })
    )
  }
}

const create: Operation = { parameters: PAGING, run: (call) => save(call, undefined) }

const RELATED: Parameters = { include_related: { type: 'related' } }

const retrieve: Operation = {
  parameters: RELATED,
  run: (call) => answer(call, webhookSuccess(200, show(webhookOf(call))))
}

const update: Operation = { parameters: {}, run: (call) => save(call, webhookOf(call)) }

const destroy: Operation = {
  parameters: {},
  run: (call) => {
    const row: Webhook = { ...webhookOf(call), state: 2 }
    const webhooks = put(call.state.webhooks, row)
    const status = { code: 200, is_success: true }
    const response = json(200, { data: { id: webhookName(row) }, status })
    return { state: { ...call.state, webhooks }, response }
  }
}

const BASE = '/api/v3/accounts/:account/webhooks/'

export const WEBHOOK_ROUTES: readonly Route[] = [
  { path: `${BASE}subscriptions`, methods: { GET: list, POST: create } },
  {
    path: `${BASE}subscription/@subscription`,
    methods: { GET: retrieve, PUT: update, DELETE: destroy }
  }
]
