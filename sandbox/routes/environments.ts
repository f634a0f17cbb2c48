// Environments (v3, of a project). An update replaces the whole object: what it omits is reset.

import { mayRead, mayWrite, mayWriteEnvironment } from '../access.ts'
import { bind } from '../environment-bindings.ts'
import { readEnvironmentBody, type EnvironmentBody } from '../environment-body.ts'
import { invalid, notFound, serverError, success } from '../http.ts'
import type { Json, JsonObject } from '../json.ts'
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
import { asAnswered, asStored } from '../rewrites.ts'
import {
  accountOf,
  answer,
  idOf,
  projectOf,
  type Answer,
  type Call,
  type Operation,
  type Route
} from '../route.ts'
import type { Account, Environment, Project, State } from '../state.ts'
import { find, put } from '../table.ts'
import { movedOn } from '../time.ts'
import { assertVersion, storedVersion } from '../versions.ts'
import { showCredentials } from './credentials.ts'
import { showNestedConnection, showProject, showRepository } from './projects.ts'

const RELATED: Parameters = {
  include_related: {
    type: 'related',
    values: ['project', 'connection', 'credentials', 'repository']
  }
}

/**
 * An environment with every key that answers of v3 carry. `project` and, where there are any,
 * `credentials` are always nested, as in the recordings: a body that is sent back trips over them.
 */
export function showEnvironment(
  state: State,
  account: Account,
  environment: Environment,
  related: Json = null
): JsonObject {
  const { future, ...row } = environment
  const project = find(state.projects, row.project_id)
  const credentials =
    row.credentials_id === null ? undefined : find(state.credentials, row.credentials_id)
  const shown: Record<string, Json> = {
    ...row,
    // What it means for an environment is not documented; clients must leave it alone.
    is_deferrable: row.deployment_type !== null,
    project: project === undefined ? null : showProject(state, project, true),
    credentials: credentials === undefined ? null : showCredentials(credentials),
    jobs: null,
    custom_environment_variables: null,
    fusion_readiness: null
  }
  if (Array.isArray(related) && project !== undefined) addRelated(state, shown, related, project)
  for (const key of account.features.futureKeys.environment) shown[key] = future?.[key] ?? null
  const { missingKeys, refusedKeys } = account.features
  for (const key of [...missingKeys.environment, ...refusedKeys.environment]) {
    Reflect.deleteProperty(shown, key)
  }
  return shown
}

function addRelated(
  state: State,
  shown: Record<string, Json>,
  related: readonly Json[],
  project: Project
): void {
  const repository =
    project.repository_id === null ? undefined : find(state.repositories, project.repository_id)
  const connection =
    typeof shown.connection_id === 'number'
      ? find(state.connections, shown.connection_id)
      : undefined
  if (related.includes('repository'))
    shown.repository = repository === undefined ? null : showRepository(repository)
  if (related.includes('connection'))
    shown.connection =
      connection === undefined ? null : showNestedConnection(connection, project.id)
}

/** The active environment in the path. */
function environmentOf(call: Call): Environment {
  const project = projectOf(call)
  const environment = find(call.state.environments, idOf(call, 'id'))
  if (environment?.project_id !== project.id || environment.state !== 1) throw notFound()
  return environment
}

function assertBranch(body: EnvironmentBody): void {
  if (body.use_custom_branch && body.custom_branch === null)
    throw invalid({ custom_branch: 'A custom branch is required when use_custom_branch is true.' })
}

// Only the rule is documented ("there can be only one"); the text of the refusal is not.
function assertOnlyOne(call: Call, project: Project, body: EnvironmentBody, id: number): void {
  const others = call.state.environments.filter(
    (other) => other.project_id === project.id && other.state === 1 && other.id !== id
  )
  if (body.type === 'development' && others.some((other) => other.type === 'development'))
    throw invalid({ type: 'Only one development environment is allowed per project.' })
  if (body.type === 'development' && body.deployment_type !== null)
    throw invalid({ deployment_type: 'A development environment has no deployment type.' })
  const kind = body.deployment_type
  if (kind !== null && others.some((other) => other.deployment_type === kind))
    throw invalid({ deployment_type: `Only one ${kind} environment is allowed per project.` })
  const { uniqueEnvironmentNames } = accountOf(call).features
  if (uniqueEnvironmentNames && others.some((other) => other.name === body.name))
    throw invalid({ name: 'An environment by this name already exists in this project.' })
}

