// Credentials of a project: read only, and without their secrets, which no answer ever shows.

import { notFound, success } from '../http.ts'
import { omit, type JsonObject } from '../json.ts'
import { listPage, PAGING, type Parameters } from '../query.ts'
import { answer, idOf, projectOf, type Operation, type Route } from '../route.ts'
import type { Credentials } from '../state.ts'
import { find } from '../table.ts'

// `include_related` is in the spec without a list of values.
const RELATED: Parameters = { include_related: { type: 'related' } }

/** Credentials without the secret, by the schema of their type in spec v3. */
export function showCredentials(credentials: Credentials): JsonObject {
  const { schema, user } = credentials
  const byType: Record<Credentials['type'], JsonObject> = {
    snowflake: {
      auth_type: 'password',
      schema,
      user,
      role: null,
      database: null,
      warehouse: null,
      adapter_version: 'snowflake_v0'
    },
    bigquery: { schema, adapter_version: 'bigquery_v0' },
    postgres: { default_schema: schema, username: user, adapter_version: 'postgres_v0' },
    redshift: { default_schema: schema, username: user, adapter_version: 'redshift_v0' },
    adapter: { adapter_id: 11751, adapter_version: 'databricks_v0' }
  }
  return { ...omit(credentials, 'secret', 'schema', 'user'), ...byType[credentials.type] }
}

const list: Operation = {
  parameters: { ...PAGING, ...RELATED },
  run: (call) => {
    const project = projectOf(call)
    const rows = call.state.credentials.filter(
      (row) => row.project_id === project.id && row.state === 1
    )
    const filters = { state: 'active', account_id: project.account_id, project_id: project.id }
    return answer(call, listPage(rows, call.query, filters, showCredentials))
  }
}

const retrieve: Operation = {
  parameters: RELATED,
  run: (call) => {
    const project = projectOf(call)
    const row = find(call.state.credentials, idOf(call, 'id'))
    if (row?.project_id !== project.id || row.state !== 1) throw notFound()
    return answer(call, success(200, showCredentials(row)))
  }
}

const BASE = '/api/v3/accounts/:account/projects/:project/credentials/'

export const CREDENTIALS_ROUTES: readonly Route[] = [
  { path: BASE, methods: { GET: list } },
  { path: `${BASE}:id/`, methods: { GET: retrieve } }
]
