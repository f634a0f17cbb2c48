// The times of a job: those of a source job that sleeps are a placeholder, and never replace times that a job runs by.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { scheduleOf, type Given, type Job } from '../../sandbox/index.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import {
  alarms,
  ids,
  inputs,
  messages,
  outline,
  platform,
  Platform,
  triggers
} from '../../testing/worlds/two-projects.ts'
import { specOfText } from '../../testing/spec.ts'

const key = 'job:Staging/Nightly'
const placeholder = scheduleOf({ type: 'every_day' }, { type: 'every_hour', interval: 1 })
const nightly = scheduleOf(
  { type: 'every_day' },
  { type: 'at_exact_hours', hours: [3], interval: 1 }
)
const weekly = scheduleOf({ type: 'days_of_week', days: [0] }, { type: 'every_hour', interval: 3 })

const off = triggers()
const scheduled = triggers({ schedule: true })

/** A promotion of Staging with a rule for its jobs. */
function ruled(rule: string, more = ''): PromotionSpec {
  return specOfText(`source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
credentials-id: ${String(ids.credentials)}
environments: [Staging]
jobs: { rules: [{ match: "*", ${rule} }] }
${more}`)
}

/** A promoted job that runs nightly in the target, whatever the source has. */
async function running(source: Given<Job>, target: Given<Job> = {}): Promise<Platform> {
  const all = new Platform(platform({}, { schedule: placeholder }))
  await all.promote(inputs({ environments: 'Staging' }))
  all.editJob(ids.nightly, source)
  const held = { schedule: nightly, triggers: scheduled, job_type: 'scheduled' as const }
  all.editJob(all.job('Nightly').id, { ...held, ...target })
  return all
}

