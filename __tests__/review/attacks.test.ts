// Somebody who may comment, edit comments, push, re-run, open and close pull requests, and edit the source in dbt, but who
// may neither merge nor change workflows, tries to have a plan applied that nobody reviewed.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  actionsBot,
  addComment,
  addPullRequest,
  headCommit,
  type Actor,
  type Comment
} from '../../e2e/github/state.ts'
import { BLOG } from '../../sandbox/index.ts'
import { headerLine, headerOf } from '../../src/report/comment-header.ts'
import { editJob } from '../scenarios/blog-example.ts'
import type { ActionRun, Inputs } from '../support/run-action.ts'
import { proposal, proposalOf, pull, pushed, sha, startReview, type Review } from './world.ts'

const stagingJob = 59_426
const mallory: Actor = { __typename: 'User', login: 'mallory' }
const inputs: Inputs = { comment: '', 'reviewed-plan': 'comment' }

let review: Review
beforeEach(async () => {
  review = await startReview()
})
afterEach(async () => {
  await review.close()
})

/** Mallory puts something into the source, or takes it out again. */
function source(step: 'evil' | 'good'): void {
  editJob(review.sandbox, stagingJob, { execute_steps: [`dbt ${step}`] })
}

function change(given: Partial<Comment>, id = review.github.state.comments[0]?.id): void {
  const { state } = review.github
  state.comments = state.comments.map((each) => (each.id === id ? { ...each, ...given } : each))
}

/** The body with another hash in its header. */
function withHash(body: string, hash: string): string {
  const { header, seals } = headerOf(body)!
  const line = headerLine({ ...header, plan: { ...header.plan!, hash } }, seals)
  return [line, ...body.split('\n').slice(1)].join('\n')
}

async function evilHash(): Promise<string> {
  source('evil')
  const { outputs } = await review.push({ mode: 'plan', comment: 'never' })
  return outputs['plan-hash'] ?? ''
}

/** How a run ended, as far as it matters here. */
function endOf({ writes, outputs, error }: ActionRun): unknown {
  return { writes, reason: outputs['failure-reason'], error }
}

/** The end of a run that stopped before its first write. */
function stopped(message: RegExp): unknown {
  return { writes: [], reason: 'plan-changed', error: expect.stringMatching(message) as unknown }
}

it('applies what was reviewed', async () => {
  source('good')
  await review.propose(inputs)
  review.merge()
  expect((await review.push(inputs)).outputs['changed']).toBe('true')
})

