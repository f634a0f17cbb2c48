// One request to GitHub: repeated where it failed in passing, told as what it is where it failed for good.
import { Failure } from '../model/failure.ts'
import type { Time } from '../dbt/time.ts'
import { hiding, type Hide } from '../model/hide.ts'

/** Longest time for one request. A GitHub that hangs is asked no more: nothing is to wait for it longer than this. */
const patienceMs = 20_000
/** The waits before a request is repeated that failed in passing. */
const waits: readonly number[] = [1000, 5000]
/** The longest wait that is granted where GitHub asks for one, and the one where it does not say. */
const longestWaitMs = 60_000

/** A failure of GitHub. */
export class GitHubFailure extends Failure {
  /** Whether something may have been made all the same. */
  readonly mayHaveHappened: boolean
  /** Whether what is asked about is not there, or not to be seen. */
  readonly isGone: boolean

  constructor(
    reason: Failure['reason'],
    message: string,
    remedy: string,
    { mayHaveHappened = false, cause }: { mayHaveHappened?: boolean; cause?: unknown } = {}
  ) {
    super(reason, message, remedy, cause === undefined ? undefined : { cause })
    this.name = 'GitHubFailure'
    this.mayHaveHappened = mayHaveHappened
    this.isGone = reason === 'not-found'
  }
}

/** What to do where GitHub lets the token do too little. */
export const permissions =
  'Give the job permissions: contents: read and pull-requests: write, or hand over a token that has them in the input ' +
  'github-token.'

/** A request that is to be sent. */
export interface Question {
  /** What it is for, as the beginning of a sentence. */
  readonly doing: string
  readonly query: string
  readonly variables: object
  /** Whether it makes something: then it is not repeated where that may have happened. */
  readonly creates?: boolean
  /** Whether it is sent once, whatever comes of it. */
  readonly isBrief?: boolean
}

/** The library's way to send a request. */
type Send = (query: string, variables: Record<string, unknown>) => Promise<unknown>

/** How requests are sent. */
interface AskOptions {
  readonly token: string
  readonly time: Time
  /** Only tests are less patient. */
  readonly patience?: number
}

/** A way to ask GitHub. @throws GitHubFailure */
export function asking(
  send: Send,
  { token, time, patience = patienceMs }: AskOptions
): (question: Question) => Promise<object> {
  const hide = hiding([token])
  let hanging: GitHubFailure | undefined
  const once = async (question: Question): Promise<object | Fault> => {
    const signal = AbortSignal.timeout(patience)
    try {
      const answer = await send(question.query, {
        ...question.variables,
        request: { signal, redirect: 'error' }
      })
      // The library takes an answer that breaks off, or is a page, for one without data.
      if (typeof answer === 'object' && answer !== null) return answer
      return signal.aborted ? hangs : new Fault('passing', 'The answer is broken.')
    } catch (error) {
      return signal.aborted ? hangs : faultOf(error, time.now())
    }
  }
  return async (question) => {
    if (hanging) throw hanging
    for (const wait of question.isBrief === true ? [undefined] : [...waits, undefined]) {
      const answer = await once(question)
      if (!(answer instanceof Fault)) return answer
      const failure = failureOf(question, answer, hide, patience)
      if (answer.kind === 'hangs') hanging = failure
      const pause = pauseOf(answer, question, wait)
      if (wait === undefined || pause === undefined) throw failure
      await time.sleep(pause)
    }
    throw new Error('unreachable')
  }
}

/** What went wrong with a request. */
class Fault {
  readonly kind: 'hangs' | 'limited' | 'passing' | 'refused' | 'missing' | 'other'
  readonly words: string
  /** The status of HTTP, where there was an answer that is an error. */
  readonly status: number | undefined
  /** How long GitHub wants to be left alone. */
  readonly wait: number
  readonly cause: unknown

  constructor(
    kind: Fault['kind'],
    words: string,
    more: { status?: number | undefined; wait?: number; cause?: unknown } = {}
  ) {
    this.kind = kind
    this.words = words
    this.status = more.status
    this.wait = more.wait ?? longestWaitMs
    this.cause = more.cause
  }
}

