// `-> id:7001`: the object of the target that has this id is taken over, without `adopt`, and nobody's object is.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob, type Given, type Job } from '../../sandbox/index.ts'
import { specOfText } from '../../testing/spec.ts'
import {
  alarms,
  changeOf,
  ids,
  inputs,
  lastLine,
  messages,
  outline,
  platform,
  Platform,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

const live = 7500
const marker = (from: string): string =>
  `Promoted by dbt-promote from ${from} (v1 0123abcd.4567cdef)`

/** A target with the environment Live and job 7001 in it. */
function grown(job: Given<Job> = {}): Platform {
  const world = new Platform(platform())
  world.add((state) =>
    addEnvironment(state, ids.target, {
      id: live,
      name: 'Live',
      credentials_id: ids.credentials
    })
  )
  world.add((state) => addJob(state, live, { id: 7001, name: 'All models', ...job }))
  return world
}

const mapped = (more: Inputs = {}) =>
  inputs({ environments: `Staging -> id:${String(live)}`, jobs: 'Nightly -> id:7001', ...more })

describe('a job that is named by its id', () => {
  it('is taken over under its name, and is known from then on', async () => {
    const world = grown({ execute_steps: ['dbt run'] })
    const { plan, writes } = await world.promote(mapped())
    expect(messages(plan)).toEqual([])
    expect(alarms(plan)).toEqual(['adopted job:Live/All models'])
    expect(outline(plan)).toEqual(['update job:Live/All models (unknown) execute_steps'])
    expect(writes).toHaveLength(1)
    const job = world.job('All models')
    expect(job).toMatchObject({ id: 7001, execute_steps: ['dbt build'] })
    expect(lastLine(job)).toContain(`from 28885/86704/${String(ids.nightly)} `)
    expect(world.environments().map(({ id }) => id)).toEqual([live])

    const second = await world.promote(mapped())
    expect([second.writes, byLevel(second.plan.remarks).alarms]).toEqual([[], []])
    // The marker alone knows it too; then the name is the promotion's.
    const { plan: later } = await world.promote(inputs({ environments: 'Staging -> Live' }))
    expect(changeOf(later, 'job:Live/Nightly')).toMatchObject({ id: 7001 })
  })

  it('may be named in the config file', async () => {
    const world = grown()
    const file = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
environments: [{ from: Staging, to: 'id:${String(live)}' }]
jobs: { rules: [{ match: Nightly, name: 'id:7001' }] }`
    const { plan } = await world.promote(specOfText(file))
    expect(messages(plan)).toEqual([])
    expect(alarms(plan)).toEqual(['adopted job:Live/All models'])
  })

  it('is taken by name tracking without a marker', async () => {
    const world = grown({ execute_steps: ['dbt run'] })
    await world.promote(mapped({ track: 'name' }))
    expect(world.job('All models')).toMatchObject({ execute_steps: ['dbt build'], description: '' })
    expect((await world.promote(mapped({ track: 'name' }))).writes).toEqual([])
  })

  it('is one of two environments of one name', async () => {
    const world = grown()
    world.add((state) => addEnvironment(state, ids.target, { id: 7501, name: 'Live' }))
    expect(messages(await world.plan(mapped()))).toEqual([])
    expect(messages(await world.plan(mapped({ environments: 'Staging -> Live' })))).toHaveLength(1)
  })
})

describe('an id that can not be taken', () => {
  type Case = readonly [string, Inputs, Given<Job>, string]
  const table: readonly Case[] = [
    ['of no job', { jobs: 'Nightly -> id:7009' }, {}, 'job 7009, which is not in project'],
    ['of the source', { jobs: `Nightly -> id:${String(ids.nightly)}` }, {}, 'not in project'],
    [
      'in another environment',
      { environments: 'Staging' },
      {},
      'in environment "Live", and not in "Staging"'
    ],
    [
      'of no environment',
      { environments: 'Staging -> id:7', jobs: '!*' },
      {},
      'environment 7, which is not in project'
    ],
    [
      'of an environment of the source',
      { environments: `Staging -> id:${String(ids.qa)}` },
      {},
      'not in project'
    ],
    [
      'of another source',
      {},
      { description: marker('28885/1/2') },
      'was promoted from project 1, job 2, so it is not taken over.'
    ],
    ['of another job', {}, { description: marker('28885/86704/999') }, 'was promoted from job 999'],
    ['with the tag of a tool', {}, { description: 'x [[nightly]]' }, 'dbt-jobs-as-code'],
    ['with such a tag, by name', { track: 'name' }, { name: 'x [[nightly]]' }, 'dbt-jobs-as-code']
  ]

  it('is a problem, and nothing is written', async () => {
    for (const [what, more, job, message] of table) {
      const { plan, writes } = await grown(job).promote(mapped(more))
      expect([what, messages(plan), writes]).toEqual([what, [expect.stringContaining(message)], []])
    }
  })

  it('is that of a development environment', async () => {
    const world = grown()
    world.add((state) =>
      addEnvironment(state, ids.target, { id: 7502, name: 'Dev', type: 'development' })
    )
    const plan = await world.plan(mapped({ environments: 'Staging -> id:7502', jobs: '!*' }))
    expect(messages(plan)).toEqual([expect.stringContaining('development environment 7502')])
  })

  it('is one for two sources', async () => {
    const world = grown()
    world.add((state) => addJob(state, ids.staging, { name: 'Hourly' }))
    const two = await world.plan(mapped({ jobs: 'Nightly -> id:7001\nHourly -> id:7001' }))
    expect(byLevel(two.remarks).problems).toMatchObject([
      {
        message: expect.stringContaining('2 source jobs'),
        remedy: expect.stringContaining('job 7001')
      }
    ])
    const environments = `Staging -> id:${String(live)}\nQA -> Live`
    expect(messages(await world.plan(mapped({ environments, jobs: '!*' })))).toEqual([
      expect.stringContaining('2 source environments')
    ])
  })

  it('is one beside the job that was promoted before', async () => {
    const world = grown()
    await world.promote(inputs({ environments: 'Staging -> Live' }))
    const { plan, writes } = await world.promote(mapped())
    expect(messages(plan)).toEqual([expect.stringContaining('was promoted to job')])
    expect(writes).toEqual([])
  })
})

describe('what stands after an arrow', () => {
  const problemsOf = (line: string): string => {
    try {
      inputs({ environments: line })
      return ''
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
  }

  it('says whether digits are an id or a name', async () => {
    expect(problemsOf('Staging -> 2024')).toContain('write id:2024 or name:2024')
    expect(problemsOf('Staging -> id:x')).toContain('only digits may follow "id:"')
    expect(problemsOf('Staging -> id:0')).toContain('is no id')
    const { plan } = await grown().promote(inputs({ environments: 'Staging -> name:2024' }))
    expect(outline(plan)[0]).toBe('create environment:2024')
  })

  it('is no id for all', () => {
    expect(() => inputs({ 'job-name': 'id:7001' })).toThrow('job-name is an id')
  })
})
