// Only what was reviewed is applied: the plan of the comment, of a file, or of a hash.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { BLOG } from '../../sandbox/index.ts'
import { editJob } from '../../testing/worlds/blog.ts'
import type { ActionRun, Inputs } from '../../testing/runner/run-action.ts'
import { pushed, startReview, type Review } from '../../testing/worlds/review.ts'

const stagingJob = 59_426

let review: Review
let folder: string
beforeEach(async () => {
  review = await startReview()
  folder = await mkdtemp(path.join(tmpdir(), 'reviewed-'))
})
afterEach(async () => {
  await review.close()
  await rm(folder, { recursive: true })
})

/** Somebody edits the source. */
function sourceMoves(): void {
  editJob(review.sandbox, stagingJob, { execute_steps: ['dbt build'] })
}

/** How a run ended, as far as it matters here. */
function endOf({ writes, outputs, error }: ActionRun): unknown {
  return { writes, changed: outputs.changed, reason: outputs['failure-reason'], error }
}

/** The end of a run that stopped before its first write. */
function stopped(message: RegExp, reason = 'plan-changed'): unknown {
  return { writes: [], changed: 'false', reason, error: expect.stringMatching(message) as unknown }
}

describe('reviewed-plan: comment', () => {
  const inputs: Inputs = { comment: '', 'reviewed-plan': 'comment' }

  it('applies the plan of the comment, which it asks for by itself', async () => {
    await review.propose(inputs)
    review.merge()
    const run = await review.push(inputs)
    expect(run.ok).toBe(true)
    expect(run.outputs.changed).toBe('true')
  })

  it('applies no other plan, not by a second try either', async () => {
    await review.propose(inputs)
    review.merge()
    sourceMoves()
    const differs =
      /The plan is another than the one on pull request #12: its hash begins with \w{12}/
    expect(endOf(await review.push(inputs))).toEqual(stopped(differs))
    const again = await review.push(inputs)
    expect(endOf(again)).toEqual(stopped(differs))
    expect(again.error).toContain('Open a pull request, for which an empty commit is enough')
    expect(review.bodies[0]).toContain('another than the one')
  })

  it('can be tried again after a failure that wrote nothing', async () => {
    await review.propose(inputs)
    review.merge()
    review.sandbox.addFault({ action: { kind: 'respond', status: 401, body: '' } })
    expect((await review.push(inputs)).ok).toBe(false)
    expect((await review.push(inputs)).ok).toBe(true)
  })

  it('needs no review where there is nothing to write', async () => {
    await review.push({ comment: 'never' })
    const run = await review.push(inputs)
    expect(run.ok).toBe(true)
    expect(run.outputs['has-changes']).toBe('false')
  })

  it('asks nothing of a run that only plans', async () => {
    expect((await review.push({ ...inputs, mode: 'plan' })).ok).toBe(true)
  })

  it('stops where no pull request was merged', async () => {
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/No pull request was merged with commit c0ffee0, so nobody/)
    )
  })

  it('stops on a schedule', async () => {
    await review.propose(inputs)
    review.merge()
    expect(endOf(await review.push(inputs, { ...pushed, name: 'schedule' }))).toEqual(
      stopped(/A run by the event "schedule" belongs to no pull request/)
    )
  })

  it('stops where there is no comment', async () => {
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/comments on pull request #12 show no plan of this promotion/)
    )
  })

  it('stops where the comment is of another promotion', async () => {
    await review.propose({ ...inputs, label: 'other' })
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(stopped(/show no plan of this promotion/))
  })

  it('stops where the last plan had problems', async () => {
    await review.propose({ ...inputs, 'credentials-id': '1' })
    review.merge()
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/holds no plan that may still be applied: the last run there made none/)
    )
  })

  it('stops where GitHub does not tell', async () => {
    await review.propose(inputs)
    review.merge()
    review.github.addFault({
      operation: 'PullRequests',
      respond: { status: 403, body: '{"message":"No."}' }
    })
    expect(endOf(await review.push(inputs))).toEqual(
      stopped(/Looking for the pull request of commit c0ffee0 failed with 403/, 'unauthorized')
    )
  })
})