const hangs = new Fault('hangs', '')

// The library's errors are told by what they have: HTTP errors have a status, those of a good answer a list.
interface ThrownByLibrary {
  readonly status?: unknown
  readonly errors?: readonly { readonly type?: unknown; readonly message?: unknown }[]
  readonly headers?: Headers
  readonly response?: { readonly headers?: Headers }
  readonly cause?: unknown
}
type Headers = Readonly<Record<string, string | undefined>>

function faultOf(error: unknown, now: number): Fault {
  const thrown = error as ThrownByLibrary
  const { errors, cause } = thrown
  const thrownWords = error instanceof Error ? error.message : String(error)
  const words = errors?.map(({ message }) => String(message)).join('; ') ?? thrownWords
  // A request that got no answer has a status of the library's own.
  const isAnswered = !errors && cause === undefined
  const status = isAnswered && typeof thrown.status === 'number' ? thrown.status : undefined
  const types = errors?.map(({ type }) => type) ?? []
  const headers = thrown.response?.headers ?? thrown.headers ?? {}
  const kind = kindOf(status, types, headers, words, errors !== undefined)
  return new Fault(kind, words, { status, wait: waitIn(headers, now), cause: error })
}

// A limit, the secondary one too, answers with 403, 429 or a good answer that holds an error:
// https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api. So does a passing fault of
// GitHub itself: https://github.com/octokit/plugin-retry.js/issues/395.
function kindOf(
  status: number | undefined,
  types: readonly unknown[],
  headers: Headers,
  words: string,
  isGoodAnswer: boolean
): Fault['kind'] {
  const isLimit =
    types.includes('RATE_LIMITED') ||
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /\brate limit|\babuse detection/i.test(words)
  if (status === 429 || ((status === 403 || isGoodAnswer) && isLimit)) return 'limited'
  if (status === 401 || status === 403) return 'refused'
  if (types.some((type) => type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES')) return 'refused'
  if (types.includes('NOT_FOUND')) return 'missing'
  if (isGoodAnswer) return /^Something went wrong/.test(words) ? 'passing' : 'other'
  return status === undefined || status >= 500 ? 'passing' : 'other'
}

// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit: as long as
// retry-after says, else until the reset, else a minute.
function waitIn(headers: Headers, now: number): number {
  const asked = Number(headers['retry-after'])
  if (asked >= 0) return asked * 1000
  const reset = Number(headers['x-ratelimit-reset']) * 1000
  return headers['x-ratelimit-remaining'] === '0' && reset > now ? reset - now : longestWaitMs
}

/** How long to wait before the request is sent again; undefined where it is not. */
function pauseOf({ kind, wait }: Fault, question: Question, otherwise = 0): number | undefined {
  if (kind === 'limited') return wait <= longestWaitMs ? wait : undefined
  return kind === 'passing' && question.creates !== true ? otherwise : undefined
}

function failureOf(
  { doing, creates = false }: Question,
  fault: Fault,
  hide: Hide,
  patience: number
): GitHubFailure {
  const { kind, status, words, cause } = fault
  const code = status === undefined ? '' : ` with ${status}`
  const told = hide(`${doing} failed${code}: ${words.split('\n')[0] ?? ''}`.slice(0, 500))
  const again = 'Run this again.'
  switch (kind) {
    case 'hangs': {
      const message = `${doing} failed: GitHub did not answer within ${patience / 1000} seconds`
      return new GitHubFailure('internal', message, again)
    }
    case 'limited': {
      const seconds = Math.ceil(fault.wait / 1000)
      const remedy = `GitHub allows no more requests for now: run this again after ${seconds} seconds.`
      return new GitHubFailure('rate-limited', told, remedy, { cause })
    }
    case 'refused':
      return new GitHubFailure('unauthorized', told, permissions, { cause })
    case 'missing':
      return new GitHubFailure('not-found', told, permissions, { cause })
    case 'passing':
      return new GitHubFailure('internal', told, again, { mayHaveHappened: creates, cause })
    case 'other':
      return new GitHubFailure('internal', told, again, { cause })
  }
}
