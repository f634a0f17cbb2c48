// `set` and `keep` at any depth, in a target that lives on: what each run writes, and that the next writes nothing.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { scheduleOf, type Schedule, type Triggers } from '../../sandbox/index.ts'
import {
  after,
  alarms,
  ids,
  messages,
  outline,
  platform,
  Platform,
  triggers
} from '../../testing/worlds/two-projects.ts'
import { specOfText as specOf } from '../../testing/spec.ts'

/** A promotion of Staging with rules for its jobs. */
function spec(rules: string, more = ''): ReturnType<typeof specOf> {
  return specOf(
    [
      `source: { project: ${String(ids.source)} }`,
      `target: { project: ${String(ids.target)} }`,
      `credentials-id: ${String(ids.credentials)}`,
      'environments: [Staging]',
      `jobs: { rules: [${rules}] }`,
      more
    ].join('\n')
  )
}

const hourly = { type: 'every_hour', interval: 1 } as const
const exact = (...hours: number[]) => ({ type: 'at_exact_hours', hours, interval: 1 }) as const
const weekly = (...days: number[]) => ({ type: 'days_of_week', days }) as const
const daily = { type: 'every_day' } as const

/** A schedule as a comparison wants it: without the derived line, and without what its types do not take. */
function essence({ date, time }: Schedule): object {
  return {
    date,
    time: time.type === 'at_exact_hours' ? { type: time.type, hours: time.hours } : time
  }
}

describe('parts of a schedule', () => {
  // The source runs on weekdays at 6, the target was edited to Sundays at 9.
  const source = scheduleOf(weekly(1, 2, 3), exact(6))
  const target = scheduleOf(weekly(0), exact(9))

  it.each<[string, string, object]>([
    [
      'nothing said: the source',
      '',
      { date: weekly(1, 2, 3), time: { type: 'at_exact_hours', hours: [6] } }
    ],
    [
      'keep of the whole',
      '{ match: "*", keep: [schedule] }',
      { date: weekly(0), time: { type: 'at_exact_hours', hours: [9] } }
    ],
    [
      'keep of the date',
      '{ match: "*", keep: [schedule.date] }',
      { date: weekly(0), time: { type: 'at_exact_hours', hours: [6] } }
    ],
    [
      'keep of the hours',
      '{ match: "*", keep: [schedule.time.hours] }',
      { date: weekly(1, 2, 3), time: { type: 'at_exact_hours', hours: [9] } }
    ],
    [
      'set of the hours',
      '{ match: "*", set: { schedule.time.hours: [7, 5] } }',
      { date: weekly(1, 2, 3), time: { type: 'at_exact_hours', hours: [5, 7] } }
    ],
    [
      'set of the hours and keep of the date',
      '{ match: "*", set: { schedule.time.hours: [5] }, keep: [schedule.date] }',
      { date: weekly(0), time: { type: 'at_exact_hours', hours: [5] } }
    ],
    [
      'set of the whole, then keep of the date',
      `{ match: "*", set: { schedule: { date: { type: every_day }, time: { type: every_hour, interval: 3 } } } },
       { match: "*", keep: [schedule.date] }`,
      { date: weekly(0), time: { type: 'every_hour', interval: 3 } }
    ],
    [
      'keep of the whole, then set of the hours',
      '{ match: "*", keep: [schedule] }, { match: "*", set: { schedule.time.hours: [5] } }',
      { date: weekly(0), time: { type: 'at_exact_hours', hours: [5] } }
    ],
    [
      'keep of the date, then set of the whole',
      `{ match: "*", keep: [schedule.date] },
       { match: "*", set: { schedule: { date: { type: every_day }, time: { type: every_hour, interval: 3 } } } }`,
      { date: daily, time: { type: 'every_hour', interval: 3 } }
    ],
    [
      'keep of the whole, then set of the hours, then keep of the whole again',
      `{ match: "*", keep: [schedule] }, { match: "*", set: { schedule.time.hours: [5] } },
       { match: "*", keep: [schedule] }`,
      { date: weekly(0), time: { type: 'at_exact_hours', hours: [9] } }
    ],
    [
      'set of the time',
      '{ match: "*", set: { schedule.time: { type: every_hour, interval: 12 } } }',
      { date: weekly(1, 2, 3), time: { type: 'every_hour', interval: 12 } }
    ],
    [
      'set of a type and what belongs to it',
      '{ match: "*", set: { schedule.date.type: custom_cron, schedule.date.cron: 0 5 * * 1, schedule.time: { type: every_hour, interval: 1 } } }',
      { date: { type: 'custom_cron', cron: '0 5 * * 1' }, time: hourly }
    ]
  ])('%s', async (_what, rules, expected) => {
    const all = new Platform(platform({}, { schedule: source }))
    await all.promote(spec(''))
    const { id } = all.job('Nightly')
    all.editJob(id, { schedule: target })

    const promotion = spec(rules)
    const { plan } = await all.promote(promotion)
    expect(messages(plan)).toEqual([])
    expect(essence(all.job('Nightly').schedule)).toEqual(expected)
    expect((await all.promote(promotion)).writes).toEqual([])
  })

  it('that the form of the source does not take are a problem, and no silence', async () => {
    const all = new Platform(platform({}, { schedule: scheduleOf(daily, hourly) }))
    for (const [set, path] of [
      ['schedule.time.hours: [5]', 'schedule.time.hours'],
      ['schedule.date.days: [5]', 'schedule.date.days'],
      ['schedule.date.cron: 0 5 * * *', 'schedule.date.cron']
    ]) {
      const plan = await all.plan(spec(`{ match: "*", set: { ${String(set)} } }`))
      expect(messages(plan)).toEqual([
        `What is set for job "Nightly" does not fit: ${String(path)} has no meaning beside the rest of its schedule.`
      ])
    }
    const whole = 'schedule.time.type: at_exact_hours, schedule.time.hours: [5]'
    expect(messages(await all.plan(spec(`{ match: "*", set: { ${whole} } }`)))).toEqual([])
  })
})

