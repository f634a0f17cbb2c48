// Extended attributes of a project (v3): records that environments refer to. There is no list of them.

import { mayWrite, mayWriteEnvironment } from '../access.ts'
import { integer, nullable, oneOf, type Check } from '../check.ts'
import {
  attributesNotFound,
  empty,
  invalid,
  invalidRequest,
  NEWER,
  notFound,
  success
} from '../http.ts'
import { isObject, repr, type Json, type JsonObject } from '../json.ts'
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
import type { Account, Environment, ExtendedAttributes, Project, State } from '../state.ts'
import { find, put } from '../table.ts'
import { timestamp } from '../time.ts'

/** "Up to 4096 bytes in serialized JSON form": counted without blanks, as UTF-8. */
const MOST_BYTES = 4096

function show(account: Account, row: ExtendedAttributes): JsonObject {
  const { extended_attributes } = row
  return {
    ...row,
    extended_attributes: account.features.attributesAsText
      ? JSON.stringify(extended_attributes)
      : extended_attributes
  }
}

/** The active record in the path; one of another project is not found, in words of its own. */
function recordOf(call: Call, project: Project): ExtendedAttributes {
  const row = find(call.state.extendedAttributes, idOf(call, 'id'))
  if (row?.project_id !== project.id || row.state !== 1) throw attributesNotFound()
  return row
}

function usersOf(state: State, id: number): readonly Environment[] {
  return state.environments.filter((row) => row.extended_attributes_id === id && row.state === 1)
}

// Whoever may not write an environment may not write what it is bound to, and is told as little.
function assertMayWrite(call: Call, project: Project, row?: ExtendedAttributes): void {
  if (!mayWrite(call.grants, project.id)) throw notFound()
  for (const environment of row === undefined ? [] : usersOf(call.state, row.id)) {
    if (!mayWriteEnvironment(call.grants, project.id, environment)) throw notFound()
  }
}

const object: Check = (value) =>
  isObject(value) ? undefined : `${repr(value)} is not of type 'object'`

// Beyond the spec, the keys that Terraform's provider and dbt's own example send.
const KEYS: Readonly<Record<string, Check>> = {
  extended_attributes: object,
  state: oneOf(1, 2),
  id: nullable(integer),
  account_id: integer,
  project_id: integer
}

interface Body {
  readonly extended_attributes: JsonObject
  readonly state: 1 | 2
}

function readBody(call: Call, project: Project, id: number | null): Body {
  const { body } = call
  const model = id === null ? 'ExtendedAttributesCreateBody' : 'ExtendedAttributesUpdateBody'
  for (const [key, value] of Object.entries(body)) {
    const check = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
    if (check === undefined) throw invalidRequest(`"${model}" object has no field "${key}"`)
    const wrong = check(value)
    if (wrong !== undefined) throw invalid({ [key]: wrong }, NEWER)
  }
  const { extended_attributes } = body
  if (!isObject(extended_attributes))
    throw invalid({ extended_attributes: 'field required' }, NEWER)
  const expected = { account_id: accountOf(call).id, project_id: project.id, id }
  for (const [key, wanted] of Object.entries(expected)) {
    const given: Json = body[key] ?? wanted
    if (given !== wanted) throw invalid({ [key]: `The provided ${key} does not match.` }, NEWER)
  }
  const bytes = new TextEncoder().encode(JSON.stringify(extended_attributes)).length
  if (bytes > MOST_BYTES)
    throw invalid({ extended_attributes: `${bytes} bytes are more than ${MOST_BYTES}` }, NEWER)
  return { extended_attributes, state: (body.state ?? 1) as 1 | 2 }
}

const create: Operation = {
  parameters: {},
  run: (call): Answer => {
    const project = projectOf(call)
    assertMayWrite(call, project)
    const { state } = call
    const id = state.nextIds.extendedAttributes
    const moment = timestamp(call.now)
    const row: ExtendedAttributes = {
      ...readBody(call, project, null),
      id,
      account_id: project.account_id,
      project_id: project.id,
      created_at: moment,
      updated_at: moment
    }
    const next: State = {
      ...state,
      extendedAttributes: put(state.extendedAttributes, row),
      nextIds: { ...state.nextIds, extendedAttributes: id + 1 }
    }
    return { state: next, response: success(201, show(accountOf(call), row), NEWER) }
  }
}

const retrieve: Operation = {
  parameters: { include_related: { type: 'related' } },
  run: (call) => {
    const row = recordOf(call, projectOf(call))
    return answer(call, success(200, show(accountOf(call), row), NEWER))
  }
}

function assertUnused(call: Call, id: number): void {
  const [user] = usersOf(call.state, id)
  if (user !== undefined)
    throw invalid({ id: `The extended attributes are in use by environment ${user.id}.` }, NEWER)
}

function replace(call: Call, row: ExtendedAttributes, changes: Partial<Body>): ExtendedAttributes {
  if (changes.state === 2) assertUnused(call, row.id)
  return { ...row, ...changes, updated_at: timestamp(call.now) }
}

const update: Operation = {
  parameters: {},
  run: (call): Answer => {
    const project = projectOf(call)
    const row = recordOf(call, project)
    assertMayWrite(call, project, row)
    // The attributes are replaced, not merged.
    const changed = replace(call, row, readBody(call, project, row.id))
    const extendedAttributes = put(call.state.extendedAttributes, changed)
    const response = success(200, show(accountOf(call), changed), NEWER)
    return { state: { ...call.state, extendedAttributes }, response }
  }
}

const destroy: Operation = {
  parameters: {},
  run: (call): Answer => {
    const project = projectOf(call)
    const row = recordOf(call, project)
    assertMayWrite(call, project, row)
    const deleted = replace(call, row, { state: 2 })
    const extendedAttributes = put(call.state.extendedAttributes, deleted)
    return { state: { ...call.state, extendedAttributes }, response: empty() }
  }
}

const BASE = '/api/v3/accounts/:account/projects/:project/extended-attributes/'

export const EXTENDED_ATTRIBUTES_ROUTES: readonly Route[] = [
  { path: BASE, methods: { POST: create } },
  { path: `${BASE}:id/`, methods: { GET: retrieve, PATCH: update, DELETE: destroy } }
]
