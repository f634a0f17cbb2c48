// Who moved what differs, as far as the marker proves it.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { scheduleOf, type Given, type Job } from '../../sandbox/index.ts'
import type { Inputs } from '../../testing/worlds/two-projects.ts'
import {
  after,
  ids,
  inputs,
  outline,
  platform,
  Platform,
  triggers,
  updateOf
} from '../../testing/worlds/two-projects.ts'

const key = 'job:Staging/Nightly'

/** A platform on which the job was promoted once. */
async function promoted(nightly: Given<Job> = {}, more: Inputs = {}): Promise<Platform> {
  const world = new Platform(platform({}, nightly))
  await world.promote(inputs(more))
  expect((await world.promote(inputs(more))).writes).toEqual([])
  return world
}

const edits: [string, Given<Job>][] = [
  ['name', { name: 'Hourly' }],
  ['description', { description: 'Edited.' }],
  ['dbt_version', { dbt_version: '1.9.0-latest' }],
  ['execute_steps', { execute_steps: ['dbt run', 'dbt test'] }],
  ['settings.threads', { settings: { threads: 9, target_name: 'default' } }],
  ['execution.timeout_seconds', { execution: { timeout_seconds: 900 } }],
  ['generate_docs', { generate_docs: true }],
  ['run_generate_sources', { run_generate_sources: true }],
  ['run_lint', { run_lint: true }],
  ['errors_on_lint_failure', { errors_on_lint_failure: false }],
  ['run_compare_changes', { run_compare_changes: true }],
  ['compare_changes_flags', { compare_changes_flags: '--select state:new' }],
  ['triggers_on_draft_pr', { triggers_on_draft_pr: true }],
  [
    'schedule',
    {
      schedule: scheduleOf({ type: 'days_of_week', days: [1] }, { type: 'every_hour', interval: 2 })
    }
  ],
  [
    'cost_optimization_features',
    { cost_optimization_features: ['state_aware_orchestration'], force_node_selection: false }
  ]
]

