import { describe, expect, it } from '@jest/globals'
import { failureOf } from '../../src/model/failure.ts'
import {
  failureLines,
  failureText,
  headLines,
  outcomeLines,
  planGroups
} from '../../src/report/log.ts'
import {
  applied,
  changedEnvironment,
  changedJob,
  incomplete,
  newJob,
  outcome,
  plan,
  planned,
  sameEnvironment,
  sameJob,
  stopped,
  typicalPlan
} from '../../testing/report/results.ts'

describe('the plan', () => {
  it('begins with the projects and the alarms, which are not folded', () => {
    expect(headLines(typicalPlan)).toEqual([
      'From project 86704 Development, account 28885 on ab123.us1.dbt.com',
      'to   project 86711 Production, account 28885 on ab123.us1.dbt.com',
      '! New job "Nightly" in "production" will run by itself: on a schedule.'
    ])
  })

  it('shows changes with + ~ = and their fields', () => {
    expect(planGroups(typicalPlan)).toEqual([
      {
        title: 'Plan for production: 1 environment and 1 job to create, 2 jobs to update',
        lines: [
          '+ environment production (from 75286 dev)',
          '    + dbt_version: "latest"',
          '    + custom_branch: "main"',
          '~ job Hourly in production (7001, from 59427 hourly; source or spec moved)',
          '      execute_steps:',
          '          "dbt seed"',
          '    -     "dbt run"',
          '    +     "dbt build"',
          '          "dbt test"',
          '    - settings.threads: 4',
          '    + settings.threads: 8',
          '+ job Nightly in production (from 59426 nightly)',
          '    + execute_steps:',
          '    +     "dbt seed"',
          '    +     "dbt build"',
          '    + settings.threads: 4',
          '    + triggers.schedule: true',
          '~ job Weekly in production (7005, from 59429 weekly; target edited by hand)',
          '    - settings.target_name: "tmp"',
          '    + settings.target_name: "prod"'
        ]
      },
      { title: 'Plan: 1 unchanged', lines: ['= job Yearly in production (7002)'] }
    ])
  })

  it('has one group for each environment', () => {
    const groups = planGroups(
      plan([
        changedEnvironment('eu', [{ path: 'custom_branch', before: null, after: 'main' }]),
        sameEnvironment('us'),
        newJob('eu', 'a'),
        newJob('us', 'b')
      ])
    )
    expect(groups.map(({ title }) => title)).toEqual([
      'Plan for eu: 1 job to create, 1 environment to update',
      'Plan for us: 1 job to create',
      'Plan: 1 unchanged'
    ])
    // An environment has no marker, so nothing is said of who moved it.
    expect(groups[0]?.lines[0]).toBe('~ environment eu (9001, from 59427 eu)')
  })

  it.each([
    [{ cause: 'source' } as const, 'source or spec moved'],
    [{ cause: 'target' } as const, 'target edited by hand'],
    [{ cause: 'unknown' } as const, 'cannot tell who moved'],
    [{ cause: 'unknown', adopted: true } as const, 'taken over; cannot tell who moved'],
    [{ cause: 'unknown', fields: [] } as const, 'only marked'],
    [{ cause: 'unknown', fields: [], adopted: true } as const, 'taken over; only marked']
  ])('says why: %j', (more, expected) => {
    const fields = [{ path: 'settings.threads', before: 1, after: 2 }]
    const [group] = planGroups(plan([changedJob('e', 'a', fields, more)]))
    expect(group?.lines[0]).toBe(`~ job a in e (7001, from 59427 a; ${expected})`)
  })

  it('says what the account does not take', () => {
    const [group] = planGroups(plan([sameJob('e', 'a', { refused: ['run_compare_changes', 'b'] })]))
    expect(group?.lines).toEqual([
      '= job a in e (7002); the target account does not take run_compare_changes, b'
    ])
  })
})

describe('the outcome', () => {
  it('tells what was written with its id', () => {
    expect(outcomeLines(applied(typicalPlan))).toEqual({
      written: [
        'created environment production (8001)',
        'updated job Hourly in production (7001)',
        'created job Nightly in production (8001)',
        'updated job Weekly in production (7005)'
      ],
      missing: []
    })
  })

  it('tells what was not written, and why', () => {
    expect(outcomeLines(incomplete)).toEqual({
      written: ['created environment production (8001)'],
      missing: [
        'not attempted job Hourly in production (7001)',
        'failed job Nightly in production: Creating job "Nightly" (POST /api/v2/accounts/28885/jobs/) failed with 400: name: too long. Shorten the name.',
        'not attempted job Weekly in production (7005)'
      ]
    })
  })

  it('tells what the account did not take', () => {
    const job = newJob('e', 'a')
    const outcomes = [outcome(job, 'applied', { refused: ['cost_optimization_features'] })]
    expect(outcomeLines({ ...applied(plan([job])), outcomes }).written).toEqual([
      'created job a in e (8001); the target account does not take cost_optimization_features'
    ])
  })

  it('is nothing where nothing was applied', () => {
    const nothing = { written: [], missing: [] }
    expect(outcomeLines(planned(typicalPlan))).toEqual(nothing)
    expect(outcomeLines(stopped)).toEqual(nothing)
  })
})

describe('a failure', () => {
  const details = (count: number, length = 10): { message: string; remedy: string }[] =>
    Array.from({ length: count }, (_, index) => ({
      message: `${String(index)} ${'x'.repeat(length)}.`,
      remedy: 'Do.'
    }))

  it('of one thing is that thing', () => {
    const failure = failureOf('invalid-input', 'all', details(1))
    expect(failureText(failure)).toBe('0 xxxxxxxxxx. Do.')
    expect(failureLines(failure)).toEqual([])
  })

  it('of several lists them all', () => {
    const failure = failureOf('invalid-input', '2 things are wrong.', details(2))
    expect(failureText(failure)).toBe(
      '2 things are wrong.\n- 0 xxxxxxxxxx. Do.\n- 1 xxxxxxxxxx. Do.'
    )
    expect(failureLines(failure).map(({ text }) => text)).toEqual([
      'x 0 xxxxxxxxxx. Do.',
      'x 1 xxxxxxxxxx. Do.'
    ])
  })

  it('of more than an annotation holds says how many are left, and the log has all', () => {
    const failure = failureOf('plan-problems', 'Many.', details(500, 90))
    const text = failureText(failure)
    const lines = text.split('\n')
    expect(text.length).toBeLessThan(4096)
    expect(lines.at(-1)).toBe(`and ${String(500 - (lines.length - 2))} more.`)
    expect(lines.length).toBeGreaterThan(30)
    expect(failureLines(failure)).toHaveLength(500)
  })

  it('of one endless thing is cut', () => {
    expect(failureText(failureOf('internal', 'x', details(1, 9000))).length).toBe(4000)
  })
})
