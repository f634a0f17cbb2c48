// Extended attributes: the content of the source, how it is read, compared and written, and how long it may be.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import type { Features, State } from '../../sandbox/index.ts'
import { decodeAttributes, mostAttributesBytes } from '../../src/kinds/attributes.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { decodeVariables } from '../../src/kinds/variable.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import { objectChanges } from '../../testing/changes.ts'
import { World } from '../../testing/promote.ts'
import {
  addEnvironment,
  addExtendedAttributes,
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
    expect(byLevel(plan.remarks).problems).toEqual([])
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
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(JSON.stringify(contents(state)['production'])).toHaveLength(4096)
  })

  it.each<[string, Content, number]>([
    ['one byte', of(mostAttributesBytes + 1), 4097],
    ['signs of more bytes than one', { k: 'é'.repeat(2045) }, 4098]
  ])('must not be more: %s', async (_what, content, bytes) => {
    const { problems } = byLevel((await new World(both(content), token).plan(spec)).remarks)
    expect(problems.map(({ message }) => message)).toEqual([
      `The extended attributes of environment "production" have ${String(bytes)} bytes; the platform takes 4096.`
    ])
    // What does not come along is no problem.
    const without = specOf({ resources: 'environments', environments: 'dev -> production' })
    expect(byLevel((await new World(both(content), token).plan(without)).remarks).problems).toEqual(
      []
    )
  })
})

it.each<[string, Content]>([
  ['outside', { password: '**********' }],
  ['inside', { a: [{ b: '***' }] }]
])('a masked value %s is a problem', async (_where, content) => {
  const world = new World(both(content), token)
  const { plan, writes } = await world.promote(spec)
  expect(byLevel(plan.remarks).problems.map(({ message }) => message)).toEqual([
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
  expect(byLevel(plan.remarks).problems.map(({ message }) => message)).toEqual(
    isFine
      ? []
      : [
          'The extended attributes of environment "production" hold a whole number of more than 15 digits, which would lose some of them.'
        ]
  )
  expect(writes.length > 0).toBe(isFine)
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
