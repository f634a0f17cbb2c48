// One error for everything that goes wrong with a request: method, path, status, the API's words, and the remedy.
import { Failure, type FailureReason } from '../failure.ts'
import type { Request } from '../promotion/kinds/request.ts'

/** Which side a client speaks to, for messages. */
export interface ClientSide {
  readonly role: 'source' | 'target'
  readonly host: string
  readonly account: number
  /** The input that the token came from. */
  readonly tokenInput: string
}

/** A request to the dbt API that failed. */
export class DbtError extends Failure {
  readonly method: string
  readonly path: string
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number
  /** Whether a write may have happened all the same. */
  readonly mayHaveHappened: boolean
  /** Whether the API itself said so, and not a proxy or another server. */
  readonly isOfApi: boolean

  constructor(
    request: Request,
    facts: {
      readonly doing: string
      readonly status: number
      readonly words: string
      readonly reason: FailureReason
      readonly remedy: string
      readonly mayHaveHappened: boolean
      readonly isOfApi?: boolean
      readonly cause?: unknown
    }
  ) {
    const outcome = facts.status === 0 ? 'failed' : `failed with ${String(facts.status)}`
    super(
      facts.reason,
      `${facts.doing} (${request.method} ${request.path}) ${outcome}: ${facts.words}`,
      facts.remedy,
      facts.cause === undefined ? undefined : { cause: facts.cause }
    )
    this.name = 'DbtError'
    this.method = request.method
    this.path = request.path
    this.status = facts.status
    this.mayHaveHappened = facts.mayHaveHappened
    this.isOfApi = facts.isOfApi ?? false
  }
}

/** Whether a request failed because there is nothing, or nothing that the token may see. */
export function isDenied(error: unknown): boolean {
  return error instanceof DbtError && (error.status === 404 || error.status === 403)
}

/** The failure reason of an HTTP status. */
export function reasonOf(status: number, request: Request): FailureReason {
  if (status === 401 || status === 403) return 'unauthorized'
  // What is written to is a project that could be read: then "not found" is a missing permission.
  if (status === 404 && request.method !== 'GET') return 'unauthorized'
  if (status === 404) return 'not-found'
  if (status === 429) return 'rate-limited'
  return 'internal'
}

/** What to do about an HTTP status. The API tells less than one would like: 404 also means "no permission". */
export function remedyOf(status: number, request: Request, side: ClientSide): string {
  const token = `the token in input ${side.tokenInput}`
  const needs =
    request.method === 'GET'
      ? side.role === 'source'
        ? 'Job Viewer'
        : 'Job Admin'
      : 'Job Admin (with write access to this kind of environment)'
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
        ? `Check that ${side.host} is the host of the dbt platform account ${String(side.account)}.`
        : 'Correct what the API complains of in the source or in the inputs, then run this again.'
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
