// Environments: the shape of answers, replace on update, and everything that is refused.

import { describe, expect, test } from '@jest/globals'
import {
  addEnvironment,
  addProfile,
  find,
  type Environment,
  type Json
} from '../../sandbox/index.ts'
import {
  environmentBody,
  environmentsPath,
  fixture,
  keysOf,
  NOW,
  type Reply,
  send,
  without,
  type World,
  world
} from '../../testing/worlds/small.ts'

type Body = Record<string, Json>

const create = (at: World, changes: Body = {}): Reply =>
  send(at, 'POST', environmentsPath(at), environmentBody(at, changes))

const production = (at: World, changes: Body = {}): Body =>
  environmentBody(at, {
    name: 'Production',
    deployment_type: 'production',
    use_custom_branch: true,
    custom_branch: 'main',
    ...changes
  })

const update = (at: World, body: Body): Reply =>
  send(at, 'POST', `${environmentsPath(at)}${at.environment}/`, body)

const get = (at: World, id = at.environment): Reply =>
  send(at, 'GET', `${environmentsPath(at)}${id}/`)

describe('answers', () => {
  test('a new environment has every key of the recording, and those of spec v3', () => {
    const at = world()
    const reply = create(at)
    const recorded = fixture('recorded/environment_create_response')
    expect(keysOf(reply.body)).toEqual(keysOf(recorded))
    expect(reply.body.status).toEqual(recorded.status)
    expect(keysOf(reply.data)).toEqual(expect.arrayContaining(keysOf(recorded.data)))
    expect(keysOf(reply.data)).toEqual(
      expect.arrayContaining([
        'connection_id',
        'extended_attributes_id',
        'primary_profile_id',
        'enable_model_query_history',
        'enable_dbt_state',
        'is_deferrable',
        'fusion_readiness'
      ])
    )
    const { project } = reply.data
    expect(keysOf(project)).toEqual(expect.arrayContaining(keysOf(recorded.data.project)))
    for (const nested of ['connection', 'repository'])
      expect(keysOf(project[nested] as object)).toEqual(
        expect.arrayContaining(keysOf(recorded.data.project[nested] as object))
      )
  })

  test('what is sent is what is stored', () => {
    const at = world()
    const body = environmentBody(at, {
      name: ' [PROD] / ü – ',
      deployment_type: 'staging',
      dbt_version: '1.8.0-latest',
      use_custom_branch: true,
      custom_branch: 'develop',
      supports_docs: true,
      enable_dbt_state: true,
      enable_model_query_history: true,
      extended_attributes_id: at.attributes
    })
    const reply = send(at, 'POST', environmentsPath(at), body)
    expect(reply.status).toBe(201)
    expect(reply.data).toMatchObject({
      ...body,
      raw_dbt_version: '1.8.0-latest',
      created_at: null,
      updated_at: '2026-01-07 12:00:00.000000+00:00',
      jobs: null,
      custom_environment_variables: null,
      fusion_readiness: null
    })
    expect(get(at, reply.data.id).data).toEqual(reply.data)
  })

  test('the credentials are nested without their secret', () => {
    const at = world()
    const reply = get(at)
    expect(reply.data.credentials).toMatchObject({ id: at.credentials, type: 'snowflake' })
    expect(JSON.stringify(reply.body)).not.toContain('never-shown')
    expect(get(at, at.development).data.credentials).toBeNull()
  })

  test('the version for new environments is told of a project itself, not of a nested one', () => {
    expect(get(world()).data.project.default_version).toBeNull()
  })

  test('ids come from a range of their own and are never used twice', () => {
    const at = world()
    const first = create(at).data.id
    send(at, 'DELETE', `${environmentsPath(at)}${first}/`)
    const second = create(at).data.id
    expect(first).toBeGreaterThan(900_000_000)
    expect(second).toBe(first + 1)
  })

  test('what has a deployment type can be deferred to', () => {
    const at = world()
    expect(get(at).data.is_deferrable).toBe(true)
    expect(create(at).data.is_deferrable).toBe(false)
  })

  test('names need not be unique', () => {
    const at = world()
    expect(create(at, { name: 'Production' }).status).toBe(201)
  })
})

