// What is done when a request fails: one table, by what a repetition would do and by what went wrong.
import type { RetryClass } from '../model/request.ts'
import { isDecided, isEnvelope, parseBody, saysFailure } from './envelope.ts'
import type { HttpAnswer } from './transport.ts'

/** What went wrong with an exchange. */
export type Cause =
  | 'unreachable' // there is no such host, or its certificate is not trusted
  | 'refused' // no connection ever stood: the server has seen nothing
  | 'reset' // the connection broke before the answer began
  | 'timeout' // no whole answer in time
  | 'cut' // the answer broke off
  | 'unreadable' // a success without JSON: a page of a proxy, an empty body
  | 'contradictory' // a success that says it is none, that is not the API's own, or of another shape
  | 'foreign' // a redirect, or a refusal that is not in the API's form: from a proxy, which may answer after the API did
  | '408'
  | '409'
  | '429'
  | '500 of the API' // with the API's own envelope: it has decided
  | '500' // from something in between, as any other status above 500
  | '502'
  | '503'
  | '504'

/**
 * - `retry`: send it again after a growing wait
 * - `rest`: send it again after the rest that the platform wants
 * - `look`: it may have happened: whoever sent it looks for the object before anything else
 * - `fail`: it will fail again
 */
export type Reaction = 'retry' | 'rest' | 'look' | 'fail'

/** The whole policy. A create is only repeated where nothing can have happened. */
export const policy: Readonly<Record<RetryClass, Readonly<Record<Cause, Reaction>>>> = {
  read: {
    unreachable: 'fail',
    refused: 'retry',
    reset: 'retry',
    timeout: 'retry',
    cut: 'retry',
    unreadable: 'retry',
    contradictory: 'fail',
    foreign: 'fail',
    408: 'retry',
    409: 'retry',
    429: 'rest',
    '500 of the API': 'retry',
    500: 'retry',
    502: 'retry',
    503: 'retry',
    504: 'retry'
  },
  replace: {
    unreachable: 'fail',
    refused: 'retry',
    reset: 'retry',
    timeout: 'retry',
    cut: 'retry',
    unreadable: 'retry',
    contradictory: 'fail',
    foreign: 'retry',
    408: 'retry',
    409: 'retry',
    429: 'rest',
    '500 of the API': 'fail',
    500: 'retry',
    502: 'retry',
    503: 'retry',
    504: 'retry'
  },
  create: {
    unreachable: 'fail',
    refused: 'retry',
    reset: 'look',
    timeout: 'look',
    cut: 'look',
    unreadable: 'look',
    contradictory: 'look',
    foreign: 'look',
    408: 'look',
    409: 'look',
    429: 'rest',
    '500 of the API': 'look',
    500: 'look',
    502: 'look',
    503: 'look',
    504: 'look'
  }
}

/** Whether a request may have been carried out, whatever its class: then a create must be looked for. */
export function mayHaveHappened(cause: Cause): boolean {
  return policy.create[cause] === 'look'
}

/**
 * What went wrong, by an answer; undefined for one that settles what was asked.
 * @param of the class of the request: that something was written, only the API's own envelope tells
 */
export function causeOfAnswer({ status, body }: HttpAnswer, of: RetryClass): Cause | undefined {
  const answer = parseBody(body)
  if (status >= 200 && status < 300) {
    if (!answer) return 'unreadable'
    const isItsOwn = of === 'read' || isEnvelope(answer)
    return isItsOwn && !saysFailure(answer) ? undefined : 'contradictory'
  }
  if (status === 500) return isEnvelope(answer) ? '500 of the API' : '500'
  const code = String(status)
  if (isStatusCause(code)) return code
  if (status > 500) return '500'
  return status >= 400 && isDecided(answer) ? undefined : 'foreign'
}

const statusCauses = ['408', '409', '429', '502', '503', '504'] as const
function isStatusCause(code: string): code is (typeof statusCauses)[number] {
  return statusCauses.some((each) => each === code)
}

/** How often a request is sent at the most, rests of the account apart. */
export const mostAttempts = 5

/** The rest that the platform documents for an account over its limit, in milliseconds. */
export const documentedRest = 5 * 60_000

/** How often in a run the documented rest is taken: an account that is over its limit again is used by others. */
export const mostDocumentedRests = 1

/** How often in a run a rest is taken that the platform asked for by Retry-After. */
export const mostAskedRests = 10

/**
 * The wait before the next attempt, in milliseconds: 1, 2, 4 ... 30 seconds, less up to half of it by chance, so that
 * requests that failed together do not come back together.
 * @param attempt how often it was sent so far
 * @param chance from 0 to 1
 */
export function backOff(attempt: number, chance: number): number {
  const whole = Math.min(30_000, 1000 * 2 ** (attempt - 1))
  return whole * (1 - chance / 2)
}

/** The shortest wait, also where Retry-After asks for none, or for a moment that is over by this machine's clock. */
const shortestWait = 1000

/**
 * The wait that a Retry-After header asks for, in milliseconds; undefined without one that can be read.
 * @param header seconds, or an HTTP date
 * @param now milliseconds since 1970
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.max(shortestWait, Number(text) * 1000)
  // Date.parse takes almost anything for a date: `-5` is in May 2001.
  const date = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(date) ? undefined : Math.max(shortestWait, date - now)
}
