// Values that the target account does not take: told, remembered, and no difference for ever.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import type { Features } from '../../sandbox/index.ts'
import {
  ids,
  inputs,
  outline,
  platform,
  Platform,
  updateOf
} from '../../testing/worlds/two-projects.ts'

const key = 'job:Staging/Nightly'

const jobs: [string, Partial<Features>][] = [
  ['state_aware_orchestration', { stateAwareOrchestration: false }],
  ['efficient_testing', { efficientTesting: false }],
  ['dbt_state', { dbtState: false }]
]

/** A platform whose job was built while the account had a feature that it has no more. */
function withJob(feature: string, features: Partial<Features>): Platform {
  return new Platform(platform(features, { cost_optimization_features: [feature] }))
}

describe.each(jobs)('%s of a job, which the account does not take,', (feature, features) => {
  it('is reported by the first run and written no more by the second', async () => {
    const world = withJob(feature, features)
    const first = await world.promote(inputs())
    expect(first.outcomes.filter(({ key: own }) => own === key)).toMatchObject([
      { status: 'applied', refused: ['cost_optimization_features'] }
    ])
    expect(world.job('Nightly').cost_optimization_features).toEqual([])

    const second = await world.promote(inputs())
    expect(second.writes).toEqual([])
    expect(outline(second.plan)).toEqual([`refused ${key} cost_optimization_features`])
    const third = await world.promote(inputs())
    expect(third.writes).toEqual([])
    expect(third.plan).toEqual(second.plan)
  })

  it('does not hide or blame a move of the source', async () => {
    const world = withJob(feature, features)
    await world.promote(inputs())
    world.editJob(ids.nightly, { execute_steps: ['dbt run'] })
    const { plan, outcomes } = await world.promote(inputs())
    expect(updateOf(plan, key).fields.map(({ path }) => path)).toEqual([
      'execute_steps',
      'cost_optimization_features'
    ])
    expect(updateOf(plan, key).cause).not.toBe('target')
    expect(outcomes).toMatchObject([{ status: 'applied', refused: ['cost_optimization_features'] }])
    expect(world.job('Nightly').execute_steps).toEqual(['dbt run'])
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('does not hide an edit of the target', async () => {
    const world = withJob(feature, features)
    await world.promote(inputs())
    world.editJob(world.job('Nightly').id, { generate_docs: true })
    const { plan } = await world.promote(inputs())
    expect(updateOf(plan, key).cause).toBe('target')
    expect(world.job('Nightly').generate_docs).toBe(false)
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('is written again when the source moves in it', async () => {
    const world = withJob(feature, features)
    await world.promote(inputs())
    world.editJob(ids.nightly, { cost_optimization_features: [] })
    expect((await world.promote(inputs())).writes).toEqual([])
    world.editJob(ids.nightly, { cost_optimization_features: [feature] })
    await world.promote(inputs())
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('is no edit of anybody once it is taken', async () => {
    const world = withJob(feature, features)
    await world.promote(inputs())
    world.editFeatures({ stateAwareOrchestration: true, efficientTesting: true, dbtState: true })
    world.editJob(ids.nightly, { execute_steps: ['dbt run'] })
    const { plan } = await world.promote(inputs())
    expect(updateOf(plan, key).cause).not.toBe('target')
    expect(world.job('Nightly').cost_optimization_features).toEqual([feature])
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})

describe('a feature of a job that is taken in part', () => {
  it('is reported, and the rest is kept', async () => {
    const world = new Platform(
      platform(
        { stateAwareOrchestration: false },
        { cost_optimization_features: ['state_aware_orchestration', 'efficient_testing'] }
      )
    )
    const { outcomes } = await world.promote(inputs())
    expect(outcomes.find((each) => each.key === key)?.refused).toEqual([
      'cost_optimization_features'
    ])
    expect(world.job('Nightly').cost_optimization_features).toEqual(['efficient_testing'])
    const second = await world.promote(inputs())
    expect(second.writes).toEqual([])
    expect(outline(second.plan)).toEqual([`refused ${key} cost_optimization_features`])
  })
})

const flags = [
  ['enable_dbt_state', { dbtState: false }],
  ['enable_model_query_history', { modelQueryHistory: false }]
] as const

describe.each(flags)('%s of an environment, which the account does not take,', (path, features) => {
  const withFlag = (): Platform => {
    const world = new Platform(platform(features))
    world.editEnvironment(ids.staging, { [path]: true })
    return world
  }

  it('is reported by the first run and written no more by the second', async () => {
    const world = withFlag()
    const first = await world.promote(inputs())
    expect(first.outcomes.filter(({ refused }) => refused.length > 0)).toMatchObject([
      { key: 'environment:Staging', status: 'applied', refused: [path] }
    ])
    const second = await world.promote(inputs())
    expect(second.writes).toEqual([])
    expect(outline(second.plan)).toEqual([`refused environment:Staging ${path}`])
    expect(byLevel(second.plan.remarks).warnings.join()).toContain(path)
    expect((await world.promote(inputs())).plan).toEqual(second.plan)
  })

  it('does not hide a move of the source', async () => {
    const world = withFlag()
    await world.promote(inputs())
    world.editEnvironment(ids.staging, { dbt_version: '1.9.0-latest' })
    const { plan } = await world.promote(inputs())
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(world.environment('Staging').dbt_version).toBe('1.9.0-latest')
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})

describe('an environment feature', () => {
  it.each(flags.map(([path]) => path))('%s is taken where the account takes it', async (path) => {
    const world = new Platform(platform())
    world.editEnvironment(ids.staging, { [path]: true })
    await world.promote(inputs())
    expect(world.environment('Staging')[path]).toBe(true)
    expect((await world.promote(inputs())).writes).toEqual([])
    world.editEnvironment(ids.staging, { [path]: false })
    await world.promote(inputs())
    expect(world.environment('Staging')[path]).toBe(false)
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})
