// Keys and values of jobs and environments that are newer than the specification.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import type { Features, Given, Job } from '../../sandbox/index.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import {
  bodies,
  ids,
  inputs,
  messages,
  outline,
  platform,
  Platform,
  triggers,
  type Inputs
} from '../../testing/worlds/two-projects.ts'
import { specOfText } from '../../testing/spec.ts'

const key = 'job:Staging/Nightly'
const spec = (more: Inputs = {}): PromotionSpec => inputs({ environments: 'Staging', ...more })

const setting = (set: string): PromotionSpec =>
  specOfText(`source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
credentials-id: ${String(ids.credentials)}
environments: [{ from: Staging, set: { dbt_version: versionless } }]
jobs: { rules: [{ match: "*", set: { ${set} } }] }
`)

/** Promotes twice; the second time, nothing is written, and nothing is told as refused. */
async function expectSettled(world: Platform, promotion = spec()): Promise<void> {
  const { plan, outcomes } = await world.promote(promotion)
  expect(messages(plan)).toEqual([])
  expect(
    outcomes.filter(({ status, refused }) => status !== 'applied' || refused.length > 0)
  ).toEqual([])
  for (let count = 0; count < 2; count += 1) {
    const again = await world.promote(promotion)
    expect([messages(again.plan), again.writes, outline(again.plan)]).toEqual([[], [], []])
  }
}

const nightly = (given: Given<Job>, features: Partial<Features> = {}): Platform =>
  new Platform(platform(features, given))

it('deactivation_reason and is_fusion_ready_override are known, and never sent', async () => {
  const world = nightly({})
  const { plan, writes } = await world.promote(spec())
  expect(byLevel(plan.remarks).warnings.filter((text) => text.includes('does not know'))).toEqual(
    []
  )
  expect(JSON.stringify(bodies(writes))).not.toMatch(/deactivation_reason|is_fusion_ready_override/)
})

describe('cost_optimization_features', () => {
  const own = (world: Platform): unknown => world.job('Nightly').cost_optimization_features

  it('inherit_environment is promoted, and only alone', async () => {
    const world = nightly({ cost_optimization_features: ['inherit_environment'] })
    await expectSettled(world)
    expect(own(world)).toEqual(['inherit_environment'])
    const set = setting('cost_optimization_features: [inherit_environment, dbt_state]')
    expect(messages(await world.plan(set))).toEqual([
      'Job "Nightly" would have inherit_environment beside dbt_state in cost_optimization_features, and the platform takes it only alone.'
    ])
  })

  it('null and the empty list are kept apart where the account does, and are no difference for ever where it does not', async () => {
    for (const noFeatures of ['as-sent', 'list', 'null'] as const) {
      for (const source of [null, []]) {
        const world = nightly({ cost_optimization_features: source }, { noFeatures })
        await expectSettled(world)
        expect(own(world)).toEqual({ 'as-sent': source, list: [], null: null }[noFeatures])
        const other = source === null ? [] : null
        world.editJob(ids.nightly, { cost_optimization_features: other })
        const { plan } = await world.promote(spec())
        const isHeld = JSON.stringify(own(world)) === JSON.stringify(other)
        // Null leaves the list as it is: what was sent once is not sent again.
        expect([noFeatures, source, outline(plan).length]).toEqual([
          noFeatures,
          source,
          noFeatures === 'as-sent' || !isHeld ? 1 : 0
        ])
        expect((await world.promote(spec())).writes).toEqual([])
      }
    }
  })

  it('that CI and merge jobs can not have is left out, and never told as refused', async () => {
    for (const [trigger, job_type] of [
      ['github_webhook', 'ci'],
      ['on_merge', 'merge']
    ] as const) {
      for (const feature of [
        'state_aware_orchestration',
        'inherit_environment',
        'efficient_testing'
      ]) {
        const world = nightly({
          job_type,
          triggers: triggers({ [trigger]: true }),
          cost_optimization_features: [feature]
        })
        await expectSettled(world)
        expect(own(world)).toEqual([])
        // Nor where the answer of the target shows it.
        world.editJob(world.job('Nightly').id, { cost_optimization_features: [feature] })
        world.editJob(ids.nightly, { execute_steps: ['dbt run'] })
        const { outcomes, plan } = await world.promote(spec())
        expect(outline(plan)).toEqual([`update ${key} (source) execute_steps`])
        expect(outcomes).toMatchObject([{ status: 'applied', refused: [] }])
      }
    }
  })

  it('that a rule sets for a CI job is told to be left out', async () => {
    const world = nightly({ job_type: 'ci', triggers: triggers({ github_webhook: true }) })
    const set = setting('cost_optimization_features: [state_aware_orchestration]')
    const { plan } = await world.promote(set)
    expect(byLevel(plan.remarks).warnings.join()).toContain(
      'cost_optimization_features of job "Nightly" is left out'
    )
    const again = await world.promote(set)
    expect([again.writes, messages(again.plan)]).toEqual([[], []])
    const state = setting('cost_optimization_features: [dbt_state]')
    await world.promote(state)
    expect(own(world)).toEqual(['dbt_state'])
    expect((await world.promote(state)).writes).toEqual([])
  })

  it('that a job loses as it becomes a merge job is not told as refused', async () => {
    const world = nightly({ cost_optimization_features: ['state_aware_orchestration'] })
    await world.promote(spec())
    world.editJob(ids.nightly, { triggers: triggers({ on_merge: true }), job_type: 'merge' })
    await expectSettled(world, spec({ schedule: 'source' }))
    expect(world.job('Nightly')).toMatchObject({
      job_type: 'merge',
      cost_optimization_features: []
    })
  })
})

