// Webhooks: texts out where numbers go in, one PUT for the whole, and an empty list that means all jobs.

import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  addToken,
  addWebhook,
  find,
  webhookName,
  type Json,
  type Webhook
} from '../../sandbox/index.ts'
import { ask } from './runs-world.ts'
import {
  fixture,
  keysOf,
  NOW,
  send,
  without,
  world,
  type Reply,
  type World
} from '../../testing/worlds/small.ts'

type Body = Record<string, Json>

let at: World
let hook: number

const list = (): string => `/api/v3/accounts/${at.account}/webhooks/subscriptions`
const path = (id = hook): string =>
  `/api/v3/accounts/${at.account}/webhooks/subscription/${webhookName({ id })}`

beforeEach(() => {
  at = world()
  hook = addWebhook(at.state, at.account, { job_ids: [at.job] })
})

const row = (): Webhook | undefined => find(at.state.webhooks, hook)

const body = (changes: Body = {}): Body => ({
  name: 'Deploys',
  client_url: `https://hooks.example.com/catch/${hook}`,
  event_types: ['job.run.errored'],
  job_ids: [at.job],
  active: true,
  ...changes
})

const put = (changes: Body = {}): Reply => ask(at, 'PUT', path(), body(changes))

const [live] = fixture('account/webhooks-v3-live') as unknown as readonly Body[]

describe('answers', () => {
  test('have the keys and the types of the live record', () => {
    hook = addWebhook(at.state, at.account, {
      active: false,
      deactivate_reason: 'Exceeded Max Dispatch Failures',
      dispatched_at: NOW,
      http_status_code: 404
    })
    const { data } = ask(at, 'GET', path())
    expect(keysOf(data).sort()).toEqual(Object.keys(live!).sort())
    for (const key of keysOf(data))
      expect([key, typeof data[key]]).toEqual([key, typeof live![key]])
  })

  test('have numbers as texts and times in microseconds', () => {
    const { data, body: whole } = ask(at, 'GET', path())
    expect(whole).toEqual({ data, status: { code: 200 } })
    expect(data).toMatchObject({
      id: expect.stringMatching(/^wsu_\w{25}$/),
      account_id: String(at.account),
      job_ids: [String(at.job)],
      http_status_code: '0',
      created_at: `${NOW}000`
    })
    expect(keysOf(data)).not.toContain('dispatched_at')
  })

  test('never show the secret but to whoever creates', () => {
    const made = ask(at, 'POST', list(), body())
    expect(made.status).toBe(201)
    expect(made.body.status).toEqual({ code: 201 })
    expect(made.data['hmac_secret']).toEqual(expect.any(String))
    for (const reply of [put(), ask(at, 'GET', path()), ask(at, 'GET', list())])
      expect(JSON.stringify(reply.body)).not.toContain('hmac')
  })

  test('do not keep the order in which jobs and events were sent', () => {
    const { data } = put({
      job_ids: [9, 10, 9],
      event_types: ['job.run.started', 'job.run.completed']
    })
    expect(data['job_ids']).toEqual(['10', '9'])
    expect(data['event_types']).toEqual(['job.run.completed', 'job.run.started'])
  })
})

describe('a list', () => {
  test('has ten a page unless it is asked for more', () => {
    for (let n = 0; n < 11; n += 1) addWebhook(at.state, at.account)
    addWebhook(at.state, at.foreignAccount)
    const first = ask(at, 'GET', list())
    expect(first.rows).toHaveLength(10)
    expect(first.body).toMatchObject({
      status: { code: 200 },
      extra: { pagination: { total_count: 12, count: 10 }, filters: { offset: 0, limit: 10 } }
    })
    expect(ask(at, 'GET', `${list()}?limit=100`).rows).toHaveLength(12)
    expect(ask(at, 'GET', `${list()}?limit=10&offset=10`).rows).toHaveLength(2)
  })
})

