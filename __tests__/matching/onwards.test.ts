// Promotions on top of promotions, and beside each other.
import { describe, expect, it } from '@jest/globals'
import { addCredentials, addEnvironment, addJob } from '../../sandbox/index.ts'
import {
  after,
  alarms,
  ids,
  inputs,
  lastLine,
  messages,
  outline,
  platform,
  Platform,
  updateOf
} from '../../testing/worlds/two-projects.ts'

const onwards = (more = {}) =>
  inputs({
    'source-project': String(ids.target),
    'target-project': String(ids.third),
    'credentials-id': String(ids.thirdCredentials),
    ...more
  })

describe('from development to staging to production', () => {
  const world = (): Platform => {
    const all = new Platform(platform({}, { description: 'Builds all.' }))
    all.add((state) =>
      addJob(state, ids.qa, {
        name: 'Checks',
        job_completion_trigger_condition: after(ids.nightly, ids.source),
        deferring_environment_id: ids.staging
      })
    )
    return all
  }

  it('each job names the job that it was promoted from', async () => {
    const all = world()
    await all.promote(inputs())
    await all.promote(onwards())
    const middle = all.job('Nightly').id
    const { description } = all.job('Nightly', ids.third)
    expect(description.split('\n')).toEqual([
      'Builds all.',
      expect.stringContaining(`from 28885/86711/${String(middle)} (v1 `)
    ])
  })

  it('settles: no run writes any more', async () => {
    const all = world()
    await all.promote(inputs())
    await all.promote(onwards())
    for (const spec of [inputs(), onwards(), inputs(), onwards()]) {
      expect((await all.promote(spec)).writes).toEqual([])
    }
  })

  it('carries a change through both, each time moved by the source', async () => {
    const all = world()
    await all.promote(inputs())
    await all.promote(onwards())
    all.editJob(ids.nightly, { generate_docs: true })
    expect(outline((await all.promote(onwards())).plan)).toEqual([])
    expect(updateOf((await all.promote(inputs())).plan, 'job:Staging/Nightly').cause).toBe('source')
    expect(updateOf((await all.promote(onwards())).plan, 'job:Staging/Nightly').cause).toBe(
      'source'
    )
    expect(all.job('Nightly', ids.third).generate_docs).toBe(true)
  })

  it('keeps references in each project', async () => {
    const all = world()
    await all.promote(inputs())
    await all.promote(onwards())
    const parent = all.job('Nightly', ids.third)
    expect(all.job('Checks', ids.third)).toMatchObject({
      job_completion_trigger_condition: after(parent.id, ids.third),
      deferring_environment_id: all.environment('Staging', ids.third).id
    })
  })
})

describe('two source projects into one target', () => {
  const world = (): Platform => {
    const all = new Platform(platform())
    const credentials_id = all.add((state) => addCredentials(state, ids.third, {}))
    const environment = all.add((state) =>
      addEnvironment(state, ids.third, { name: 'Finance', credentials_id })
    )
    all.add((state) => addJob(state, environment, { id: 6301, name: 'Ledger' }))
    return all
  }
  const second = (more = {}) => inputs({ 'source-project': String(ids.third), ...more })

  it('do not touch each other', async () => {
    const all = world()
    await all.promote(inputs())
    const { plan } = await all.promote(second())
    expect(messages(plan)).toEqual([])
    expect(all.jobs().map(({ name }) => name)).toEqual(['Nightly', 'Ledger'])
    expect((await all.promote(inputs())).writes).toEqual([])
    expect((await all.promote(second())).writes).toEqual([])
  })

  it('may share an environment', async () => {
    const all = world()
    await all.promote(inputs())
    const shared = second({ environments: 'Finance -> Staging', resources: 'jobs' })
    const { plan } = await all.promote(shared)
    expect(messages(plan)).toEqual([])
    expect(all.job('Ledger').environment_id).toBe(all.environment('Staging').id)
    expect((await all.promote(inputs())).writes).toEqual([])
    expect((await all.promote(shared)).writes).toEqual([])
  })

  it('must not write one job', async () => {
    const all = world()
    await all.promote(inputs())
    const before = lastLine(all.job('Nightly'))
    for (const adopt of ['true', 'false']) {
      const { plan, writes } = await all.promote(
        second({ environments: 'Finance -> Staging', 'job-name': 'Nightly', adopt })
      )
      expect(messages(plan)).toEqual([expect.stringContaining(`project ${String(ids.source)}`)])
      expect(writes).toEqual([])
    }
    expect(lastLine(all.job('Nightly'))).toBe(before)
  })
})

describe('back to the source of an earlier promotion', () => {
  it('makes new jobs there, or takes over by name on request only', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    const back = inputs({
      'source-project': String(ids.target),
      'target-project': String(ids.source),
      'credentials-id': ''
    })
    expect(messages(await all.plan(back))).toEqual([expect.stringContaining('6001 "Nightly"')])
    const adopting = inputs({
      'source-project': String(ids.target),
      'target-project': String(ids.source),
      'credentials-id': '',
      adopt: 'true'
    })
    const { plan } = await all.promote(adopting)
    expect(alarms(plan)).toEqual(['adopted job:Staging/Nightly'])
    // Now each job carries the marker of the other, and that is no reason to write for ever.
    expect((await all.promote(inputs())).writes).toEqual([])
    expect((await all.promote(adopting)).writes).toEqual([])
  })
})
