// A single environment of v2. The rest of v2's environments is deprecated and not served.

import { mayRead } from '../access.ts'
import { notFound, success } from '../http.ts'
import { omit, type JsonObject } from '../json.ts'
import { accountOf, answer, idOf, type Operation, type Route } from '../route.ts'
import type { Account, Environment, State } from '../state.ts'
import { find } from '../table.ts'
import { showEnvironment } from './environments.ts'

/**
 * An environment as v2 tells it: as in a live account (fixtures, 2025-11), without the keys of v3, and with repository and
 * connection nested.
 */
function showEnvironmentV2(state: State, account: Account, environment: Environment): JsonObject {
  const shown = showEnvironment(state, account, environment, ['repository', 'connection'])
  const project = find(state.projects, environment.project_id)
  return {
    ...omit(
      shown,
      'enable_model_query_history',
      'enable_dbt_state',
      'primary_profile_id',
      'is_deferrable',
      'credentials',
      'project',
      'fusion_readiness'
    ),
    created_by_id: null,
    repository_id: project?.repository_id ?? null,
    dbt_project_subdirectory: project?.dbt_project_subdirectory ?? null
  }
}

const retrieve: Operation = {
  parameters: { include_related: { type: 'string' } },
  run: (call) => {
    const row = find(call.state.environments, idOf(call, 'id'))
    if (row?.account_id !== accountOf(call).id || row.state !== 1) throw notFound()
    if (!mayRead(call.grants, row.project_id)) throw notFound()
    return answer(call, success(200, showEnvironmentV2(call.state, accountOf(call), row)))
  }
}

export const ENVIRONMENT_V2_ROUTES: readonly Route[] = [
  // Deprecated; dbt-mcp reads one environment there, whose project it does not know.
  { path: '/api/v2/accounts/:account/environments/:id/', methods: { GET: retrieve } }
]
