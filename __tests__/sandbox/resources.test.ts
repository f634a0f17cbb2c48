// Accounts, projects, credentials and connections: read only, with the keys that live answers have.

import { describe, expect, test } from '@jest/globals'
import { addConnection, addCredentials, addProject, type Credentials } from '../../sandbox/index.ts'
import {
  fixture,
  keysOf,
  liveObjects,
  projectPath,
  send,
  world
} from '../../testing/worlds/small.ts'

describe('accounts', () => {
  test.each(['v2', 'v3'])('the list of %s has the accounts of the token', (version) => {
    const at = world()
    const reply = send(at, 'GET', `/api/${version}/accounts/`)
    const recorded = fixture('recorded/account_get_response')
    expect(reply.status).toBe(200)
    expect(reply.data).toHaveLength(1)
    expect(keysOf(reply.rows[0])).toEqual(expect.arrayContaining(keysOf(recorded.data)))
    expect(reply.rows[0]).not.toHaveProperty('features')
    expect(reply.body.extra.pagination).toEqual({ count: 1, total_count: 1 })
  })

  test('one account', () => {
    const at = world()
    const reply = send(at, 'GET', `/api/v2/accounts/${at.account}/`)
    expect(reply.data).toMatchObject({ id: at.account, state: 1, plan: 'enterprise' })
    expect(send(at, 'GET', `/api/v2/accounts/${at.foreignAccount}/`).status).toBe(404)
  })

  test('an account that is closed is not there', () => {
    const at = world()
    const accounts = at.state.accounts.map((account) => ({ ...account, state: 2 as const }))
    at.state = { ...at.state, accounts }
    expect(send(at, 'GET', '/api/v3/accounts/').data).toEqual([])
    expect(send(at, 'GET', projectPath(at)).status).toBe(404)
  })
})

describe('projects', () => {
  test('have the keys of the live and the recorded ones, repository and connection nested', () => {
    const at = world()
    const reply = send(at, 'GET', projectPath(at))
    const recorded = fixture('recorded/project_get_response')
    const live = liveObjects('projects')[1]
    expect(keysOf(reply.body)).toEqual(keysOf(recorded))
    for (const keys of [keysOf(live), keysOf(recorded.data)])
      expect(keysOf(reply.data)).toEqual(expect.arrayContaining(keys))
    for (const nested of ['repository', 'connection'])
      expect(keysOf(reply.data[nested] as object)).toEqual(
        expect.arrayContaining(keysOf(live?.[nested] as object))
      )
    expect(reply.data.default_version).toBe('latest')
    expect(send(at, 'GET', `/api/v3/accounts/${at.account}/projects/`).rows[0]).toEqual(reply.data)
  })

  test('may have no repository', () => {
    const at = world()
    const id = addProject(at.state, at.account, { repository: null })
    const reply = send(at, 'GET', projectPath(at, id))
    expect(reply.data).toMatchObject({ repository: null, repository_id: null, connection: null })
  })

  test('may have one that is not on GitHub', () => {
    const at = world()
    const repository = {
      remote_backend: null,
      git_clone_strategy: 'deploy_key',
      github_installation_id: null
    }
    const id = addProject(at.state, at.account, { repository })
    expect(send(at, 'GET', projectPath(at, id)).data.repository).toMatchObject({
      ...repository,
      web_url: null,
      pull_request_url_template: null
    })
  })
})

describe('credentials', () => {
  test.each([
    ['snowflake', ['auth_type', 'schema', 'user']],
    ['bigquery', ['schema']],
    ['postgres', ['default_schema', 'username']],
    ['redshift', ['default_schema', 'username']],
    ['adapter', ['adapter_id']]
  ] as const)('of %s are shown without their secret', (type: Credentials['type'], keys) => {
    const at = world()
    const secret = 'do-not-show'
    const id = addCredentials(at.state, at.project, { type, secret })
    const reply = send(at, 'GET', `${projectPath(at)}credentials/${id}/`)
    expect(reply.status).toBe(200)
    const expected = ['id', 'account_id', 'project_id', 'type', 'state', 'threads', 'target_name']
    expect(keysOf(reply.data)).toEqual(expect.arrayContaining([...expected, ...keys]))
    const list = send(at, 'GET', `${projectPath(at)}credentials/`)
    expect(list.data).toContainEqual(reply.data)
    expect(JSON.stringify([reply, list])).not.toContain(secret)
  })

  test('deleted ones are not there', () => {
    const at = world()
    const id = addCredentials(at.state, at.project, { state: 2 })
    expect(send(at, 'GET', `${projectPath(at)}credentials/${id}/`).status).toBe(404)
    expect(send(at, 'GET', `${projectPath(at)}credentials/`).data).toHaveLength(1)
  })
})

describe('connections', () => {
  test('the list has the keys of the live ones and never the configuration', () => {
    const at = world()
    const reply = send(at, 'GET', `/api/v3/accounts/${at.account}/connections/`)
    const [live] = liveObjects('connections')
    expect(keysOf(reply.rows[0])).toEqual(expect.arrayContaining(keysOf(live)))
    expect(reply.rows[0]).toMatchObject({ config: null, environment__count: 3 })
    expect(reply.body.error_code).toBeNull()
  })

  test('what is deleted does not count as using one', () => {
    const at = world()
    send(at, 'DELETE', `${projectPath(at)}environments/${at.environment}/`)
    addConnection(at.state, at.account)
    const { rows } = send(at, 'GET', `/api/v3/accounts/${at.account}/connections/`)
    expect(rows.map((row) => row.environment__count)).toEqual([2, 0])
  })

  test('one connection has its configuration', () => {
    const at = world()
    const reply = send(at, 'GET', `/api/v3/accounts/${at.account}/connections/${at.connection}/`)
    expect(reply.data.config).toHaveProperty('database', 'analytics')
    expect(reply.body).toMatchObject({ extra: {}, error_code: null })
    expect(reply.data).toHaveProperty('oauth_redirect_uri')
  })

  test('deleted ones are not there', () => {
    const at = world()
    const id = addConnection(at.state, at.account, { state: 2 })
    const path = `/api/v3/accounts/${at.account}/connections/`
    expect(send(at, 'GET', `${path}${id}/`).status).toBe(404)
    expect(send(at, 'GET', path).data).toHaveLength(1)
  })
})
