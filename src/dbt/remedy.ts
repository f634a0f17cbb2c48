// What to do about a request that failed, and which reason it counts for.
import type { FailureReason } from '../model/failure.ts'
import type { Request } from '../model/request.ts'
import type { ClientSide } from './error.ts'

/** The failure reason of an HTTP status. */
export function reasonOf(status: number, request: Request): FailureReason {
  if (status === 401 || status === 403) return 'unauthorized'
  // What is written to is a project that could be read: then "not found" is a missing permission.
  if (status === 404 && request.method !== 'GET') return 'unauthorized'
  if (status === 404) return 'not-found'
  if (status === 429) return 'rate-limited'
  if (status === 431) return 'invalid-input'
  return 'internal'
}

/** What to do about an HTTP status. The API tells less than one would like: 404 also means "no permission". */
export function remedyOf(
  status: number,
  request: Request,
  side: ClientSide,
  words: string
): string {
  const token = `the token in input ${side.tokenInput}`
  const needs = permissionFor(request, side)
  switch (status) {
    case 401:
      return (
        `Check ${token}, and that it belongs to ${side.host}: the API says the same of a token of another host. ` +
        'The host is what the address bar shows when you use that account, e.g. ab123.us1.dbt.com.' +
        (side.host === 'cloud.getdbt.com'
          ? ' Most accounts no longer live on cloud.getdbt.com.'
          : '')
      )
    case 403:
      return `Give ${token} the permission ${needs} on the ${side.role} project, and check the account's IP restrictions.`
    case 404:
      if (request.method !== 'GET') {
        return (
          `${capital(token)} may read the project and not write this: give it the permission ${needs}. ` +
          'Where the object was deleted meanwhile, run this again.'
        )
      }
      return (
        `It does not exist or was deleted, or ${token} has no permission for it, which the API does not tell apart: ` +
        `check the ids, and give the token the permission ${needs} on the ${side.role} project.`
      )
    case 408:
      return 'The platform did not get to it in time: run this again.'
    case 409:
      return (
        'Something else changes the same at the same time: run this again when it is done. ' +
        'Promotions wait for one another with "concurrency" in the workflow.'
      )
    case 431:
      return `Nothing in the header of a request is large but ${token}: check that its secret holds one token, and nothing else.`
    case 429:
      return 'The account is over its limit of requests; the platform wants five minutes of rest. Run this again later.'
    default:
      if (status >= 300 && status < 400) {
        return `No redirect is followed, since the token would go along: give the host that the API lives on, not ${side.host}.`
      }
      if (status === 500 && request.onServerError !== undefined) return request.onServerError
      if (status >= 500)
        return 'The dbt platform had an error: run this again, and see status.getdbt.com if it lasts.'
      return request.method === 'GET'
        ? `Check that ${side.host} is the host of the dbt platform account ${side.account}.`
        : (goneRemedy(words) ??
            'Correct what the API complains of in the source or in the inputs, then run this again.')
  }
}

/**
 * What to do where the account keeps the runner out. It has the documented words and shape of the list of addresses, so
 * that comes first.
 */
export function keptOutRemedy(request: Request, side: ClientSide): string {
  return (
    `The IP restrictions of account ${side.account} keep this runner out: ask an admin of the account to allow its address. ` +
    "GitHub's hosted runners have ever other ones; a self-hosted runner, or a larger one with a fixed address, has its own. " +
    `If it is allowed already, give the token in input ${side.tokenInput} the permission ${permissionFor(request, side)} on the ${side.role} project.`
  )
}

function permissionFor({ method }: Request, { role }: ClientSide): string {
  if (method !== 'GET') return 'Job Admin (with write access to this kind of environment)'
  return role === 'source' ? 'Job Viewer' : 'Job Admin'
}

/** Where to name another one in place of a binding that is gone. */
const otherBinding: Readonly<Record<string, string>> = {
  connection_id:
    'name another connection in connection, or map this one under connections in the config file',
  credentials_id: 'name other credentials in credentials-id',
  extended_attributes_id: 'set another extended_attributes_id in the config file',
  primary_profile_id: 'set another primary_profile_id in the config file'
}

// The words are those of a database, as quoted for extended attributes (terraform-provider-dbtcloud).
function goneRemedy(words: string): string | undefined {
  const [, path = '', id = ''] = /Key \((\w+)\)=\((\d+)\) is not present/.exec(words) ?? []
  const way = otherBinding[path]
  return way && `${path} ${id} is gone, or was never there for this project: ${way}.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
