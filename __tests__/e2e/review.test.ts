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
import { editJob, production } from '../../testing/worlds/blog.ts'
import {
  proposal,
  pull,
  pushed,
  sha,
  startReview,
  type Review
} from '../../testing/worlds/review.ts'

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

let runs = 0

/** Runs an example. */
async function runExample(
  example: string,
  event: typeof pushed,
  secrets: Readonly<Record<string, string>> = {},
  change: (text: string) => string = (text) => text
): Promise<WorkflowResult> {
  const text = readFileSync(join(repository, 'examples', example), 'utf8')
  const file = join(workspace, example)
  writeFileSync(file, runnable(change(text), review.sandbox.url))
  const result = await runWorkflow({
    file,
    workspace,
    secrets: {
      DBT_TOKEN: BLOG.token,
      DBT_READ_TOKEN: BLOG.token,
      DBT_WRITE_TOKEN: BLOG.token,
      ...secrets
    },
    github: {
      repository: 'acme/analytics',
      event_name: event.name,
      event: event.payload,
      sha,
      run_id: String(++runs),
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

describe('examples/approval.yml', () => {
  const example = 'approval.yml'

  it('applies what its first job planned, and nothing where nothing changes', async () => {
    await runExample(example, proposal)
    review.merge()
    for (const applied of ['success', 'skipped']) {
      const result = await runExample(example, pushed)
      if (result.jobs['apply']?.status !== applied) throw new Error(transcript(result))
      expect(production(review.sandbox).jobs).toHaveLength(1)
    }
  })

  it('applies nothing where the hash is emptied, since it holds a secret, but for what else is emptied', async () => {
    const plan = await runExample(example, proposal)
    const hash = plan.jobs['plan']?.outputs['plan-hash'] ?? ''
    review.merge()
    const stopped = await runExample(example, pushed, { PIN: hash.slice(3, 7) })
    expect(stopped.jobs['plan']?.outputs).toEqual({ 'has-changes': 'true' })
    expect(stopped.jobs['apply']?.status).toBe('failure')
    expect(production(review.sandbox).jobs).toEqual([])

    const applied = await runExample(example, pushed, { PIN: 'tru' })
    expect(applied.jobs['plan']?.outputs).toEqual({ 'plan-hash': hash })
    expect(applied.jobs['apply']?.status).toBe('success')
    expect(production(review.sandbox).jobs).toHaveLength(1)
  })

  it('has the action itself stop where the workflow has no guard', async () => {
    await runExample(example, proposal)
    review.merge()
    const unguarded = (text: string): string =>
      text
        .replace(/ {6}- if: needs\.plan.*\n(?: {8,}.*\n)+/, '')
        .replace(/\$\{\{ needs\.plan\.outputs\.plan-hash \}\}/, "''")
    const run = await runExample(example, pushed, {}, unguarded)
    expect(run.jobs['apply']?.status).toBe('failure')
    expect(transcript(run)).toContain(
      'The input expected-plan-hash is empty, so no plan may be applied.'
    )
  })
})
