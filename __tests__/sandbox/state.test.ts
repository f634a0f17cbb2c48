// The state: builders, reading it from JSON, and that requests never change the one they are given.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  addAccount,
  addEnvironment,
  addJob,
  addProject,
  addVariable,
  emptyState,
  find,
  handle,
  parseState,
  type Json,
  type State
} from '../../sandbox/index.ts'
import { put, sorted } from '../../sandbox/table.ts'
import {
  deepFreeze,
  environmentBody,
  environmentsPath,
  jobBody,
  jobsPath,
  projectPath,
  send,
  TOKEN,
  world
} from '../../testing/worlds/small.ts'
import { runs } from '../../testing/effort.ts'

describe('tables', () => {
  test('keep their rows in order of id, wherever one is put', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 })), (ids) => {
        let rows: readonly { id: number; n: number }[] = []
        ids.forEach((id, n) => {
          const before = rows
          const copy = [...before]
          rows = put(rows, { id, n })
          expect(before).toEqual(copy)
          expect(find(rows, id)).toEqual({ id, n })
        })
        const expected = [...new Set(ids)].sort((a, b) => a - b)
        expect(rows.map((row) => row.id)).toEqual(expected)
        for (const id of [0, 51]) expect(find(rows, id)).toBeUndefined()
      })
    )
  })

  test('are sorted into that order', () => {
    expect(sorted([{ id: 70403103917002 }, { id: 3 }, { id: 70403103917001 }])).toEqual([
      { id: 3 },
      { id: 70403103917001 },
      { id: 70403103917002 }
    ])
  })
})

describe('builders', () => {
  test('an id that is given is taken, and later ones go above it', () => {
    const state = emptyState()
    const account = addAccount(state)
    const project = addProject(state, account, { id: 990_000_000 })
    expect(project).toBe(990_000_000)
    expect(addProject(state, account)).toBe(990_000_001)
    expect(addProject(state, account, { id: 5 })).toBe(5)
    expect(state.projects.map((row) => row.id)).toEqual([5, 990_000_000, 990_000_001])
  })

  test('an id that is taken, and a parent that is not there, are refused', () => {
    const at = world()
    expect(() => addJob(at.state, at.environment, { id: at.job })).toThrow(/already has id/)
    expect(() => addJob(at.state, 5)).toThrow('There is no environment 5.')
    expect(() => addEnvironment(at.state, 5)).toThrow('There is no project 5.')
    expect(() => addProject(at.state, 5)).toThrow('There is no account 5.')
  })

  test('the state that they are given gets new tables, rows of before stay as they are', () => {
    const at = world()
    const before = deepFreeze({ ...at.state })
    addJob(at.state, at.environment)
    expect(before.jobs).toHaveLength(2)
    expect(at.state.jobs).toHaveLength(3)
  })

  test('a job has the type that its triggers imply', () => {
    const at = world()
    const of = (triggers: { github_webhook: boolean; schedule: boolean; on_merge?: boolean }) => {
      const id = addJob(at.state, at.environment, { triggers })
      return find(at.state.jobs, id)?.job_type
    }
    expect(of({ github_webhook: true, schedule: false })).toBe('ci')
    expect(of({ github_webhook: false, schedule: true })).toBe('scheduled')
    expect(of({ github_webhook: false, schedule: false, on_merge: true })).toBe('merge')
    expect(of({ github_webhook: false, schedule: false })).toBe('other')
  })
})

describe('reading a state', () => {
  test('what is written comes back the same', () => {
    const { state } = world()
    expect(parseState(JSON.parse(JSON.stringify(state)) as Json)).toEqual(state)
  })

  test('rows may come in any order, and what is absent is as in an empty state', () => {
    const { state } = world()
    const json = JSON.parse(JSON.stringify({ jobs: state.jobs.toReversed() })) as Json
    expect(parseState(json)).toEqual({ ...emptyState(), jobs: state.jobs })
  })

  test.each([
    [null, 'A state is a JSON object.'],
    [[], 'A state is a JSON object.'],
    [{ job: [] }, "A state has no key 'job'."],
    [{ jobs: {} }, "'jobs' must be a list of objects with an integer id."],
    [{ jobs: [1] }, "'jobs' must be a list of objects with an integer id."],
    [{ jobs: [{ id: '1' }] }, "'jobs' must be a list of objects with an integer id."],
    [{ tokens: [] }, "'tokens' must be an object."]
  ] satisfies [Json, string][])('%j is none', (value, message) => {
    expect(() => parseState(value)).toThrow(message)
  })
})

