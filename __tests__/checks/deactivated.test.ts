// Jobs that the platform switched off after failing too often.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob, startSandbox } from '../../sandbox/index.ts'
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
} from '../../testing/worlds/two-projects.ts'
import { runAction, type ActionRun } from '../../testing/runner/run-action.ts'
import { specOfText } from '../../testing/spec.ts'

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
    expect(byLevel(plan.remarks).alarms).toEqual([])
    expect(only(byLevel(plan.remarks).warnings.filter((text) => warned.test(text)))).toBe(
      'Source job 6001 "Nightly" was deactivated by the platform: it is promoted with its triggers off.'
    )
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
    expect(byLevel(plan.remarks).alarms).toEqual([])
    const runs =
      'Source job 6001 "Nightly" was deactivated by the platform: job "Nightly" in "Staging" runs by itself all the same.'
    expect(byLevel(plan.remarks).warnings).toContain(runs)
    expect(all.job('Nightly')).toMatchObject({ triggers: on, generate_docs: true })
    expect(byLevel((await all.plan(inputs({ schedule }))).remarks).warnings).toContain(runs)
  })

  it('runs where its triggers are set, and the warning says so', async () => {
    const all = new Platform(platform({}, { deactivated: true, triggers: triggers() }))
    const text = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
environments: [Staging]
jobs: { rules: [{ match: "*", set: { triggers.schedule: true } }] }`
    const { warnings } = byLevel((await all.plan(specOfText(text))).remarks)
    expect(only(warnings.filter((each) => warned.test(each)))).toMatch(
      /runs by itself all the same\.$/
    )
  })

  it('stops the target with schedule: source, with an alarm and a warning that says why', async () => {
    const all = new Platform(platform({}, { triggers: on }))
    await all.promote(inputs({ schedule: 'source' }))
    all.editJob(ids.nightly, { deactivated: true })
    const { plan } = await all.promote(inputs({ schedule: 'source' }))
    expect(alarms(plan)).toEqual(['stops job:Staging/Nightly'])
    expect(only(byLevel(plan.remarks).warnings.filter((text) => warned.test(text)))).toContain(
      '6001 "Nightly"'
    )
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
    expect(byLevel(plan.remarks).alarms[0]?.message).toContain(String(id))
  })

  it('is no alarm but a warning that names it where nothing is written', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    expect(byLevel((await all.plan(inputs())).remarks).warnings).toEqual([])
    const { id } = all.job('Nightly')
    all.editJob(id, { deactivated: true })
    const { plan, writes } = await all.promote(inputs())
    expect(byLevel(plan.remarks).alarms).toEqual([])
    expect(byLevel(plan.remarks).warnings).toEqual([
      `Job ${String(id)} "Nightly" in "Staging" was deactivated by the platform and does not run: ` +
        'see why its runs failed, then run it once by hand or save it in the platform.'
    ])
    expect(writes).toEqual([])
  })

  it('is an alarm too where it is paused, since its source job is gone', async () => {
    const all = new Platform(platform({}, { triggers: on }))
    all.add((state) => addJob(state, ids.staging, { name: 'Other' }))
    await all.promote(inputs())
    const { id } = all.job('Nightly')
    all.editJob(id, { deactivated: true })
    all.editJob(ids.nightly, { state: 2 })
    const key = `job:Staging/Nightly#${String(id)}`
    expect(alarms(await all.plan(inputs({ removals: 'pause' })))).toEqual([
      `paused ${key}`,
      `reactivated ${key}`
    ])
  })

  it('may say why it was deactivated, which is no field that would get lost', async () => {
    const reason = 'deactivation_reason'
    const all = new Platform(platform({ futureKeys: { environment: [], job: [reason] } }))
    await all.promote(inputs())
    const { id } = all.job('Nightly')
    all.editJob(id, { deactivated: true, future: { [reason]: 'repeated_failures' } })
    const { warnings } = byLevel((await all.plan(inputs())).remarks)
    expect(warnings).toHaveLength(1)
    expect(warnings.join()).not.toContain(reason)
  })

  it('is named by check, which is green all the same, or red with the alarm', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    const { id } = all.job('Nightly')
    all.editJob(id, { deactivated: true, triggers: on, job_type: 'scheduled' })
    const checked = async (): Promise<ActionRun> => {
      const sandbox = await startSandbox({ seed: all.state })
      const given = {
        token: 'dbtc_two_projects',
        host: sandbox.url,
        'account-id': String(ids.account),
        'source-project': String(ids.source),
        'target-project': String(ids.target),
        environments: '*',
        mode: 'check'
      }
      return runAction(given, { sandbox }).finally(() => sandbox.close())
    }
    const green = await checked()
    expect([green.error, green.writes]).toEqual(['', []])
    const named = new RegExp(`Job ${String(id)} .*deactivated by the platform`)
    expect(green.summary).toMatch(named)
    expect(green.warnings.join('\n') + green.log).toMatch(named)
    all.editJob(ids.nightly, { generate_docs: true })
    const red = await checked()
    expect(red.outputs['failure-reason']).toBe('differs')
    expect(red.summary).toMatch(named)
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
