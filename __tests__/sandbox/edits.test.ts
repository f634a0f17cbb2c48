// Edits: somebody else changes the account right before or right after a request.

import { describe, expect, test } from '@jest/globals'
import {
  addNotification,
  addRun,
  addUser,
  blog,
  BLOG,
  find,
  handleWithEdits,
  parseEdit,
  startSandbox,
  type ArmedEdit,
  type Edit,
  type Fault,
  type Json,
  type SandboxRequest
} from '../../sandbox/index.ts'
import {
  environmentsPath,
  jobBody,
  jobsPath,
  NOW,
  TOKEN,
  world,
  type World
} from '../../testing/worlds/small.ts'

const headers = { authorization: `Token ${TOKEN}`, 'content-type': 'application/json' }

const request = (method: string, path: string, body?: Json): SandboxRequest => ({
  method,
  path,
  headers,
  body: body === undefined ? undefined : JSON.stringify(body),
  now: NOW
})

/** Sends requests one after the other, with edits armed; returns what each was answered. */
function run(at: World, edits: readonly Edit[], ...requests: readonly SandboxRequest[]): Json[] {
  let armed: readonly ArmedEdit[] = edits.map((edit) => ({ edit, seen: 0 }))
  return requests.map((each) => {
    const handled = handleWithEdits(at.state, armed, [], each)
    at.state = handled.state
    armed = handled.edits
    const { outcome } = handled
    return outcome.kind === 'response' ? (JSON.parse(outcome.response.body) as Json) : null
  })
}

const update = (at: World): SandboxRequest =>
  request('POST', `${jobsPath(at)}${at.job}/`, jobBody(at, { id: at.job, name: 'Promoted' }))
const look = (at: World): SandboxRequest => request('GET', `${jobsPath(at)}${at.job}/`)

describe('a row that is set', () => {
  test('has the values before the request that is meant, and a time of its own', () => {
    const at = world()
    const before = find(at.state.jobs, at.job)!
    const edit: Edit = {
      nth: 2,
      method: 'GET',
      path: '*/jobs/*/',
      action: {
        kind: 'set',
        table: 'jobs',
        id: at.job,
        set: { 'settings.threads': 9, 'triggers.schedule': true }
      }
    }
    const [first, second] = run(at, [edit], look(at), look(at))
    expect(first).toMatchObject({ data: { settings: { threads: 4 } } })
    expect(second).toMatchObject({
      data: {
        settings: { threads: 9, target_name: 'default' },
        triggers: { schedule: true, github_webhook: false }
      }
    })
    const after = find(at.state.jobs, at.job)!
    expect(after.updated_at > before.updated_at).toBe(true)
  })

  test('after a request, it does not show in the answer', () => {
    const at = world()
    const action = { kind: 'set', table: 'jobs', id: at.job, set: { name: 'Edited' } } as const
    const [answer] = run(at, [{ when: 'after', action }], look(at))
    expect(answer).toMatchObject({ data: { name: 'Nightly' } })
    expect(find(at.state.jobs, at.job)?.name).toBe('Edited')
  })

  test('an update overwrites what was edited right before it', () => {
    const at = world()
    const action = { kind: 'set', table: 'jobs', id: at.job, set: { name: 'Edited' } } as const
    run(at, [{ action }], update(at))
    expect(find(at.state.jobs, at.job)?.name).toBe('Promoted')
  })

  test('gets more items in its lists: a second writer of a notification', () => {
    const at = world()
    const user_id = addUser(at.state, at.account)
    const id = addNotification(at.state, at.account, { user_id, on_failure: [at.job] })
    const add = { on_failure: [at.otherJob] }
    run(at, [{ action: { kind: 'set', table: 'notifications', id, add } }], look(at))
    expect(find(at.state.notifications, id)?.on_failure).toEqual([at.job, at.otherJob])
  })

  test('of an environment', () => {
    const at = world()
    const action = {
      kind: 'set',
      table: 'environments',
      id: at.environment,
      set: { custom_branch: 'hotfix' }
    } as const
    const path = `${environmentsPath(at)}${at.environment}/`
    expect(run(at, [{ action }], request('GET', path))).toMatchObject([
      { data: { custom_branch: 'hotfix' } }
    ])
  })
})

