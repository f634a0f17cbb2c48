// Sends a request until there is an answer worth having, as the policy says.
import { Failure } from '../failure.ts'
import { isEnvelope, parseBody } from './envelope.ts'
import { backOff, mostAttempts, policy, retryAfter, type Cause } from './policy.ts'
import type { Stop } from './stop.ts'
import type { Throttle } from './throttle.ts'
import type { Time } from './time.ts'
import { TransportError, type HttpAnswer, type Transport } from './transport.ts'

/** What retrying needs. */
export interface RetryOptions {
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
    for (let attempt = 1; ; attempt++) {
      let epoch = 0
      const result = await settled(
        limit(() =>
          throttle.run(() => {
            epoch = throttle.epoch
            return transport(request)
          })
        )
      )
      const cause = causeOf(result)
      const reaction = cause === undefined ? 'fail' : policy[request.retry][cause]
      if (reaction === 'rest') throttle.rest(epoch, waitOf(result, time.now()))
      const isOver = attempt >= mostAttempts || stop.draining.aborted
      if (reaction === 'fail' || reaction === 'look' || (isOver && reaction === 'retry'))
        return outcome(result)
      if (reaction === 'retry') {
        await pause(waitOf(result, time.now()) ?? backOff(attempt, time.chance()), result, options)
      }
    }
  }
}

/** What went wrong; undefined for an answer that is as good as it will get. */
export function causeOf(result: Settled): Cause | undefined {
  if ('error' in result) {
    if (!(result.error instanceof TransportError)) return undefined
    const { fault } = result.error
    return fault === 'stopped' ? undefined : fault
  }
  const { status, body } = result.answer
  if (status >= 200 && status < 300) return parseBody(body) ? undefined : 'unreadable'
  if (status === 500) return isEnvelope(parseBody(body)) ? '500 of the API' : '500'
  const code = String(status)
  return isStatusCause(code) ? code : undefined
}

/** The end of an exchange, good or bad. */
export type Settled = { readonly answer: HttpAnswer } | { readonly error: unknown }

const statusCauses = ['408', '409', '429', '502', '503', '504'] as const
function isStatusCause(code: string): code is (typeof statusCauses)[number] {
  return statusCauses.some((each) => each === code)
}

async function settled(exchange: Promise<HttpAnswer>): Promise<Settled> {
  try {
    return { answer: await exchange }
  } catch (error) {
    return { error }
  }
}

function outcome(result: Settled): HttpAnswer {
  if ('error' in result) throw result.error
  return result.answer
}

function waitOf(result: Settled, now: number): number | undefined {
  return 'answer' in result ? retryAfter(result.answer.headers['retry-after'], now) : undefined
}

// A wait that the deadline cuts short is not begun: better to say now what went wrong.
async function pause(wait: number, result: Settled, { time, stop }: RetryOptions): Promise<void> {
  if (time.now() + wait > stop.deadline) {
    if ('error' in result) throw result.error
    throw new Failure(
      'deadline',
      `The dbt platform answered ${String(result.answer.status)}, and deadline-minutes leaves no time to try again.`,
      'Run this again later: what is done stays done.'
    )
  }
  await time.sleep(wait, stop.draining)
}
