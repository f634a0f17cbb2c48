// Who decides each field of an environment: on create, on update, and with the input that names it.
import { beforeEach, describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import {
  addExtendedAttributes,
  addProfile,
  type Environment,
  type Given,
  type JsonObject
} from '../../sandbox/index.ts'
import { environmentFields } from '../../src/kinds/environment.ts'
import {
  alarms,
  bodies,
  ids,
  inputs,
  messages,
  only,
  outline,
  platform,
  Platform,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

const key = 'environment:Staging'
const attributes = { source: 9001, target: 9002, other: 9003 } as const

/** Staging with a value in every field, and a target that has attributes of its own. */
function rich(staging: Given<Environment> = {}): Platform {
  const all = new Platform(platform())
  for (const id of [attributes.source])
    all.add((state) => addExtendedAttributes(state, ids.source, { id }))
  for (const id of [attributes.target, attributes.other]) {
    all.add((state) => addExtendedAttributes(state, ids.target, { id }))
  }
  all.editEnvironment(ids.staging, {
    dbt_version: '1.8.0-latest',
    supports_docs: true,
    deployment_type: 'staging',
    use_custom_branch: true,
    custom_branch: 'develop',
    extended_attributes_id: attributes.source,
    ...staging
  })
  return all
}

const spec = (more: Inputs = {}) =>
  inputs({ environments: 'Staging', 'credentials-id': '', ...more })

/** The fields that a request may hold, by the official schema, EnvironmentV3Request. */
const schema = [
  'account_id',
  'connection_id',
  'credentials_id',
  'custom_branch',
  'dbt_version',
  'deployment_type',
  'enable_dbt_state',
  'enable_model_query_history',
  'extended_attributes_id',
  'name',
  'primary_profile_id',
  'project_id',
  'state',
  'supports_docs',
  'type',
  'use_custom_branch'
]

/** An environment without what every write changes. */
function settled(environment: Environment): Given<Environment> {
  const moving = ['updated_at', 'raw_dbt_version']
  return Object.fromEntries(Object.entries(environment).filter(([path]) => !moving.includes(path)))
}

describe('a new environment', () => {
  it('takes from the source what is not of its project', async () => {
    const all = rich()
    const { plan } = await all.promote(spec())
    expect(messages(plan)).toEqual([])
    expect(all.environment('Staging')).toMatchObject({
      account_id: ids.account,
      project_id: ids.target,
      name: 'Staging',
      type: 'deployment',
      deployment_type: 'staging',
      dbt_version: '1.8.0-latest',
      use_custom_branch: true,
      custom_branch: 'develop',
      supports_docs: true,
      enable_model_query_history: false,
      enable_dbt_state: false,
      connection_id: ids.connection,
      credentials_id: null,
      extended_attributes_id: null,
      primary_profile_id: null,
      state: 1
    })
  })

  it('takes features along where the account has them', async () => {
    const all = rich({ enable_dbt_state: true, enable_model_query_history: true })
    await all.promote(spec())
    expect(all.environment('Staging')).toMatchObject({
      enable_dbt_state: true,
      enable_model_query_history: true
    })
  })

  it('without credentials is worth a warning, with credentials-id it is not', async () => {
    const lacks = expect.stringContaining('has no credentials') as unknown
    expect(byLevel((await rich().plan(spec())).remarks).warnings).toContainEqual(lacks)
    const { warnings } = byLevel(
      (await rich().plan(spec({ 'credentials-id': String(ids.credentials) }))).remarks
    )
    expect(warnings).not.toContainEqual(lacks)
  })

  it('sends keys of the schema only', async () => {
    const { writes } = await rich().promote(spec({ 'credentials-id': String(ids.credentials) }))
    const body = bodies(writes)[0] ?? {}
    expect(Object.keys(body).filter((path) => !schema.includes(path))).toEqual([])
    expect(JSON.stringify(body)).not.toMatch(/null|""/)
  })
})

/** Values of one field: in the source, in the source later, and by hand in the target. */
type Row = [path: string, moved: Given<Environment>, edited: Given<Environment>]

const fromSource: Row[] = [
  ['dbt_version', { dbt_version: '1.9.0-latest' }, { dbt_version: '1.7.0-latest' }],
  ['supports_docs', { supports_docs: false }, { supports_docs: false }],
  ['name', { name: 'staging' }, {}]
]

const ofTarget: Row[] = [
  ['credentials_id', { credentials_id: null }, { credentials_id: ids.otherCredentials }],
  ['connection_id', { connection_id: ids.otherConnection }, { connection_id: ids.otherConnection }],
  [
    'extended_attributes_id',
    { extended_attributes_id: null },
    { extended_attributes_id: attributes.other }
  ],
  ['primary_profile_id', { primary_profile_id: null }, {}],
  ['custom_branch', { custom_branch: 'next' }, { custom_branch: 'release' }],
  [
    'use_custom_branch',
    { custom_branch: null, use_custom_branch: false },
    { custom_branch: null, use_custom_branch: false }
  ],
  ['deployment_type', { deployment_type: null }, { deployment_type: 'production' }]
]

describe('an existing environment', () => {
  let all: Platform
  beforeEach(async () => {
    all = rich()
    await all.promote(
      spec({ 'credentials-id': String(ids.credentials), 'deployment-type': 'staging' })
    )
    all.editEnvironment(all.environment('Staging').id, {
      extended_attributes_id: attributes.target
    })
  })

  const held = (): Environment => only(all.environments())
  const values = (environment: Environment): Given<Environment> => ({
    ...environment,
    updated_at: ''
  })

  it.each(fromSource.filter(([path]) => path !== 'name'))(
    'follows the source in %s, and takes no edit',
    async (path, moved, edited) => {
      all.editEnvironment(held().id, edited)
      const first = await all.promote(spec())
      expect(outline(first.plan)).toEqual([`update ${key} (unknown) ${path}`])
      expect(held()).toMatchObject({ dbt_version: '1.8.0-latest', supports_docs: true })

      all.editEnvironment(ids.staging, moved)
      const second = await all.promote(spec())
      expect(outline(second.plan)).toEqual([`update ${key} (unknown) ${path}`])
      expect(held()).toMatchObject(moved)
      expect((await all.promote(spec())).writes).toEqual([])
    }
  )

  it.each(ofTarget)('keeps its %s, whoever moves', async (_path, moved, edited) => {
    all.editEnvironment(held().id, edited)
    all.editEnvironment(ids.staging, moved)
    const before = values(held())
    const { plan, writes } = await all.promote(spec())
    expect([messages(plan), outline(plan), writes]).toEqual([[], [], []])

    // Not even when it is written for another reason.
    all.editEnvironment(ids.staging, { supports_docs: false })
    const second = await all.promote(spec())
    expect(outline(second.plan)).toEqual([`update ${key} (unknown) supports_docs`])
    expect(values(held())).toEqual({ ...before, supports_docs: false })
  })

  it('is covered field by field', () => {
    const covered = [...fromSource, ...ofTarget].map(([path]) => path)
    const others = ['enable_dbt_state', 'enable_model_query_history', 'type']
    const owned = Object.entries(environmentFields)
      .filter(([, { rule }]) => (rule as string) !== 'generated' && (rule as string) !== 'rewrite')
      .map(([path]) => path)
    expect([...covered, ...others].toSorted()).toEqual(owned.toSorted())
  })

  it('keeps an own connection that the source’s project does not have', async () => {
    all.editEnvironment(held().id, { connection_id: ids.otherConnection })
    all.editEnvironment(ids.staging, { supports_docs: false })
    await all.promote(spec())
    expect(held().connection_id).toBe(ids.otherConnection)
  })

  it('counts versionless as latest', async () => {
    all.editEnvironment(ids.staging, { dbt_version: 'versionless' })
    all.editEnvironment(held().id, { dbt_version: 'latest' })
    expect((await all.promote(spec())).writes).toEqual([])
  })
})

describe('a feature of an environment', () => {
  const features = ['enable_dbt_state', 'enable_model_query_history'] as const

  it.each(features)(
    '%s that is switched on in the source follows, where the target shows it',
    async (path) => {
      const all = rich()
      await all.promote(inputs())
      all.editEnvironment(all.environment('QA').id, { [path]: true })
      all.editEnvironment(ids.qa, { [path]: true })
      all.editEnvironment(ids.staging, { [path]: true })
      await all.promote(inputs())
      expect(all.environment('Staging')[path]).toBe(true)
      expect((await all.promote(inputs())).writes).toEqual([])
    }
  )

  it.each(features)(
    '%s that is switched on in the source is told, where the target shows none',
    async (path) => {
      const all = rich()
      await all.promote(inputs())
      all.editEnvironment(ids.staging, { [path]: true })
      const { plan, writes } = await all.promote(inputs())
      expect(writes).toEqual([])
      expect(byLevel(plan.remarks).warnings).toEqual([expect.stringContaining(path)])
    }
  )

  it.each(features)('%s that is switched on in the target alone is switched off', async (path) => {
    const all = rich()
    await all.promote(inputs())
    all.editEnvironment(all.environment('Staging').id, { [path]: true })
    await all.promote(inputs())
    expect(all.environment('Staging')[path]).toBe(false)
  })
})

describe('an input', () => {
  const rows: [string, Inputs, Given<Environment>, string[]][] = [
    [
      'custom-branch',
      { 'custom-branch': 'main' },
      { use_custom_branch: true, custom_branch: 'main' },
      ['custom_branch']
    ],
    [
      'credentials-id',
      { 'credentials-id': String(ids.otherCredentials) },
      { credentials_id: ids.otherCredentials },
      ['credentials_id', 'primary_profile_id']
    ],
    [
      'connection by id',
      { connection: String(ids.otherConnection) },
      { connection_id: ids.otherConnection },
      ['connection_id', 'primary_profile_id']
    ],
    [
      'connection by name',
      { connection: 'Lakehouse' },
      { connection_id: ids.otherConnection },
      ['connection_id', 'primary_profile_id']
    ],
    [
      'deployment-type production',
      { 'deployment-type': 'production' },
      { deployment_type: 'production' },
      ['deployment_type']
    ],
    [
      'deployment-type general',
      { 'deployment-type': 'general' },
      { deployment_type: null },
      ['deployment_type']
    ],
    ['dbt-version', { 'dbt-version': '1.10.0-latest' }, { dbt_version: '1.10.0-latest' }, []],
    [
      'all at once',
      {
        'custom-branch': 'main',
        'credentials-id': String(ids.otherCredentials),
        connection: 'Lakehouse',
        'deployment-type': 'general',
        'dbt-version': '1.10.0-latest'
      },
      {
        custom_branch: 'main',
        credentials_id: ids.otherCredentials,
        connection_id: ids.otherConnection,
        deployment_type: null,
        dbt_version: '1.10.0-latest'
      },
      ['deployment_type', 'custom_branch', 'connection_id', 'credentials_id', 'primary_profile_id']
    ]
  ]

  it.each(rows)('%s decides on create', async (_what, more, wanted) => {
    const all = rich()
    const { plan } = await all.promote(spec(more))
    expect(messages(plan)).toEqual([])
    expect(all.environment('Staging')).toMatchObject(wanted)
    expect((await all.promote(spec(more))).writes).toEqual([])
  })

  it.each(rows)(
    '%s decides on update, with an alarm for what belongs to the target',
    async (_what, more, wanted, protects) => {
      const all = rich()
      await all.promote(spec({ 'credentials-id': String(ids.credentials) }))
      const before = all.environment('Staging')
      const { plan, outcomes } = await all.promote(spec(more))
      expect(messages(plan)).toEqual([])
      expect(outcomes).toMatchObject([{ status: 'applied', refused: [] }])
      expect(alarms(plan)).toEqual(protects.map(() => `protected ${key}`))
      for (const path of protects)
        expect(
          byLevel(plan.remarks)
            .alarms.map(({ message }) => message)
            .join()
        ).toContain(path)
      const rest = settled(before)
      expect(all.environment('Staging')).toMatchObject({ ...rest, ...wanted })
      expect((await all.promote(spec(more))).writes).toEqual([])
    }
  )

  it.each(rows)(
    '%s that is not set any more leaves to the target what is the target’s',
    async (_what, more, wanted) => {
      const all = rich()
      await all.promote(spec(more))
      await all.promote(spec())
      expect(all.environment('Staging')).toMatchObject({
        ...wanted,
        dbt_version: '1.8.0-latest'
      })
      expect((await all.promote(spec())).writes).toEqual([])
    }
  )

  it('deployment-type staging decides too', async () => {
    const all = rich({ deployment_type: null })
    await all.promote(spec())
    expect(all.environment('Staging').deployment_type).toBeNull()
    await all.promote(spec({ 'deployment-type': 'staging' }))
    expect(all.environment('Staging').deployment_type).toBe('staging')
  })

  it('custom-branch overrules an environment that does not use its branch', async () => {
    const all = rich()
    await all.promote(spec())
    all.editEnvironment(all.environment('Staging').id, { use_custom_branch: false })
    await all.promote(spec({ 'custom-branch': 'develop' }))
    expect(all.environment('Staging')).toMatchObject({
      use_custom_branch: true,
      custom_branch: 'develop'
    })
  })

  it('connection of an unknown name is a problem that lists the known ones', async () => {
    const { problems } = byLevel((await rich().plan(spec({ connection: 'Lakehous' }))).remarks)
    expect(problems.map(({ message, remedy }) => `${message} ${remedy}`)).toEqual([
      expect.stringMatching(/"Lakehous".*Lakehouse/)
    ])
  })
})

describe('the body of an update', () => {
  const full = async (): Promise<{ all: Platform; before: Environment; body: JsonObject }> => {
    const all = rich()
    await all.promote(spec({ 'credentials-id': String(ids.credentials) }))
    const { id } = all.environment('Staging')
    const profile = all.add((state) =>
      addProfile(state, ids.target, {
        connection_id: ids.otherConnection,
        credentials_id: ids.credentials,
        extended_attributes_id: attributes.target
      })
    )
    all.editEnvironment(id, {
      deployment_type: 'production',
      use_custom_branch: true,
      custom_branch: 'main',
      connection_id: ids.otherConnection,
      extended_attributes_id: attributes.target,
      primary_profile_id: profile,
      enable_dbt_state: true,
      enable_model_query_history: true
    })
    all.editEnvironment(ids.staging, { enable_dbt_state: true, enable_model_query_history: true })
    const before = all.environment('Staging')
    all.editEnvironment(ids.staging, { dbt_version: '1.9.0-latest' })
    const { writes } = await all.promote(spec())
    return { all, before, body: only(bodies(writes)) }
  }

  it('has every key of the schema, and its id', async () => {
    const { body } = await full()
    expect(Object.keys(body).toSorted()).toEqual([...schema, 'id'].toSorted())
  })

  it('changes what the plan says and nothing else', async () => {
    const { all, before, body } = await full()
    for (const path of schema.filter((each) => each !== 'dbt_version')) {
      expect([path, body[path]]).toEqual([path, before[path as keyof Environment]])
    }
    const rest = settled(before)
    expect(all.environment('Staging')).toMatchObject({ ...rest, dbt_version: '1.9.0-latest' })
  })

  it('keeps a profile, but not beside other bindings than its own, since the profile would win', async () => {
    const { all, before, body } = await full()
    expect(body['primary_profile_id']).toBe(before.primary_profile_id)
    const { writes, outcomes } = await all.promote(
      spec({ 'credentials-id': String(ids.otherCredentials) })
    )
    expect(only(bodies(writes))).not.toHaveProperty('primary_profile_id')
    expect(only(bodies(writes))).toMatchObject({
      credentials_id: ids.otherCredentials,
      connection_id: ids.otherConnection,
      extended_attributes_id: attributes.target
    })
    expect(outcomes).toMatchObject([{ refused: [] }])
    expect(all.environment('Staging')).toMatchObject({
      credentials_id: ids.otherCredentials,
      connection_id: ids.otherConnection,
      extended_attributes_id: attributes.target
    })
  })
})

describe('with resources: jobs', () => {
  it('environments are looked up and left as they are', async () => {
    const all = rich()
    await all.promote(spec({ resources: 'environments' }))
    expect(all.jobs()).toEqual([])
    all.editEnvironment(ids.staging, { supports_docs: false, dbt_version: '1.9.0-latest' })
    const before = all.environment('Staging')
    const { plan } = await all.promote(
      spec({ resources: 'jobs', 'custom-branch': 'main', 'dbt-version': 'latest' })
    )
    expect(messages(plan)).toEqual([])
    expect(outline(plan)).toEqual(['create job:Staging/Nightly'])
    expect(all.environment('Staging')).toEqual(before)
    expect(all.job('Nightly').environment_id).toBe(before.id)
  })

  it('an environment that is missing is a problem, and the only one', async () => {
    const { plan, writes } = await rich().promote(spec({ resources: 'jobs' }))
    expect(messages(plan)).toEqual([expect.stringContaining('"Staging"')])
    expect(writes).toEqual([])
  })
})

describe('with resources: environments', () => {
  it('jobs are left to others', async () => {
    const all = rich()
    await all.promote(spec())
    all.editJob(ids.nightly, { generate_docs: true })
    all.editEnvironment(ids.staging, { supports_docs: false })
    const before = all.jobs()
    const { plan } = await all.promote(spec({ resources: 'environments' }))
    expect(messages(plan)).toEqual([])
    expect(outline(plan)).toEqual([`update ${key} (unknown) supports_docs`])
    expect(all.jobs()).toEqual(before)
  })

  it('a selection of jobs is idle, not wrong', async () => {
    const { plan } = await rich().promote(spec({ resources: 'environments', jobs: 'Nightly' }))
    expect(messages(plan)).toEqual([])
  })
})
