// The dbt API as the action uses it: requests as data in, checked answers out, every failure one typed error.
import { Failure } from '../model/failure.ts'
import { ShapeError } from '../model/decode.ts'
import type { Request } from '../model/request.ts'
import { isList, isObject, type Json, type JsonObject } from '../model/json.ts'
import {
  apiWords,
  isEnvelope,
  isKeptOut,
  parseBody,
  plainWords,
  saysFailure,
  whyUnreadable
} from './envelope.ts'
import { DbtError, type ClientSide } from './error.ts'
import { keptOutRemedy, reasonOf, remedyOf } from './remedy.ts'
import type { Hide, HiddenTexts } from '../model/hide.ts'
import { allPages, type Page } from './paging.ts'
import { causeOfAnswer, mayHaveHappened } from './policy.ts'
import { TransportError, type HttpAnswer, type HttpRequest, type Transport } from './transport.ts'

/** A client of one side. */
export interface DbtClient {
  readonly side: ClientSide
  /** Keeps out of a text what no message may show. */
  readonly hide: Hide
  /** Keeps values of the user's out of all messages from now on. */
  readonly conceal: (values: readonly string[]) => void
  /** Sends a request whose answer is one object. @param doing what for, as a message begins: `Reading project 1` */
  readonly send: (request: Request, doing: string) => Promise<JsonObject>
  /** The same, with whether an earlier attempt may have been carried out too, whose answer was lost. */
  readonly sendTold: (
    request: Request,
    doing: string
  ) => Promise<{ readonly data: JsonObject; readonly inDoubt: boolean }>
  /** Reads a whole list, in two rounds: the first page, then all others at once. */
  readonly list: (request: Request, doing: string) => Promise<readonly JsonObject[]>
  /** Reads a list of an endpoint that knows no pages. */
  readonly listUnpaged: (request: Request, doing: string) => Promise<readonly JsonObject[]>
}

/** The clients of both sides. */
export interface Clients {
  readonly source: DbtClient
  readonly target: DbtClient
}

/** A client on a transport. @param hidden what no message may show, whatever an answer repeats */
export function dbtClient(side: ClientSide, transport: Transport, hidden: HiddenTexts): DbtClient {
  const told = async (
    request: Request,
    doing: string
  ): Promise<{
    readonly answer: JsonObject
    readonly inDoubt: boolean
    readonly bytes: number
  }> => {
    const hide: Hide = (text) => hidden.hide(text, request.sensitive)
    const answer = await transport(wireRequest(request)).catch((error: unknown) => {
      throw noAnswer(request, doing, side, error, hide)
    })
    const words = (): string =>
      request.confidential === true ? plainWords(answer.body, hide) : apiWords(answer.body, hide)
    return {
      answer: checked(request, doing, side, answer, hide, words),
      inDoubt: answer.inDoubt === true,
      bytes: answer.body.length
    }
  }
  const exchange = async (request: Request, doing: string): Promise<JsonObject> =>
    (await told(request, doing)).answer
  const dataOf = (answer: JsonObject, request: Request, doing: string): JsonObject => {
    const data = answer['data'] ?? null
    if (isObject(data)) return data
    throw wrongShape(request, doing, side, 'data should be an object')
  }
  return {
    side,
    hide: (text) => hidden.hide(text),
    conceal: (values) => {
      hidden.conceal(values)
    },
    send: async (request, doing) => dataOf(await exchange(request, doing), request, doing),
    sendTold: async (request, doing) => {
      const { answer, inDoubt } = await told(request, doing)
      return { data: dataOf(answer, request, doing), inDoubt }
    },
    listUnpaged: async (request, doing) => {
      const answer = await exchange(request, doing)
      return pageOf(answer, () =>
        wrongShape(request, doing, side, 'data should be a list of objects')
      ).items
    },
    list: (request, doing) =>
      allPages(
        async (offset, limitation) => {
          const query = { ...request.query, limit: String(limitation), offset: String(offset) }
          const { answer, bytes } = await told({ ...request, query }, doing)
          const page = pageOf(answer, () =>
            wrongShape(request, doing, side, 'data should be a list of objects')
          )
          return { ...page, bytes }
        },
        (words) => unsettled(request, doing, side, words)
      )
  }
}

