// What GitHub answers when it can't or will not: what is repeated, after how long, and how the rest is told.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { getOctokit } from '@actions/github'
import { startGitHub, type GitHubFault, type GitHubServer } from '../../e2e/github/server.ts'
import { addPullRequest, emptyGitHub, workflowToken } from '../../e2e/github/state.ts'
import type { Time } from '../../src/dbt/time.ts'
import { openGitHub, type OpenGitHub } from '../../src/github/api.ts'
import { asking, GitHubFailure } from '../../src/github/ask.ts'
import { commentsQuery } from '../../src/github/queries.ts'
import { here } from '../../testing/runner/actions.ts'

const now = Date.UTC(2026, 0, 7, 12)
let server: GitHubServer
let github: OpenGitHub
let waits: number[]
const time: Time = {
  now: () => now,
  sleep: (milliseconds) => {
    waits.push(milliseconds)
    return Promise.resolve()
  },
  chance: () => 0
}

// The schema of GitHub is large: one server for all.
beforeAll(async () => {
  const state = emptyGitHub()
  addPullRequest(state, 12)
  server = await startGitHub(state)
})
afterAll(() => server.close())
beforeEach(async () => {
  waits = []
  github = await openGitHub({ ...here, apiUrl: server.url }, workflowToken, time)
})
afterEach(() => {
  server.clearFaults()
})

type Respond = GitHubFault['respond']
const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes.'
function refused(status: number, message: string, headers: Record<string, string> = {}): Respond {
  return { status, body: JSON.stringify({ message }), headers }
}
function faulty(error: object): Respond {
  return { status: 200, body: JSON.stringify({ data: null, errors: [error] }) }
}
function limited(remaining: string, inSeconds: number): Record<string, string> {
  const reset = String(now / 1000 + inSeconds)
  return { 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset }
}

const passing: readonly (readonly [string, Respond, number])[] = [
  ['the secondary limit, with a wait', refused(403, secondary, { 'retry-after': '7' }), 7000],
  ['the secondary limit, without one', refused(403, secondary), 60_000],
  ['too many requests', refused(429, 'Slow down'), 60_000],
  ['a limit that is soon over', refused(403, 'API rate limit exceeded', limited('0', 30)), 30_000],
  ['a limit in a good answer', faulty({ type: 'RATE_LIMITED', message: 'No.' }), 60_000],
  ['a fault in a good answer', faulty({ message: 'Something went wrong while executing' }), 1000],
  ['a page', { status: 502, body: '<html>Unicorn!</html>' }, 1000],
  ['a page that claims to be good', { status: 200, body: '<html>Unicorn!</html>' }, 1000],
  ['a broken answer', { status: 200, body: '{"data":' }, 1000],
  ['no answer', 'reset', 1000]
]
it.each(passing)('repeats a request after %s', async (_what, respond, wait) => {
  server.addFault({ operation: 'Comments', respond })
  await expect(github.comments(12, null)).resolves.toMatchObject({ state: 'OPEN', comments: [] })
  expect(waits).toEqual([wait])
})

it.each(passing)('tells %s as what it is, where it lasts', async (_what, respond) => {
  server.addFault({ operation: 'Comments', respond, times: 9 })
  const failure = await failureOf(github.comments(12, null))
  expect(waits).toHaveLength(2)
  expect(['rate-limited', 'internal']).toContain(failure.reason)
  expect(failure.remedy).not.toMatch(/permission/)
})

const lasting: readonly (readonly [string, Respond, string, RegExp])[] = [
  [
    'a limit that is long',
    refused(403, secondary, { 'retry-after': '3600' }),
    'rate-limited',
    /failed with 403: You have exceeded.*run this again after 3600 seconds/
  ],
  [
    'a permission that is missing',
    refused(403, 'Resource not accessible by integration', limited('4999', 30)),
    'unauthorized',
    /with 403: Resource not accessible.*contents: read and pull-requests: write/
  ],
  ['a bad token', refused(401, 'Bad credentials'), 'unauthorized', /with 401: Bad credentials/],
  [
    'a permission that is missing, in a good answer',
    faulty({ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }),
    'unauthorized',
    /failed: Resource not accessible.*pull-requests: write/
  ],
  [
    'a query that it does not take',
    faulty({ message: "Field 'x' doesn't exist" }),
    'internal',
    /Field/
  ],
  ['a bad request', refused(400, 'Problems parsing JSON'), 'internal', /with 400: Problems/]
]
it.each(lasting)('does not repeat a request after %s', async (_what, respond, reason, told) => {
  server.addFault({ operation: 'Comments', respond })
  const failure = await failureOf(github.comments(12, null))
  expect(waits).toEqual([])
  expect(failure.reason).toBe(reason)
  expect(`${failure.message}. ${failure.remedy}`).toMatch(told)
})

it('makes nothing twice: it repeats a creation only where nothing can have happened', async () => {
  const { id } = await github.comments(12, null)
  server.addFault({ operation: 'AddComment', respond: refused(403, secondary) })
  await github.addComment(id, 'one')
  expect(waits).toEqual([60_000])
  for (const respond of ['reset', { status: 502, body: '' }] as const) {
    server.clearFaults()
    server.addFault({ operation: 'AddComment', respond, commit: true })
    const failure = await failureOf(github.addComment(id, 'two'))
    expect(failure.mayHaveHappened).toBe(true)
  }
  expect(server.state.comments).toHaveLength(3)
})

it.each(['hang', 'stall'] as const)(
  'gives up a GitHub that does not answer (%s), at once the second time',
  async (respond) => {
    server.addFault({ operation: 'Comments', respond, times: 9 })
    const octokit = getOctokit(workflowToken, { baseUrl: server.url })
    const send = async (query: string, variables: Record<string, unknown>): Promise<unknown> =>
      octokit.graphql(query, variables)
    const ask = asking(send, { token: workflowToken, time, patience: 150 })
    const variables = { owner: 'acme', repository: 'analytics', number: 12 }
    const asked = { doing: 'Reading', query: commentsQuery, variables }
    const before = server.requests.length
    for (let n = 0; n < 3; n++) {
      const failure = await failureOf(ask(asked))
      expect(failure.message).toBe('Reading failed: GitHub did not answer within 0.15 seconds')
    }
    expect(server.requests.slice(before)).toHaveLength(1)
    expect(waits).toEqual([])
  }
)

async function failureOf(asked: Promise<unknown>): Promise<GitHubFailure> {
  const failure = await asked.catch((error: unknown) => error)
  if (!(failure instanceof GitHubFailure)) throw new Error('It did not fail as GitHub')
  return failure
}

it('asks once where it is to be brief, and looks for nothing again', async () => {
  server.addFault({ operation: 'Comments', respond: { status: 503, body: '' } })
  await expect(github.brief.comments(12, null)).rejects.toThrow('503')
  expect(await github.brief.pullRequestsOf('c0ffee'.padEnd(40, '0'), () => false)).toEqual([])
  expect(waits).toEqual([])
})