describe('update replaces', () => {
  test('what is omitted is reset, the rest of the object stays', () => {
    const at = world({ lostCredentials: 'reset' })
    update(
      at,
      production(at, {
        extended_attributes_id: at.attributes,
        enable_dbt_state: true,
        enable_model_query_history: true
      })
    )
    const bare = without(
      environmentBody(at, { name: 'Renamed' }),
      'credentials_id',
      'connection_id',
      'extended_attributes_id',
      'deployment_type',
      'custom_branch'
    )
    const later = NOW + 60_000
    const path = `${environmentsPath(at)}${at.environment}/`
    const reply = send(at, 'POST', path, bare, { now: later })
    expect(reply.status).toBe(200)
    expect(reply.data).toMatchObject({
      id: at.environment,
      name: 'Renamed',
      credentials_id: null,
      credentials: null,
      connection_id: null,
      extended_attributes_id: null,
      primary_profile_id: null,
      deployment_type: null,
      custom_branch: null,
      use_custom_branch: false,
      enable_dbt_state: false,
      enable_model_query_history: false,
      updated_at: '2026-01-07 12:01:00.000000+00:00'
    })
  })

  test.each([
    'credentials_id',
    'connection_id',
    'extended_attributes_id',
    'deployment_type',
    'custom_branch',
    'primary_profile_id',
    'enable_dbt_state',
    'enable_model_query_history',
    'id',
    'credentials'
  ])('null for %s is as good as omitting it on create', (key) => {
    const at = world()
    expect(create(at, { [key]: null }).status).toBe(201)
  })

  test('where the credentials get lost the answer is 500, as reported once', () => {
    const at = world()
    const reply = update(at, without(production(at), 'credentials_id'))
    expect(reply.status).toBe(500)
    expect(reply.body).toEqual(fixture('errors/500-environment-without-credentials'))
    expect(get(at).data.credentials_id).toBe(at.credentials)
    expect(create(at, { credentials_id: null }).status).toBe(201)
    expect(update(at, production(at)).status).toBe(200)
  })

  test('an environment that never had credentials is updated', () => {
    const at = world()
    const { id } = create(at, { credentials_id: null, deployment_type: null }).data
    const path = `${environmentsPath(at)}${String(id)}/`
    const body = environmentBody(at, {
      name: 'Renamed',
      credentials_id: null,
      deployment_type: null
    })
    expect(send(at, 'POST', path, body).status).toBe(200)
  })

  test('an account may assign the connection of the project', () => {
    const at = world({ autoAssignConnection: true })
    expect(create(at, { connection_id: null }).data.connection_id).toBe(at.connection)
    expect(create(world(), { connection_id: null }).data.connection_id).toBeNull()
  })

  test('a branch without use_custom_branch is ignored', () => {
    const at = world()
    const body = production(at, { use_custom_branch: false })
    expect(update(at, body).data.custom_branch).toBeNull()
  })

  test('versionless is stored as latest, its raw form is kept', () => {
    const at = world()
    const reply = update(at, production(at, { dbt_version: 'versionless' }))
    expect(reply.data).toMatchObject({ dbt_version: 'latest', raw_dbt_version: 'versionless' })
  })

  test('a development environment has no credentials, whatever is sent', () => {
    const at = world()
    const body = environmentBody(at, { type: 'development', name: 'Development' })
    const reply = send(at, 'POST', `${environmentsPath(at)}${at.development}/`, body)
    expect(reply.status).toBe(200)
    expect(reply.data).toMatchObject({ credentials_id: null, primary_profile_id: null })
  })
})

const keyError = (key: string, id: number, table: string): Body => ({
  [key]: `Key (${key})=(${id}) is not present in table "${table}".`
})

const notOf = (value: string, type: string): string => `${value} is not of type '${type}'`

