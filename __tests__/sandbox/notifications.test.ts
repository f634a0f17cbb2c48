// Notifications: records of the account, whole on write, without a version.

import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  addJob,
  addNotification,
  addToken,
  addUser,
  find,
  type Json,
  type Notification
} from '../../sandbox/index.ts'
import { ask } from './runs-world.ts'
import {
  fixture,
  jobsPath,
  keysOf,
  NOW,
  send,
  TOKEN,
  world,
  type Reply,
  without,
  type World
} from '../../testing/worlds/small.ts'

type Body = Record<string, Json>

let at: World
let user: number
let slack: number

const path = (id: number | '' = ''): string =>
  `/api/v2/accounts/${at.account}/notifications/${id === '' ? '' : `${id}/`}`

const live = fixture('account/notifications-v2') as unknown as readonly Body[]

beforeEach(() => {
  at = world()
  user = addUser(at.state, at.account)
  slack = addNotification(at.state, at.account, { user_id: user, on_failure: [at.job] })
})

const row = (id: number): Notification | undefined => find(at.state.notifications, id)

/** A body that creates a notification. */
const fresh = (changes: Body = {}): Body => ({
  account_id: at.account,
  user_id: user,
  type: 4,
  external_email: 'team@example.com',
  on_cancel: [],
  on_failure: [],
  on_success: [],
  on_warning: [],
  state: 1,
  ...changes
})

/** A body that leaves the channel as it is. */
const same = (changes: Body = {}): Body => {
  const { created_at, updated_at, ...rest } = row(slack) as unknown as Body
  expect([created_at, updated_at]).toHaveLength(2)
  return { ...rest, ...changes }
}

const save = (body: Body, id = slack): Reply => ask(at, 'POST', path(id), body)

describe('answers', () => {
  test('have the keys and the types of the live records', () => {
    const types = (record: Body): unknown =>
      Object.fromEntries(
        Object.keys(record)
          .sort()
          .map((key) => [key, Array.isArray(record[key]) ? 'list' : typeof record[key]])
      )
    const channel = live.find(({ type }) => type === 2)!
    for (const reply of [ask(at, 'GET', path(slack)), save(same())]) {
      expect(reply.body.status).toMatchObject({ code: 200, is_success: true })
      expect(types(reply.data as unknown as Body)).toEqual(types(channel))
    }
    expect(types(ask(at, 'GET', path()).rows[0] as unknown as Body)).toEqual(types(channel))
  })

  test('name the user where it is asked for', () => {
    const { data } = ask(at, 'GET', `${path(slack)}?include_related=user`)
    expect(data['user']).toMatchObject({ id: user, email: expect.stringContaining('@') })
    expect(ask(at, 'GET', path(slack)).data['user']).toBeNull()
  })

  test('are the record as it is then', () => {
    const job = addJob(at.state, at.environment)
    const { data } = save(same({ on_failure: [at.job, job] }))
    expect(data).toEqual(ask(at, 'GET', path(slack)).data)
    expect(data).toMatchObject({ on_failure: [at.job, job], id: slack })
  })
})

describe('a list', () => {
  test('finds by what the spec names, and by no job', () => {
    const mail = addNotification(at.state, at.account, {
      user_id: user,
      type: 4,
      external_email: 'a@example.com'
    })
    const gone = addNotification(at.state, at.account, { user_id: user, state: 2 })
    const other = addUser(at.state, at.account)
    const own = addNotification(at.state, at.account, { user_id: other, type: 1 })
    addNotification(at.state, at.foreignAccount, { user_id: user })
    const found = (query: string): readonly number[] =>
      ask(at, 'GET', `${path()}?${query}`).rows.map(({ id }) => id)
    expect(found('')).toEqual([slack, mail, own])
    expect(found('type=4')).toEqual([mail])
    expect(found(`user_id=${other}`)).toEqual([own])
    expect(found('external_email=a@example.com')).toEqual([mail])
    expect(found(`slack_channel_id=C${slack}`)).toEqual([slack])
    expect(found(`pk=${mail}`)).toEqual([mail])
    expect(found('state=deleted')).toEqual([gone])
    expect(found('order_by=-id&limit=2')).toEqual([own, mail])
    expect(send(at, 'GET', `${path()}?job_id=1`).status).toBe(400)
  })
})

