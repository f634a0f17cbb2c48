// Connections: hosts that are not there, idle ends, and proxies.
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import type { ServerResponse } from 'node:http'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from '@jest/globals'
import { httpTransport, transportError } from '../../src/dbt/http.ts'
import { TransportError, type HttpAnswer, type HttpRequest } from '../../src/dbt/transport.ts'
import {
  closedPort,
  serve,
  type LocalServer,
  type SeenRequest
} from '../../testing/local-server.ts'

const token = 'dbtc_secret_token'

const get: HttpRequest = {
  method: 'GET',
  path: '/api/v3/accounts/1/?limit=100&name=a%20b',
  retry: 'read'
}

const post: HttpRequest = {
  method: 'POST',
  path: '/api/v2/accounts/1/jobs/',
  body: '{"a":"é"}',
  retry: 'create'
}

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function server(
  answer: (response: ServerResponse, request: SeenRequest) => void
): Promise<LocalServer> {
  const started = await serve(answer)
  cleanups.push(started.close)
  return started
}

function transport(origin: string, timeoutMs = 20_000, stop = new AbortController().signal) {
  const opened = httpTransport({ origin, token, userAgent: 'dbt-promote', timeoutMs, stop })
  cleanups.push(opened.close)
  return opened
}

/** The error that a request ends with, and how long that took. */
async function failure(
  work: Promise<HttpAnswer>
): Promise<{ error: TransportError; tookMs: number }> {
  const begin = performance.now()
  const error = await work.then(
    ({ status, body }) => {
      throw new Error(`It was answered: ${String(status)} ${body}`)
    },
    (thrown: unknown) => thrown
  )
  if (!(error instanceof TransportError)) throw error
  return { error, tookMs: performance.now() - begin }
}

/** Waits until the server sees all connections closed. */
async function allClosed(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(
    sockets.map(async (socket) => {
      if (!socket.destroyed) await once(socket, 'close')
    })
  )
}

describe('a host that is not there', () => {
  it('refuses the connection: nothing has happened', async () => {
    const port = await closedPort()
    for (const host of ['127.0.0.1', 'localhost']) {
      const { send } = transport(`http://${host}:${String(port)}`)
      const { error } = await failure(send(post))
      expect(error).toMatchObject({ fault: 'refused', mayHaveHappened: false })
      expect(error.message).toContain('ECONNREFUSED')
    }
  })

  it('has no address: nothing has happened', async () => {
    const { error } = await failure(transport('https://ab123.dbt.invalid').send(post))
    // Without a network the system does not even say that there is none.
    expect(['unreachable', 'refused']).toContain(error.fault)
    expect(error.mayHaveHappened).toBe(false)
    expect(error.message).toContain('ab123.dbt.invalid')
  })

  it('speaks no TLS', async () => {
    const { port } = await server((response) => response.end('{}'))
    const { error } = await failure(transport(`https://127.0.0.1:${String(port)}`).send(post))
    expect(error.fault).toBe('reset')
  })
})

describe('an error of the connection', () => {
  const error = (code: string, syscall: string): Error =>
    Object.assign(new Error(`${syscall} ${code}`), { code, syscall })

  it.each([
    ['ECONNREFUSED', 'connect', 'refused', false],
    ['EHOSTUNREACH', 'connect', 'refused', false],
    ['ETIMEDOUT', 'connect', 'refused', false],
    ['EAI_AGAIN', 'getaddrinfo', 'refused', false],
    ['ENOTFOUND', 'getaddrinfo', 'unreachable', false],
    // The connection stood: what was written may have arrived.
    ['EHOSTUNREACH', 'read', 'reset', true],
    ['ENETUNREACH', 'write', 'reset', true],
    ['ETIMEDOUT', 'read', 'reset', true],
    ['ECONNRESET', 'read', 'reset', true],
    ['EPIPE', 'write', 'reset', true]
  ])('%s of %s', (code, syscall, fault, mayHaveHappened) => {
    const one = error(code, syscall)
    const several = Object.assign(new AggregateError([one, one], ''), { code })
    for (const each of [one, several])
      expect(transportError(each, false)).toMatchObject({ fault, mayHaveHappened })
  })

  it('after the head of the answer is a cut', () => {
    expect(transportError(error('ECONNRESET', 'read'), true)).toMatchObject({
      fault: 'cut',
      mayHaveHappened: true
    })
  })

  it('before TLS stands is none of the request: nothing has happened', async () => {
    const listener = createServer((socket) => {
      socket.once('data', () => socket.destroy())
      socket.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => listener.close())
    const { port } = listener.address() as AddressInfo
    const { error: thrown } = await failure(
      transport(`https://127.0.0.1:${String(port)}`).send(post)
    )
    expect(thrown).toMatchObject({ fault: 'refused', mayHaveHappened: false })
  })
})

describe('a connection that the server ends when it is idle', () => {
  async function idleServer(idleMs: number, end: 'fin' | 'rst'): Promise<string> {
    const worker = new Worker(new URL('./idle-server.mjs', import.meta.url), {
      workerData: { idleMs, end }
    })
    cleanups.push(() => worker.terminate())
    const [port] = (await once(worker, 'message')) as [number]
    return `http://127.0.0.1:${String(port)}`
  }

  /** Keeps this thread busy, as a large plan does; the server goes on. */
  const busy = (milliseconds: number): void => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
  }
  const counts = ({ body }: HttpAnswer): { requests: number; connections: number } =>
    JSON.parse(body) as { requests: number; connections: number }

  it.each(['fin', 'rst'] as const)('carries no create, ended by %s', async (end) => {
    const { send } = transport(await idleServer(100, end))
    let sent = 0
    for (const pause of [150, 0, 110, 105, 300, 120]) {
      await Promise.all(Array.from({ length: 5 }, () => send(post)))
      busy(pause)
      expect(counts(await send(post)).requests).toBe((sent += 6))
    }
  })

  it('is used again by creates that follow each other, and by no later one', async () => {
    const { send } = transport(await idleServer(60_000, 'fin'))
    for (let n = 0; n < 20; n++) await send(post)
    const { connections } = counts(await send(post))
    // The machine may be busy too.
    expect(connections).toBeLessThan(10)
    busy(30)
    const later = counts(await send(post))
    expect(later).toEqual({ requests: 22, connections: connections + 1 })
    busy(30)
    // What is repeated may try.
    expect(counts(await send(get)).connections).toBe(connections + 1)
  })
})

