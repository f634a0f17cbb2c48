// When GitHub is asked about the comment of a run, and what waits for it: no apply for long, and no output of one.
import { expect, it } from '@jest/globals'
import type { Time } from '../../src/dbt/time.ts'
import type { OpenGitHub } from '../../src/github/api.ts'
import { report, runComment, type RunComment } from '../../src/github/run-comment.ts'
import { Failure } from '../../src/model/failure.ts'
import { recordActions } from '../../testing/runner/actions.ts'
import { plan, planned } from '../../testing/report/results.ts'

const never = new Promise<never>(() => undefined)

it('an apply waits a moment for a GitHub that hangs, and goes on', async () => {
  const waits: number[] = []
  const time: Time = {
    now: () => 0,
    sleep: (milliseconds) => {
      waits.push(milliseconds)
      return Promise.resolve()
    },
    chance: () => 0
  }
  const github = (): Promise<OpenGitHub> => never
  const how = { promotion: 'p', leg: 'l', keys: [], policy: 'changes', hide: String } as const
  const { actions } = recordActions({})
  const comment = runComment(actions, { ...how, time, github }, true)
  await comment.assertAlone(plan([]))
  expect(waits).toEqual([5000])
})

function endOf(tell: RunComment['tell'], isCancelled: boolean): Promise<readonly string[]> {
  const { actions, notes, cancel } = recordActions({})
  const comment: RunComment = { assertAlone: () => Promise.resolve(), tell }
  void report(actions, planned(plan([])), [], comment)
  if (isCancelled) cancel()
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(notes.map(({ kind }) => kind))
    }, 20)
  })
}

it('a plan is red where its comment turns out to be of another, and has its outputs when it is cancelled', async () => {
  const failure = new Failure('invalid-input', 'Not to be told apart.', 'Give labels.')
  expect(await endOf(() => Promise.resolve(failure), false)).toContain('fail')
  expect(await endOf(() => Promise.resolve(undefined), false)).toContain('succeed')
  expect(await endOf(() => never, false)).not.toContain('output')
  expect(await endOf(() => never, true)).toContain('output')
})
