// Jobs of the target that no promotion made: taken over only on request, and never from another owner.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob, type Given, type Job } from '../../sandbox/index.ts'
import {
  alarms,
  ids,
  inputs,
  lastLine,
  messages,
  only,
  outline,
  platform,
  Platform,
  triggers,
  updateOf
} from '../../testing/worlds/two-projects.ts'

const key = 'job:Staging/Nightly'

/** A target that already has the environment Staging with jobs of its own. */
function grown(...jobs: readonly Given<Job>[]): Platform {
  const world = new Platform(platform())
  const environment = world.add((state) =>
    addEnvironment(state, ids.target, { name: 'Staging', credentials_id: ids.credentials })
  )
  jobs.forEach((job, index) => {
    world.add((state) => addJob(state, environment, { id: 7001 + index, ...job }))
  })
  return world
}

const marker = (from: string): string =>
  `Promoted by dbt-promote from ${from} (v1 0123abcd.4567cdef)`

describe('a same-named job that no promotion made', () => {
  it('is a problem, and nothing is written', async () => {
    const world = grown({ name: 'Nightly' })
    const { plan, writes } = await world.promote(inputs())
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toContain('7001 "Nightly"')
    expect(byLevel(plan.remarks).problems[0]?.remedy).toContain('adopt: true')
    expect(writes).toEqual([])
  })

  it('is one problem that lists them all', async () => {
    const world = grown({ name: 'Nightly' }, { name: 'Hourly' }, { name: 'Weekly' })
    for (const name of ['Hourly', 'Weekly'])
      world.add((state) => addJob(state, ids.staging, { name }))
    const { plan } = await world.promote(inputs())
    expect(messages(plan)).toHaveLength(1)
    for (const named of ['7001 "Nightly"', '7002 "Hourly"', '7003 "Weekly"']) {
      expect(messages(plan)[0]).toContain(named)
    }
  })

  it('is listed among others that are of another owner', async () => {
    const world = grown({ name: 'Nightly' }, { name: 'Hourly', description: marker('28885/1/2') })
    world.add((state) => addJob(state, ids.staging, { name: 'Hourly' }))
    const { plan } = await world.promote(inputs())
    expect(messages(plan)).toHaveLength(2)
    expect(messages(plan).filter((text) => text.includes('7001'))).toHaveLength(1)
    expect(messages(plan).filter((text) => text.includes('7002'))).toHaveLength(1)
  })

  it('is taken over with adopt, with an alarm and a marker', async () => {
    const world = grown({ name: 'Nightly', description: 'Ours.', execute_steps: ['dbt run'] })
    const { plan, writes } = await world.promote(inputs({ adopt: 'true', environments: 'Staging' }))
    expect(messages(plan)).toEqual([])
    expect(alarms(plan)).toContain(`adopted ${key}`)
    expect(updateOf(plan, key)).toMatchObject({ id: 7001, adopted: true, cause: 'unknown' })
    expect(writes).toHaveLength(1)
    expect(world.job('Nightly')).toMatchObject({ id: 7001, execute_steps: ['dbt build'] })
    expect(lastLine(world.job('Nightly'))).toMatch(
      /^Promoted by dbt-promote from 28885\/86704\/6001 /
    )

    for (const more of [{ adopt: 'true' }, {}]) {
      const second = await world.promote(inputs({ ...more, environments: 'Staging' }))
      expect(second.writes).toEqual([])
      expect(byLevel(second.plan.remarks).alarms).toEqual([])
    }
  })

  it('is taken over even if no field differs', async () => {
    const world = grown({ name: 'Nightly' })
    const { plan, writes } = await world.promote(inputs({ adopt: 'true', environments: 'Staging' }))
    expect(outline(plan)).toEqual([`update ${key} (unknown)`])
    expect(alarms(plan)).toEqual([`adopted ${key}`])
    expect(writes).toHaveLength(1)
    expect(lastLine(world.job('Nightly'))).toMatch(
      /^Promoted by dbt-promote from 28885\/86704\/6001 /
    )
    expect((await world.promote(inputs({ environments: 'Staging' }))).writes).toEqual([])
    // The marker proves from then on.
    world.editJob(7001, { generate_docs: true })
    expect(updateOf(await world.plan(inputs()), key).cause).toBe('target')
  })

  it('keeps its triggers', async () => {
    const world = grown({ name: 'Nightly', triggers: triggers({ schedule: true }) })
    const { plan } = await world.promote(inputs({ adopt: 'true', environments: 'Staging' }))
    expect(alarms(plan)).toEqual([`adopted ${key}`])
    expect(world.job('Nightly').triggers.schedule).toBe(true)
  })

  it('is matched by its name in one Unicode form, blanks aside', async () => {
    const world = grown({ name: ' Caf\u0065\u0301 ' })
    world.editJob(ids.nightly, { name: 'Caf\u00e9' })
    const { plan } = await world.promote(inputs({ adopt: 'true', environments: 'Staging' }))
    expect(messages(plan)).toEqual([])
    expect(world.jobs().map(({ id }) => id)).toEqual([7001])
  })

  it('is not taken over in another environment', async () => {
    const world = grown()
    const other = world.add((state) => addEnvironment(state, ids.target, { name: 'Elsewhere' }))
    world.add((state) => addJob(state, other, { id: 7009, name: 'Nightly' }))
    const { plan } = await world.promote(inputs({ adopt: 'true', environments: 'Staging' }))
    expect(outline(plan)).toEqual([`create ${key}`])
    expect(byLevel(plan.remarks).alarms).toEqual([])
  })

  it('is not taken over by another spelling', async () => {
    const world = grown({ name: 'nightly' })
    const { plan } = await world.promote(inputs({ adopt: 'true', environments: 'Staging' }))
    expect(outline(plan)).toEqual([`create ${key}`])
  })

  it('is a problem where two have the name, even with adopt', async () => {
    const world = grown({ name: 'Nightly' }, { name: 'Nightly' })
    const { plan, writes } = await world.promote(inputs({ adopt: 'true' }))
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toMatch(/7001.*7002/)
    expect(writes).toEqual([])
  })

  it('is not looked at where a marked job stands for the source job', async () => {
    const world = grown(
      { name: 'Nightly', description: marker('28885/86704/6001') },
      { name: 'Nightly' }
    )
    const { plan } = await world.promote(inputs({ environments: 'Staging' }))
    expect(messages(plan)).toEqual([])
    expect(world.jobs().map(({ id }) => id)).toEqual([7001, 7002])
  })
})

