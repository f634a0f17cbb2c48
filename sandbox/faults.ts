// Faults: which request goes wrong, and how. Pure, so that tests without a server can use them too.

import { handle, type Handled } from './handle.ts'
import type { SandboxRequest, SandboxResponse } from './http.ts'
import { page } from './http.ts'
import { isObject, omit, type Json, type JsonObject } from './json.ts'
import { assertNth, seenAfter, strikes, type Nth } from './nth.ts'
import type { State } from './state.ts'

/** What goes wrong. `after` means that the request has been carried out and its answer is lost. */
export type FaultAction =
  /** Another answer; `commit` carries the request out all the same. */
  | {
      readonly kind: 'respond'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: Json
      readonly commit?: boolean
    }
  /** The answer with objects of another shape: without the keys in `drop`, with the values in `set`, by dotted path. */
  | {
      readonly kind: 'reshape'
      readonly drop?: readonly string[]
      readonly set?: JsonObject
      /** Only the objects with these ids. */
      readonly ids?: readonly number[]
    }
  /** The connection is reset. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** No answer, or one only after so many milliseconds. */
  | { readonly kind: 'stall'; readonly when: 'before' | 'after'; readonly ms?: number }
  /** The body ends before its announced length: after so many bytes, or in the middle. */
  | { readonly kind: 'cut'; readonly bytes?: number }
  /** The body comes in small pieces, so many milliseconds apart. */
  | { readonly kind: 'trickle'; readonly ms: number; readonly bytes?: number }
  /** A page of a proxy instead of JSON; the request does not reach the API, unless it is committed. */
  | { readonly kind: 'html'; readonly status?: number; readonly commit?: boolean }
  /** A redirect; the request does not reach the API, unless it is committed. */
  | {
      readonly kind: 'redirect'
      readonly location: string
      readonly status?: number
      readonly commit?: boolean
    }
  /** A list that tells another total, none with null, or whose pages are shorter than they may be. */
  | { readonly kind: 'list'; readonly total?: number | null; readonly most?: number }

type PageFault = FaultAction & { readonly kind: 'list' }

export interface Fault extends Nth {
  readonly action: FaultAction
}

/** A fault and how many requests have fitted it so far. */
export interface ArmedFault {
  readonly fault: Fault
  readonly seen: number
}

/** The first fault that strikes this request, and the faults with their counts moved on. */
export function takeFault(
  faults: readonly ArmedFault[],
  request: SandboxRequest
): { readonly action: FaultAction | undefined; readonly faults: readonly ArmedFault[] } {
  const [fault] = faults.filter(({ fault, seen }) => strikes(fault, seen, request))
  const counted = faults.map(({ fault, seen }) => ({
    fault,
    seen: seenAfter(fault, seen, request)
  }))
  return { action: fault?.fault.action, faults: counted }
}

