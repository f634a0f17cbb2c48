// The steps of a run, their logs, and the artifacts.

import { describe, expect, test } from '@jest/globals'
import { addEnvironment, addJob } from '../../sandbox/index.ts'
import { accountPath, ask, look, order, runsPath, start, stillWorld, wait } from './runs-world.ts'
import {
  fixture,
  keysOf,
  READER,
  send,
  type Shown,
  type World
} from '../../testing/worlds/small.ts'

type Steps = readonly Shown[]

const stepsOf = (at: World, id: number, more = ''): Steps =>
  look(at, id, `["run_steps"${more}]`).data['run_steps'] as unknown as Steps

const short = (steps: Steps): readonly unknown[] => steps.map(({ name, status }) => [name, status])

const SETUP = [
  ['Clone git repository', 10],
  ['Create profile from connection Snowflake xy12345', 10],
  ['Invoke dbt with `dbt deps`', 10]
]

describe('steps', () => {
  test('come one after the other', () => {
    const at = stillWorld()
    const { id } = start(at).data
    expect(stepsOf(at, id)).toEqual([])
    wait(at, 12)
    expect(short(stepsOf(at, id))).toEqual([['Clone git repository', 3]])
    wait(at, 4)
    expect(short(stepsOf(at, id))).toEqual([...SETUP, ['Invoke dbt with `dbt build`', 3]])
    wait(at, 20)
    expect(short(stepsOf(at, id))).toEqual([...SETUP, ['Invoke dbt with `dbt build`', 10]])
  })

  test('have the keys of the spec and say when they ran', () => {
    const at = stillWorld()
    const { id } = start(at).data
    wait(at, 100)
    expect(stepsOf(at, id).at(-1)).toMatchObject({
      run_id: id,
      account_id: at.account,
      index: 4,
      status: 10,
      status_humanized: 'Success',
      started_at: '2026-01-07 12:00:15.000000+00:00',
      finished_at: '2026-01-07 12:00:25.000000+00:00',
      duration: '00:00:10',
      duration_humanized: '10 seconds',
      run_step_command: { dbt_command: 'dbt build' }
    })
  })

  test('sources come first and docs last', () => {
    const at = stillWorld()
    const job = addJob(at.state, at.environment, {
      execute_steps: ['dbt run', 'dbt test'],
      run_generate_sources: true,
      generate_docs: true
    })
    const names = (body: object): readonly string[] => {
      const { id } = start(at, body, job).data
      wait(at, 300)
      return stepsOf(at, id)
        .slice(3)
        .map(({ name }) => name)
    }
    const [sources, run, tests, docs] = [
      'dbt source freshness',
      'dbt run',
      'dbt test',
      'dbt docs generate'
    ].map((command) => `Invoke dbt with \`${command}\``)
    expect(names({})).toEqual([sources, run, tests, docs])
    expect(names({ generate_docs_override: false })).toEqual([sources, run, tests])
  })

  test('an override replaces the steps of the job, and a schema is named', () => {
    const at = stillWorld()
    const { id } = start(at, { steps_override: ['dbt parse'], schema_override: 'x' }).data
    wait(at, 300)
    expect(stepsOf(at, id).map(({ name }) => name)).toEqual([
      'Clone git repository',
      "Create profile from connection Snowflake xy12345 (override schema to 'x')",
      'Invoke dbt with `dbt deps`',
      'Invoke dbt with `dbt parse`'
    ])
  })

  test('those after one that failed are cancelled', () => {
    const at = stillWorld()
    order(at, { outcome: 'error', step: 2 })
    const job = addJob(at.state, at.environment, {
      execute_steps: ['dbt run', 'dbt test', 'dbt ls']
    })
    const { id } = start(at, {}, job).data
    wait(at, 300)
    const steps = stepsOf(at, id).slice(3)
    expect(steps.map(({ status }) => status)).toEqual([10, 20, 30])
    expect(steps[2]).toMatchObject({ started_at: null, logs: '', status_humanized: 'Cancelled' })
  })

  test('an order counts the commands of the job, not what the platform puts around them', () => {
    const at = stillWorld()
    order(at, { outcome: 'error', times: 2 })
    order(at, { outcome: 'error', nth: 3, step: 9 })
    const job = addJob(at.state, at.environment, {
      execute_steps: ['dbt run', 'dbt test'],
      run_generate_sources: true,
      generate_docs: true
    })
    const failed = (body: object): unknown => {
      const { id } = start(at, body, job).data
      wait(at, 300)
      return stepsOf(at, id).find(({ status }) => status === 20)?.name
    }
    expect(failed({})).toBe('Invoke dbt with `dbt run`')
    expect(failed({ steps_override: ['dbt parse'] })).toBe('Invoke dbt with `dbt parse`')
    expect(failed({})).toBe('Invoke dbt with `dbt test`')
  })

  test('a run that is cancelled cuts the step it is in', () => {
    const at = stillWorld()
    const { id } = start(at).data
    wait(at, 20)
    ask(at, 'POST', `${runsPath(at, id)}cancel/`)
    expect(stepsOf(at, id).map(({ status }) => status)).toEqual([10, 10, 10, 30])
  })

  test('what fails before dbt says so in its log', () => {
    const at = stillWorld()
    const { id } = start(at, {}, addJob(at.state, addEnvironment(at.state, at.project))).data
    wait(at, 300)
    const steps = stepsOf(at, id)
    expect(steps.map(({ status }) => status)).toEqual([10, 20, 30, 30])
    expect(steps[1]?.['logs']).toContain('credentials')
  })

  test('one can be read by itself', () => {
    const at = stillWorld()
    const { id } = start(at).data
    wait(at, 300)
    const [, , , last] = stepsOf(at, id, ',"debug_logs"')
    const path = `${accountPath(at)}steps/${last!.id}/`
    expect(ask(at, 'GET', `${path}?include_related=debug_logs`).data).toEqual(last)
    expect(ask(at, 'GET', `${accountPath(at)}steps/${id * 100 + 9}/`).status).toBe(404)
  })
})

