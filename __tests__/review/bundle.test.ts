// The committed bundle on a pull request and after its merge: GitHub's library is in it, and only loaded where needed.
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { workflowToken } from '../../e2e/github/state.ts'
import { blogInputs } from '../../testing/worlds/blog.ts'
import { runBundle, type BundleRun } from '../../testing/runner/bundle.ts'
import type { Inputs } from '../../testing/runner/run-action.ts'
import { proposal, pushed, sha, startReview, type Review } from '../../testing/worlds/review.ts'

let review: Review
let runs = 77
beforeEach(async () => {
  review = await startReview()
})
afterEach(async () => {
  await review.close()
})

async function bundle(
  event: typeof pushed,
  more: Inputs = {},
  run = String(runs++)
): Promise<BundleRun> {
  const inputs = {
    mode: 'auto',
    'github-token': workflowToken,
    'reviewed-plan': 'comment',
    ...more
  }
  return runBundle(blogInputs(review.sandbox, inputs), {
    sandbox: review.sandbox,
    event,
    environment: {
      GITHUB_API_URL: review.github.url,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_SHA: sha,
      GITHUB_REF_NAME: 'main',
      GITHUB_RUN_ID: run
    }
  })
}

it('plans in a comment, applies that plan alone, and shows the token nowhere', async () => {
  const plan = await bundle(proposal)
  expect(plan.exitCode).toBe(0)
  const hash = plan.outputs['plan-hash']
  expect(review.headers).toMatchObject([{ plan: { hash, run: '77/1' }, state: 'planned' }])

  review.merge()
  const other = await bundle(pushed, { threads: '9' })
  expect(other.exitCode).toBe(1)
  expect(other.outputs['failure-reason']).toBe('plan-changed')
  expect(other.writes).toEqual([])

  const same = await bundle(pushed)
  expect(same.exitCode).toBe(0)
  expect(same.outputs.changed).toBe('true')
  expect(review.headers).toMatchObject([{ plan: { hash, counts: false }, state: 'applied' }])
  expect(review.bodies[0]).toContain('actions/runs/79')

  const shown = [plan, other, same].flatMap(({ stdout, stderr, summary }) => [
    ...stdout.split('\n').filter((line) => !line.startsWith('::add-mask::')),
    stderr,
    summary
  ])
  expect(shown.join('\n') + review.bodies.join('\n')).not.toContain(workflowToken)
  expect(new Set(review.github.requests.map(({ authorization }) => authorization))).toEqual(
    new Set([`token ${workflowToken}`])
  )
})

it('stops the second of two promotions of a run that share a comment, in plan and in apply', async () => {
  const one = await bundle(proposal, {}, '500')
  const { bodies } = review
  const two = await bundle(proposal, { threads: '9' }, '500')
  expect([one.exitCode, two.exitCode]).toEqual([0, 1])
  expect(two.outputs['failure-reason']).toBe('invalid-input')
  expect(two.stdout).toMatch(/^::error::.*can not be told apart.*label of its own/m)
  expect(review.bodies).toEqual(bodies)

  review.merge()
  expect((await bundle(pushed, {}, '501')).outputs.changed).toBe('true')
  for (const reviewed of ['comment', '']) {
    const more = { threads: '9', 'reviewed-plan': reviewed, comment: 'changes' }
    const late = await bundle(pushed, more, '501')
    expect({ ...late, stdout: '' }).toMatchObject({ exitCode: 1, writes: [] })
    expect(late.outputs['failure-reason']).toBe('invalid-input')
  }
})

it('needs no GitHub where nothing is asked of it', async () => {
  const run = await bundle(pushed, { 'reviewed-plan': '' })
  expect(run.exitCode).toBe(0)
  expect(review.operations).toEqual([])
})
