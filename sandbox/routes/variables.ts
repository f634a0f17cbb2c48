// Environment variables of a project (v3): the two readings, and the values of single jobs.
// Only overrides of jobs are written one by one here; everything else goes through `bulk/`.

import { assertMayReadVariables, assertMayWriteJob, assertMayWriteVariables } from '../access.ts'
import {
  anything,
  integer,
  isFine,
  nullable,
  oneOf,
  problemsOf,
  SCHEMA,
  text,
  type Shape
} from '../check.ts'
import { empty, invalid, notFound, success } from '../http.ts'
import { omit, type Json, type JsonObject } from '../json.ts'
import type { Parameters } from '../query.ts'
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
import type { Job, Project, Variable } from '../state.ts'
import { find } from '../table.ts'
import {
  environmentsOf,
  shownValue,
  storedValues,
  visibleValues,
  withChange,
  withValue
} from '../variables.ts'
import { VARIABLE_BULK_ROUTES } from './variables-bulk.ts'

// `include_related` is in the spec without a list of values.
const RELATED: Parameters = { include_related: { type: 'related' } }

/** The project in the path, if the token may see its variables. */
function readableProject(call: Call): Project {
  const project = projectOf(call)
  assertMayReadVariables(call.grants, project.id)
  return project
}

function show(row: Variable): JsonObject {
  return { id: row.id, value: shownValue(row) }
}

/** Adds one value of a variable to an answer that goes by name and scope. */
function collect(into: Map<string, Map<string, Json>>, row: Variable, scope: string): void {
  const scopes = into.get(row.name) ?? new Map<string, Json>()
  into.set(row.name, scopes.set(scope, show(row)))
}

// Through entries, since an environment may be called `__proto__`.
function asObject(byName: ReadonlyMap<string, ReadonlyMap<string, Json>>): JsonObject {
  return Object.fromEntries([...byName].map(([name, scopes]) => [name, Object.fromEntries(scopes)]))
}

const byEnvironment: Operation = {
  parameters: RELATED,
  run: (call) => {
    const project = readableProject(call)
    const environments = environmentsOf(call.state, project)
    const names = new Map(environments.map(({ id, name }) => [id, name]))
    const variables = new Map<string, Map<string, Json>>()
    for (const row of visibleValues(call.state, project)) {
      const name = row.environment_id === null ? undefined : names.get(row.environment_id)
      collect(variables, row, name ?? 'project')
    }
    const data: JsonObject = {
      environments: ['project', ...names.values()],
      variables: asObject(variables)
    }
    return answer(call, success(200, data, { extra: {} }))
  }
}

/** The active job of the project with this id. */
function jobOf(call: Call, project: Project, id: Json | undefined): Job | undefined {
  const job = typeof id === 'number' ? find(call.state.jobs, id) : undefined
  return job?.project_id === project.id && job.state === 1 ? job : undefined
}

const byJob: Operation = {
  parameters: { ...RELATED, job_definition_id: { type: 'integer' } },
  run: (call) => {
    const project = readableProject(call)
    const { job_definition_id } = call.query
    if (job_definition_id === undefined)
      throw invalid({ job_definition_id: 'required key not provided' })
    const job = jobOf(call, project, job_definition_id)
    if (job === undefined) throw notFound()
    const variables = new Map<string, Map<string, Json>>()
    for (const row of visibleValues(call.state, project)) {
      if (row.environment_id === null) collect(variables, row, 'project')
      else if (row.environment_id === job.environment_id) collect(variables, row, 'environment')
    }
    for (const row of call.state.variables) {
      if (row.job_definition_id === job.id && row.state === 1) collect(variables, row, 'job')
    }
    return answer(call, success(200, asObject(variables), { extra: {} }))
  }
}

// ---- one by one ---------------------------------------------------------------------------------

const SHAPE: Shape = {
  required: ['account_id', 'project_id', 'name', 'type'],
  keys: {
    id: nullable(integer),
    account_id: integer,
    project_id: integer,
    name: text(1),
    type: oneOf('project', 'environment', 'job', 'user'),
    job_definition_id: nullable(integer),
    environment_id: nullable(integer),
    user_id: nullable(integer),
    raw_value: text(1),
    // What dbt-jobs-as-code sends beside the value; it is derived.
    display_value: anything,
    state: oneOf(1, 2)
  }
}

interface OverrideBody {
  readonly name: string
  readonly job: Job
  readonly raw_value: string
  readonly state: 1 | 2
}

