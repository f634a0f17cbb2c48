// A line that plays what a test wrote down: each request meets the next ending, and after the last all goes well.
import pLimit from 'p-limit'
import { persistent } from '../src/dbt/retry.ts'
import { Stop } from '../src/dbt/stop.ts'
import { Throttle } from '../src/dbt/throttle.ts'
import type { HttpAnswer, HttpRequest, Transport } from '../src/dbt/transport.ts'
import type { RetryClass } from '../src/model/request.ts'
import { VirtualTime } from './time.ts'

/** What becomes of one sending. */
export type Ending = HttpAnswer | Error

/** What a sender gets in the end. */
export type Result = { readonly answer: HttpAnswer } | { readonly error: unknown }

/** An answer. */
export function answer(
  status: number,
  body = '',
  headers: Readonly<Record<string, string>> = {}
): HttpAnswer {
  return { status, headers, body }
}

/** A request of a class. */
export function request(retry: RetryClass, path = '/api/'): HttpRequest {
  return { method: retry === 'read' ? 'GET' : 'POST', path, retry }
}

/** A line and what was sent over it. */
export interface Line {
  readonly time: VirtualTime
  readonly stop: Stop
  readonly throttle: Throttle
  /** When each request was sent. */
  readonly sent: readonly number[]
  readonly paths: readonly string[]
  readonly log: readonly string[]
  /** Sends while time passes. */
  readonly send: (request: HttpRequest) => Promise<Result>
  /** Sends; time must be run. */
  readonly begin: (request: HttpRequest) => Promise<Result>
}

/** A line that gives each sending its ending, after a latency. */
export function line(
  endings: readonly Ending[],
  {
    chance = 0,
    minutes = 30,
    latencyMs = 0,
    parallelism = 10,
    perMinute = 2000,
    transport
  }: {
    readonly chance?: number
    readonly minutes?: number
    readonly latencyMs?: number
    readonly parallelism?: number
    readonly perMinute?: number
    /** In the place of the endings. */
    readonly transport?: (line: Line) => Transport
  } = {}
): Line {
  const time = new VirtualTime()
  time.chance = () => chance
  const stop = new Stop(time, minutes)
  const log: string[] = []
  const throttle = new Throttle({ perMinute, time, stop, log: (text) => log.push(text) })
  const sent: number[] = []
  const paths: string[] = []
  const ok = answer(200, '{"status":{"is_success":true},"data":{}}')
  const play: Transport = async () => {
    const ending = endings[sent.length - 1] ?? ok
    if (latencyMs > 0) await time.sleep(latencyMs)
    if (ending instanceof Error) throw ending
    return ending
  }
  const recorded: Transport = (each) => {
    sent.push(time.now())
    paths.push(each.path)
    return under(each)
  }
  const send = persistent(recorded, { throttle, limit: pLimit(parallelism), time, stop })
  const begin = (each: HttpRequest): Promise<Result> =>
    send(each).then(
      (result) => ({ answer: result }),
      (error: unknown) => ({ error })
    )
  const self: Line = {
    time,
    stop,
    throttle,
    sent,
    paths,
    log,
    begin,
    send: (each) => time.run(begin(each))
  }
  const under = transport?.(self) ?? play
  return self
}
