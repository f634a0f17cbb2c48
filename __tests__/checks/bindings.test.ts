// Bindings that a file sets by id and that are of another project or account: problems of the plan, before any write.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import {
  addAccount,
  addConnection,
  addExtendedAttributes,
  addProfile,
  type State
} from '../../sandbox/index.ts'
import type { DbtClient } from '../../src/dbt/client.ts'
import { DbtError } from '../../src/dbt/error.ts'
import type { Request } from '../../src/model/request.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import { ids, messages, only, platform, Platform } from '../../testing/worlds/two-projects.ts'
import { specOfText } from '../../testing/spec.ts'

const own = { attributes: 7101, profile: 7201 } as const
const foreign = { attributes: 7102, profile: 7202, connection: 56099 } as const

/** The two projects, with attributes and a profile in each, and a connection of another account. */
function bound(): State {
  const state = platform()
  addAccount(state, { id: 99 })
  addConnection(state, 99, { id: foreign.connection, name: 'Elsewhere' })
  addExtendedAttributes(state, ids.target, { id: own.attributes })
  addExtendedAttributes(state, ids.source, { id: foreign.attributes })
  const connection_id = ids.otherConnection
  addProfile(state, ids.target, {
    id: own.profile,
    connection_id,
    credentials_id: ids.credentials
  })
  addProfile(state, ids.source, { id: foreign.profile, connection_id })
  return state
}

/** A promotion of both environments; Staging has a `set`. */
function spec(set: string, more = ''): PromotionSpec {
  return specOfText(`source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
credentials-id: ${String(ids.credentials)}
environments: [{ from: Staging, set: { ${set} } }, QA]
${more}`)
}

/** A platform on which the token is refused what matches. */
class Refusing extends Platform {
  readonly #refused: RegExp
  readonly #status: number

  constructor(state: State, refused: RegExp, status: number) {
    super(state)
    this.#refused = refused
    this.#status = status
  }

