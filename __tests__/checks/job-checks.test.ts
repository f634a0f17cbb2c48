// Triggers and schedules that settings put together and that the platform would refuse: problems of the plan.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { scheduleOf, type Schedule, type Triggers } from '../../sandbox/index.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import { ids, messages, platform, Platform, triggers } from '../../testing/worlds/two-projects.ts'
import { specOfText } from '../../testing/spec.ts'

/** A promotion of Staging with a rule for its jobs. */
function spec(rules: string, more = ''): PromotionSpec {
  return specOfText(`source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
credentials-id: ${String(ids.credentials)}
environments: [Staging]
jobs: { rules: [${rules}] }
${more}`)
}

/** What a promotion is told, which writes only where that is nothing, and then all that it wants. */
async function told(all: Platform, promotion: PromotionSpec): Promise<readonly string[]> {
  const before = all.state
  const { plan, outcomes, writes } = await all.promote(promotion)
  const isFine = byLevel(plan.remarks).problems.length === 0
  expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
  expect(isFine || (writes.length === 0 && all.state === before)).toBe(true)
  expect(byLevel(plan.remarks).problems.every(({ remedy }) => remedy.endsWith('.'))).toBe(true)
  expect(!isFine || (await all.promote(promotion)).writes.length === 0).toBe(true)
  return messages(plan)
}

const off = triggers()
const scheduled = triggers({ schedule: true })
const ci = triggers({ github_webhook: true })
const merge = triggers({ on_merge: true })

describe('triggers.on_merge', () => {
  const set = '{ match: "*", set: { triggers.on_merge: true } }'
  const alone =
    '{ match: "*", set: { triggers: { on_merge: true, schedule: false, github_webhook: false } } }'

  it.each<[string, string, Triggers, Triggers | null, readonly string[]]>([
    // schedule, rules, source, target (null for a new job), what stands beside it
    ['keep', set, scheduled, null, ['schedule']],
    ['source', set, scheduled, null, ['schedule']],
    ['keep', set, off, null, []],
    ['keep', set, merge, null, []],
    // All others of a new job are off.
    ['paused', set, scheduled, null, []],
    ['keep', alone, scheduled, null, []],
    // An existing job keeps its own, whatever the source has.
    ['keep', set, scheduled, off, []],
    ['paused', set, scheduled, off, []],
    ['keep', set, off, scheduled, ['schedule']],
    ['paused', set, off, scheduled, ['schedule']],
    ['source', set, off, scheduled, []],
    ['source', set, scheduled, off, ['schedule']],
    ['keep', alone, off, scheduled, []],
    // What the target keeps stands beside what the source brings.
    ['source', '{ match: "*", keep: [triggers.schedule] }', merge, scheduled, ['schedule']],
    ['source', '{ match: "*", keep: [triggers.schedule] }', merge, off, []],
    ['keep', '{ match: "*", keep: [triggers] }', merge, scheduled, []],
    ['keep', `${set}, { match: "*", keep: [triggers] }`, off, scheduled, []],
    // The last setting counts.
    ['keep', `${set}, { match: "*", set: { triggers.on_merge: false } }`, scheduled, null, []],
    ['keep', `${alone}, { match: "*", set: { triggers.schedule: true } }`, off, null, ['schedule']],
    // The other way round
    ['keep', '{ match: "*", set: { triggers.schedule: true } }', merge, null, ['schedule']],
    ['keep', '{ match: "*", set: { triggers.schedule: true } }', off, merge, ['schedule']],
    ['keep', '{ match: "*", set: { triggers.schedule: true } }', merge, off, []]
  ])('schedule: %s, with [%s]: %j onto %j', async (policy, rules, source, target, beside) => {
    const all = new Platform(platform({}, { triggers: source }))
    if (target) {
      await all.promote(spec(''))
      all.editJob(all.job('Nightly').id, { triggers: target })
    }
    expect(await told(all, spec(rules, `schedule: ${policy}`))).toEqual(
      beside.map(
        (trigger) =>
          `Job "Nightly" would have triggers.on_merge on beside triggers.${trigger}, and the platform takes it only alone.`
      )
    )
  })

  it('beside several names all', async () => {
    const all = new Platform(platform({}, { job_type: 'ci', triggers: ci }))
    const { problems } = byLevel(
      (
        await all.plan(
          spec('{ match: "*", set: { triggers: { on_merge: true, schedule: true } } }')
        )
      ).remarks
    )
    expect(problems).toMatchObject([
      {
        message:
          'Job "Nightly" would have triggers.on_merge on beside triggers.github_webhook and triggers.schedule, and the platform takes it only alone.',
        remedy: 'Set triggers.github_webhook and triggers.schedule to false, or triggers.on_merge.'
      }
    ])
  })

  it('of a job that nothing is sent for is no matter', async () => {
    const all = new Platform(platform({}, { triggers: merge }))
    await all.promote(spec(''))
    all.editJob(all.job('Nightly').id, { triggers: triggers({ on_merge: true, schedule: true }) })
    expect(messages(await all.plan(spec('')))).toEqual([])
    all.editJob(ids.nightly, { execute_steps: ['dbt run'] })
    expect(messages(await all.plan(spec('')))).toHaveLength(1)
  })
})

