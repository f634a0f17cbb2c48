// What a job defers to: in the target it is the counterpart of what it is in the source, or a problem.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob, type Given, type Job } from '../../sandbox/index.ts'
import {
  bodies,
  ids,
  inputs,
  kinds,
  messages,
  outline,
  platform,
  Platform,
  triggers,
  updateOf
} from '../../testing/worlds/two-projects.ts'

const world = (nightly: Given<Job> = {}): Platform => new Platform(platform({}, nightly))

describe('a deferral to an environment', () => {
  it('that is promoted is to its counterpart', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    const { plan, writes } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').deferring_environment_id).toBe(all.environment('QA').id)
    // Environments are there before the jobs, so one write is enough.
    expect(kinds(writes)).toEqual(['create environments', 'create environments', 'create jobs'])
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('that is its own is to its own', async () => {
    const all = world({ deferring_environment_id: ids.staging })
    await all.promote(inputs({ environments: 'Staging -> Production' }))
    expect(all.job('Nightly').deferring_environment_id).toBe(all.environment('Production').id)
  })

  it('that is not promoted now is to the one that an earlier promotion made', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    await all.promote(inputs({ environments: 'QA' }))
    const { plan } = await all.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').deferring_environment_id).toBe(all.environment('QA').id)
  })

  it('that is not promoted is to the target environment of the same name', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    const own = all.add((state) => addEnvironment(state, ids.target, { name: ' QA ' }))
    const { plan } = await all.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').deferring_environment_id).toBe(own)
    expect((await all.promote(inputs({ environments: 'Staging' }))).writes).toEqual([])
  })

  it('that is not promoted is to the target environment of the name that it would get', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    all.add((state) => addEnvironment(state, ids.target, { name: 'QA' }))
    const own = all.add((state) => addEnvironment(state, ids.target, { name: 'prod – QA' }))
    const spec = inputs({ environments: 'Staging', 'environment-name': 'prod – {name}' })
    const { plan } = await all.promote(spec)
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').deferring_environment_id).toBe(own)
  })

  it('that has no counterpart is a problem that names it', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    const { plan, writes } = await all.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toContain('"Nightly"')
    expect(messages(plan)[0]).toContain(`${String(ids.qa)} "QA"`)
    expect(byLevel(plan.remarks).problems[0]?.remedy).toMatch(/[Pp]romote/)
    expect(writes).toEqual([])
  })

  it('that is deleted, or never promoted, is a problem that only offers what there is', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    const remedy = 'Map it under references in the config file, or drop it with "unresolved: drop".'
    all.editEnvironment(ids.qa, { type: 'development' })
    expect(byLevel((await all.plan(inputs())).remarks).problems).toMatchObject([
      { message: expect.stringContaining('has no counterpart in the target project'), remedy }
    ])
    all.editEnvironment(ids.qa, { state: 2 })
    expect(byLevel((await all.plan(inputs())).remarks).problems).toMatchObject([
      {
        message: `Job "Nightly" defers to environment ${String(ids.qa)}, which the source project does not have any more.`,
        remedy
      }
    ])
  })

  it('of which the target has two by name is a problem', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    for (const name of ['QA', 'QA ']) {
      all.add((state) => addEnvironment(state, ids.target, { name }))
    }
    const { plan } = await all.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toHaveLength(1)
  })

  it('of which the target only has a development environment by name is a problem', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    all.add((state) => addEnvironment(state, ids.target, { name: 'QA', type: 'development' }))
    const { plan } = await all.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toHaveLength(1)
  })

  it('that the source removed is removed', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    await all.promote(inputs())
    all.editJob(ids.nightly, { deferring_environment_id: null })
    const { plan } = await all.promote(inputs())
    expect(outline(plan)).toEqual(['update job:Staging/Nightly (source) deferring_environment_id'])
    expect(all.job('Nightly').deferring_environment_id).toBeNull()
  })

  it('with resources: jobs is to the environment that others made', async () => {
    const all = world({ deferring_environment_id: ids.qa })
    await all.promote(inputs({ resources: 'environments' }))
    const { plan } = await all.promote(inputs({ resources: 'jobs' }))
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').deferring_environment_id).toBe(all.environment('QA').id)
  })
})

