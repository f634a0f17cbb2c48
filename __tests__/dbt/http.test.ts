// HTTP against a real server: what is sent, and that every way in which an answer can go wrong is an error in time.
import { once } from 'node:events'
import { type Socket } from 'node:net'
import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from '@jest/globals'
import { httpTransport } from '../../src/dbt/http.ts'
import { TransportError, type HttpAnswer, type HttpRequest } from '../../src/dbt/transport.ts'
import { serve, type LocalServer, type SeenRequest } from '../../testing/local-server.ts'

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

describe('a request', () => {
  it('is sent with its method, path, body and token', async () => {
    const { origin, requests } = await server((response) => response.end('{"ok":true}'))
    const { send } = transport(origin)
    expect(await send(get)).toMatchObject({ status: 200, body: '{"ok":true}' })
    await send(post)
    expect(requests).toMatchObject([
      {
        method: 'GET',
        path: get.path,
        body: '',
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'user-agent': 'dbt-promote'
        }
      },
      {
        method: 'POST',
        path: post.path,
        body: post.body,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': '10'
        }
      }
    ])
    expect(requests[0]?.headers).not.toHaveProperty('content-type')
  })

  it('carries the token in one header and nowhere else', async () => {
    const { origin, requests } = await server((response) => response.end('{}'))
    const { send } = transport(origin)
    await send(get)
    await send(post)
    for (const { headers, ...rest } of requests) {
      const others = Object.entries(headers).filter(([name]) => name !== 'authorization')
      expect(JSON.stringify([rest, others])).not.toContain(token)
    }
  })

  it('asks for no compression, which nobody would undo', async () => {
    const { origin, requests } = await server((response) => response.end('{}'))
    await transport(origin).send(get)
    expect(requests[0]?.headers).not.toHaveProperty('accept-encoding')
  })

  it('is one of many on one connection', async () => {
    const { origin, requests, sockets } = await server((response) => response.end('{}'))
    const { send } = transport(origin)
    for (let n = 0; n < 20; n++) await send(get)
    expect(requests).toHaveLength(20)
    expect(sockets).toHaveLength(1)
  })
})

describe('an answer', () => {
  it.each([200, 201, 400, 401, 404, 429, 500, 502, 503, 504])(
    'with status %i is given back as it is, and asked for once',
    async (status) => {
      const { origin, requests } = await server((response) => {
        response.writeHead(status, { 'Retry-After': '7' }).end('{"status":{}}')
      })
      expect(await transport(origin).send(get)).toMatchObject({
        status,
        headers: { 'retry-after': '7' },
        body: '{"status":{}}'
      })
      expect(requests).toHaveLength(1)
    }
  )

  it('may be empty', async () => {
    const { origin } = await server((response) => response.writeHead(204).end())
    expect(await transport(origin).send(post)).toMatchObject({ status: 204, body: '' })
  })

  it('is put together from pieces that cut through a character', async () => {
    const { origin } = await server((response) => {
      const bytes = Buffer.from('{"name":"Données – 🚀"}')
      for (let at = 0; at < bytes.length; at += 1) response.write(bytes.subarray(at, at + 1))
      response.end()
    })
    expect((await transport(origin).send(get)).body).toBe('{"name":"Données – 🚀"}')
  })

  it.each([301, 302, 303, 307, 308])(
    'with status %i does not take the token to another host',
    async (status) => {
      const other = await server((response) => response.end('{}'))
      const { origin } = await server((response) => {
        response.writeHead(status, { location: `${other.origin}/api/` }).end()
      })
      const { send } = transport(origin)
      for (const request of [get, post]) {
        expect(await send(request)).toMatchObject({
          status,
          headers: { location: `${other.origin}/api/` }
        })
      }
      expect(other.sockets).toHaveLength(0)
    }
  )

  it('with a redirect within the host is not followed either: a POST would become a GET', async () => {
    const { origin, requests } = await server((response) => {
      response.writeHead(301, { location: '/api/v2/accounts/1/jobs/2/' }).end()
    })
    expect(await transport(origin).send(post)).toMatchObject({ status: 301 })
    expect(requests).toHaveLength(1)
  })
})