describe('purity', () => {
  test('no request changes the state that it is given, and the same request gives the same answer', () => {
    const at = world()
    const { account, project, environment, job } = at
    const environmentPath = `${environmentsPath(at)}${environment}/`
    const jobPath = `${jobsPath(at)}${job}/`
    const bulk = `${projectPath(at)}environment-variables/bulk/`
    const attributes = { extended_attributes: { a: 1 } }
    addVariable(at.state, project, { name: 'DBT_OLD', project: 'a' })
    const requests = [
      ['GET', jobsPath(at), undefined],
      ['GET', jobPath, undefined],
      ['POST', jobsPath(at), jobBody(at)],
      ['POST', jobsPath(at), {}],
      ['POST', jobPath, jobBody(at, { id: job })],
      ['DELETE', jobPath, undefined],
      ['GET', environmentsPath(at), undefined],
      ['POST', environmentsPath(at), environmentBody(at)],
      ['POST', environmentPath, environmentBody(at, { extended_attributes_id: at.attributes })],
      ['DELETE', environmentPath, undefined],
      ['GET', projectPath(at), undefined],
      ['GET', `/api/v3/accounts/${account}/connections/`, undefined],
      ['GET', `/api/v3/accounts/${account}/projects/${project}/credentials/`, undefined],
      ['GET', `${projectPath(at)}environment-variables/environment/`, undefined],
      ['POST', bulk, { env_var: { new_name: 'DBT_NEW', project: 'a', Production: 'b' } }],
      ['PUT', bulk, { env_vars: { name: 'DBT_OLD', new_name: 'DBT_OLDER', Production: 'b' } }],
      ['DELETE', bulk, { name: 'DBT_NEW' }],
      ['PATCH', `${projectPath(at)}extended-attributes/${at.attributes}/`, attributes],
      ['POST', `${projectPath(at)}extended-attributes/`, attributes],
      ['GET', `${projectPath(at)}profiles/`, undefined],
      ['GET', '/nope', undefined]
    ] as const
    fc.assert(
      fc.property(fc.array(fc.nat(requests.length - 1), { maxLength: 12 }), (picks) => {
        let state: State = deepFreeze({ ...at.state, rateLimit: 8 })
        for (const pick of picks) {
          const [method, path, body] = requests[pick]!
          const request = deepFreeze({
            method,
            path,
            headers: { authorization: `Token ${TOKEN}`, 'content-type': 'application/json' },
            body: body === undefined ? undefined : JSON.stringify(body),
            now: state.clock
          })
          const text = JSON.stringify(state)
          const first = handle(state, request)
          expect(handle(state, request)).toEqual(first)
          expect(JSON.stringify(state)).toBe(text)
          // What is kept is plain JSON.
          expect(JSON.parse(JSON.stringify(first.state))).toEqual(first.state)
          state = deepFreeze(first.state)
        }
      }),
      { numRuns: runs(40, 120) }
    )
  })

  test('a write leaves every other row as it was, by identity', () => {
    const at = world()
    const before = at.state
    send(at, 'POST', jobsPath(at), jobBody(at))
    const { environments, jobs, ...rest } = at.state
    expect(environments).toBe(before.environments)
    expect(jobs.slice(0, 2)).toEqual(before.jobs)
    for (const row of before.jobs) expect(find(jobs, row.id)).toBe(row)
    expect(rest.nextIds.jobs).toBe(before.nextIds.jobs + 1)
  })
})
