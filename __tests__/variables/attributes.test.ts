// Extended attributes: the content of the source in a record of each environment's own.
import { describe, expect, it } from '@jest/globals'
import type { Features, State } from '../../sandbox/index.ts'
import { recheckTarget } from '../../src/apply/recheck.ts'
import { Failure } from '../../src/model/failure.ts'
import { decodeAttributes, mostAttributesBytes } from '../../src/kinds/attributes.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { decodeVariables } from '../../src/kinds/variable.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import { promoting } from '../../src/promotion/planner.ts'
import { fixture } from '../../testing/worlds/small.ts'
import { objectChanges } from '../../testing/changes.ts'
import { World } from '../../testing/promote.ts'
import {
  addCredentials,
  addEnvironment,
  addExtendedAttributes,
  addProfile,
  platform,
  source,
  target,
  token
} from '../../testing/worlds/variables.ts'
import { specOf } from '../../testing/worlds/variables.ts'

type Content = Parameters<typeof addExtendedAttributes>[2] extends infer G
  ? G extends { extended_attributes?: infer C }
    ? NonNullable<C>
    : never
  : never

const spec = specOf({
  resources: 'environments\nextended-attributes',
  environments: 'dev -> production'
})

/** `dev` with attributes, and `production`, where it is given, with others. */
function both(
  own: Content | null,
  there?: Content | null,
  features: Partial<Features> = {}
): State {
  const state = platform(features)
  const id =
    own === null ? null : addExtendedAttributes(state, source, { extended_attributes: own })
  state.environments = state.environments.map((each) =>
    each.id === 11 ? { ...each, extended_attributes_id: id } : each
  )
  if (there !== undefined) {
    const held =
      there === null ? null : addExtendedAttributes(state, target, { extended_attributes: there })
    addEnvironment(state, target, { id: 21, name: 'production', extended_attributes_id: held })
  }
  return state
}

function opsOf(plan: Plan): readonly string[] {
  return objectChanges(plan).map(({ op, kind }) => `${op} ${kind}`)
}

/** The content that environments of the target have, by name. */
function contents(state: State): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    state.environments
      .filter(({ project_id }) => project_id === target)
      .map(({ name, extended_attributes_id }) => [
        name,
        state.extendedAttributes.find(({ id }) => id === extended_attributes_id)
          ?.extended_attributes ?? null
      ])
  )
}

/** Promotes, and once more, which must write nothing. */
async function promoted(state: State, of = spec): Promise<{ state: State; plan: Plan }> {
  const world = new World(state, token)
  const { plan } = await world.promote(of)
  const after = world.state
  expect((await world.promote(of)).writes).toEqual([])
  return { state: after, plan }
}

describe.each([false, true])('an account that gives text: %s', (attributesAsText) => {
  const features = { attributesAsText }

  it.each<[string, Content | null, Content | null | undefined, readonly string[], unknown]>([
    [
      'a new environment',
      { a: 1 },
      undefined,
      ['create attributes', 'create environment'],
      { a: 1 }
    ],
    [
      'an environment without',
      { a: 1 },
      null,
      ['create attributes', 'update environment'],
      { a: 1 }
    ],
    [
      'an environment with others',
      { a: 1 },
      { b: 2 },
      ['update attributes', 'unchanged environment'],
      { a: 1 }
    ],
    [
      'an environment with the same in another order',
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
      ['unchanged attributes', 'unchanged environment'],
      { b: { d: 3, c: 2 }, a: 1 }
    ],
    [
      'a list in another order',
      { a: [1, 2] },
      { a: [2, 1] },
      ['update attributes', 'unchanged environment'],
      { a: [1, 2] }
    ],
    [
      'an environment with some where the source has none',
      null,
      { b: 2 },
      ['unchanged environment'],
      { b: 2 }
    ],
    ['nothing on either side', null, null, ['unchanged environment'], null],
    ['an empty object', {}, undefined, ['create attributes', 'create environment'], {}],
    [
      'a text for a number',
      { a: '1' },
      { a: 1 },
      ['update attributes', 'unchanged environment'],
      { a: '1' }
    ],
    [
      'keys that mean something to us',
      {
        ref: 'environment:production',
        id: 5,
        job: { id: 7 },
        statuses: [10],
        extended_attributes: {}
      },
      undefined,
      ['create attributes', 'create environment'],
      {
        ref: 'environment:production',
        id: 5,
        job: { id: 7 },
        statuses: [10],
        extended_attributes: {}
      }
    ],
    [
      'nested references',
      { x: { ref: 'job:production/Nightly' }, y: [{ id: 1, project: 2 }] },
      { z: 1 },
      ['update attributes', 'unchanged environment'],
      { x: { ref: 'job:production/Nightly' }, y: [{ id: 1, project: 2 }] }
    ],
    [
      'names of objects',
      JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "n": {"__proto__": 3}}') as Content,
      undefined,
      ['create attributes', 'create environment'],
      JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "n": {"__proto__": 3}}')
    ]
  ])('%s', async (_what, own, there, ops, expected) => {
    const { plan, state } = await promoted(both(own, there, features))
    expect(plan.problems).toEqual([])
    expect(opsOf(plan)).toEqual(ops)
    // As text, since keys like __proto__ are equal to none for a matcher.
    const canonical = (value: unknown): string => JSON.stringify(value)
    const held = contents(state)['production']
    expect(sortedText(held)).toBe(sortedText(expected))
    expect(canonical(held)).toHaveLength(canonical(expected).length)
  })
})

