// A run that is killed between the two writes of a job, and the run after it.
import { describe, expect, it } from '@jest/globals'
import { addJob, type Features, type Given, type Job } from '../../sandbox/index.ts'
import {
  after,
  alarms,
  bodies,
  ids,
  inputs,
  kinds,
  lastLine,
  messages,
  outline,
  platform,
  Platform,
  triggers,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

/** Nightly runs on a schedule and starts Checks, which has a schedule too and defers to Nightly. */
function chain(features: Partial<Features> = {}, checks: Given<Job> = {}): Platform {
  const all = new Platform(platform(features, { triggers: triggers({ schedule: true }) }))
  all.add((state) =>
    addJob(state, ids.staging, {
      id: 6002,
      name: 'Checks',
      triggers: triggers({ schedule: true }),
      job_completion_trigger_condition: after(ids.nightly, ids.source),
      deferring_job_definition_id: ids.nightly,
      ...checks
    })
  )
  return all
}

const isSecond = ({ path }: { path: string }): boolean => /\/jobs\/\d+\/$/.test(path)
const key = 'job:Staging/Checks'

/** A promotion that dies before the second write of Checks. */
async function killed(all: Platform, more: Inputs = {}): Promise<void> {
  all.die(isSecond)
  const { outcomes } = await all.promote(inputs(more))
  expect(outcomes.find((each) => each.key === key)?.status).toBe('unlinked')
  all.die()
}

const state = (job: Job) => ({
  schedule: job.triggers.schedule,
  waits: job.job_completion_trigger_condition?.condition.job_id ?? null,
  defers: job.deferring_job_definition_id
})

describe('the two writes of a new job that refers to another new job', () => {
  it('set its triggers and references only in the last', async () => {
    const all = chain()
    const { writes } = await all.promote(inputs())
    expect(kinds(writes)).toEqual([
      'create environments',
      'create environments',
      'create jobs',
      'create jobs',
      'update jobs'
    ])
    const own = bodies(writes).filter(({ name }) => name === 'Checks')
    expect(own).toMatchObject([
      {
        triggers: triggers(),
        job_completion_trigger_condition: null,
        deferring_job_definition_id: null,
        job_type: 'other',
        description: expect.stringMatching(/\(v1 unfinished\)$/)
      },
      {
        id: all.job('Checks').id,
        triggers: triggers({ schedule: true }),
        job_completion_trigger_condition: after(all.job('Nightly').id, ids.target),
        deferring_job_definition_id: all.job('Nightly').id,
        job_type: 'scheduled',
        description: expect.stringMatching(/\(v1 [0-9a-f]{8}\.[0-9a-f]{8}\)$/)
      }
    ])
    // The second write is the whole object.
    expect(Object.keys(own[1] ?? {}).sort()).toEqual(Object.keys(own[0] ?? {}).sort())
  })

  it('are one for a job that refers to nothing new, triggers and all', async () => {
    const all = chain()
    const { writes } = await all.promote(inputs())
    const own = bodies(writes).filter(({ name }) => name === 'Nightly')
    expect(own).toMatchObject([{ triggers: triggers({ schedule: true }), job_type: 'scheduled' }])
  })

  it.each([
    ['on pull requests', { github_webhook: true }, 'ci'],
    ['on merge', { on_merge: true }, 'merge']
  ] as const)('never let it run too early: %s', async (_when, on, type) => {
    const all = chain({}, { triggers: triggers(on), job_type: type })
    const { writes } = await all.promote(inputs())
    const own = bodies(writes).filter(({ name }) => name === 'Checks')
    expect(own).toMatchObject([
      { triggers: triggers(), job_type: type },
      { triggers: triggers(on), job_type: type }
    ])
    expect(all.job('Checks')).toMatchObject({ job_type: type, triggers: triggers(on) })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('never set a trigger with schedule: paused', async () => {
    const all = chain()
    const { writes } = await all.promote(inputs({ schedule: 'paused' }))
    for (const body of bodies(writes).filter(({ execute_steps }) => execute_steps)) {
      expect(body).toMatchObject({ triggers: triggers(), job_completion_trigger_condition: null })
    }
    expect(state(all.job('Checks'))).toEqual({
      schedule: false,
      waits: null,
      defers: all.job('Nightly').id
    })
  })
})

describe('a run that is killed between the two writes', () => {
  it('leaves a job that does not run by itself and is marked as unfinished', async () => {
    const all = chain()
    await killed(all)
    expect(state(all.job('Checks'))).toEqual({ schedule: false, waits: null, defers: null })
    expect(lastLine(all.job('Checks'))).toBe(
      'Promoted by dbt-promote from 28885/86704/6002 (v1 unfinished)'
    )
  })

  it.each(['keep', 'source'])(
    'is completed with its triggers by the next, with schedule: %s',
    async (schedule) => {
      const all = chain()
      await killed(all, { schedule })
      const { id } = all.job('Checks')
      const { plan, writes } = await all.promote(inputs({ schedule }))
      expect(messages(plan)).toEqual([])
      expect(alarms(plan)).toEqual([`starts ${key}`])
      expect(outline(plan)).toEqual([
        expect.stringMatching(/^update job:Staging\/Checks \(unknown\)/)
      ])
      expect(kinds(writes)).toEqual(['update jobs'])
      expect(all.job('Checks').id).toBe(id)
      expect(state(all.job('Checks'))).toEqual({
        schedule: true,
        waits: all.job('Nightly').id,
        defers: all.job('Nightly').id
      })
      expect(lastLine(all.job('Checks'))).toMatch(/\(v1 [0-9a-f]{8}\.[0-9a-f]{8}\)$/)
      expect((await all.promote(inputs({ schedule }))).writes).toEqual([])
    }
  )

  it('is completed without triggers by the next, with schedule: paused', async () => {
    const all = chain()
    await killed(all, { schedule: 'paused' })
    const { plan } = await all.promote(inputs({ schedule: 'paused' }))
    expect([messages(plan), alarms(plan)]).toEqual([[], []])
    expect(state(all.job('Checks'))).toEqual({
      schedule: false,
      waits: null,
      defers: all.job('Nightly').id
    })
    expect((await all.promote(inputs({ schedule: 'paused' }))).writes).toEqual([])
  })

  it('follows what the source is by then', async () => {
    const all = chain()
    await killed(all)
    all.editJob(6002, { name: 'Tests', triggers: triggers(), deferring_job_definition_id: null })
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(state(all.job('Tests'))).toEqual({
      schedule: false,
      waits: all.job('Nightly').id,
      defers: null
    })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('is completed, even if nothing else than the marker is missing', async () => {
    const all = chain()
    await killed(all)
    all.editJob(6002, {
      triggers: triggers(),
      job_completion_trigger_condition: null,
      deferring_job_definition_id: null
    })
    const { writes } = await all.promote(inputs())
    expect(kinds(writes)).toEqual(['update jobs'])
    expect(lastLine(all.job('Checks'))).not.toContain('unfinished')
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('is completed, though one more run is killed', async () => {
    const all = chain()
    await killed(all)
    all.die(isSecond)
    await all.promote(inputs())
    all.die()
    await all.promote(inputs())
    expect(state(all.job('Checks')).waits).toBe(all.job('Nightly').id)
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('accuses nobody, before and after it is completed', async () => {
    const all = chain()
    await killed(all)
    expect(outline(await all.plan(inputs())).join()).not.toMatch(/\((source|target)\)/)
    await all.promote(inputs())
    all.editJob(6002, { generate_docs: true })
    expect(outline(await all.plan(inputs()))).toEqual([`update ${key} (source) generate_docs`])
    all.editJob(6002, { generate_docs: false })
    all.editJob(all.job('Checks').id, { generate_docs: true })
    expect(outline(await all.plan(inputs()))).toEqual([`update ${key} (target) generate_docs`])
  })

  it('is completed once, where the account does not take a value', async () => {
    const all = chain(
      { stateAwareOrchestration: false },
      { cost_optimization_features: ['state_aware_orchestration'] }
    )
    await killed(all)
    await all.promote(inputs())
    const { plan, writes } = await all.promote(inputs())
    expect(writes).toEqual([])
    expect(outline(plan)).toEqual([`refused ${key} cost_optimization_features`])
  })

  it('keeps the triggers that the target gets after it was completed', async () => {
    const all = chain()
    await killed(all)
    await all.promote(inputs())
    all.editJob(all.job('Checks').id, { triggers: triggers() })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('is completed in the environment that the source job has by then', async () => {
    const all = chain()
    await killed(all)
    all.editJob(6002, { environment_id: ids.qa })
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(all.job('Checks')).toMatchObject({ environment_id: all.environment('QA').id })
    expect(state(all.job('Checks')).schedule).toBe(true)
    expect((await all.promote(inputs())).writes).toEqual([])
  })
})

describe('a run that is killed elsewhere is completed by the next', () => {
  it.each([1, 2, 3, 4, 5])('at write %i', async (at) => {
    const whole = chain()
    await whole.promote(inputs())
    const all = chain()
    all.die((_write, count) => count >= at)
    await all.promote(inputs())
    all.die()
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    const seen = (world: Platform) =>
      world
        .jobs()
        .map((job) => [
          job.name,
          job.triggers,
          world.jobs().find(({ id }) => id === state(job).waits)?.name,
          world.jobs().find(({ id }) => id === state(job).defers)?.name
        ])
    expect(seen(all).toSorted()).toEqual(seen(whole).toSorted())
    expect((await all.promote(inputs())).writes).toEqual([])
  })
})
