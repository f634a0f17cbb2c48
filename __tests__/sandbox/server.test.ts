// The server and the command line: what only shows over a real connection.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get as httpGet } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import {
  BLOG,
  blog,
  startSandbox,
  type Account,
  type Fault,
  type LoggedRequest,
  type Sandbox,
  type SandboxOptions,
  type State
} from '../../sandbox/index.ts'

let sandbox: Sandbox | undefined

async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  sandbox = await startSandbox({ seed: blog(), ...options })
  return sandbox
}

afterEach(async () => {
  await sandbox?.close()
  sandbox = undefined
})

const headers = { authorization: `Token ${BLOG.token}` }
const jobs = `/api/v2/accounts/${BLOG.account}/jobs/`

const ask = (at: Sandbox, path = jobs, init: RequestInit = {}): Promise<Response> =>
  fetch(`${at.url}${path}`, { headers, ...init })

describe('the server', () => {
  test('answers as handle does, on loopback', async () => {
    const at = await start()
    expect(at.url).toBe(`http://127.0.0.1:${at.port}`)
    const response = await ask(at)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const body = (await response.json()) as { data: { id: number }[] }
    expect(body.data.map((job) => job.id)).toEqual([BLOG.job])
  })

  test('without a seed there is nothing', async () => {
    sandbox = await startSandbox()
    expect((await ask(sandbox)).status).toBe(401)
  })

  test('takes a port that is given, and refuses one that is taken', async () => {
    const { port } = await start()
    await expect(startSandbox({ port })).rejects.toThrow('EADDRINUSE')
  })

  test('keeps what writes leave, and stamps it with the clock', async () => {
    const at = await start({ now: () => Date.UTC(2026, 4, 6, 7, 8, 9) })
    const response = await ask(at, `${jobs}${BLOG.job}/`, { method: 'DELETE' })
    expect(response.status).toBe(200)
    expect(at.state().jobs[0]).toMatchObject({
      state: 2,
      updated_at: '2026-05-06 07:08:09.000000+00:00'
    })
  })

  test('reads the bodies of every method, and a 204 has none', async () => {
    const at = await start()
    const path = `/api/v3/accounts/${BLOG.account}/projects/${BLOG.productionProject}/environment-variables/bulk/`
    const write = (method: string, body: object): Promise<Response> =>
      ask(at, path, {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body)
      })
    expect((await write('POST', { env_var: { new_name: 'DBT_A', project: 'a' } })).status).toBe(201)
    const env_vars = { name: 'DBT_A', new_name: 'DBT_B' }
    expect((await write('PUT', { env_vars })).status).toBe(200)
    const deleted = await write('DELETE', { name: 'DBT_B' })
    expect([deleted.status, await deleted.text()]).toEqual([204, ''])
    expect(at.state().variables.map((row) => [row.name, row.state])).toEqual([['DBT_B', 2]])
  })

  test('holds answers back', async () => {
    const at = await start({ latencyMs: 60 })
    const before = performance.now()
    await ask(at)
    expect(performance.now() - before).toBeGreaterThanOrEqual(55)
  })

  test('ends connections that are idle, and says so in no header', async () => {
    for (const end of ['fin', 'rst'] as const) {
      const at = await start({ idle: { ms: 20, end } })
      const socket = connect(at.port, '127.0.0.1')
      const seen: string[] = []
      let fault: unknown
      socket.setEncoding('utf8').on('data', (text: string) => seen.push(text))
      socket.on('error', (error) => (fault = error))
      const write = (): unknown => socket.write(`GET ${jobs} HTTP/1.1\r\nHost: x\r\n\r\n`)
      write()
      await once(socket, 'data')
      write()
      await once(socket, 'close').catch(() => undefined)
      expect(seen.join('')).not.toMatch(/^keep-alive:/im)
      expect(seen.join('').match(/HTTP\/1.1 401/g)).toHaveLength(2)
      expect(fault === undefined ? 'fin' : 'rst').toBe(end)
      await at.close()
    }
  })

  test('limits the rate, whatever the seed says', async () => {
    const at = await start({ rateLimit: 1 })
    expect((await ask(at)).status).toBe(200)
    expect((await ask(at)).status).toBe(429)
    expect((await ask(at)).status).toBe(429)
  })

  test('serves many at once', async () => {
    const at = await start({ latencyMs: 5 })
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => (await ask(at)).status)
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})

