// The sandbox over HTTP, on loopback only: a thin shell around `handle`, with a log and faults.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { controlled, CONTROL, type World } from './control.ts'
import { handleWithEdits, type Edit } from './edits.ts'
import type { Fault, Outcome } from './faults.ts'
import type { SandboxRequest } from './http.ts'
import { endIdle, type Idle } from './idle.ts'
import type { Json } from './json.ts'
import type { LoggedRequest } from './log.ts'
import { advance } from './runs/scheduler.ts'
import { withOrder } from './runs/orders.ts'
import { emptyState, type RunOrder, type State } from './state.ts'

export type { LoggedRequest } from './log.ts'

export interface SandboxOptions {
  /** What the platform holds at first; empty by default. */
  readonly seed?: State
  /** 0, the default, picks a free one. */
  readonly port?: number
  /** How long each answer is held back. */
  readonly latencyMs?: number
  /** Requests a minute and account; wins over that of the seed. */
  readonly rateLimit?: number
  /** When idle connections end; they are kept otherwise. */
  readonly idle?: Idle
  readonly onRequest?: (logged: LoggedRequest) => void
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly close: () => Promise<void>
  readonly state: () => State
  readonly setState: (state: State) => void
  readonly requests: () => readonly LoggedRequest[]
  readonly clearRequests: () => void
  readonly addFault: (fault: Fault) => void
  readonly clearFaults: () => void
  /** Lets somebody else change the account right before or after a request. */
  readonly addEdit: (edit: Edit) => void
  /** Moves the clock of runs on. */
  readonly advance: (ms: number) => void
  /** Says what is to become of runs that are started from now on. */
  readonly orderRun: (order: RunOrder) => void
}

function headersOf(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

async function bodyOf(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return chunks.length === 0 ? undefined : Buffer.concat(chunks).toString('utf8')
}

function parsed(body: string | undefined): Json {
  if (body === undefined) return null
  try {
    return JSON.parse(body) as Json
  } catch {
    return body
  }
}

function redacted(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { authorization } = headers
  if (authorization === undefined) return { ...headers }
  const scheme = /^(Token|Bearer) /.exec(authorization)?.[1]
  return { ...headers, authorization: scheme === undefined ? '***' : `${scheme} ***` }
}

function logged(request: SandboxRequest, time: number, outcome: Outcome): LoggedRequest {
  const [path = '', search = ''] = request.path.split(/\?(.*)/s)
  return {
    time,
    method: request.method,
    path,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: redacted(request.headers),
    body: parsed(request.body),
    status: outcome.kind === 'response' ? outcome.response.status : null,
    unknownRoute: false,
    fault: null
  }
}

/** Starts the sandbox; resolves when it listens. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const seed = options.seed ?? emptyState()
  const world: World = {
    state: options.rateLimit === undefined ? seed : { ...seed, rateLimit: options.rateLimit },
    faults: [],
    edits: [],
    log: []
  }
  const now = options.now ?? Date.now
  const timers = new Set<NodeJS.Timeout>()

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        resolve()
      }, ms)
      timers.add(timer)
    })

  const send = async (answer: ServerResponse, outcome: Outcome): Promise<void> => {
    if (outcome.kind === 'silence') return
    if (outcome.kind === 'reset') {
      // A reset, not an orderly end: the client must not take it for an empty answer.
      answer.socket?.resetAndDestroy()
      return
    }
    const { response, cutAt, trickle, delayMs } = outcome
    if (delayMs !== undefined) await wait(delayMs)
    const body = Buffer.from(response.body)
    const length = response.status === 204 ? {} : { 'content-length': body.length }
    answer.writeHead(response.status, { ...response.headers, ...length })
    if (cutAt !== undefined) {
      answer.flushHeaders()
      answer.write(body.subarray(0, cutAt))
      // Long enough for what was written to arrive, so that the client sees a body that ends too soon.
      await wait(20)
      answer.socket?.destroy()
      return
    }
    for (let at = 0; trickle !== undefined && at < body.length; at += trickle.bytes) {
      if (answer.destroyed) return
      answer.write(body.subarray(at, at + trickle.bytes))
      await wait(trickle.ms)
    }
    answer.end(trickle === undefined ? body : undefined)
  }

  const respond = async (message: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const time = now()
    const request: SandboxRequest = {
      method: message.method ?? 'GET',
      path: message.url ?? '/',
      headers: headersOf(message),
      body: await bodyOf(message),
      now: time
    }
    if (request.path.startsWith(CONTROL)) {
      await send(answer, { kind: 'response', response: controlled(world, request) })
      return
    }
    // State, faults and log move on together, before any waiting: requests are served in order of arrival.
    const handled = handleWithEdits(world.state, world.edits, world.faults, request)
    world.state = handled.state
    world.faults = handled.faults
    world.edits = handled.edits
    const { outcome, unknownRoute, fault = null } = handled
    const entry = { ...logged(request, time, outcome), unknownRoute, fault }
    world.log.push(entry)
    options.onRequest?.(entry)
    if (options.latencyMs !== undefined && options.latencyMs > 0) await wait(options.latencyMs)
    await send(answer, outcome)
  }

  const server = createServer((message, answer) => {
    respond(message, answer).catch((error: unknown) => {
      // A client that hangs up is part of the game; a fault of the sandbox must not look like one.
      if (message.destroyed && answer.writableEnded) return
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      if (!answer.headersSent) answer.writeHead(599, { 'content-type': 'text/plain' })
      answer.end(`The sandbox itself failed: ${text}`)
    })
  })
  if (options.idle !== undefined) endIdle(server, options.idle)
  await listen(server, options.port ?? 0)
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () => {
      for (const timer of timers) clearTimeout(timer)
      return stop(server)
    },
    state: () => world.state,
    setState: (state) => {
      world.state = state
    },
    requests: () => world.log,
    clearRequests: () => {
      world.log = []
    },
    addFault: (fault) => {
      world.faults = [...world.faults, { fault, seen: 0 }]
    },
    clearFaults: () => {
      world.faults = []
    },
    addEdit: (edit) => {
      world.edits = [...world.edits, { edit, seen: 0 }]
    },
    advance: (ms) => {
      world.state = advance(world.state, ms, now())
    },
    orderRun: (order) => {
      world.state = withOrder(world.state, order)
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}