function readOverride(call: Call, project: Project, previous: Variable | undefined): OverrideBody {
  const raw = call.body
  const problems = problemsOf(raw, SHAPE, SCHEMA)
  if (!isFine(problems)) throw invalid(problems)
  if (raw.account_id !== accountOf(call).id)
    throw invalid({ account_id: 'The provided account_id does not match.' })
  if (raw.project_id !== project.id)
    throw invalid({ project_id: 'The provided project_id does not match.' })
  const id = raw.id ?? null
  if (id !== null && id !== previous?.id) throw invalid({ id: 'The provided id does not match.' })
  if (raw.type !== 'job')
    throw invalid({ type: 'The sandbox takes single values of jobs only; use bulk/ for others.' })
  if (typeof raw.raw_value !== 'string') throw invalid({ raw_value: SCHEMA.missing('raw_value') })
  const job = jobOf(call, project, raw.job_definition_id)
  if (job === undefined)
    throw invalid({
      job_definition_id: `Jobs definition IDs ${JSON.stringify(raw.job_definition_id ?? null)} do not exist`
    })
  const { name, raw_value, state = 1 } = raw
  return { name: name as string, job, raw_value, state: state as 1 | 2 }
}

/** A value as the single endpoints show it; `raw_value` is never shown. */
function showSingle(row: Variable): JsonObject {
  return {
    ...omit(row, 'raw_value'),
    user_id: null,
    display_value: shownValue(row),
    environment: null
  }
}

/** A value as it is nested in a job: spec v2 gives it neither an id nor times. */
export function showNestedVariable(row: Variable): JsonObject {
  return omit(showSingle(row), 'id', 'created_at', 'updated_at', 'environment')
}

function writableProject(call: Call): Project {
  const project = projectOf(call)
  assertMayWriteVariables(call.grants, project.id)
  return project
}

function assertMayWriteOverride(call: Call, project: Project, job: Job): void {
  const environment = find(call.state.environments, job.environment_id)
  assertMayWriteJob(call.grants, project.id, environment)
}

const create: Operation = {
  parameters: {},
  run: (call): Answer => {
    const project = writableProject(call)
    const { name, job, raw_value, state } = readOverride(call, project, undefined)
    assertMayWriteOverride(call, project, job)
    if (!visibleValues(call.state, project).some((row) => row.name === name))
      throw invalid({ reason: 'An environment variable by this name does not exist.' })
    const others = storedValues(call.state, project, name)
    if (others.some((row) => row.job_definition_id === job.id))
      throw invalid({ reason: 'This job has a value for this environment variable already.' })
    const place = { type: 'job', environment_id: null, job_definition_id: job.id } as const
    const added = withValue(call.state, project, place, name, raw_value, call.now)
    const next = state === 1 ? added.state : withChange(added.state, added.row, { state }, call.now)
    return { state: next, response: success(201, showSingle({ ...added.row, state })) }
  }
}

/** The active override in the path. */
function overrideOf(call: Call, project: Project): Variable {
  const row = find(call.state.variables, idOf(call, 'id'))
  if (row?.project_id !== project.id || row.state !== 1 || row.type !== 'job') throw notFound()
  return row
}

const update: Operation = {
  parameters: {},
  run: (call): Answer => {
    const project = writableProject(call)
    const row = overrideOf(call, project)
    const { name, job, raw_value, state } = readOverride(call, project, row)
    if (name !== row.name) throw invalid({ name: 'The name of a value cannot be changed.' })
    if (job.id !== row.job_definition_id)
      throw invalid({ job_definition_id: 'The job of a value cannot be changed.' })
    assertMayWriteOverride(call, project, job)
    const next = withChange(call.state, row, { raw_value, state }, call.now)
    const changed = find(next.variables, row.id) ?? row
    return { state: next, response: success(200, showSingle(changed)) }
  }
}

const destroy: Operation = {
  parameters: {},
  run: (call): Answer => {
    const project = writableProject(call)
    const row = overrideOf(call, project)
    const job = find(call.state.jobs, row.job_definition_id ?? 0)
    if (job !== undefined) assertMayWriteOverride(call, project, job)
    return { state: withChange(call.state, row, { state: 2 }, call.now), response: empty() }
  }
}

const BASE = '/api/v3/accounts/:account/projects/:project/environment-variables/'

export const VARIABLE_ROUTES: readonly Route[] = [
  { path: BASE, methods: { POST: create } },
  { path: `${BASE}:id/`, methods: { POST: update, DELETE: destroy } },
  { path: `${BASE}environment/`, methods: { GET: byEnvironment } },
  { path: `${BASE}job/`, methods: { GET: byJob } },
  ...VARIABLE_BULK_ROUTES
]
