// Somebody who may comment, edit comments, push, re-run, open and close pull requests, and edit the source in dbt, but who
// may neither merge nor change workflows, tries to have a plan applied that nobody reviewed.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { actionsBot, addComment, type Actor, type Comment } from '../../e2e/github/state.ts'
import { BLOG } from '../../sandbox/index.ts'
import { headerLine, headerOf } from '../../src/report/comment-header.ts'
import type { Inputs } from '../../testing/runner/run-action.ts'
import {
  endOf,
  pull,
  pushed,
  reviewedInputs as inputs,
  startReview,
  stopped,
  type Review
} from '../../testing/worlds/review.ts'

const mallory: Actor = { __typename: 'User', login: 'mallory' }

let review: Review
beforeEach(async () => {
  review = await startReview()
})
afterEach(async () => {
  await review.close()
})

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
  review.source('evil')
  const { outputs } = await review.push({ mode: 'plan', comment: 'never' })
  return outputs['plan-hash'] ?? ''
}

it('applies what was reviewed', async () => {
  review.source('good')
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
      review.source('good')
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
      review.source('good')
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
    review.source('good')
    await review.propose(inputs)
    const [good = ''] = review.bodies
    review.source('evil')
    await review.propose(inputs)
    const [evil = ''] = review.bodies
    review.source('good')
    await review.propose(inputs)
    change({ body: evil, editor: mallory })
    review.merge()
    review.source('evil')
    expect(endOf(await review.push({ ...inputs, comment: 'never' }))).toEqual(
      stopped(/Somebody edited/)
    )
    change({ body: good, editor: mallory })
    review.source('good')
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
    review.source('evil')
    await review.propose(inputs)
    const [evil = ''] = review.bodies
    review.source('good')
    await review.propose(inputs)
    const [good = ''] = review.bodies
    const { state } = review.github
    review.merge()
    review.source('evil')
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
    review.source('evil')
    await review.propose(inputs)
    const [evil = ''] = review.bodies
    review.github.state.comments = []
    const id = addComment(review.github.state, pull, { body: evil })
    review.source('good')
    await review.propose(inputs)
    expect(review.github.state.comments.map((each) => each.id)).not.toContain(id)
    expect(review.bodies).toHaveLength(1)
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