describe('logs', () => {
  test('come five seconds after the step has ended', () => {
    const at = stillWorld()
    order(at, { outcome: 'error', log: 'Database Error' })
    const { id } = start(at).data
    wait(at, 25)
    expect(look(at, id).data['status']).toBe(20)
    expect(stepsOf(at, id).at(-1)?.['logs']).toBe('')
    wait(at, 5)
    expect(stepsOf(at, id).at(-1)?.['logs']).toContain('Database Error')
  })

  test('debug logs are there where they are asked for, else their last thousand lines', () => {
    const at = stillWorld()
    const log = Array.from({ length: 2000 }, (_, n) => `line ${n}`).join('\n')
    order(at, { log })
    const { id } = start(at).data
    wait(at, 300)
    const plain = stepsOf(at, id).at(-1)!
    expect(plain).toMatchObject({ debug_logs: '' })
    expect(JSON.stringify(plain['truncated_debug_logs']).split('\\n')).toHaveLength(1000)
    expect(stepsOf(at, id, ',"debug_logs"').at(-1)?.['debug_logs']).toContain('line 0\n')
  })
})

describe('artifacts', () => {
  const path = (at: World, id: number, rest = ''): string => `${runsPath(at, id)}artifacts/${rest}`
  const listed = (at: World, id: number): unknown =>
    ask(at, 'GET', path(at, id)).body['data' as never]

  function done(body: object = {}, seconds = 300, more: object = {}): { at: World; id: number } {
    const at = stillWorld()
    const job = addJob(at.state, at.environment, more)
    const { id } = start(at, body, job).data
    wait(at, seconds)
    return { at, id }
  }

  test('are a list of paths, as recorded', () => {
    const { at, id } = done()
    expect(listed(at, id)).toEqual(['manifest.json', 'run_results.json'])
    const recorded = fixture('account/run-artifacts-list-v2')
    const { body } = ask(at, 'GET', path(at, id))
    expect([keysOf(body), body.status]).toEqual([keysOf(recorded), recorded.status])
  })

  test('are null while there are none, and for five seconds after the end', () => {
    const { at, id } = done({}, 25)
    expect(look(at, id).data).toMatchObject({ status: 10, artifacts_saved: false })
    expect(listed(at, id)).toBeNull()
    expect(ask(at, 'GET', path(at, id, 'manifest.json')).status).toBe(404)
    wait(at, 5)
    expect(listed(at, id)).not.toBeNull()
    expect(look(at, id).data).toMatchObject({ artifacts_saved: true })
  })

  test.each([
    [['dbt parse'], ['manifest.json']],
    [['dbt --no-version-check parse'], ['manifest.json']],
    [['dbt source freshness'], ['sources.json']],
    [['dbt docs generate'], ['catalog.json', 'manifest.json', 'run_results.json']],
    [
      ['dbt run', 'dbt source freshness'],
      ['manifest.json', 'run_results.json', 'sources.json']
    ]
  ])('%j leaves %j', (steps_override, files) => {
    const { at, id } = done({ steps_override })
    expect(listed(at, id)).toEqual(files)
  })

  test('a run that failed keeps the results, one that was cancelled nothing', () => {
    const at = stillWorld()
    order(at, { outcome: 'error' })
    order(at, { outcome: 'cancelled', nth: 2, step: 2 })
    const body = { steps_override: ['dbt run', 'dbt test'] }
    const [failed, cancelled] = [start(at), start(at, body)].map(({ data }) => data.id)
    wait(at, 300)
    expect(listed(at, failed!)).toEqual(['manifest.json', 'run_results.json'])
    expect(listed(at, cancelled!)).toBeNull()
  })

  test('an order can leave none', () => {
    const at = stillWorld()
    order(at, { artifacts: false })
    const { id } = start(at).data
    wait(at, 300)
    expect(listed(at, id)).toBeNull()
  })

  test('one file is JSON without envelope, of the last step or of the one that is named', () => {
    const { at, id } = done({ steps_override: ['dbt run', 'dbt test'] })
    const which = (query: string): unknown => {
      const { body } = ask(at, 'GET', path(at, id, `run_results.json${query}`))
      return (body as unknown as { args: { which: string } }).args.which
    }
    expect(which('')).toBe('test')
    expect(which('?step=4')).toBe('run')
    for (const missing of ['catalog.json', 'run_results.json?step=2', 'run/a/b.sql'])
      expect(ask(at, 'GET', path(at, id, missing)).status).toBe(404)
  })

  test('come to whoever keeps asking', () => {
    const { at, id } = done({}, 25)
    at.state.runClock = { ...at.state.runClock, perRequest: 2000 }
    const asked = [1, 2, 3].map(() => ask(at, 'GET', path(at, id, 'manifest.json')).status)
    expect(asked).toEqual([404, 404, 200])
    expect(send(at, 'GET', path(at, id, 'a%20b%zz.json')).status).toBe(404)
  })

  test('are for whoever may read the project', () => {
    const { at, id } = done()
    expect(ask(at, 'GET', path(at, id), undefined, { token: READER }).status).toBe(200)
    expect(ask(at, 'GET', path(at, id + 1)).status).toBe(404)
  })
})
