// Projects: read only. A promotion never writes one, since a project update once overwrote
// the connections of its environments (terraform-provider-dbtcloud#334), so no POST is served.

import { mayRead } from '../access.ts'
import { success } from '../http.ts'
import { omit, type Json, type JsonObject } from '../json.ts'
import {
  above,
  contains,
  inState,
  listPage,
  matches,
  PAGING,
  STATE,
  type Parameters
} from '../query.ts'
import { accountOf, answer, projectOf, type Operation, type Route } from '../route.ts'
import type { Connection, Project, Repository, State } from '../state.ts'
import { find } from '../table.ts'

const RELATED: Parameters = {
  include_related: {
    type: 'related',
    // The last two are not in the spec: Terraform's provider sends them with every read (project.go:43,74,130 of v1.12.5).
    values: [
      'repository',
      'connection',
      'group_permissions',
      'docs_job',
      'freshness_job',
      'freshness_job_id',
      'docs_job_id'
    ]
  }
}

/** A repository as it stands in a project. */
export function showRepository(repository: Repository): JsonObject {
  const { id, account_id, deploy_key_id, full_name, remote_backend } = repository
  const name = full_name.split('/').at(-1) ?? full_name
  const github = remote_backend === 'github' ? `https://github.com/${full_name}` : null
  return {
    ...repository,
    id,
    repository_credentials_id: null,
    github_webhook_id: null,
    private_link_endpoint_id: null,
    is_private_link_enabled: false,
    pull_request_url_template:
      github === null ? null : `${github}/compare/{{destination}}...{{source}}`,
    deploy_key: { id: deploy_key_id, account_id, state: 1, public_key: 'ssh-rsa AAAA' },
    github_repo: full_name,
    name,
    web_url: github,
    git_provider: null,
    gitlab: null
  }
}

/** A connection in the older form that is nested in projects and environments; it holds host names and roles. */
export function showNestedConnection(connection: Connection, projectId: number): JsonObject {
  return {
    id: connection.id,
    account_id: connection.account_id,
    project_id: projectId,
    name: connection.name,
    type: connection.adapter_version.replace(/_v\d+$/, ''),
    adapter_version: connection.adapter_version,
    created_by_id: 1,
    created_by_service_token_id: null,
    details: { ...connection.config, id: null, is_configured_for_oauth: false },
    state: connection.state,
    created_at: connection.created_at,
    updated_at: connection.updated_at,
    private_link_endpoint_id: null,
    oauth_configuration_id: null,
    oauth_redirect_uri: null,
    platform_metadata_credentials_id: null,
    catalog_ingestion_enabled: false,
    cost_management_enabled: false
  }
}

/** A project; `default_version` is null where the project is nested (spec v3 ProjectResponse). */
export function showProject(state: State, project: Project, nested = false): JsonObject {
  const repository =
    project.repository_id === null ? undefined : find(state.repositories, project.repository_id)
  const connection =
    project.connection_id === null ? undefined : find(state.connections, project.connection_id)
  return {
    ...project,
    default_version: nested ? null : project.default_version,
    connection: connection === undefined ? null : showNestedConnection(connection, project.id),
    repository: repository === undefined ? null : showRepository(repository),
    environments: null,
    group_permissions: [],
    docs_job: null,
    freshness_job: null,
    fusion_readiness: null
  }
}

// In the v2 answers of a live account (fixtures, 2025-11), the keys of v3 that are newer are missing.
function showProjectV2(state: State, project: Project): JsonObject {
  return omit(showProject(state, project), 'default_version', 'fusion_readiness')
}

const listOf = (show: (state: State, project: Project) => JsonObject): Operation => ({
  parameters: {
    ...PAGING,
    ...STATE,
    ...RELATED,
    name__icontains: { type: 'string' },
    order_by: { type: 'order', values: ['id', 'name', 'created_at', 'updated_at'] },
    pk: { type: 'integer' },
    pk__gt: { type: 'integer' },
    pk__in: { type: 'integers' }
  },
  run: (call) => {
    const account = accountOf(call)
    const { query, state, grants } = call
    const rows = state.projects.filter(
      (project) =>
        project.account_id === account.id &&
        mayRead(grants, project.id) &&
        inState(query, project) &&
        contains(query, 'name__icontains', project.name) &&
        matches(query, 'pk', project.id) &&
        matches(query, 'pk__in', project.id) &&
        above(query, 'pk__gt', project.id)
    )
    const filters = { state: 'active', account_id: account.id }
    const page = listPage(rows, query, filters, (project: Project): Json => show(state, project))
    return answer(call, page)
  }
})

const retrieve: Operation = {
  parameters: RELATED,
  run: (call) => answer(call, success(200, showProject(call.state, projectOf(call))))
}

export const PROJECT_ROUTES: readonly Route[] = [
  { path: '/api/v3/accounts/:account/projects/', methods: { GET: listOf(showProject) } },
  // In the spec (v2:1221), and the first call of dbtcloud-terraforming.
  { path: '/api/v2/accounts/:account/projects/', methods: { GET: listOf(showProjectV2) } },
  { path: '/api/v3/accounts/:account/projects/:project/', methods: { GET: retrieve } }
]
