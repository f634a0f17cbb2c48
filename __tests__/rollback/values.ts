// A promotion of values of all kinds, which is undone again.
import { expect } from '@jest/globals'
import type { State } from '../../sandbox/index.ts'
import { byLevel } from '../../src/model/remark.ts'
import { World } from '../../testing/promote.ts'
import {
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addVariable,
  platform,
  specOf,
  stored,
  target,
  token
} from '../../testing/worlds/variables.ts'

export const everything = {
  environments: 'dev -> production',
  resources: 'environments\njobs\nvariables\noverrides\nextended-attributes'
}
export const file = 'variables: { update: ["*"] }'
export const secrets = new Map([['DBT_ENV_SECRET_KEY', 'given']])

/** The source has values of all kinds, and the target others. */
export function seed(): State {
  const state = platform()
  const job = addJob(state, 11, { id: 101, name: 'Nightly' })
  addVariable(state, 1, {
    name: 'DBT_BOTH',
    project: 'new',
    environments: { dev: 'new in dev' },
    jobs: { [job]: 'new for job' }
  })
  addVariable(state, 1, { name: 'DBT_ONLY', project: 'only' })
  addVariable(state, 1, { name: 'DBT_ENV_SECRET_KEY', project: 'unreadable' })
  addEnvironment(state, target, { id: 21, name: 'production' })
  const held = addJob(state, 21, { id: 201, name: 'Nightly' })
  addVariable(state, target, {
    name: 'DBT_BOTH',
    project: 'old',
    environments: { production: 'old in production' },
    jobs: { [held]: 'old for job' }
  })
  addVariable(state, target, { name: 'DBT_THEIRS', project: 'theirs' })
  addVariable(state, target, { name: 'DBT_ENV_SECRET_KEY', project: 'old secret' })
  const of = addExtendedAttributes(state, 1, { id: 31, extended_attributes: { host: 'new' } })
  const ours = addExtendedAttributes(state, target, {
    id: 32,
    extended_attributes: { host: 'old' }
  })
  const records = new Map([
    [11, of],
    [21, ours]
  ])
  state.environments = state.environments.map((each) => ({
    ...each,
    extended_attributes_id: records.get(each.id) ?? null
  }))
  return state
}

/** The world after the promotion, with its journal. */
export async function promoted(): Promise<{ world: World; journal: string }> {
  const world = new World(seed(), token)
  const spec = specOf(
    { ...everything, adopt: 'true', 'rewrite-secrets': 'true' },
    { file, secrets }
  )
  const { plan, journal } = await world.promote(spec, secrets)
  expect(byLevel(plan.remarks).problems).toEqual([])
  expect(stored(world.state, target)).toMatchObject({
    DBT_BOTH: { project: 'new', production: 'new in dev', 'job Nightly': 'new for job' },
    DBT_ENV_SECRET_KEY: { project: 'given' }
  })
  return { world, journal }
}
