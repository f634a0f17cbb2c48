// Requests and answers as data: what `handle` takes and gives, and every form of answer the platform has.

import type { Json, JsonObject } from './json.ts'

export interface SandboxRequest {
  readonly method: string
  /** With the query string. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Milliseconds since 1970; without it the clock of the state counts. */
  readonly now?: number
}

export interface SandboxResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const JSON_HEADERS = { 'content-type': 'application/json' }

/** An answer of JSON that is not necessarily the envelope. */
export function json(
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {}
): SandboxResponse {
  return { status, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) }
}

function statusOf(code: number, message: string, developerMessage: string | null): JsonObject {
  return {
    code,
    is_success: code < 400,
    user_message: message,
    developer_message: developerMessage
  }
}

/** The envelope of a success. Creates say 201, as recorded, though the spec says 200. */
export function success(code: 200 | 201, data: Json, rest: JsonObject = {}): SandboxResponse {
  return json(code, { status: statusOf(code, 'Success!', ''), data, ...rest })
}

/** 204: deleted, as the spec says for every kind; of these kinds no answer is recorded. */
export function empty(): SandboxResponse {
  return { status: 204, headers: {}, body: '' }
}

/** Newer endpoints of v3 (connections, extended attributes, profiles) say more. */
export const NEWER: JsonObject = { extra: {}, error_code: null }

/** A refusal travels as an exception from wherever it is found to `handle`, which answers it. */
export class Refusal extends Error {
  readonly response: SandboxResponse

  constructor(response: SandboxResponse) {
    super(`Refused with ${response.status}`)
    this.response = response
  }
}

const INVALID = 'The request was invalid. Please double check the provided data and try again.'

/** 400 as an answer, for a request that is carried out in part. */
export function refused(data: Json, rest: JsonObject = {}): SandboxResponse {
  return json(400, { status: statusOf(400, INVALID, ''), data, ...rest })
}

/** 400 with the cause in `data`, nested like the request. */
export function invalid(data: Json, rest: JsonObject = {}): Refusal {
  return new Refusal(refused(data, rest))
}

/** 400 with the cause in `developer_message`, as newer endpoints do (terraform-provider-dbtcloud#612). */
export function invalidRequest(developerMessage: string): Refusal {
  const status = statusOf(400, INVALID, `Invalid request data: ${developerMessage}`)
  return new Refusal(json(400, { status, data: null, ...NEWER }))
}

/** 401: no token, a bad one, or the wrong host; the body does not tell which. */
export function unauthorized(): Refusal {
  return new Refusal(json(401, { status: statusOf(401, 'Invalid token.', null), data: null }))
}

/** 403. No body of it is recorded anywhere: the envelope with a plausible text. */
export function forbidden(): Refusal {
  const message = 'You do not have permission to perform this action.'
  return new Refusal(json(403, { status: statusOf(403, message, ''), data: null }))
}

/** 404 of the API itself: missing, deleted and not permitted look the same. */
export function notFound(): Refusal {
  const message =
    'The requested resource was not found. Please check that you have the proper permissions.'
  return new Refusal(json(404, { status: statusOf(404, message, ''), data: null }))
}

/** A success of webhooks: their status has a code and no more (docs.getdbt.com, Webhooks, API). */
export function webhookSuccess(
  code: 200 | 201,
  data: Json,
  rest: JsonObject = {}
): SandboxResponse {
  return json(code, { data, status: { code }, ...rest })
}

/** 404 of webhooks: spec v3 NotFound has no more than these two keys. The words are not recorded. */
export function webhookNotFound(): Refusal {
  const status = statusOf(404, 'The requested resource was not found.', '')
  return new Refusal(json(404, { data: null, status }))
}

/** 404 of extended attributes, as recorded: it has words and keys of its own. */
export function attributesNotFound(): Refusal {
  const message = 'The specified Extended Attributes record was not found.'
  return new Refusal(json(404, { status: statusOf(404, message, ''), data: null, ...NEWER }))
}

/** 405 that is a business rule, not a wrong method (terraform-provider-dbtcloud#664, #670). */
export function notAvailable(message: string): Refusal {
  return new Refusal(json(405, { status: statusOf(405, message, ''), data: {}, ...NEWER }))
}

/** 405 for a method that the path does not have: the web framework's form, not the envelope. */
export function methodNotAllowed(method: string, allowed: readonly string[]): Refusal {
  return new Refusal(
    json(405, { detail: `Method "${method}" not allowed.` }, { allow: allowed.join(', ') })
  )
}

/** 415 and 406, in the web framework's form. */
export function unsupported(status: 406 | 415, detail: string): Refusal {
  return new Refusal(json(status, { detail }))
}

/** 429. No body is recorded, and `Retry-After` is documented for SCIM alone: none is sent. */
export function tooManyRequests(): Refusal {
  return new Refusal(json(429, { status: statusOf(429, 'Too Many Requests', ''), data: null }))
}

/** 500 in the envelope (terraform-provider-dbtcloud#173). */
export function serverError(): Refusal {
  const message = 'There was a server error. Please contact support!'
  return new Refusal(json(500, { status: statusOf(500, message, ''), data: null }))
}

/** A page for people: what a wrong URL gets. */
export function page(status: number, title: string): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html>\n<html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  }
}

/** The framework's redirect to the same path with a slash; it turns a client's POST into a GET. */
export function movedTo(location: string): SandboxResponse {
  return {
    status: 301,
    headers: { 'content-type': 'text/html; charset=utf-8', location },
    body: ''
  }
}
