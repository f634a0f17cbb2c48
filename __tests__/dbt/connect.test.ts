import { afterEach, describe, expect, it } from '@jest/globals'
import { connectBoth, type Connections } from '../../src/dbt/connect.ts'
import { httpTransport } from '../../src/dbt/http.ts'
import { Stop } from '../../src/dbt/stop.ts'
import type { Request } from '../../src/model/request.ts'
import { fastTime } from '../../testing/time.ts'
import { serve, type LocalServer } from '../../testing/local-server.ts'

const read: Request = { method: 'GET', path: '/api/v3/accounts/1/', retry: 'read' }

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function server(answer: Parameters<typeof serve>[0]): Promise<LocalServer> {
  const started = await serve(answer)
  cleanups.push(started.close)
  return started
}

function connect(
  source: LocalServer,
  target: LocalServer,
  options: { parallelism: number; deadlineMinutes: number }
): Connections {
  const time = fastTime(200)
  const stop = new Stop(time, options.deadlineMinutes)
  cleanups.push(() => {
    stop.end()
  })
  const project = { id: 1 }
  const connections = connectBoth(
    {
      source: { origin: source.origin, account: 1, project },
      target: { origin: target.origin, account: 2, project }
    },
    {
      source: { value: 'dbtc_source', input: 'source-token' },
      target: { value: 'dbtc_target', input: 'token' }
    },
    {
      ...options,
      requestsPerMinute: 2000,
      secrets: [],
      time,
      stop,
      open: httpTransport,
      log: () => undefined
    }
  )
  cleanups.push(connections.close)
  return connections
}

describe('connectBoth', () => {
  it('gives each side its own host and token', async () => {
    const source = await server((response) => response.end('{"data":{}}'))
    const target = await server((response) => response.writeHead(401).end('{}'))
    const connections = connect(source, target, { parallelism: 10, deadlineMinutes: 30 })
    await connections.source.send(read, 'Reading')
    await expect(connections.target.send(read, 'Reading')).rejects.toMatchObject({
      remedy: expect.stringContaining(
        `input token, and that it belongs to 127.0.0.1:${String(target.port)}`
      )
    })
    expect(source.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer dbtc_source'
    ])
    expect(target.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer dbtc_target'
    ])
    expect(connections.source.side).toMatchObject({ role: 'source', tokenInput: 'source-token' })
  })

  it('counts what is sent, on both sides', async () => {
    const both = await server((response) => response.end('{"data":{}}'))
    const connections = connect(both, both, { parallelism: 10, deadlineMinutes: 30 })
    expect(connections.requests()).toBe(0)
    await connections.source.send(read, 'Reading')
    await connections.target.send(read, 'Reading')
    expect(connections.requests()).toBe(2)
  })

  it('lets only so many requests be under way, both sides together', async () => {
    let underWay = 0
    let most = 0
    const both = await server((response) => {
      most = Math.max(most, ++underWay)
      setTimeout(() => {
        underWay--
        response.end('{"data":{}}')
      }, 20)
    })
    const { source, target } = connect(both, both, { parallelism: 3, deadlineMinutes: 30 })
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? source : target).send(read, 'Reading'))
    )
    expect(most).toBe(3)
    expect(both.sockets.length).toBeLessThanOrEqual(6)
  })

  it('ends everything at the deadline, on both sides, also what waits for a place', async () => {
    const both = await server(() => undefined)
    const { source, target } = connect(both, both, { parallelism: 2, deadlineMinutes: 40 / 60 })
    const begin = performance.now()
    const ended = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => (n % 2 === 0 ? source : target).send(read, 'Reading'))
    )
    expect(performance.now() - begin).toBeLessThan(5000)
    expect(ended.map((each): unknown => (each.status === 'rejected' ? each.reason : each))).toEqual(
      Array.from({ length: 6 }, () => expect.objectContaining({ reason: 'deadline' }))
    )
    expect(both.requests).toHaveLength(2)
  })
})