describe('a target job that runs on a schedule', () => {
  const asleep: readonly [string, Given<Job>][] = [
    ['sleeps', { schedule: weekly, triggers: off }],
    ['runs on merge alone', { schedule: weekly, triggers: triggers({ on_merge: true }) }],
    ['was deactivated', { schedule: weekly, triggers: scheduled, deactivated: true }]
  ]
  it.each(asleep)('keeps its times while the source job %s', async (_what, source) => {
    for (const schedule of ['keep', 'paused']) {
      const all = await running({ ...source, job_type: 'other' })
      const spec = inputs({ environments: 'Staging', schedule })
      expect(outline(await all.plan(spec))).toEqual([])
      // Also where it is written for something else, and again after that.
      all.editJob(ids.nightly, { execute_steps: ['dbt build', 'dbt test'] })
      // The marker holds the times that were the source's, and that somebody changed since.
      expect(outline(await all.plan(spec))).toEqual([`update ${key} (unknown) execute_steps`])
      const { plan } = await all.promote(spec)
      expect(alarms(plan)).toEqual([])
      expect(all.job('Nightly')).toMatchObject({ schedule: nightly, triggers: scheduled })
      all.editJob(all.job('Nightly').id, { execute_steps: ['dbt build'] })
      expect(outline(await all.plan(spec))).toEqual([`update ${key} (target) execute_steps`])
    }
  })

  it('keeps its times when it is adopted', async () => {
    const all = await running({ schedule: weekly, triggers: off })
    all.editJob(all.job('Nightly').id, { description: '' })
    const { plan } = await all.promote(inputs({ environments: 'Staging', adopt: 'true' }))
    expect(outline(plan)).toEqual([`update ${key} (unknown)`])
    expect(all.job('Nightly').schedule).toEqual(nightly)
  })

  const changed: readonly [string, PromotionSpec, Given<Job>, Job['schedule'], string[]][] = [
    [
      'the source job runs at other times',
      inputs({ environments: 'Staging' }),
      { schedule: weekly, triggers: scheduled },
      weekly,
      [`times ${key}`]
    ],
    [
      'schedule is source: it stops',
      inputs({ environments: 'Staging', schedule: 'source' }),
      { schedule: weekly, triggers: off },
      weekly,
      [`stops ${key}`]
    ],
    [
      'all of it is set',
      ruled(
        'set: { schedule: { date: { type: days_of_week, days: [0] }, time: { type: every_hour, interval: 3 } } }'
      ),
      { schedule: placeholder, triggers: off },
      weekly,
      [`times ${key}`]
    ],
    [
      'a part of it is set: the rest stays',
      ruled('set: { schedule.time.hours: [5] }'),
      { schedule: scheduleOf({ type: 'days_of_week', days: [0] }, nightly.time), triggers: off },
      scheduleOf(nightly.date, { type: 'at_exact_hours', hours: [5], interval: 1 }),
      [`times ${key}`]
    ],
    [
      'the trigger alone is set: that is none of the times',
      ruled('set: { triggers.schedule: true }'),
      { schedule: weekly, triggers: off },
      nightly,
      []
    ],
    [
      'the target is to keep it',
      ruled('keep: [schedule]', 'schedule: source'),
      { schedule: weekly, triggers: scheduled },
      nightly,
      []
    ]
  ]
  it.each(changed)('where %s', async (_what, spec, source, wanted, raised) => {
    const all = await running(source)
    const { plan } = await all.promote(spec)
    expect(messages(plan)).toEqual([])
    expect(alarms(plan)).toEqual(raised)
    expect(all.job('Nightly').schedule).toEqual(wanted)
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('takes no part that is set and has no meaning beside its times', async () => {
    const source = scheduleOf({ type: 'every_day' }, { type: 'every_hour', interval: 2 })
    const all = await running({ schedule: source, triggers: off })
    expect(messages(await all.plan(ruled('set: { schedule.time.interval: 4 }')))).toEqual([
      'What is set for job "Nightly" does not fit: schedule.time.interval has no meaning beside the times that the target keeps.'
    ])
    const fitting = 'set: { schedule.time: { type: every_hour, interval: 4 } }'
    expect(messages(await all.plan(ruled(fitting)))).toEqual([])
  })

  it('is named in the alarm of changed times', async () => {
    const all = await running({ schedule: weekly, triggers: scheduled })
    const plan = await all.plan(inputs({ environments: 'Staging' }))
    expect(byLevel(plan.remarks).alarms.map(({ message }) => message)).toEqual([
      'Job "Nightly" in "Staging" runs on a schedule, and its times change.'
    ])
  })

  it('gets its times back with an alarm when that is rolled back', async () => {
    const all = await running({ schedule: weekly, triggers: scheduled })
    const { journal } = await all.promote(inputs({ environments: 'Staging' }))
    const { plan } = await all.rollback(journal)
    expect(alarms(plan)).toEqual([`times ${key}`])
    expect(all.job('Nightly').schedule).toEqual(nightly)
  })
})

describe('a target job that does not run on a schedule', () => {
  it('has the times of the source, which are nobody’s alarm', async () => {
    for (const on of [off, triggers({ github_webhook: true })]) {
      const job_type = on.github_webhook ? 'ci' : 'other'
      const all = await running(
        { schedule: weekly, triggers: off, job_type },
        { triggers: on, job_type }
      )
      const { plan } = await all.promote(inputs({ environments: 'Staging' }))
      expect(outline(plan)).toEqual([`update ${key} (unknown) schedule`])
      expect(alarms(plan)).toEqual([])
      expect(all.job('Nightly').schedule).toEqual(weekly)
    }
  })
})

it('a new job has the times of its source, and keeps them where it alone is to run', async () => {
  const all = new Platform(platform({}, { schedule: weekly }))
  const spec = ruled('set: { triggers.schedule: true }')
  const { plan } = await all.promote(spec)
  expect(alarms(plan)).toEqual([`starts ${key}`])
  expect(all.job('Nightly').schedule).toEqual(weekly)
  // They are its own from then on, and to edit them hides nobody's move.
  all.editJob(all.job('Nightly').id, { schedule: nightly })
  all.editJob(ids.nightly, { schedule: placeholder, generate_docs: true })
  expect(outline(await all.plan(spec))).toEqual([`update ${key} (source) generate_docs`])
})

it('so does a job that a setting switches on later', async () => {
  const all = new Platform(platform({}, { schedule: weekly }))
  await all.promote(inputs({ environments: 'Staging' }))
  const spec = ruled('set: { triggers.schedule: true }')
  expect(alarms((await all.promote(spec)).plan)).toEqual([`starts ${key}`])
  all.editJob(all.job('Nightly').id, { schedule: nightly })
  all.editJob(ids.nightly, { generate_docs: true })
  expect(outline(await all.plan(spec))).toEqual([`update ${key} (source) generate_docs`])
})
