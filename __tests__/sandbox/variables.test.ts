// Environment variables: the two readings by name, the bulk writes with their quirks, overrides of jobs.

import { describe, expect, test } from '@jest/globals'
import {
  addEnvironment,
  addJob,
  addProject,
  addToken,
  addVariable,
  find,
  parseState,
  type Features,
  type Json,
  type Variable
} from '../../sandbox/index.ts'
import {
  environmentBody,
  environmentsPath,
  fixture,
  jobsPath,
  NO_CATEGORY,
  NO_PRODUCTION,
  ONE_PROJECT,
  projectPath,
  READER,
  send,
  without,
  world,
  type Options,
  type Reply,
  type World
} from '../../testing/worlds/small.ts'

const HIDDEN = 'dbtc_no_variables'

interface Setup extends World {
  readonly staging: number
  /** Ids of the values of DBT_DATABASE: project, Production, override of `job`. */
  readonly database: readonly number[]
  /** Ids of the values of DBT_ENV_SECRET_KEY: project, Production. */
  readonly secret: readonly number[]
}

/** `world` with a staging environment, a plain variable and a secret. */
function setup(features: Partial<Features> = {}): Setup {
  const at = world(features)
  const staging = addEnvironment(at.state, at.project, {
    name: 'Staging',
    deployment_type: 'staging',
    credentials_id: at.credentials
  })
  const database = addVariable(at.state, at.project, {
    name: 'DBT_DATABASE',
    project: 'dev',
    environments: { [at.environment]: 'prod' },
    jobs: { [at.job]: 'rebuild' }
  })
  const secret = addVariable(at.state, at.project, {
    name: 'DBT_ENV_SECRET_KEY',
    project: 'made-up-1',
    environments: { Production: 'made-up-2' }
  })
  addToken(at.state, HIDDEN, at.account, { '*': { access: 'write', variables: false } })
  return Object.assign(at, { staging, database, secret })
}

const base = (at: World, project = at.project): string =>
  `${projectPath(at, project)}environment-variables/`
const bulk = (at: World): string => `${base(at)}bulk/`
const read = (at: World, options: Options = {}): Reply =>
  send(at, 'GET', `${base(at)}environment/`, undefined, options)
const variables = (at: World): Readonly<Record<string, Json>> =>
  read(at).data.variables as Readonly<Record<string, Json>>
const create = (at: World, env_var: Json, options: Options = {}): Reply =>
  send(at, 'POST', bulk(at), { env_var }, options)
const update = (at: World, env_vars: Json, options: Options = {}): Reply =>
  send(at, 'PUT', bulk(at), { env_vars }, options)
const remove = (at: World, name: string, options: Options = {}): Reply =>
  send(at, 'DELETE', bulk(at), { name }, options)
const forJob = (at: World, job = at.job, options: Options = {}): Reply =>
  send(at, 'GET', `${base(at)}job/?job_definition_id=${job}`, undefined, options)
const stored = (at: World, id: number | undefined): Variable | undefined =>
  id === undefined ? undefined : find(at.state.variables, id)