describe('triggers', () => {
  type Policy = 'keep' | 'source' | 'paused'
  const on = triggers({ schedule: true })
  const off = triggers()

  // What Nightly has as a new job, and where somebody had switched it to `edited` in the target.
  it.each<[Policy, string, Triggers, Triggers, Triggers, Triggers]>([
    // policy, rules, source, edited, as a new job, in the end
    ['keep', '', on, off, on, off],
    ['source', '', on, off, on, on],
    ['paused', '', on, off, off, off],
    ['keep', 'set: { triggers.schedule: false }', on, on, off, off],
    ['source', 'set: { triggers.schedule: false }', on, on, off, off],
    ['paused', 'set: { triggers.schedule: false }', on, on, off, off],
    ['keep', 'set: { triggers.schedule: true }', off, off, on, on],
    ['source', 'set: { triggers.schedule: true }', off, off, on, on],
    ['paused', 'set: { triggers.schedule: true }', off, off, on, on],
    ['keep', 'keep: [triggers.schedule]', on, off, on, off],
    ['source', 'keep: [triggers.schedule]', on, off, on, off],
    ['source', 'keep: [triggers]', on, off, on, off],
    ['paused', 'keep: [triggers]', on, on, off, on]
  ])('schedule: %s, with { %s }', async (policy, rule, source, edited, fresh, end) => {
    const all = new Platform(platform({}, { triggers: source }))
    const promotion = spec(rule === '' ? '' : `{ match: "*", ${rule} }`, `schedule: ${policy}`)
    const first = await all.promote(promotion)
    expect(messages(first.plan)).toEqual([])
    expect(all.job('Nightly').triggers).toMatchObject(fresh)
    expect(alarms(first.plan)).toEqual(fresh.schedule ? ['starts job:Staging/Nightly'] : [])
    expect((await all.promote(promotion)).writes).toEqual([])

    all.editJob(all.job('Nightly').id, { triggers: edited })
    const second = await all.promote(promotion)
    expect(all.job('Nightly').triggers).toMatchObject(end)
    const alarm = edited.schedule === end.schedule ? [] : [end.schedule ? 'starts' : 'stops']
    expect(alarms(second.plan)).toEqual(alarm.map((kind) => `${kind} job:Staging/Nightly`))
    expect((await all.promote(promotion)).writes).toEqual([])
  })

  it('of which one is set and the others are kept', async () => {
    const all = new Platform(platform({}, { triggers: triggers({ github_webhook: true }) }))
    const rules =
      '{ match: "*", keep: [triggers] }, { match: Nightly, set: { triggers.schedule: true } }'
    const promotion = spec(rules, 'schedule: source')
    await all.promote(promotion)
    all.editJob(all.job('Nightly').id, { triggers: off })
    await all.promote(promotion)
    expect(all.job('Nightly').triggers).toMatchObject(on)
    expect((await all.promote(promotion)).writes).toEqual([])
  })

  it('of completion: dropped by null, or left to the target', async () => {
    const waiting = {
      job_completion_trigger_condition: after(700_100, ids.third)
    }
    const all = new Platform(platform({}, waiting))
    const drop = spec('{ match: "*", set: { job_completion_trigger_condition: null } }')
    await all.promote(drop)
    expect(all.job('Nightly').job_completion_trigger_condition).toBeNull()
    expect((await all.promote(drop)).writes).toEqual([])

    const keep = spec(
      '{ match: "*", keep: [job_completion_trigger_condition] }',
      'schedule: source'
    )
    expect((await all.promote(keep)).writes).toEqual([])
    expect(all.job('Nightly').job_completion_trigger_condition).toBeNull()
  })

  it('of completion that are left to the target need no counterpart there', async () => {
    const all = new Platform(platform())
    await all.promote(spec(''))
    all.editJob(ids.nightly, { job_completion_trigger_condition: after(6999, ids.source) })
    all.editJob(all.job('Nightly').id, {
      job_completion_trigger_condition: after(700_100, ids.third)
    })
    expect(messages(await all.plan(spec('', 'schedule: source')))).toHaveLength(1)
    const keep = spec(
      '{ match: "*", keep: [job_completion_trigger_condition] }',
      'schedule: source'
    )
    const { plan, writes } = await all.promote(keep)
    expect([messages(plan), writes]).toEqual([[], []])
  })

  it('are all in place after a run that was killed between two writes, kept or not', async () => {
    const waiting = { job_completion_trigger_condition: after(ids.nightly, ids.source) }
    const all = new Platform(platform({}, { ...waiting, triggers: on }))
    const keep = spec('{ match: "*", keep: [triggers, job_completion_trigger_condition] }')
    all.die(({ path }) => /\/jobs\/\d+\/$/.test(path))
    await all.promote(keep).catch(() => undefined)
    expect(all.job('Nightly').triggers).toMatchObject(off)
    all.die()
    await all.promote(keep)
    expect(all.job('Nightly')).toMatchObject({
      triggers: on,
      job_completion_trigger_condition: after(all.job('Nightly').id, ids.target)
    })
    expect((await all.promote(keep)).writes).toEqual([])
  })
})

