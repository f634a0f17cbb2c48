// Comments and reviews by the event that starts the run, and where several promotions or runs meet on one pull request.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { addPullRequest, headCommit, merge } from '../../e2e/github/state.ts'
import type { Event } from '../../src/github/actions.ts'
import { editJob } from '../../testing/worlds/blog.ts'
import type { Inputs } from '../../testing/runner/run-action.ts'
import {
  proposal,
  proposalOf,
  pull,
  pushed,
  sha,
  startReview,
  type Review
} from '../../testing/worlds/review.ts'

const stagingJob = 59_426
const inputs: Inputs = { comment: '', 'reviewed-plan': 'comment' }
const run = '500/1'

let review: Review
beforeEach(async () => {
  review = await startReview()
})
afterEach(async () => {
  await review.close()
})

function sourceMoves(): void {
  editJob(review.sandbox, stagingJob, { execute_steps: ['dbt build'] })
}

describe('several promotions of one run', () => {
  const legs: readonly Inputs[] = [{ jobs: 'run-staging' }, { jobs: '*\n!run-staging' }]

  it('have a comment each where they select otherwise, and a leg that fails keeps to its own', async () => {
    for (const leg of legs) await review.propose({ ...leg, comment: 'always' }, proposal, { run })
    const before = review.headers
    expect(before).toHaveLength(2)
    expect(before.map(({ plan }) => plan?.counts)).toEqual([true, true])
    await review.propose({ ...legs[1], token: 'dbtc_wrong' }, proposal, { run: '501/1' })
    expect(review.headers).toHaveLength(2)
    expect(review.headers).toContainEqual(before[0])
  })

  const twins: readonly Inputs[] = [inputs, { ...inputs, 'environment-name': 'elsewhere' }]
  const [first = {}, second = {}] = twins

  it('that can not be told apart: the second is a problem that names label, and leaves the first alone', async () => {
    const one = await review.propose(first, proposal, { run })
    const { bodies } = review
    expect(one.ok).toBe(true)
    // Once more, by itself, and where it fails before it has a plan.
    for (const [more, again, reason] of [
      [{}, run, 'invalid-input'],
      [{}, '500/2', 'invalid-input'],
      [{ token: 'dbtc_wrong' }, run, 'unauthorized']
    ] as const) {
      const other = await review.propose({ ...second, ...more }, proposal, { run: again })
      expect(other.outputs['failure-reason']).toBe(reason)
      const told = [other.error, ...other.warnings].join()
      expect(told).toContain('Give each of them a label of its own')
      expect(review.bodies).toEqual(bodies)
    }
    review.merge()
    const refused = await review.push({ ...second, comment: 'never' })
    expect(refused.writes).toEqual([])
    expect(refused.error).toMatch(/another than the one on pull request #12/)
    expect(refused.error).toContain('give each a label of its own')
    expect((await review.push(first)).outputs['changed']).toBe('true')
  })

  it.each(['for the first time', 'once more'])(
    'that can not be told apart and plan at once, %s: one is red, and the plan of the other is shown',
    async (how) => {
      if (how === 'once more') await review.propose(first)
      const runs = await Promise.all(twins.map((leg) => review.propose(leg, proposal, { run })))
      const [green, ...others] = runs.filter(({ ok }) => ok)
      expect(others).toEqual([])
      const red = runs.find(({ ok }) => !ok)
      expect(red?.outputs['failure-reason']).toBe('invalid-input')
      expect(red?.summary).toContain('label')
      const hash = green?.outputs['plan-hash']
      expect(review.headers).toMatchObject([{ tells: hash, plan: { hash, counts: true } }])
    }
  )

  it('that can not be told apart, by a file of which the inputs show the name alone', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'legs-'))
    const config = path.join(folder, 'promote.yml')
    await writeFile(config, 'threads: 8')
    await review.propose({ ...inputs, config }, proposal, { run })
    const { bodies } = review
    await writeFile(config, 'threads: 9')
    const { outputs } = await review.propose({ ...inputs, config }, proposal, { run })
    await rm(folder, { recursive: true })
    expect(outputs['failure-reason']).toBe('invalid-input')
    expect(review.bodies).toEqual(bodies)
  })

  it.each(['', 'comment'])(
    'that can not be told apart are refused before they apply (reviewed-plan: %j)',
    async (reviewed) => {
      await review.propose(inputs)
      review.merge()
      const how = { comment: 'changes', 'reviewed-plan': reviewed }
      expect((await review.push(how, pushed, { run })).ok).toBe(true)
      const { bodies } = review
      const other = await review.push({ ...how, threads: '9' }, pushed, { run })
      expect(other.writes).toEqual([])
      expect(other.outputs['failure-reason']).toBe('invalid-input')
      expect(other.error).toMatch(/can not be told apart.* a label of its own/)
      expect(review.bodies).toEqual(bodies)
      // In a run of its own it is the same promotion, with another input.
      expect((await review.push({ comment: 'changes', threads: '9' })).ok).toBe(true)
    }
  )

  it('are no reason to wait for a GitHub that is away', async () => {
    review.merge()
    const respond = { status: 503, body: '' }
    review.github.addFault({ operation: 'PullRequests', times: 99, respond })
    const { ok, outputs, warnings } = await review.push({ comment: 'changes' }, pushed, { run })
    expect(ok).toBe(true)
    expect(outputs['changed']).toBe('true')
    expect(warnings.join()).toContain('503')
    // Once beforehand, and three times for the comment, as ever.
    expect(review.operations).toHaveLength(4)
  })

  it('of which one planned what the other one plans too are no problem', async () => {
    await review.propose(inputs, proposal, { run })
    const other = await review.propose({ ...inputs, 'max-changes': '99' }, proposal, { run })
    expect(other.ok).toBe(true)
    expect(review.headers).toHaveLength(1)
  })

  it('are one where they are the same', async () => {
    await review.propose(inputs, proposal, { run })
    const { warnings } = await review.propose(inputs, proposal, { run })
    expect(warnings.join()).not.toContain('label')
    review.merge()
    expect((await review.push(inputs)).ok).toBe(true)
  })
})

