// A platform that stores otherwise than it is sent, each field in turn, and the moments of its writes.

import { describe, expect, test } from '@jest/globals'
import {
  blog,
  BLOG,
  find,
  parseRewrite,
  REWRITES,
  startSandbox,
  withRewrites,
  type Json,
  type Rewrite
} from '../../sandbox/index.ts'
import {
  environmentBody,
  environmentsPath,
  jobBody,
  jobsPath,
  send,
  world,
  type Reply,
  type Shown,
  type World
} from '../../testing/worlds/small.ts'

type Body = Record<string, Json>

function rewriting(...rewrites: readonly (string | Rewrite)[]): World {
  const at = world()
  at.state = withRewrites(at.state, at.account, rewrites)
  return at
}

/** What each name is about: what is sent, and what is stored. */
const CASES: Readonly<Record<string, readonly [Body, Body]>> = {
  threads: [
    { settings: { threads: 16, target_name: 'x' } },
    { settings: { threads: 2, target_name: 'x' } }
  ],
  timeout: [{ execution: { timeout_seconds: 9000 } }, { execution: { timeout_seconds: 3600 } }],
  steps: [
    { execute_steps: [' dbt run ', 'dbt test\n'] },
    { execute_steps: ['dbt run', 'dbt test'] }
  ],
  cron: [
    {
      schedule: {
        date: { type: 'custom_cron', cron: ' 0 5 * * * ' },
        time: { type: 'every_hour', interval: 1 }
      }
    },
    {
      schedule: {
        cron: '0 5 * * *',
        date: { type: 'custom_cron', cron: '0 5 * * *' },
        time: { type: 'every_hour', interval: 1 }
      }
    }
  ],
  description: [{ description: 'text \n' }, { description: 'text' }],
  name: [{ name: ' Nightly ' }, { name: 'Nightly' }],
  target: [
    { settings: { threads: 4, target_name: ' x ' } },
    { settings: { threads: 4, target_name: 'x' } }
  ],
  version: [{ dbt_version: 'compatible' }, { dbt_version: 'latest' }],
  features: [
    { cost_optimization_features: ['state_aware_orchestration'] },
    { cost_optimization_features: [] }
  ],
  docs: [{ generate_docs: true }, { generate_docs: false }],
  lint: [{ run_lint: true }, { run_lint: false }],
  compare: [{ run_compare_changes: true }, { run_compare_changes: false }],
  'environment-name': [{ name: ' QA ' }, { name: 'QA' }],
  'environment-branch': [
    { use_custom_branch: true, custom_branch: 'main ' },
    { use_custom_branch: true, custom_branch: 'main' }
  ],
  'environment-version': [{ dbt_version: 'compatible' }, { dbt_version: 'latest' }],
  'environment-docs': [{ supports_docs: true }, { supports_docs: false }],
  'environment-state': [{ enable_dbt_state: true }, { enable_dbt_state: false }],
  'environment-history': [
    { enable_model_query_history: true },
    { enable_model_query_history: false }
  ]
}

const isEnvironment = (name: string): boolean => name.startsWith('environment-')

/** Writes a new object of the kind that the name is about, or an update of the one with this id. */
function write(at: World, name: string, changes: Body, id?: number): Reply {
  const update = id === undefined ? {} : { id }
  if (isEnvironment(name))
    return send(
      at,
      'POST',
      `${environmentsPath(at)}${id === undefined ? '' : `${id}/`}`,
      environmentBody(at, { ...changes, ...update })
    )
  const deferral = { deferring_environment_id: at.environment }
  return send(
    at,
    'POST',
    `${jobsPath(at)}${id === undefined ? '' : `${id}/`}`,
    jobBody(at, { ...deferral, ...changes, ...update })
  )
}

const read = (at: World, name: string, id: number): Shown =>
  send(at, 'GET', `${isEnvironment(name) ? environmentsPath(at) : jobsPath(at)}${id}/`).data

test('every rewrite that has a name is tried', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(REWRITES).sort())
})

describe.each(Object.entries(CASES))('%s', (name, [sent, stored]) => {
  test('is as it was sent where the account does not rewrite', () => {
    const at = world()
    expect(write(at, name, sent).data).toMatchObject(sent)
  })

  test('is stored otherwise, and nothing else is', () => {
    const plain = world()
    const at = rewriting(name)
    const { id } = write(plain, name, sent).data
    const { data } = write(at, name, sent)
    expect(data).toMatchObject(stored)
    expect(read(at, name, id)).toEqual(data)
    const differing = Object.keys(data).filter(
      (key) => JSON.stringify(data[key]) !== JSON.stringify(read(plain, name, id)[key])
    )
    const derived = ['cron_humanized', 'next_run', 'next_run_humanized']
    expect(differing.filter((key) => !derived.includes(key))).toEqual(
      Object.keys(stored).filter((key) => JSON.stringify(stored[key]) !== JSON.stringify(sent[key]))
    )
  })

  test('stays as it is when that is sent back, and is rewritten again by an update', () => {
    const at = rewriting(name)
    const { id } = write(at, name, sent).data
    expect(write(at, name, stored, id).data).toMatchObject(stored)
    expect(write(at, name, sent, id).data).toMatchObject(stored)
    expect(read(at, name, id)).toMatchObject(stored)
  })

  test('shows as it was sent where answers do not tell what is stored', () => {
    const at = world({ writeAnswers: 'as-sent', rewrites: REWRITES[name] ?? [] })
    const { data } = write(at, name, sent)
    expect(data).toMatchObject(sent)
    const held = read(at, name, data.id)
    expect(held).toMatchObject(stored)
    expect(held['updated_at']).toBe(data['updated_at'])
  })
})