describe('through a proxy', () => {
  const names = ['http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'] as const
  const before = names.map((name) => [name, process.env[name]] as const)

  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  })

  /** A proxy that makes tunnels, all to one place, and counts what is open. */
  async function proxy(to: number): Promise<{ port: number; tunnels: Socket[] }> {
    const tunnels: Socket[] = []
    const tunnel = createServer((client) => {
      tunnels.push(client)
      client.once('data', () => {
        const upstream = connect(to, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n')
          client.pipe(upstream).pipe(client)
        })
        const end = (): void => {
          client.destroy()
          upstream.destroy()
        }
        upstream.on('error', end).on('close', end)
        client.on('error', end).on('close', end)
      })
    })
    await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => {
      for (const socket of tunnels) socket.destroy()
      tunnel.close()
    })
    return { port: (tunnel.address() as AddressInfo).port, tunnels }
  }

  it('goes to the host, and lets go of the tunnels at the end', async () => {
    const { port: to } = await server((response) => response.end('{"ok":true}'))
    const { port, tunnels } = await proxy(to)
    process.env['http_proxy'] = `http://127.0.0.1:${String(port)}`
    const { send, close } = transport('http://ab123.dbt.invalid')
    expect(await send(get)).toMatchObject({ status: 200, body: '{"ok":true}' })
    expect(await send(post)).toMatchObject({ status: 200 })
    close()
    expect(tunnels).not.toHaveLength(0)
    await allClosed(tunnels)
  })

  it.each([
    [407, 'unreachable'],
    [403, 'unreachable'],
    [502, 'refused'],
    [504, 'refused']
  ])('that answers %i: nothing has happened', async (status, fault) => {
    const refusing = createServer((client) => {
      client.on('error', () => undefined)
      client.once('data', () => client.end(`HTTP/1.1 ${String(status)} No\r\n\r\n`))
    })
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => refusing.close())
    process.env['http_proxy'] =
      `http://127.0.0.1:${String((refusing.address() as AddressInfo).port)}`
    const { error } = await failure(transport('http://ab123.dbt.invalid').send(post))
    expect(error).toMatchObject({ fault, mayHaveHappened: false })
    expect(error.message).toContain(String(status))
  })

  it('that is not there: nothing has happened', async () => {
    process.env['http_proxy'] = `http://127.0.0.1:${String(await closedPort())}`
    const { error } = await failure(transport('http://ab123.dbt.invalid').send(post))
    expect(error).toMatchObject({ fault: 'refused', mayHaveHappened: false })
  })
})

it('nothing is opened past a proxy that is none', () => {
  const before = process.env['https_proxy']
  process.env['https_proxy'] = 'proxy.example:8080'
  try {
    expect(() => transport('https://ab123.us1.dbt.com')).toThrow(
      'The environment variable https_proxy'
    )
    expect(() => transport('http://127.0.0.1:9')).not.toThrow()
  } finally {
    if (before === undefined) delete process.env['https_proxy']
    else process.env['https_proxy'] = before
  }
})
