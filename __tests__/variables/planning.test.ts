// What becomes of each value of a variable: written, kept or a problem, by scope and of overrides.
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

type Fate = 'write' | 'rewrite' | 'keep secret' | 'keep other' | 'same' | 'missing'

function fateOf(plan: Plan): Fate {
  if (byLevel(plan.remarks).problems.some(({ message }) => message.includes('lacks a secret')))
    return 'missing'
  const [change] = valuesChanges(plan)
  const [write] = change?.writes ?? []
  if (write) return write.before === null ? 'write' : 'rewrite'
  const [kept] = change?.kept ?? []
  if (kept) return kept.why === 'secret' ? 'keep secret' : 'keep other'
  return 'same'
}

describe('what becomes of a value', () => {
  const plainName = 'DBT_A'
  const secretName = 'DBT_ENV_SECRET_A'
  // Name, in the target, given, rewrite-secrets, named in update.
  const table: readonly (readonly [
    string,
    'none' | 'same' | 'other',
    boolean,
    boolean,
    boolean,
    Fate
  ])[] = [
    [plainName, 'none', false, false, false, 'write'],
    [plainName, 'none', false, false, true, 'write'],
    [plainName, 'none', false, true, false, 'write'],
    [plainName, 'none', true, false, false, 'write'],
    [plainName, 'same', false, false, false, 'same'],
    [plainName, 'same', false, false, true, 'same'],
    [plainName, 'same', false, true, true, 'same'],
    [plainName, 'same', true, false, true, 'keep secret'],
    [plainName, 'same', true, true, false, 'rewrite'],
    [plainName, 'other', false, false, false, 'keep other'],
    [plainName, 'other', false, true, false, 'keep other'],
    [plainName, 'other', false, false, true, 'rewrite'],
    [plainName, 'other', false, true, true, 'rewrite'],
    [plainName, 'other', true, false, false, 'keep secret'],
    [plainName, 'other', true, false, true, 'keep secret'],
    [plainName, 'other', true, true, false, 'rewrite'],
    [secretName, 'none', false, false, false, 'missing'],
    [secretName, 'none', false, true, true, 'missing'],
    [secretName, 'none', true, false, false, 'write'],
    [secretName, 'none', true, true, true, 'write'],
    [secretName, 'same', false, false, false, 'keep secret'],
    [secretName, 'same', false, true, true, 'keep secret'],
    [secretName, 'same', true, false, false, 'keep secret'],
    [secretName, 'same', true, true, false, 'rewrite'],
    [secretName, 'other', false, false, true, 'keep secret'],
    [secretName, 'other', false, true, true, 'keep secret'],
    [secretName, 'other', true, false, true, 'keep secret'],
    [secretName, 'other', true, true, false, 'rewrite']
  ]
  const places: readonly (readonly [
    string,
    (value: string) => Partial<GivenVariable>,
    (value: string) => Partial<GivenVariable>
  ])[] = [
    ['the project', (value) => ({ project: value }), (value) => ({ project: value })],
    [
      'an environment',
      (value) => ({ environments: { dev: value } }),
      (value) => ({ environments: { production: value } })
    ]
  ]

  describe.each(places)('of %s', (_where, from, to) => {
    it.each(table)('%s, in the target %s, given %s, rewrite %s, update %s: %s', async (...row) => {
      const [name, there, isGiven, rewrites, isNamed, expected] = row
      const state = both(
        { name, ...from('source-value') },
        there === 'none' ? undefined : { name, ...to(there === 'same' ? 'source-value' : 'other') }
      )
      const plan = await planOf(state, {
        inputs: { 'rewrite-secrets': String(rewrites) },
        secrets: new Map(isGiven ? [[name, 'given-value']] : []),
        ...(isNamed ? { update: [name] } : {})
      })
      expect(fateOf(plan)).toBe(expected)
      const isSecret = isGiven || name === secretName
      expect(JSON.stringify(plan)).not.toContain('given-value')
      expect(JSON.stringify(plan).includes('source-value')).toBe(
        !isSecret && (expected === 'write' || expected === 'rewrite')
      )
    })
  })

  it.each<[string, string, string]>([
    ['the source', '***', 'value'],
    ['the target', 'value', '*'],
    ['both', '***', '***']
  ])('is that of a secret where %s shows a mask', async (_side, own, there) => {
    const name = 'DBT_A'
    const plan = await planOf(both({ name, project: own }, { name, project: there }), {
      update: ['*']
    })
    expect(fateOf(plan)).toBe('keep secret')
  })

  it('is a problem where the source shows a mask that nobody gives', async () => {
    expect(fateOf(await planOf(both({ name: 'DBT_A', project: '**********' })))).toBe('missing')
  })
})

