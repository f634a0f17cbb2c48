// HTTP by @actions/http-client (keep-alive, proxies from the environment), with its traps closed: redirects would take
// the token to another host, getJson takes a 404 for success, and readBody never returns when the connection breaks.
import { Agent as HttpAgent } from 'node:http'
import type { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { HttpClient } from '@actions/http-client'
import { assertProxy } from './environment.ts'
import { mayHaveHappened } from './policy.ts'
import {
  TransportError,
  type HttpAnswer,
  type HttpRequest,
  type Transport,
  type TransportFault
} from './transport.ts'

/** How to reach one host. */
interface HttpOptions {
  readonly origin: string
  readonly token: string
  readonly userAgent: string
  /** Longest time for one exchange, from first byte to last, in milliseconds. */
  readonly timeoutMs: number
  /** Longest body of an answer. */
  readonly mostBytes?: number
  /** Ends everything: no request starts any more, and those under way are cut. */
  readonly stop: AbortSignal
}

/**
 * System calls of connections that never stood: the server has seen nothing. The code alone does not tell: a connection
 * that stands can end with EHOSTUNREACH too.
 */
const connecting: readonly string[] = ['connect', 'getaddrinfo']

/** How errors of connections begin that broke on the way to the host, before the request was sent. */
const underWay = {
  proxy: 'tunneling socket could not be established',
  tls: 'Client network socket disconnected before secure TLS connection was established'
}

/** Codes of hosts that are not there, or whose certificate is not trusted: to try again is of no use. */
const strangers: readonly string[] = [
  'ENOTFOUND',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID'
]

/** A transport, and the way to let go of its connections. */
interface OpenedTransport {
  readonly send: Transport
  readonly close: () => void
}

/** Opens the way to a host. */
export type OpenTransport = (options: HttpOptions) => OpenedTransport

/** A transport over HTTP. */
export function httpTransport(options: HttpOptions): OpenedTransport {
  assertProxy(options.origin)
  const client = new HttpClient(options.userAgent, [], {
    allowRedirects: false,
    allowRetries: false,
    keepAlive: true,
    socketTimeout: options.timeoutMs
  })
  const close = (): void => {
    client.dispose()
  }
  options.stop.addEventListener('abort', close, { once: true })
  const letGoOfOld = keepingYoung(client.getAgent(options.origin))
  const send: Transport = async (request) => {
    // Of a create alone it is not known what became of it when its connection breaks.
    if (request.retry === 'create') await letGoOfOld()
    if (options.stop.aborted) throw stopped(options, false)
    return bounded(options, (cut) => exchange(client, options, request, cut))
  }
  return { send, close }
}

/**
 * How long after its last answer a connection may carry a create, in milliseconds. Servers end idle connections whenever
 * they like, and what is written at that moment is lost or not, who knows (nodejs/node#20256). A wave that goes well
 * takes its connections again within some milliseconds; so waves begin on new ones.
 */
const youngMs = 20

// How to let go of the connections that did not just answer. Where this process was busy, ends of connections may have
// arrived and not been seen: two turns of the event loop see them. Connections through a proxy are never used again.
function keepingYoung(agent: unknown): () => Promise<void> {
  if (!(agent instanceof HttpAgent)) return () => Promise.resolve()
  const answeredAt = new WeakMap<Duplex, number>()
  agent.on('free', (socket: Duplex) => answeredAt.set(socket, performance.now()))
  return async () => {
    await nextTurn()
    await nextTurn()
    const isOld = (socket: Duplex): boolean =>
      !socket.writable || performance.now() - (answeredAt.get(socket) ?? 0) > youngMs
    const old = Object.values(agent.freeSockets).flatMap((sockets = []) => sockets.filter(isOld))
    for (const socket of old) socket.destroy()
    // The agent forgets them when they are closed.
    if (old.length > 0) await nextTurn()
  }
}

async function exchange(
  client: HttpClient,
  options: HttpOptions,
  request: HttpRequest,
  cut: AbortSignal
): Promise<HttpAnswer> {
  const { mostBytes = 256 * 1024 * 1024 } = options
  let hasBegun = false
  try {
    const { message } = await client.request(
      request.method,
      `${options.origin}${request.path}`,
      request.body ?? null,
      {
        Authorization: `Bearer ${options.token}`,
        Accept: 'application/json',
        ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' })
      }
    )
    hasBegun = true
    cut.addEventListener('abort', () => message.destroy(), { once: true })
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of message) {
      chunks.push(chunk as Buffer)
      length += (chunk as Buffer).length
      if (length > mostBytes) throw new Error(`an answer of more than ${mostBytes} bytes`)
    }
    return {
      status: message.statusCode ?? 0,
      headers: message.headers as Record<string, string | undefined>,
      body: Buffer.concat(chunks).toString('utf8')
    }
  } catch (error) {
    throw transportError(error, hasBegun)
  }
}

