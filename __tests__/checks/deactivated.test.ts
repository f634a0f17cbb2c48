// Jobs that the platform switched off after failing too often.
import { describe, expect, it } from '@jest/globals'
import {
  after,
  alarms,
  ids,
  inputs,
  messages,
  only,
  platform,
  Platform,
  triggers
} from '../matching/two-projects.ts'

const on = triggers({ schedule: true })
const warned = /deactivated/

describe('a deactivated source job', () => {
  it('is promoted with every trigger off and a warning', async () => {
    const all = new Platform(
      platform(
        {},
        {
          deactivated: true,
          triggers: on,
          job_completion_trigger_condition: after(6001, ids.source)
        }
      )
    )
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(plan.alarms).toEqual([])
    expect(only(plan.warnings.filter((text) => warned.test(text)))).toContain('6001 "Nightly"')
    expect(all.job('Nightly')).toMatchObject({
      triggers: triggers(),
      job_completion_trigger_condition: null
    })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('that waits for a job which is not promoted is no problem', async () => {
    const all = new Platform(
      platform(
        {},
        {
          deactivated: true,
          job_completion_trigger_condition: after(4711, ids.source)
        }
      )
    )
    expect(messages(await all.plan(inputs()))).toEqual([])
  })

  it.each(['keep', 'paused'])('does not stop the target with schedule: %s', async (schedule) => {
    const all = new Platform(platform())
    await all.promote(inputs({ schedule }))
    all.editJob(all.job('Nightly').id, { triggers: on })
    all.editJob(ids.nightly, { deactivated: true, triggers: on, generate_docs: true })
    const { plan } = await all.promote(inputs({ schedule }))
    expect(plan.alarms).toEqual([])
    expect(all.job('Nightly')).toMatchObject({ triggers: on, generate_docs: true })
  })

  it('stops the target with schedule: source, with an alarm and a warning that says why', async () => {
    const all = new Platform(platform({}, { triggers: on }))
    await all.promote(inputs({ schedule: 'source' }))
    all.editJob(ids.nightly, { deactivated: true })
    const { plan } = await all.promote(inputs({ schedule: 'source' }))
    expect(alarms(plan)).toEqual(['stops job:Staging/Nightly'])
    expect(only(plan.warnings.filter((text) => warned.test(text)))).toContain('6001 "Nightly"')
    expect(all.job('Nightly').triggers).toEqual(triggers())
  })
})

describe('a deactivated target job', () => {
  it('is an alarm where it is saved, for that may reactivate it', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    const { id } = all.job('Nightly')
    all.editJob(id, { deactivated: true, triggers: on, job_type: 'scheduled' })
    all.editJob(ids.nightly, { generate_docs: true })
    const { plan } = await all.promote(inputs())
    expect(alarms(plan)).toEqual(['reactivated job:Staging/Nightly'])
    expect(plan.alarms[0]?.message).toContain(String(id))
  })

  it('is none where nothing is written', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    all.editJob(all.job('Nightly').id, { deactivated: true })
    const { plan, writes } = await all.promote(inputs())
    expect(plan.alarms).toEqual([])
    expect(writes).toEqual([])
  })
})

describe('a system job', () => {
  it('is not promoted, and none of the target is taken for a counterpart', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    all.editJob(all.job('Nightly').id, { is_system: true })
    const { plan } = await all.plan(inputs({ adopt: 'true' })).then((each) => ({ plan: each }))
    expect(plan.changes.map(({ op, key }) => `${op} ${key}`)).toContain(
      'create job:Staging/Nightly'
    )
    all.editJob(ids.nightly, { is_system: true })
    expect((await all.promote(inputs())).writes).toEqual([])
  })
})
