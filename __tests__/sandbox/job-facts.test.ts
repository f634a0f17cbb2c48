// What is known of jobs since the specification: how long a description may be, what is derived, what must be alone.
import { describe, expect, test } from '@jest/globals'
import type { Features, Json } from '../../sandbox/index.ts'
import { addEnvironment, addProject } from '../../sandbox/index.ts'
import {
  jobBody,
  jobsPath,
  send,
  triggersOn,
  world,
  type Reply,
  type World
} from '../../testing/worlds/small.ts'

type Body = Record<string, Json>

const create = (at: World, changes: Body = {}): Reply =>
  send(at, 'POST', jobsPath(at), jobBody(at, changes))

const update = (at: World, changes: Body = {}, id = at.job): Reply =>
  send(at, 'POST', `${jobsPath(at)}${id}/`, jobBody(at, { id, ...changes }))

test('a description holds 255 characters, counted as code points', () => {
  const [fits, long] = ['🦆'.repeat(255), '🦆'.repeat(256)]
  for (const [longDescription, status, words] of [
    ['invalid', 400, '"description":'],
    ['error', 500, 'There was a server error']
  ] as const) {
    const at = world({ longDescription })
    expect(create(at, { description: fits }).data.description).toBe(fits)
    expect(update(at, { description: fits }).status).toBe(200)
    for (const reply of [create(at, { description: long }), update(at, { description: long })]) {
      const why = JSON.stringify([reply.body.status.user_message, reply.body.data])
      expect([reply.status, why]).toEqual([status, expect.stringContaining(words)])
    }
  }
})

test('the days of an interval_cron follow from its cron line', () => {
  const at = world()
  const time = { type: 'every_hour', interval: 2 }
  for (const [cron, days, sent] of [
    ['4 */2 * * 1,3', [1, 3], undefined],
    ['4 */2 * * 1-5', [1, 2, 3, 4, 5], [0]],
    ['4 */2 * * 7', [0], undefined],
    ['4 */2 * * *', [0, 1, 2, 3, 4, 5, 6], [2]]
  ] as const) {
    const date = { type: 'interval_cron', cron, ...(sent ? { days: sent } : {}) }
    const { data, status } = create(at, { schedule: { date, time } })
    expect([status, data.schedule]).toEqual([201, { cron, date: { ...date, days }, time }])
  }
})

test('an interval is taken beside hours', () => {
  const schedule = {
    date: { type: 'every_day' },
    time: { type: 'at_exact_hours', hours: [6], interval: 1 }
  }
  expect(create(world(), { schedule }).data.schedule).toMatchObject(schedule)
})

test('inherit_environment is a feature that must be alone, and none of CI and merge jobs', () => {
  const at = world()
  const features = ['inherit_environment']
  expect(create(at, { cost_optimization_features: features }).data).toMatchObject({
    cost_optimization_features: features
  })
  for (const changes of [
    { cost_optimization_features: [...features, 'dbt_state'] },
    { cost_optimization_features: features, triggers: triggersOn('github_webhook') },
    { cost_optimization_features: features, triggers: triggersOn('on_merge') }
  ])
    expect(create(at, changes).status).toBe(405)
})

test('what a job without features stores differs from account to account', () => {
  const shown = (noFeatures: Features['noFeatures'], sent: Json): Json | undefined => {
    const at = world({ noFeatures })
    const { id } = create(at, { cost_optimization_features: sent }).data
    // Null leaves it as it is.
    return update(at, { cost_optimization_features: null }, id).data.cost_optimization_features
  }
  expect([shown('list', null), shown('list', [])]).toEqual([[], []])
  expect([shown('null', null), shown('null', [])]).toEqual([null, null])
  expect([shown('as-sent', null), shown('as-sent', [])]).toEqual([null, []])
})

test('lifecycle_webhooks may follow from the type', () => {
  const at = world({ lifecycleWebhooks: 'by-type' })
  for (const [trigger, expected] of [
    ['github_webhook', true],
    ['on_merge', true],
    ['schedule', false]
  ] as const) {
    const { data } = create(at, { triggers: triggersOn(trigger), lifecycle_webhooks: !expected })
    expect(data.lifecycle_webhooks).toBe(expected)
  }
})

test('hybrid jobs are for hybrid projects', () => {
  const at = world()
  expect(create(at, { job_type: 'hybrid' }).data).toHaveProperty('job_type')
  expect(create(at, { job_type: 'hybrid' }).status).toBe(400)
  const project_id = addProject(at.state, at.account, { type: 1 })
  const environment_id = addEnvironment(at.state, project_id)
  const { data, status } = create(at, { job_type: 'hybrid', project_id, environment_id })
  expect([status, data.job_type]).toEqual([201, 'hybrid'])
})

describe('release tracks', () => {
  test.each([
    ['versionless', 'latest'],
    ['latest-fusion', 'fusion-stable'],
    ['fusion-stable', 'fusion-stable']
  ])('%s is stored as %s', (sent, dbt_version) => {
    const { data } = create(world(), { dbt_version: sent })
    expect(data).toMatchObject({ dbt_version, raw_dbt_version: sent })
  })
})