describe('an answer that breaks off', () => {
  const broken: readonly (readonly [string, string, (response: ServerResponse) => void])[] = [
    [
      'in a body of known length',
      'cut',
      (response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('{"status":')
        setTimeout(() => response.socket?.destroy(), 20)
      }
    ],
    [
      'in a body of known length, by an orderly end',
      'cut',
      (response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"status":')
      }
    ],
    [
      'in a chunked body',
      'cut',
      (response) => {
        response.write('{"status":')
        setTimeout(() => response.socket?.destroy(), 20)
      }
    ],
    [
      'between two chunks, by an orderly end',
      'cut',
      (response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n')
      }
    ],
    [
      'in its head',
      'reset',
      (response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\ncontent-le')
      }
    ],
    ['before it begins', 'reset', (response) => response.socket?.destroy()],
    ['by a reset', 'reset', (response) => response.socket?.resetAndDestroy()],
    ['since it is no HTTP', 'reset', (response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n')]
  ]

  it.each(broken)('%s fails at once: %s', async (_how, fault, answer) => {
    const { origin } = await server(answer)
    const { error, tookMs } = await failure(transport(origin).send(post))
    expect(error).toMatchObject({ fault, mayHaveHappened: true })
    expect(error.message).not.toBe('')
    expect(tookMs).toBeLessThan(5000)
  })

  it.each(broken)('%s leaves the transport fit for the next', async (_how, _fault, answer) => {
    let first = true
    const { origin } = await server((response) => {
      if (first) answer(response)
      else response.end('{}')
      first = false
    })
    const { send } = transport(origin)
    await failure(send(get))
    expect(await send(get)).toMatchObject({ status: 200 })
  })
})

describe('an answer that takes too long', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['does not begin', () => undefined],
    [
      'stops in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{')
      }
    ],
    [
      'trickles, so that the connection is never idle',
      (response) => {
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => {
          clearInterval(timer)
        })
      }
    ]
  ])('since it %s ends with the limit', async (_how, answer) => {
    const { origin } = await server(answer)
    const { error, tookMs } = await failure(transport(origin, 300).send(post))
    expect(error).toMatchObject({ fault: 'timeout', mayHaveHappened: true })
    expect(tookMs).toBeGreaterThan(250)
    expect(tookMs).toBeLessThan(3000)
  })

  it('since it does not end is cut at a length', async () => {
    const { origin, sockets } = await server((response) => {
      const timer = setInterval(() => response.write('x'.repeat(100)), 1)
      response.on('close', () => {
        clearInterval(timer)
      })
    })
    const stop = new AbortController().signal
    const options = { origin, token, userAgent: 'x', timeoutMs: 20_000, mostBytes: 1000, stop }
    const { error } = await failure(httpTransport(options).send(get))
    expect(error).toMatchObject({ fault: 'cut', message: 'an answer of more than 1000 bytes' })
    await allClosed(sockets)
  })

  it('does not hold up the others', async () => {
    const { origin } = await server((response, { path }) => {
      if (path !== '/slow') response.end('{}')
    })
    const { send } = transport(origin, 300)
    const slow = failure(send({ ...get, path: '/slow' }))
    expect(await send(get)).toMatchObject({ status: 200 })
    expect((await slow).error.fault).toBe('timeout')
  })
})

describe('the stop signal', () => {
  it('lets no request start', async () => {
    const stop = new AbortController()
    const { origin, sockets } = await server((response) => response.end('{}'))
    const { send } = transport(origin, 20_000, stop.signal)
    stop.abort()
    const { error } = await failure(send(post))
    expect(error).toMatchObject({ fault: 'stopped', mayHaveHappened: false })
    expect(sockets).toHaveLength(0)
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['before the answer', () => undefined],
    ['within the answer', (response) => response.write('{')]
  ])('cuts a request %s', async (_when, answer) => {
    const stop = new AbortController()
    const { origin, sockets } = await server((response) => {
      answer(response)
      setTimeout(() => {
        stop.abort()
      }, 50)
    })
    const { error, tookMs } = await failure(transport(origin, 20_000, stop.signal).send(post))
    expect(error).toMatchObject({ fault: 'stopped', mayHaveHappened: true })
    expect(tookMs).toBeLessThan(5000)
    await allClosed(sockets)
  })
})

describe('close', () => {
  it('lets go of idle connections, which would keep the process alive', async () => {
    const { origin, sockets } = await server((response) => response.end('{}'))
    const { send, close } = transport(origin)
    await Promise.all([send(get), send(get)])
    expect(sockets.filter((socket) => socket.destroyed)).toEqual([])
    close()
    await allClosed(sockets)
  })
})