function save(call: Call, previous: Environment | undefined): Answer {
  const project = projectOf(call)
  const account = accountOf(call)
  const { state, grants } = call
  // Whoever may not write is told that there is nothing (terraform-provider-dbtcloud#537).
  if (!mayWrite(grants, project.id)) throw notFound()
  if (previous !== undefined && !mayWriteEnvironment(grants, project.id, previous)) throw notFound()

  const body = readEnvironmentBody(call.body, account, project.id, previous?.id)
  if (!mayWriteEnvironment(grants, project.id, body)) throw notFound()
  if (previous !== undefined && previous.type !== body.type)
    throw invalid({ type: 'The type of an environment cannot be changed.' })
  assertBranch(body)
  assertVersion(account, body.dbt_version, 'Environments')
  const id = previous?.id ?? state.nextIds.environments
  assertOnlyOne(call, project, body, id)
  const { profiles, nextIds, ...bindings } = bind(call, project, body, previous, id)
  // Reported for an update that left out the credentials which the environment had (terraform-provider-dbtcloud#173).
  // One that never had any can be created and updated: the provider's acceptance test renames such a one
  // (TestAccDbtCloudEnvironmentResourceConnection in environment/resource_acceptance_test.go).
  const loses = (previous?.credentials_id ?? null) !== null && bindings.credentials_id === null
  if (loses && account.features.lostCredentials === 'error') throw serverError()

  const sent: Environment = {
    id,
    account_id: account.id,
    project_id: project.id,
    name: body.name,
    type: body.type,
    deployment_type: body.deployment_type,
    dbt_version: storedVersion(body.dbt_version),
    raw_dbt_version: body.dbt_version,
    use_custom_branch: body.use_custom_branch,
    custom_branch: body.use_custom_branch ? body.custom_branch : null,
    supports_docs: body.supports_docs,
    enable_model_query_history:
      body.enable_model_query_history && account.features.modelQueryHistory,
    enable_dbt_state: body.enable_dbt_state && account.features.dbtState,
    ...bindings,
    state: body.state,
    created_at: previous?.created_at ?? null,
    updated_at: movedOn(previous?.updated_at, call.now),
    ...(Object.keys(body.future).length > 0 ? { future: body.future } : {})
  }
  const environment = asStored(account, 'environment', sent)
  const next: State = {
    ...state,
    environments: put(state.environments, environment),
    profiles,
    nextIds: previous === undefined ? { ...nextIds, environments: id + 1 } : nextIds
  }
  const data = showEnvironment(next, account, asAnswered(account, sent, environment))
  return { state: next, response: success(previous === undefined ? 201 : 200, data) }
}

const listOf = (isListed: (call: Call, row: Environment) => boolean): Operation => ({
  parameters: {
    ...PAGING,
    ...STATE,
    ...RELATED,
    credentials_id: { type: 'integer' },
    dbt_version: { type: 'string' },
    dbt_version__in: { type: 'strings' },
    deployment_type: { type: 'string', values: ['production', 'staging'] },
    deployment_type__in: { type: 'strings', values: ['production', 'staging'] },
    id__gt: { type: 'integer' },
    name: { type: 'string' },
    name__icontains: { type: 'string' },
    order_by: { type: 'order', values: ['id', 'name', 'created_at', 'updated_at'] },
    pk: { type: 'integer' },
    pk__in: { type: 'integers' },
    project_id__in: { type: 'integers' },
    type: { type: 'string', values: ['development', 'deployment'] }
  },
  run: (call) => {
    const account = accountOf(call)
    const project = 'project' in call.ids ? { project_id: projectOf(call).id } : {}
    const { query, state } = call
    const rows = state.environments.filter(
      (row) =>
        isListed(call, row) &&
        inState(query, row) &&
        matches(query, 'credentials_id', row.credentials_id) &&
        matches(query, 'dbt_version', row.dbt_version) &&
        matches(query, 'dbt_version__in', row.dbt_version) &&
        matches(query, 'deployment_type', row.deployment_type) &&
        matches(query, 'deployment_type__in', row.deployment_type) &&
        above(query, 'id__gt', row.id) &&
        matches(query, 'name', row.name) &&
        contains(query, 'name__icontains', row.name) &&
        matches(query, 'pk', row.id) &&
        matches(query, 'pk__in', row.id) &&
        matches(query, 'project_id__in', row.project_id) &&
        matches(query, 'type', row.type)
    )
    const filters = { state: 'active', account_id: account.id, ...project }
    const related = query.include_related ?? null
    const show = (row: Environment): Json => showEnvironment(state, account, row, related)
    return answer(call, listPage(rows, query, filters, show))
  }
})

const list = listOf((call, row) => row.project_id === idOf(call, 'project'))
const listOfAccount = listOf(
  (call, row) => row.account_id === accountOf(call).id && mayRead(call.grants, row.project_id)
)

const create: Operation = { parameters: {}, run: (call) => save(call, undefined) }

const retrieve: Operation = {
  parameters: RELATED,
  run: (call) => {
    const row = environmentOf(call)
    const related = call.query.include_related ?? null
    return answer(call, success(200, showEnvironment(call.state, accountOf(call), row, related)))
  }
}

const update: Operation = { parameters: {}, run: (call) => save(call, environmentOf(call)) }

// A soft delete, answered with the object, as recorded; the spec says 204 without a body.
const destroy: Operation = {
  parameters: {},
  run: (call) => {
    const row = environmentOf(call)
    if (!mayWriteEnvironment(call.grants, row.project_id, row)) throw notFound()
    const deleted: Environment = { ...row, state: 2, updated_at: movedOn(row.updated_at, call.now) }
    const state = { ...call.state, environments: put(call.state.environments, deleted) }
    return { state, response: success(200, showEnvironment(state, accountOf(call), deleted)) }
  }
}

const BASE = '/api/v3/accounts/:account/projects/:project/environments/'

export const ENVIRONMENT_ROUTES: readonly Route[] = [
  { path: BASE, methods: { GET: list, POST: create } },
  // Not in the spec: dbt-jobs-as-code, Terraform's provider, dbtcloud-terraforming (api.go:274) and dbt-mcp ask it.
  { path: '/api/v3/accounts/:account/environments/', methods: { GET: listOfAccount } },
  { path: `${BASE}:id/`, methods: { GET: retrieve, POST: update, DELETE: destroy } }
]
