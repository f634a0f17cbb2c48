// Proxies from the environment: the bundle reaches a host that only the proxy knows, over TLS, and the proxy sees
// nothing but where to.
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createTlsServer } from 'node:https'
import { request } from 'node:http'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Sandbox } from '../../sandbox/index.ts'
import { complaintsOf } from '../../testing/faults/judge.ts'
import { baseline, type Baseline } from '../../testing/faults/matrix.ts'
import { endedOf, platformOf, withSandbox } from '../../testing/faults/over-http.ts'
import { runToEnd } from '../../testing/faults/process.ts'
import { tokens } from '../../testing/faults/world.ts'

const host = 'sandbox.example.test'
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.warn('openssl is missing: what needs a certificate is skipped')

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

interface Proxy {
  readonly url: string
  /** The heads of all requests that it got. */
  readonly heads: readonly string[]
}

/** A proxy that makes tunnels to one port, whatever host is asked for; with a status it refuses to. */
async function startProxy(to: number, status = 200): Promise<Proxy> {
  const heads: string[] = []
  const server = createServer((client) => {
    client.on('error', () => client.destroy())
    client.once('data', (head) => {
      heads.push(head.toString('latin1'))
      if (status !== 200) {
        client.end(`HTTP/1.1 ${String(status)} No\r\n\r\n`)
        return
      }
      const upstream = connect(to, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        client.pipe(upstream).pipe(client)
      })
      upstream.on('error', () => client.destroy())
    })
  })
  return { url: `http://127.0.0.1:${String(await listening(server))}`, heads }
}

/** The sandbox behind TLS. */
async function startTls(
  sandbox: Sandbox,
  { key, certificate }: { readonly key: Buffer; readonly certificate: Buffer }
): Promise<number> {
  const server = createTlsServer({ key, cert: certificate }, (message, answer) => {
    const { method, url, headers } = message
    const onward = request(
      `${sandbox.url}${url ?? ''}`,
      { ...(method === undefined ? {} : { method }), headers },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 0, reply.headers)
        reply.pipe(answer)
      }
    )
    message.pipe(onward)
  })
  return listening(server)
}

describe('through a proxy', () => {
  let base: Baseline
  let folder = ''
  let key = Buffer.alloc(0)
  let certificate = Buffer.alloc(0)

  beforeAll(async () => {
    base = await baseline()
    if (!hasOpenssl) return
    folder = await mkdtemp(path.join(tmpdir(), 'certificate-'))
    const made = spawnSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
        ...['-keyout', 'key.pem', '-out', 'certificate.pem'],
        ...['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
      ],
      { cwd: folder, encoding: 'utf8' }
    )
    if (made.status !== 0) throw new Error(made.stderr)
    key = await readFile(path.join(folder, 'key.pem'))
    certificate = await readFile(path.join(folder, 'certificate.pem'))
  })

  afterAll(async () => {
    if (folder !== '') await rm(folder, { recursive: true })
  })

  const trusting = (): Record<string, string> => ({
    NODE_EXTRA_CA_CERTS: path.join(folder, 'certificate.pem')
  })

  const describeTls = hasOpenssl ? describe : describe.skip

  describeTls('to a host with TLS', () => {
    it.each(['HTTPS_PROXY', 'https_proxy'])(
      'of %s a promotion goes well, and the proxy sees where to, and no more',
      async (name) => {
        await withSandbox(base, async (sandbox, given) => {
          const proxy = await startProxy(await startTls(sandbox, { key, certificate }))
          const left = await runToEnd({ ...given, host }, { ...trusting(), [name]: proxy.url })
          expect(complaintsOf(base, endedOf(left, platformOf(sandbox), 'green'))).toEqual([])
          expect(proxy.heads.length).toBeGreaterThan(0)
          for (const head of proxy.heads) {
            expect(head).toMatch(new RegExp(`^CONNECT ${host}:443 HTTP/1.1\r\n`))
            for (const token of Object.values(tokens)) expect(head).not.toContain(token)
          }
        })
      },
      60_000
    )

    it('a certificate that nobody vouches for is not taken', async () => {
      await withSandbox(base, async (sandbox, given) => {
        const proxy = await startProxy(await startTls(sandbox, { key, certificate }))
        const left = await runToEnd({ ...given, host }, { HTTPS_PROXY: proxy.url })
        expect(left.exitCode).toBe(1)
        expect(left.outputs['failure-reason']).toBe('not-found')
        expect(left.stdout).toContain('certificate')
        expect(sandbox.requests()).toEqual([])
      })
    }, 60_000)
  })

  it('that refuses, the run fails at once, and nothing was sent', async () => {
    await withSandbox(base, async (sandbox, given) => {
      const proxy = await startProxy(0, 407)
      const left = await runToEnd({ ...given, host }, { HTTPS_PROXY: proxy.url })
      expect(left.outputs['failure-reason']).toBe('not-found')
      expect(left.stdout).toContain('statusCode=407')
      expect(left.stdout).toContain('proxy')
      expect(sandbox.requests()).toEqual([])
      expect(proxy.heads.length).toBeLessThan(10)
    })
  }, 60_000)

  it('NO_PROXY goes past it', async () => {
    await withSandbox(base, async (sandbox, given) => {
      const proxy = await startProxy(sandbox.port)
      const left = await runToEnd(
        { ...given, host },
        { HTTPS_PROXY: proxy.url, NO_PROXY: 'example.test,other.example' }
      )
      expect(left.outputs['failure-reason']).toBe('not-found')
      expect(proxy.heads).toEqual([])
    })
  }, 60_000)

  it('loopback goes past it', async () => {
    await withSandbox(base, async (sandbox, given) => {
      const proxy = await startProxy(sandbox.port)
      const left = await runToEnd(given, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url })
      expect(complaintsOf(base, endedOf(left, platformOf(sandbox), 'green'))).toEqual([])
      expect(proxy.heads).toEqual([])
    })
  }, 60_000)
})
