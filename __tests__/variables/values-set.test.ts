// `variables.set` gives a variable another value in the target than it has in the source.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import type { GivenVariable, State } from '../../sandbox/index.ts'
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

/** DBT_A has a value for the project and for dev; DBT_B for the project and job Nightly in dev. */
function world(there: readonly GivenVariable[] = []): World {
  const state: State = platform()
  addEnvironment(state, target, { id: 21, name: 'production' })
  const nightly = addJob(state, 11, { name: 'Nightly' })
  addVariable(state, source, { name: 'DBT_A', project: 'own', environments: { dev: 'own dev' } })
  addVariable(state, source, {
    name: 'DBT_B',
    project: 'plain',
    jobs: { [nightly]: 'job' }
  })
  for (const variable of there) addVariable(state, target, variable)
  return new World(state, token)
}

const spec = (set: string, inputs = {}) =>
  specOf({ environments: 'dev -> production', ...inputs }, { file: `variables: { set: ${set} }` })

async function result(set: string, there: readonly GivenVariable[] = []): Promise<object> {
  const all = world(there)
  const { plan } = await all.promote(spec(set))
  expect(byLevel(plan.remarks).problems).toEqual([])
  expect((await all.promote(spec(set))).writes).toEqual([])
  return stored(all.state, target)
}

describe('a value that is set', () => {
  it('is the value wherever the source has one', async () => {
    expect(await result('{ DBT_A: live, DBT_B: all }')).toEqual({
      DBT_A: { project: 'live', production: 'live' },
      DBT_B: { project: 'all', 'job Nightly': 'all' }
    })
  })

  it('is that of one place, also where the source has none', async () => {
    expect(
      await result(
        '{ DBT_A: { production: live }, DBT_B: { production: b, production/Nightly: n } }'
      )
    ).toEqual({
      DBT_A: { project: 'own', production: 'live' },
      DBT_B: { project: 'plain', production: 'b', 'job Nightly': 'n' }
    })
  })

  it('takes the place of what the target has, and no other value does', async () => {
    const there = [{ name: 'DBT_A', project: 'old', environments: { production: 'old' } }]
    expect(await result('{ DBT_A: { production: live } }', there)).toMatchObject({
      DBT_A: { project: 'old', production: 'live' }
    })
  })

  it('is no template', async () => {
    expect(await result("{ DBT_A: '{name}' }")).toMatchObject({ DBT_A: { project: '{name}' } })
  })
})

describe('a value that can not be set', () => {
  it('is a secret, a mask, or no text', () => {
    for (const [set, message] of [
      ['{ DBT_ENV_SECRET_A: hush }', 'promote.yml:1:21: DBT_ENV_SECRET_A is a secret'],
      ["{ DBT_A: { project: '****' } }", 'DBT_A is set to a mask'],
      ['{ dbt_a: x }', 'dbt_a is no name of a variable'],
      ["{ DBT_A: '' }", 'variables.set.DBT_A'],
      ['{ DBT_A: 7 }', 'variables.set.DBT_A']
    ] as const)
      expect(() => spec(set)).toThrow(message)
    const secrets = new Map([['DBT_A', 'hush']])
    const file = 'variables: { set: { DBT_A: x } }'
    expect(() => specOf({}, { secrets, file })).toThrow('DBT_A is given in the input secrets too')
  })

  it('is one without variables among the resources', () => {
    expect(() => spec('{ DBT_A: x }', { resources: 'environments\njobs' })).toThrow(
      'variables.set is given, and resources lists neither'
    )
  })

  it('is one of a variable or a place that is not there: the source had its way', async () => {
    for (const [set, message, remedy] of [
      ['{ DBT_AA: x }', 'gives a value to DBT_AA, and the source has no such variable', '"DBT_A"'],
      ['{ DBT_A: { live: x } }', 'DBT_A a value for "live"', '"project", "production"'],
      ['{ DBT_A: { production/Nightly: x } }', '"production/Nightly"', '"project", "production"']
    ] as const) {
      const { plan, writes } = await world().promote(spec(set))
      expect(byLevel(plan.remarks).problems).toMatchObject([
        { message: expect.stringContaining(message), remedy: expect.stringContaining(remedy) }
      ])
      expect(writes).toEqual([])
    }
  })
})