describe('the scopes', () => {
  it.each<
    [string, Partial<GivenVariable>, Partial<GivenVariable> | null, readonly string[], number]
  >([
    [
      'a new variable',
      { project: 'p', environments: { dev: 'd' } },
      null,
      ['project', 'environment:production'],
      0
    ],
    [
      'a default where there was none',
      { project: 'p' },
      { environments: { production: 'd' } },
      ['project'],
      1
    ],
    [
      'a value beside a default',
      { environments: { dev: 'd' } },
      { project: 'p' },
      ['environment:production'],
      1
    ],
    [
      'a value where there was nothing',
      { environments: { dev: 'd' } },
      { environments: { other: 'x' } },
      ['environment:production'],
      0
    ],
    [
      'a value of a new environment',
      { environments: { staging: 's' } },
      { project: 'p' },
      ['environment:staging'],
      0
    ],
    [
      'values of environments that are not promoted',
      { environments: { Development: 'd' } },
      null,
      [],
      0
    ]
  ])('%s', async (_what, own, there, scopes, alarms) => {
    const state = platform()
    addEnvironment(state, target, { name: 'production' })
    addEnvironment(state, target, { name: 'other' })
    addVariable(state, source, { name: 'DBT_A', ...own })
    if (there) addVariable(state, target, { name: 'DBT_A', ...there })
    const plan = await planOf(state)
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(valuesChanges(plan).flatMap(({ writes }) => writes.map(({ scope }) => scope))).toEqual(
      scopes
    )
    expect(byLevel(plan.remarks).alarms.filter(({ key }) => key === 'variable:DBT_A')).toHaveLength(
      alarms
    )
  })

  it('are those of the exact names on both sides', async () => {
    const state = platform()
    addEnvironment(state, source, { id: 13, name: ' blue / 50% ' })
    addEnvironment(state, target, { id: 23, name: 'green  ' })
    addVariable(state, source, { name: 'DBT_A', environments: { 13: 'same' } })
    addVariable(state, target, { name: 'DBT_A', environments: { 23: 'same' } })
    const plan = await planOf(state, { inputs: { environments: 'id:13 -> green' } })
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(valuesChanges(plan)).toMatchObject([{ op: 'unchanged', writes: [], kept: [] }])
  })

  it('change places where environments do', async () => {
    const state = platform()
    addVariable(state, source, { name: 'DBT_A', environments: { dev: 'd', staging: 's' } })
    const plan = await planOf(state, { inputs: { environments: 'dev -> staging\nstaging -> dev' } })
    expect(valuesChanges(plan)[0]?.writes).toEqual([
      { scope: 'environment:dev', before: null, after: 's' },
      { scope: 'environment:staging', before: null, after: 'd' }
    ])
  })

  it.each(['project', 'name', 'new_name'])('can not be environments called %s', async (name) => {
    const state = platform()
    addEnvironment(state, source, { name: 'odd' })
    addVariable(state, source, { name: 'DBT_A', project: 'p' })
    const plan = await planOf(state, { inputs: { environments: `odd -> ${name}` } })
    expect(byLevel(plan.remarks).problems.map(({ message }) => message)).toEqual([
      `Variables can not be promoted for an environment named "${name}": the API gives this word another meaning.`
    ])
    const without = { environments: `odd -> ${name}`, resources: 'environments' }
    expect(byLevel((await planOf(state, { inputs: without })).remarks).problems).toEqual([])
  })

  it.each<[string, number]>([
    ['source', source],
    ['target', target]
  ])('can not be told in a %s that has an environment called project', async (role, project) => {
    const state = platform()
    const id = addEnvironment(state, project, { name: 'project' })
    addVariable(state, source, { name: 'DBT_A', project: 'p' })
    addVariable(state, project, { name: 'DBT_A', environments: { [id]: 'not the default' } })
    const plan = await planOf(state, { inputs: { environments: 'dev -> production' } })
    expect(byLevel(plan.remarks).problems.map(({ message }) => message)).toEqual([
      `The ${role} project has an environment named "project", and the API calls the default of a variable so too.`
    ])
    const without = { environments: 'dev -> production', resources: 'environments' }
    expect(byLevel((await planOf(state, { inputs: without })).remarks).problems).toEqual([])
  })

  it('can not be environments of the source that share a name, selected or not', async () => {
    const state = platform()
    addEnvironment(state, source, { id: 14, name: 'dev' })
    addVariable(state, source, { name: 'DBT_A', project: 'p' })
    const plan = await planOf(state, { inputs: { environments: 'id:11 -> production' } })
    expect(byLevel(plan.remarks).problems.map(({ message }) => message)).toEqual([
      'The source project has 2 environments named "dev" (11, 14), and the API tells the values of their variables apart by that name alone.'
    ])
    expect(
      byLevel((await planOf(state, { inputs: { environments: 'staging' } })).remarks).problems
    ).toEqual([])
  })

  it('can not be a new value by a name of digits, which the API takes for the id of a value', async () => {
    const state = platform()
    const [id = 0] = addVariable(state, target, { name: 'DBT_A', project: 'p' })
    addVariable(state, source, { name: 'DBT_A', environments: { dev: 'd' } })
    const plan = await planOf(state, { inputs: { environments: `dev -> ${String(id)}x` } })
    expect(byLevel(plan.remarks).problems).toEqual([])
    const taken = await planOf(state, {
      inputs: { environments: 'dev', 'environment-name': String(id) }
    })
    expect(byLevel(taken.remarks).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(`environment "${String(id)}"`)
    ])
    // No value has this id yet: the API would look for it all the same.
    const inputs = { environments: 'dev', 'environment-name': '2024' }
    const [digits] = byLevel((await planOf(state, { inputs })).remarks).problems
    expect(digits?.message).toContain('environment "2024": the API takes a name of digits')
    expect(digits?.remedy).toContain('Rename the environment')
    // A new variable has no ids.
    state.variables = state.variables.filter((row) => row.id !== id)
    expect(byLevel((await planOf(state, { inputs })).remarks).problems).toEqual([])
  })

  it('know empty values for none', async () => {
    const state = both({ name: 'DBT_A', project: 'p', environments: { dev: 'd' } })
    state.variables = state.variables.map((row) => ({
      ...row,
      raw_value: row.environment_id === null ? row.raw_value : ''
    }))
    const plan = await planOf(state)
    expect(valuesChanges(plan)[0]?.writes.map(({ scope }) => scope)).toEqual(['project'])
  })

  it('of secrets are given one by one, or all at once', async () => {
    const name = 'DBT_ENV_SECRET_A'
    const own = { name, project: 'x', environments: { dev: 'x', staging: 'x' } }
    const one = new Map([[name, new Map([['production', 'given']])]])
    const partly = await planOf(both(own), { secrets: one })
    expect(byLevel(partly.remarks).problems.map(({ message }) => message)).toEqual([
      `The target lacks a secret that nobody can read from the source: ${name} (project, staging).`
    ])
    expect(
      byLevel((await planOf(both(own), { secrets: new Map([[name, 'given']]) })).remarks).problems
    ).toEqual([])
  })
})

