// A plan that people did see once must not be applied at another time: after an approval of something else, a second time,
// by an old run, or from a comment that a newer one had replaced. Who tries may do all but merge and change workflows.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  addPullRequest,
  approval,
  headCommit,
  merge,
  type Approval
} from '../../e2e/github/state.ts'
import type { Event } from '../../src/github/actions.ts'
import {
  endOf,
  proposal,
  proposalOf,
  pull,
  pushed,
  reviewedInputs as inputs,
  sha,
  startReview,
  stopped,
  type Review
} from '../../testing/worlds/review.ts'

const unapproved = stopped(/changed after the pull request was approved, so nobody approved it/)
const usedUp = stopped(/or it was applied already/)

let review: Review
beforeEach(async () => {
  review = await startReview()
})
afterEach(async () => {
  await review.close()
})

function approve(...approvals: readonly Approval[]): void {
  addPullRequest(review.github.state, pull, { approvals })
}

async function propose(step: 'evil' | 'good', event: Event = proposal): Promise<void> {
  review.source(step)
  await review.propose(inputs, event)
}

describe('a plan that changed after the approval', () => {
  const [one, two] = [approval('PRR_1'), approval('PRR_2')]
  const dismissed = { state: 'DISMISSED' } as const
  const refused: readonly (readonly [string, readonly Approval[]])[] = [
    ['the last approval is dismissed', [one, { ...two, ...dismissed }]],
    ['all approvals are dismissed', [one, two].map((each) => ({ ...each, ...dismissed }))],
    [
      'somebody approves who may not push',
      [one, two, approval('PRR_3', { authorCanPushToRepository: false })]
    ],
    ['a later approval is dismissed too', [one, two, approval('PRR_3', dismissed)]]
  ]

  it.each(refused)('does not count where %s, before the merge or after it', async (_how, then) => {
    for (const isLate of [false, true]) {
      await propose('good')
      approve(one, two)
      await propose('evil')
      if (!isLate) approve(...then)
      review.merge()
      expect(endOf(await review.push(inputs))).toEqual(unapproved)
      approve(...then)
      expect(endOf(await review.push(inputs, pushed, { run: '90/2' }))).toEqual(unapproved)
      addPullRequest(review.github.state, pull, { state: 'OPEN', mergeCommit: null, approvals: [] })
    }
    review.merge()
    approve(...then, approval('PRR_9'))
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it.each(['labeled', 'converted_to_draft', 'ready_for_review', 'reopened', 'synchronize'])(
    'does not count, whichever event made it: %s',
    async (action) => {
      await propose('good')
      approve(one)
      await propose('evil', { ...proposal, payload: { ...proposal.payload, action } })
      review.merge()
      expect(endOf(await review.push(inputs))).toEqual(unapproved)
    }
  )

  it('is not approved by who approved while there was none to be seen', async () => {
    await propose('evil')
    // Twice, since the second failure must not pass for what was seen.
    await review.propose({ ...inputs, 'credentials-id': '1' })
    approve(one)
    await review.propose({ ...inputs, 'credentials-id': '1' })
    await propose('evil')
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(unapproved)
    approve(one, two)
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it('is not what was approved where its comment was deleted in between', async () => {
    await propose('evil')
    review.github.state.comments = []
    await propose('good')
    approve(one)
    review.github.state.comments = []
    await propose('evil')
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(unapproved)
  })
})

describe('a plan is applied once', () => {
  const away = {
    operation: 'UpdateComment',
    times: 99,
    respond: { status: 503, body: '' }
  } as const

  it.each(['the run ends before it can tell', 'nothing is to be told'])(
    'also where %s',
    async (how) => {
      await propose('good')
      review.merge()
      const before = review.sandbox.state()
      if (how.includes('ends')) review.github.addFault({ ...away, nth: 2 })
      const policy = how.includes('ends') ? {} : { comment: 'never' }
      expect((await review.push({ ...inputs, ...policy })).outputs['changed']).toBe('true')
      review.github.clearFaults()
      expect(review.bodies[0]).toContain('dbt good')
      // Somebody takes it back, since it was wrong, and somebody else runs that again.
      review.sandbox.setState(before)
      expect(endOf(await review.push(inputs, pushed, { run: '90/2' }))).toEqual(usedUp)
      // A run that was refused brings nothing back either.
      expect(endOf(await review.push(inputs, pushed, { run: '90/3' }))).toEqual(usedUp)
    }
  )

  it('or not at all, where GitHub does not take that it is used up', async () => {
    await propose('good')
    review.merge()
    review.github.addFault(away)
    const { writes, outputs } = await review.push(inputs)
    expect(writes).toEqual([])
    expect(outputs['failure-reason']).toBe('internal')
    review.github.clearFaults()
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it('but may be tried again by a run of which the write failed', async () => {
    await propose('good')
    review.merge()
    const words = { user_message: 'The request was invalid.', developer_message: '' }
    const body = { status: { code: 400, is_success: false, ...words }, data: null }
    const refused = { kind: 'respond', status: 400, body } as const
    review.sandbox.addFault({ method: 'POST', path: '*/environments/', action: refused })
    const { outputs } = await review.push(inputs)
    expect(outputs).toMatchObject({ 'failure-reason': 'apply-failed', changed: 'false' })
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it('with another token for GitHub too: what it replaced does not come back', async () => {
    const app = 'ghs_of-an-app-0123456789abcdefghijklmnop'
    const grants = { login: 'promoter[bot]', pullRequests: 'write' }
    Object.assign(review.github.state.tokens, { [app]: grants })
    review.source('evil')
    await review.propose({ ...inputs, 'github-token': app })
    await propose('good')
    expect(review.headers).toHaveLength(1)
    review.merge()
    const before = review.sandbox.state()
    expect((await review.push({ ...inputs, 'github-token': app })).ok).toBe(true)
    review.sandbox.setState(before)
    review.github.state.comments = review.github.state.comments.slice(0, -1)
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/comments on pull request #12 show no plan of this promotion/)
    )
  })

  it('and never where its comment is gone, or the run was cancelled before it had one', async () => {
    await propose('good')
    review.github.addFault({ ...away, operation: 'Comments' })
    await propose('evil')
    review.github.clearFaults()
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(stopped(/another than the one on pull/))
    review.github.state.comments = []
    const none = stopped(/show no plan of this promotion|holds no plan that may/)
    expect(endOf(await review.push({ ...inputs, mode: 'plan' }))).toMatchObject({ writes: [] })
    expect(endOf(await review.push(inputs))).toEqual(none)
    await propose('evil')
    expect(endOf(await review.push(inputs))).toEqual(none)
  })
})

describe('an old run', () => {
  const old = 'abba'.padEnd(40, '0')

  it('does not apply what was never applied, once something else was merged', async () => {
    await propose('evil')
    merge(review.github.state, pull, old)
    addPullRequest(review.github.state, 13)
    await propose('good', proposalOf(headCommit, 13))
    merge(review.github.state, 13, sha)
    review.source('evil')
    const workflow = { run: '50/2', sha: old }
    const again = await review.push({ ...inputs, comment: 'never' }, pushed, workflow)
    expect(endOf(again)).toEqual(stopped(/re-run for commit abba000.* went on to c0ffee0/))
  })

  it('does, while nothing else was merged', async () => {
    await propose('good')
    review.merge()
    review.sandbox.addFault({ action: { kind: 'respond', status: 401, body: '' } })
    expect((await review.push(inputs, pushed, { run: '50/1' })).ok).toBe(false)
    expect((await review.push(inputs, pushed, { run: '50/2' })).ok).toBe(true)
  })

  it('is the newest only if GitHub says so', async () => {
    await propose('good')
    review.merge()
    for (const tips of [{}, { 'refs/heads/main': old }]) {
      review.github.state.tips = tips
      const { bodies } = review
      const again = await review.push({ ...inputs, comment: 'never' }, pushed, { run: '50/2' })
      expect(endOf(again)).toEqual(stopped(/re-run for commit c0ffee0/))
      expect(review.bodies).toEqual(bodies)
    }
  })
})

it('a plan of another label is another plan', async () => {
  await review.propose({ ...inputs, label: 'a' })
  review.merge()
  for (const label of ['', 'b'])
    expect(endOf(await review.push({ ...inputs, label }))).toEqual(
      stopped(/show no plan of this promotion/)
    )
  expect((await review.push({ ...inputs, label: 'a' })).ok).toBe(true)
})
