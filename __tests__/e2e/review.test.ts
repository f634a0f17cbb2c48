// The workflow of README.md and the one that applies only what was reviewed, as GitHub runs them on a pull request and
// on its merge.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { runnable } from '../../e2e/example.ts'
import { workflowToken } from '../../e2e/github/state.ts'
import { runWorkflow, transcript, type WorkflowResult } from '../../e2e/run-workflow.ts'
import { BLOG } from '../../sandbox/index.ts'
import { editJob, production } from '../scenarios/blog-example.ts'
import { proposal, pull, pushed, sha, startReview, type Review } from '../review/world.ts'

const repository = join(import.meta.dirname, '../..')

let review: Review
let workspace: string
beforeEach(async () => {
  review = await startReview()
  workspace = mkdtempSync(join(tmpdir(), 'review-test-'))
  for (const path of ['action.yml', 'dist'])
    cpSync(join(repository, path), join(workspace, path), { recursive: true })
})
afterEach(async () => {
  await review.close()
  rmSync(workspace, { recursive: true })
})

/** Runs an example. */
async function runExample(example: string, event: typeof pushed): Promise<WorkflowResult> {
  const text = readFileSync(join(repository, 'examples', example), 'utf8')
  const file = join(workspace, example)
  writeFileSync(file, runnable(text, review.sandbox.url))
  const result = await runWorkflow({
    file,
    workspace,
    secrets: { DBT_TOKEN: BLOG.token },
    github: {
      repository: 'acme/analytics',
      event_name: event.name,
      event: event.payload,
      sha,
      ref: event === pushed ? 'refs/heads/main' : `refs/pull/${String(pull)}/merge`,
      token: workflowToken,
      api_url: review.github.url
    }
  })
  expect(JSON.stringify([result, review.bodies])).not.toContain(workflowToken)
  return result
}

describe.each(['promote.yml', 'reviewed.yml'])('examples/%s', (example) => {
  it('comments on the pull request, applies on its merge, and tells so', async () => {
    const plan = await runExample(example, proposal)
    if (plan.status !== 'success') throw new Error(transcript(plan))
    expect(review.headers).toMatchObject([{ state: 'planned' }])
    expect(production(review.sandbox).jobs).toEqual([])

    review.merge()
    const applied = await runExample(example, pushed)
    if (applied.status !== 'success') throw new Error(transcript(applied))
    expect(review.headers).toMatchObject([{ state: 'applied' }])
    const [job] = production(review.sandbox).jobs
    expect(review.bodies[0]).toContain(String(job?.id))
  })

  it('does what it says where the source moves before the merge', async () => {
    await runExample(example, proposal)
    review.merge()
    editJob(review.sandbox, 59_426, { execute_steps: ['dbt build'] })
    const { status } = await runExample(example, pushed)
    expect(status).toBe(example === 'promote.yml' ? 'success' : 'failure')
    expect(production(review.sandbox).jobs).toHaveLength(example === 'promote.yml' ? 1 : 0)
  })
})