/** Turns a decoder's complaint about an answer into the failure of the request. */
export function decoded<T>(request: Request, doing: string, side: ClientSide, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw wrongShape(request, doing, side, error.message)
  }
}

function wireRequest(request: Request): HttpRequest {
  const query = request.query ? `?${new URLSearchParams(request.query).toString()}` : ''
  return {
    method: request.method,
    path: `${request.path}${query}`,
    retry: request.retry,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) })
  }
}

function checked(
  request: Request,
  doing: string,
  side: ClientSide,
  given: HttpAnswer,
  hide: Hide,
  wordsOf: () => string
): JsonObject {
  const { status, headers, body } = given
  const isRedirect = status >= 300 && status < 400
  const answer = parseBody(body)
  const isSuccess = status >= 200 && status < 300
  const cause = causeOfAnswer(given, request.retry)
  if (isSuccess && answer && cause === undefined) return answer
  if (isSuccess && answer && !saysFailure(answer))
    throw wrongShape(request, doing, side, 'it is not in the envelope of the API')
  const words = wordsOf()
  if (isSuccess && !answer) {
    throw new DbtError(request, {
      doing,
      status,
      words: whyUnreadable(body, words),
      reason: 'internal',
      remedy: `Check that ${side.host} is the host of a dbt platform account, with no proxy in between that answers itself.`,
      mayHaveHappened: mayHaveHappened('unreadable')
    })
  }
  throw new DbtError(request, {
    doing,
    status,
    words: isRedirect ? `the host redirects to ${hide(headers['location'] ?? 'nowhere')}` : words,
    reason: reasonOf(status, request),
    remedy: isKeptOut(answer)
      ? keptOutRemedy(request, side)
      : remedyOf(status, request, side, words),
    mayHaveHappened: given.inDoubt === true || (cause !== undefined && mayHaveHappened(cause)),
    isOfApi: isEnvelope(answer)
  })
}

function noAnswer(
  request: Request,
  doing: string,
  side: ClientSide,
  error: unknown,
  hide: Hide
): unknown {
  if (!(error instanceof TransportError)) return error
  const stop = error.cause instanceof Failure ? error.cause : undefined
  const isAway = error.fault === 'unreachable' || error.fault === 'refused'
  return new DbtError(request, {
    doing,
    status: 0,
    words: hide(stop?.message ?? error.message),
    reason: stop?.reason ?? (isAway ? 'not-found' : 'internal'),
    remedy:
      stop?.remedy ??
      (isAway
        ? `Check that ${side.host} is the host of your account, and that this runner can reach it (proxy, firewall).`
        : 'The connection failed: run this again, and check proxy and firewall if it lasts.'),
    mayHaveHappened: error.mayHaveHappened,
    cause: new TransportError(error.fault, error.mayHaveHappened, hide(error.message))
  })
}

function wrongShape(request: Request, doing: string, side: ClientSide, words: string): DbtError {
  return new DbtError(request, {
    doing,
    status: 200,
    words: `the answer has an unexpected shape: ${words}`,
    reason: 'internal',
    remedy: `Check that ${side.host} is the host of a dbt platform account. If it is, please report this.`,
    mayHaveHappened: mayHaveHappened('contradictory')
  })
}

function unsettled(request: Request, doing: string, side: ClientSide, words: string): DbtError {
  return new DbtError(request, {
    doing,
    status: 0,
    words,
    reason: 'internal',
    remedy:
      'Run this again when nobody, and no other workflow, changes the project. If it lasts, the platform counts what ' +
      `the token in input ${side.tokenInput} may not see: check its permissions, and that ${side.host} is the host of a dbt platform account.`,
    mayHaveHappened: false
  })
}

function pageOf(answer: JsonObject, fault: () => DbtError): Page {
  const data: Json = answer['data'] ?? null
  if (!isList(data) || !data.every((item) => isObject(item))) throw fault()
  const extra = answer['extra']
  const pagination = isObject(extra) ? extra['pagination'] : undefined
  const total = isObject(pagination) ? pagination['total_count'] : undefined
  return { items: data, ...(Number.isSafeInteger(total) ? { total: Number(total) } : {}) }
}
