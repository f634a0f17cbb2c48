// The whole API as one pure function: a state and a request in, a state and an answer out.

import { authenticate } from './access.ts'
import {
  invalid,
  invalidRequest,
  methodNotAllowed,
  movedTo,
  notFound,
  page,
  Refusal,
  unsupported,
  type SandboxRequest,
  type SandboxResponse
} from './http.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { parseQuery } from './query.ts'
import { countRequest, refuseForRate } from './rate-limit.ts'
import type { Answer, Call, Operation, Route } from './route.ts'
import { ACCOUNT_ROUTES } from './routes/accounts.ts'
import { CONNECTION_ROUTES } from './routes/connections.ts'
import { CREDENTIALS_ROUTES } from './routes/credentials.ts'
import { ENVIRONMENT_V2_ROUTES } from './routes/environments-v2.ts'
import { ENVIRONMENT_ROUTES } from './routes/environments.ts'
import { EXTENDED_ATTRIBUTES_ROUTES } from './routes/extended-attributes.ts'
import { JOB_ROUTES } from './routes/jobs.ts'
import { NOTIFICATION_ROUTES } from './routes/notifications.ts'
import { PROFILE_ROUTES } from './routes/profiles.ts'
import { PROJECT_ROUTES } from './routes/projects.ts'
import { RUN_ROUTES } from './routes/runs.ts'
import { VARIABLE_ROUTES } from './routes/variables.ts'
import { WEBHOOK_ROUTES } from './routes/webhooks.ts'
import type { Account, State } from './state.ts'
import { find } from './table.ts'

export interface Handled {
  readonly state: State
  readonly response: SandboxResponse
  /** True for a path, or a method of a path, that the sandbox does not serve: a test should fail on it. */
  readonly unknownRoute: boolean
}

function patternOf(path: string): RegExp {
  const pattern = path
    .replace(/:(\w+)/g, '(?<$1>[0-9]+)')
    .replace(/@(\w+)/g, '(?<$1>[^/]+)')
    .replace(/\*(\w+)/g, '(?<$1>.+)')
  return new RegExp(`^${pattern}$`)
}

const ROUTES: readonly { readonly pattern: RegExp; readonly route: Route }[] = [
  ...JOB_ROUTES,
  ...ENVIRONMENT_ROUTES,
  ...ENVIRONMENT_V2_ROUTES,
  ...PROJECT_ROUTES,
  ...CREDENTIALS_ROUTES,
  ...CONNECTION_ROUTES,
  ...VARIABLE_ROUTES,
  ...EXTENDED_ATTRIBUTES_ROUTES,
  ...PROFILE_ROUTES,
  ...RUN_ROUTES,
  ...NOTIFICATION_ROUTES,
  ...WEBHOOK_ROUTES,
  ...ACCOUNT_ROUTES
].map((route) => ({
  route,
  pattern: patternOf(route.path)
}))

interface Match {
  readonly route: Route
  readonly ids: Readonly<Record<string, number>>
  readonly texts: Readonly<Record<string, string>>
}

function matchRoute(pathname: string): Match | undefined {
  for (const { pattern, route } of ROUTES) {
    const match = pattern.exec(pathname)
    if (match === null) continue
    const ids: Record<string, number> = {}
    const texts: Record<string, string> = {}
    for (const [name, text] of Object.entries(match.groups ?? {})) {
      if (route.path.includes(`:${name}`)) ids[name] = Number(text)
      else texts[name] = decoded(text)
    }
    return { route, ids, texts }
  }
  return undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function readBody(request: SandboxRequest): JsonObject {
  const { body } = request
  if (body === undefined || body === '') return {}
  // The spec also allows forms; nobody sends them, and a JSON text sent as a form would go unnoticed.
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw unsupported(415, `Unsupported media type "${type}" in request.`)
  let value: Json
  try {
    value = JSON.parse(body) as Json
  } catch {
    throw invalidRequest('JSON parse error')
  }
  if (!isObject(value)) throw invalid('expected a dictionary')
  return value
}

function assertAcceptable(accept: string | undefined): void {
  if (accept === undefined || /(^|[\s,])(application\/(json|\*)|\*\/\*)/i.test(accept)) return
  throw unsupported(406, 'Could not satisfy the request Accept header.')
}

function accountIn(state: State, accounts: readonly number[], id: number): Account {
  const account = find(state.accounts, id)
  if (account?.state !== 1 || !accounts.includes(id)) throw notFound()
  return account
}

function operationOf(route: Route, method: string): Operation {
  const operation = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined
  if (operation === undefined) throw methodNotAllowed(method, Object.keys(route.methods))
  return operation
}

function perform(state: State, request: SandboxRequest, match: Match, search: string): Answer {
  const now = request.now ?? state.clock
  let current = state
  try {
    const grants = authenticate(state, request.headers.authorization)
    const { account: accountId } = match.ids
    const account =
      accountId === undefined ? undefined : accountIn(state, grants.accounts, accountId)
    if (account !== undefined) {
      const counted = countRequest(state, account.id, now)
      current = counted.state
      if (counted.refused) refuseForRate()
    }
    const operation = operationOf(match.route, request.method)
    assertAcceptable(request.headers.accept)
    const body = request.method === 'GET' ? {} : readBody(request)
    const query = parseQuery(search, operation.parameters)
    const call: Call = {
      state: current,
      grants,
      now,
      account,
      ids: match.ids,
      texts: match.texts,
      query,
      body
    }
    return operation.run(call)
  } catch (error) {
    if (error instanceof Refusal) return { state: current, response: error.response }
    throw error
  }
}

/**
 * Answers one request as the platform would. Nothing is read but the arguments, and nothing in them
 * is changed; a request that changes nothing returns the very same state.
 */
export function handle(state: State, request: SandboxRequest): Handled {
  const mark = request.path.indexOf('?')
  const pathname = mark < 0 ? request.path : request.path.slice(0, mark)
  const search = mark < 0 ? '' : request.path.slice(mark + 1)

  const match = matchRoute(pathname)
  // Webhooks and single artifacts have no slash at the end (spec v3, v2); whatever else has none is redirected.
  if (match === undefined && matchRoute(`${pathname}/`) !== undefined) {
    const location = `${pathname}/${mark < 0 ? '' : `?${search}`}`
    return { state, response: movedTo(location), unknownRoute: false }
  }
  if (match === undefined)
    return { state, response: page(404, 'Page not found'), unknownRoute: true }
  const unknownRoute = !Object.hasOwn(match.route.methods, request.method)
  return { ...perform(state, request, match, search), unknownRoute }
}