  override client(role: 'source' | 'target', account: number): DbtClient {
    const client = super.client(role, account)
    const unless = <T>(request: Request, doing: string, send: () => Promise<T>): Promise<T> => {
      if (!this.#refused.test(request.path)) return send()
      const facts = { words: 'no', reason: 'unauthorized', remedy: 'Ask.' } as const
      const status = this.#status
      return Promise.reject(
        new DbtError(request, { ...facts, doing, status, mayHaveHappened: false })
      )
    }
    return {
      ...client,
      send: (request, doing) => unless(request, doing, () => client.send(request, doing)),
      list: (request, doing) => unless(request, doing, () => client.list(request, doing)),
      listUnpaged: (request, doing) =>
        unless(request, doing, () => client.listUnpaged(request, doing))
    }
  }
}

const about = /not checked/
const looked = (all: Platform): readonly string[] =>
  all.sent.flatMap(({ path }) => {
    const what = /\/(connections|extended-attributes|profiles)\/(?:\d+\/)?(?:\?|$)/.exec(path)?.[0]
    return what === undefined ? [] : [what.replace('?', '')]
  })

describe('a binding that is set', () => {
  it.each<[string, string, string | undefined]>([
    ['a connection of the account', `connection_id: ${String(ids.otherConnection)}`, undefined],
    ['none', 'connection_id: null, extended_attributes_id: null', undefined],
    [
      'a connection of another account',
      `connection_id: ${String(foreign.connection)}`,
      'Environment "Staging" would get connection 56099, which the target account does not have.'
    ],
    ['attributes of the target', `extended_attributes_id: ${String(own.attributes)}`, undefined],
    [
      'attributes of the source',
      `extended_attributes_id: ${String(foreign.attributes)}`,
      'Environment "Staging" would get extended attributes 7102, which do not belong to project "Project 86711".'
    ],
    ['a profile of the target', `primary_profile_id: ${String(own.profile)}`, undefined],
    [
      'a profile of the source',
      `primary_profile_id: ${String(foreign.profile)}`,
      'Environment "Staging" would get profile 7202, which does not belong to project "Project 86711".'
    ],
    [
      'a profile of nobody',
      'primary_profile_id: 4711',
      'Environment "Staging" would get profile 4711, which does not belong to project "Project 86711".'
    ]
  ])('to %s', async (_what, set, message) => {
    const all = new Platform(bound())
    const before = all.state
    const { plan, outcomes, writes } = await all.promote(spec(set))
    expect(messages(plan)).toMatchObject(message === undefined ? [] : [message])
    expect(byLevel(plan.remarks).warnings.filter((each) => about.test(each))).toEqual([])
    const isRight = message === undefined
    expect([writes.length > 0, all.state === before]).toEqual([isRight, !isRight])
    expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
    expect(byLevel(plan.remarks).problems.every(({ remedy }) => remedy.endsWith('.'))).toBe(true)
    expect((await all.promote(spec(set))).writes).toEqual([])
  })

  it('wrongly lists the connections whose ids are near, with their names', async () => {
    const plan = await new Platform(bound()).plan(spec('connection_id: 56043'))
    expect(only(byLevel(plan.remarks).problems).remedy).toBe(
      'Give the id of a connection of the target account. The nearest are 56041 "Warehouse", 56042 "Lakehouse".'
    )
    const byInput = await new Platform(bound()).plan(spec('', 'connection: 56043'))
    expect(only(byLevel(byInput.remarks).problems)).toMatchObject({
      message: 'The target account has no connection 56043.',
      remedy: 'The nearest are 56041 "Warehouse", 56042 "Lakehouse".'
    })
  })

  it('for several environments is one problem', async () => {
    const all = new Platform(bound())
    const text = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
environments: [{ from: '*', set: { extended_attributes_id: 4711, connection_id: 4712 } }]`
    expect(messages(await all.plan(specOfText(text)))).toEqual([
      'Environments "QA", "Staging" would get connection 4712, which the target account does not have.',
      'Environments "QA", "Staging" would get extended attributes 4711, which do not belong to project "Project 86711".'
    ])
  })

  it.each([
    ['a later rule sets another', `, { from: Sta*, set: { SET_RIGHT } }`, false],
    ['its rule matches nothing that is promoted', '', true]
  ])('counts for nothing where %s', async (_what, later, isForOthers) => {
    const wrong = 'connection_id: 4711, extended_attributes_id: 4712, primary_profile_id: 4713'
    const right = 'connection_id: null, extended_attributes_id: null, primary_profile_id: null'
    const rule = `{ from: ${isForOthers ? 'QA' : 'Staging'}, set: { ${wrong} } }`
    const text = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
environments: [${rule}${later.replace('SET_RIGHT', right)}]`
    const inputs = isForOthers ? { environments: 'Staging' } : {}
    expect(messages(await new Platform(bound()).plan(specOfText(text, inputs)))).toEqual([])
  })

  it('counts for nothing where the target keeps its own, and where environments are not promoted', async () => {
    const all = new Platform(bound())
    await all.promote(spec(''))
    const wrong = 'connection_id: 4711, extended_attributes_id: 4712, primary_profile_id: 4713'
    const rules = `environments:
  - { from: Staging, set: { ${wrong} } }
  - { from: Staging, keep: [connection_id, extended_attributes_id, primary_profile_id] }`
    const projects = `source: { project: ${String(ids.source)} }\ntarget: { project: ${String(ids.target)} }\n`
    expect(messages(await all.plan(specOfText(projects + rules)))).toEqual([])
    expect(messages(await all.plan(spec(wrong)))).toHaveLength(3)
    const before = all.sent.length
    expect(messages(await all.plan(spec(wrong, 'resources: [jobs]')))).toEqual([])
    // Six reads of the projects, and the names of the variables.
    expect(all.sent.slice(before)).toHaveLength(7)
  })
})

describe('what is asked for', () => {
  it.each<[string, string, readonly string[]]>([
    ['nothing that is set', '', []],
    ['null', 'connection_id: null, primary_profile_id: null', []],
    ['a connection', `connection_id: ${String(ids.connection)}`, ['/connections/']],
    [
      'attributes of the target',
      `extended_attributes_id: ${String(own.attributes)}`,
      ['/extended-attributes/7101/']
    ],
    [
      'attributes of the source',
      `extended_attributes_id: ${String(foreign.attributes)}`,
      ['/extended-attributes/7102/']
    ],
    ['a profile', `primary_profile_id: ${String(own.profile)}`, ['/profiles/7201/']],
    [
      'a profile of the source',
      `primary_profile_id: ${String(foreign.profile)}`,
      ['/profiles/7202/', '/profiles/']
    ]
  ])('for %s', async (_what, set, paths) => {
    const all = new Platform(bound())
    await all.plan(spec(set))
    expect(looked(all)).toEqual(paths)
  })

  it('is nothing for what an environment of the target has', async () => {
    const all = new Platform(bound())
    const set = `extended_attributes_id: ${String(own.attributes)}`
    await all.promote(spec(set))
    const first = looked(all).length
    const { plan, writes } = await all.promote(spec(set))
    expect([messages(plan), writes, looked(all).length]).toEqual([[], [], first])
  })
})

describe.each([403, 404])('a token that is refused with %i', (status) => {
  it('the list of connections makes a warning of an id, unless an environment shows that it is there', async () => {
    const all = new Refusing(bound(), /\/connections\/$/, status)
    const plan = await all.plan(spec(`connection_id: ${String(foreign.connection)}`))
    expect(messages(plan)).toEqual([])
    expect(byLevel(plan.remarks).warnings.filter((each) => about.test(each))).toEqual([
      'Whether the target account has connection 56099 is not checked: the token may not list connections.'
    ])
    const input = await all.plan(spec('', `connection: ${String(foreign.connection)}`))
    expect(messages(input)).toEqual([])
    expect(byLevel(input.remarks).warnings.filter((each) => about.test(each))).toHaveLength(1)
    const there = await all.plan(spec(`connection_id: ${String(ids.connection)}`))
    expect([
      messages(there),
      byLevel(there.remarks).warnings.filter((each) => about.test(each))
    ]).toEqual([[], []])
  })

  it('the list of connections makes a problem of a name', async () => {
    const all = new Refusing(bound(), /\/connections\/$/, status)
    const { message, remedy } = only(
      byLevel((await all.plan(spec('', 'connection: Warehouse'))).remarks).problems
    )
    expect(message).toBe(
      'The token may not list the connections of the target account, so that none can be found by the name "Warehouse".'
    )
    expect(remedy).toContain('Give the id')
  })

  it('all profiles makes a warning', async () => {
    const all = new Refusing(bound(), /\/profiles\//, status)
    const plan = await all.plan(spec(`primary_profile_id: ${String(own.profile)}`))
    expect(messages(plan)).toEqual([])
    expect(byLevel(plan.remarks).warnings.filter((each) => about.test(each))).toEqual([
      'Whether profile 7201 belongs to project "Project 86711" is not checked: the token may not see profiles.'
    ])
  })

  it('attributes that an environment of the target has makes a warning of others', async () => {
    const all = new Refusing(bound(), /\/extended-attributes\//, status)
    const set = `extended_attributes_id: ${String(foreign.attributes)}`
    // Nothing shows whether the token sees any.
    expect(messages(await all.plan(spec(set)))).toHaveLength(1)
    await all.promote(spec(''))
    all.editEnvironment(all.environment('QA').id, { extended_attributes_id: own.attributes })
    const plan = await all.plan(spec(set))
    expect(messages(plan)).toEqual([])
    expect(byLevel(plan.remarks).warnings.filter((each) => about.test(each))).toEqual([
      'Whether extended attributes 7102 belong to project "Project 86711" is not checked: the token may not see extended attributes.'
    ])
  })
})

describe('a token that sees the attributes of the project', () => {
  it('is told that others are none of them', async () => {
    const all = new Platform(bound())
    await all.promote(spec(''))
    all.editEnvironment(all.environment('QA').id, { extended_attributes_id: own.attributes })
    const set = `extended_attributes_id: ${String(foreign.attributes)}`
    expect(messages(await all.plan(spec(set)))).toHaveLength(1)
  })
})

describe('a platform that fails', () => {
  it.each(['connections', 'profiles', 'extended-attributes'])(
    'at %s fails the run',
    async (what) => {
      const all = new Refusing(bound(), new RegExp(`/${what}/`), 500)
      const set = 'connection_id: 1, primary_profile_id: 2, extended_attributes_id: 3'
      await expect(all.plan(spec(set))).rejects.toMatchObject({ status: 500 })
    }
  )
})
