// The policy `schedule`: whether a job runs by itself, for new and for existing jobs.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob, scheduleOf } from '../../sandbox/index.ts'
import {
  after,
  alarms,
  ids,
  inputs,
  messages,
  outline,
  platform,
  Platform,
  triggers
} from '../../testing/worlds/two-projects.ts'

const policies = ['keep', 'source', 'paused'] as const
type Policy = (typeof policies)[number]
type On = Parameters<typeof triggers>[0]

const key = 'job:Staging/Nightly'
const off = {}
const kinds: [string, On][] = [
  ['schedule', { schedule: true }],
  ['github_webhook', { github_webhook: true }],
  ['on_merge', { on_merge: true }]
]
const typeOf = (on: On) =>
  on?.github_webhook ? 'ci' : on?.on_merge ? 'merge' : on?.schedule ? 'scheduled' : 'other'

describe.each(policies)('a new job with schedule: %s', (schedule) => {
  it.each(kinds)('and the trigger %s', async (_what, on) => {
    const all = new Platform(platform({}, { triggers: triggers(on), job_type: typeOf(on) }))
    const { plan } = await all.promote(inputs({ schedule }))
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').triggers).toEqual(triggers(schedule === 'paused' ? off : on))
    expect(alarms(plan)).toEqual(schedule === 'paused' ? [] : [`starts ${key}`])
    // A CI job stays one, since it could not become one later.
    expect(all.job('Nightly').job_type === 'ci').toBe(on?.github_webhook === true)
    expect((await all.promote(inputs({ schedule }))).writes).toEqual([])
  })

  it('and a completion trigger', async () => {
    const all = new Platform(
      platform({}, { job_completion_trigger_condition: after(6001, ids.source) })
    )
    const { plan } = await all.promote(inputs({ schedule }))
    const { id, job_completion_trigger_condition: held } = all.job('Nightly')
    expect(held).toEqual(schedule === 'paused' ? null : after(id, ids.target))
    expect(alarms(plan)).toEqual(schedule === 'paused' ? [] : [`starts ${key}`])
    expect((await all.promote(inputs({ schedule }))).writes).toEqual([])
  })

  it('and no trigger raises no alarm', async () => {
    const { plan } = await new Platform(platform()).promote(inputs({ schedule }))
    expect(byLevel(plan.remarks).alarms).toEqual([])
  })

  it('has the schedule of the source, on or off', async () => {
    const weekly = scheduleOf(
      { type: 'days_of_week', days: [0] },
      { type: 'every_hour', interval: 3 }
    )
    const all = new Platform(
      platform({}, { schedule: weekly, triggers: triggers({ schedule: true }) })
    )
    await all.promote(inputs({ schedule }))
    expect(all.job('Nightly').schedule).toEqual(weekly)
  })
})

/** A job that was promoted with one set of triggers, and what both sides have now. */
async function existing(policy: Policy, source: On, target: On) {
  const all = new Platform(platform())
  await all.promote(inputs({ schedule: policy }))
  all.editJob(ids.nightly, { triggers: triggers(source) })
  all.editJob(all.job('Nightly').id, { triggers: triggers(target) })
  const { plan } = await all.promote(inputs({ schedule: policy }))
  expect(messages(plan)).toEqual([])
  expect((await all.promote(inputs({ schedule: policy }))).writes).toEqual([])
  return { plan, on: all.job('Nightly').triggers }
}

const schedule = { schedule: true }
const merge = { on_merge: true }

describe('an existing job', () => {
  it.each([
    ['keep', schedule, off, off, []],
    ['keep', off, schedule, schedule, []],
    ['keep', merge, schedule, schedule, []],
    ['paused', schedule, off, off, []],
    ['paused', off, schedule, schedule, []],
    ['paused', merge, schedule, schedule, []],
    ['source', schedule, off, schedule, [`starts ${key}`]],
    ['source', off, schedule, off, [`stops ${key}`]],
    ['source', merge, schedule, merge, []],
    ['source', schedule, schedule, schedule, []]
  ] as [Policy, On, On, On, string[]][])(
    'with schedule: %s, %j in the source and %j in the target',
    async (policy, source, target, wanted, raised) => {
      const { plan, on } = await existing(policy, source, target)
      expect(on).toEqual(triggers(wanted))
      expect(alarms(plan)).toEqual(raised)
    }
  )

  it.each(['keep', 'paused'] as const)(
    'with schedule: %s takes another time from the source all the same',
    async (policy) => {
      const all = new Platform(platform({}, { triggers: triggers(schedule) }))
      await all.promote(inputs({ schedule: policy }))
      const before = all.job('Nightly').triggers
      const weekly = scheduleOf(
        { type: 'days_of_week', days: [0] },
        { type: 'every_hour', interval: 3 }
      )
      all.editJob(ids.nightly, { schedule: weekly })
      const { plan } = await all.promote(inputs({ schedule: policy }))
      expect(outline(plan)).toEqual([`update ${key} (source) schedule`])
      expect(all.job('Nightly')).toMatchObject({ schedule: weekly, triggers: before })
    }
  )

  it('that is edited on purpose is told apart from one that the source moved', async () => {
    const all = new Platform(platform({}, { triggers: triggers(schedule) }))
    await all.promote(inputs({ schedule: 'source' }))
    all.editJob(all.job('Nightly').id, { triggers: triggers() })
    expect(outline(await all.plan(inputs({ schedule: 'source' })))).toEqual([
      `update ${key} (target) triggers.schedule`
    ])
    all.editJob(all.job('Nightly').id, { triggers: triggers(schedule) })
    all.editJob(ids.nightly, { triggers: triggers() })
    expect(outline(await all.plan(inputs({ schedule: 'source' })))).toEqual([
      `update ${key} (source) triggers.schedule`
    ])
  })

  it('that was paused runs with the source once the policy is source', async () => {
    const all = new Platform(platform({}, { triggers: triggers(schedule) }))
    all.add((state) =>
      addJob(state, ids.staging, {
        name: 'Checks',
        job_completion_trigger_condition: after(6001, ids.source)
      })
    )
    await all.promote(inputs({ schedule: 'paused' }))
    expect((await all.promote(inputs({ schedule: 'keep' }))).writes).toEqual([])
    const { plan } = await all.promote(inputs({ schedule: 'source' }))
    expect(alarms(plan)).toEqual(['starts job:Staging/Checks', `starts ${key}`])
    expect(all.job('Nightly').triggers.schedule).toBe(true)
    expect(all.job('Checks').job_completion_trigger_condition).toEqual(
      after(all.job('Nightly').id, ids.target)
    )
  })
})
