// What a plan says of variables, what its hash counts, and what stops it.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import type { GivenVariable, State } from '../../sandbox/index.ts'
import type { SpecInput } from '../../src/inputs/input-table.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import type { SecretValues } from '../../src/model/secrets.ts'
import { valuesChanges } from '../../testing/changes.ts'
import { World } from '../../testing/promote.ts'
import {
  addEnvironment,
  addJob,
  addVariable,
  platform,
  source,
  target,
  token
} from '../../testing/worlds/variables.ts'
import { specOf } from '../../testing/worlds/variables.ts'

interface Given {
  readonly inputs?: Partial<Record<SpecInput, string>>
  readonly secrets?: SecretValues
  /** The lines of `variables.update`. */
  readonly update?: readonly string[]
}

async function planOf(state: State, { inputs = {}, secrets, update }: Given = {}): Promise<Plan> {
  const file = update ? `variables:\n  update: ${JSON.stringify(update)}` : ''
  const spec = specOf(inputs, { ...(secrets ? { secrets } : {}), file })
  return new World(state, token).plan(spec)
}

/** The source with a variable, and the target with environment `production` and perhaps the variable. */
function both(own: GivenVariable, there?: GivenVariable): State {
  const state = platform()
  addEnvironment(state, target, { id: 21, name: 'production' })
  addVariable(state, source, own)
  if (there) addVariable(state, target, there)
  return state
}

describe('what is said', () => {
  it('names what stays though it differs', async () => {
    const state = both({ name: 'DBT_A', project: 'p' }, { name: 'DBT_A', project: 'q' })
    const { notices } = byLevel((await planOf(state)).remarks)
    expect(notices).toContainEqual(
      expect.stringMatching(
        /^A variable has another value in the target, which stays: DBT_A\. Name it/
      )
    )
  })

  it.each<[string, readonly string[], string | undefined]>([
    ['an existing value', ['DBT_A'], 'The value of variable DBT_A for the whole project changes.'],
    ['nothing', [], undefined]
  ])('alarms of %s that changes', async (_what, update, expected) => {
    const state = both({ name: 'DBT_A', project: 'p' }, { name: 'DBT_A', project: 'q' })
    const { alarms } = byLevel((await planOf(state, { update })).remarks)
    expect(alarms.map(({ message }) => message)).toEqual(expected === undefined ? [] : [expected])
  })

  it('warns of a secret of a name, or for a place, that the source lacks', async () => {
    const name = 'DBT_ENV_SECRET_A'
    const secrets = new Map<string, string | ReadonlyMap<string, string>>([
      [
        name,
        new Map([
          ['project', 'one'],
          ['prodcution', 'two'],
          ['staging', 'three']
        ])
      ],
      ['DBT_ENV_SECRET_B', 'four']
    ])
    const plan = await planOf(
      both(
        { name, project: 'x', environments: { dev: 'x' } },
        { name, environments: { production: 'x' } }
      ),
      { secrets }
    )
    const told = byLevel(plan.remarks).warnings.filter((text) => text.includes('secret'))
    expect(told).toEqual([
      `The secret ${name} is given for 2 places where the source has no value of it: there it is not written. The source has values for "project", "production".`,
      'The secret DBT_ENV_SECRET_B is given, and the source has no such variable here: it is not written. The nearest is "DBT_ENV_SECRET_A".'
    ])
    // What stands where a place should may be a part of a secret.
    expect(told.join()).not.toMatch(/prodcution|two|three|four/)
  })

  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'a pattern that matches nothing',
      'variables',
      ['DBT_X*', 'DBT_?'],
      ['The line "DBT_X*" in variables.update matches no variable of the source.']
    ],
    [
      'patterns for nothing',
      'environments',
      ['DBT_A'],
      ['variables.update has no effect: resources lists neither variables nor overrides.']
    ]
  ])('warns of %s', async (_what, resources, update, expected) => {
    const state = both({ name: 'DBT_A', project: 'p' }, { name: 'DBT_A', project: 'p' })
    const plan = await planOf(state, {
      inputs: { resources: `environments\n${resources}` },
      update
    })
    expect(
      byLevel(plan.remarks).warnings.filter((text) => text.includes('variables.update'))
    ).toEqual(expected)
  })
})