describe('environments', () => {
  it('keep the use of a branch together with the branch', async () => {
    const all = new Platform(platform())
    const promotion = specOf(
      [
        `source: { project: ${String(ids.source)} }`,
        `target: { project: ${String(ids.target)} }`,
        'custom-branch: main',
        'environments: [{ from: Staging, keep: [custom_branch] }]'
      ].join('\n')
    )
    await all.promote(promotion)
    expect(all.environment('Staging')).toMatchObject({
      custom_branch: 'main',
      use_custom_branch: true
    })
    all.editEnvironment(all.environment('Staging').id, {
      custom_branch: 'theirs',
      use_custom_branch: false
    })
    expect((await all.promote(promotion)).writes).toEqual([])
  })
})

describe('a rule that is for nothing', () => {
  it('is a warning with near names, and none where it is for something or selects', async () => {
    const all = new Platform(platform())
    const plan = await all.plan(
      spec(
        '{ match: "Nigtly*", keep: [name] }, { match: "Night*", keep: [name] }, { match: "*", keep: [name] }'
      )
    )
    expect(byLevel(plan.remarks).warnings.filter((each) => each.startsWith('The rule'))).toEqual([
      'The rule for "Nigtly*" matches no job that is promoted. The nearest is "Nightly".'
    ])
    expect(outline(plan)).toHaveLength(2)
  })
})
