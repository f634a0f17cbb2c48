// The body of an environment write, checked against spec v3 EnvironmentV3Request: nothing missing,
// nothing more, every type right. What the values mean is checked where they are stored.

import {
  anything,
  boolean,
  integer,
  isFine,
  nullable,
  oneOf,
  problemsOf,
  SCHEMA,
  text,
  type Check,
  type Shape
} from './check.ts'
import { invalid } from './http.ts'
import { repr, type Json, type JsonObject } from './json.ts'
import type { Account, Environment } from './state.ts'

/** A body that has passed: every key is there, what was omitted at its default. */
export interface EnvironmentBody {
  readonly name: string
  readonly type: Environment['type']
  readonly deployment_type: Environment['deployment_type']
  readonly dbt_version: string
  readonly use_custom_branch: boolean
  readonly custom_branch: string | null
  readonly supports_docs: boolean
  readonly enable_model_query_history: boolean
  readonly enable_dbt_state: boolean
  readonly connection_id: number | null
  readonly credentials_id: number | null
  readonly extended_attributes_id: number | null
  readonly primary_profile_id: number | null
  readonly state: 1 | 2
  readonly future: JsonObject
}

// A GET body that is sent back carries the nested credentials, which no schema takes
// (terraform-provider-dbtcloud#132, #157).
const noCredentials: Check = (value) =>
  value === null ? undefined : `${repr(value)} is not valid under any of the given schemas`

const SHAPE: Shape = {
  required: [
    'account_id',
    'project_id',
    'name',
    'dbt_version',
    'type',
    'use_custom_branch',
    'supports_docs',
    'state'
  ],
  keys: {
    account_id: integer,
    project_id: integer,
    name: text(1),
    dbt_version: text(1),
    type: oneOf('development', 'deployment'),
    use_custom_branch: boolean,
    supports_docs: boolean,
    state: oneOf(1, 2),
    credentials_id: nullable(integer),
    connection_id: nullable(integer),
    extended_attributes_id: nullable(integer),
    primary_profile_id: nullable(integer),
    custom_branch: nullable(text(1)),
    deployment_type: nullable(oneOf('production', 'staging')),
    enable_model_query_history: nullable(boolean),
    enable_dbt_state: nullable(boolean),
    // Not in the schema, yet taken: Terraform's provider posts its whole GET object back.
    id: nullable(integer),
    created_at: anything,
    updated_at: anything,
    project: anything,
    jobs: anything,
    custom_environment_variables: anything,
    credentials: noCredentials
  }
}

function shapeFor(account: Account): Shape {
  const { refusedKeys, futureKeys } = account.features
  if (refusedKeys.environment.length + futureKeys.environment.length === 0) return SHAPE
  const keys = { ...SHAPE.keys }
  for (const key of futureKeys.environment) keys[key] = anything
  const refused = new Set(refusedKeys.environment)
  return {
    required: SHAPE.required.filter((key) => !refused.has(key)),
    keys: Object.fromEntries(Object.entries(keys).filter(([key]) => !refused.has(key)))
  }
}

/** The checked body of a write; `id` is the one in the path, undefined on create. */
export function readEnvironmentBody(
  raw: JsonObject,
  account: Account,
  projectId: number,
  id: number | undefined
): EnvironmentBody {
  const problems = problemsOf(raw, shapeFor(account), SCHEMA)
  if (!isFine(problems)) throw invalid(problems)
  if (raw.account_id !== account.id)
    throw invalid({ account_id: 'The provided account_id does not match.' })
  if (raw.project_id !== projectId)
    throw invalid({ project_id: 'The provided project_id does not match.' })
  // Terraform's provider sends the id on update; the spec does not have it. Absent is fine, wrong is not.
  if (raw.id !== undefined && raw.id !== (id ?? null))
    throw invalid({ id: 'The provided id does not match.' })

  const ignored = new Set(account.features.missingKeys.environment)
  const value = (key: string): Json => (ignored.has(key) ? null : (raw[key] ?? null))
  return {
    name: value('name') as string,
    type: value('type') as EnvironmentBody['type'],
    deployment_type: value('deployment_type') as EnvironmentBody['deployment_type'],
    dbt_version: value('dbt_version') as string,
    use_custom_branch: value('use_custom_branch') as boolean,
    custom_branch: value('custom_branch') as string | null,
    supports_docs: value('supports_docs') as boolean,
    enable_model_query_history: value('enable_model_query_history') === true,
    enable_dbt_state: value('enable_dbt_state') === true,
    connection_id: value('connection_id') as number | null,
    credentials_id: value('credentials_id') as number | null,
    extended_attributes_id: value('extended_attributes_id') as number | null,
    primary_profile_id: value('primary_profile_id') as number | null,
    state: value('state') as 1 | 2,
    future: Object.fromEntries(
      account.features.futureKeys.environment.map((key) => [key, value(key)])
    )
  }
}