describe('by environment', () => {
  test('the example of the spec, envelope and all', () => {
    const at = world()
    const project = addProject(at.state, at.account, { name: 'Example' })
    for (const name of ['production', 'staging', 'dev']) addEnvironment(at.state, project, { name })
    at.state.nextIds = { ...at.state.nextIds, variables: 1 }
    addVariable(at.state, project, {
      name: 'DBT_ENV_SECRET_1',
      project: 'made-up-1',
      environments: { production: 'made-up-2' }
    })
    addVariable(at.state, project, {
      name: 'DBT_ENV_CUSTOM_2',
      project: 'project_default',
      environments: { staging: 'staging_value', dev: 'dev_value' }
    })
    const reply = send(at, 'GET', `${base(at, project)}environment/`)
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual(fixture('spec-examples/env-vars-environment'))
  })

  test('every active environment is listed by id, development too, and no override of a job shows', () => {
    const at = setup()
    const [project, production] = at.database
    const [secretProject, secretProduction] = at.secret
    expect(read(at).data).toEqual({
      environments: ['project', 'Development', 'Production', 'Staging'],
      variables: {
        DBT_DATABASE: {
          project: { id: project, value: 'dev' },
          Production: { id: production, value: 'prod' }
        },
        DBT_ENV_SECRET_KEY: {
          project: { id: secretProject, value: '**********' },
          Production: { id: secretProduction, value: '**********' }
        }
      }
    })
  })

  test('a project without variables', () => {
    const at = setup()
    const reply = send(at, 'GET', `${base(at, at.other)}environment/`)
    expect(reply.data).toEqual({ environments: ['project', 'Production'], variables: {} })
  })

  test('it is masked by name alone: the prefix, not the word', () => {
    const at = setup()
    addVariable(at.state, at.project, { name: 'DBT_ENV_SECRETARY', project: 'masked' })
    addVariable(at.state, at.project, { name: 'DBT_MY_SECRET', project: 'shown' })
    expect(variables(at)).toMatchObject({
      DBT_ENV_SECRETARY: { project: { value: '**********' } },
      DBT_MY_SECRET: { project: { value: 'shown' } }
    })
  })

  test('values follow an environment that is renamed and go with one that is deleted', () => {
    const at = setup()
    const path = `${environmentsPath(at)}${at.environment}/`
    const body = environmentBody(at, { name: 'Live', deployment_type: 'production' })
    expect(send(at, 'POST', path, body).status).toBe(200)
    expect(variables(at)).toMatchObject({ DBT_DATABASE: { Live: { value: 'prod' } } })
    expect(send(at, 'DELETE', path).status).toBe(200)
    expect(read(at).data.environments).toEqual(['project', 'Development', 'Staging'])
    expect(variables(at).DBT_DATABASE).toEqual({ project: { id: at.database[0], value: 'dev' } })
  })

  test('an environment may have the name of a property that every object inherits', () => {
    const at = setup()
    addEnvironment(at.state, at.project, { name: '__proto__' })
    addVariable(at.state, at.project, { name: 'DBT_ODD', environments: { ['__proto__']: 'odd' } })
    const odd = variables(at).DBT_ODD as Readonly<Record<string, Json>>
    expect(Object.keys(odd)).toEqual(['__proto__'])
  })

  test('it has no pages: the query has no limit', () => {
    const at = setup()
    expect(send(at, 'GET', `${base(at)}environment/?limit=1`).status).toBe(400)
    expect(send(at, 'GET', `${base(at)}environment/?include_related=x`).status).toBe(200)
  })

  test.each([
    [READER, 200],
    [NO_CATEGORY, 200],
    [HIDDEN, 403]
  ])('%s gets %i', (token, status) => {
    const at = setup()
    expect(read(at, { token }).status).toBe(status)
    expect(forJob(at, at.job, { token }).status).toBe(status)
  })

  test('a project that the token may not see is 404, with the envelope', () => {
    const at = setup()
    for (const path of ['environment/', `job/?job_definition_id=${at.otherJob}`]) {
      const token = { token: ONE_PROJECT }
      const reply = send(at, 'GET', `${base(at, at.other)}${path}`, undefined, token)
      expect([reply.status, reply.body.status.code, reply.unknownRoute]).toEqual([404, 404, false])
    }
  })
})

describe('by job', () => {
  test('the example of the spec, envelope and all', () => {
    const at = world()
    at.state.nextIds = { ...at.state.nextIds, variables: 1 }
    addVariable(at.state, at.project, { name: 'DBT_ENV_SECRET_1', project: 'made-up' })
    addVariable(at.state, at.project, {
      name: 'DBT_ENV_CUSTOM_2',
      project: 'project_default',
      environments: { Production: 'dev_override' },
      jobs: { [at.job]: 'job_override' }
    })
    expect(forJob(at).body).toEqual(fixture('spec-examples/env-vars-job'))
  })

  test('other environments and other jobs do not show', () => {
    const at = setup()
    const job = addJob(at.state, at.staging)
    expect(forJob(at, job).data).toEqual({
      DBT_DATABASE: { project: { id: at.database[0], value: 'dev' } },
      DBT_ENV_SECRET_KEY: { project: { id: at.secret[0], value: '**********' } }
    })
  })

  test('a variable with values elsewhere only is not there at all', () => {
    const at = setup()
    addVariable(at.state, at.project, { name: 'DBT_STAGING', environments: { Staging: 'x' } })
    expect(forJob(at).data).not.toHaveProperty('DBT_STAGING')
  })

  test('it wants a job of the project that is there', () => {
    const at = setup()
    expect(send(at, 'GET', `${base(at)}job/`).status).toBe(400)
    expect(forJob(at, at.otherJob).status).toBe(404)
    expect(forJob(at, 5).status).toBe(404)
    send(at, 'DELETE', `${jobsPath(at)}${at.job}/`)
    expect(forJob(at).status).toBe(404)
  })
})