describe('a write', () => {
  test('replaces the whole record', () => {
    const body = same({ slack_channel_id: 'C1', slack_channel_name: '#data', on_failure: [] })
    expect(save({ ...body, type: 5 }).status).toBe(200)
    expect(row(slack)).toMatchObject({ type: 5, slack_channel_id: 'C1', on_failure: [] })
    const mail = without(same({ type: 4 }), 'slack_channel_id', 'slack_channel_name')
    save({ ...mail, external_email: 'a@example.com' })
    expect(row(slack)).toMatchObject({ slack_channel_id: null, slack_channel_name: null })
  })

  test.each([
    'on_cancel',
    'on_failure',
    'on_success',
    'on_warning',
    'user_id',
    'type',
    'state',
    'account_id'
  ])('without %s is refused', (key) => {
    const body = without(same(), key)
    const before = row(slack)
    const reply = send(at, 'POST', path(slack), body)
    expect(reply.status).toBe(400)
    expect(reply.data).toEqual({ [key]: 'required key not provided' })
    expect(row(slack)).toBe(before)
  })

  test.each<[string, Body]>([
    ['without an id', { id: null }],
    ['with another id', { id: 1 }]
  ])('%s is told that the id does not match', (_name, changes) => {
    const reply = send(at, 'POST', path(slack), same(changes))
    expect(reply.status).toBe(400)
    expect(reply.data).toEqual({ id: 'The provided id does not match.' })
  })

  test.each<[string, Body]>([
    ['ids as texts', { on_failure: ['1'] }],
    ['an unknown key', { user: null }],
    ['what only answers have', { created_at: '2026-01-07' }],
    ['another account', { account_id: 1 }],
    ['a type that there is not', { type: 6 }],
    ['a channel without name', { slack_channel_name: null }],
    ['an empty name', { slack_channel_name: '' }]
  ])('%s is refused', (_name, changes) => {
    expect(send(at, 'POST', path(slack), same(changes)).status).toBe(400)
  })

  test('dead ids are refused in the words of the platform', () => {
    const deleted = addJob(at.state, at.environment, { state: 2 })
    const reply = save(same({ on_failure: [at.job, deleted], on_success: [526578, deleted] }))
    expect(reply.status).toBe(400)
    expect(JSON.stringify(reply.body)).toContain(
      `Jobs definition IDs ${deleted}, 526578 do not exist`
    )
    const stranger = save(same({ user_id: 103835 }))
    expect(JSON.stringify(stranger.body)).toContain('User instance with id 103835 does not exist.')
    const foreign = addUser(at.state, at.foreignAccount)
    expect(save(same({ user_id: foreign })).status).toBe(400)
  })

  test('jobs of any project of the account may be named', () => {
    expect(save(same({ on_success: [at.job, at.otherJob] })).status).toBe(200)
  })

  test('moves updated_at, however fast it follows the last one', () => {
    const moments = [1, 2, 3].map(() => save(same()).data['updated_at'] as string)
    expect(new Set(moments).size).toBe(3)
    expect(moments).toEqual(moments.toSorted())
    expect(row(slack)?.updated_at).toBe(moments[2])
    expect(row(slack)?.created_at).not.toBe(moments[2])
  })

  test('two writers: the last one wins', () => {
    const first = same({ on_failure: [at.job, at.otherJob] })
    const second = same({ on_cancel: [at.job] })
    save(first)
    save(second)
    expect(row(slack)).toMatchObject({ on_failure: [at.job], on_cancel: [at.job] })
  })
})