describe('the log', () => {
  test('has what came, but not the token', async () => {
    const seen: LoggedRequest[] = []
    const at = await start({ onRequest: (logged) => seen.push(logged), now: () => 5 })
    await ask(at, `${jobs}?limit=1&state=all`)
    await ask(at, jobs, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"name":"x"}'
    })
    await ask(at, '/nope/', { method: 'POST', body: 'text' })
    expect(at.requests()).toMatchObject([
      {
        time: 5,
        method: 'GET',
        path: jobs,
        query: { limit: '1', state: 'all' },
        headers: { authorization: 'Token ***' },
        body: null,
        status: 200,
        unknownRoute: false,
        fault: null
      },
      { method: 'POST', path: jobs, body: { name: 'x' }, status: 400 },
      { method: 'POST', path: '/nope/', body: 'text', status: 404, unknownRoute: true }
    ])
    expect(seen).toEqual(at.requests())
    expect(JSON.stringify(at.requests())).not.toContain(BLOG.token)
    const response = await fetch(`${at.url}/_sandbox/requests`)
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(seen)))
  })

  test.each([
    [`Bearer ${BLOG.token}`, 'Bearer ***'],
    [BLOG.token, '***'],
    [`Basic ${BLOG.token}`, '***']
  ])('redacts', async (authorization, shown) => {
    const at = await start()
    await ask(at, jobs, { headers: { authorization } })
    expect(at.requests()[0]?.headers.authorization).toBe(shown)
  })

  test('can be cleared', async () => {
    const at = await start()
    await ask(at)
    await fetch(`${at.url}/_sandbox/requests`, { method: 'DELETE' })
    expect(at.requests()).toEqual([])
    await ask(at)
    at.clearRequests()
    expect(at.requests()).toEqual([])
  })
})

describe('the state', () => {
  test('goes out and in', async () => {
    const at = await start()
    const url = `${at.url}/_sandbox/state`
    const state = (await (await fetch(url)).json()) as State
    expect(state).toEqual(at.state())
    const changed = { ...state, jobs: [] }
    const response = await fetch(url, { method: 'PUT', body: JSON.stringify(changed) })
    expect(response.status).toBe(204)
    expect(at.state()).toEqual(changed)
    at.setState(blog())
    expect(at.state().jobs).toHaveLength(1)
  })

  test.each(['{', '{"job":[]}', ''])('%j is refused and changes nothing', async (body) => {
    const at = await start()
    const before = at.state()
    const response = await fetch(`${at.url}/_sandbox/state`, { method: 'PUT', body })
    expect(response.status).toBe(400)
    expect(await response.json()).toHaveProperty('error')
    expect(at.state()).toBe(before)
  })

  test('there are no other control endpoints', async () => {
    const at = await start()
    expect((await fetch(`${at.url}/_sandbox/nope`)).status).toBe(404)
    expect((await fetch(`${at.url}/_sandbox/state`, { method: 'POST' })).status).toBe(404)
  })
})