describe('create', () => {
  test('the object that maintained clients send', () => {
    const at = setup()
    const reply = create(at, { new_name: 'DBT_NEW', project: 'a', Staging: 'b' })
    expect(reply.status).toBe(201)
    const [project, staging] = reply.data.new_var_ids as readonly number[]
    expect(reply.data).toEqual({
      message: expect.any(String),
      new_var_ids: [project, staging]
    })
    expect(variables(at).DBT_NEW).toEqual({
      project: { id: project, value: 'a' },
      Staging: { id: staging, value: 'b' }
    })
  })

  test('a default is not needed', () => {
    const at = setup()
    expect(create(at, { new_name: 'DBT_NEW', Staging: 'b' }).status).toBe(201)
    expect(variables(at)).toMatchObject({ DBT_NEW: { Staging: { value: 'b' } } })
    expect(variables(at).DBT_NEW).not.toHaveProperty('project')
  })

  test('the list of the spec answers with a list', () => {
    const at = setup()
    const reply = create(at, [
      { new_name: 'DBT_ONE', project: '1' },
      { new_name: 'DBT_TWO', project: '2', Staging: '3' }
    ])
    expect(reply.status).toBe(201)
    expect(reply.data).toMatchObject([
      { key_name: 'DBT_ONE', data: { new_var_ids: [expect.any(Number)] } },
      { key_name: 'DBT_TWO', data: { new_var_ids: [expect.any(Number), expect.any(Number)] } }
    ])
    expect(variables(at)).toMatchObject({ DBT_ONE: {}, DBT_TWO: {} })
  })

  test('a list that fails in part is a 400 with what failed, and the rest is stored', () => {
    const at = setup()
    const reply = create(at, [
      { new_name: 'DBT_DATABASE', project: '1' },
      { new_name: 'DBT_TWO', project: '2' }
    ])
    expect(reply.status).toBe(400)
    expect(reply.data).toMatchObject([{ key_name: 'DBT_DATABASE', status_code: 400 }])
    expect(variables(at)).toMatchObject({
      DBT_DATABASE: { project: { value: 'dev' } },
      DBT_TWO: { project: { value: '2' } }
    })
  })

  test('a name that exists, as recorded', () => {
    const at = setup()
    const before = at.state
    const reply = create(at, { new_name: 'DBT_DATABASE', project: 'x' })
    expect(reply.status).toBe(400)
    expect(reply.body.status.developer_message).toBe('')
    expect(reply.data).toEqual({
      reason: 'An environment variable by this name already exists in this project and account'
    })
    expect(at.state).toBe(before)
    expect(
      send(at, 'POST', `${base(at, at.other)}bulk/`, {
        env_var: { new_name: 'DBT_DATABASE', project: 'x' }
      }).status
    ).toBe(201)
  })

  test('no value, as recorded', () => {
    const at = setup()
    const reply = create(at, { new_name: 'DBT_NEW' })
    expect(reply.status).toBe(400)
    expect(reply.data.reason).toMatch(/must have at least one value set\.$/)
    expect(variables(at)).not.toHaveProperty('DBT_NEW')
  })

  test('a value for an environment that is not there is lost without a word', () => {
    const at = setup()
    const reply = create(at, { new_name: 'DBT_NEW', project: 'a', staging: 'b', Nowhere: 'c' })
    expect(reply.status).toBe(201)
    expect(reply.data.new_var_ids).toHaveLength(1)
    expect(reply.data).not.toHaveProperty('failures')
    expect(Object.keys(variables(at).DBT_NEW as object)).toEqual(['project'])
  })

  test('even if nothing is left of it', () => {
    const at = setup()
    expect(create(at, { new_name: 'DBT_NEW', Nowhere: 'c' }).data.new_var_ids).toEqual([])
    expect(variables(at)).not.toHaveProperty('DBT_NEW')
  })

  test('unless the account reports it', () => {
    const at = setup({ unknownEnvironments: 'reported' })
    const reply = create(at, { new_name: 'DBT_NEW', project: 'a', Nowhere: 'c' })
    expect([reply.status, reply.data.failures]).toEqual([201, { Nowhere: expect.any(String) }])
  })

  test('of two environments of one name, the older one is written', () => {
    const at = setup()
    addEnvironment(at.state, at.project, { name: 'Staging' })
    const reply = create(at, { new_name: 'DBT_NEW', Staging: 'b' })
    const [id] = reply.data.new_var_ids as readonly number[]
    expect(stored(at, id)?.environment_id).toBe(at.staging)
  })

  test.each(['DBT', 'DBT_', 'MY_NAME', 'dbt_name', 'DBT_name', 'DBT_A-B', ' DBT_A', 'DBT_A '])(
    'the name %j is refused',
    (new_name) => {
      const at = setup()
      const reply = create(at, { new_name, project: 'a' })
      expect([reply.status, reply.data.reason]).toEqual([400, expect.stringContaining('DBT_')])
    }
  )

  test.each(['DBT_A', 'DBT_ENV_SECRET_A', 'DBT_ENV_CUSTOM_ENV_A', 'DBT_1'])(
    'the name %j is taken',
    (new_name) => {
      const at = setup()
      expect(create(at, { new_name, project: 'a' }).status).toBe(201)
    }
  )

  test.each([
    [{}],
    [{ env_var: { project: 'a' } }],
    [{ env_var: { new_name: 5, project: 'a' } }],
    [{ env_var: { new_name: 'DBT_A', project: '' } }],
    [{ env_var: { new_name: 'DBT_A', project: null } }],
    [{ env_var: { new_name: 'DBT_A', project: 5 } }],
    [{ env_var: [] }],
    [{ env_var: ['DBT_A'] }],
    [{ env_var: 'DBT_A' }],
    [{ env_var: { new_name: 'DBT_A', project: 'a' }, more: 1 }],
    [{ env_vars: { new_name: 'DBT_A', project: 'a' } }]
  ])('the body %j is refused', (body) => {
    const at = setup()
    const before = at.state
    expect(send(at, 'POST', bulk(at), body).status).toBe(400)
    expect(at.state).toBe(before)
  })

  test('a mask that is written is stored, and the answer does not tell', () => {
    const at = setup()
    const reply = create(at, { new_name: 'DBT_ENV_SECRET_NEW', project: '**********' })
    const [id] = reply.data.new_var_ids as readonly number[]
    expect(stored(at, id)?.raw_value).toBe('**********')
    expect(variables(at)).toMatchObject({
      DBT_ENV_SECRET_NEW: { project: { value: '**********' } }
    })
  })
})

