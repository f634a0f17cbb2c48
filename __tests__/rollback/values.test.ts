// Variables, overrides, secrets and extended attributes: what comes back, what stays, and what is lost.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import type { State } from '../../sandbox/index.ts'
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
import { fallen, planOf } from './journals.ts'

const everything = {
  environments: 'dev -> production',
  resources: 'environments\njobs\nvariables\noverrides\nextended-attributes'
}
const file = 'variables: { update: ["*"] }'
const secrets = new Map([['DBT_ENV_SECRET_KEY', 'given']])

/** The source has values of all kinds, and the target others. */
function seed(): State {
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

async function promoted(): Promise<{ world: World; journal: string }> {
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

const contentOf = ({ extendedAttributes }: State, id: number): unknown =>
  extendedAttributes.find((each) => each.id === id)?.extended_attributes

/** Gives a variable of the target another value, as someone would. */
function edit(world: World, name: string, from: string, to: string): void {
  world.state = {
    ...world.state,
    variables: world.state.variables.map((row) =>
      row.project_id === target && row.name === name && row.raw_value === from
        ? { ...row, raw_value: to }
        : row
    )
  }
}

describe.each([
  ['a journal', (text: string) => text],
  ['the journal of a run that was killed at its end', fallen]
])('%s', (_what, left) => {
  it('brings former values back; what is new stays, and a secret is lost', async () => {
    const { world, journal } = await promoted()
    const { plan, outcomes } = await world.rollback(left(journal))
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(outcomes.map(({ status }) => status)).not.toContain('failed')
    expect(stored(world.state, target)).toEqual({
      DBT_BOTH: { project: 'old', production: 'old in production', 'job Nightly': 'old for job' },
      DBT_THEIRS: { project: 'theirs' },
      DBT_ONLY: { project: 'only' },
      DBT_ENV_SECRET_KEY: { project: 'given' }
    })
    expect(contentOf(world.state, 32)).toEqual({ host: 'old' })
    expect(byLevel(plan.remarks).warnings).toEqual([
      'Former values of secrets that were written over can not come back: DBT_ENV_SECRET_KEY for the project. ' +
        'Set them in the target, or give them to a promotion with rewrite-secrets: true.'
    ])
    expect(byLevel(plan.remarks).notices).toEqual([
      'What else the promotion made stays as it is: variable DBT_ONLY for the project. Delete by hand what is not to stay.'
    ])
    expect((await world.rollback(left(journal))).writes).toEqual([])
  })
})

it('holds values, and of secrets neither these nor anything made of them', async () => {
  const { journal } = await promoted()
  for (const value of ['old in production', 'new for job', 'only']) expect(journal).toContain(value)
  for (const secret of ['given', 'old secret', 'unreadable', token, '***'])
    expect(journal).not.toContain(secret)
  const line = journal.split('\n').find((each) => each.includes('"variable:DBT_ENV_SECRET_KEY"'))!
  expect(JSON.parse(line)).toMatchObject({
    writes: [{ scope: 'project', before: { secret: true }, after: { secret: true } }]
  })
})

it('is undone itself by its own journal', async () => {
  const { world, journal } = await promoted()
  const before = stored(world.state, target)
  const undone = await world.rollback(journal)
  const redone = await world.rollback(undone.journal)
  expect(byLevel(redone.plan.remarks).problems).toEqual([])
  expect(stored(world.state, target)).toEqual(before)
  expect(contentOf(world.state, 32)).toEqual({ host: 'new' })
})

describe('what was changed since', () => {
  it.each([
    ['a default', 'new', 'variable DBT_BOTH for the project'],
    ['the value of an environment', 'new in dev', 'variable DBT_BOTH for environment "production"'],
    ['an override', 'new for job', 'variable DBT_BOTH for job "Nightly"']
  ])('stops the rollback and shows no value: %s', async (_what, value, told) => {
    const { world, journal } = await promoted()
    edit(world, 'DBT_BOTH', value, 'by hand')
    const { problems } = byLevel((await planOf(world, journal)).remarks)
    expect(problems.map(({ message }) => message)).toEqual([
      `The value of ${told} was changed after the promotion.`
    ])
  })

  it('is content too, of which nothing shows', async () => {
    const { world, journal } = await promoted()
    world.state = {
      ...world.state,
      extendedAttributes: world.state.extendedAttributes.map((each) =>
        each.id === 32 ? { ...each, extended_attributes: { host: 'by hand' } } : each
      )
    }
    const { problems } = byLevel((await planOf(world, journal)).remarks)
    expect(problems.map(({ message }) => message)).toEqual([
      'The record 32 of extended attributes of environment "production" was changed after the promotion: its content.'
    ])
  })

  it('is no problem where it is as before', async () => {
    const { world, journal } = await promoted()
    edit(world, 'DBT_BOTH', 'new', 'old')
    const plan = await planOf(world, journal)
    expect(byLevel(plan.remarks).problems).toEqual([])
    const change = plan.changes.find(({ key }) => key === 'variable:DBT_BOTH')
    expect(change).toMatchObject({
      op: 'update',
      writes: [
        { scope: 'environment:production', before: 'new in dev', after: 'old in production' }
      ]
    })
  })

  it('is a warning where the value or its environment is gone', async () => {
    const { world, journal } = await promoted()
    world.state = {
      ...world.state,
      variables: world.state.variables.filter(({ raw_value }) => raw_value !== 'new'),
      environments: world.state.environments.map((each) =>
        each.id === 21 ? { ...each, state: 2 } : each
      )
    }
    const { warnings, problems } = byLevel((await planOf(world, journal)).remarks)
    expect(problems).toEqual([])
    expect(warnings).toEqual(
      expect.arrayContaining([
        'The value of variable DBT_BOTH for the project is not in the target any more: it is not put back.',
        'The value of variable DBT_BOTH for environment "production" is not in the target any more: it is not put back.'
      ])
    )
  })

  it('is a name: values stay with their environment and their job', async () => {
    const { world, journal } = await promoted()
    world.state = {
      ...world.state,
      environments: world.state.environments.map((each) =>
        each.id === 21 ? { ...each, name: 'live' } : each
      )
    }
    await world.rollback(journal)
    expect(stored(world.state, target)['DBT_BOTH']).toEqual({
      project: 'old',
      live: 'old in production',
      'job Nightly': 'old for job'
    })
  })
})

it('leaves content alone that no environment refers to any more', async () => {
  const { world, journal } = await promoted()
  world.state = {
    ...world.state,
    environments: world.state.environments.map((each) =>
      each.id === 21 ? { ...each, extended_attributes_id: null } : each
    )
  }
  const { warnings } = byLevel((await planOf(world, journal)).remarks)
  expect(warnings).toContain(
    'The record 32 of extended attributes of environment "production" is not in use in the target any more: nothing of it is undone.'
  )
})

it('leaves content alone that is not there any more, and does the rest', async () => {
  const { world, journal } = await promoted()
  world.state = {
    ...world.state,
    extendedAttributes: world.state.extendedAttributes.filter(({ id }) => id !== 32)
  }
  const { plan } = await world.rollback(journal)
  expect(byLevel(plan.remarks).warnings).toContain(
    'The record 32 of extended attributes of environment "production" is not there any more: nothing of it is undone.'
  )
  expect(stored(world.state, target)).toMatchObject({ DBT_BOTH: { project: 'old' } })
})

it('does not bind an environment to a record again that was dead, and says so', async () => {
  const state = seed()
  state.extendedAttributes = state.extendedAttributes.map((each) =>
    each.id === 32 ? { ...each, state: 2 as const } : each
  )
  const world = new World(state, token)
  const { journal } = await world.promote(
    specOf({ ...everything, adopt: 'true', resources: 'environments\nextended-attributes' })
  )
  const ofProduction = (): number | null | undefined =>
    world.state.environments.find(({ id }) => id === 21)?.extended_attributes_id
  const made = ofProduction()
  expect(made).not.toBe(32)
  const { plan, outcomes } = await world.rollback(journal)
  expect(outcomes.map(({ status }) => status)).not.toContain('failed')
  expect(ofProduction()).toBe(made)
  expect(byLevel(plan.remarks).notices).toContain(
    'Environment "production" had extended attributes 32, which are not there any more: it keeps those that it has.'
  )
})

it('gives an environment the record back that it shared, and tells of the new one', async () => {
  const state = seed()
  addEnvironment(state, target, { id: 22, name: 'beside' })
  state.environments = state.environments.map((each) =>
    each.id === 22 ? { ...each, extended_attributes_id: 32 } : each
  )
  const world = new World(state, token)
  const { journal } = await world.promote(
    specOf({ ...everything, adopt: 'true', resources: 'environments\nextended-attributes' })
  )
  const ofProduction = (): number | null | undefined =>
    world.state.environments.find(({ id }) => id === 21)?.extended_attributes_id
  const made = ofProduction()
  expect(made).not.toBe(32)
  const { plan } = await world.rollback(journal)
  expect(ofProduction()).toBe(32)
  expect(byLevel(plan.remarks).notices).toEqual([
    `What else the promotion made stays as it is: The record ${String(made)} of extended attributes of environment "production". Delete by hand what is not to stay.`
  ])
})