// A socket timeout is no bound: a body that trickles in never idles. So each exchange has one limit for all of it, and
// what comes after that is cut.
async function bounded(
  options: HttpOptions,
  work: (cut: AbortSignal) => Promise<HttpAnswer>
): Promise<HttpAnswer> {
  const cut = new AbortController()
  const seconds = String(options.timeoutMs / 1000)
  let timer: NodeJS.Timeout | undefined
  let onStop: (() => void) | undefined
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new TransportError(
          'timeout',
          mayHaveHappened('timeout'),
          `no whole answer within ${seconds} seconds`
        )
      )
    }, options.timeoutMs)
    onStop = () => {
      reject(stopped(options, true))
    }
    options.stop.addEventListener('abort', onStop, { once: true })
  })
  const working = work(cut.signal)
  // What is cut fails, with nobody waiting for it any more.
  working.catch(() => undefined)
  try {
    return await Promise.race([working, end])
  } finally {
    clearTimeout(timer)
    if (onStop) options.stop.removeEventListener('abort', onStop)
    cut.abort()
  }
}

// The signal carries why the run was stopped.
function stopped({ stop }: HttpOptions, mayHaveHappened: boolean): TransportError {
  return new TransportError('stopped', mayHaveHappened, 'the run was stopped', {
    cause: stop.reason
  })
}

/**
 * What an error of the connection says of the request.
 * @param hasBegun whether the head of the answer was there
 */
// Not by `instanceof`: errors of Node's core belong to another realm where the action runs in a test's.
export function transportError(error: unknown, hasBegun: boolean): TransportError {
  const code = codeOf(error)
  const message = messageOf(error) || code
  const fault = faultOf(error, code, message, hasBegun)
  return new TransportError(fault, mayHaveHappened(fault), message, { cause: error })
}

function faultOf(
  error: unknown,
  code: string,
  message: string,
  hasBegun: boolean
): Exclude<TransportFault, 'stopped'> {
  if (strangers.includes(code)) return 'unreachable'
  if (connecting.includes(systemCallOf(error)) || isUnderWay(message)) return 'refused'
  // A proxy that refuses will refuse again.
  if (message.startsWith(underWay.proxy)) return 'unreachable'
  if (message.startsWith('Request timeout')) return 'timeout'
  return hasBegun ? 'cut' : 'reset'
}

// A proxy that is not there, or that does not reach the host.
function isUnderWay(message: string): boolean {
  return (
    message.startsWith(underWay.tls) ||
    (message.startsWith(underWay.proxy) && !/statusCode=4\d\d$/.test(message))
  )
}

function messageOf(error: unknown): string {
  return has(error, 'message') && typeof error.message === 'string' ? error.message : String(error)
}

// A host with several addresses fails with one error for each, gathered in an AggregateError without a message.
function codeOf(error: unknown): string {
  if (has(error, 'code') && typeof error.code === 'string') return error.code
  return has(error, 'errors') && Array.isArray(error.errors) ? codeOf(error.errors[0]) : ''
}

function systemCallOf(error: unknown): string {
  if (has(error, 'syscall') && typeof error.syscall === 'string') return error.syscall
  return has(error, 'errors') && Array.isArray(error.errors) ? systemCallOf(error.errors[0]) : ''
}

function has<K extends string>(value: unknown, key: K): value is Readonly<Record<K, unknown>> {
  return typeof value === 'object' && value !== null && key in value
}