describe('a deferral to a job', () => {
  /** Nightly defers to another job, Base in QA. */
  const deferring = (): { all: Platform; base: number } => {
    const all = world()
    const base = all.add((state) => addJob(state, ids.qa, { name: 'Base' }))
    all.editJob(ids.nightly, { deferring_job_definition_id: base })
    return { all, base }
  }

  it('that is promoted along is set in the second write', async () => {
    const { all } = deferring()
    const { plan, writes } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').deferring_job_definition_id).toBe(all.job('Base').id)
    expect(kinds(writes).slice(2)).toEqual(['create jobs', 'create jobs', 'update jobs'])
    expect(bodies(writes).at(-1)).toMatchObject({
      id: all.job('Nightly').id,
      name: 'Nightly',
      deferring_job_definition_id: all.job('Base').id
    })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('that is itself is to itself', async () => {
    const all = world({ deferring_job_definition_id: ids.nightly })
    const { writes } = await all.promote(inputs())
    const { id } = all.job('Nightly')
    expect(all.job('Nightly').deferring_job_definition_id).toBe(id)
    expect(
      bodies(writes)
        .slice(2)
        .map((body) => body['deferring_job_definition_id'])
    ).toEqual([null, id])
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('that was promoted earlier is to that one, by its marker and not its name', async () => {
    const { all } = deferring()
    await all.promote(inputs({ environments: 'QA' }))
    const { id } = all.job('Base')
    all.editJob(id, { name: 'Renamed' })
    const { plan, writes } = await all.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').deferring_job_definition_id).toBe(id)
    // It is there, so one write of the job is enough.
    expect(kinds(writes).filter((each) => each.endsWith('jobs'))).toEqual(['create jobs'])
  })

  it('that is already in the target is set in one write', async () => {
    const { all } = deferring()
    await all.promote(inputs({ jobs: 'Base' }))
    const { writes } = await all.promote(inputs())
    expect(kinds(writes)).toEqual(['create jobs'])
  })

  it('that no promotion made is a problem, even if the target has one of its name', async () => {
    const { all, base } = deferring()
    await all.promote(inputs({ environments: 'QA', resources: 'environments' }))
    all.add((state) => addJob(state, all.environment('QA').id, { name: 'Base' }))
    const { plan, writes } = await all.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toContain(`${String(base)} "Base"`)
    expect(writes).toEqual([])
  })

  it('of which the target has copies is a problem', async () => {
    const { all } = deferring()
    await all.promote(inputs({ environments: 'QA' }))
    all.duplicate(all.job('Base').id)
    const { plan } = await all.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toHaveLength(1)
  })

  it('that is deleted is a problem that only offers what there is', async () => {
    const { all, base } = deferring()
    all.editJob(base, { state: 2 })
    const { problems } = byLevel((await all.plan(inputs())).remarks)
    expect(problems).toMatchObject([
      {
        message: `Job "Nightly" defers to job ${String(base)}, which the source project does not have any more.`,
        remedy: 'Map it under references in the config file, or drop it with "unresolved: drop".'
      }
    ])
  })

  it('that becomes one to an environment is cleared', async () => {
    const { all } = deferring()
    await all.promote(inputs())
    all.editJob(ids.nightly, {
      deferring_job_definition_id: null,
      deferring_environment_id: ids.qa
    })
    const { plan } = await all.promote(inputs())
    expect(updateOf(plan, 'job:Staging/Nightly').cause).toBe('source')
    expect(all.job('Nightly')).toMatchObject({
      deferring_job_definition_id: null,
      deferring_environment_id: all.environment('QA').id
    })
  })

  it('that a new job is for an existing one is set in an update after it is made', async () => {
    const all = world()
    await all.promote(inputs())
    const base = all.add((state) => addJob(state, ids.qa, { name: 'Base' }))
    all.editJob(ids.nightly, { deferring_job_definition_id: base, triggers: triggers() })
    const { writes } = await all.promote(inputs())
    expect(kinds(writes)).toEqual(['create jobs', 'update jobs'])
    expect(all.job('Nightly').deferring_job_definition_id).toBe(all.job('Base').id)
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('two to each other are both set', async () => {
    const { all, base } = deferring()
    all.editJob(base, { deferring_job_definition_id: ids.nightly })
    await all.promote(inputs())
    expect(all.job('Nightly').deferring_job_definition_id).toBe(all.job('Base').id)
    expect(all.job('Base').deferring_job_definition_id).toBe(all.job('Nightly').id)
    expect((await all.promote(inputs())).writes).toEqual([])
  })
})
