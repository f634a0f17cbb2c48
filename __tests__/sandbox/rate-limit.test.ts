// The rate limit: so many requests in any minute, then five minutes of 429 for the account.

import { describe, expect, test } from '@jest/globals'
import { addToken, handle } from '../../sandbox/index.ts'
import {
  jobBody,
  jobsPath,
  keysOf,
  NOW,
  type Reply,
  send,
  TOKEN,
  world,
  type World
} from '../../testing/worlds/small.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

function limited(): World {
  const at = world()
  at.state = { ...at.state, rateLimit: 3 }
  return at
}

const ask = (at: World, after: number): Reply =>
  send(at, 'GET', jobsPath(at), undefined, { now: NOW + after })

const statuses = (at: World, ...after: readonly number[]): number[] =>
  after.map((time) => ask(at, time).status)

describe('the rate limit', () => {
  test('lets so many requests a minute pass, and no more', () => {
    expect(statuses(limited(), 0, 1, 2)).toEqual([200, 200, 200])
    expect(statuses(limited(), 0, 1, 2, 3)).toEqual([200, 200, 200, 429])
  })

  test('slides: what is older than a minute does not count', () => {
    const at = limited()
    expect(statuses(at, 0, 30 * SECOND, 59 * SECOND)).toEqual([200, 200, 200])
    expect(statuses(at, MINUTE, 91 * SECOND)).toEqual([200, 200])
    expect(statuses(limited(), 0, 1, 2, MINUTE - 1)).toEqual([200, 200, 200, 429])
  })

  test('then refuses everything for five minutes, whatever is asked in between', () => {
    const at = limited()
    statuses(at, 0, 0, 0, 0)
    expect(statuses(at, 10 * SECOND, 2 * MINUTE, 5 * MINUTE - 1)).toEqual([429, 429, 429])
    expect(statuses(at, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE)).toEqual([200, 200, 200])
    expect(statuses(at, 5 * MINUTE)).toEqual([429])
  })

  test('a refused write changes nothing', () => {
    const at = limited()
    statuses(at, 0, 0, 0, 0)
    const before = at.state
    const reply = send(at, 'POST', jobsPath(at), jobBody(at))
    expect(reply.status).toBe(429)
    expect(at.state).toBe(before)
  })

  test('is told in the envelope, without Retry-After', () => {
    const at = limited()
    statuses(at, 0, 0, 0)
    const reply = ask(at, 0)
    expect(reply.body.status).toMatchObject({ code: 429, is_success: false })
    expect(keysOf(reply.headers)).toEqual(['content-type'])
  })

  test('is counted for each account by itself, for all tokens together', () => {
    const at = limited()
    addToken(at.state, 'dbtc_both', [at.account, at.foreignAccount])
    statuses(at, 0, 0)
    const get = (account: number): number =>
      send(at, 'GET', `/api/v2/accounts/${account}/jobs/`, undefined, { token: 'dbtc_both' }).status
    expect(get(at.account)).toBe(200)
    expect(get(at.account)).toBe(429)
    expect(get(at.foreignAccount)).toBe(200)
    expect(ask(at, 0).status).toBe(429)
  })

  test('does not count what is not let in', () => {
    const at = limited()
    const path = jobsPath(at)
    for (let n = 0; n < 9; n++) {
      send(at, 'GET', path, undefined, { token: 'unknown' })
      send(at, 'GET', path.slice(0, -1))
      send(at, 'GET', `/api/v2/accounts/${at.foreignAccount}/jobs/`)
    }
    expect(ask(at, 0).status).toBe(200)
  })

  test('counts what is refused for other reasons', () => {
    const at = limited()
    for (let n = 0; n < 3; n++) send(at, 'POST', jobsPath(at), {})
    expect(ask(at, 0).status).toBe(429)
  })

  test('is off unless a state has one', () => {
    const at = world()
    for (let n = 0; n < 20; n++) expect(ask(at, 0).status).toBe(200)
    expect(at.state.usage).toEqual({})
  })

  test('the clock of the state counts where a request has no time', () => {
    const at = limited()
    const state = { ...at.state, clock: 12345 }
    const headers = { authorization: `Token ${TOKEN}` }
    const path = jobsPath(at)
    const handled = handle(state, { method: 'GET', path, headers, body: undefined })
    expect(handled.state.usage[String(at.account)]?.recent).toEqual([12345])
  })
})
