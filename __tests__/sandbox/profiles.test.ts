// Profiles: read only, with the environments that are bound to them.

import { describe, expect, test } from '@jest/globals'
import { addProfile, find } from '../../sandbox/index.ts'
import {
  environmentsPath,
  ONE_PROJECT,
  projectPath,
  send,
  world,
  type World
} from '../../testing/worlds/small.ts'

const base = (at: World, project = at.project): string => `${projectPath(at, project)}profiles/`

function profileOf(at: World): number {
  return find(at.state.environments, at.environment)?.primary_profile_id ?? 0
}

describe('one profile', () => {
  test('has the keys of the spec, and the environment that it was made for', () => {
    const at = world()
    const id = profileOf(at)
    const reply = send(at, 'GET', `${base(at)}${id}/`)
    expect(reply.status).toBe(200)
    expect(reply.data).toEqual({
      id,
      account_id: at.account,
      project_id: at.project,
      key: `environment-${at.environment}`,
      connection_id: at.connection,
      credentials_id: at.credentials,
      extended_attributes_id: null,
      primary_bindings: [
        {
          id: at.environment,
          name: 'Production',
          type: 'deployment',
          deployment_type: 'production'
        }
      ],
      catalog_bindings: []
    })
    expect(reply.body).toMatchObject({ extra: {}, error_code: null })
  })

  test('an environment that is deleted is bound no more', () => {
    const at = world()
    const id = profileOf(at)
    send(at, 'DELETE', `${environmentsPath(at)}${at.environment}/`)
    expect(send(at, 'GET', `${base(at)}${id}/`).data.primary_bindings).toEqual([])
  })

  test('one of another project, one that is deleted and one that is not there are 404', () => {
    const at = world()
    const deleted = addProfile(at.state, at.project, { state: 2 })
    for (const id of [at.otherProfile, deleted, 5])
      expect(send(at, 'GET', `${base(at)}${id}/`).status).toBe(404)
  })

  test('a profile is not written', () => {
    const at = world()
    const reply = send(at, 'PATCH', `${base(at)}${profileOf(at)}/`, {})
    expect([reply.status, reply.unknownRoute]).toEqual([405, true])
  })
})

describe('the list', () => {
  test('is an array of the active ones of the project, in pages', () => {
    const at = world()
    const first = profileOf(at)
    const second = addProfile(at.state, at.project, { key: 'Second' })
    addProfile(at.state, at.project, { state: 2 })
    const all = send(at, 'GET', base(at))
    expect(all.rows.map((row) => row.id)).toEqual([first, second])
    expect(all.body).toMatchObject({ error_code: null })
    expect(all.body.extra.pagination).toEqual({ count: 2, total_count: 2 })
    const page = send(at, 'GET', `${base(at)}?limit=1&offset=1`)
    expect(page.rows.map((row) => row.id)).toEqual([second])
    expect(page.body.extra.pagination).toEqual({ count: 1, total_count: 2 })
  })

  test('filters by key, connection and ids', () => {
    const at = world()
    const first = profileOf(at)
    const second = addProfile(at.state, at.project, { key: 'Second' })
    const ids = (query: string): number[] =>
      send(at, 'GET', `${base(at)}?${query}`).rows.map((row) => row.id)
    expect(ids('key=SEC')).toEqual([second])
    expect(ids(`connection_id=${at.connection}`)).toEqual([first])
    expect(ids(`profile_ids=[${second}]`)).toEqual([second])
    expect(send(at, 'GET', `${base(at)}?name=x`).status).toBe(400)
  })

  test('a project that the token may not see is 404', () => {
    const at = world()
    const reply = send(at, 'GET', base(at, at.other), undefined, { token: ONE_PROJECT })
    expect(reply.status).toBe(404)
  })
})