describe('update', () => {
  test('values by id, new ones by name, the rest stays', () => {
    const at = setup()
    const [project = 0, production = 0] = at.database
    const reply = update(at, { name: 'DBT_DATABASE', [production]: 'changed', Staging: 'new' })
    expect(reply.status).toBe(200)
    const [staging] = reply.data.new_var_ids as readonly number[]
    expect(reply.data).toEqual({
      message: expect.any(String),
      new_var_ids: [staging],
      deleted_var_ids: [],
      failures: {}
    })
    expect(variables(at).DBT_DATABASE).toEqual({
      project: { id: project, value: 'dev' },
      Production: { id: production, value: 'changed' },
      Staging: { id: staging, value: 'new' }
    })
  })

  test('an account may delete what is not mentioned', () => {
    const at = setup({ unmentionedValues: 'delete' })
    const [project, production = 0] = at.database
    const reply = update(at, { name: 'DBT_DATABASE', [production]: 'changed', Staging: 'new' })
    expect(reply.data.deleted_var_ids).toEqual([project])
    expect(Object.keys(variables(at).DBT_DATABASE as object)).toEqual(['Production', 'Staging'])
    expect(forJob(at).data).toMatchObject({ DBT_DATABASE: { job: { value: 'rebuild' } } })
  })

  test.each([null, ''])('%j takes a value away', (nothing) => {
    const at = setup()
    const [project = 0, production] = at.database
    const reply = update(at, { name: 'DBT_DATABASE', [project]: nothing })
    expect(reply.data).toMatchObject({ deleted_var_ids: [project], failures: {} })
    expect(variables(at).DBT_DATABASE).toEqual({ Production: { id: production, value: 'prod' } })
    expect(stored(at, project)?.state).toBe(2)
  })

  test('the last one cannot be taken away', () => {
    const at = setup()
    const before = at.state
    const [project = 0, production = 0] = at.database
    const reply = update(at, { name: 'DBT_DATABASE', [project]: null, [production]: null })
    expect(reply.status).toBe(400)
    expect(at.state).toBe(before)
    const moved = { name: 'DBT_DATABASE', [project]: null, [production]: null, Staging: 'only' }
    expect(update(at, moved).status).toBe(200)
    expect(Object.keys(variables(at).DBT_DATABASE as object)).toEqual(['Staging'])
  })

  test.each([
    ['the name of an environment that has a value', 'Production'],
    ['project, where there is a default', 'project'],
    ['an environment that is not there', 'Nowhere'],
    ['an id that is none of this variable', '5']
  ])('%s is a failure in a 200, and the rest is done', (_, key) => {
    const at = setup()
    const reply = update(at, { name: 'DBT_DATABASE', [key]: 'lost', Staging: 'kept' })
    expect([reply.status, reply.data.failures]).toEqual([200, { [key]: expect.any(String) }])
    expect(variables(at)).toMatchObject({
      DBT_DATABASE: {
        project: { value: 'dev' },
        Production: { value: 'prod' },
        Staging: { value: 'kept' }
      }
    })
  })

  test('neither ids of another variable nor those of overrides count', () => {
    const at = setup()
    const ids = [at.secret[0], at.database[2]].map(String)
    const changes = Object.fromEntries(ids.map((id) => [id, 'lost']))
    const reply = update(at, { name: 'DBT_DATABASE', ...changes })
    expect(Object.keys(reply.data.failures as object).toSorted()).toEqual(ids.toSorted())
    expect(stored(at, at.secret[0])?.raw_value).toBe('made-up-1')
    expect(stored(at, at.database[2])?.raw_value).toBe('rebuild')
  })

  test('a default can be added, and an environment without a value has nothing to take away', () => {
    const at = setup()
    addVariable(at.state, at.project, { name: 'DBT_X', environments: { Staging: 'x' } })
    const reply = update(at, { name: 'DBT_X', project: 'default', Production: null })
    expect(reply.data).toMatchObject({
      new_var_ids: [expect.any(Number)],
      failures: { Production: expect.any(String) }
    })
    expect(variables(at)).toMatchObject({ DBT_X: { project: { value: 'default' } } })
  })

  test('a mask that is written back overwrites the secret', () => {
    const at = setup()
    const [project = 0] = at.secret
    expect(update(at, { name: 'DBT_ENV_SECRET_KEY', [project]: '**********' }).status).toBe(200)
    expect(stored(at, project)?.raw_value).toBe('**********')
  })

  test('a new name takes the overrides of jobs along', () => {
    const at = setup()
    expect(update(at, { name: 'DBT_DATABASE', new_name: 'DBT_DB' }).status).toBe(200)
    expect(Object.keys(variables(at))).toEqual(['DBT_DB', 'DBT_ENV_SECRET_KEY'])
    expect(forJob(at).data).toMatchObject({ DBT_DB: { job: { value: 'rebuild' } } })
  })

  test.each([
    ['one that exists', 'DBT_ENV_SECRET_KEY'],
    ['one that dbt does not take', 'dbt_db'],
    ['one that makes a secret of it', 'DBT_ENV_SECRET_DB']
  ])('a new name is refused: %s', (_, new_name) => {
    const at = setup()
    const before = at.state
    expect(update(at, { name: 'DBT_DATABASE', new_name }).status).toBe(400)
    expect(at.state).toBe(before)
  })

  test('a secret cannot be read by renaming it', () => {
    const at = setup()
    expect(update(at, { name: 'DBT_ENV_SECRET_KEY', new_name: 'DBT_KEY' }).status).toBe(400)
  })

  test.each([
    [{}],
    [{ env_vars: {} }],
    [{ env_vars: { name: 'DBT_NOT_THERE', project: 'x' } }],
    [{ env_vars: { name: 'DBT_DATABASE', Staging: 5 } }],
    [{ env_vars: [{ name: 'DBT_DATABASE' }] }],
    [{ env_var: { name: 'DBT_DATABASE' } }],
    [{ env_vars: { name: 'DBT_DATABASE' }, more: 1 }]
  ])('the body %j is refused', (body) => {
    const at = setup()
    const before = at.state
    expect(send(at, 'PUT', bulk(at), body).status).toBe(400)
    expect(at.state).toBe(before)
  })
})

