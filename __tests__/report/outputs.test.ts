import { describe, expect, it } from '@jest/globals'
import { outputNames, outputsOf, type OutputName } from '../../src/report/outputs.ts'
import type { Result } from '../../src/report/result.ts'
import { promisedOutputs } from '../../testing/runner/action-file.ts'
import {
  applied,
  changedJob,
  incomplete,
  newEnvironment,
  newJob,
  outcome,
  plan,
  planned,
  refused,
  sameEnvironment,
  sameJob,
  stopped,
  typicalPlan
} from '../../testing/report/results.ts'

const value = (result: Result, name: OutputName): unknown => JSON.parse(outputsOf(result)[name])

describe('every output is set', () => {
  it.each<[string, Result]>([
    ['a plan', planned(typicalPlan)],
    ['an apply', applied(typicalPlan)],
    ['an incomplete apply', incomplete],
    ['a plan with problems', refused],
    ['no plan', stopped],
    ['an empty plan', planned(plan([]))]
  ])('by %s', (_, result) => {
    const outputs = outputsOf(result)
    expect(Object.keys(outputs)).toEqual(promisedOutputs)
    expect(Object.keys(outputs)).toEqual([...outputNames])
    for (const each of Object.values(outputs)) expect(typeof each).toBe('string')
  })
})

describe('without a plan', () => {
  it('every JSON is empty and every number zero', () => {
    expect(outputsOf(stopped)).toEqual({
      'environment-id': '',
      'job-id': '',
      'environment-ids': '{}',
      'job-ids': '{}',
      jobs: '[]',
      'id-map': '{"environments":{},"jobs":{}}',
      'has-changes': 'false',
      changed: 'false',
      created: '0',
      updated: '0',
      unchanged: '0',
      paused: '0',
      failed: '0',
      'changed-job-ids': '[]',
      'plan-hash': '',
      'plan-path': '',
      'journal-path': '',
      'failure-reason': 'unauthorized',
      requests: '1'
    })
  })
})

describe('a plan', () => {
  it('tells what would be, and the ids of what is there', () => {
    const result = planned(typicalPlan, { planPath: 'out/plan.json' })
    expect(outputsOf(result)).toMatchObject({
      'has-changes': 'true',
      changed: 'false',
      created: '2',
      updated: '2',
      unchanged: '1',
      failed: '0',
      'changed-job-ids': '[]',
      'plan-hash': typicalPlan.hash,
      'plan-path': 'out/plan.json',
      'failure-reason': '',
      'environment-ids': '{}',
      'job-ids': '{"Hourly":7001,"Weekly":7005,"Yearly":7002}'
    })
    expect(value(result, 'jobs')).toContainEqual({
      environment: 'production',
      name: 'Nightly',
      'source-id': 59426,
      'target-id': null,
      action: 'create'
    })
  })

  it('without a difference says so', () => {
    expect(outputsOf(planned(plan([sameJob('e', 'a')])))['has-changes']).toBe('false')
  })
})

