// Reading a side: what it holds, in how few requests, and what is said when it is not there.
import { describe, expect, it } from '@jest/globals'
import {
  addAccount,
  addConnection,
  addCredentials,
  addEnvironment,
  addJob,
  addProject,
  addToken,
  BLOG,
  blog,
  emptyState,
  THOUSAND,
  thousand,
  type State
} from '../../sandbox/index.ts'
import type { DbtClient } from '../../src/dbt/client.ts'
import { readSnapshot } from '../../src/dbt/snapshot.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Needs, Snapshot } from '../../src/kinds/snapshot.ts'
import type { HttpAnswer, HttpRequest } from '../../src/dbt/transport.ts'
import type { Side } from '../../src/model/spec.ts'
import { countedClient, type CountedClient } from '../../testing/counted-client.ts'

const origin = 'https://ab123.us1.dbt.com'
const account = 28_885
const token = 'dbtc_test'
const nothingElse: Needs = { credentials: [], owned: [], connections: false, overrides: false }

function world(build: (state: State, account: number) => void): State {
  const state = emptyState()
  addAccount(state, { id: account })
  addToken(state, token, account)
  build(state, account)
  return state
}

function read(
  state: State,
  project: Side['project'],
  alter?: (request: HttpRequest, answer: HttpAnswer) => HttpAnswer
) {
  const counted = countedClient(state, token, { account, ...(alter ? { alter } : {}) })
  const snapshot = readSnapshot(counted.client, { origin, account, project }, nothingElse)
  return { counted, snapshot }
}

async function failure(
  state: State,
  project: Side['project'],
  alter?: (request: HttpRequest, answer: HttpAnswer) => HttpAnswer
): Promise<Failure> {
  const error = await read(state, project, alter).snapshot.then(
    () => {
      throw new Error('It succeeded')
    },
    (thrown: unknown) => thrown
  )
  if (!(error instanceof Failure)) throw error
  return error
}

describe('a snapshot', () => {
  it('is the project with its environments and jobs, and no other', async () => {
    const counted = countedClient(blog(), BLOG.token, { account: BLOG.account })
    const side = { origin, account: BLOG.account, project: { id: BLOG.developmentProject } }
    const snapshot = await readSnapshot(counted.client, side, nothingElse)
    expect(snapshot).toMatchObject({
      origin,
      account: BLOG.account,
      project: {
        id: BLOG.developmentProject,
        name: 'Development project',
        repository: { cloneStrategy: 'github_app' }
      }
    })
    expect(snapshot.environments.map(({ id, name }) => [id, name])).toEqual([
      [BLOG.developmentEnvironment, 'Development'],
      [BLOG.stagingEnvironment, 'dev-staging']
    ])
    expect(snapshot.jobs.map(({ id, name }) => [id, name])).toEqual([[BLOG.job, 'run-staging']])
  })

  it('leaves out what is deleted, even where the API lists it', async () => {
    const state = world((each) => {
      const project = addProject(each, account, { id: 1 })
      const environment = addEnvironment(each, project, { id: 10, name: 'a' })
      addEnvironment(each, project, { id: 11, name: 'b' })
      addJob(each, environment, { id: 100 })
      addJob(each, environment, { id: 101 })
    })
    const { snapshot } = read(state, { id: 1 }, (_request, answer) => {
      const body = JSON.parse(answer.body) as { data: { id: number } | { id: number }[] }
      const data = [body.data].flat().map((each) => ({
        ...each,
        ...([11, 101].includes(each.id) ? { state: 2 } : {})
      }))
      return {
        ...answer,
        body: JSON.stringify({ ...body, data: Array.isArray(body.data) ? data : data[0] })
      }
    })
    const { environments, jobs } = await snapshot
    expect(environments.map(({ id }) => id)).toEqual([10])
    expect(jobs.map(({ id }) => id)).toEqual([100])
  })

  it('leaves out what belongs to another project, even where the filter is ignored', async () => {
    const state = world((each) => {
      addJob(each, addEnvironment(each, addProject(each, account, { id: 1 }), { id: 10 }), {
        id: 100
      })
      addJob(each, addEnvironment(each, addProject(each, account, { id: 2 }), { id: 20 }), {
        id: 200
      })
    })
    const unfiltered = countedClient(state, token, { account })
    const { list } = unfiltered.client
    const client: DbtClient = {
      ...unfiltered.client,
      list: (request, doing) => list({ ...request, query: { order_by: 'id' } }, doing)
    }
    const { jobs } = await readSnapshot(
      client,
      { origin, account, project: { id: 1 } },
      nothingElse
    )
    expect(jobs.map(({ id }) => id)).toEqual([100])
  })

  it('keeps what does not tell its project', async () => {
    const state = world((each) => {
      addEnvironment(each, addProject(each, account, { id: 1 }), { id: 10 })
    })
    const { snapshot } = read(state, { id: 1 }, (_request, answer) => ({
      ...answer,
      body: answer.body.replaceAll('"project_id":1,', '')
    }))
    expect((await snapshot).environments.map(({ id }) => id)).toEqual([10])
  })
})

