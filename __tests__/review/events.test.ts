// Comments and reviews by the event that starts the run, and where several promotions or runs meet on one pull request.
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

  it.each(['one after the other', 'at once'])(
    'that can not be told apart, %s, share a comment that names label and approves nothing',
    async (how) => {
      const twins: readonly Inputs[] = [{}, { 'environment-name': 'elsewhere' }]
      const propose = async (leg: Inputs): Promise<readonly string[]> =>
        (await review.propose({ ...inputs, ...leg }, proposal, { run })).warnings
      const warnings =
        how === 'at once'
          ? await Promise.all(twins.map(propose))
          : [await propose(twins[0]!), await propose(twins[1]!)]
      expect(warnings.flat().join()).toContain('Give each of them a label of its own')
      expect(review.headers).toMatchObject([{ tells: 'several' }])
      expect(review.bodies[0]).toContain('a label of its own')
      review.merge()
      for (const leg of twins) {
        const { error, writes } = await review.push({ ...inputs, ...leg, comment: 'never' })
        expect(error).toMatch(/Several promotions share the comment on pull request #12/)
        expect(writes).toEqual([])
      }
    }
  )

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
    expect(review.operations.slice(before)).toEqual(['PullRequests', 'PullRequests'])
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