function sortedText(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each
  )
}

describe('the size', () => {
  // {"k":"..."} is eight bytes and the text.
  const of = (bytes: number): Content => ({ k: 'x'.repeat(bytes - 8) })

  it('may be what the platform takes', async () => {
    const { plan, state } = await promoted(both(of(mostAttributesBytes)))
    expect(plan.problems).toEqual([])
    expect(JSON.stringify(contents(state)['production'])).toHaveLength(4096)
  })

  it.each<[string, Content, number]>([
    ['one byte', of(mostAttributesBytes + 1), 4097],
    ['signs of more bytes than one', { k: 'é'.repeat(2045) }, 4098]
  ])('must not be more: %s', async (_what, content, bytes) => {
    const { problems } = await new World(both(content), token).plan(spec)
    expect(problems.map(({ message }) => message)).toEqual([
      `The extended attributes of environment "production" have ${String(bytes)} bytes; the platform takes 4096.`
    ])
    // What does not come along is no problem.
    const without = specOf({ resources: 'environments', environments: 'dev -> production' })
    expect((await new World(both(content), token).plan(without)).problems).toEqual([])
  })
})

it.each<[string, Content]>([
  ['outside', { password: '**********' }],
  ['inside', { a: [{ b: '***' }] }]
])('a masked value %s is a problem', async (_where, content) => {
  const world = new World(both(content), token)
  const { plan, writes } = await world.promote(spec)
  expect(plan.problems.map(({ message }) => message)).toEqual([
    'The extended attributes of environment "production" hold a masked value, which can not be read and is never written.'
  ])
  expect(writes).toEqual([])
})

it.each<[string, Content, boolean]>([
  ['the largest that is exact', { a: [{ b: Number.MAX_SAFE_INTEGER }] }, true],
  ['one more', { a: [{ b: Number.MAX_SAFE_INTEGER + 1 }] }, false],
  ['below zero', { b: -1e20 }, false],
  ['a fraction', { b: 0.1 }, true],
  ['as a text', { b: '12345678901234567890' }, true]
])('a number that would lose digits is a problem: %s', async (_what, content, isFine) => {
  const { plan, writes } = await new World(both(content), token).promote(spec)
  expect(plan.problems.map(({ message }) => message)).toEqual(
    isFine
      ? []
      : [
          'The extended attributes of environment "production" hold a whole number of more than 15 digits, which would lose some of them.'
        ]
  )
  expect(writes.length > 0).toBe(isFine)
})