describe('reviewed-plan: a file', () => {
  const file = (): string => path.join(folder, 'plan.json')

  it.each(['false', 'true'])('applies the plan of the file (values shown: %s)', async (shown) => {
    await review.propose({ 'plan-file': file(), 'show-values': shown })
    const run = await review.push({ 'reviewed-plan': file() })
    expect(run.ok).toBe(true)
    expect(run.outputs.changed).toBe('true')
  })

  it('tells how another plan differs', async () => {
    await review.propose({ 'plan-file': file(), jobs: '*' })
    sourceMoves()
    const run = await review.push({ 'reviewed-plan': file(), 'environment-name': 'elsewhere' })
    expect(endOf(run)).toEqual(stopped(/The plan is another than the one in .*plan\.json/))
    expect(run.error).toContain('Not reviewed: create environment "elsewhere".')
    expect(run.error).toContain('No longer: create environment "production–api-generated".')
  })

  it('tells what is otherwise', async () => {
    await review.propose({ 'plan-file': file() })
    sourceMoves()
    const run = await review.push({ 'reviewed-plan': file() })
    expect(endOf(run)).toEqual(
      stopped(/Otherwise than reviewed: create job "production-run–api-generated"\./)
    )
    expect(run.error).not.toContain('environment "')
  })

  it.each<[string, (text: string) => string, RegExp, string]>([
    ['no JSON', () => '{', /is no JSON object/, 'invalid-input'],
    ['a list', () => '[]', /is no JSON object/, 'invalid-input'],
    [
      'another version',
      (text) => text.replace('"version": 2', '"version": 1'),
      /of this version/,
      'invalid-input'
    ],
    [
      'no hash',
      (text) => text.replace(/"hash": "\w+"/, '"hash": "x"'),
      /is no plan file/,
      'invalid-input'
    ],
    [
      'no changes',
      (text) => text.replace('"changes":', '"others":'),
      /is no plan file/,
      'invalid-input'
    ],
    [
      'other projects',
      (text) => text.replaceAll(String(BLOG.productionProject), '999'),
      /is between other projects: from .*\/28885\/86704 to .*\/28885\/999/,
      'plan-changed'
    ]
  ])('refuses a file with %s', async (_what, change, message, reason) => {
    await review.propose({ 'plan-file': file() })
    await writeFile(file(), change(await readFile(file(), 'utf8')))
    expect(endOf(await review.push({ 'reviewed-plan': file() }))).toEqual(stopped(message, reason))
  })

  it('is not written over by the plan that is held against it', async () => {
    await review.propose({ 'plan-file': file() })
    sourceMoves()
    const both = { 'plan-file': file(), 'reviewed-plan': file() }
    const refused = stopped(/plan\.json is a file that this run reads/, 'invalid-input')
    expect(endOf(await review.push(both))).toEqual(refused)
    await rm(file())
    expect(endOf(await review.push(both))).toEqual(refused)
  })

  it('refuses a file that is not there', async () => {
    const run = await review.push({ 'reviewed-plan': path.join(folder, 'none.json') })
    expect(endOf(run)).toEqual(stopped(/could not be read: .*ENOENT/, 'not-found'))
  })
})

describe('expected-plan-hash', () => {
  it('applies the plan of the hash, in either case of letters, and no other', async () => {
    const { outputs } = await review.propose()
    const hash = (outputs['plan-hash'] ?? '').toUpperCase()
    sourceMoves()
    expect(endOf(await review.push({ 'expected-plan-hash': hash }))).toEqual(
      stopped(/another than the one in expected-plan-hash/)
    )
    const now = await review.propose()
    const run = await review.push({
      'expected-plan-hash': (now.outputs['plan-hash'] ?? '').toUpperCase()
    })
    expect(run.ok).toBe(true)
  })

  it('applies nothing where it is named and empty, as GitHub leaves an output that holds a secret', async () => {
    for (const mode of ['apply', 'auto']) {
      const run = await review.push({ mode, 'expected-plan-hash': ' ' })
      expect(endOf(run)).toEqual(
        stopped(/The input expected-plan-hash is empty, so no plan may be applied/, 'invalid-input')
      )
      expect(run.requests).toEqual([])
    }
    expect((await review.propose({ 'expected-plan-hash': '' })).ok).toBe(true)
  })

  it('applies every plan where it is not named, or any', async () => {
    expect((await review.push({ 'expected-plan-hash': 'any' })).ok).toBe(true)
    expect((await review.push()).ok).toBe(true)
  })
})