describe('faults', () => {
  async function struck(fault: Fault): Promise<Sandbox> {
    const at = await start()
    at.addFault(fault)
    return at
  }

  test('come and go over HTTP, too', async () => {
    const at = await start()
    const url = `${at.url}/_sandbox/faults`
    const post = (body: string): Promise<Response> => fetch(url, { method: 'POST', body })
    expect((await post('{"action":{"kind":"explode"}}')).status).toBe(400)
    expect((await post('{"times":null,"action":{"kind":"html"}}')).status).toBe(204)
    expect((await ask(at)).status).toBe(502)
    await fetch(url, { method: 'DELETE' })
    expect((await ask(at)).status).toBe(200)
    expect(at.requests().map(({ fault }) => fault)).toEqual(['html', null])
  })

  test('a reset connection gives no answer', async () => {
    const at = await struck({ action: { kind: 'reset', when: 'after' } })
    const path = `${jobs}${BLOG.job}/`
    await expect(ask(at, path, { method: 'DELETE' })).rejects.toThrow('fetch failed')
    expect(at.state().jobs[0]?.state).toBe(2)
    expect(at.requests()).toMatchObject([{ status: null, fault: 'reset' }])
    expect((await ask(at)).status).toBe(200)
  })

  test('the reset is a reset', async () => {
    const at = await struck({ action: { kind: 'reset', when: 'before' } })
    const request = httpGet(`${at.url}${jobs}`, { headers })
    const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNRESET')
  })

  test('a stalled request never gets an answer, and does not keep the server from closing', async () => {
    const at = await struck({ action: { kind: 'stall', when: 'before' } })
    await expect(ask(at, jobs, { signal: AbortSignal.timeout(80) })).rejects.toThrow(/aborted/)
    at.addFault({ action: { kind: 'stall', when: 'before' } })
    const open = ask(at).catch(() => 'closed')
    while (at.requests().length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    await at.close()
    expect(await open).toBe('closed')
  })

  test('a late answer comes late', async () => {
    const at = await struck({ action: { kind: 'stall', when: 'after', ms: 60 } })
    const before = performance.now()
    expect((await ask(at)).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThanOrEqual(55)
  })

  test.each([undefined, 0, 10])('a body that is cut (at %p) breaks off', async (bytes) => {
    const at = await struck({ action: { kind: 'cut', ...(bytes === undefined ? {} : { bytes }) } })
    const response = await ask(at)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test('a trickling body comes whole', async () => {
    const at = await struck({ action: { kind: 'trickle', ms: 1, bytes: 400 } })
    const response = await ask(at)
    const body = (await response.json()) as { data: unknown[] }
    expect(body.data).toHaveLength(1)
  })

  test('a page, a redirect, another answer', async () => {
    const at = await start()
    at.addFault({ action: { kind: 'html', status: 200 } })
    const page = await ask(at)
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8'
    ])
    at.clearFaults()
    at.addFault({ action: { kind: 'redirect', location: '/x/' } })
    const moved = await ask(at, jobs, { redirect: 'manual' })
    expect([moved.status, moved.headers.get('location')]).toEqual([302, '/x/'])
    at.clearFaults()
    at.addFault({ action: { kind: 'respond', status: 429, headers: { 'retry-after': '7' } } })
    const busy = await ask(at)
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7'])
  })
})

describe('the command line', () => {
  const root = new URL('../../', import.meta.url)

  function run(...args: readonly string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/cli.ts', ...args], {
      cwd: root
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
    const exit = once(child, 'close').then(([code]) => code as number | null)
    return { child, output, exit }
  }

  async function ready(process: ReturnType<typeof run>): Promise<string> {
    while (!process.output.stdout.includes('\n')) {
      if (process.child.exitCode !== null) throw new Error(process.output.stderr)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return (JSON.parse(process.output.stdout) as { url: string }).url
  }

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it is in one line, and goes on %s',
    async (signal) => {
      const process = run('--port', '0', '--rate-limit', '2', '--latency', '1')
      const url = await ready(process)
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      const statuses = []
      for (let n = 0; n < 3; n++) statuses.push((await fetch(url + jobs, { headers })).status)
      expect(statuses).toEqual([200, 200, 429])
      process.child.kill(signal)
      expect(await process.exit).toBe(0)
      expect(process.output).toEqual({ stdout: `{"url":"${url}"}\n`, stderr: '' })
    }
  )

  test('takes a file as seed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sandbox-'))
    const file = join(directory, 'seed.json')
    writeFileSync(file, JSON.stringify({ ...blog(), jobs: [] }))
    const process = run('--seed', file)
    const url = await ready(process)
    const response = await fetch(url + jobs, { headers })
    expect(((await response.json()) as { data: unknown }).data).toEqual([])
    process.child.kill('SIGTERM')
    await process.exit
    rmSync(directory, { recursive: true })
  })

  test('rewrites what it is told to rewrite', async () => {
    const process = run('--seed', 'one-project', '--rewrite', 'threads, steps')
    const state = await fetch(`${await ready(process)}/_sandbox/state`)
    const { accounts } = (await state.json()) as { accounts: readonly Account[] }
    expect(accounts[0]?.features.rewrites.map(({ field }) => field)).toEqual([
      'settings.threads',
      'execute_steps'
    ])
    process.child.kill('SIGTERM')
    await process.exit
  })

  test.each([
    [['--port', 'x'], "--port is a whole number from 0 to 65535, not 'x'."],
    [['--port', '70000'], '--port is a whole number'],
    [['--latency', '-1'], '--latency'],
    [['--rate-limit', '0'], '--rate-limit is a whole number from 1'],
    [
      ['--seed', 'nope'],
      "--seed is one of blog, thousand, six, one-project, two-accounts, variables, or a file that can be read, not 'nope'."
    ],
    [['--seed', 'package.json'], "--seed 'package.json' is not a state"],
    [['--rewrite', 'threads,nope'], "There is no rewrite 'nope'"],
    [['--nope'], "Unknown option '--nope'"],
    [['stray'], 'stray']
  ])('%j ends with 2 and says why', async (args, message) => {
    const process = run(...args)
    expect(await process.exit).toBe(2)
    expect(process.output.stdout).toBe('')
    expect(process.output.stderr).toContain(message)
    expect(process.output.stderr).toContain('Usage: npm run sandbox')
  })

  test('--help is no mistake', async () => {
    const process = run('--help')
    expect(await process.exit).toBe(0)
    expect(process.output.stdout).toContain('--rate-limit')
  })
})
