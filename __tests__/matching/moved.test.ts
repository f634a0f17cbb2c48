// Jobs whose environment is another one than before: in the source, in the target, or by another name.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob } from '../../sandbox/index.ts'
import {
  alarms,
  ids,
  inputs,
  messages,
  outline,
  platform,
  Platform,
  updateOf,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

const world = (): Platform => new Platform(platform())

describe('a source job that moves to another promoted environment', () => {
  it('moves in the target too, with an alarm', async () => {
    const platform = world()
    await platform.promote(inputs())
    const { id } = platform.job('Nightly')
    platform.editJob(ids.nightly, { environment_id: ids.qa })
    const { plan, writes } = await platform.promote(inputs())
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(alarms(plan)).toEqual(['moved job:QA/Nightly'])
    expect(byLevel(plan.remarks).alarms[0]?.message).toContain('from environment "Staging" to "QA"')
    expect(outline(plan)).toEqual(['update job:QA/Nightly (source) environment_id'])
    expect(writes).toHaveLength(1)
    expect(platform.job('Nightly')).toMatchObject({
      id,
      environment_id: platform.environment('QA').id
    })
    const second = await platform.promote(inputs())
    expect(second.writes).toEqual([])
    expect(byLevel(second.plan.remarks).alarms).toEqual([])
  })

  it('does not move when its new environment is not promoted', async () => {
    const platform = world()
    await platform.promote(inputs())
    platform.editJob(ids.nightly, { environment_id: ids.qa })
    const { plan, writes } = await platform.promote(inputs({ environments: 'Staging' }))
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(writes).toEqual([])
  })

  it('leaves a job of the same name in the new environment alone', async () => {
    const platform = world()
    await platform.promote(inputs())
    const qa = platform.environment('QA').id
    const theirs = platform.add((state) => addJob(state, qa, { name: 'Nightly' }))
    const { id } = platform.jobs().find((job) => job.id !== theirs) ?? {}
    platform.editJob(ids.nightly, { environment_id: ids.qa })
    const { plan } = await platform.promote(inputs())
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(updateOf(plan, 'job:QA/Nightly').id).toBe(id)
    expect(platform.jobs().filter((job) => job.id === theirs)).toMatchObject([
      { description: '', environment_id: qa }
    ])
  })
})

describe('a target job that somebody moved', () => {
  it('moves back, with an alarm, and the target was edited', async () => {
    const platform = world()
    await platform.promote(inputs())
    const { id } = platform.job('Nightly')
    platform.editJob(id, { environment_id: platform.environment('QA').id })
    const { plan } = await platform.promote(inputs())
    expect(alarms(plan)).toEqual(['moved job:Staging/Nightly'])
    expect(outline(plan)).toEqual(['update job:Staging/Nightly (target) environment_id'])
    expect(platform.job('Nightly')).toMatchObject({
      id,
      environment_id: platform.environment('Staging').id
    })
    expect((await platform.promote(inputs())).writes).toEqual([])
  })
})

describe('a move that could break the target', () => {
  it('is a problem into an environment that is only about to be created', async () => {
    const platform = world()
    await platform.promote(inputs({ environments: 'Staging' }))
    platform.editJob(ids.nightly, { environment_id: ids.qa })
    const { plan, writes } = await platform.promote(inputs())
    expect(messages(plan)).toEqual([
      expect.stringMatching(
        /would move from environment "Staging" to "QA", which does not exist yet/
      )
    ])
    expect(writes).toEqual([])
  })

  it('is a problem into an environment without credentials', async () => {
    const platform = world()
    await platform.promote(inputs())
    platform.editEnvironment(platform.environment('QA').id, {
      credentials_id: null,
      primary_profile_id: null
    })
    platform.editJob(ids.nightly, { environment_id: ids.qa })
    const { plan, writes } = await platform.promote(inputs({ 'credentials-id': '' }))
    expect(messages(plan)).toEqual([expect.stringMatching(/which has no credentials/)])
    expect(writes).toEqual([])
  })

  it('is none where this very plan gives the environment its credentials', async () => {
    const platform = world()
    await platform.promote(inputs({ 'credentials-id': '' }))
    platform.editJob(ids.nightly, { environment_id: ids.qa })
    const { plan } = await platform.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(platform.job('Nightly').environment_id).toBe(platform.environment('QA').id)
  })
})

describe('a source environment that was renamed', () => {
  const more: [string, Inputs][] = [
    ['without a template', {}],
    ['with a template', { 'environment-name': 'prod – {name}' }],
    ['with templates', { 'environment-name': '{name} (prod)', 'job-name': '{environment}: {name}' }]
  ]

  it.each(more)('does not drag production along, %s', async (_what, templates) => {
    const platform = world()
    await platform.promote(inputs(templates))
    const before = platform.state
    platform.editEnvironment(ids.staging, { name: 'Pre-production' })
    const { plan, writes } = await platform.promote(inputs(templates))
    expect(messages(plan)).toHaveLength(1)
    expect(writes).toEqual([])
    expect(platform.jobs()).toEqual(
      before.jobs.filter(({ project_id }) => project_id === ids.target)
    )
  })

  it.each(more)(
    'is promoted to the old one by the line that the problem offers, %s',
    async (_what, templates) => {
      const platform = world()
      await platform.promote(inputs(templates))
      const [environment] = platform.environments()
      const [job] = platform.jobs()
      platform.editEnvironment(ids.staging, { name: 'Pre-production' })
      const { plan } = await platform.plan(inputs(templates)).then((each) => ({ plan: each }))
      const line =
        /"([^"]+ -> [^"]+)"/.exec(byLevel(plan.remarks).problems[0]?.remedy ?? '')?.[1] ?? ''
      const mapped = inputs({ ...templates, environments: `*\n${line}` })
      const { plan: second } = await platform.promote(mapped)
      expect(messages(second)).toEqual([])
      expect(outline(second)).toEqual([])
      expect(platform.environments().map(({ id }) => id)).toContain(environment?.id)
      expect(platform.jobs().map(({ id }) => id)).toEqual([job?.id])
    }
  )

  it('is one problem for each job, and each names the line', async () => {
    const platform = world()
    platform.add((state) => addJob(state, ids.staging, { name: 'Hourly' }))
    await platform.promote(inputs())
    platform.editEnvironment(ids.staging, { name: 'Pre-production' })
    const { problems } = byLevel((await platform.plan(inputs())).remarks)
    expect(problems.map(({ remedy }) => remedy.includes('"Pre-production -> Staging"'))).toEqual([
      true,
      true
    ])
  })
})

describe('an environment of the target that is no certain one', () => {
  it('is the only problem, however many jobs live in it', async () => {
    const platform = world()
    platform.add((state) => addJob(state, ids.staging, { name: 'Hourly' }))
    await platform.promote(inputs())
    platform.add((state) => addEnvironment(state, ids.target, { name: 'Staging ' }))
    const { plan } = await platform.promote(inputs())
    expect(messages(plan)).toEqual([expect.stringContaining('2 environments named "Staging"')])
  })
})
