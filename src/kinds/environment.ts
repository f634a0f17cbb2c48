// Environments: API v3, below a project. An update replaces the whole object, and what is left out becomes null.
import { asText, type JsonObject } from '../model/json.ts'
import { nameKey } from '../model/names.ts'
import { bool, flag, id, ignored, int, nullable, text } from '../model/decode.ts'
import {
  readValues,
  unknownPaths,
  type Fields,
  type Resource,
  type Values,
  type ValuesOf
} from '../model/field.ts'
import { environmentGaps } from './gaps.ts'
import { idOf } from '../model/reference.ts'
import type { Place, Request } from '../model/request.ts'
import { canonVersion } from './version.ts'

/** Every field of an environment that the API is known to send, with what promotion does to it. */
export const environmentFields = {
  account_id: { rule: 'rewrite', decode: id },
  project_id: { rule: 'rewrite', decode: id },
  name: { rule: 'name', decode: text, canon: (value) => nameKey(asText(value)) },
  type: { rule: 'copy', decode: text, absent: 'deployment', note: 'can not change later' },
  deployment_type: {
    rule: 'keep-target',
    decode: nullable(text),
    absent: null,
    note: 'one production and one staging environment for each project'
  },
  dbt_version: {
    rule: 'copy',
    decode: text,
    canon: canonVersion,
    note: '`versionless` is the old name of `latest`, `latest-fusion` that of `fusion-stable`'
  },
  use_custom_branch: { rule: 'keep-target', decode: bool },
  custom_branch: { rule: 'keep-target', decode: nullable(text) },
  supports_docs: { rule: 'copy', decode: flag },
  enable_model_query_history: { rule: 'copy', decode: flag, refusable: true },
  enable_dbt_state: {
    rule: 'copy',
    decode: flag,
    refusable: true,
    note: 'a feature of the account'
  },
  connection_id: {
    rule: 'keep-target',
    decode: nullable(id),
    absent: null,
    note: 'connections belong to the account; a new environment takes the source’s'
  },
  credentials_id: {
    rule: 'keep-target',
    decode: nullable(id),
    note: 'credentials belong to a project and can not be read back: never copied'
  },
  extended_attributes_id: {
    rule: 'keep-target',
    refersTo: idOf('attributes'),
    decode: nullable(id),
    absent: null,
    note: 'belong to a project: never copied'
  },
  primary_profile_id: {
    rule: 'keep-target',
    decode: nullable(id),
    absent: null,
    note: 'profiles belong to a project: never copied'
  },
  state: { rule: 'rewrite', decode: int, note: 'always 1, active' },
  id: { rule: 'generated', decode: id },
  raw_dbt_version: { rule: 'generated', decode: ignored },
  is_deferrable: { rule: 'generated', decode: ignored },
  created_at: { rule: 'generated', decode: ignored },
  updated_at: { rule: 'generated', decode: ignored },
  created_by_id: { rule: 'generated', decode: ignored },
  project: { rule: 'generated', decode: ignored },
  credentials: { rule: 'generated', decode: ignored, note: 'refused when sent back' },
  connection: { rule: 'generated', decode: ignored },
  repository: { rule: 'generated', decode: ignored },
  repository_id: { rule: 'generated', decode: ignored },
  dbt_project_subdirectory: { rule: 'generated', decode: ignored, note: 'belongs to the project' },
  jobs: { rule: 'generated', decode: ignored },
  custom_environment_variables: { rule: 'generated', decode: ignored },
  fusion_readiness: { rule: 'generated', decode: ignored }
} as const satisfies Fields

type EnvironmentValues = ValuesOf<typeof environmentFields>
export type Environment = Resource<EnvironmentValues>

/**
 * Reads an environment from an answer, where it need not be promoted.
 * @throws ShapeError where not even id, name and state can be read
 */
export function decodeEnvironment(raw: JsonObject): Environment {
  const own = id(raw['id'], 'an environment: id')
  const at = `environment ${own}`
  const name = text(raw['name'], `${at}: name`)
  nullable(int)(raw['state'] ?? null, `${at}: state`)
  const read = readValues(environmentFields, environmentGaps, raw, at)
  return { id: own, name, ...read, unknown: unknownPaths(environmentFields, raw) }
}

/** The path of a project's environments. */
function environmentsPath(place: Place): string {
  return `/api/v3/accounts/${place.account}/projects/${place.project}/environments/`
}

/** Lists the environments of a project. */
export function listEnvironments(place: Place): Request {
  return { method: 'GET', path: environmentsPath(place), query: { order_by: 'id' }, retry: 'read' }
}

/** Reads one environment. */
export function readEnvironment(place: Place, own: number): Request {
  return { method: 'GET', path: `${environmentsPath(place)}${own}/`, retry: 'read' }
}

/** Creates an environment. */
export function createEnvironment(place: Place, values: Values): Request {
  return {
    method: 'POST',
    path: environmentsPath(place),
    body: wire(place, values),
    retry: 'create',
    ...likelyCause(values)
  }
}

/** Replaces an environment by `values`, which must be complete: what is left out becomes null. */
export function replaceEnvironment(place: Place, own: number, values: Values): Request {
  return {
    method: 'POST',
    path: `${environmentsPath(place)}${own}/`,
    body: { id: own, ...wire(place, values) },
    retry: 'replace',
    ...likelyCause(values)
  }
}

// An environment without credentials once gave a 500 that told nothing (terraform-provider-dbtcloud#173).
function likelyCause(values: Values): Pick<Request, 'onServerError'> {
  return hasCredentials(values)
    ? {}
    : {
        onServerError:
          'The likely cause is that the environment would have no credentials, to which the platform has given this answer: ' +
          'set credentials-id to credentials of the target project, then run this again. ' +
          'If it has some, see status.getdbt.com.'
      }
}

/** Whether an environment has credentials, of its own or by the profile that is sent along. */
export function hasCredentials(values: Values): boolean {
  return ['credentials_id', 'primary_profile_id'].some((path) => (values[path] ?? null) !== null)
}

/** The bindings that a profile holds. Beside a profile they count for nothing (terraform-provider-dbtcloud v1.12.5). */
const bindings = ['connection_id', 'credentials_id', 'extended_attributes_id']

/** An environment with some values changed. Who changes a binding must leave the profile out, or it stays as it was. */
export function changeEnvironment(held: Values, changed: Values): Values {
  return { ...held, ...(isRebound(changed) ? { primary_profile_id: null } : {}), ...changed }
}

/** Whether a change of these paths gives an environment bindings of its own, so that it leaves the profile it has. */
export function isRebound(changed: Values): boolean {
  return bindings.some((path) => path in changed) && !('primary_profile_id' in changed)
}

// The API's request schema knows no null: to leave an optional key out is to clear it. An empty text is refused.
function wire(place: Place, values: Values): JsonObject {
  const written = Object.entries(values).filter(
    ([path, value]) =>
      path in environmentFields &&
      environmentFields[path as keyof typeof environmentFields].rule !== 'generated' &&
      value !== null &&
      value !== ''
  )
  return {
    ...Object.fromEntries(written),
    account_id: place.account,
    project_id: place.project,
    state: 1
  }
}
