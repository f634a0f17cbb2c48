// The control endpoints of runs and their clock, over HTTP.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BLOG, blog, startSandbox, type Sandbox } from '../../sandbox/index.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox({ seed: blog() })
})

afterEach(() => sandbox.close())

interface Answer {
  readonly status: number
  readonly body: {
    readonly data?: { readonly id: number; readonly status: number }
    readonly error?: string
  }
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { authorization: `Token ${BLOG.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const text = await response.text()
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] }
}

const runs = `/api/v2/accounts/${BLOG.account}/runs/`

async function started(): Promise<number> {
  const path = `/api/v2/accounts/${BLOG.account}/jobs/${BLOG.job}/run/`
  const { body } = await call('POST', path, { cause: 'c' })
  return body.data?.id ?? 0
}

const statusOf = async (id: number): Promise<unknown> =>
  (await call('GET', `${runs}${id}/`)).body.data?.status

describe('the clock', () => {
  test('stands where it is told to stand', async () => {
    await call('POST', '/_sandbox/clock', { perRequest: 0 })
    const id = await started()
    expect(await statusOf(id)).toBe(1)
    expect(await statusOf(id)).toBe(1)
    const moved = await call('POST', '/_sandbox/clock', { advance: 12_000 })
    expect(moved.body).toEqual((await call('GET', '/_sandbox/clock')).body)
    expect(await statusOf(id)).toBe(3)
    sandbox.advance(300_000)
    expect(await statusOf(id)).toBe(10)
  })

  test.each([[{ advance: -1 }], [{ advance: '1' }], [{ perRequest: 0.5 }], [{ by: 1 }], [[]]])(
    'does not take %j',
    async (body) => {
      const reply = await call('POST', '/_sandbox/clock', body)
      expect(reply.status).toBe(400)
      expect(reply.body.error).toEqual(expect.any(String))
    }
  )

  test('polling alone brings a run to its end', async () => {
    const id = await started()
    const seen = []
    for (let n = 0; n < 8; n += 1) seen.push(await statusOf(id))
    expect(seen.at(-1)).toBe(10)
  })
})

describe('orders', () => {
  test('count for the runs that come, until they are taken back', async () => {
    await call('POST', '/_sandbox/runs', { job: 'run-*', outcome: 'error', times: null })
    sandbox.orderRun({ outcome: 'cancelled' })
    const first = await started()
    sandbox.advance(300_000)
    await call('DELETE', '/_sandbox/runs')
    const second = await started()
    sandbox.advance(300_000)
    expect([await statusOf(first), await statusOf(second)]).toEqual([20, 10])
  })

  test.each([
    [{ outcome: 'fail' }],
    [{ nth: 0 }],
    [{ times: 0 }],
    [{ job: true }],
    [{ jobs: 'x' }],
    [{ stepMs: -1 }],
    ['error']
  ])('%j is none', async (body) => {
    expect((await call('POST', '/_sandbox/runs', body)).status).toBe(400)
    expect(sandbox.state().runOrders).toEqual([])
  })

  test('stand in the state, so that a seed can bring them', async () => {
    const order = { outcome: 'error' as const }
    sandbox.setState({ ...sandbox.state(), runOrders: [{ order, seen: 0 }] })
    const id = await started()
    sandbox.advance(300_000)
    expect(await statusOf(id)).toBe(20)
  })
})

test('an unknown control names those that there are', async () => {
  const reply = await call('GET', '/_sandbox/nothing')
  expect(reply.status).toBe(404)
  expect(reply.body.error).toContain('clock')
})
