// Lists of runs: filters, order, pages, and what may be nested.

import { describe, expect, test } from '@jest/globals'
import { addRun, type Json } from '../../sandbox/index.ts'
import { accountPath, ask, order, runsPath, start, stillWorld, wait } from './runs-world.ts'
import { keysOf, NOW, ONE_PROJECT, READER, send, type World } from '../../testing/worlds/small.ts'

interface Listed {
  readonly at: World
  /** A run that ended well, one that failed, one of the other job that is queued. */
  readonly good: number
  readonly bad: number
  readonly queued: number
}

function listed(): Listed {
  const at = stillWorld()
  const good = start(at, { cause: 'first' }).data.id
  wait(at, 100)
  order(at, { outcome: 'error' })
  const bad = start(at, { dbt_version_override: '1.9.0-latest' }).data.id
  wait(at, 100)
  const queued = start(at, { cause: 'last' }, at.otherJob).data.id
  return { at, good, bad, queued }
}

const ids = (at: World, query: string): readonly number[] =>
  ask(at, 'GET', `${runsPath(at)}?${query}`).rows.map(({ id }) => id)

describe('filters', () => {
  test('each finds what it names', () => {
    const { at, good, bad, queued } = listed()
    const expected: Readonly<Record<string, readonly number[]>> = {
      limit: [],
      [`job_definition_id=${at.job}`]: [good, bad],
      [`environment_id=${at.otherEnvironment}`]: [queued],
      [`project_id=${at.project}`]: [good, bad],
      [`project_id__in=[${at.project},${at.other}]`]: [good, bad, queued],
      [`pk=${bad}`]: [bad],
      [`pk__in=[${good},${queued},17]`]: [good, queued],
      [`pk__in=${good}&pk__in=${queued}`]: [good, queued],
      'pk__in=[]': [],
      [`id__gt=${good}`]: [bad, queued],
      'status=20': [bad],
      'status__in=[1,2,3]': [queued],
      'status__in=10&status__in=20': [good, bad],
      'dbt_version=1.9.0-latest': [bad],
      'dbt_version__in=["latest"]': [good, queued],
      'has_docs_generated=false': [good, bad, queued],
      'has_sources_generated=true': [],
      'state=all': [good, bad, queued],
      'state=deleted': [],
      'created_at__range=["2026-01-07T12:00:00Z","2026-01-07T12:01:00Z"]': [good],
      'finished_at__range=["2026-01-07T12:01:00Z","2026-01-07T13:00:00Z"]': [bad],
      'order_by=-id': [queued, bad, good],
      'order_by=-created_at': [queued, bad, good],
      'order_by=-id&limit=1&offset=1': [bad]
    }
    for (const [query, found] of Object.entries(expected).slice(1))
      expect({ query, found: ids(at, query) }).toEqual({ query, found })
  })

  test.each([
    ['cause=first', 'cause'],
    ['order_by=name', 'order_by'],
    ['pk__in=1,2', 'pk__in'],
    ['limit=101', 'limit'],
    ['include_related=run_retries', 'include_related'],
    ['created_at__range=["yesterday"]', 'created_at__range']
  ])('%s is refused', (query, key) => {
    const { at } = listed()
    const reply = send(at, 'GET', `${runsPath(at)}?${query}`)
    expect(reply.status).toBe(400)
    expect(Object.keys(reply.data)).toEqual([key])
  })

  test('without any, all runs of the account are there, in the envelope that is recorded', () => {
    const { at, good, bad, queued } = listed()
    const { body, rows } = ask(at, 'GET', runsPath(at))
    expect(rows.map(({ id }) => id)).toEqual([good, bad, queued])
    expect(body).toMatchObject({
      extra: {
        filters: { limit: 100, offset: 0, state: 'all', account_id: at.account },
        order_by: 'id',
        pagination: { count: 3, total_count: 3 }
      }
    })
  })

  test('a hundred runs fit into one answer', () => {
    const at = stillWorld()
    const made = Array.from({ length: 100 }, () => addRun(at.state, at.job))
    expect(ids(at, `pk__in=[${made.join(',')}]&limit=100`)).toEqual(made)
  })

  test('runs of projects that the token does not see are left out', () => {
    const { at, good, bad, queued } = listed()
    const seen = ask(at, 'GET', runsPath(at), undefined, { token: ONE_PROJECT }).rows
    expect(seen.map(({ id }) => id)).toEqual([good, bad])
    expect(ask(at, 'GET', runsPath(at), undefined, { token: READER }).rows).toHaveLength(3)
    const hidden = ask(at, 'GET', runsPath(at, queued), undefined, { token: ONE_PROJECT })
    expect(hidden.status).toBe(404)
  })
})

describe('what is nested', () => {
  test.each(['["trigger"]', "['trigger']", 'trigger', 'trigger,job'])(
    'may be asked for as %s',
    (related) => {
      const { at } = listed()
      const { rows } = ask(at, 'GET', `${runsPath(at)}?include_related=${related}`)
      expect(rows.map((row) => (row['trigger'] as { cause: Json }).cause)).toEqual([
        'first',
        'a test',
        'last'
      ])
    }
  )

  test('is null otherwise', () => {
    const { at, good } = listed()
    const { rows } = ask(at, 'GET', `${runsPath(at)}?include_related=`)
    for (const row of [...rows, ask(at, 'GET', runsPath(at, good)).data])
      expect(row).toMatchObject({
        trigger: null,
        job: null,
        environment: null,
        run_steps: [],
        audit: null
      })
  })

  test('job, environment, repository, steps and audit come along', () => {
    const { at, bad } = listed()
    const all = '["job","environment","repository","run_steps","debug_logs","audit"]'
    const { data } = ask(at, 'GET', `${runsPath(at, bad)}?include_related=${all}`)
    expect(data).toMatchObject({
      job: { id: at.job, name: 'Nightly' },
      environment: { id: at.environment },
      repository: { project_id: at.project },
      audit: { trigger: { actor: { type: 'service_token' } }, cancellation: null }
    })
    expect(data['run_steps']).toHaveLength(4)
  })

  test('lists tell steps and debug logs too', () => {
    const { at } = listed()
    const related = "include_related=['run_steps','debug_logs']"
    const [first] = ask(at, 'GET', `${runsPath(at)}?${related}`).rows
    expect(first?.['run_steps']).toHaveLength(4)
  })
})

describe('the clock', () => {
  test('is set by the first request about runs, and does not move with the hours', () => {
    const at = stillWorld()
    expect(at.state.runClock.now).toBeNull()
    start(at)
    expect(at.state.runClock.now).toBe(NOW)
    ask(at, 'GET', runsPath(at), undefined, { now: NOW + 3_600_000 })
    expect(at.state.runClock.now).toBe(NOW)
  })

  test('moves with each look, and with nothing else', () => {
    const at = stillWorld()
    at.state.runClock = { now: NOW, perRequest: 1000 }
    const { id } = start(at).data
    expect(at.state.runClock.now).toBe(NOW)
    ask(at, 'GET', runsPath(at))
    ask(at, 'GET', runsPath(at, id))
    ask(at, 'GET', `${accountPath(at)}jobs/`)
    expect(at.state.runClock.now).toBe(NOW + 2000)
  })

  test('a run that a seed adds is over', () => {
    const at = stillWorld()
    const id = addRun(at.state, at.job, { status: 20, agoMs: 3_600_000 })
    const { data } = ask(at, 'GET', runsPath(at, id))
    expect(data).toMatchObject({
      status: 20,
      is_complete: true,
      created_at_humanized: '1 hour ago'
    })
    expect(keysOf(data)).toContain('href')
  })
})