it('two runs that begin at once leave one comment, the newer', async () => {
  await Promise.all([review.propose(inputs), review.propose(inputs)])
  expect(review.headers).toMatchObject([{ plan: { counts: true } }])
  review.merge()
  expect((await review.push(inputs)).ok).toBe(true)
})

describe('a merge queue', () => {
  const ref = `refs/heads/gh-readonly-queue/main/pr-${String(pull)}-${'a'.repeat(40)}`
  const queued: Event = {
    name: 'merge_group',
    actor: 'octocat',
    payload: { ...pushed.payload, merge_group: { head_ref: ref, base_ref: 'refs/heads/main' } }
  }

  it('passes the plan that was reviewed, tells so, and lets it be applied after the merge', async () => {
    await review.propose(inputs)
    const [before] = review.headers
    const { ok } = await review.propose(inputs, queued)
    expect(ok).toBe(true)
    expect(review.headers).toMatchObject([{ ...before, run: '78/1' }])
    expect(review.bodies[0]).toContain('the plan of the merge queue')
    review.merge()
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it('stops another plan before the merge, and says what helps', async () => {
    await review.propose(inputs)
    const [before] = review.headers
    sourceMoves()
    const { outputs, error } = await review.propose(inputs, queued)
    expect(outputs['failure-reason']).toBe('plan-changed')
    expect(error).toContain('update the branch of the pull request')
    expect(review.headers).toMatchObject([{ plan: before?.plan, state: 'failed' }])
    // Without a review it only tells.
    expect((await review.propose({}, queued)).ok).toBe(true)
    expect((await review.propose({ ...inputs, mode: 'apply' }, queued)).error).toMatch(
      /#12 is not merged yet/
    )
  })

  it('may land two pull requests in one push', async () => {
    addPullRequest(review.github.state, 13)
    await review.propose(inputs)
    await review.propose(inputs, proposalOf(headCommit, 13))
    // The push is of the last commit; the first has one of its own.
    merge(review.github.state, pull, 'abba'.padEnd(40, '0'))
    merge(review.github.state, 13, sha)
    const { ok } = await review.push(inputs)
    expect(ok).toBe(true)
    expect(review.headers.map(({ state }) => state)).toEqual(['planned', 'applied'])
  })

  it('with a reference of another form belongs to no pull request', async () => {
    const odd = { merge_group: { head_ref: 'refs/heads/pr-12-abc' } }
    const { error } = await review.propose(inputs, { ...queued, payload: odd })
    expect(error).toMatch(/A run by the event "merge_group" belongs to no pull request/)
  })
})

describe('events without a pull request of their own', () => {
  it('by hand on the branch of an open pull request, plan for its review', async () => {
    addPullRequest(review.github.state, pull, { commits: [headCommit] })
    const byHand = { ...pushed, name: 'workflow_dispatch' }
    const here = { sha: headCommit, branch: 'feature' }
    await review.propose({ ...inputs, mode: 'plan' }, byHand, { ...here, branch: 'other' })
    expect(review.headers).toEqual([])
    await review.propose({ ...inputs, mode: 'plan' }, byHand, here)
    expect(review.headers).toMatchObject([{ plan: { head: headCommit, counts: true } }])
    review.merge()
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it.each(['push', 'workflow_dispatch', 'repository_dispatch', 'release'])(
    '%s applies what the merged pull request shows',
    async (name) => {
      await review.propose(inputs)
      review.merge()
      const branch = name === 'release' ? '' : 'main'
      const { ok } = await review.push(
        { ...inputs, mode: 'apply' },
        { ...pushed, name },
        { branch }
      )
      expect(ok).toBe(true)
      expect(review.headers).toMatchObject([{ state: 'applied' }])
    }
  )

  it('look for a pull request that GitHub does not know yet, for a minute after a push', async () => {
    await review.propose(inputs)
    review.merge()
    const nodes = { repository: { object: { associatedPullRequests: { nodes: [] } } } }
    const respond = { status: 200, body: JSON.stringify({ data: nodes }) }
    review.github.addFault({ operation: 'PullRequests', times: 3, respond })
    expect((await review.push(inputs)).ok).toBe(true)
    review.github.addFault({ operation: 'PullRequests', times: 999, respond })
    const before = review.operations.length
    await review.push({}, pushed, { run: '9/2' })
    await review.push({}, { ...pushed, name: 'workflow_dispatch' })
    const each = ['PullRequests', 'PullRequests']
    expect(review.operations.slice(before)).toEqual([...each, ...each])
  })
})

describe('what can not be reviewed is told in words that help', () => {
  it.each([
    ['of a fork', { isCrossRepository: true }],
    ['by Dependabot', { author: { __typename: 'Bot', login: 'dependabot' } }]
  ] as const)('a pull request %s', async (_who, given) => {
    addPullRequest(review.github.state, pull, given)
    review.merge()
    const { error } = await review.push(inputs)
    expect(error).toMatch(/no secrets to pull requests from forks and by Dependabot, so pull/)
    expect(error).toContain('Open a pull request, for which an empty commit is enough')
  })

  it('a token that may not read commits', async () => {
    const [token = ''] = Object.keys(review.github.state.tokens)
    const grants = review.github.state.tokens[token]!
    Object.assign(review.github.state.tokens, { [token]: { ...grants, contents: 'none' } })
    review.merge()
    const { error } = await review.push(inputs)
    expect(error).toMatch(/GitHub does not show this commit/)
    expect(error).toContain('contents: read and pull-requests: write')
  })
})

it('a token of an app on one event and that of the workflow on the other do', async () => {
  const app = 'ghs_of-an-app-0123456789abcdefghijklmnop'
  const grants = { login: 'promoter[bot]', pullRequests: 'write' }
  Object.assign(review.github.state.tokens, { [app]: grants })
  await review.propose({ ...inputs, 'github-token': app })
  await review.propose({ ...inputs, 'github-token': app })
  expect(review.headers).toHaveLength(1)
  review.merge()
  expect((await review.push(inputs)).ok).toBe(true)
  expect(review.headers.at(-1)).toMatchObject({ state: 'applied', plan: { counts: false } })
  expect((await review.push(inputs)).ok).toBe(true)
})
