// Extended attributes: records without a list, bound by environments.

import { describe, expect, test } from '@jest/globals'
import { addExtendedAttributes, addEnvironment, find, type Json } from '../../sandbox/index.ts'
import {
  environmentBody,
  environmentsPath,
  fixture,
  NO_PRODUCTION,
  ONE_PROJECT,
  projectPath,
  READER,
  send,
  world,
  type World
} from '../../testing/worlds/small.ts'

const base = (at: World, project = at.project): string =>
  `${projectPath(at, project)}extended-attributes/`
const path = (at: World, id = at.attributes): string => `${base(at)}${id}/`

/** A value of exactly so many bytes as JSON. */
const ofBytes = (bytes: number): Json => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) })

describe('retrieve', () => {
  test('a record, in the envelope of newer endpoints', () => {
    const at = world()
    const reply = send(at, 'GET', path(at))
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual({
      status: { code: 200, is_success: true, user_message: 'Success!', developer_message: '' },
      data: {
        id: at.attributes,
        account_id: at.account,
        project_id: at.project,
        extended_attributes: { threads: 8 },
        state: 1,
        created_at: expect.any(String),
        updated_at: expect.any(String)
      },
      extra: {},
      error_code: null
    })
  })

  test('some accounts answer the attributes as a text', () => {
    const at = world({ attributesAsText: true })
    expect(send(at, 'GET', path(at)).data.extended_attributes).toBe('{"threads":8}')
    const body = { extended_attributes: { threads: 9 } }
    expect(send(at, 'PATCH', path(at), body).data.extended_attributes).toBe('{"threads":9}')
    expect(send(at, 'POST', base(at), body).data.extended_attributes).toBe('{"threads":9}')
    expect(find(at.state.extendedAttributes, at.attributes)?.extended_attributes).toEqual({
      threads: 9
    })
  })

  test.each(['GET', 'PATCH', 'DELETE'])(
    '%s of one of another project: 404 as recorded',
    (method) => {
      const at = world()
      const body = method === 'PATCH' ? { extended_attributes: {} } : undefined
      for (const id of [at.otherAttributes, 5]) {
        const reply = send(at, method, path(at, id), body)
        expect(reply.status).toBe(404)
        expect(reply.body).toEqual(fixture('errors/404-extended-attributes'))
      }
    }
  )

  test('a project that the token may not see has the general 404', () => {
    const at = world()
    const foreign = `${base(at, at.other)}${at.otherAttributes}/`
    const reply = send(at, 'GET', foreign, undefined, { token: ONE_PROJECT })
    expect(reply.status).toBe(404)
    expect(reply.body).not.toHaveProperty('error_code')
  })

  test('there is no list', () => {
    const at = world()
    const reply = send(at, 'GET', base(at))
    expect([reply.status, reply.unknownRoute]).toEqual([405, true])
  })
})

describe('create', () => {
  test.each([
    ['the spec', () => ({})],
    ["dbt's example", () => ({ id: null, state: 1 })],
    [
      "Terraform's provider",
      (at: World) => ({ state: 1, account_id: at.account, project_id: at.project })
    ]
  ])('with the keys of %s', (_, more) => {
    const at = world()
    const extended_attributes = { warehouse: 'XL', nested: { a: [1, null] } }
    const reply = send(at, 'POST', base(at), { extended_attributes, ...more(at) })
    expect(reply.status).toBe(201)
    expect(reply.data).toMatchObject({ extended_attributes, project_id: at.project, state: 1 })
    expect(send(at, 'GET', path(at, reply.data.id)).data).toEqual(reply.data)
    const environment = environmentBody(at, { extended_attributes_id: reply.data.id })
    expect(send(at, 'POST', environmentsPath(at), environment).status).toBe(201)
  })

  test('4096 bytes are taken, one more is not, and bytes are no characters', () => {
    const at = world()
    const create = (extended_attributes: Json): number =>
      send(at, 'POST', base(at), { extended_attributes }).status
    expect(create(ofBytes(4096))).toBe(201)
    expect(create(ofBytes(4097))).toBe(400)
    expect(create({ a: 'é'.repeat(2044) })).toBe(201)
    expect(create({ a: 'é'.repeat(2045) })).toBe(400)
    const tooLong = { extended_attributes: ofBytes(4097) }
    expect(send(at, 'PATCH', path(at), tooLong).status).toBe(400)
  })

  test.each([
    [{}],
    [{ extended_attributes: null }],
    [{ extended_attributes: '{"threads":8}' }],
    [{ extended_attributes: [] }],
    [{ extended_attributes: {}, id: 5 }],
    [{ extended_attributes: {}, account_id: 5 }],
    [{ extended_attributes: {}, project_id: 5 }],
    [{ extended_attributes: {}, state: 3 }],
    [{ extended_attributes: {}, name: 'x' }]
  ])('%j is refused', (body) => {
    const at = world()
    const before = at.state
    const reply = send(at, 'POST', base(at), body)
    expect([reply.status, reply.body.error_code]).toEqual([400, null])
    expect(at.state).toBe(before)
  })
})

