// Which record of extended attributes an environment has: its own, one that is shared or dead, or one of a profile.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import type { Features, State } from '../../sandbox/index.ts'
import { recheckTarget } from '../../src/apply/recheck.ts'
import { Failure } from '../../src/model/failure.ts'
import type { JsonObject } from '../../src/model/json.ts'
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

describe('a record that is shared', () => {
  it('by two environments of the target is left to the other', async () => {
    const state = both({ a: 1 }, { b: 2 })
    const shared = state.environments.find(({ id }) => id === 21)?.extended_attributes_id ?? null
    addEnvironment(state, target, { name: 'other', extended_attributes_id: shared })
    const { plan, state: after } = await promoted(state)
    expect(opsOf(plan)).toEqual(['create attributes', 'update environment'])
    expect(byLevel(plan.remarks).notices).toContainEqual(
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
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(opsOf(plan)).toEqual(['create attributes', 'update environment'])
    expect(byLevel(plan.remarks).warnings).toContain(
      `Environment "production" refers to extended attributes ${String(dead)}, which are not there any more: it gets a new record.`
    )
    expect(byLevel(plan.remarks).alarms).toMatchObject([
      { kind: 'protected', key: 'environment:production' }
    ])
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
      expect(byLevel(plan.remarks).problems).toMatchObject([
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
      expect(byLevel(plan.remarks).problems).toEqual([])
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
    expect(byLevel(plan.remarks).notices).toContainEqual(expect.stringMatching(/profile/))
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
