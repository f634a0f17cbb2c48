// Environment variables as a whole (v3, `bulk/`): created and deleted by name, changed by the ids of values.

import { assertMayWriteValue, assertMayWriteVariables } from '../access.ts'
import { EXTRA, REQUIRED } from '../check.ts'
import { empty, invalid, notFound, refused, success } from '../http.ts'
import { isObject, repr, type Json, type JsonObject } from '../json.ts'
import {
  accountOf,
  projectOf,
  type Answer,
  type Call,
  type Operation,
  type Route
} from '../route.ts'
import type { Environment, Project, State, Variable } from '../state.ts'
import { find } from '../table.ts'
import {
  environmentNamed,
  isName,
  isSecret,
  placeOf,
  storedValues,
  visibleValues,
  withChange,
  withValue
} from '../variables.ts'

// Both recorded (terraform-provider-dbtcloud#213); where the second one stands is not.
const EXISTS = 'An environment variable by this name already exists in this project and account'
const NO_VALUE =
  'Attempted to create an environment variable with no specified values. ' +
  'All environment variables must have at least one value set.'
// Ours, like every other reason below.
const BAD_NAME = 'The name must begin with DBT_ and have upper case letters, digits and _ only.'
const UNKNOWN_NAME = 'An environment variable by this name does not exist.'
const UNKNOWN_ENVIRONMENT = 'There is no such environment or value.'
const HAS_VALUE = 'There is a value already; give its id to change it.'

function writableProject(call: Call): Project {
  const project = projectOf(call)
  assertMayWriteVariables(call.grants, project.id)
  return project
}

/** The only key of the body. */
function only(body: JsonObject, key: string): Json {
  for (const other of Object.keys(body)) {
    if (other !== key) throw invalid({ [other]: EXTRA })
  }
  const value = body[key]
  if (value === undefined) throw invalid({ [key]: REQUIRED })
  return value
}

function name(object: JsonObject, key: string): string {
  const value = object[key]
  if (value === undefined) throw invalid({ [key]: REQUIRED })
  if (typeof value !== 'string') throw invalid({ [key]: `${repr(value)} is not of type 'string'` })
  return value
}

/** The environment that a key names, if any; `project` is the project, even if an environment is called so. */
function targetOf(
  state: State,
  project: Project,
  key: string
): Environment | 'project' | undefined {
  return key === 'project' ? 'project' : environmentNamed(state, project, key)
}

function assertOpen(call: Call, project: Project, environment: Environment | undefined): void {
  if (environment !== undefined) assertMayWriteValue(call.grants, project.id, environment)
}

/** Keeps what a closed environment has from being changed by the id of its value. */
function assertValueOpen(call: Call, project: Project, row: Variable): void {
  const id = row.environment_id
  assertOpen(call, project, id === null ? undefined : find(call.state.environments, id))
}

// ---- create -------------------------------------------------------------------------------------

interface Created {
  readonly state: State
  readonly data: JsonObject
}

/** Stores one variable, or says why not. */
function createOne(
  call: Call,
  project: Project,
  before: State,
  wanted: JsonObject
): Created | string {
  const newName = name(wanted, 'new_name')
  const values: [string, string][] = []
  for (const [key, value] of Object.entries(wanted)) {
    if (key === 'new_name') continue
    if (typeof value !== 'string')
      throw invalid({ [key]: `${repr(value)} is not of type 'string'` })
    if (value === '') throw invalid({ [key]: `${repr(value)} is too short` })
    values.push([key, value])
  }
  if (!isName(newName)) return BAD_NAME
  // An override of a job holds the name of a variable that no list shows any more.
  if (storedValues(before, project, newName).length > 0) return EXISTS
  if (values.length === 0) return NO_VALUE

  let state = before
  const ids: number[] = []
  const failures: [string, Json][] = []
  for (const [key, value] of values) {
    const target = targetOf(state, project, key)
    if (target === undefined) {
      failures.push([key, UNKNOWN_ENVIRONMENT])
      continue
    }
    const environment = target === 'project' ? undefined : target
    assertOpen(call, project, environment)
    const added = withValue(state, project, placeOf(environment), newName, value, call.now)
    state = added.state
    ids.push(added.row.id)
  }
  const reported = accountOf(call).features.unknownEnvironments === 'reported'
  const data = {
    message: 'Environment variable created.',
    new_var_ids: ids,
    ...(reported ? { failures: Object.fromEntries(failures) } : {})
  }
  return { state, data }
}

// The list of the spec and of dbt's own example. What can be stored is, though the answer is a 400.
function createList(call: Call, project: Project, list: readonly Json[]): Answer {
  if (list.length === 0) throw invalid({ env_var: '[] is too short' })
  let { state } = call
  const done: Json[] = []
  const failed: Json[] = []
  for (const wanted of list) {
    if (!isObject(wanted)) throw invalid({ env_var: 'expected a dictionary' })
    const key_name = name(wanted, 'new_name')
    const created = createOne(call, project, state, wanted)
    if (typeof created === 'string') {
      failed.push({ status: 'error', status_code: 400, key_name, reason: created })
    } else {
      state = created.state
      done.push({ status: 'success', status_code: 201, key_name, data: created.data })
    }
  }
  const response = failed.length > 0 ? refused(failed) : success(201, done)
  return { state, response }
}

