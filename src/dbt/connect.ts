// Opens the clients of both sides: one limit on what is under way, one throttle for each account, one stop.
import pLimit from 'p-limit'
import { HiddenTexts } from '../model/hide.ts'
import type { Side } from '../model/spec.ts'
import { dbtClient, type DbtClient } from './client.ts'
import type { OpenTransport } from './http.ts'
import { persistent } from './retry.ts'
import type { Stop } from './stop.ts'
import { Throttle } from './throttle.ts'
import type { Time } from './time.ts'
import type { Transport } from './transport.ts'

/** Longest time for one exchange. Lists of large accounts have taken more than half a minute. */
const timeoutMs = 120_000

/** A token with the input that it came from. */
interface SideToken {
  readonly value: string
  readonly input: string
}

/** How to connect. */
interface ConnectOptions {
  readonly parallelism: number
  readonly requestsPerMinute: number
  /** What no message may show besides the tokens. */
  readonly secrets: readonly string[]
  readonly time: Time
  readonly stop: Stop
  /** Opens the way to a host. */
  readonly open: OpenTransport
  /** Says what is waited for. */
  readonly log: (line: string) => void
  /** Told at each request how many were sent. */
  readonly onRequest?: (count: number) => void
}

/** The clients of both sides. */
export interface Connections {
  readonly source: DbtClient
  readonly target: DbtClient
  /** Requests sent so far, every attempt counted. */
  readonly requests: () => number
  readonly close: () => void
}

/** Connects to both sides. Nothing is sent yet. */
export function connectBoth(
  sides: { readonly source: Side; readonly target: Side },
  tokens: { readonly source: SideToken; readonly target: SideToken },
  options: ConnectOptions
): Connections {
  const limit = pLimit(options.parallelism)
  const throttles = new Map<string, Throttle>()
  const closes: (() => void)[] = []
  let count = 0
  // What one side holds, the other may repeat once it is written there.
  const hidden = new HiddenTexts([tokens.source.value, tokens.target.value, ...options.secrets])
  const clientOf = (role: 'source' | 'target'): DbtClient => {
    const { origin, account } = sides[role]
    const token = tokens[role]
    const http = options.open({
      origin,
      token: token.value,
      userAgent: 'dbt-promote',
      timeoutMs,
      stop: options.stop.cutting
    })
    closes.push(http.close)
    const counted: Transport = (request) => {
      count++
      options.onRequest?.(count)
      return http.send(request)
    }
    // The limit of the platform is by account: both sides share it when they are one.
    const key = `${origin} ${account}`
    const throttle =
      throttles.get(key) ?? new Throttle({ ...options, perMinute: options.requestsPerMinute })
    throttles.set(key, throttle)
    const transport = persistent(counted, { ...options, throttle, limit })
    return dbtClient(
      { role, host: new URL(origin).host, account, tokenInput: token.input },
      transport,
      hidden
    )
  }
  const source = clientOf('source')
  const target = clientOf('target')
  return {
    source,
    target,
    requests: () => count,
    close: () => {
      for (const close of closes) close()
    }
  }
}
