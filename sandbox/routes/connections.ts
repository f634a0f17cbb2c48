// Global connections of an account: read only. The list never shows the configuration.

import { NEWER, notFound, success } from '../http.ts'
import { omit, type Json } from '../json.ts'
import { contains, listPage, matches, PAGING, type Parameters } from '../query.ts'
import { accountOf, answer, idOf, type Operation, type Route } from '../route.ts'
import type { Connection, State } from '../state.ts'
import { find } from '../table.ts'

const ADAPTERS = [
  'apache_spark_v0',
  'athena_v0',
  'bigquery_v0',
  'bigquery_v1',
  'databricks_spark_v0',
  'databricks_v0',
  'fabric_v0',
  'postgres_v0',
  'redshift_v0',
  'salesforce_v0',
  'snowflake_v0',
  'synapse_v0',
  'teradata_v0',
  'trino_v0'
]

const RELATED: Parameters = { include_related: { type: 'related' } }

function common(connection: Connection): Record<string, Json> {
  return {
    ...omit(connection, 'state', 'config'),
    is_ssh_tunnel_enabled: false,
    oauth_configuration_id: null,
    platform_metadata_credentials_id: null,
    analytics_credentials_id: null,
    private_link_endpoint_id: null
  }
}

function environmentsUsing(state: State, connection: Connection): number {
  return state.environments.filter(
    (environment) => environment.state === 1 && environment.connection_id === connection.id
  ).length
}

const list: Operation = {
  parameters: {
    ...PAGING,
    ...RELATED,
    adapter_version: { type: 'string', values: ADAPTERS },
    name__icontains: { type: 'string' }
  },
  run: (call) => {
    const account = accountOf(call)
    const { state, query } = call
    const rows = state.connections.filter(
      (connection) =>
        connection.account_id === account.id &&
        connection.state === 1 &&
        matches(query, 'adapter_version', connection.adapter_version) &&
        contains(query, 'name__icontains', connection.name)
    )
    const show = (connection: Connection): Json => ({
      ...common(connection),
      environment__count: environmentsUsing(state, connection),
      config: null
    })
    return answer(
      call,
      listPage(rows, query, { account_id: account.id }, show, { error_code: null })
    )
  }
}

const retrieve: Operation = {
  parameters: RELATED,
  run: (call) => {
    const connection = find(call.state.connections, idOf(call, 'id'))
    if (connection?.account_id !== accountOf(call).id || connection.state !== 1) throw notFound()
    const data = {
      ...common(connection),
      oauth_redirect_uri: null,
      is_configured_for_native_oauth: false,
      config: connection.config
    }
    return answer(call, success(200, data, NEWER))
  }
}

const BASE = '/api/v3/accounts/:account/connections/'

export const CONNECTION_ROUTES: readonly Route[] = [
  { path: BASE, methods: { GET: list } },
  { path: `${BASE}:id/`, methods: { GET: retrieve } }
]