/** What is sent, and what `data` of the 400 then says. */
const REFUSALS: readonly [string, (at: World) => Body, (at: World) => Json][] = [
  // Keys
  ...[
    'account_id',
    'project_id',
    'name',
    'dbt_version',
    'type',
    'use_custom_branch',
    'supports_docs',
    'state'
  ].map(
    (key) =>
      [
        `no ${key}`,
        (at: World) => without(environmentBody(at), key),
        () => ({ [key]: `'${key}' is a required property` })
      ] as const satisfies [string, (at: World) => Body, () => Json]
  ),
  ...[
    'raw_dbt_version',
    'is_deferrable',
    'fusion_readiness',
    'connection',
    'repository',
    'repository_id',
    'created_by_id',
    'dbt_project_subdirectory',
    'description',
    '__proto__',
    'constructor'
  ].map(
    (key) =>
      [
        `unknown ${key}`,
        (at: World) => ({ ...environmentBody(at), [key]: null }),
        () =>
          Object.fromEntries([
            [key, `Additional properties are not allowed ('${key}' was unexpected)`]
          ])
      ] as const satisfies [string, (at: World) => Body, () => Json]
  ),
  // Types
  [
    'a name that is a number',
    (at) => environmentBody(at, { name: 4 }),
    () => ({ name: notOf('4', 'string') })
  ],
  [
    'no text as name',
    (at) => environmentBody(at, { name: '' }),
    () => ({ name: "'' is too short" })
  ],
  [
    'null as name',
    (at) => environmentBody(at, { name: null }),
    () => ({ name: notOf('None', 'string') })
  ],
  [
    'no text as version',
    (at) => environmentBody(at, { dbt_version: '' }),
    () => ({ dbt_version: "'' is too short" })
  ],
  [
    'null as version',
    (at) => environmentBody(at, { dbt_version: null }),
    () => ({ dbt_version: notOf('None', 'string') })
  ],
  [
    '1 for true',
    (at) => environmentBody(at, { supports_docs: 1 }),
    () => ({ supports_docs: notOf('1', 'boolean') })
  ],
  [
    'a text for true',
    (at) => environmentBody(at, { use_custom_branch: 'true' }),
    () => ({ use_custom_branch: notOf("'true'", 'boolean') })
  ],
  [
    'a text as state',
    (at) => environmentBody(at, { state: '1' }),
    () => ({ state: "'1' is not one of [1, 2]" })
  ],
  [
    'another state',
    (at) => environmentBody(at, { state: 3 }),
    () => ({ state: '3 is not one of [1, 2]' })
  ],
  [
    'another type',
    (at) => environmentBody(at, { type: 'production' }),
    () => ({ type: "'production' is not one of ['development', 'deployment']" })
  ],
  [
    '"" as deployment type',
    (at) => environmentBody(at, { deployment_type: '' }),
    () => ({ deployment_type: "'' is not one of ['production', 'staging']" })
  ],
  [
    'general as deployment type',
    (at) => environmentBody(at, { deployment_type: 'general' }),
    () => ({ deployment_type: "'general' is not one of ['production', 'staging']" })
  ],
  [
    '"" as branch',
    (at) => environmentBody(at, { custom_branch: '' }),
    () => ({ custom_branch: "'' is too short" })
  ],
  [
    'a text as credentials',
    (at) => environmentBody(at, { credentials_id: '5' }),
    () => ({ credentials_id: notOf("'5'", 'integer') })
  ],
  [
    'true as connection',
    (at) => environmentBody(at, { connection_id: true }),
    () => ({ connection_id: notOf('True', 'integer') })
  ],
  [
    'a fraction as attributes',
    (at) => environmentBody(at, { extended_attributes_id: 1.5 }),
    () => ({ extended_attributes_id: notOf('1.5', 'integer') })
  ],
  [
    'a text as profile',
    (at) => environmentBody(at, { primary_profile_id: 'x' }),
    () => ({ primary_profile_id: notOf("'x'", 'integer') })
  ],
  [
    'a text as history',
    (at) => environmentBody(at, { enable_model_query_history: 'no' }),
    () => ({ enable_model_query_history: notOf("'no'", 'boolean') })
  ],
  [
    'a number as dbt state',
    (at) => environmentBody(at, { enable_dbt_state: 0 }),
    () => ({ enable_dbt_state: notOf('0', 'boolean') })
  ],
  [
    'a text as account',
    (at) => environmentBody(at, { account_id: String(at.account) }),
    (at) => ({ account_id: notOf(`'${at.account}'`, 'integer') })
  ],
  [
    'a text as project',
    (at) => environmentBody(at, { project_id: String(at.project) }),
    (at) => ({ project_id: notOf(`'${at.project}'`, 'integer') })
  ],
  [
    'a text as id',
    (at) => environmentBody(at, { id: 'x' }),
    () => ({ id: notOf("'x'", 'integer') })
  ],
  // Places
  [
    'another account',
    (at) => environmentBody(at, { account_id: at.foreignAccount }),
    () => ({ account_id: 'The provided account_id does not match.' })
  ],
  [
    'another project',
    (at) => environmentBody(at, { project_id: at.other }),
    () => ({ project_id: 'The provided project_id does not match.' })
  ],
  [
    'another id',
    (at) => environmentBody(at, { id: 5 }),
    () => ({ id: 'The provided id does not match.' })
  ],
  // References
  [
    'credentials 0',
    (at) => environmentBody(at, { credentials_id: 0 }),
    () => keyError('credentials_id', 0, 'credentials')
  ],
  [
    'credentials of another project',
    (at) => environmentBody(at, { credentials_id: at.otherCredentials }),
    (at) => keyError('credentials_id', at.otherCredentials, 'credentials')
  ],
  [
    'connection 0',
    (at) => environmentBody(at, { connection_id: 0 }),
    () => keyError('connection_id', 0, 'connections')
  ],
  [
    'a connection of another account',
    (at) => environmentBody(at, { connection_id: at.foreignConnection }),
    (at) => keyError('connection_id', at.foreignConnection, 'connections')
  ],
  [
    'attributes 0',
    (at) => environmentBody(at, { extended_attributes_id: 0 }),
    () => keyError('extended_attributes_id', 0, 'extended_attributes')
  ],
  [
    'attributes of another project',
    (at) => environmentBody(at, { extended_attributes_id: at.otherAttributes }),
    (at) => keyError('extended_attributes_id', at.otherAttributes, 'extended_attributes')
  ],
  [
    'profile 0',
    (at) => environmentBody(at, { primary_profile_id: 0 }),
    () => keyError('primary_profile_id', 0, 'profiles')
  ],
  [
    'a profile of another project',
    (at) => environmentBody(at, { primary_profile_id: at.otherProfile }),
    (at) => keyError('primary_profile_id', at.otherProfile, 'profiles')
  ],
  // Rules
  [
    'a custom branch that is not named',
    (at) => environmentBody(at, { use_custom_branch: true }),
    () => ({ custom_branch: 'A custom branch is required when use_custom_branch is true.' })
  ],
  [
    'a second development environment',
    (at) => environmentBody(at, { type: 'development' }),
    () => ({ type: 'Only one development environment is allowed per project.' })
  ],
  [
    'a second production environment',
    (at) => environmentBody(at, { deployment_type: 'production' }),
    () => ({ deployment_type: 'Only one production environment is allowed per project.' })
  ]
]