describe('a record that is shared', () => {
  it('by two environments of the target is left to the other', async () => {
    const state = both({ a: 1 }, { b: 2 })
    const shared = state.environments.find(({ id }) => id === 21)?.extended_attributes_id ?? null
    addEnvironment(state, target, { name: 'other', extended_attributes_id: shared })
    const { plan, state: after } = await promoted(state)
    expect(opsOf(plan)).toEqual(['create attributes', 'update environment'])
    expect(plan.notices).toContainEqual(
      expect.stringMatching(/shares its extended attributes with "other"/)
    )
    expect(contents(after)).toEqual({ production: { a: 1 }, other: { b: 2 } })
  })

  it('by two that are both promoted is split for both', async () => {
    const state = both({ a: 1 }, { b: 2 })
    const shared = state.environments.find(({ id }) => id === 21)?.extended_attributes_id ?? null
    const own = addExtendedAttributes(state, source, { extended_attributes: { c: 3 } })
    state.environments = state.environments.map((each) =>
      each.name === 'staging' ? { ...each, extended_attributes_id: own } : each
    )
    addEnvironment(state, target, { name: 'staging', extended_attributes_id: shared })
    const of = specOf({
      resources: 'environments\nextended-attributes',
      environments: 'dev -> production\nstaging'
    })
    const { state: after } = await promoted(state, of)
    expect(contents(after)).toEqual({ production: { a: 1 }, staging: { c: 3 } })
  })

  it('and as it should be stays', async () => {
    const state = both({ a: 1 }, { a: 1 })
    const shared = state.environments.find(({ id }) => id === 21)?.extended_attributes_id ?? null
    addEnvironment(state, target, { name: 'other', extended_attributes_id: shared })
    const { plan } = await promoted(state)
    expect(opsOf(plan)).toEqual(['unchanged attributes', 'unchanged environment'])
  })

  it('by two environments of the source becomes two', async () => {
    const state = both({ a: 1 })
    const own = state.environments.find(({ id }) => id === 11)?.extended_attributes_id ?? null
    state.environments = state.environments.map((each) =>
      each.name === 'staging' ? { ...each, extended_attributes_id: own } : each
    )
    const of = specOf({
      resources: 'environments\nextended-attributes',
      environments: 'dev -> production\nstaging'
    })
    const { state: after } = await promoted(state, of)
    expect(contents(after)).toEqual({ production: { a: 1 }, staging: { a: 1 } })
    const ids = after.environments
      .filter(({ project_id }) => project_id === target)
      .map(({ extended_attributes_id }) => extended_attributes_id)
    expect(new Set(ids).size).toBe(2)
  })
})

describe('a record that is dead: an environment refers to it, and it is not there', () => {
  /** Deletes the records of a project. */
  const buried = (state: State, project: number): State => ({
    ...state,
    extendedAttributes: state.extendedAttributes.map((each) =>
      each.project_id === project ? { ...each, state: 2 as const } : each
    )
  })
  const recordOf = (state: State, environment: number): number =>
    state.environments.find(({ id }) => id === environment)?.extended_attributes_id ?? 0

  it('gives way to a new one in the target, with a warning and an alarm', async () => {
    const state = buried(both({ a: 1 }, { b: 2 }), target)
    const dead = recordOf(state, 21)
    const { plan, state: after } = await promoted(state)
    expect(plan.problems).toEqual([])
    expect(opsOf(plan)).toEqual(['create attributes', 'update environment'])
    expect(plan.warnings).toContain(
      `Environment "production" refers to extended attributes ${String(dead)}, which are not there any more: it gets a new record.`
    )
    expect(plan.alarms).toMatchObject([{ kind: 'protected', key: 'environment:production' }])
    expect(contents(after)).toEqual({ production: { a: 1 } })
  })

  it('that others refer to as well gives way for the promoted one alone', async () => {
    const state = both({ a: 1 }, { b: 2 })
    addEnvironment(state, target, { name: 'other', extended_attributes_id: recordOf(state, 21) })
    const { plan, state: after } = await promoted(buried(state, target))
    expect(opsOf(plan)).toEqual(['create attributes', 'update environment'])
    expect(contents(after)['production']).toEqual({ a: 1 })
    expect(recordOf(after, 21)).not.toBe(recordOf(state, 21))
  })

  it('is a problem in the source that names its environment and the ways out', async () => {
    for (const there of [undefined, null, { b: 2 }]) {
      const state = buried(both({ a: 1 }, there), source)
      const { plan, writes } = await new World(state, token).promote(spec)
      expect(plan.problems).toEqual([
        {
          message: `Environment 11 "dev" of the source refers to extended attributes ${String(recordOf(state, 11))}, which are not there any more.`,
          remedy:
            'Give it others or none in the source, or take extended-attributes out of resources.'
        }
      ])
      expect(writes).toEqual([])
    }
  })

  it('of the source is no matter where the target is to keep its own, or attributes are not promoted', async () => {
    const state = buried(both({ a: 1 }, { b: 2 }), source)
    const file = 'environments: [{ from: dev, to: production, keep: [extended_attributes_id] }]'
    const resources = 'environments\nextended-attributes'
    for (const each of [
      specOf({ resources, environments: '' }, { file }),
      specOf({ environments: 'dev -> production', jobs: '!*' })
    ]) {
      const { plan } = await new World(state, token).promote(each)
      expect(plan.problems).toEqual([])
      expect(contents(state)).toEqual({ production: { b: 2 } })
    }
  })

  it('that dies between plan and write stops before the first write', async () => {
    const state = both({ a: 1 }, { b: 2 })
    const world = new World(state, token)
    const { source: from, target: to } = await world.snapshots(spec)
    const planner = promoting(spec, from)
    world.state = buried(world.state, target)
    const client = world.client('target', to.account)
    await expect(recheckTarget(planner, planner.plan(to), to, client)).rejects.toMatchObject({
      reason: 'plan-changed'
    })
  })
})

