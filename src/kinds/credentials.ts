// Credentials of a project, as far as a message may tell of them: no secret, no user, nothing else that is personal.
import type { Json, JsonObject } from '../model/json.ts'
import { id } from '../model/decode.ts'

/** Credentials that a project has. */
export interface Credentials {
  readonly id: number
  /** The kind of warehouse, e.g. `snowflake`. */
  readonly type: string
  /** The schema that they write to; empty where the API does not tell it. */
  readonly schema: string
  /** Whether they look like the ones that a developer works with, whose schema mostly holds a name. */
  readonly isPersonal: boolean
}

/** Reads credentials from an answer. @throws ShapeError */
export function decodeCredentials(raw: JsonObject): Credentials {
  const { type, adapter_version, user, username } = raw
  const schema = firstText(raw['schema'], raw['default_schema'])
  // The type of many warehouses is only `adapter`.
  const kind = type === 'adapter' ? adapter_version : type
  return {
    id: id(raw['id'], 'credentials: id'),
    type: typeof kind === 'string' ? kind.replace(/_v\d+$/, '') : '',
    schema,
    isPersonal: isPersonal(schema, firstText(user, username))
  }
}

// The API lists them with all others, and nothing tells them apart but habits: a schema of `dbt_` and the name of the
// person, or one that holds the name of the user.
function isPersonal(schema: string, user: string): boolean {
  const [name = ''] = user.toLowerCase().split('@')
  return /^dbt_/i.test(schema) || (name.length > 2 && schema.toLowerCase().includes(name))
}

function firstText(...values: readonly (Json | undefined)[]): string {
  return values.find((each) => typeof each === 'string') ?? ''
}
