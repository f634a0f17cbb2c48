// What is only looked up: connections of an account by name, whether credentials and other bindings belong to a project,
// and which accounts a token may see.
import type { JsonObject } from '../model/json.ts'
import type { OwnedPath } from '../model/owned.ts'
import { isId } from '../model/decode.ts'
import type { Place, Request } from '../model/request.ts'

/** Lists the connections of an account. */
export function listConnections(account: number): Request {
  return { method: 'GET', path: `/api/v3/accounts/${account}/connections/`, retry: 'read' }
}

/** Reads connections from an answer. One without a name can be meant by its id alone, and one without an id can not. */
export function decodeConnections(
  raw: readonly JsonObject[]
): readonly { readonly id: number; readonly name: string }[] {
  return raw.flatMap(({ id, name }) =>
    isId(id) ? [{ id, name: typeof name === 'string' ? name : '' }] : []
  )
}

/** Lists the accounts that a token may see. */
export function listAccounts(): Request {
  return { method: 'GET', path: '/api/v3/accounts/', retry: 'read' }
}

/** Lists the credentials of a project; no answer holds their secrets. */
export function listCredentials(place: Place): Request {
  return {
    method: 'GET',
    path: `/api/v3/accounts/${place.account}/projects/${place.project}/credentials/`,
    retry: 'read'
  }
}

/** Reads one of the credentials of a project. */
export function readCredentials(place: Place, own: number): Request {
  const { path, ...list } = listCredentials(place)
  return { ...list, path: `${path}${own}/` }
}

const ownedFolders: Readonly<Record<OwnedPath, string>> = {
  extended_attributes_id: 'extended-attributes',
  primary_profile_id: 'profiles'
}

/** Reads one of the extended attributes or profiles of a project. */
export function readOwned(place: Place, path: OwnedPath, own: number): Request {
  return {
    method: 'GET',
    path: `${ownedPath(place, path)}${own}/`,
    retry: 'read',
    confidential: true
  }
}

/** Lists the profiles of a project. */
export function listProfiles(place: Place): Request {
  return { method: 'GET', path: ownedPath(place, 'primary_profile_id'), retry: 'read' }
}

function ownedPath(place: Place, path: OwnedPath): string {
  return `/api/v3/accounts/${place.account}/projects/${place.project}/${ownedFolders[path]}/`
}