describe('refusals', () => {
  test.each(REFUSALS)('%s on create', (_name, body, data) => {
    const at = world()
    const before = at.state
    const reply = send(at, 'POST', environmentsPath(at), body(at))
    expect(reply.status).toBe(400)
    expect(reply.data).toEqual(data(at))
    expect(at.state).toBe(before)
  })

  test('the envelope is the recorded one', () => {
    const recorded = fixture('errors/400-environment-v3-credentials-invalid')
    const { body } = create(world(), { name: '' })
    expect(body).toEqual({ ...recorded, data: body.data })
  })

  test('several problems are told at once', () => {
    const reply = create(world(), { name: '', state: 'x', more: 1 })
    expect(keysOf(reply.data)).toEqual(['name', 'state', 'more'])
  })

  test('the nested credentials sent back are refused as recorded', () => {
    const at = world()
    const recorded = fixture('errors/400-environment-v3-credentials-invalid')
    const credentials = {
      id: 1,
      account_id: 1,
      project_id: 1,
      type: 'bigquery',
      state: 1,
      threads: 4,
      user: '',
      auth_type: '',
      database: '',
      role: '',
      warehouse: '',
      schema: 'mydataset'
    }
    expect(update(at, production(at, { credentials })).body).toEqual(recorded)
    expect(
      update(at, production(at, { credentials: get(at).data.credentials ?? null })).status
    ).toBe(400)
    expect(update(at, production(at, { credentials: null })).status).toBe(200)
  })

  test('a whole GET body sent back is refused for its read-only keys', () => {
    const at = world()
    const reply = update(at, get(at).data)
    expect(reply.status).toBe(400)
    expect(keysOf(reply.data).sort()).toEqual([
      'credentials',
      'fusion_readiness',
      'is_deferrable',
      'raw_dbt_version'
    ])
  })

  test('what a maintained client sends back is read and forgotten', () => {
    const at = world()
    const shown = get(at).data
    const body = production(at, {
      id: at.environment,
      created_at: null,
      updated_at: shown.updated_at ?? null,
      project: shown.project,
      jobs: null,
      custom_environment_variables: null
    })
    expect(update(at, body).status).toBe(200)
  })

  test.each([5, null])('an update with the id %p is refused', (id) => {
    const at = world()
    const reply = update(at, production(at, { id }))
    expect([reply.status, reply.data]).toEqual([400, { id: 'The provided id does not match.' }])
  })

  test('the type cannot change', () => {
    const at = world()
    const body = environmentBody(at, { type: 'deployment' })
    const reply = send(at, 'POST', `${environmentsPath(at)}${at.development}/`, body)
    expect(reply.data).toEqual({ type: 'The type of an environment cannot be changed.' })
  })

  test('the project cannot change', () => {
    const at = world()
    const reply = update(at, production(at, { project_id: at.other }))
    expect(reply.data).toEqual({ project_id: 'The provided project_id does not match.' })
  })

  test('a development environment has no deployment type', () => {
    const at = world()
    const body = environmentBody(at, { type: 'development', deployment_type: 'staging' })
    const reply = send(at, 'POST', `${environmentsPath(at)}${at.development}/`, body)
    expect(keysOf(reply.data)).toEqual(['deployment_type'])
  })

  test('a development environment has no profile', () => {
    const at = world()
    const profile = get(at).data.primary_profile_id
    const body = environmentBody(at, { type: 'development', primary_profile_id: profile })
    const reply = send(at, 'POST', `${environmentsPath(at)}${at.development}/`, body)
    expect(keysOf(reply.data)).toEqual(['primary_profile_id'])
  })

  test('there is one staging environment, one production environment, and any number of others', () => {
    const at = world()
    expect(create(at, { deployment_type: 'staging' }).status).toBe(201)
    expect(create(at, { deployment_type: 'staging' }).status).toBe(400)
    const general = create(at).data.id
    const path = `${environmentsPath(at)}${general}/`
    const body = environmentBody(at, { deployment_type: 'production' })
    expect(send(at, 'POST', path, body).status).toBe(400)
    // The holder itself may be saved, and what is deleted does not count.
    expect(update(at, production(at)).status).toBe(200)
    send(at, 'DELETE', `${environmentsPath(at)}${at.environment}/`)
    expect(send(at, 'POST', path, body).status).toBe(200)
  })

  test('the environments of another project do not count', () => {
    const at = world()
    const body = environmentBody(at, {
      project_id: at.other,
      credentials_id: at.otherCredentials,
      deployment_type: 'production'
    })
    expect(send(at, 'POST', environmentsPath(at, at.other), body).status).toBe(201)
  })

  test('what is deleted cannot be referred to', () => {
    const at = world()
    const gone = { state: 2 } as const
    at.state = {
      ...at.state,
      credentials: at.state.credentials.map((row) => ({ ...row, ...gone })),
      connections: at.state.connections.map((row) => ({ ...row, ...gone })),
      extendedAttributes: at.state.extendedAttributes.map((row) => ({ ...row, ...gone })),
      profiles: at.state.profiles.map((row) => ({ ...row, ...gone }))
    }
    const none = { credentials_id: null, connection_id: null }
    const profile = find(at.state.environments, at.environment)?.primary_profile_id ?? 0
    for (const [key, id] of [
      ['credentials_id', at.credentials],
      ['connection_id', at.connection],
      ['extended_attributes_id', at.attributes],
      ['primary_profile_id', profile]
    ] as const)
      expect([key, create(at, { ...none, [key]: id }).status]).toEqual([key, 400])
    expect(create(at, none).status).toBe(201)
  })
})

