// A plan that somebody saw once, for another commit, at another time or on another pull request, is no reviewed plan.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { addPullRequest, approval, headCommit } from '../../e2e/github/state.ts'
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

let review: Review
beforeEach(async () => {
  review = await startReview()
})
afterEach(async () => {
  await review.close()
})

describe('a plan that is not the one that was merged', () => {
  it('of an earlier commit does not count, where the run for the last one failed or never came', async () => {
    await review.propose(inputs)
    addPullRequest(review.github.state, pull, { headRefOid: 'd'.repeat(40) })
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/was made for commit beef000, and the pull request went on to ddddddd/)
    )
  })

  it('of an earlier commit does not come back by a re-run', async () => {
    review.source('good')
    await review.propose(inputs)
    addPullRequest(review.github.state, pull, { headRefOid: 'd'.repeat(40) })
    await review.propose(inputs, proposalOf('d'.repeat(40)))
    const before = review.bodies
    review.source('evil')
    const old = await review.propose(inputs, proposal, { run: '77/2' })
    expect(old.log).toContain('The pull request has a newer commit than beef000')
    expect(review.bodies).toEqual(before)
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/another than the one on pull request #12/)
    )
  })

  it('of a commit that was forced away does not count', async () => {
    await review.propose(inputs)
    addPullRequest(review.github.state, pull, { headRefOid: 'd'.repeat(40) })
    await review.propose(inputs, proposalOf('d'.repeat(40)))
    // Back to the first commit; the run for it is cancelled.
    addPullRequest(review.github.state, pull, { headRefOid: headCommit })
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(stopped(/was made for commit ddddddd/))
  })

  it('that is made after the merge does not count, by no event', async () => {
    review.source('good')
    await review.propose(inputs)
    review.merge()
    review.source('evil')
    const late = await review.propose(inputs, proposal, { run: '77/2' })
    expect(late.ok).toBe(true)
    expect(review.bodies[0]).toContain('does not count as reviewed')
    await review.propose(
      { ...inputs, mode: 'plan' },
      {
        ...proposal,
        name: 'issue_comment',
        payload: { issue: { number: pull, pull_request: {} } }
      }
    )
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/another than the one on pull request #12/)
    )
  })

  it('that is made while the pull request is closed does not count', async () => {
    review.source('good')
    await review.propose(inputs)
    addPullRequest(review.github.state, pull, { state: 'CLOSED' })
    review.source('evil')
    await review.propose(inputs)
    expect(review.bodies[0]).toContain('The pull request is closed')
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/another than the one on pull request #12/)
    )
  })

  it('that changed after the approval, by a re-run, counts once it is approved again', async () => {
    const { state } = review.github
    review.source('good')
    await review.propose(inputs)
    addPullRequest(state, pull, { approvals: [approval('PRR_1')] })
    review.source('evil')
    await review.propose(inputs)
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/changed after the pull request was approved/)
    )
    addPullRequest(state, pull, { approvals: [approval('PRR_1'), approval('PRR_2')] })
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it('is still approved where it did not change, whatever failed in between', async () => {
    await review.propose(inputs)
    addPullRequest(review.github.state, pull, { approvals: [approval('PRR_1')] })
    await review.propose(inputs)
    await review.propose({ ...inputs, 'credentials-id': '1' })
    addPullRequest(review.github.state, pull, { headRefOid: 'd'.repeat(40) })
    await review.propose(inputs, proposalOf('d'.repeat(40)))
    review.merge()
    expect((await review.push(inputs)).ok).toBe(true)
  })
})

describe('a plan of another pull request', () => {
  it('of the same commits, which GitHub counts as merged too, does not decide', async () => {
    review.source('good')
    await review.propose(inputs)
    for (const evil of [11, 99]) {
      addPullRequest(review.github.state, evil)
      review.source('evil')
      await review.propose(inputs, proposalOf(headCommit, evil))
      addPullRequest(review.github.state, evil, {
        state: 'MERGED',
        mergeCommit: { oid: sha },
        commits: [sha]
      })
    }
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/another than the one on pull request #12/)
    )
  })

  it('that was merged into another branch does not count', async () => {
    addPullRequest(review.github.state, pull, { baseRefName: 'mallorys' })
    await review.propose(inputs)
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/No pull request was merged with commit/)
    )
    expect(
      endOf(await review.push(inputs, { ...pushed, name: 'workflow_dispatch' }, { branch: '' }))
    ).toEqual(stopped(/No pull request was merged with commit/))
  })

  it('that is open, or was closed without a merge, does not count', async () => {
    await review.propose(inputs)
    const apply = { ...inputs, mode: 'apply' }
    expect(endOf(await review.propose(apply))).toEqual(
      stopped(/pull request #12 is not merged yet/)
    )
    expect(
      endOf(
        await review.propose(apply, {
          ...proposal,
          name: 'issue_comment',
          payload: { issue: { number: pull, pull_request: {} } }
        })
      )
    ).toEqual(stopped(/pull request #12 is not merged yet/))
    addPullRequest(review.github.state, pull, { state: 'CLOSED' })
    expect(endOf(await review.propose(apply))).toEqual(stopped(/#12 was closed without a merge/))
    review.merge()
    expect((await review.propose(apply)).ok).toBe(true)
  })
})