describe('where it is not known whether a record is there', () => {
  const answers: readonly [string, number, JsonObject][] = [
    ['a missing permission', 404, fixture('errors/404-not-found-or-no-permission') as JsonObject],
    ['a proxy', 404, { detail: 'The specified Extended Attributes record was not found.' }],
    ['a refusal', 403, { status: { code: 403, is_success: false, user_message: 'No.' } }]
  ]
  it.each(answers)('the run stops and names the environment: %s', async (_what, status, body) => {
    for (const project of [source, target]) {
      const world = new World(both({ a: 1 }, { b: 2 }), token)
      world.answer = ({ method, path }) =>
        method === 'GET' && path.includes(`/${String(project)}/extended-attributes/`)
          ? { status, headers: {}, body: JSON.stringify(body) }
          : undefined
      const name = project === source ? 'dev' : 'production'
      const failure = await world.promote(spec).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(Failure)
      const { message, remedy } = failure as Failure
      expect(message).toContain(`They are those of environment "${name}".`)
      expect(remedy).toMatch(/ Or take extended-attributes out of resources\.$/)
      expect(world.sent.filter(({ method }) => method !== 'GET')).toEqual([])
    }
  })
})

describe('where the user says which record', () => {
  const file = (rule: string): string =>
    `environments:\n  - from: dev\n    to: production\n    ${rule}`
  const by = (
    rule: string,
    resources = 'environments\nextended-attributes'
  ): ReturnType<typeof specOf> => specOf({ resources, environments: '' }, { file: file(rule) })

  it('keep leaves the content to the target', async () => {
    const { plan, state } = await promoted(
      both({ a: 1 }, { b: 2 }),
      by('keep: [extended_attributes_id]')
    )
    expect(opsOf(plan)).toEqual(['unchanged environment'])
    expect(contents(state)).toEqual({ production: { b: 2 } })
  })

  it('keep does not leave a new environment without', async () => {
    const { state } = await promoted(both({ a: 1 }), by('keep: [extended_attributes_id]'))
    expect(contents(state)).toEqual({ production: { a: 1 } })
  })

  it('set binds the record, and its content stays', async () => {
    const state = both({ a: 1 }, { b: 2 })
    const id = addExtendedAttributes(state, target, { extended_attributes: { c: 3 } })
    const { plan, state: after } = await promoted(
      state,
      by(`set: { extended_attributes_id: ${String(id)} }`)
    )
    expect(opsOf(plan)).toEqual(['update environment'])
    expect(contents(after)).toEqual({ production: { c: 3 } })
  })

  it('set to nothing takes it away', async () => {
    const { plan, state } = await promoted(
      both({ a: 1 }, { b: 2 }),
      by('set: { extended_attributes_id: null }')
    )
    expect(opsOf(plan)).toEqual(['update environment'])
    expect(contents(state)).toEqual({ production: null })
  })
})