describe('what an account may refuse', () => {
  test('a dbt version, in the recorded words', () => {
    const at = world({ dbtVersions: '^(latest|1\\.\\d+\\.0-latest)$' })
    const reply = create(at, { dbt_version: 'latest-fusion' })
    expect([reply.status, reply.data]).toEqual([
      400,
      {
        dbt_version:
          'dbt version latest-fusion is deprecated (unsupported) and cannot be used to update Environments.'
      }
    ])
    expect(create(at, { dbt_version: '1.8.0-latest' }).status).toBe(201)
    expect(create(world(), { dbt_version: 'latest-fusion' }).status).toBe(201)
  })

  test('entitlements, without a word', () => {
    const wanted = { enable_dbt_state: true, enable_model_query_history: true }
    const none = create(world({ dbtState: false, modelQueryHistory: false }), wanted)
    expect(none.status).toBe(201)
    expect(none.data).toMatchObject({ enable_dbt_state: false, enable_model_query_history: false })
    expect(create(world(), wanted).data).toMatchObject(wanted)
  })

  test('a second environment of the same name, if told to', () => {
    const at = world({ uniqueEnvironmentNames: true })
    expect(create(at, { name: 'Production' }).status).toBe(400)
    expect(update(at, production(at)).status).toBe(200)
  })

  test('keys that its older API lacks are not in answers, and are ignored or refused in requests', () => {
    const environment = ['enable_dbt_state', 'primary_profile_id']
    const lax = world({ missingKeys: { environment, job: [] } })
    const reply = create(lax, { enable_dbt_state: true })
    expect(reply.status).toBe(201)
    for (const key of environment) expect(reply.data).not.toHaveProperty(key)
    expect(find(lax.state.environments, reply.data.id)?.enable_dbt_state).toBe(false)

    const strict = world({ refusedKeys: { environment, job: [] } })
    expect(keysOf(create(strict, { enable_dbt_state: false }).data)).toEqual(['enable_dbt_state'])
    const made = create(strict)
    expect(made.status).toBe(201)
    for (const key of environment) expect(made.data).not.toHaveProperty(key)
  })

  test('keys of a newer API are reset by whoever does not know them', () => {
    const at = world({ futureKeys: { environment: ['region'], job: [] } })
    expect(get(at).data.region).toBeNull()
    expect(update(at, production(at, { region: 'eu' })).data.region).toBe('eu')
    expect(get(at).data.region).toBe('eu')
    expect(update(at, production(at)).data.region).toBeNull()
    expect(create(world(), { region: 'eu' }).status).toBe(400)
  })
})