describe('its cost', () => {
  const large = (
    count: number,
    project: Side['project']
  ): CountedClient & { done: Promise<unknown> } => {
    const counted = countedClient(thousand(count), THOUSAND.token, { account: THOUSAND.account })
    const side = { origin, account: THOUSAND.account, project }
    return { ...counted, done: readSnapshot(counted.client, side, nothingElse) }
  }

  it.each([
    [0, 1, 3],
    [99, 1, 3],
    // A full page may be told its own length for a total, so what comes after it is asked for.
    [100, 2, 4],
    [101, 2, 4],
    [350, 2, 6],
    [1000, 2, 12]
  ])('with %i jobs, by id: %i rounds, %i requests', async (count, rounds, requests) => {
    const counted = large(count, { id: THOUSAND.sourceProject })
    await counted.done
    expect(counted.rounds).toHaveLength(rounds)
    expect(counted.sent()).toBe(requests)
  })

  it.each([
    [0, 2, 3],
    [350, 3, 6]
  ])('with %i jobs, by name: %i rounds, %i requests', async (count, rounds, requests) => {
    const counted = large(count, { name: 'Large source' })
    await counted.done
    expect(counted.rounds).toHaveLength(rounds)
    expect(counted.sent()).toBe(requests)
  })
})

describe('what is looked up besides', () => {
  const needs = (credentials: readonly number[], connections = false): Needs => ({
    ...nothingElse,
    credentials,
    connections,
    overrides: false
  })
  const credentialsPath = '/credentials/'

  function target(): State {
    return world((each) => {
      addProject(each, account, { id: 1 })
      addProject(each, account, { id: 2 })
      addCredentials(each, 1, { id: 11 })
      addCredentials(each, 2, { id: 22 })
      addConnection(each, account, { id: 31, name: 'Snowflake' })
      addConnection(each, account, { id: 32, name: 'BigQuery' })
    })
  }

  function lookUp(
    wanted: Needs,
    alter?: (request: HttpRequest, answer: HttpAnswer) => HttpAnswer
  ): Promise<Snapshot> {
    const counted = countedClient(target(), token, {
      account,
      role: 'target',
      ...(alter ? { alter } : {})
    })
    return readSnapshot(counted.client, { origin, account, project: { id: 1 } }, wanted)
  }

  it('are the credentials that the spec names: of the project or not', async () => {
    const { credentials } = await lookUp(needs([11, 22, 99]))
    expect([...credentials]).toEqual([
      [11, 'own'],
      [22, 'foreign'],
      [99, 'foreign']
    ])
  })

  it.each([403, 404])('are unknown where the token may see none: %i', async (status) => {
    const { credentials } = await lookUp(needs([11]), ({ path }, answer) =>
      path.includes(credentialsPath) ? { ...answer, status, body: '{}' } : answer
    )
    expect([...credentials]).toEqual([[11, 'unknown']])
  })

  it('are foreign where the API answers with others', async () => {
    const { credentials } = await lookUp(needs([11]), ({ path }, answer) =>
      path.includes(credentialsPath)
        ? { ...answer, body: answer.body.replace('"project_id":1', '"project_id":2') }
        : answer
    )
    expect([...credentials]).toEqual([[11, 'foreign']])
  })

  it('fail the run where the API fails', async () => {
    const failing = lookUp(needs([11]), ({ path }, answer) =>
      path.includes(credentialsPath) ? { ...answer, status: 500, body: '{}' } : answer
    )
    await expect(failing).rejects.toMatchObject({ status: 500 })
  })

  it('are the connections of the account, only on request', async () => {
    expect((await lookUp(needs([]))).connections).toEqual([])
    expect((await lookUp(needs([], true))).connections).toEqual([
      { id: 31, name: 'Snowflake' },
      { id: 32, name: 'BigQuery' }
    ])
  })
})

