// Which variables follow the source, for which scope a secret is, and of what a new override warns.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { type Plan } from '../../src/promotion/plan.ts'
import type { SecretValues } from '../../src/model/secrets.ts'
import { World } from '../../testing/promote.ts'
import {
  addEnvironment,
  addJob,
  addVariable,
  platform,
  source,
  specOf,
  stored,
  target,
  token
} from '../../testing/worlds/variables.ts'

it('a new override of a job that is there is an alarm, and one of a new job is none', async () => {
  const state = platform()
  addJob(state, 11, { id: 31, name: 'Nightly' })
  addVariable(state, source, { name: 'DBT_A', project: 'p', jobs: { 31: 'j' } })
  const world = new World(state, token)
  const first = await world.promote(specOf({ environments: 'dev -> production' }))
  expect(byLevel(first.plan.remarks).alarms).toEqual([])
  addVariable(world.state, source, { name: 'DBT_B', project: 'p', jobs: { 31: 'j' } })
  const { alarms } = byLevel(
    (await world.plan(specOf({ environments: 'dev -> production' }))).remarks
  )
  expect(alarms.map(({ kind, message }) => [kind, message])).toContainEqual([
    'protected',
    'Variable DBT_B gets a value of its own for job "Nightly" in "production", where that of the environment or the project counted until now.'
  ])
})

describe('variables.update', () => {
  it.each<[string, readonly string[]]>([
    ['["*", "!DBT_B"]', ['DBT_A']],
    ['["DBT_?", "! DBT_A"]', ['DBT_B']],
    ['["!DBT_*", "DBT_A"]', []]
  ])('%s changes %j', async (update, expected) => {
    const state = platform()
    addEnvironment(state, target, { id: 21, name: 'production' })
    for (const name of ['DBT_A', 'DBT_B']) {
      addVariable(state, source, { name, project: 'new' })
      addVariable(state, target, { name, project: 'old' })
    }
    const world = new World(state, token)
    const { plan } = await world.promote(
      specOf({ environments: 'dev -> production' }, { file: `variables: { update: ${update} }` })
    )
    const values = stored(world.state, target)
    const changed = Object.keys(values).filter((name) => values[name]?.project === 'new')
    expect(changed).toEqual(expected)
    expect(byLevel(plan.remarks).warnings).toEqual([])
  })

  it.each<[string, string]>([
    [
      '["!DBT_A"]',
      'variables.update has no effect: all of its lines leave out, and none takes a variable.'
    ],
    ['["*", "!DBT_Z"]', 'The line "!DBT_Z" in variables.update matches no variable of the source.']
  ])('%s is told', async (update, warning) => {
    const state = platform()
    addVariable(state, source, { name: 'DBT_A', project: 'new' })
    const spec = specOf({ environments: 'dev' }, { file: `variables: { update: ${update} }` })
    expect(byLevel((await new World(state, token).plan(spec)).remarks).warnings).toContainEqual(
      warning
    )
  })

  it.each(['"!"', '"!12"', '"12"'])('refuses %s', (line) => {
    expect(() => specOf({}, { file: `variables: { update: [${line}] }` })).toThrow(
      'is no name of a variable'
    )
  })
})

it('the place of a secret that is an environment and a job is a problem', async () => {
  const state = platform()
  addEnvironment(state, source, { id: 13, name: 'US' })
  addEnvironment(state, source, { id: 14, name: 'US/Nightly' })
  addJob(state, 13, { id: 31, name: 'Nightly' })
  addVariable(state, source, {
    name: 'DBT_ENV_SECRET_A',
    environments: { 'US/Nightly': 'e' },
    jobs: { 31: 'j' }
  })
  const planWith = async (secrets: SecretValues): Promise<Plan> =>
    new World(state, token).plan(specOf({ environments: 'US*' }, { secrets }))
  const places = new Map([['DBT_ENV_SECRET_A', new Map([['US/Nightly', 'one']])]])
  expect(byLevel((await planWith(places)).remarks).problems.map(({ message }) => message)).toEqual([
    'In the secret DBT_ENV_SECRET_A, "US/Nightly" is the name of an environment, and a job in an environment too.'
  ])
  expect(
    byLevel((await planWith(new Map([['DBT_ENV_SECRET_A', 'one']]))).remarks).problems
  ).toEqual([])
})