describe('overrides', () => {
  function withJob(own: GivenVariable): State {
    const state = platform()
    addJob(state, 11, { id: 31, name: 'Nightly / EU' })
    addVariable(state, source, own)
    return state
  }

  it('are given as secrets by environment and job', async () => {
    const name = 'DBT_ENV_SECRET_A'
    const state = withJob({ name, project: 'x', jobs: { 31: 'x' } })
    const places = new Map([
      ['project', 'one'],
      ['production/Nightly / EU', 'two']
    ])
    const plan = await planOf(state, { secrets: new Map([[name, places]]) })
    expect([
      ...byLevel(plan.remarks).problems,
      ...byLevel(plan.remarks).warnings.filter((text) => text.includes('secret'))
    ]).toEqual([])
    expect(valuesChanges(plan).map(({ kind, op }) => `${op} ${kind}`)).toEqual([
      'create variable',
      'create override'
    ])
    const lacking = await planOf(state, {
      secrets: new Map([[name, new Map([['project', 'one']])]])
    })
    expect(byLevel(lacking.remarks).problems.map(({ message }) => message)).toEqual([
      `The target lacks a secret that nobody can read from the source: ${name} (production/Nightly / EU).`
    ])
  })

  it('need a variable: of the target, or one that comes along', async () => {
    const state = withJob({ name: 'DBT_A', project: 'p', jobs: { 31: 'j' } })
    const alone = { inputs: { resources: 'environments\njobs\noverrides' } }
    const plan = await planOf(state, alone)
    expect(byLevel(plan.remarks).problems).toMatchObject([
      {
        message:
          'Variable DBT_A is overridden for job "Nightly / EU", and project "Target" has no such variable.',
        remedy: 'Add variables to resources, or create it in the target.'
      }
    ])
    addVariable(state, target, { name: 'DBT_A', project: 'another' })
    expect(byLevel((await planOf(state, alone)).remarks).problems).toEqual([])
  })

  it('are not said to need what is promoted already', async () => {
    const state = withJob({ name: 'DBT_A', environments: { Development: 'd' }, jobs: { 31: 'j' } })
    const [told] = byLevel((await planOf(state)).remarks).problems
    expect(told?.message).toContain('has no such variable')
    expect(told?.remedy).not.toContain('Add variables to resources')
  })

  it('of the target are only read where the source has some, and change only where they are named', async () => {
    const state = withJob({ name: 'DBT_A', project: 'p', jobs: { 31: 'j' } })
    const world = new World(state, token)
    await world.promote(specOf())
    world.state.variables = world.state.variables.map((row) =>
      row.type === 'job' && row.project_id === target ? { ...row, raw_value: 'by hand' } : row
    )
    const kept = await world.plan(specOf())
    expect(valuesChanges(kept).map(({ op, kept: all }) => [op, all.length])).toEqual([
      ['unchanged', 0],
      ['unchanged', 1]
    ])
    const plan = await world.plan(specOf({}, { file: 'variables: { update: [DBT_*] }' }))
    expect(valuesChanges(plan).map(({ op }) => op)).toEqual(['unchanged', 'update'])
    expect(byLevel(plan.remarks).alarms.map(({ message }) => message)).toEqual([
      'The value of variable DBT_A for job "Nightly / EU" in "production" changes.'
    ])
  })
})