describe('delete', () => {
  test('by name in the body, answered without one', () => {
    const at = setup()
    const reply = remove(at, 'DBT_ENV_SECRET_KEY')
    expect([reply.status, reply.body]).toEqual([204, ''])
    expect(Object.keys(variables(at))).toEqual(['DBT_DATABASE'])
    expect(remove(at, 'DBT_ENV_SECRET_KEY').status).toBe(404)
    expect(create(at, { new_name: 'DBT_ENV_SECRET_KEY', project: 'again' }).status).toBe(201)
  })

  test('an override of a job stays behind and keeps the name', () => {
    const at = setup()
    expect(remove(at, 'DBT_DATABASE').status).toBe(204)
    expect(variables(at)).not.toHaveProperty('DBT_DATABASE')
    expect(forJob(at).data).toMatchObject({
      DBT_DATABASE: { job: { id: at.database[2], value: 'rebuild' } }
    })
    expect(create(at, { new_name: 'DBT_DATABASE', project: 'again' }).status).toBe(400)
    expect(send(at, 'DELETE', `${base(at)}${at.database[2]}/`).status).toBe(204)
    expect(create(at, { new_name: 'DBT_DATABASE', project: 'again' }).status).toBe(201)
  })

  test.each([[undefined], [{}], [{ name: 5 }], [{ name: 'DBT_DATABASE', more: 1 }], [[]]])(
    'the body %j is refused',
    (body) => {
      const at = setup()
      const before = at.state
      expect(send(at, 'DELETE', bulk(at), body).status).toBe(400)
      expect(at.state).toBe(before)
    }
  )

  test('a name that is not there is 404', () => {
    expect(remove(setup(), 'DBT_NOT_THERE').status).toBe(404)
  })
})

