// Warnings that save a day: what a new object lacks, and what would not do in the target what it does in the source.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob } from '../../sandbox/index.ts'
import { specOfText } from '../../testing/spec.ts'
import {
  ids,
  inputs,
  messages,
  platform,
  Platform,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

/** The warnings of a plan that hold a text. */
async function warnings(
  all: Platform,
  about: RegExp,
  more: Inputs = {}
): Promise<readonly string[]> {
  const plan = await all.plan(inputs({ environments: 'Staging', ...more }))
  expect(messages(plan)).toEqual([])
  return byLevel(plan.remarks).warnings.filter((each) => about.test(each))
}

describe('a new environment', () => {
  const credentials = /has no credentials/
  const connection = /is on connection/

  it('without credentials can run no job', async () => {
    const all = new Platform(platform())
    expect(await warnings(all, credentials, { 'credentials-id': '' })).toEqual([
      'New environment "Staging" has no credentials: its jobs can not run until it has. ' +
        'Set credentials-id to credentials of the target project. ' +
        `It has ${String(ids.credentials)} (snowflake, schema "analytics"); ${String(ids.otherCredentials)} (snowflake, schema "analytics").`
    ])
    expect(await warnings(all, credentials)).toEqual([])
  })

  it('on the connection of the source may write where that does', async () => {
    const all = new Platform(platform())
    expect(await warnings(all, connection)).toEqual([
      `New environment "Staging" is on connection ${String(ids.connection)}, as the source is: ` +
        'set connection if the target has one of its own.'
    ])
    expect(await warnings(all, connection, { connection: 'Lakehouse' })).toEqual([])
    // Who names it means it.
    expect(await warnings(all, connection, { connection: 'Warehouse' })).toEqual([])
  })

  it.each([
    ['mapped to another', 'connections: { Warehouse: Lakehouse }', 0],
    ['mapped to itself', 'connections: { Warehouse: Warehouse }', 1],
    ['set by an entry', 'environments: [{ from: Staging, set: { connection_id: 56041 } }]', 0]
  ])('on a connection that is %s', async (_what, more, count) => {
    const text = `source: { project: ${String(ids.source)} }\ntarget: { project: ${String(ids.target)} }\n${more}\n${more.startsWith('e') ? '' : 'environments: [Staging]'}`
    const plan = await new Platform(platform()).plan(specOfText(text))
    expect(byLevel(plan.remarks).warnings.filter((each) => connection.test(each))).toHaveLength(
      count
    )
  })

  it('is warned of once: the next run has nothing to say', async () => {
    const all = new Platform(platform())
    await all.promote(inputs({ environments: 'Staging', 'credentials-id': '' }))
    expect(await warnings(all, /./, { 'credentials-id': '' })).toEqual([])
  })

  it('is not warned of where environments are left to others', async () => {
    const all = new Platform(platform())
    await all.promote(
      inputs({ environments: 'Staging', 'credentials-id': '', resources: 'environments' })
    )
    expect(await warnings(all, /./, { 'credentials-id': '', resources: 'jobs' })).toEqual([])
  })
})

describe('new jobs', () => {
  const notices = async (all: Platform, more: Inputs = {}): Promise<readonly string[]> =>
    byLevel((await all.plan(inputs(more))).remarks).notices

  it('have no notifications', async () => {
    const all = new Platform(platform())
    expect(await notices(all)).toEqual([
      'The new job has no notifications: they are not promoted, so set them in the target.'
    ])
    all.add((state) => addJob(state, ids.qa, { name: 'Checks' }))
    expect(await notices(all)).toEqual([
      'The 2 new jobs have no notifications: they are not promoted, so set them in the target.'
    ])
    await all.promote(inputs())
    expect(await notices(all)).toEqual([])
    all.editJob(ids.nightly, { execute_steps: ['dbt run'] })
    expect(await notices(all)).toEqual([])
  })
})

describe('deferral to an environment', () => {
  const deferral = /until a job has run there/

  async function deferring(...names: readonly string[]): Promise<Platform> {
    const all = new Platform(platform())
    for (const name of names) {
      all.add((state) => addJob(state, ids.qa, { name, deferring_environment_id: ids.staging }))
    }
    return Promise.resolve(all)
  }
  const both = { environments: '*' }

  it('that is new has no state to compare with', async () => {
    expect(await warnings(await deferring('CI'), deferral, both)).toEqual([
      '"CI" defers to a new environment, in which nothing has run yet: until a job has run there, ' +
        'deferral has no state to compare with.'
    ])
    expect(await warnings(await deferring('CI', 'Lint'), deferral, both)).toEqual([
      expect.stringMatching(/^"CI", "Lint" defer to a new environment/)
    ])
  })

  it('that is there is no matter', async () => {
    const all = await deferring('CI')
    await all.promote(inputs({ environments: 'Staging' }))
    expect(await warnings(all, deferral, both)).toEqual([])
  })

  it('that is dropped or left to the target is no matter', async () => {
    const all = await deferring('CI')
    const text = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
environments: ["*"]
jobs: { rules: [{ match: CI, set: { deferring_environment_id: null } }] }`
    const plan = await all.plan(specOfText(text))
    expect(byLevel(plan.remarks).warnings.filter((each) => deferral.test(each))).toEqual([])
  })
})

describe('deferral to a job', () => {
  const deferral = /deferral has no state/
  const itself = (all: Platform): void => {
    all.editJob(ids.nightly, { deferring_job_definition_id: ids.nightly })
  }
  const ofItself =
    '"Nightly" defers to itself and is new: until it has run once, deferral has no state to compare with.'

  it('that is itself, and new, has no state to compare with', async () => {
    const all = new Platform(platform())
    itself(all)
    expect(await warnings(all, deferral)).toEqual([ofItself])
    await all.promote(inputs({ environments: 'Staging' }))
    expect(await warnings(all, deferral)).toEqual([])
  })

  it('that is new, whether the job that defers is new or not', async () => {
    const all = new Platform(platform())
    const lint = all.add((state) => addJob(state, ids.qa, { name: 'Lint' }))
    await all.promote(inputs({ environments: 'QA' }))
    all.editJob(lint, { deferring_job_definition_id: ids.nightly })
    all.add((state) =>
      addJob(state, ids.qa, { name: 'CI', deferring_job_definition_id: ids.nightly })
    )
    itself(all)
    expect(await warnings(all, deferral, { environments: '*' })).toEqual([
      '"Lint", "CI" defer to new job "Nightly", which has not run yet: until it has, ' +
        'deferral has no state to compare with.',
      ofItself
    ])
    await all.promote(inputs())
    expect(await warnings(all, deferral, { environments: '*' })).toEqual([])
  })
})

describe('steps that name a target themselves', () => {
  it.each([
    ['dbt run --target prod', true],
    ['dbt run --target=prod', true],
    ['dbt run -t prod', true],
    ['dbt run\n  --target prod\n  --select a', true],
    ['dbt build -t', true],
    ['dbt run', false],
    ['dbt run --target-path out', false],
    ['dbt run --select tag:-t', false],
    ['dbt run --threads 4', false],
    ['dbt run-operation x --args "{target: prod}"', false]
  ])('%j', async (step, isNamed) => {
    const all = new Platform(platform({}, { execute_steps: ['dbt seed', step] }))
    expect(await warnings(all, /name a target/)).toEqual(
      isNamed ? [`Job "Nightly" has steps that name a target themselves: ${step}.`] : []
    )
  })

  it('are told again only when they change', async () => {
    const all = new Platform(platform({}, { execute_steps: ['dbt run -t a'] }))
    await all.promote(inputs({ environments: 'Staging' }))
    all.editJob(ids.nightly, { settings: { threads: 9, target_name: 'default' } })
    expect(await warnings(all, /name a target/)).toEqual([])
    all.editJob(ids.nightly, { execute_steps: ['dbt run -t b'] })
    expect(await warnings(all, /name a target/)).toHaveLength(1)
  })
})