describe('a PUT', () => {
  test('replaces the whole: what is left out is as in a new webhook', () => {
    put({ description: 'about', job_ids: [at.job] })
    expect(ask(at, 'PUT', path(), without(body(), 'job_ids')).data).toMatchObject({
      description: '',
      job_ids: []
    })
  })

  test('may name the webhook itself, and no other', () => {
    expect(put({ id: webhookName({ id: hook }) }).status).toBe(200)
    expect(put({ id: 'wsu_1' }).status).toBe(400)
  })

  test.each(['active', 'event_types', 'client_url', 'name'])('without %s is refused', (key) => {
    const reply = send(at, 'PUT', path(), without(body(), key))
    expect(reply.status).toBe(400)
    expect(reply.data).toEqual({ [key]: `'${key}' is a required property` })
  })

  test.each<[string, Body]>([
    ['ids of jobs as texts', { job_ids: ['1'] }],
    ['the account as a text', { account_id: '1' }],
    ['no events', { event_types: [] }],
    ['an unknown event', { event_types: ['job.run.cancelled'] }],
    ['an empty description', { description: '' }],
    ['what only answers have', { created_at: '1723129783613078' }],
    ['the secret', { hmac_secret: 'x' }]
  ])('%s is refused', (_name, changes) => {
    const before = row()
    expect(send(at, 'PUT', path(), body(changes)).status).toBe(400)
    expect(row()).toBe(before)
  })

  test('keeps the secret and what was sent last', () => {
    const before = row()
    put({ name: 'Other' })
    expect(row()).toMatchObject({
      hmac_secret: before?.hmac_secret,
      created_at: before?.created_at,
      name: 'Other'
    })
  })

  test('a webhook that failed too often stays off, unless its URL changes or it is switched on', () => {
    const off = { active: false, deactivate_reason: 'Exceeded Max Dispatch Failures' }
    hook = addWebhook(at.state, at.account, off)
    expect(put({ active: false }).data).toMatchObject(off)
    const moved = put({ active: false, client_url: 'https://hooks.example.com/new' }).data
    expect(moved).toMatchObject({ active: true })
    expect(keysOf(moved)).not.toContain('deactivate_reason')
    hook = addWebhook(at.state, at.account, off)
    expect(put().data).toMatchObject({ active: true })
  })
})

describe('paths', () => {
  test('have no slash at the end: with one there is nothing', () => {
    for (const url of [`${list()}/`, `${path()}/`]) {
      const reply = send(at, 'GET', url)
      expect([reply.status, reply.unknownRoute]).toEqual([404, true])
    }
  })

  test('an unknown webhook has a 404 of its own', () => {
    const other = `${path().slice(0, -1)}z`
    for (const [method, sent] of [['GET'], ['PUT', body()], ['DELETE']] as const) {
      const reply = ask(at, method, other, sent)
      expect(reply.status).toBe(404)
      expect(Object.keys(reply.body).sort()).toEqual(['data', 'status'])
    }
    hook = addWebhook(at.state, at.foreignAccount)
    expect(ask(at, 'GET', path()).status).toBe(404)
  })

  test('a deletion is answered with the id', () => {
    const reply = ask(at, 'DELETE', path())
    expect(reply.body).toEqual({
      data: { id: webhookName({ id: hook }) },
      status: { code: 200, is_success: true }
    })
    expect(ask(at, 'GET', path()).status).toBe(404)
    expect(ask(at, 'GET', list()).rows).toEqual([])
  })

  test('a creation may have an empty id, as Terraform sends it', () => {
    expect(ask(at, 'POST', list(), body({ id: '' })).status).toBe(201)
  })
})

describe('permission', () => {
  const everything = (token: string): readonly number[] =>
    (
      [
        ['GET', list()],
        ['GET', path()],
        ['POST', list(), body()],
        ['PUT', path(), body()],
        ['DELETE', path()]
      ] as const
    ).map(([method, url, sent]) => ask(at, method, url, sent, { token }).status)

  test('a Job admin has none, and neither has a Notification manager', () => {
    addToken(at.state, 'dbtc_jobs', at.account, { '*': { access: 'write' } }, [
      'notification_manager'
    ])
    expect(everything('dbtc_jobs')).toEqual([404, 404, 404, 404, 404])
    at = world({ hiddenKinds: 403 })
    hook = addWebhook(at.state, at.account)
    addToken(at.state, 'dbtc_jobs', at.account, { '*': { access: 'write' } })
    expect(everything('dbtc_jobs')).toEqual([403, 403, 403, 403, 403])
  })

  test.each(['account_admin', 'admin', 'developer', 'webhooks_only'])(
    '%s may do everything',
    (set) => {
      addToken(at.state, 'dbtc_set', at.account, {}, [set])
      expect(everything('dbtc_set')).toEqual([200, 200, 201, 200, 200])
    }
  )
})