describe('dbt_version', () => {
  it('versionless is never sent, from wherever it comes', async () => {
    const refusing = { dbtVersions: '^(?!versionless$)' }
    const world = nightly({ dbt_version: 'versionless' }, refusing)
    world.editEnvironment(ids.staging, { dbt_version: 'versionless' })
    await expectSettled(world)
    expect([world.job('Nightly').dbt_version, world.environment('Staging').dbt_version]).toEqual([
      'latest',
      'latest'
    ])
    for (const promotion of [
      spec({ 'dbt-version': 'versionless' }),
      setting('dbt_version: versionless')
    ]) {
      const fresh = nightly({}, refusing)
      await expectSettled(fresh, promotion)
      expect(fresh.environment('Staging').dbt_version).toBe('latest')
      // Held by the target, it is sent back as what it is now.
      fresh.editEnvironment(fresh.environment('Staging').id, { dbt_version: 'versionless' })
      fresh.editJob(fresh.job('Nightly').id, { dbt_version: 'versionless' })
      fresh.editEnvironment(ids.staging, { supports_docs: true })
      fresh.editJob(ids.nightly, { dbt_version: 'latest', execute_steps: ['dbt run'] })
      const { outcomes } = await fresh.promote(promotion)
      expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied'])
    }
  })

  it('latest-fusion and fusion-stable are one', async () => {
    const names = ['latest-fusion', 'fusion-stable'] as const
    for (const [source, held] of [names, [names[1], names[0]]] as const) {
      const world = nightly({ dbt_version: source })
      world.editEnvironment(ids.staging, { dbt_version: source })
      await expectSettled(world)
      world.editJob(world.job('Nightly').id, { dbt_version: held })
      world.editEnvironment(world.environment('Staging').id, { dbt_version: held })
      expect(outline(await world.plan(spec()))).toEqual([])
      expect(outline(await world.plan(spec({ 'dbt-version': source })))).toEqual([])
    }
  })
})

describe('lifecycle_webhooks', () => {
  it('is the target’s, whoever decides it there', async () => {
    for (const lifecycleWebhooks of ['as-sent', 'by-type'] as const) {
      for (const job of [
        {},
        { job_type: 'ci', triggers: triggers({ github_webhook: true }) }
      ] as const) {
        for (const lifecycle_webhooks of [true, false]) {
          const world = nightly({ ...job, lifecycle_webhooks }, { lifecycleWebhooks })
          await expectSettled(world)
          const kept = world.job('Nightly').lifecycle_webhooks
          expect(kept).toBe(
            lifecycleWebhooks === 'as-sent' ? lifecycle_webhooks : 'triggers' in job
          )
          world.editJob(ids.nightly, { lifecycle_webhooks: !kept, execute_steps: ['dbt run'] })
          const { outcomes, plan } = await world.promote(spec())
          expect(outline(plan)).toEqual([`update ${key} (source) execute_steps`])
          expect(outcomes).toMatchObject([{ refused: [] }])
          expect(world.job('Nightly').lifecycle_webhooks).toBe(kept)
        }
      }
    }
  })

  it('that is set is no difference for ever where the platform decides it', async () => {
    for (const value of [true, false]) {
      const world = nightly(
        value ? {} : { job_type: 'ci', triggers: triggers({ github_webhook: true }) },
        { lifecycleWebhooks: 'by-type' }
      )
      const promotion = setting(`lifecycle_webhooks: ${String(value)}`)
      await world.promote(promotion)
      const { plan, writes } = await world.promote(promotion)
      expect([writes, outline(plan)]).toEqual([[], [`refused ${key} lifecycle_webhooks`]])
    }
  })
})

it('generate_sources, which follows from run_generate_sources, is not told as refused', async () => {
  const world = nightly({})
  await expectSettled(world)
  world.editJob(ids.nightly, { run_generate_sources: true })
  const { outcomes } = await world.promote(spec())
  expect(outcomes).toMatchObject([{ status: 'applied', refused: [] }])
  expect((await world.promote(spec())).writes).toEqual([])
})

it('the days of an interval_cron that is set without them are no difference', async () => {
  const world = nightly({})
  await expectSettled(
    world,
    setting('schedule.date: { type: interval_cron, cron: "4 */2 * * 1-5" }')
  )
  expect(world.job('Nightly').schedule.date).toMatchObject({ days: [1, 2, 3, 4, 5] })
})
