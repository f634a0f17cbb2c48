// What a deleted variable leaves behind, and what is listed in one place and not in the other.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { type State } from '../../sandbox/index.ts'
import { World } from '../../testing/promote.ts'
import {
  addEnvironment,
  addJob,
  addVariable,
  platform,
  source,
  specOf,
  target,
  token
} from '../../testing/worlds/variables.ts'

describe('the override of a variable that was deleted', () => {
  /** A target whose job `Nightly` still holds DBT_A, which is a variable no more. */
  async function withOrphan(jobVariables: boolean, others: boolean): Promise<World> {
    const state = platform({ jobVariables })
    addJob(state, 11, { id: 31, name: 'Nightly' })
    addEnvironment(state, target, { id: 21, name: 'production' })
    const world = new World(state, token)
    await world.promote(specOf({ environments: 'dev -> production' }))
    const job = world.state.jobs.find(({ project_id }) => project_id === target)
    addVariable(world.state, source, { name: 'DBT_A', project: 'p', jobs: { 31: 'wanted' } })
    addVariable(world.state, target, { name: 'DBT_A', jobs: { [String(job?.id)]: 'left' } })
    if (others) addVariable(world.state, target, { name: 'DBT_B', project: 'p' })
    return world
  }
  const spec = specOf({ environments: 'dev -> production' })

  it.each([
    [true, true],
    [true, false],
    [false, true]
  ])('stops the plan (listed: %s, other variables: %s)', async (jobVariables, others) => {
    const world = await withOrphan(jobVariables, others)
    const { problems } = byLevel((await world.plan(spec)).remarks)
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Variable DBT_A was deleted in project "Target", and job \d+ "Nightly" still overrides it/
      )
    ])
  })

  it('is what the platform complains of where nothing tells of it, and no changed target', async () => {
    const world = await withOrphan(false, false)
    const { outcomes } = await world.promote(spec)
    expect(outcomes[0]?.error?.message).toMatch(/already exists/)
  })
})

it('an override that is listed with its job and not told for it is not made anew', async () => {
  const state = platform({ jobVariables: true })
  addJob(state, 11, { id: 31, name: 'Nightly' })
  addVariable(state, source, { name: 'DBT_A', project: 'p', jobs: { 31: 'wanted' } })
  const spec = specOf(
    { environments: 'dev -> production' },
    { file: 'variables: { update: ["*"] }' }
  )
  const world = new World(state, token)
  await world.promote(spec)
  world.state.variables = world.state.variables.map((row) =>
    row.project_id === target && row.type === 'job' ? { ...row, raw_value: 'other' } : row
  )
  const { outcomes, writes } = await new Silent(world.state).promote(spec)
  expect(writes).toEqual([])
  expect(outcomes.map(({ status, error }) => [status, error?.message])).toEqual([
    ['failed', expect.stringMatching(/lists this value with the job, and does not show it/)]
  ])
})

/** A platform that tells no overrides of a job by itself. */
class Silent extends World {
  constructor(state: State) {
    super(state, token)
  }

  override client(role: 'source' | 'target', own: number): ReturnType<World['client']> {
    const inner = super.client(role, own)
    return {
      ...inner,
      send: (request, doing) =>
        request.path.endsWith('/environment-variables/job/')
          ? Promise.resolve({})
          : inner.send(request, doing)
    }
  }
}

it('an override that a deleted variable left in the source is left out, and told', async () => {
  const state = platform()
  addJob(state, 11, { id: 31, name: 'Nightly' })
  addVariable(state, source, { name: 'DBT_Z', project: 'p' })
  addVariable(state, source, { name: 'DBT_GONE', jobs: { 31: 'left' } })
  const { plan, writes } = await new World(state, token).promote(specOf({ environments: 'dev' }))
  expect(byLevel(plan.remarks).problems).toEqual([])
  expect(byLevel(plan.remarks).warnings).toContainEqual(
    expect.stringMatching(/^Source job 31 "Nightly" overrides variable DBT_GONE, which/)
  )
  expect(JSON.stringify(writes)).not.toContain('DBT_GONE')
})

it('an override of a variable that the target does not have any more is not changed', async () => {
  const state = platform()
  addJob(state, 11, { id: 31, name: 'Nightly' })
  const world = new World(state, token)
  const spec = specOf({ environments: 'dev' }, { file: 'variables: { update: ["*"] }' })
  await world.promote(spec)
  const job = world.state.jobs.find(({ project_id }) => project_id === target)
  addVariable(world.state, source, {
    name: 'DBT_A',
    environments: { staging: 's' },
    jobs: { 31: 'j' }
  })
  addVariable(world.state, target, { name: 'DBT_A', jobs: { [String(job?.id)]: 'left' } })
  addVariable(world.state, target, { name: 'DBT_Z', project: 'p' })
  const { problems } = byLevel((await world.plan(spec)).remarks)
  expect(problems.map(({ message }) => message)).toEqual([
    'Variable DBT_A is overridden for job "Nightly", and project "Target" has no such variable.'
  ])
})
