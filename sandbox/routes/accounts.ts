// Accounts: what a token is let into. Official clients read it first, to check the token.

import { success } from '../http.ts'
import { omit, type JsonObject } from '../json.ts'
import { listPage, PAGING, type Parameters } from '../query.ts'
import { accountOf, answer, type Operation, type Route } from '../route.ts'
import type { Account } from '../state.ts'

// `include_related` is in the spec without a list of values.
const RELATED: Parameters = { include_related: { type: 'related' } }

/** An account with the keys of the recording (`account_get_response`) and of spec v3 AccountResponse. */
function show(account: Account): JsonObject {
  return {
    docs_job_id: null,
    freshness_job_id: null,
    docs_job: null,
    freshness_job: null,
    lock_reason: null,
    lock_cause: null,
    locked: false,
    unlock_if_subscription_renewed: false,
    unlocked_at: null,
    pending_cancel: false,
    developer_seats: 10,
    read_only_seats: 10,
    it_seats: 0,
    explorer_seats: 0,
    analyst_seats: 0,
    queue_limit: 50,
    pod_memory_request_mebibytes: 600,
    develop_pod_memory_request_mebibytes: 0,
    run_duration_limit_seconds: 86400,
    enterprise_authentication_method: null,
    enterprise_login_slug: null,
    enterprise_login_url: null,
    enterprise_unique_identifier: null,
    billing_email_address: null,
    business_critical: false,
    develop_file_system: true,
    starter_repo_url: null,
    sso_reauth: false,
    git_auth_level: 'personal',
    identifier: `act_${account.id}`,
    trial_end_date: null,
    static_subdomain: null,
    vanity_subdomain: null,
    run_locked_until: null,
    copilot_locked_until: null,
    agent_credit_locked: false,
    account_migration_events: [],
    groups: [],
    ...omit(account, 'features')
  }
}

const list: Operation = {
  parameters: { ...PAGING, ...RELATED },
  run: (call) => {
    const mine = call.state.accounts.filter(
      (account) => account.state === 1 && call.grants.accounts.includes(account.id)
    )
    return answer(call, listPage(mine, call.query, {}, show))
  }
}

const retrieve: Operation = {
  parameters: RELATED,
  run: (call) => answer(call, success(200, show(accountOf(call))))
}

export const ACCOUNT_ROUTES: readonly Route[] = [
  { path: '/api/v2/accounts/', methods: { GET: list } },
  { path: '/api/v3/accounts/', methods: { GET: list } },
  { path: '/api/v2/accounts/:account/', methods: { GET: retrieve } }
]