describe('a field that is edited in the source', () => {
  it.each(edits)('%s: the source moved', async (path, change) => {
    const world = await promoted()
    const { id } = world.job('Nightly')
    world.editJob(ids.nightly, change)
    const { plan } = await world.promote(inputs())
    const update = updateOf(plan, path === 'name' ? 'job:Staging/Hourly' : key)
    expect(update).toMatchObject({ id, cause: 'source' })
    expect(update.fields.map((field) => field.path)).toEqual([path])
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})

// What an account may refuse is remembered as sent, so that a value that is missing is taken for a refused one.
const refusable = ['run_compare_changes', 'compare_changes_flags', 'cost_optimization_features']

describe('a field that is edited in the target', () => {
  it.each(edits.filter(([path]) => !refusable.includes(path)))(
    '%s: the target was edited, and is set right',
    async (path, change) => {
      const world = await promoted()
      const before = world.job('Nightly')
      world.editJob(
        before.id,
        path === 'description' ? { description: `Edited.\n${before.description}` } : change
      )
      const { plan } = await world.promote(inputs())
      expect(outline(plan)).toEqual([`update ${key} (target) ${path}`])
      const rest: Given<Job> = { ...before, updated_at: expect.any(String) as unknown as string }
      expect(world.job('Nightly')).toMatchObject(
        path === 'dbt_version' ? { dbt_version: null } : rest
      )
      expect((await world.promote(inputs())).writes).toEqual([])
    }
  )

  it.each(edits.filter(([path]) => refusable.includes(path)))(
    '%s: nobody is said to have edited it',
    async (_path, change) => {
      const world = await promoted()
      world.editJob(world.job('Nightly').id, change)
      const { plan } = await world.promote(inputs())
      expect(outline(plan).join()).not.toMatch(/\((source|target)\)/)
      expect((await world.promote(inputs())).writes).toEqual([])
    }
  )
})

// An account that does not take a feature leaves it off, so that one that is on was switched on by somebody.
describe('a feature that is switched on in the target alone', () => {
  it.each([
    ['run_compare_changes', { run_compare_changes: true }],
    ['cost_optimization_features', { cost_optimization_features: ['efficient_testing'] }]
  ] as [keyof Job, Given<Job>][])('is switched off again: %s', async (path, change) => {
    for (const track of ['marker', 'name']) {
      const world = await promoted({}, { track })
      const before = world.job('Nightly')
      world.editJob(before.id, change)
      const { plan } = await world.promote(inputs({ track }))
      expect(outline(plan)).toEqual([`update ${key} (unknown) ${path}`])
      expect(world.job('Nightly')[path]).toEqual(before[path])
      expect((await world.promote(inputs({ track }))).writes).toEqual([])
    }
  })

  it('follows the source where that switches it off', async () => {
    for (const track of ['marker', 'name']) {
      const world = await promoted({ run_compare_changes: true }, { track })
      world.editJob(ids.nightly, { run_compare_changes: false })
      await world.promote(inputs({ track }))
      expect(world.job('Nightly').run_compare_changes).toBe(false)
    }
  })
})

describe('who moved', () => {
  it('is unknown when both did', async () => {
    const world = await promoted()
    world.editJob(ids.nightly, { generate_docs: true })
    world.editJob(world.job('Nightly').id, { run_lint: true })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual([`update ${key} (unknown) generate_docs run_lint`])
    expect(world.job('Nightly')).toMatchObject({ generate_docs: true, run_lint: false })
  })

  it('is unknown when both changed one field to different values', async () => {
    const world = await promoted()
    world.editJob(ids.nightly, { execute_steps: ['dbt run'] })
    world.editJob(world.job('Nightly').id, { execute_steps: ['dbt test'] })
    expect(updateOf(await world.plan(inputs()), key).cause).toBe('unknown')
  })

  it('does not matter when both made the same edit', async () => {
    const world = await promoted()
    world.editJob(ids.nightly, { execute_steps: ['dbt run'] })
    world.editJob(world.job('Nightly').id, { execute_steps: ['dbt run'] })
    expect((await world.promote(inputs())).writes).toEqual([])
    // And from then on no false claim follows from the digests of the first promotion.
    world.editJob(ids.nightly, { generate_docs: true })
    expect(updateOf(await world.plan(inputs()), key).cause).toBe('unknown')
  })

  it('is the source when the target was edited in what belongs to it alone', async () => {
    const world = await promoted()
    world.editJob(world.job('Nightly').id, { triggers: triggers({ schedule: true }) })
    world.editJob(ids.nightly, { generate_docs: true })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual([`update ${key} (source) generate_docs`])
    expect(world.job('Nightly').triggers.schedule).toBe(true)
  })

  it('is the source when it went back to where it was, after a promotion', async () => {
    const world = await promoted()
    world.editJob(ids.nightly, { generate_docs: true })
    await world.promote(inputs())
    world.editJob(ids.nightly, { generate_docs: false })
    expect(updateOf(await world.plan(inputs()), key).cause).toBe('source')
  })

  it('is the target when the source went away and came back in between', async () => {
    const world = await promoted()
    world.editJob(ids.nightly, { generate_docs: true })
    await world.plan(inputs())
    world.editJob(ids.nightly, { generate_docs: false })
    world.editJob(world.job('Nightly').id, { run_lint: true })
    expect(updateOf(await world.plan(inputs()), key).cause).toBe('target')
  })

  it('is never the source when a field that accounts may refuse was edited in the target beside it', async () => {
    const world = await promoted({ cost_optimization_features: ['efficient_testing'] })
    world.editJob(world.job('Nightly').id, { cost_optimization_features: [] })
    world.editJob(ids.nightly, { generate_docs: true })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual([
      `update ${key} (unknown) generate_docs cost_optimization_features`
    ])
    expect(world.job('Nightly').cost_optimization_features).toEqual(['efficient_testing'])
  })
})

describe('who moved, where the source moved only in a field that accounts may refuse', () => {
  it('is the source', async () => {
    const world = await promoted()
    world.editJob(ids.nightly, { run_compare_changes: true })
    expect(updateOf(await world.plan(inputs()), key).cause).toBe('source')
  })

  it('is not the target, even if that was edited too', async () => {
    const world = await promoted()
    world.editJob(ids.nightly, { run_compare_changes: true })
    world.editJob(world.job('Nightly').id, { generate_docs: true })
    expect(updateOf(await world.plan(inputs()), key).cause).toBe('unknown')
  })
})

describe('after a change of the spec', () => {
  const changes: [string, Inputs, Inputs][] = [
    ['a value is fixed', {}, { threads: '16' }],
    ['a fixed value is another one', { threads: '8' }, { threads: '16' }],
    ['a value is fixed no more', { threads: '16' }, {}],
    ['the target keeps its triggers no more', {}, { schedule: 'source' }],
    ['the target keeps its triggers from now on', { schedule: 'source' }, {}],
    ['jobs get other names', {}, { 'job-name': 'prod – {name}' }],
    ['the target name is fixed', {}, { 'target-name': 'prod' }],
    ['the target name is fixed no more', { 'target-name': 'prod' }, {}]
  ]

  it.each(changes)('nobody is said to have edited the target: %s', async (_what, first, second) => {
    const world = await promoted({ triggers: triggers({ schedule: true }) }, first)
    const { plan } = await world.promote(inputs(second))
    expect(outline(plan).join()).not.toContain('(target)')
    expect((await world.promote(inputs(second))).writes).toEqual([])
  })

  it.each(changes)(
    'an edit of the target is no proof against the source: %s',
    async (_what, first, second) => {
      const world = await promoted({ triggers: triggers({ schedule: true }) }, first)
      world.editJob(world.jobs()[0]?.id ?? 0, { generate_docs: true })
      const { plan } = await world.promote(inputs(second))
      expect(outline(plan)).toEqual([
        expect.stringMatching(/^update .* \(unknown\) .*generate_docs/)
      ])
      expect((await world.promote(inputs(second))).writes).toEqual([])
    }
  )
})

describe('references', () => {
  it('that move in the source are a move of the source', async () => {
    const world = await promoted()
    world.editJob(ids.nightly, { deferring_environment_id: ids.qa })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual([`update ${key} (source) deferring_environment_id`])
    expect(world.job('Nightly').deferring_environment_id).toBe(world.environment('QA').id)
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('that are edited in the target are an edit of the target', async () => {
    const world = await promoted({ deferring_environment_id: ids.staging })
    world.editJob(world.job('Nightly').id, { deferring_environment_id: null })
    expect(outline(await world.plan(inputs()))).toEqual([
      `update ${key} (target) deferring_environment_id`
    ])
  })

  it('of another parent in the target are an edit of the target', async () => {
    const world = await promoted({
      job_completion_trigger_condition: after(ids.nightly, ids.source)
    })
    const { id } = world.job('Nightly')
    world.editJob(id, { job_completion_trigger_condition: after(id, ids.target, [20]) })
    const { plan } = await world.promote(inputs())
    expect(outline(plan)).toEqual([`update ${key} (target) job_completion_trigger_condition`])
    expect(world.job('Nightly').job_completion_trigger_condition).toEqual(after(id, ids.target))
  })
})

describe('a marker of the same ids in another account', () => {
  it('is of another job', async () => {
    const world = await promoted()
    const { id, description } = world.job('Nightly')
    world.editJob(id, { description: description.replace('from 28885/', 'from 28886/') })
    const { plan } = await world.promote(inputs({ adopt: 'true' }))
    expect(byLevel(plan.remarks).problems).toHaveLength(1)
    expect(byLevel(plan.remarks).problems[0]?.message).toContain(String(id))
  })
})