describe('profiles', () => {
  test('an environment with credentials gets one, and keeps it', () => {
    const at = world()
    const profile = get(at).data.primary_profile_id
    expect(profile).toEqual(expect.any(Number))
    expect(update(at, production(at)).data.primary_profile_id).toBe(profile)
    expect(update(at, production(at, { primary_profile_id: null })).data.primary_profile_id).toBe(
      profile
    )
    const made = create(at)
    expect(made.data.primary_profile_id).toEqual(expect.any(Number))
    expect(made.data.primary_profile_id).not.toBe(profile)
    expect(create(at).data.primary_profile_id).toBe(made.data.primary_profile_id + 1)
    expect(create(at, { credentials_id: null }).data.primary_profile_id).toBeNull()
  })

  test('it may be sent back with the bindings that it has', () => {
    const at = world()
    const { primary_profile_id, credentials_id, connection_id } = get(at).data
    const reply = update(at, production(at, { primary_profile_id, credentials_id, connection_id }))
    expect(reply.status).toBe(200)
    expect(reply.data).toMatchObject({ primary_profile_id, credentials_id, connection_id })
  })

  test('new bindings without it are written through to it', () => {
    const at = world()
    const { primary_profile_id } = get(at).data
    update(at, production(at, { extended_attributes_id: at.attributes }))
    const reply = update(at, production(at, { primary_profile_id }))
    expect(reply.data.extended_attributes_id).toBe(at.attributes)
  })

  test('beside it new bindings count for nothing', () => {
    const at = world()
    const { primary_profile_id } = get(at).data
    const reply = update(
      at,
      production(at, { primary_profile_id, credentials_id: null, connection_id: null })
    )
    expect(reply.data).toMatchObject({
      primary_profile_id,
      credentials_id: at.credentials,
      connection_id: at.connection
    })
  })

  test('a profile that others share is not changed for them', () => {
    const at = world()
    const shared = addProfile(at.state, at.project, { credentials_id: at.credentials })
    const given: Partial<Environment> = {
      credentials_id: at.credentials,
      primary_profile_id: shared
    }
    const one = addEnvironment(at.state, at.project, given)
    const two = addEnvironment(at.state, at.project, given)
    const body = environmentBody(at, { extended_attributes_id: at.attributes })
    const reply = send(at, 'POST', `${environmentsPath(at)}${one}/`, body)
    expect(reply.data.primary_profile_id).not.toBe(shared)
    expect(get(at, two).data).toMatchObject({
      primary_profile_id: shared,
      extended_attributes_id: null
    })
    expect(find(at.state.profiles, shared)?.extended_attributes_id).toBeNull()
  })
})