describe('who may write', () => {
  const production = {
    create: (at: Setup, token: string) =>
      create(at, { new_name: 'DBT_NEW', Production: 'x' }, { token }),
    change: (at: Setup, token: string) =>
      update(at, { name: 'DBT_DATABASE', [at.database[1] ?? 0]: 'x' }, { token }),
    'take away': (at: Setup, token: string) =>
      update(at, { name: 'DBT_DATABASE', [at.database[1] ?? 0]: null }, { token }),
    delete: (at: Setup, token: string) => remove(at, 'DBT_DATABASE', { token }),
    override: (at: Setup, token: string) =>
      send(at, 'POST', base(at), override(at, { name: 'DBT_ENV_SECRET_KEY' }), { token }),
    'change an override': (at: Setup, token: string) =>
      send(at, 'POST', `${base(at)}${at.database[2]}/`, override(at), { token }),
    'delete an override': (at: Setup, token: string) =>
      send(at, 'DELETE', `${base(at)}${at.database[2]}/`, undefined, { token })
  }
  const cases = Object.keys(production).flatMap((what) =>
    (
      [
        [READER, 403],
        [HIDDEN, 403],
        [NO_PRODUCTION, 404],
        [NO_CATEGORY, 404]
      ] as const
    ).map(([token, status]) => [what as keyof typeof production, token, status] as const)
  )

  test.each(cases)('%s as %s: %i, and nothing happens', (what, token, status) => {
    const at = setup()
    const before = at.state
    expect(production[what](at, token).status).toBe(status)
    expect(at.state).toBe(before)
  })

  test.each(Object.keys(production) as (keyof typeof production)[])('%s as a writer', (what) => {
    const at = setup()
    const before = at.state
    expect(production[what](at, ONE_PROJECT).status).toBeLessThan(300)
    expect(at.state).not.toBe(before)
  })

  test('a new value of a closed environment is refused on update too', () => {
    const at = setup()
    addVariable(at.state, at.project, { name: 'DBT_X', project: 'x' })
    const token = { token: NO_PRODUCTION }
    expect(update(at, { name: 'DBT_X', Production: 'y' }, token).status).toBe(404)
    expect(update(at, { name: 'DBT_X', Staging: 'y' }, token).status).toBe(200)
  })

  test('a project that the token may not see is 404', () => {
    const at = setup()
    const body = { env_var: { new_name: 'DBT_NEW', project: 'x' } }
    const path = `${base(at, at.other)}bulk/`
    expect(send(at, 'POST', path, body, { token: ONE_PROJECT }).status).toBe(404)
  })
})

