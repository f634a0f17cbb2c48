// Jobs that are duplicated, renamed, deleted or made anew, in the source and in the target.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob } from '../../sandbox/index.ts'
import {
  alarms,
  ids,
  inputs,
  messages,
  outline,
  platform,
  Platform,
  updateOf
} from '../../testing/worlds/two-projects.ts'

async function promoted(): Promise<{ world: Platform; id: number }> {
  const world = new Platform(platform())
  await world.promote(inputs())
  return { world, id: world.job('Nightly').id }
}

describe('a target job that is duplicated in the UI', () => {
  it('stays the promoted one; its copy is left alone', async () => {
    const { world, id } = await promoted()
    const copy = world.duplicate(id)
    const before = world.state
    const { plan, writes } = await world.promote(inputs())
    expect([messages(plan), outline(plan), writes]).toEqual([[], [], []])

    world.editJob(ids.nightly, { generate_docs: true })
    const second = await world.promote(inputs())
    expect(updateOf(second.plan, 'job:Staging/Nightly')).toMatchObject({ id, cause: 'source' })
    expect(world.jobs().find((job) => job.id === copy)).toEqual(
      before.jobs.find((job) => job.id === copy)
    )
  })

  it('is a problem that names both, where the copy has the same name', async () => {
    const { world, id } = await promoted()
    const copy = world.duplicate(id, { name: 'Nightly' })
    world.editJob(ids.nightly, { generate_docs: true })
    const { plan, writes } = await world.promote(inputs())
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toContain(String(id))
    expect(messages(plan)[0]).toContain(String(copy))
    expect(byLevel(plan.remarks).problems[0]?.remedy).toContain('Promoted by dbt-promote from')
    expect(writes).toEqual([])
  })

  it('is a problem, where neither has the expected name', async () => {
    const { world, id } = await promoted()
    world.duplicate(id, { name: 'Nightly 2' })
    world.editJob(ids.nightly, { name: 'Hourly' })
    const { plan, writes } = await world.promote(inputs())
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toMatch(/"Nightly".*"Nightly 2"/)
    expect(writes).toEqual([])
  })

  it('is settled by removing the last line of the copy', async () => {
    const { world, id } = await promoted()
    world.duplicate(id, { name: 'Nightly', description: '' })
    world.editJob(ids.nightly, { generate_docs: true })
    const { plan } = await world.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(updateOf(plan, 'job:Staging/Nightly').id).toBe(id)
  })

  it('lives on in its copy, when the original is deleted', async () => {
    const { world, id } = await promoted()
    const copy = world.duplicate(id)
    world.editJob(id, { state: 2 })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual(['update job:Staging/Nightly (target) name'])
    expect(world.jobs().map((job) => [job.id, job.name])).toEqual([[copy, 'Nightly']])
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('stays the promoted one, where the copy was made in another environment under the same name', async () => {
    const { world, id } = await promoted()
    const copy = world.duplicate(id, {
      name: 'Nightly',
      environment_id: world.environment('QA').id
    })
    const qa = world.environment('QA').id
    world.editJob(copy, { environment_id: qa })
    world.editJob(ids.nightly, { generate_docs: true })
    const { plan } = await world.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(updateOf(plan, 'job:Staging/Nightly').id).toBe(id)
    expect(world.jobs().find((job) => job.id === copy)).toMatchObject({
      environment_id: qa,
      generate_docs: false
    })
  })
})

describe('a source job that is duplicated in the UI', () => {
  it('is promoted as another job', async () => {
    const { world, id } = await promoted()
    world.duplicate(ids.nightly)
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual(['create job:Staging/Copy of Nightly'])
    expect(world.job('Nightly').id).toBe(id)
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})

describe('a job that is renamed', () => {
  it('in the source keeps its id in the target', async () => {
    const { world, id } = await promoted()
    world.editJob(ids.nightly, { name: 'Hourly' })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual(['update job:Staging/Hourly (source) name'])
    expect(world.jobs().map((job) => [job.id, job.name])).toEqual([[id, 'Hourly']])
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('in the target gets its name back', async () => {
    const { world, id } = await promoted()
    world.editJob(id, { name: 'Hourly' })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual(['update job:Staging/Nightly (target) name'])
    expect(world.jobs().map((job) => [job.id, job.name])).toEqual([[id, 'Nightly']])
  })

  it('in both to one name needs no write', async () => {
    const { world, id } = await promoted()
    world.editJob(ids.nightly, { name: 'Hourly' })
    world.editJob(id, { name: 'Hourly' })
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('by blanks alone needs no write', async () => {
    const { world } = await promoted()
    world.editJob(ids.nightly, { name: '  Nightly ' })
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('leaves its old name to a new job', async () => {
    const { world, id } = await promoted()
    world.editJob(ids.nightly, { name: 'Hourly' })
    world.add((state) => addJob(state, ids.staging, { name: 'Nightly' }))
    const { plan } = await world.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(outline(plan)).toEqual([
      'update job:Staging/Hourly (source) name',
      'create job:Staging/Nightly'
    ])
    expect(world.job('Hourly').id).toBe(id)
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('swaps names with another', async () => {
    const { world, id } = await promoted()
    const other = world.add((state) => addJob(state, ids.staging, { name: 'Hourly' }))
    await world.promote(inputs())
    const hourly = world.job('Hourly').id
    world.editJob(ids.nightly, { name: 'Hourly' })
    world.editJob(other, { name: 'Nightly' })
    const { plan } = await world.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect([world.job('Hourly').id, world.job('Nightly').id]).toEqual([id, hourly])
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})

describe('a job that is deleted', () => {
  it('in the target is created again', async () => {
    const { world, id } = await promoted()
    world.editJob(id, { state: 2 })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual(['create job:Staging/Nightly'])
    expect(world.job('Nightly').id).not.toBe(id)
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('in the source stays in the target', async () => {
    const { world, id } = await promoted()
    world.editJob(ids.nightly, { state: 2 })
    const { plan, writes } = await world.promote(inputs())
    expect([messages(plan), writes]).toEqual([[], []])
    expect(world.job('Nightly').id).toBe(id)
  })

  it('in the source and made anew under its name is not taken for the old one', async () => {
    const { world, id } = await promoted()
    world.editJob(ids.nightly, { state: 2 })
    world.add((state) => addJob(state, ids.staging, { name: 'Nightly' }))
    const { plan, writes } = await world.promote(inputs({ adopt: 'true' }))
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toContain(`${String(id)} "Nightly"`)
    expect(messages(plan)[0]).toContain(`job ${String(ids.nightly)}`)
    expect(writes).toEqual([])

    // The way out that the problem offers.
    world.editJob(id, { description: '' })
    const second = await world.promote(inputs({ adopt: 'true' }))
    expect(messages(second.plan)).toEqual([])
    expect(alarms(second.plan)).toEqual(['adopted job:Staging/Nightly'])
    expect(world.job('Nightly').id).toBe(id)
  })
})