describe('deletion', () => {
  test('is soft: the object comes back with state 2, then it is gone by id and from lists', () => {
    const at = world()
    const path = `${environmentsPath(at)}${at.environment}/`
    const before = get(at).data
    const reply = send(at, 'DELETE', path, undefined, { now: NOW + 1000 })
    const recorded = fixture('recorded/environment_delete_response')
    expect(reply.status).toBe(200)
    expect(reply.body.status).toEqual(recorded.status)
    expect(reply.data.state).toBe(recorded.data.state)
    const updated_at = '2026-01-07 12:00:01.000000+00:00'
    expect(reply.data).toEqual({ ...before, state: 2, updated_at })
    expect(get(at).status).toBe(404)
    expect(get(at).body).toEqual(fixture('errors/404-not-found-or-no-permission'))
    expect(send(at, 'DELETE', path).status).toBe(404)
    expect(update(at, production(at)).status).toBe(404)
    const list = send(at, 'GET', `${environmentsPath(at)}?name=Production`)
    expect(list.data).toEqual([])
  })

  test('a write with state 2 deletes, too', () => {
    const at = world()
    expect(update(at, production(at, { state: 2 })).data.state).toBe(2)
    expect(get(at).status).toBe(404)
  })

  test('a deleted project is not there, nor is anything in it', () => {
    const at = world()
    const projects = at.state.projects.map((project) => ({ ...project, state: 2 as const }))
    at.state = { ...at.state, projects }
    expect(get(at).status).toBe(404)
    expect(create(at).status).toBe(404)
  })
})