describe('a job of another owner', () => {
  it.each([
    ['another source project', '28885/12345/6001', '12345'],
    ['another account', '11111/86704/6001', '86704'],
    ['another job of the source', '28885/86704/999', '999']
  ])('is never taken over by its name: %s', async (_what, from, named) => {
    const world = grown({ name: 'Nightly', description: marker(from) })
    for (const adopt of ['true', 'false']) {
      const { plan, writes } = await world.promote(inputs({ adopt }))
      expect(messages(plan)).toHaveLength(1)
      expect(messages(plan)[0]).toContain('7001 "Nightly"')
      expect(messages(plan)[0]).toContain(named)
      expect(writes).toEqual([])
    }
  })

  it.each([
    ['description', { description: 'Nightly run [[nightly-prod]]' }],
    ['description, with a filter of environments', { description: '[[prod:nightly]]' }],
    ['description, for all', { description: '[[*:nightly]]' }]
  ])('of dbt-jobs-as-code, tagged in its %s, is never taken over', async (_where, job) => {
    const world = grown({ name: 'Nightly', ...job })
    const { plan, writes } = await world.promote(inputs({ adopt: 'true' }))
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toContain('dbt-jobs-as-code')
    expect(messages(plan)[0]).toContain('7001 "Nightly"')
    expect(writes).toEqual([])
  })

  it('of dbt-jobs-as-code, tagged in its name, is never taken over', async () => {
    const world = grown({ name: 'Nightly [[nightly]]' })
    world.editJob(ids.nightly, { name: 'Nightly [[nightly]]' })
    const { plan, writes } = await world.promote(inputs({ adopt: 'true' }))
    expect(messages(plan)).toEqual([expect.stringContaining('[[nightly]]')])
    expect(writes).toEqual([])
  })

  it.each(['[nightly]', '[[two words]]', '[[]]', '[[ß]]'])('is not seen in %s', async (text) => {
    const world = grown({ name: 'Nightly', description: text })
    const { plan } = await world.promote(inputs({ adopt: 'true' }))
    expect(messages(plan)).toEqual([])
  })
})