/** What Terraform's provider sends for an override. */
function override(at: World, changes: Record<string, Json> = {}): Record<string, Json> {
  return {
    id: null,
    account_id: at.account,
    project_id: at.project,
    job_definition_id: at.job,
    name: 'DBT_DATABASE',
    raw_value: 'from the job',
    type: 'job',
    ...changes
  }
}

describe('overrides of jobs', () => {
  test('create: the value is shown under another key than it is sent, a secret is not', () => {
    const at = setup()
    const body = override(at, { name: 'DBT_ENV_SECRET_KEY' })
    const reply = send(at, 'POST', base(at), body)
    expect(reply.status).toBe(201)
    expect(reply.data).toEqual({
      id: expect.any(Number),
      account_id: at.account,
      project_id: at.project,
      name: 'DBT_ENV_SECRET_KEY',
      type: 'job',
      environment_id: null,
      job_definition_id: at.job,
      user_id: null,
      display_value: '**********',
      state: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      environment: null
    })
    expect(stored(at, reply.data.id)?.raw_value).toBe('from the job')
    expect(forJob(at).data).toMatchObject({
      DBT_ENV_SECRET_KEY: { job: { id: reply.data.id, value: '**********' } }
    })
  })

  test('change and delete by id', () => {
    const at = setup()
    const id = at.database[2] ?? 0
    const path = `${base(at)}${id}/`
    const reply = send(at, 'POST', path, override(at, { id }))
    expect([reply.status, reply.data.display_value]).toEqual([200, 'from the job'])
    expect(stored(at, id)?.raw_value).toBe('from the job')
    expect(send(at, 'POST', path, override(at, { raw_value: '**********' })).status).toBe(200)
    expect(stored(at, id)?.raw_value).toBe('**********')
    const deleted = send(at, 'DELETE', path)
    expect([deleted.status, deleted.body]).toEqual([204, ''])
    expect(send(at, 'DELETE', path).status).toBe(404)
    expect(send(at, 'POST', path, override(at)).status).toBe(404)
    expect(forJob(at).data.DBT_DATABASE).not.toHaveProperty('job')
  })

  test('a state of 2 deletes', () => {
    const at = setup()
    const path = `${base(at)}${at.database[2]}/`
    expect(send(at, 'POST', path, override(at, { state: 2 })).data.state).toBe(2)
    expect(forJob(at).data.DBT_DATABASE).not.toHaveProperty('job')
  })

  test.each([
    ['a variable that the project does not have', { name: 'DBT_NOT_THERE' }],
    ['a second one for the same job', { name: 'DBT_DATABASE' }],
    ['a job of another project', { job_definition_id: 'other' }],
    ['a job that is not there', { job_definition_id: 5 }],
    ['no job', { job_definition_id: null }],
    ['an empty value', { raw_value: '' }],
    ['a value that is no text', { raw_value: 5 }],
    ['another account', { account_id: 5 }],
    ['another project', { project_id: 5 }],
    ['an id', { id: 5 }],
    ['a value of the project', { type: 'project' }],
    ['a value of an environment', { type: 'environment' }],
    ['a type that nobody knows', { type: 'team' }],
    ['a key that nobody knows', { value: 'x' }]
  ] satisfies [string, Record<string, Json>][])('create refuses %s', (_, changes) => {
    const at = setup()
    const before = at.state
    const body = override(at, { name: 'DBT_ENV_SECRET_KEY', ...changes })
    if (body.job_definition_id === 'other') body.job_definition_id = at.otherJob
    expect(send(at, 'POST', base(at), body).status).toBe(400)
    expect(at.state).toBe(before)
  })

  test.each(['account_id', 'project_id', 'name', 'type', 'raw_value', 'job_definition_id'])(
    'create refuses a body without %s',
    (key) => {
      const at = setup()
      const body = without(override(at, { name: 'DBT_ENV_SECRET_KEY' }), key)
      expect(send(at, 'POST', base(at), body).status).toBe(400)
    }
  )

  test('an update changes neither name nor job nor id', () => {
    const at = setup()
    const path = `${base(at)}${at.database[2]}/`
    const job = addJob(at.state, at.environment)
    for (const changes of [{ name: 'DBT_ENV_SECRET_KEY' }, { job_definition_id: job }, { id: 5 }])
      expect(send(at, 'POST', path, override(at, changes)).status).toBe(400)
  })

  test('values of the project and of environments have no single address here', () => {
    const at = setup()
    for (const id of at.database.slice(0, 2)) {
      expect(send(at, 'POST', `${base(at)}${id}/`, override(at)).status).toBe(404)
      expect(send(at, 'DELETE', `${base(at)}${id}/`).status).toBe(404)
    }
    expect(Object.keys(variables(at).DBT_DATABASE as object)).toHaveLength(2)
  })
})

