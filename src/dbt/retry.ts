// Sends a request until there is an answer worth having, as the policy says.
import { Failure } from '../model/failure.ts'
import type { RetryClass } from '../model/request.ts'
import {
  backOff,
  causeOfAnswer,
  mayHaveHappened,
  mostAttempts,
  policy,
  retryAfter,
  type Cause
} from './policy.ts'
import type { Stop } from './stop.ts'
import type { Throttle } from './throttle.ts'
import type { Time } from './time.ts'
import { TransportError, type HttpAnswer, type Transport } from './transport.ts'

/** What retrying needs. */
interface RetryOptions {
  readonly throttle: Throttle
  /** Runs work when a place is free, so that only so many requests are under way. */
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>
  readonly time: Time
  readonly stop: Stop
}

/** A transport that keeps to the throttle and repeats what may be repeated. */
export function persistent(transport: Transport, options: RetryOptions): Transport {
  const { throttle, limit, time, stop } = options
  return async (request) => {
    let inDoubt = false
    // A rest begins before the place is given on: what waits for it must not be sent into the rest.
    const exchange = async (epoch: number): Promise<Settled> => {
      const result = await settled(transport(request))
      const cause = causeOf(result, request.retry)
      if (cause !== undefined && policy[request.retry][cause] === 'rest')
        throttle.rest(epoch, waitOf(result, time.now()))
      return result
    }
    for (let failures = 0; ;) {
      const result = await limit(() => throttle.run(exchange)).catch((error: unknown) => {
        throw error instanceof Failure ? stopped(error, inDoubt) : error
      })
      const cause = causeOf(result, request.retry)
      if (cause !== undefined) inDoubt ||= mayHaveHappened(cause)
      const reaction = cause === undefined ? 'fail' : policy[request.retry][cause]
      if (reaction === 'rest') continue
      if (reaction !== 'retry' || ++failures >= mostAttempts) return outcome(result, inDoubt)
      // A wait that the deadline cuts short is not begun: better to say now what went wrong.
      const wait = waitOf(result, time.now()) ?? backOff(failures, time.chance())
      if (time.now() + wait > stop.deadline && !stop.draining.aborted)
        throw stopped(noTime(result), inDoubt)
      await time.sleep(wait, stop.draining)
    }
  }
}

/** What went wrong; undefined for an answer that is as good as it will get. */
function causeOf(result: Settled, of: RetryClass): Cause | undefined {
  if ('error' in result) {
    if (!(result.error instanceof TransportError)) return undefined
    const { fault } = result.error
    return fault === 'stopped' ? undefined : fault
  }
  return causeOfAnswer(result.answer, of)
}

/** The end of an exchange, good or bad. */
type Settled = { readonly answer: HttpAnswer } | { readonly error: unknown }

async function settled(exchange: Promise<HttpAnswer>): Promise<Settled> {
  try {
    return { answer: await exchange }
  } catch (error) {
    return { error }
  }
}

// What the last attempt says counts; but a refused connection does not undo what an attempt before it may have done.
function outcome(result: Settled, inDoubt: boolean): HttpAnswer {
  if ('answer' in result) return inDoubt ? { ...result.answer, inDoubt } : result.answer
  const { error } = result
  if (error instanceof TransportError && inDoubt && !error.mayHaveHappened)
    throw new TransportError(error.fault, true, error.message, { cause: error.cause })
  throw error
}

function waitOf(result: Settled, now: number): number | undefined {
  return 'answer' in result ? retryAfter(result.answer.headers['retry-after'], now) : undefined
}

function stopped(why: Failure, inDoubt: boolean): TransportError {
  return new TransportError('stopped', inDoubt, why.message, { cause: why })
}

function whatCame(result: Settled): string {
  if ('answer' in result) return `the dbt platform answered ${result.answer.status}`
  return result.error instanceof Error ? result.error.message : 'there was no answer'
}

function noTime(result: Settled): Failure {
  return new Failure(
    'deadline',
    `${whatCame(result)}, and deadline-minutes leaves no time to try again.`,
    'Run this again later: what is done stays done.'
  )
}