const create: Operation = {
  parameters: {},
  run: (call) => {
    const project = writableProject(call)
    const wanted = only(call.body, 'env_var')
    if (Array.isArray(wanted)) return createList(call, project, wanted as readonly Json[])
    if (!isObject(wanted)) throw invalid({ env_var: 'expected a dictionary' })
    const created = createOne(call, project, call.state, wanted)
    if (typeof created === 'string') throw invalid({ reason: created })
    return { state: created.state, response: success(201, created.data) }
  }
}

// ---- update -------------------------------------------------------------------------------------

interface Change {
  readonly key: string
  /** Null takes the value away. */
  readonly value: string | null
}

function changesOf(wanted: JsonObject): readonly Change[] {
  const changes: Change[] = []
  for (const [key, value] of Object.entries(wanted)) {
    if (key === 'name' || key === 'new_name') continue
    if (value !== null && typeof value !== 'string')
      throw invalid({ [key]: `${repr(value)} is not of type 'string'` })
    changes.push({ key, value: value === '' ? null : value })
  }
  return changes
}

function assertNewName(state: State, project: Project, from: string, to: string): void {
  if (!isName(to)) throw invalid({ reason: BAD_NAME })
  if (to !== from && storedValues(state, project, to).length > 0) throw invalid({ reason: EXISTS })
  // Or a secret could be read by renaming it.
  if (isSecret(from) !== isSecret(to))
    throw invalid({ reason: 'A secret cannot be made of a variable, nor the reverse.' })
}

const update: Operation = {
  parameters: {},
  run: (call) => {
    const project = writableProject(call)
    const wanted = only(call.body, 'env_vars')
    if (!isObject(wanted)) throw invalid({ env_vars: 'expected a dictionary' })
    const oldName = name(wanted, 'name')
    const newName = wanted.new_name === undefined ? oldName : name(wanted, 'new_name')
    const changes = changesOf(wanted)
    const rows = visibleValues(call.state, project).filter((row) => row.name === oldName)
    if (rows.length === 0) throw invalid({ reason: UNKNOWN_NAME })
    assertNewName(call.state, project, oldName, newName)

    let { state } = call
    const ids: number[] = []
    const deleted: number[] = []
    const failures: [string, Json][] = []
    const remove = (row: Variable): void => {
      assertValueOpen(call, project, row)
      state = withChange(state, row, { state: 2 }, call.now)
      deleted.push(row.id)
    }
    for (const { key, value } of changes) {
      const known = rows.find((row) => String(row.id) === key)
      if (known !== undefined) {
        if (value === null) remove(known)
        else {
          assertValueOpen(call, project, known)
          state = withChange(state, known, { raw_value: value }, call.now)
        }
        continue
      }
      const target = targetOf(state, project, key)
      const environment = target === 'project' ? undefined : target
      const environmentId = environment?.id ?? null
      if (target === undefined) failures.push([key, UNKNOWN_ENVIRONMENT])
      else if (rows.some((row) => row.environment_id === environmentId))
        failures.push([key, HAS_VALUE])
      else if (value === null) failures.push([key, UNKNOWN_ENVIRONMENT])
      else {
        assertOpen(call, project, environment)
        const added = withValue(state, project, placeOf(environment), oldName, value, call.now)
        state = added.state
        ids.push(added.row.id)
      }
    }
    if (accountOf(call).features.unmentionedValues === 'delete') {
      const mentioned = new Set(changes.map(({ key }) => key))
      for (const row of rows) if (!mentioned.has(String(row.id))) remove(row)
    }
    if (!visibleValues(state, project).some((row) => row.name === oldName))
      throw invalid({ reason: NO_VALUE })
    if (newName !== oldName) {
      for (const row of storedValues(state, project, oldName))
        state = withChange(state, row, { name: newName }, call.now)
    }
    const data: JsonObject = {
      message: 'Environment variable updated.',
      new_var_ids: ids,
      deleted_var_ids: deleted,
      failures: Object.fromEntries(failures)
    }
    return { state, response: success(200, data) }
  }
}

// ---- delete -------------------------------------------------------------------------------------

const destroy: Operation = {
  parameters: {},
  run: (call) => {
    const project = writableProject(call)
    const wanted = only(call.body, 'name')
    if (typeof wanted !== 'string')
      throw invalid({ name: `${repr(wanted)} is not of type 'string'` })
    // Overrides of jobs stay behind.
    const rows = storedValues(call.state, project, wanted).filter((row) => row.type !== 'job')
    if (rows.length === 0) throw notFound()
    let { state } = call
    for (const row of rows) {
      assertValueOpen(call, project, row)
      state = withChange(state, row, { state: 2 }, call.now)
    }
    return { state, response: empty() }
  }
}

const PATH = '/api/v3/accounts/:account/projects/:project/environment-variables/bulk/'

export const VARIABLE_BULK_ROUTES: readonly Route[] = [
  { path: PATH, methods: { POST: create, PUT: update, DELETE: destroy } }
]