describe('nested in jobs', () => {
  const nested = (at: World, token?: string): Json | undefined => {
    const query = `?pk=${at.job}&include_related=custom_environment_variables`
    const options = token === undefined ? {} : { token }
    return send(at, 'GET', `${jobsPath(at)}${query}`, undefined, options).rows[0]
      ?.custom_environment_variables
  }

  test('an account that lists them lists overrides, without ids, secrets masked', () => {
    const at = setup({ jobVariables: true })
    addVariable(at.state, at.project, { name: 'DBT_ENV_SECRET_B', jobs: { [at.job]: 'made-up' } })
    const common = {
      account_id: at.account,
      project_id: at.project,
      type: 'job',
      environment_id: null,
      job_definition_id: at.job,
      user_id: null,
      state: 1
    }
    const expected = [
      { ...common, name: 'DBT_DATABASE', display_value: 'rebuild' },
      { ...common, name: 'DBT_ENV_SECRET_B', display_value: '**********' }
    ]
    expect(nested(at)).toEqual(expected)
    const path = `${jobsPath(at)}${at.job}/?include_related=custom_environment_variables`
    expect(send(at, 'GET', path).data.custom_environment_variables).toEqual(expected)
    expect(nested(at, HIDDEN)).toBeNull()
    send(at, 'DELETE', `${base(at)}${at.database[2]}/`)
    expect(nested(at)).toEqual(expected.slice(1))
  })

  test('others say null, or do not know the key', () => {
    expect(nested(setup())).toBeNull()
    const missingKeys = { environment: [], job: ['custom_environment_variables'] }
    expect(nested(setup({ missingKeys, jobVariables: true }))).toBeUndefined()
  })
})

describe('the state', () => {
  test('carries variables through JSON, and later ones get ids above', () => {
    const at = setup()
    at.state = parseState(JSON.parse(JSON.stringify(at.state)) as Json)
    expect(Object.keys(variables(at))).toEqual(['DBT_DATABASE', 'DBT_ENV_SECRET_KEY'])
    const reply = create(at, { new_name: 'DBT_NEW', project: 'a' })
    const [id = 0] = reply.data.new_var_ids as readonly number[]
    expect(id).toBeGreaterThan(Math.max(...at.database, ...at.secret))
  })

  test('one from before there were variables has none', () => {
    const at = world()
    const json = JSON.parse(JSON.stringify(at.state)) as Record<string, Record<string, Json>>
    delete json.variables
    delete json.nextIds?.variables
    at.state = parseState(json)
    expect(read(at).data.variables).toEqual({})
    expect(create(at, { new_name: 'DBT_NEW', project: 'a' }).status).toBe(201)
  })

  test('the builder refuses environments and jobs that the project does not have', () => {
    const at = setup()
    const add = (given: object) => addVariable(at.state, at.project, { name: 'DBT_X', ...given })
    expect(() => add({ environments: { Nowhere: 'x' } })).toThrow(/no environment 'Nowhere'/)
    expect(() => add({ environments: { [at.otherEnvironment]: 'x' } })).toThrow(/no environment/)
    expect(() => add({ jobs: { [at.otherJob]: 'x' } })).toThrow(/is in another project/)
    expect(() => add({ jobs: { 5: 'x' } })).toThrow('There is no job 5.')
  })
})

test('no secret is in any answer', () => {
  const at = setup({ jobVariables: true })
  const id = at.secret[0] ?? 0
  const path = `${jobsPath(at)}?include_related=custom_environment_variables`
  const replies = [
    read(at),
    send(
      at,
      'POST',
      base(at),
      override(at, { name: 'DBT_ENV_SECRET_KEY', raw_value: 'made-up-3' })
    ),
    forJob(at),
    send(at, 'GET', path),
    update(at, { name: 'DBT_ENV_SECRET_KEY', [id]: 'made-up-4' }),
    create(at, { new_name: 'DBT_ENV_SECRET_NEW', project: 'made-up-5' })
  ]
  for (const reply of replies) {
    expect(reply.status).toBeLessThan(300)
    expect(JSON.stringify(reply.body)).not.toContain('made-up')
  }
})