describe('a creation', () => {
  test('is answered 201, and the record gets an id', () => {
    const reply = ask(at, 'POST', path(), fresh())
    expect(reply.status).toBe(201)
    expect(ask(at, 'GET', path(reply.data.id)).data).toEqual(reply.data)
    expect(keysOf(reply.data).sort()).toEqual(Object.keys(live[0]!).sort())
  })

  test('an address has one record', () => {
    const first = ask(at, 'POST', path(), fresh()).data.id
    const reply = ask(at, 'POST', path(), fresh())
    expect(reply.status).toBe(400)
    expect(JSON.stringify(reply.body)).toContain(
      `Key (account_id, external_email)=(${at.account}, team@example.com) already exists.`
    )
    ask(at, 'DELETE', path(first))
    expect(ask(at, 'POST', path(), fresh()).status).toBe(201)
    expect(send(at, 'POST', path(), fresh({ external_email: null })).status).toBe(400)
  })

  test('a second one for the mail of a user loses the first', () => {
    const own = fresh({ type: 1, external_email: null })
    const first = ask(at, 'POST', path(), own).data.id
    const second = ask(at, 'POST', path(), own).data.id
    expect(ask(at, 'GET', path(first)).status).toBe(404)
    expect(ask(at, 'GET', path(second)).status).toBe(200)
    expect(ask(at, 'GET', path(slack)).status).toBe(200)
  })
})

describe('a deletion', () => {
  test('by DELETE is answered 204 without a body', () => {
    const reply = ask(at, 'DELETE', path(slack))
    expect(reply.status).toBe(204)
    expect(reply.body).toBe('')
    expect(ask(at, 'GET', path(slack)).status).toBe(404)
    expect(ask(at, 'DELETE', path(slack)).status).toBe(404)
  })

  test('by state is answered without an id', () => {
    const reply = save(same({ state: 2 }))
    expect(reply.status).toBe(200)
    expect(reply.data.id).toBeNull()
    expect(ask(at, 'GET', path(slack)).status).toBe(404)
  })

  test('of a job takes it out of all lists, or leaves it there', () => {
    send(at, 'DELETE', `${jobsPath(at)}${at.job}/`)
    expect(row(slack)?.on_failure).toEqual([])
    at = world({ deletedJobs: 'kept' })
    user = addUser(at.state, at.account)
    slack = addNotification(at.state, at.account, { user_id: user, on_failure: [at.job] })
    send(at, 'DELETE', `${jobsPath(at)}${at.job}/`)
    expect(row(slack)?.on_failure).toEqual([at.job])
  })
})

describe('permission', () => {
  const requests = (): readonly [string, string, Body?][] => [
    ['GET', path()],
    ['GET', path(slack)],
    ['POST', path(), fresh()],
    ['POST', path(slack), same()],
    ['DELETE', path(slack)]
  ]

  test.each([403, 404] as const)('a Job admin is refused with %i everywhere', (status) => {
    at = world({ hiddenKinds: status })
    user = addUser(at.state, at.account)
    slack = addNotification(at.state, at.account, { user_id: user })
    addToken(at.state, 'dbtc_jobs', at.account, { '*': { access: 'write' } })
    for (const [method, url, body] of requests())
      expect(ask(at, method, url, body, { token: 'dbtc_jobs' }).status).toBe(status)
    expect(row(slack)?.state).toBe(1)
  })

  test.each(['account_admin', 'notification_manager'])('%s may do everything', (set) => {
    addToken(at.state, 'dbtc_set', at.account, {}, [set])
    for (const [method, url, body] of requests())
      expect(ask(at, method, url, body, { token: 'dbtc_set' }).status).toBeLessThan(300)
  })

  test('records of another account are not there', () => {
    const foreign = addNotification(at.state, at.foreignAccount, { user_id: user })
    expect(ask(at, 'GET', path(foreign)).status).toBe(404)
    expect(ask(at, 'GET', path(), undefined, { token: TOKEN, now: NOW }).rows).toHaveLength(1)
  })
})
