import { describe, expect, it } from '@jest/globals'
import { Failure, failureOf } from '../../src/model/failure.ts'
import type { Change } from '../../src/model/change.ts'
import type { OutcomeStatus } from '../../src/model/outcome.ts'
import { verdict } from '../../src/report/verdict.ts'
import {
  applied,
  changedEnvironment,
  changedJob,
  newEnvironment,
  newJob,
  plan,
  planned,
  refused,
  sameEnvironment,
  sameJob,
  stopped
} from '../../testing/report/results.ts'

const creates = (jobs: number, environments = 0): readonly Change[] => [
  ...Array.from({ length: environments }, (_, index) => newEnvironment(`e${String(index)}`)),
  ...Array.from({ length: jobs }, (_, index) => newJob('e', `new ${String(index)}`))
]
const updates = (jobs: number, environments = 0): readonly Change[] => [
  ...Array.from({ length: environments }, (_, index) =>
    changedEnvironment(`u${String(index)}`, [])
  ),
  ...Array.from({ length: jobs }, (_, index) => changedJob('e', `old ${String(index)}`, []))
]
const same = (jobs: number): readonly Change[] =>
  Array.from({ length: jobs }, (_, index) => sameJob('e', `same ${String(index)}`))

describe('of a plan', () => {
  it.each([
    [
      [...creates(3, 1), ...updates(2), ...same(93)],
      'Plan: 1 environment and 3 jobs to create, 2 jobs to update, 93 unchanged'
    ],
    [creates(1), 'Plan: 1 job to create'],
    [creates(0, 2), 'Plan: 2 environments to create'],
    [updates(1, 1), 'Plan: 1 environment and 1 job to update'],
    [[sameEnvironment('e'), ...same(1)], 'No changes: 2 unchanged'],
    [[], 'No changes: nothing is selected']
  ])('case %#', (changes, expected) => {
    expect(verdict(planned(plan(changes)))).toBe(expected)
  })

  it('that is checked', () => {
    const failure = new Failure('differs', 'The target differs.')
    expect(verdict(planned(plan(creates(1)), { mode: 'check', failure }))).toBe(
      'The target differs: 1 job to create'
    )
    expect(verdict(planned(plan(same(2)), { mode: 'check' }))).toBe('No changes: 2 unchanged')
  })

  it.each([
    [1, 'Nothing was changed: the plan has 1 problem'],
    [2, 'Nothing was changed: the plan has 2 problems']
  ])('with %d problems', (count, expected) => {
    const problems = Array.from({ length: count }, () => ({ message: 'a', remedy: 'b' }))
    const failure = failureOf('plan-problems', 'all', problems)
    for (const mode of ['plan', 'check', 'apply'] as const) {
      expect(verdict(planned(plan(creates(1), { problems }), { mode, failure }))).toBe(expected)
    }
    expect(verdict(refused)).toBe('Nothing was changed: the plan has 2 problems')
  })
})

describe('of an apply', () => {
  it('that did all', () => {
    expect(verdict(applied(plan([...creates(3, 1), ...updates(2), ...same(93)])))).toBe(
      'Promoted: 1 environment and 3 jobs created, 2 jobs updated, 93 unchanged'
    )
  })

  it('that had nothing to do', () => {
    expect(verdict(applied(plan(same(2))))).toBe('Nothing to do: 2 unchanged')
    expect(verdict(applied(plan([])))).toBe('Nothing to do: nothing is selected')
  })

  const all = [...creates(3, 1), ...updates(2), ...same(4)]
  const byName =
    (statuses: Readonly<Record<string, OutcomeStatus>>, otherwise: OutcomeStatus) =>
    ({ name }: Change): OutcomeStatus =>
      statuses[name] ?? otherwise

  it.each<[string, Readonly<Record<string, OutcomeStatus>>, OutcomeStatus, string]>([
    [
      'in the middle',
      { e0: 'applied', 'new 0': 'applied', 'new 1': 'failed' },
      'not-attempted',
      'The promotion is incomplete: 1 environment and 1 job created, 1 job failed, ' +
        '3 jobs not attempted, 4 unchanged'
    ],
    [
      'before anything was written',
      { e0: 'failed' },
      'not-attempted',
      'Nothing was changed: 1 environment failed, 5 jobs not attempted, 4 unchanged'
    ],
    [
      'with an answer that was lost',
      { e0: 'unclear' },
      'not-attempted',
      'The promotion is incomplete: 1 environment unclear, 5 jobs not attempted, 4 unchanged'
    ],
    [
      'between the two writes of a job',
      { 'new 1': 'unlinked', 'old 0': 'failed' },
      'applied',
      'The promotion is incomplete: 1 environment and 2 jobs created, ' +
        '1 job created without references and triggers, 1 job updated, 1 job failed, 4 unchanged'
    ]
  ])('that failed %s', (_, statuses, otherwise, expected) => {
    expect(verdict(applied(plan(all), byName(statuses, otherwise)))).toBe(expected)
  })
})

it('of an apply takes a change without an outcome as not attempted', () => {
  expect(verdict({ ...applied(plan(creates(1))), outcomes: [] })).toBe(
    'Nothing was changed: 1 job not attempted'
  )
})

describe('of a rollback', () => {
  const undoes = 'a'.repeat(64)
  const all = plan([...updates(2), ...same(1)], { undoes })

  it('says so, whatever became of it', () => {
    expect(verdict(planned(all))).toBe('Plan: 2 jobs to update, 1 unchanged')
    expect(verdict(applied(all))).toBe('Rolled back: 2 jobs updated, 1 unchanged')
    expect(verdict(applied(all, ({ name }) => (name === 'old 0' ? 'applied' : 'failed')))).toBe(
      'The rollback is incomplete: 1 job updated, 1 job failed, 1 unchanged'
    )
    const failure = new Failure('plan-changed', 'The target changed.')
    expect(verdict(planned(all, { mode: 'apply', failure }))).toBe(
      'Nothing was changed: the rollback stopped before its first write'
    )
  })

  it('of which nothing is left', () => {
    const none = plan([], { undoes })
    for (const result of [planned(none), applied(none)])
      expect(verdict(result)).toBe('Nothing to do: nothing is left to undo')
  })
})

describe('of a run', () => {
  it('that had no plan', () => {
    expect(verdict(stopped)).toBe('Nothing was changed: the promotion stopped before it had a plan')
  })

  it('that had nothing to plan', () => {
    expect(verdict({ ...stopped, failure: undefined })).toBe('Nothing was done')
  })

  it('that stopped before its first write', () => {
    const failure = new Failure('plan-changed', 'The target changed.')
    expect(verdict(planned(plan(creates(1)), { mode: 'apply', failure }))).toBe(
      'Nothing was changed: the promotion stopped before its first write'
    )
  })
})