describe('a profile', () => {
  /** A target environment that has credentials, and so a profile of its own. */
  function withProfile(there: Content | null): State {
    const state = both({ a: 1 })
    const held =
      there === null ? null : addExtendedAttributes(state, target, { extended_attributes: there })
    const credentials_id = addCredentials(state, target)
    addEnvironment(state, target, {
      id: 21,
      name: 'production',
      credentials_id,
      extended_attributes_id: held
    })
    return state
  }
  const profileOf = (state: State): number | null | undefined =>
    state.environments.find(({ id }) => id === 21)?.primary_profile_id

  it.each<[string, Content | null]>([
    ['none', null],
    ['others', { b: 2 }]
  ])('does not keep the content out of an environment with %s', async (_what, there) => {
    const state = withProfile(there)
    expect(profileOf(state)).not.toBeNull()
    const { state: after } = await promoted(state)
    expect(contents(after)).toEqual({ production: { a: 1 } })
  })

  it('that the user sets says which record the environment has', async () => {
    const state = withProfile(null)
    const record = addExtendedAttributes(state, target, { extended_attributes: { c: 3 } })
    const credentials = state.environments.find(({ id }) => id === 21)?.credentials_id ?? null
    const profile = addProfile(state, target, {
      credentials_id: credentials,
      extended_attributes_id: record
    })
    const of = specOf(
      { resources: 'environments\nextended-attributes', environments: '' },
      {
        file: `environments:\n  - from: dev\n    to: production\n    set: { primary_profile_id: ${String(profile)} }`
      }
    )
    const { plan, state: after } = await promoted(state, of)
    expect(opsOf(plan)).toEqual(['update environment'])
    expect(contents(after)).toEqual({ production: { c: 3 } })
    expect(plan.notices).toContainEqual(expect.stringMatching(/profile/))
  })
})

it('an environment whose record changes keeps all else', async () => {
  const state = both({ a: 1 }, null)
  const before = state.environments.find(({ id }) => id === 21)
  const { state: after } = await promoted(state)
  const held = after.environments.find(({ id }) => id === 21)
  const changed = Object.entries(held ?? {})
    .filter(
      ([key, value]) =>
        JSON.stringify(value) !== JSON.stringify(before?.[key as keyof typeof before])
    )
    .map(([key]) => key)
  expect(changed.filter((key) => !['updated_at', 'dbt_version'].includes(key))).toEqual([
    'extended_attributes_id'
  ])
})

describe('an answer of another shape', () => {
  const variable = (project: JsonObject | string): unknown => {
    const [fault] = decodeVariables({ variables: { DBT_A: { project } } })[0]?.faults.values() ?? []
    throw fault ?? new Error('no fault')
  }

  it.each<[string, () => unknown]>([
    ['a number for a value', () => variable({ id: 1, value: 8_675_309 })],
    ['a truth for a value', () => variable({ id: 1, value: true })],
    ['an object for a value', () => variable({ id: 1, value: { k: 'zebra' } })],
    ['no value', () => variable({ id: 1 })],
    ['a text for a variable', () => variable('zebra')],
    ['no variables', () => decodeVariables({ environments: [] })],
    ['no attributes', () => decodeAttributes({ id: 1, project_id: 2 })],
    ['a number for attributes', () => decodeAttributes({ id: 1, extended_attributes: 8_675_309 })],
    ['a text for attributes', () => decodeAttributes({ id: 1, extended_attributes: 'zebra' })],
    ['a list for attributes', () => decodeAttributes({ id: 1, extended_attributes: ['zebra'] })]
  ])('is told without its value: %s', (_what, decode) => {
    let message = ''
    try {
      decode()
    } catch (error) {
      message = String(error)
    }
    expect(message).toMatch(/should be (a text|an object|set), but is/)
    expect(message).not.toMatch(/zebra|8675309|true/)
  })
})