describe('an apply', () => {
  it('tells what was done, with all ids', () => {
    const result = applied(typicalPlan)
    expect(outputsOf(result)).toMatchObject({
      'has-changes': 'true',
      changed: 'true',
      created: '2',
      updated: '2',
      unchanged: '1',
      failed: '0',
      'environment-id': '8001',
      'job-id': '',
      'changed-job-ids': '[7001,8001,7005]'
    })
    expect(value(result, 'id-map')).toEqual({
      environments: { 75286: 8001 },
      jobs: { 59426: 8001, 59427: 7001, 59428: 7002, 59429: 7005 }
    })
  })

  it('that failed in the middle tells what is done and what is not', () => {
    expect(outputsOf(incomplete)).toMatchObject({
      changed: 'true',
      created: '1',
      updated: '0',
      unchanged: '1',
      failed: '1',
      'environment-id': '8001',
      'environment-ids': '{"production":8001}',
      'job-ids': '{"Hourly":7001,"Weekly":7005,"Yearly":7002}',
      'changed-job-ids': '[]',
      'failure-reason': 'apply-failed'
    })
    const actions = (value(incomplete, 'jobs') as { name: string; action: string }[]).map(
      ({ name, action }) => [name, action]
    )
    expect(actions).toEqual([
      ['Hourly', 'not-attempted'],
      ['Nightly', 'failed'],
      ['Weekly', 'not-attempted'],
      ['Yearly', 'unchanged']
    ])
  })

  it('counts a job without its second write as created and as failed: it is there, and not as it should be', () => {
    const job = newJob('e', 'a')
    const result = { ...applied(plan([job])), outcomes: [outcome(job, 'unlinked')] }
    expect(outputsOf(result)).toMatchObject({
      changed: 'true',
      created: '1',
      failed: '1',
      'job-id': '8001',
      'changed-job-ids': '[8001]'
    })
  })

  it('says that something may have changed where an answer was lost, and counts it as failed', () => {
    expect(outputsOf(applied(plan([newJob('e', 'a')]), 'unclear'))).toMatchObject({
      changed: 'true',
      created: '0',
      failed: '1',
      'job-id': '',
      'job-ids': '{}'
    })
  })
})

describe('single ids', () => {
  it('are those of the only environment and job, changed or not', () => {
    expect(outputsOf(planned(plan([sameEnvironment('e'), sameJob('e', 'a')])))).toMatchObject({
      'environment-id': '9002',
      'job-id': '7002'
    })
  })

  it.each([
    ['none', plan([])],
    [
      'several',
      plan([sameJob('e', 'a'), sameJob('e', 'b'), newEnvironment('x'), newEnvironment('y')])
    ],
    ['one that is not there yet', plan([newEnvironment('x'), newJob('x', 'a')])]
  ])('are empty for %s', (_, of) => {
    expect(outputsOf(planned(of))).toMatchObject({ 'environment-id': '', 'job-id': '' })
  })
})

describe('ids by name', () => {
  const ids = (...jobs: readonly (readonly [string, string, number])[]): unknown =>
    value(
      planned(plan(jobs.map(([environment, name, id]) => sameJob(environment, name, { id })))),
      'job-ids'
    )

  it('name the environment where a name occurs twice', () => {
    expect(ids(['eu', 'Nightly', 1], ['us', 'Nightly', 2], ['us', 'Weekly', 3])).toEqual({
      'eu/Nightly': 1,
      'us/Nightly': 2,
      Weekly: 3
    })
  })

  it('leave out what would be ambiguous, and keep it in the list', () => {
    const ambiguous = [
      ['eu', 'Nightly', 1],
      ['us', 'Nightly', 2],
      ['us', 'eu/Nightly', 3]
    ] as const
    expect(ids(...ambiguous)).toEqual({ 'us/Nightly': 2 })
    const all = planned(plan(ambiguous.map(([e, name, id]) => sameJob(e, name, { id }))))
    expect(value(all, 'jobs')).toHaveLength(3)
  })

  it.each(['__proto__', 'constructor', 'toString', 'a\nb', '"', '\\', ' ', '\u2028', '1'])(
    'hold the name %j',
    (name) => {
      const found = ids(['e', name, 5]) as Record<string, number>
      expect(Object.entries(found)).toEqual([[name, 5]])
    }
  )

  it('are in the order of the plan', () => {
    const text = outputsOf(
      planned(plan([sameJob('e', 'b', { id: 2 }), sameJob('e', 'a', { id: 1 })]))
    )['job-ids']
    expect(text).toBe('{"b":2,"a":1}')
  })
})

it('an update that failed keeps its id', () => {
  const job = changedJob('e', 'a', [])
  expect(outputsOf(applied(plan([job]), 'failed'))['job-id']).toBe('7001')
})