describe('somebody else', () => {
  test('deletes what is about to be written', () => {
    const at = world()
    const [answer] = run(
      at,
      [{ method: 'POST', action: { kind: 'delete', table: 'jobs', id: at.job } }],
      update(at)
    )
    expect(answer).toMatchObject({ status: { code: 404 } })
  })

  test('lets a run vanish', () => {
    const at = world()
    const id = addRun(at.state, at.job)
    const other = addRun(at.state, at.job)
    const runs = `/api/v2/accounts/${at.account}/runs/`
    const action = { kind: 'delete', table: 'runs', id } as const
    const [one, list] = run(
      at,
      [{ path: `*/runs/${id}/`, action }],
      request('GET', `${runs}${id}/`),
      request('GET', runs)
    )
    expect(one).toMatchObject({ status: { code: 404 } })
    expect(list).toMatchObject({ data: [{ id: other }] })
  })

  test('creates the same job a moment before', () => {
    const at = world()
    const create = request('POST', jobsPath(at), jobBody(at, { name: 'Twin' }))
    const count = at.state.jobs.length
    run(at, [{ method: 'POST', action: { kind: 'repeat' } }], create)
    const twins = at.state.jobs.filter(({ name }) => name === 'Twin')
    expect([at.state.jobs.length - count, twins.length]).toEqual([2, 2])
  })

  test('or one that differs, a moment after', () => {
    const at = world()
    const create = request('POST', jobsPath(at), jobBody(at, { name: 'Twin' }))
    const set = { description: 'mine', 'settings.threads': 2 }
    const [answer] = run(at, [{ when: 'after', action: { kind: 'repeat', set } }], create)
    const [first, second] = at.state.jobs.filter(({ name }) => name === 'Twin')
    expect(answer).toMatchObject({ data: { id: first?.id } })
    expect(second).toMatchObject({
      description: 'mine',
      settings: { threads: 2, target_name: 'default' }
    })
  })

  test('sends any other request', () => {
    const at = world()
    const action = {
      kind: 'request',
      method: 'DELETE',
      path: `${jobsPath(at)}${at.job}/`,
      token: TOKEN
    } as const
    expect(run(at, [{ action }], look(at))).toMatchObject([{ status: { code: 404 } }])
  })

  test('comes as often as is said, each time anew', () => {
    const at = world()
    const action = { kind: 'set', table: 'jobs', id: at.job, set: { name: 'Edited' } } as const
    const moments = [1, 2, 3].map(() => {
      run(at, [{ times: null, action }], update(at), look(at))
      return find(at.state.jobs, at.job)!.updated_at
    })
    expect(new Set(moments).size).toBe(3)
  })

  test('acts even where the request itself fails', () => {
    const at = world()
    const action = { kind: 'set', table: 'jobs', id: at.job, set: { name: 'Edited' } } as const
    const fault: Fault = { action: { kind: 'reset', when: 'before' } }
    const handled = handleWithEdits(
      at.state,
      [{ edit: { action }, seen: 0 }],
      [{ fault, seen: 0 }],
      update(at)
    )
    expect(handled.outcome).toEqual({ kind: 'reset' })
    expect(find(handled.state.jobs, at.job)?.name).toBe('Edited')
  })

  test('edits no row that there is not', () => {
    const at = world()
    const action = { kind: 'set', table: 'jobs', id: 1, set: {} } as const
    expect(() => run(at, [{ action }], look(at))).toThrow('There is no row 1 in jobs')
  })
})

describe('as JSON', () => {
  test.each<[unknown, string]>([
    ['x', 'JSON object'],
    [{ action: { kind: 'rename' } }, 'kind set, delete, repeat, request'],
    [{ action: { kind: 'set', table: 'jobs' } }, "'id'"],
    [{ action: { kind: 'delete', table: 'things', id: 1 } }, "'table' is one of"],
    [{ action: { kind: 'request', method: 'GET', path: '/' } }, "'token'"],
    [{ action: { kind: 'repeat' }, when: 'during' }, 'before or after'],
    [{ action: { kind: 'repeat' }, nth: 0 }, "'nth'"],
    [{ action: { kind: 'repeat' }, before: 1 }, "no key 'before'"],
    [{}, 'action']
  ])('%j is none', (value, message) => {
    expect(() => parseEdit(value as Json)).toThrow(message)
  })

  test('they are taken over HTTP, until they are taken back', async () => {
    const sandbox = await startSandbox({ seed: blog() })
    try {
      const edit = { action: { kind: 'set', table: 'jobs', id: BLOG.job, set: { name: 'Edited' } } }
      const name = (): string | undefined => find(sandbox.state().jobs, BLOG.job)?.name
      const send = (method: string, path: string, body?: unknown): Promise<Response> =>
        fetch(`${sandbox.url}${path}`, {
          method,
          headers: { authorization: `Token ${BLOG.token}` },
          ...(body === undefined ? {} : { body: JSON.stringify(body) })
        })
      const path = `/api/v2/accounts/${BLOG.account}/jobs/`
      expect((await send('POST', '/_sandbox/edits', edit)).status).toBe(204)
      await send('DELETE', '/_sandbox/edits')
      await send('GET', path)
      expect(name()).toBe('run-staging')
      sandbox.addEdit(parseEdit(edit))
      await send('GET', path)
      expect(name()).toBe('Edited')
      expect((await send('POST', '/_sandbox/edits', {})).status).toBe(400)
    } finally {
      await sandbox.close()
    }
  })
})
