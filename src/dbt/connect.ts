// Opens the clients of both sides: one limit on what is under way, one deadline, one count of requests.
import pLimit from 'p-limit'
import type { Side } from '../promotion/spec.ts'
import { dbtClient, type DbtClient } from './client.ts'
import { httpTransport } from './http.ts'
import type { Transport } from './transport.ts'

/** Longest time for one exchange. Lists of large accounts have taken more than half a minute. */
const timeoutMs = 120_000

/** A token with the input that it came from. */
interface SideToken {
  readonly value: string
  readonly input: string
}

/** The clients of both sides. */
export interface Connections {
  readonly source: DbtClient
  readonly target: DbtClient
  /** Requests sent so far. */
  readonly requests: () => number
  readonly close: () => void
}

/** Connects to both sides. Nothing is sent yet. */
export function connectBoth(
  sides: { readonly source: Side; readonly target: Side },
  tokens: { readonly source: SideToken; readonly target: SideToken },
  options: { readonly parallelism: number; readonly deadlineMinutes: number }
): Connections {
  const limit = pLimit(options.parallelism)
  const stop = new AbortController()
  const timer = setTimeout(() => {
    stop.abort()
  }, options.deadlineMinutes * 60_000)
  let count = 0
  const open = (role: 'source' | 'target'): { client: DbtClient; close: () => void } => {
    const { origin, account } = sides[role]
    const token = tokens[role]
    const http = httpTransport({
      origin,
      token: token.value,
      userAgent: 'dbt-promote',
      timeoutMs,
      stop: stop.signal
    })
    const counted: Transport = (request) => {
      count++
      return http.send(request)
    }
    const side = { role, host: new URL(origin).host, account, tokenInput: token.input }
    return { client: dbtClient(side, counted, limit, token.value), close: http.close }
  }
  const source = open('source')
  const target = open('target')
  return {
    source: source.client,
    target: target.client,
    requests: () => count,
    close: () => {
      clearTimeout(timer)
      source.close()
      target.close()
    }
  }
}