describe('an edited comment', () => {
  const edits: readonly (readonly [string, (body: string, hash: string) => string])[] = [
    ['the hash', withHash],
    ['nothing but the text that people read', (body) => `${body}\nLooks good.`],
    ['nothing at all', (body) => body]
  ]
  it.each(edits)(
    'of which %s was edited counts no more, whatever runs after it',
    async (_what, edit) => {
      source('good')
      await review.propose(inputs)
      const hash = await evilHash()
      change({ body: edit(review.bodies[0] ?? '', hash), editor: mallory })
      review.merge()
      const [run, ...more] = [
        await review.push(inputs),
        await review.push({ ...inputs, token: 'dbtc_wrong' }),
        await review.push(inputs),
        await review.push(inputs, pushed, { run: '77/2' })
      ]
      expect(endOf(run)).toEqual(
        stopped(/Somebody edited the comment with the plan on pull request #12/)
      )
      for (const { writes } of more) expect(writes).toEqual([])
      expect(review.bodies).toHaveLength(1)
      source('good')
      expect(endOf(await review.push(inputs))).toEqual(
        stopped(/may still be applied|no plan of this promotion/)
      )
    }
  )

  it.each(edits)(
    'of which %s was edited is not laundered by a run that fails',
    async (_what, edit) => {
      await review.propose(inputs)
      const hash = headerOf(review.bodies[0] ?? '')?.header.plan?.hash ?? ''
      change({ body: edit(review.bodies[0] ?? '', hash), editor: mallory })
      review.merge()
      const unauthorized = { kind: 'respond', status: 401, body: '' } as const
      review.sandbox.addFault({ action: unauthorized })
      expect((await review.push(inputs)).ok).toBe(false)
      expect(endOf(await review.push(inputs))).toEqual(stopped(/may still be applied/))
      expect(endOf(await review.push(inputs))).toEqual(stopped(/may still be applied/))
    }
  )

  it('that was edited and restored by its author of before counts no more', async () => {
    source('good')
    await review.propose(inputs)
    const [good = ''] = review.bodies
    source('evil')
    await review.propose(inputs)
    const [evil = ''] = review.bodies
    source('good')
    await review.propose(inputs)
    change({ body: evil, editor: mallory })
    review.merge()
    source('evil')
    expect(endOf(await review.push({ ...inputs, comment: 'never' }))).toEqual(
      stopped(/Somebody edited/)
    )
    change({ body: good, editor: mallory })
    source('good')
    expect(endOf(await review.push({ ...inputs, comment: 'never' }))).toEqual(
      stopped(/Somebody edited/)
    )
  })

  it('is good again after a new plan on the pull request', async () => {
    await review.propose(inputs)
    change({ body: withHash(review.bodies[0] ?? '', 'f'.repeat(64)), editor: mallory })
    await review.propose(inputs)
    expect(review.bodies).toHaveLength(1)
    review.merge()
    expect((await review.push(inputs)).ok).toBe(true)
  })
})

describe('a header in another comment of the bot', () => {
  it('counts no more than one that anybody wrote, whether made up or copied', async () => {
    source('evil')
    await review.propose(inputs)
    const [evil = ''] = review.bodies
    source('good')
    await review.propose(inputs)
    const [good = ''] = review.bodies
    const { state } = review.github
    review.merge()
    source('evil')
    const hash = headerOf(evil)?.header.plan?.hash ?? ''
    // The comment that is genuine stands beside it, or was deleted.
    for (const held of [state.comments, []]) {
      for (const author of [actionsBot, mallory]) {
        for (const body of [evil, withHash(good, hash)]) {
          state.comments = held
          addComment(state, pull, { body, author })
          const run = await review.push({ ...inputs, comment: 'never' })
          expect(endOf(run)).toEqual(
            stopped(held.length > 0 ? /The plan is another than the one/ : /does not bear the seal/)
          )
        }
      }
    }
  })

  it('does not become genuine: what is not is replaced', async () => {
    source('evil')
    await review.propose(inputs)
    const [evil = ''] = review.bodies
    review.github.state.comments = []
    const id = addComment(review.github.state, pull, { body: evil })
    source('good')
    await review.propose(inputs)
    expect(review.github.state.comments.map((each) => each.id)).not.toContain(id)
    expect(review.bodies).toHaveLength(1)
  })
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
    source('good')
    await review.propose(inputs)
    addPullRequest(review.github.state, pull, { headRefOid: 'd'.repeat(40) })
    await review.propose(inputs, proposalOf('d'.repeat(40)))
    const before = review.bodies
    source('evil')
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
    source('good')
    await review.propose(inputs)
    review.merge()
    source('evil')
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
    source('good')
    await review.propose(inputs)
    addPullRequest(review.github.state, pull, { state: 'CLOSED' })
    source('evil')
    await review.propose(inputs)
    expect(review.bodies[0]).toContain('The pull request is closed')
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/another than the one on pull request #12/)
    )
  })

  it('that changed after the approval, by a re-run, counts once it is approved again', async () => {
    const { state } = review.github
    source('good')
    await review.propose(inputs)
    addPullRequest(state, pull, { approvals: ['PRR_1'] })
    source('evil')
    await review.propose(inputs)
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/changed after the pull request was approved/)
    )
    addPullRequest(state, pull, { approvals: ['PRR_1', 'PRR_2'] })
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it('is still approved where it did not change, whatever failed in between', async () => {
    await review.propose(inputs)
    addPullRequest(review.github.state, pull, { approvals: ['PRR_1'] })
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
    source('good')
    await review.propose(inputs)
    for (const evil of [11, 99]) {
      addPullRequest(review.github.state, evil)
      source('evil')
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

it('a plan is applied once: a re-run applies nothing that comes back', async () => {
  await review.propose(inputs)
  review.merge()
  const before = review.sandbox.state()
  expect((await review.push(inputs)).ok).toBe(true)
  review.sandbox.setState(before)
  expect(endOf(await review.push(inputs))).toEqual(stopped(/or it was applied already/))
  // A failure of any kind makes it no other.
  await review.push({ ...inputs, token: 'dbtc_wrong' })
  expect(endOf(await review.push(inputs))).toEqual(
    stopped(/may still be applied|does not bear the seal|no plan of/)
  )
})

it('a seal counts where both runs have one of their dbt tokens in common', async () => {
  const [one, two] = ['dbtc_one-0123456789abcdef', 'dbtc_two-0123456789abcdef']
  const state = review.sandbox.state()
  const grants = state.tokens[BLOG.token]!
  review.sandbox.setState({ ...state, tokens: { ...state.tokens, [one]: grants, [two]: grants } })
  const tokens = (source: string, target: string): Inputs => ({
    ...inputs,
    token: '',
    'source-token': source,
    'target-token': target
  })
  await review.propose(tokens(one, BLOG.token))
  review.merge()
  const other = { ...tokens(two, two), comment: 'never' }
  expect(endOf(await review.push(other))).toEqual(
    stopped(/does not bear the seal of this workflow/)
  )
  expect((await review.push(tokens(one, two))).ok).toBe(true)
})