/** What a client gets to see of a request. */
export type Outcome =
  | {
      readonly kind: 'response'
      readonly response: SandboxResponse
      /** Only so many bytes of the body arrive, then the connection breaks. */
      readonly cutAt?: number
      readonly trickle?: { readonly ms: number; readonly bytes: number }
      /** How long the answer is held back. */
      readonly delayMs?: number
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' }

export interface FaultyHandled {
  readonly state: State
  readonly faults: readonly ArmedFault[]
  readonly outcome: Outcome
  readonly unknownRoute: boolean
  /** The kind of fault that struck. */
  readonly fault: FaultAction['kind'] | undefined
}

function response(of: FaultAction & { readonly kind: 'respond' }): SandboxResponse {
  const { body = '' } = of
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  return { status: of.status, headers: { 'content-type': type, ...of.headers }, body: text }
}

/**
 * A page that is shorter or tells another total. Older lists have no `extra` at all (recorded in 2021 by dbt-cloud-cli,
 * job_list_response.json); a total that is too high is what a count over joined rows gives (seen elsewhere:
 * data-dot-all/dataall#1088); false ones of this API are not known, and pages below the limit are not either.
 */
function otherPage({ response }: Handled, { total, most }: PageFault): SandboxResponse {
  const body: unknown = response.status === 200 ? JSON.parse(response.body) : null
  if (!isObject(body as Json)) return response
  const { extra, ...rest } = body as JsonObject
  if (!Array.isArray(rest.data) || !isObject(extra) || !isObject(extra.pagination)) return response
  const data = rest.data.slice(0, most)
  const { total_count: own = 0 } = extra.pagination
  const pagination = { count: data.length, total_count: total ?? own }
  const told = total === null ? {} : { extra: { ...extra, pagination } }
  return { ...response, body: JSON.stringify({ ...rest, data, ...told }) }
}

// Other values of the objects of an answer, and keys that these lack.
function reshaped(
  answer: SandboxResponse,
  { drop = [], set = {}, ids }: FaultAction & { readonly kind: 'reshape' }
): SandboxResponse {
  let body: Json
  try {
    body = JSON.parse(answer.body) as Json
  } catch {
    return answer
  }
  if (!isObject(body)) return answer
  const reshape = (item: Json): Json => {
    if (!isObject(item) || (ids && !ids.some((id) => id === item.id))) return item
    const dropped = drop.reduce((each, path) => withAt(each, path.split('.'), undefined), item)
    return Object.entries(set).reduce(
      (each, [path, value]) => withAt(each, path.split('.'), value),
      dropped
    )
  }
  const { data = null } = body
  const shown = Array.isArray(data) ? (data as readonly Json[]).map(reshape) : reshape(data)
  return { ...answer, body: JSON.stringify({ ...body, data: shown }) }
}

function withAt(
  item: JsonObject,
  [key = '', ...inner]: readonly string[],
  value: Json | undefined
): JsonObject {
  if (inner.length === 0) return value === undefined ? omit(item, key) : { ...item, [key]: value }
  const held = item[key]
  return isObject(held) ? { ...item, [key]: withAt(held, inner, value) } : item
}

function strike(
  action: FaultAction,
  untouched: Handled,
  perform: () => Handled
): { readonly handled: Handled; readonly outcome: Outcome } {
  const answered = (handled: Handled, more: object = {}) => ({
    handled,
    outcome: { kind: 'response', response: handled.response, ...more } as Outcome
  })
  switch (action.kind) {
    case 'respond':
      return {
        handled: action.commit === true ? perform() : untouched,
        outcome: { kind: 'response', response: response(action) }
      }
    case 'reshape': {
      const handled = perform()
      const shown = reshaped(handled.response, action)
      return { handled, outcome: { kind: 'response', response: shown } }
    }
    case 'reset':
      return {
        handled: action.when === 'after' ? perform() : untouched,
        outcome: { kind: 'reset' }
      }
    case 'stall':
      if (action.ms !== undefined) return answered(perform(), { delayMs: action.ms })
      return {
        handled: action.when === 'after' ? perform() : untouched,
        outcome: { kind: 'silence' }
      }
    case 'cut': {
      const handled = perform()
      const length = Buffer.byteLength(handled.response.body)
      return answered(handled, { cutAt: action.bytes ?? Math.floor(length / 2) })
    }
    case 'trickle':
      return answered(perform(), { trickle: { ms: action.ms, bytes: action.bytes ?? 16 } })
    case 'html': {
      const html = page(action.status ?? 502, 'Bad Gateway')
      return {
        handled: action.commit === true ? perform() : untouched,
        outcome: { kind: 'response', response: html }
      }
    }
    case 'redirect': {
      const headers = { location: action.location }
      const moved = { status: action.status ?? 302, headers, body: '' }
      return {
        handled: action.commit === true ? perform() : untouched,
        outcome: { kind: 'response', response: moved }
      }
    }
    case 'list': {
      const handled = perform()
      return { handled, outcome: { kind: 'response', response: otherPage(handled, action) } }
    }
  }
}

/** As {@link handle}, with the faults that are armed. */
export function handleWithFaults(
  state: State,
  faults: readonly ArmedFault[],
  request: SandboxRequest
): FaultyHandled {
  const taken = takeFault(faults, request)
  const perform = (): Handled => handle(state, request)
  if (taken.action === undefined) {
    const { response, unknownRoute, state: next } = perform()
    const outcome: Outcome = { kind: 'response', response }
    return { state: next, faults: taken.faults, outcome, unknownRoute, fault: undefined }
  }
  const nothing: Handled = {
    state,
    response: { status: 0, headers: {}, body: '' },
    unknownRoute: false
  }
  const { handled, outcome } = strike(taken.action, nothing, perform)
  return {
    state: handled.state,
    faults: taken.faults,
    outcome,
    unknownRoute: handled.unknownRoute,
    fault: taken.action.kind
  }
}

const KINDS: Readonly<Record<FaultAction['kind'], readonly string[]>> = {
  respond: ['status'],
  reshape: [],
  reset: ['when'],
  stall: ['when'],
  cut: [],
  trickle: ['ms'],
  html: [],
  redirect: ['location'],
  list: []
}

/**
 * Reads a fault that came as JSON.
 * @throws when it is not one; the message says why.
 */
export function parseFault(value: Json): Fault {
  if (!isObject(value)) throw new Error('A fault is a JSON object.')
  const known = ['nth', 'method', 'path', 'times', 'action']
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new Error(`A fault has no key '${unknown}'.`)
  const { action } = value
  if (!isObject(action) || typeof action.kind !== 'string' || !Object.hasOwn(KINDS, action.kind))
    throw new Error(`A fault has an action of kind ${Object.keys(KINDS).join(', ')}.`)
  const needed = KINDS[action.kind as FaultAction['kind']].find((key) => action[key] === undefined)
  if (needed !== undefined)
    throw new Error(`An action of kind ${action.kind} has a key '${needed}'.`)
  if (action.when !== undefined && action.when !== 'before' && action.when !== 'after')
    throw new Error(`'when' is before or after.`)
  assertNth(value)
  return value as unknown as Fault
}
