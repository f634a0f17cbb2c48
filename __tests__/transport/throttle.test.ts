// The bound of an account: in no sliding minute of the server's clock do more requests arrive than are allowed.
import pLimit from 'p-limit'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { connectBoth } from '../../src/dbt/connect.ts'
import { persistent } from '../../src/dbt/retry.ts'
import { Stop } from '../../src/dbt/stop.ts'
import { Throttle } from '../../src/dbt/throttle.ts'
import type { Side } from '../../src/model/spec.ts'
import { VirtualTime } from '../../testing/time.ts'
import { answer, request } from '../../testing/line.ts'
import { runs } from '../../testing/effort.ts'

const minute = 60_000

/** The most that arrived in any minute. */
function most(arrivals: readonly number[]): number {
  const sorted = arrivals.toSorted((a, b) => a - b)
  let first = 0
  return sorted.reduce((most, at, index) => {
    while ((sorted[first] ?? 0) <= at - minute) first++
    return Math.max(most, index - first + 1)
  }, 0)
}

/** How one request goes: when it is begun, how long it is on its way there and back, and how often it fails before. */
const journey = fc.record({
  beginsAfter: fc.nat({ max: 90_000 }),
  there: fc.nat({ max: 30_000 }),
  back: fc.nat({ max: 30_000 }),
  failures: fc.nat({ max: 3 })
})

describe('the throttle', () => {
  it('keeps its bound over any minute of the server, across retries, and lets everyone through', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(journey, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 12 }),
        async (journeys, perMinute, parallelism) => {
          const time = new VirtualTime()
          const stop = new Stop(time, 100_000)
          const throttle = new Throttle({ perMinute, time, stop, log: () => undefined })
          const limit = pLimit(parallelism)
          const arrivals: number[] = []
          const all = journeys.map(async ({ beginsAfter, there, back, failures }) => {
            let left = failures
            const send = persistent(
              async () => {
                await time.sleep(there)
                arrivals.push(time.now())
                await time.sleep(back)
                return left-- > 0 ? answer(503) : answer(200, '{"data":{}}')
              },
              { throttle, limit, time, stop }
            )
            await time.sleep(beginsAfter)
            return send(request('read'))
          })
          const results = await time.run(Promise.all(all))
          stop.end()
          expect(results.every(({ status }) => status === 200)).toBe(true)
          expect(arrivals).toHaveLength(
            journeys.reduce((sum, { failures }) => sum + failures + 1, 0)
          )
          expect(most(arrivals)).toBeLessThanOrEqual(perMinute)
        }
      ),
      { numRuns: runs(25, 100) }
    )
  })

  it('uses what is allowed: 10,000 requests at 5,000 a minute take little more than a minute', async () => {
    const time = new VirtualTime()
    const stop = new Stop(time, 60)
    const throttle = new Throttle({ perMinute: 5000, time, stop, log: () => undefined })
    const limit = pLimit(50)
    const arrivals: number[] = []
    const send = persistent(
      async () => {
        arrivals.push(time.now())
        await time.sleep(100)
        return answer(200, '{"data":{}}')
      },
      { throttle, limit, time, stop }
    )
    const begin = time.now()
    await time.run(Promise.all(Array.from({ length: 10_000 }, () => send(request('read')))))
    expect(most(arrivals)).toBe(5000)
    expect(time.now() - begin).toBeLessThan(75_000)
    expect(arrivals).toHaveLength(10_000)
  }, 60_000)

  it('lets in those who came first', async () => {
    const time = new VirtualTime()
    const throttle = new Throttle({
      perMinute: 3,
      time,
      stop: new Stop(time, 60),
      log: () => undefined
    })
    const order: number[] = []
    const all = Array.from({ length: 10 }, (_, n) =>
      throttle.run(async () => {
        order.push(n)
        await time.sleep(10)
      })
    )
    await time.run(Promise.all(all))
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('the account', () => {
  async function arrivalsOf(
    source: Partial<Side>,
    target: Partial<Side>
  ): Promise<readonly (readonly [string, number])[]> {
    const time = new VirtualTime()
    const stop = new Stop(time, 60)
    const arrivals: (readonly [string, number])[] = []
    const side: Side = { origin: 'https://ab123.us1.dbt.com', account: 1, project: { id: 1 } }
    const connections = connectBoth(
      { source: { ...side, ...source }, target: { ...side, ...target } },
      { source: { value: 'source', input: 'token' }, target: { value: 'target', input: 'token' } },
      {
        parallelism: 10,
        requestsPerMinute: 4,
        secrets: [],
        time,
        stop,
        log: () => undefined,
        open: ({ token }) => ({
          close: () => undefined,
          send: async () => {
            arrivals.push([token, time.now()])
            await time.sleep(10)
            return answer(200, '{"status":{"is_success":true},"data":{}}')
          }
        })
      }
    )
    const read = { method: 'GET', path: '/api/', retry: 'read' } as const
    await time.run(
      Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          (n % 2 === 0 ? connections.source : connections.target).send(read, 'Reading')
        )
      )
    )
    stop.end()
    expect(connections.requests()).toBe(16)
    return arrivals
  }

  const times = (arrivals: readonly (readonly [string, number])[], token?: string): number[] =>
    arrivals.flatMap(([of, at]) => (token === undefined || of === token ? [at] : []))

  it('is one for both sides where they are one', async () => {
    const arrivals = await arrivalsOf({}, {})
    expect(most(times(arrivals))).toBe(4)
  })

  it.each<[string, Partial<Side>]>([
    ['account', { account: 2 }],
    ['host', { origin: 'https://cd456.eu1.dbt.com' }]
  ])('is one for each side where they differ by %s', async (_what, target) => {
    const arrivals = await arrivalsOf({}, target)
    expect(most(times(arrivals))).toBe(8)
    expect(most(times(arrivals, 'source'))).toBe(4)
    expect(most(times(arrivals, 'target'))).toBe(4)
  })
})