describe('a project by name', () => {
  const state = world((each) => {
    addProject(each, account, { id: 1, name: 'Analytics' })
    addProject(each, account, { id: 2, name: 'Analytics – EU' })
    addProject(each, account, { id: 3, name: 'Twins' })
    addProject(each, account, { id: 4, name: 'Twins' })
    addProject(each, account, { id: 5, name: 'Reborn', state: 2 })
    addProject(each, account, { id: 6, name: 'Reborn' })
    addProject(each, account, { id: 7, name: 'Gone', state: 2 })
    addProject(each, account, { id: 8, name: '  Padded ' })
  })

  it.each([
    ['Analytics', 1],
    ['Padded', 8],
    ['Analytics – EU', 2],
    ['Reborn', 6]
  ])('%j is %i', async (name, id) => {
    expect((await read(state, { name }).snapshot).project.id).toBe(id)
  })

  it.each(['Analytic', 'analytics', 'Gone', 'A', '*'])('%j is none', async (name) => {
    const error = await failure(state, { name })
    expect(error).toMatchObject({ reason: 'not-found' })
    expect(error.message).toBe(
      `The account has no project "${name}" that the token in input token may see.`
    )
    expect(error.remedy).toContain('source-project')
  })

  it('that is none of a few is not told that there is none', async () => {
    expect((await failure(state, { name: 'Zzz' })).remedy).not.toContain('none to choose')
  })

  it('that is none lists near names', async () => {
    expect((await failure(state, { name: 'analytics' })).remedy).toContain('"Analytics"')
  })

  it('that is several is refused with their ids', async () => {
    const error = await failure(state, { name: 'Twins' })
    expect(error).toMatchObject({
      reason: 'not-found',
      message: 'The account has 2 projects named "Twins": 3, 4.',
      remedy: 'Give the id in source-project.'
    })
  })
})

describe('a project by id', () => {
  const state = world((each) => {
    addProject(each, account, { id: 1, name: 'Analytics' })
  })

  it('that does not exist', async () => {
    const error = await failure(state, { id: 2 })
    expect(error.reason).toBe('not-found')
    // Three requests fail; the one for the project says it best.
    expect(error.message).toMatch(
      /^Reading the source project \(GET \S+\/projects\/2\/\) failed with 404: /
    )
  })

  it('that is deleted', async () => {
    const error = await failure(state, { id: 1 }, ({ path }, answer) =>
      path.endsWith('/projects/1/')
        ? { ...answer, body: answer.body.replace('"state":1', '"state":2') }
        : answer
    )
    expect(error).toMatchObject({
      reason: 'not-found',
      message: 'The source project 1 "Analytics" is deleted.'
    })
  })

  it('whose token is wrong', async () => {
    const counted = countedClient(state, 'other', { account })
    const side = { origin, account, project: { id: 1 } }
    await expect(readSnapshot(counted.client, side, nothingElse)).rejects.toMatchObject({
      reason: 'unauthorized'
    })
  })
})

describe('an answer of another shape', () => {
  const state = world((each) => {
    const environment = addEnvironment(each, addProject(each, account, { id: 1 }), { id: 10 })
    addJob(each, environment, { id: 100 })
  })

  it.each([
    ['/projects/1/', '"name":"Project 1"', '"name":null', 'project 1: name should be a text'],
    [
      '/environments/',
      '"name":"Environment 10"',
      '"name":7',
      'environment 10: name should be a text'
    ],
    ['/environments/', '"id":10,', '"id":"10",', 'an environment: id should be an id'],
    [
      '/environments/',
      '"state":1',
      '"state":"x"',
      'environment 10: state should be a whole number'
    ],
    ['/jobs/', '"id":100,', '"id":0,', 'a job: id should be an id'],
    [
      '/jobs/',
      '"environment_id":10',
      '"environment_id":null',
      'job 100: environment_id should be an id'
    ],
    ['/jobs/', '"state":1', '"state":true', 'job 100: state should be a whole number']
  ])('in %s: %s as %s', async (where, from, to, complaint) => {
    const error = await failure(state, { id: 1 }, ({ path }, answer) => {
      if (!path.split('?')[0]?.endsWith(where)) return answer
      if (!answer.body.includes(from)) throw new Error(`${answer.body} has no ${from}`)
      return { ...answer, body: answer.body.replace(from, to) }
    })
    expect(error.reason).toBe('internal')
    expect(error.message).toContain(`the answer has an unexpected shape: ${complaint}`)
  })
})