describe('a schedule', () => {
  const hourly = { type: 'every_hour', interval: 2 } as const
  const exact = { type: 'at_exact_hours', hours: [6], interval: 1 } as const
  const daily = scheduleOf({ type: 'every_day' }, hourly)
  const weekly = scheduleOf({ type: 'days_of_week', days: [1] }, exact)
  const cron = scheduleOf({ type: 'custom_cron', cron: '0 5 * * *' }, hourly)
  const interval = scheduleOf({ type: 'interval_cron', cron: '6 */12 * * 1', days: [1] }, hourly)
  const set = (values: string): string => `{ match: "*", set: { ${values} } }`
  const type = (name: string): string => set(`schedule.date.type: ${name}`)

  it.each<[string, Schedule, readonly [string, string][]]>([
    [type('days_of_week'), daily, [['date.days', 'days_of_week']]],
    [type('days_of_week'), interval, []],
    [type('custom_cron'), daily, [['date.cron', 'custom_cron']]],
    [type('custom_cron'), interval, []],
    [type('interval_cron'), daily, [['date.cron', 'interval_cron']]],
    // Its days follow from the cron line.
    [type('interval_cron'), cron, []],
    [set('schedule.date: { type: interval_cron, cron: "4 */2 * * 1-5" }'), daily, []],
    [type('interval_cron'), weekly, [['date.cron', 'interval_cron']]],
    [type('every_day'), weekly, []],
    [set('schedule.time.type: at_exact_hours'), daily, [['time.hours', 'at_exact_hours']]],
    // The interval that answers show beside exact hours is none.
    [set('schedule.time.type: every_hour'), weekly, [['time.interval', 'every_hour']]],
    [set('schedule.time.hours: [7]'), weekly, []],
    [set('schedule.time: { type: every_hour }'), weekly, [['time.interval', 'every_hour']]],
    [set('schedule.time: { type: every_hour, interval: 1 }'), weekly, []],
    [
      set('schedule.time: { type: at_exact_hours, hours: [] }'),
      daily,
      [['time.hours', 'at_exact_hours']]
    ],
    [set('schedule.date: { type: custom_cron, cron: "" }'), daily, [['date.cron', 'custom_cron']]],
    [
      set('schedule.date: { type: days_of_week, days: [] }'),
      weekly,
      [['date.days', 'days_of_week']]
    ],
    [
      set('schedule: { date: { type: days_of_week }, time: { type: at_exact_hours } }'),
      daily,
      [
        ['date.days', 'days_of_week'],
        ['time.hours', 'at_exact_hours']
      ]
    ],
    [`${type('days_of_week')}, ${set('schedule.date.days: [1]')}`, daily, []],
    ['', weekly, []]
  ])('with [%s]', async (rules, source, lacking) => {
    const expected = lacking.map(
      ([part, name]) =>
        `The schedule of job "Nightly" lacks schedule.${part}, which the type ${name} needs.`
    )
    const fresh = new Platform(platform({}, { schedule: source }))
    expect(await told(fresh, spec(rules))).toEqual(expected)
    // In a target that has the job, it is no other.
    const lived = new Platform(platform({}, { schedule: source }))
    await lived.promote(spec(''))
    expect(await told(lived, spec(rules))).toEqual(expected)
    // Nor does it matter whether the job runs by its schedule, which is sent in any case.
    expect(messages(await lived.plan(spec(rules, 'schedule: paused')))).toEqual(expected)
  })

  it.each<[string, string, number]>([
    ['a type that is kept without its parts', '{ match: "*", keep: [schedule.date.type] }', 1],
    ['a type that is kept with its parts', '{ match: "*", keep: [schedule.date] }', 0],
    ['all that is kept', '{ match: "*", keep: [schedule] }', 0],
    [
      'what is set and then kept',
      `${set('schedule.date: { type: custom_cron }')}, { match: "*", keep: [schedule] }`,
      0
    ]
  ])('of the target: %s', async (_what, rules, count) => {
    const all = new Platform(platform({}, { schedule: daily }))
    await all.promote(spec(''))
    all.editJob(all.job('Nightly').id, { schedule: weekly })
    expect(await told(all, spec(rules))).toHaveLength(count)
  })

  it('of a new job has nothing to keep, so that what is set before counts', async () => {
    const rules = `${type('custom_cron')}, { match: "*", keep: [schedule] }`
    const all = new Platform(platform({}, { schedule: daily }))
    expect(await told(all, spec(rules))).toHaveLength(1)
    expect(await told(all, spec('{ match: "*", keep: [schedule.date.type] }'))).toEqual([])
  })

  it('of a type that nobody knows is not judged', async () => {
    const all = new Platform(platform({}, { schedule: daily }))
    for (const name of ['every_moon', 'constructor', 'toString'])
      expect(messages(await all.plan(spec(type(name))))).toEqual([])
  })
})

describe('run_compare_changes', () => {
  const strict = { comparisonNeedsDeferral: true }
  const compares = { run_compare_changes: true, deferring_environment_id: ids.qa }
  const lacking =
    'Job "Nightly" would compare changes (run_compare_changes) with no environment that it defers to.'

  it('needs the environment that it compares with, also where that is dropped', async () => {
    const all = new Platform(platform(strict, compares))
    expect(await told(all, spec('', 'references: { unresolved: drop }'))).toContain(lacking)
    const rule = '{ match: "*", set: { run_compare_changes: false } }'
    expect(await told(all, spec(rule, 'references: { unresolved: drop }'))).toEqual([])
  })

  it('can not be set on a job that defers to none', async () => {
    const set = '{ match: "*", set: { run_compare_changes: true } }'
    expect(await told(new Platform(platform(strict)), spec(set))).toEqual([lacking])
  })

  it('is taken as it is from a source job that has none, since the platform has taken it', async () => {
    const all = new Platform(platform({}, { run_compare_changes: true }))
    expect(await told(all, spec(''))).toEqual([])
  })
})
