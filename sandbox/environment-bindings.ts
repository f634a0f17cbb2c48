// What an environment is bound to: connection, credentials, attributes, and the profile that holds all three.

import type { EnvironmentBody } from './environment-body.ts'
import { invalid } from './http.ts'
import { accountOf, type Call } from './route.ts'
import type { Environment, Profile, Project, State } from './state.ts'
import { find, put } from './table.ts'

// The words of the database where an id refers to nothing, as quoted for extended attributes.
function notPresent(key: string, id: number, table: string): never {
  throw invalid({ [key]: `Key (${key})=(${id}) is not present in table "${table}".` })
}

interface Bindings {
  readonly connection_id: number | null
  readonly credentials_id: number | null
  readonly extended_attributes_id: number | null
}

/** The three bindings of the body, each known in the project or the account. */
function bindingsOf(call: Call, project: Project, body: EnvironmentBody): Bindings {
  const { state } = call
  const { connection_id, extended_attributes_id } = body
  // Developers bring their own credentials: a development environment has none.
  const credentials_id = body.type === 'development' ? null : body.credentials_id
  if (credentials_id !== null) {
    const row = find(state.credentials, credentials_id)
    if (row?.project_id !== project.id || row.state !== 1)
      notPresent('credentials_id', credentials_id, 'credentials')
  }
  if (connection_id !== null) {
    const row = find(state.connections, connection_id)
    if (row?.account_id !== project.account_id || row.state !== 1)
      notPresent('connection_id', connection_id, 'connections')
  }
  if (extended_attributes_id !== null) {
    const row = find(state.extendedAttributes, extended_attributes_id)
    if (row?.project_id !== project.id || row.state !== 1)
      notPresent('extended_attributes_id', extended_attributes_id, 'extended_attributes')
  }
  const { autoAssignConnection } = accountOf(call).features
  const assigned = autoAssignConnection ? project.connection_id : null
  return { connection_id: connection_id ?? assigned, credentials_id, extended_attributes_id }
}

/** What is stored of bindings and profile, with the profiles as they are then. */
export interface Bound extends Bindings {
  readonly primary_profile_id: number | null
  readonly profiles: readonly Profile[]
  readonly nextIds: State['nextIds']
}

// A profile in the body wins over the trio beside it, which is why Terraform's provider forbids both.
// Without one the trio is written through to the profile that the platform keeps for the environment.
export function bind(
  call: Call,
  project: Project,
  body: EnvironmentBody,
  previous: Environment | undefined,
  id: number
): Bound {
  const { profiles, nextIds } = call.state
  const trio = bindingsOf(call, project, body)
  const wanted = body.primary_profile_id
  if (wanted !== null) {
    const profile = find(profiles, wanted)
    if (profile?.project_id !== project.id || profile.state !== 1)
      return notPresent('primary_profile_id', wanted, 'profiles')
    if (body.type === 'development')
      throw invalid({ primary_profile_id: 'Profiles are for deployment environments only.' })
    const { connection_id, credentials_id, extended_attributes_id } = profile
    const fromProfile = { connection_id, credentials_id, extended_attributes_id }
    return { ...fromProfile, primary_profile_id: wanted, profiles, nextIds }
  }
  // No profile is made for an environment without credentials.
  if (trio.credentials_id === null) return { ...trio, primary_profile_id: null, profiles, nextIds }
  const held = previous?.primary_profile_id ?? null
  const shared = call.state.environments.some(
    (other) => other.id !== id && other.primary_profile_id === held && other.state === 1
  )
  const own = held === null || shared ? undefined : find(profiles, held)
  const profile: Profile = {
    key: `environment-${id}`,
    state: 1,
    ...own,
    id: own?.id ?? nextIds.profiles,
    account_id: project.account_id,
    project_id: project.id,
    ...trio
  }
  return {
    ...trio,
    primary_profile_id: profile.id,
    profiles: put(profiles, profile),
    nextIds: own === undefined ? { ...nextIds, profiles: profile.id + 1 } : nextIds
  }
}