describe('rewrites', () => {
  test('of several fields add up, and are those of one account', () => {
    const at = rewriting('threads', 'timeout')
    at.state = withRewrites(at.state, at.account, ['description'])
    const sent = {
      settings: { threads: 16, target_name: 'x' },
      execution: { timeout_seconds: 9000 },
      description: ' a '
    }
    expect(write(at, 'job', sent).data).toMatchObject({
      settings: { threads: 2 },
      execution: { timeout_seconds: 3600 },
      description: 'a'
    })
    expect(find(at.state.accounts, at.foreignAccount)?.features.rewrites).toEqual([])
  })

  test('can be spelt out', () => {
    const at = rewriting(
      { kind: 'job', field: 'settings.threads', to: { min: 8 } },
      { kind: 'job', field: 'compare_changes_flags', to: { value: '--select x' } },
      { kind: 'job', field: 'no.such.field', to: { value: 1 } },
      { kind: 'environment', field: 'name', to: { value: 'never a job' } }
    )
    const { data } = write(at, 'job', {})
    expect(data).toMatchObject({ settings: { threads: 8 }, compare_changes_flags: '--select x' })
    expect(data.name).toBe('New job')
    expect(Object.keys(data)).not.toContain('no')
  })

  test('leave alone what was there before', () => {
    const at = world()
    const { id } = write(at, 'threads', { settings: { threads: 16, target_name: 'x' } }).data
    at.state = withRewrites(at.state, at.account, ['threads'])
    expect(read(at, 'threads', id)).toMatchObject({ settings: { threads: 16 } })
  })

  test.each<[unknown, string]>([
    [{ kind: 'project', field: 'name', to: { trim: true } }, 'job or environment'],
    [{ kind: 'job', field: '', to: { trim: true } }, 'dotted path'],
    [{ kind: 'job', field: 'name', to: {} }, 'has one of'],
    [{ kind: 'job', field: 'name', to: { trim: true, max: 1 } }, 'has one of'],
    [{ kind: 'job', field: 'name', to: { trim: 1 } }, "'trim'"],
    [{ kind: 'job', field: 'name', to: { max: '1' } }, "'max'"],
    [{ kind: 'job', field: 'name', to: { instead: { a: 1 } } }, "'instead'"],
    [{ kind: 'job', field: 'name', to: { without: 'a' } }, "'without'"],
    [{ kind: 'job', field: 'name', to: { trim: true }, id: 1 }, "no key 'id'"],
    [7, 'name or a JSON object']
  ])('%j is none', (value, message) => {
    expect(() => parseRewrite(value as Json)).toThrow(message)
  })

  test('an unknown name says which there are', () => {
    expect(() => rewriting('thread')).toThrow('threads, timeout')
  })

  test('are set and taken back over HTTP', async () => {
    const sandbox = await startSandbox({ seed: blog() })
    try {
      const control = (method: string, body?: unknown): Promise<Response> =>
        fetch(`${sandbox.url}/_sandbox/rewrites`, {
          method,
          ...(body === undefined ? {} : { body: JSON.stringify(body) })
        })
      const active = (): unknown => find(sandbox.state().accounts, BLOG.account)?.features.rewrites
      expect((await control('POST', 'steps')).status).toBe(204)
      expect(active()).toEqual(REWRITES['steps'])
      expect((await control('POST', 'nothing')).status).toBe(400)
      await control('DELETE')
      expect(active()).toEqual([])
    } finally {
      await sandbox.close()
    }
  })
})

describe('updated_at', () => {
  test.each(['job', 'environment-name'])(
    'of a %s moves at each write, and the answer has it',
    (name) => {
      const at = world()
      const { id } = write(at, name, {}).data
      const moments = [1, 2, 3].map(() => {
        const { data } = write(at, name, {}, id)
        expect(read(at, name, id)['updated_at']).toBe(data['updated_at'])
        return data['updated_at'] as string
      })
      expect(new Set(moments).size).toBe(3)
      expect(moments).toEqual(moments.toSorted())
    }
  )

  test('of others stays where it is', () => {
    const at = world()
    const before = find(at.state.jobs, at.otherJob)
    write(at, 'job', {}, at.job)
    expect(find(at.state.jobs, at.otherJob)).toBe(before)
  })

  test('moves at a deletion too', () => {
    const at = world()
    const { id, ...made } = write(at, 'job', {}).data
    const { data } = send(at, 'DELETE', `${jobsPath(at)}${id}/`)
    const moments = [made['updated_at'], data['updated_at']] as string[]
    expect(moments).toEqual(moments.toSorted())
    expect(moments[0]).not.toBe(moments[1])
  })
})
