// What is only looked up: connections of an account by name, and whether credentials belong to a project.
import type { JsonObject } from '../json.ts'
import { id, text } from './decode.ts'
import type { Place, Request } from './request.ts'

/** Lists the connections of an account. */
export function listConnections(account: number): Request {
  return { method: 'GET', path: `/api/v3/accounts/${String(account)}/connections/`, retry: 'read' }
}

/** Reads a connection from an answer. @throws ShapeError */
export function decodeConnection(raw: JsonObject): { readonly id: number; readonly name: string } {
  const own = id(raw['id'], 'a connection: id')
  return { id: own, name: text(raw['name'], `connection ${String(own)}: name`) }
}

/** Reads one of the credentials of a project; the answer holds no secrets. */
export function readCredentials(place: Place, own: number): Request {
  return {
    method: 'GET',
    path: `/api/v3/accounts/${String(place.account)}/projects/${String(place.project)}/credentials/${String(own)}/`,
    retry: 'read'
  }
}