describe('update', () => {
  test('replaces the attributes, does not merge them, and leaves other records alone', () => {
    const at = world()
    const other = addExtendedAttributes(at.state, at.project)
    const body = { id: at.attributes, extended_attributes: { warehouse: 'XL' } }
    const reply = send(at, 'PATCH', path(at), body)
    expect([reply.status, reply.data.extended_attributes]).toEqual([200, { warehouse: 'XL' }])
    expect(send(at, 'GET', path(at)).data).toEqual(reply.data)
    expect(send(at, 'GET', path(at, other)).data.extended_attributes).toEqual({ threads: 8 })
  })

  test('wants the attributes, and the id of the path if any', () => {
    const at = world()
    const other = { extended_attributes: {}, id: at.otherAttributes }
    for (const body of [{}, { state: 1 }, other])
      expect(send(at, 'PATCH', path(at), body).status).toBe(400)
  })

  test('POST is not a way to update', () => {
    const at = world()
    const reply = send(at, 'POST', path(at), { extended_attributes: {} })
    expect([reply.status, reply.unknownRoute]).toEqual([405, true])
  })
})

describe('delete', () => {
  test('is answered without a body, and then it is gone', () => {
    const at = world()
    const reply = send(at, 'DELETE', path(at))
    expect([reply.status, reply.body]).toEqual([204, ''])
    expect(send(at, 'GET', path(at)).status).toBe(404)
    expect(find(at.state.extendedAttributes, at.attributes)?.state).toBe(2)
  })

  test('what an environment is bound to stays', () => {
    const at = world()
    const bound = { extended_attributes_id: at.attributes }
    const environment = addEnvironment(at.state, at.project, bound)
    expect(send(at, 'DELETE', path(at)).status).toBe(400)
    const gone = { extended_attributes: {}, state: 2 }
    expect(send(at, 'PATCH', path(at), gone).status).toBe(400)
    send(at, 'DELETE', `${environmentsPath(at)}${environment}/`)
    expect(send(at, 'PATCH', path(at), gone).status).toBe(200)
    expect(send(at, 'GET', path(at)).status).toBe(404)
  })
})

describe('permission', () => {
  test.each([
    ['POST', base],
    ['PATCH', path],
    ['DELETE', path]
  ])('%s by a token that only reads is 404, as for environments', (method, to) => {
    const at = world()
    const before = at.state
    const body = { extended_attributes: {} }
    expect(send(at, method, to(at), body, { token: READER }).status).toBe(404)
    expect(at.state).toBe(before)
    expect(send(at, 'GET', path(at), undefined, { token: READER }).status).toBe(200)
  })

  test('what a closed environment is bound to is closed', () => {
    const at = world()
    const environment = environmentBody(at, {
      name: 'Production',
      deployment_type: 'production',
      extended_attributes_id: at.attributes
    })
    send(at, 'POST', `${environmentsPath(at)}${at.environment}/`, environment)
    const body = { extended_attributes: {} }
    const token = { token: NO_PRODUCTION }
    expect(send(at, 'PATCH', path(at), body, token).status).toBe(404)
    const free = addExtendedAttributes(at.state, at.project)
    expect(send(at, 'PATCH', path(at, free), body, token).status).toBe(200)
  })
})