describe('without variables in resources', () => {
  const inputs = { resources: 'environments\njobs' }

  it('the names that the target lacks are a warning, and their values are not in it', async () => {
    const state = both({ name: 'DBT_A', project: 'zebra' }, { name: 'DBT_B', project: 'zebra' })
    addVariable(state, source, { name: 'DBT_B', project: 'other zebra' })
    addVariable(state, source, { name: 'DBT_ENV_SECRET_C', environments: { dev: 'zebra' } })
    const plan = await planOf(state, { inputs })
    expect(byLevel(plan.remarks).warnings).toContain(
      'Project "Target" lacks 2 variables that the source has: DBT_A, DBT_ENV_SECRET_C. Create them there, or add variables to resources.'
    )
    expect(valuesChanges(plan)).toEqual([])
    expect(JSON.stringify(plan)).not.toContain('zebra')
  })

  it('fifty names are listed, and the rest counted', async () => {
    const state = platform()
    for (let index = 0; index < 53; index++)
      addVariable(state, source, { name: `DBT_${String(index)}`, project: 'p' })
    const { warnings } = byLevel((await planOf(state, { inputs })).remarks)
    expect(warnings.find((text) => text.includes('lacks 53 variables'))).toMatch(/ and 3 more\./)
  })

  it('costs no request in the target where the source has none', async () => {
    const world = new World(platform(), token)
    const plan = await world.plan(specOf(inputs))
    expect(world.sent.filter(({ path }) => path.includes('environment-variables'))).toHaveLength(1)
    expect(
      [...byLevel(plan.remarks).warnings, ...byLevel(plan.remarks).notices].join()
    ).not.toMatch(/variable/)
  })

  it.each<[string, number, number]>([
    ['the source', source, 1],
    ['the target', target, 2]
  ])('a token that may not see those of %s stops nothing', async (side, project, requests) => {
    const state = both({ name: 'DBT_A', project: 'p' })
    state.tokens = {
      [token]: {
        accounts: state.tokens[token]?.accounts ?? [],
        projects: { '*': { access: 'write' }, [project]: { access: 'write', variables: false } }
      }
    }
    const world = new World(state, token)
    const plan = await world.plan(specOf(inputs))
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(byLevel(plan.remarks).notices).toContain(
      `Whether the target lacks variables is not known: those of ${side} could not be read.`
    )
    expect(world.sent.filter(({ path }) => path.includes('environment-variables'))).toHaveLength(
      requests
    )
    await expect(world.plan(specOf())).rejects.toThrow(/variables of the/)
  })
})

describe('the hash of the plan', () => {
  const hashOf = async (own: string, there: string, given?: Given): Promise<string> =>
    (await planOf(both({ name: 'DBT_A', project: own }, { name: 'DBT_A', project: there }), given))
      .hash

  it('is another for other values, of either side', async () => {
    const update = { update: ['DBT_A'] }
    const hashes = await Promise.all([
      hashOf('a', 'b', update),
      hashOf('c', 'b', update),
      hashOf('a', 'd', update),
      hashOf('a', 'a', update)
    ])
    expect(new Set(hashes).size).toBe(4)
  })

  it('is the same for what stays', async () => {
    expect(await hashOf('a', 'b')).toBe(await hashOf('c', 'd'))
  })

  it('is the same for other secrets', async () => {
    const name = 'DBT_ENV_SECRET_A'
    const of = async (value: string): Promise<string> =>
      (await planOf(both({ name, project: 'x' }), { secrets: new Map([[name, value]]) })).hash
    expect(await of('one')).toBe(await of('two'))
  })
})

describe('the guards', () => {
  function several(): State {
    const state = platform()
    addJob(state, 11, { id: 31, name: 'Nightly' })
    addVariable(state, source, { name: 'DBT_A', project: 'p', jobs: { 31: 'j' } })
    addVariable(state, source, { name: 'DBT_B', project: 'p' })
    return state
  }

  it('count each variable and each override', async () => {
    // Two environments, a job, two variables and an override.
    const plan = await planOf(several(), { inputs: { 'max-changes': '5' } })
    expect(byLevel(plan.remarks).problems.map(({ message }) => message)).toEqual([
      'The plan has 6 changes, and max-changes allows 5.'
    ])
    expect(
      byLevel((await planOf(several(), { inputs: { 'max-changes': '6' } })).remarks).problems
    ).toEqual([])
  })

  it.each<[string, readonly string[]]>([
    ['DBT_B', ['create variable "DBT_B"']],
    ['DBT_A', ['create variable "DBT_A"', 'create override "DBT_A"']],
    ['Nightly', ['create job "Nightly"', 'create override "DBT_A"']]
  ])('protect %s', async (protect, expected) => {
    const { problems } = byLevel((await planOf(several(), { inputs: { protect } })).remarks)
    expect(problems.map(({ message }) => message)).toEqual(
      expected.map((what) => `The plan would ${what}, which is protected.`)
    )
  })

  it('protect a job by its id from overrides too', async () => {
    const world = new World(several(), token)
    const { state } = await world.promote(specOf({ resources: 'environments\njobs' }))
    addVariable(state, target, { name: 'DBT_A', project: 'p' })
    const job = state.jobs.find(({ project_id }) => project_id === target)
    const protect = String(job?.id)
    const plan = await world.plan(specOf({ resources: 'environments\njobs\noverrides', protect }))
    expect(byLevel(plan.remarks).problems.map(({ message }) => message)).toEqual([
      'The plan would create override "DBT_A", which is protected.'
    ])
  })
})