describe('a source job that another manager tagged', () => {
  it.each([
    ['name', { name: 'Nightly [[nightly]]' }],
    ['description', { description: 'Managed. [[nightly]]' }]
  ])('in its %s takes the tag along with a warning', async (_where, change) => {
    const world = new Platform(platform({}, change))
    const { plan } = await world.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(
      byLevel(plan.remarks).warnings.filter((text) => text.includes('[[nightly]]'))
    ).toHaveLength(1)
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})

describe('with track: name', () => {
  const named = (more = {}) => inputs({ track: 'name', environments: 'Staging', ...more })

  it('a new job gets no marker', async () => {
    const world = new Platform(platform({}, { description: 'Builds all.' }))
    const { writes } = await world.promote(named())
    expect(world.job('Nightly').description).toBe('Builds all.')
    expect(JSON.stringify(writes)).not.toContain('Promoted by')
    expect((await world.promote(named())).writes).toEqual([])
  })

  it('a same-named job is matched without adopt and without alarm', async () => {
    const world = grown({ name: 'Nightly', execute_steps: ['dbt run'] })
    const { plan } = await world.promote(named())
    expect([messages(plan), alarms(plan)]).toEqual([[], []])
    expect(outline(plan)).toEqual([`update ${key} (unknown) execute_steps`])
    expect(world.job('Nightly')).toMatchObject({ id: 7001, description: '' })
    expect((await world.promote(named())).writes).toEqual([])
  })

  it('a name that two jobs have is a problem', async () => {
    const world = grown({ name: 'Nightly' }, { name: 'Nightly ' })
    const { plan, writes } = await world.promote(named())
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toMatch(/7001.*7002/)
    expect(writes).toEqual([])
  })

  it('a marker does not count, whoever left it', async () => {
    const world = grown(
      { name: 'Nightly', description: marker('28885/1/2') },
      { name: 'Other', description: marker('28885/86704/6001') }
    )
    const { plan } = await world.promote(named())
    expect(messages(plan)).toEqual([])
    expect(plan.changes.find((change) => change.key === key)).toMatchObject({ id: 7001 })
    expect(world.job('Other').id).toBe(7002)
  })

  it('a job that is renamed in the source is a new one', async () => {
    const world = new Platform(platform())
    await world.promote(named())
    world.editJob(ids.nightly, { name: 'Hourly' })
    const { plan } = await world.promote(named())
    expect(outline(plan)).toEqual(['create job:Staging/Hourly'])
    expect(world.jobs()).toHaveLength(2)
  })

  it('nobody is said to have changed anything', async () => {
    const world = new Platform(platform())
    await world.promote(named())
    world.editJob(ids.nightly, { generate_docs: true })
    expect(updateOf(await world.plan(named()), key).cause).toBe('unknown')
    await world.promote(named())
    world.editJob(world.job('Nightly').id, { run_lint: true })
    expect(updateOf(await world.plan(named()), key).cause).toBe('unknown')
  })

  it('leaves no digests behind by which a later run with markers would accuse somebody', async () => {
    const world = new Platform(platform())
    const marked = inputs({ environments: 'Staging' })
    await world.promote(marked)
    world.editJob(ids.nightly, { generate_docs: true })
    await world.promote(named())
    world.editJob(ids.nightly, { generate_docs: false })
    const plan = await world.plan(marked)
    expect(outline(plan).join()).not.toContain('(target)')
  })

  it('a value that the account may refuse is not written for its own sake', async () => {
    const world = new Platform(
      platform(
        { stateAwareOrchestration: false },
        { cost_optimization_features: ['state_aware_orchestration'] }
      )
    )
    await world.promote(named())
    const { plan, writes } = await world.promote(named())
    expect(writes).toEqual([])
    expect(outline(plan)).toEqual([`refused ${key} cost_optimization_features`])
  })
})

describe('two source jobs of one name', () => {
  it('in one environment are a problem', async () => {
    const world = new Platform(platform())
    const twin = world.add((state) => addJob(state, ids.staging, { name: 'Nightly ' }))
    const { plan, writes } = await world.promote(inputs())
    expect(only(messages(plan))).toContain(`${String(ids.nightly)} "Nightly"`)
    expect(only(messages(plan))).toContain(String(twin))
    expect(writes).toEqual([])
  })

  it('in two environments are two jobs', async () => {
    const world = new Platform(platform())
    world.add((state) => addJob(state, ids.qa, { name: 'Nightly' }))
    const { plan } = await world.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(world.jobs()).toHaveLength(2)
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})
