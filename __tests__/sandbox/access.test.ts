// Tokens: who is let in, and what everyone else is told.

import { describe, expect, test } from '@jest/globals'
import {
  environmentBody,
  environmentsPath,
  fixture,
  jobBody,
  jobsPath,
  NO_CATEGORY,
  NO_PRODUCTION,
  NOW,
  ONE_PROJECT,
  projectPath,
  READER,
  send,
  TOKEN,
  without,
  world
} from '../../testing/worlds/small.ts'
import { handle } from '../../sandbox/index.ts'

describe('authorization', () => {
  test.each([`Token ${TOKEN}`, `Bearer ${TOKEN}`])('%s is taken', (authorization) => {
    const at = world()
    const reply = send(at, 'GET', jobsPath(at), undefined, { headers: { authorization } })
    expect(reply.status).toBe(200)
  })

  test.each([
    'Token unknown',
    `Basic ${TOKEN}`,
    TOKEN,
    'Token ',
    `Token ${TOKEN} `,
    'Token constructor',
    'Token __proto__'
  ])('%s is refused as recorded', (authorization) => {
    const at = world()
    const reply = send(at, 'GET', jobsPath(at), undefined, { headers: { authorization } })
    expect(reply.status).toBe(401)
    expect(reply.body).toEqual(fixture('errors/401-invalid-token'))
  })

  test('no header is refused as recorded', () => {
    const at = world()
    const request = { method: 'GET', path: jobsPath(at), headers: {}, body: undefined, now: NOW }
    const { response } = handle(at.state, request)
    expect(response.status).toBe(401)
    expect(JSON.parse(response.body)).toEqual(fixture('errors/401-invalid-token'))
  })

  test('the token is checked before the method', () => {
    const at = world()
    const reply = send(at, 'PATCH', jobsPath(at), undefined, { token: 'unknown' })
    expect(reply.status).toBe(401)
  })
})

describe('what a token may not see does not exist', () => {
  const cases = [
    ['an account of others', (at) => `/api/v2/accounts/${at.foreignAccount}/jobs/`, TOKEN],
    ['an account that is not there', () => '/api/v2/accounts/5/jobs/', TOKEN],
    ['a project of others', (at) => projectPath(at, at.other), ONE_PROJECT],
    ['environments of others', (at) => environmentsPath(at, at.other), ONE_PROJECT],
    ['credentials of others', (at) => `${projectPath(at, at.other)}credentials/`, ONE_PROJECT],
    ['a job of others', (at) => `${jobsPath(at)}${at.otherJob}/`, ONE_PROJECT],
    [
      'an environment by the wrong project',
      (at) => `${environmentsPath(at)}${at.otherEnvironment}/`,
      TOKEN
    ],
    [
      'credentials by the wrong project',
      (at) => `${projectPath(at)}credentials/${at.otherCredentials}/`,
      TOKEN
    ],
    [
      'a connection of another account',
      (at) => `/api/v3/accounts/${at.account}/connections/${at.foreignConnection}/`,
      TOKEN
    ],
    ['an id that nothing has', (at) => `${jobsPath(at)}1/`, TOKEN],
    ['an id of another kind', (at) => `${jobsPath(at)}${at.environment}/`, TOKEN]
  ] satisfies [string, (at: ReturnType<typeof world>) => string, string][]

  test.each(cases)('%s', (_name, path, token) => {
    const at = world()
    const reply = send(at, 'GET', path(at), undefined, { token })
    expect(reply.status).toBe(404)
    expect(reply.body).toEqual(fixture('errors/404-not-found-or-no-permission'))
    expect(reply.unknownRoute).toBe(false)
  })

  test('lists leave out what belongs to others', () => {
    const at = world()
    const options = { token: ONE_PROJECT }
    const jobs = send(at, 'GET', jobsPath(at), undefined, options)
    expect(jobs.rows.map((job) => job.id)).toEqual([at.job])
    expect(jobs.body.extra.pagination.total_count).toBe(1)
    const projects = send(at, 'GET', `/api/v3/accounts/${at.account}/projects/`, undefined, options)
    expect(projects.rows.map((project) => project.id)).toEqual([at.project])
    const accounts = send(at, 'GET', '/api/v3/accounts/')
    expect(accounts.rows.map((account) => account.id)).toEqual([at.account])
  })

  test('a foreign account does not see the jobs of this one', () => {
    const at = world()
    const tokens = {
      dbtc_foreign: { accounts: [at.foreignAccount], projects: { '*': { access: 'write' } } }
    } as const
    at.state = { ...at.state, tokens }
    const path = `/api/v2/accounts/${at.foreignAccount}/jobs/`
    const list = send(at, 'GET', path, undefined, { token: 'dbtc_foreign' })
    expect(list.data).toEqual([])
    const one = send(at, 'GET', `${path}${at.job}/`, undefined, { token: 'dbtc_foreign' })
    expect(one.status).toBe(404)
  })
})

describe('writes', () => {
  const writers = { environment: environmentBody, job: jobBody }
  const noPermission = fixture('errors/404-not-found-or-no-permission')

  test('a token that only reads gets 404 for environments', () => {
    const at = world()
    const one = `${environmentsPath(at)}${at.environment}/`
    for (const [method, path] of [
      ['POST', environmentsPath(at)],
      ['POST', one],
      ['DELETE', one]
    ] as const) {
      const reply = send(at, method, path, writers.environment(at), { token: READER })
      expect([method, reply.status, reply.body]).toEqual([method, 404, noPermission])
    }
  })

  test('a token that only reads gets 403 for jobs', () => {
    const at = world()
    const one = `${jobsPath(at)}${at.job}/`
    const replies = [
      send(at, 'POST', jobsPath(at), jobBody(at), { token: READER }),
      send(at, 'POST', one, jobBody(at, { id: at.job }), { token: READER }),
      send(at, 'DELETE', one, undefined, { token: READER })
    ]
    for (const reply of replies) {
      expect(reply.status).toBe(403)
      expect(reply.body.status).toMatchObject({ code: 403, is_success: false })
      expect(reply.data).toBeNull()
    }
  })

  test('a job in a project that the token cannot see is 404', () => {
    const at = world()
    const body = jobBody(at, { project_id: at.other, environment_id: at.otherEnvironment })
    const reply = send(at, 'POST', jobsPath(at), body, { token: ONE_PROJECT })
    expect(reply.status).toBe(404)
  })

  test.each([NO_PRODUCTION, NO_CATEGORY])('%s cannot write production', (token) => {
    const at = world()
    const one = `${environmentsPath(at)}${at.environment}/`
    const body = environmentBody(at, { deployment_type: 'production' })
    expect(send(at, 'POST', one, body, { token }).status).toBe(404)
    // Nor make it something else first.
    expect(send(at, 'POST', one, environmentBody(at), { token }).status).toBe(404)
    expect(send(at, 'DELETE', one, undefined, { token }).status).toBe(404)
    const job = `${jobsPath(at)}${at.job}/`
    expect(send(at, 'POST', job, jobBody(at, { id: at.job }), { token }).status).toBe(404)
    expect(send(at, 'POST', jobsPath(at), jobBody(at), { token }).status).toBe(404)
    expect(send(at, 'DELETE', job, undefined, { token }).status).toBe(404)
  })

  test('a token without production cannot turn another environment into it', () => {
    const at = world()
    const { data } = send(at, 'POST', environmentsPath(at), environmentBody(at), {
      token: NO_PRODUCTION
    })
    send(at, 'DELETE', `${environmentsPath(at)}${at.environment}/`)
    const path = `${environmentsPath(at)}${data.id}/`
    const body = environmentBody(at, { deployment_type: 'production' })
    expect(send(at, 'POST', path, body, { token: NO_PRODUCTION }).status).toBe(404)
    expect(send(at, 'POST', path, body).status).toBe(200)
  })

  test('a job cannot be moved into an environment that is closed to the token', () => {
    const at = world()
    const open = send(at, 'POST', environmentsPath(at), environmentBody(at)).data.id
    const token = NO_PRODUCTION
    const job = send(at, 'POST', jobsPath(at), jobBody(at, { environment_id: open }), { token })
    expect(job.status).toBe(201)
    const moved = jobBody(at, { id: job.data.id, environment_id: at.environment })
    expect(send(at, 'POST', `${jobsPath(at)}${job.data.id}/`, moved, { token }).status).toBe(404)
  })

  test.each([
    ['all', 201],
    ['other', 201],
    ['staging', 404]
  ] as const)('the category %s gives %i for a general environment', (category, status) => {
    const at = world()
    const grant = { access: 'write', environmentCategories: [category] } as const
    at.state = {
      ...at.state,
      tokens: { [TOKEN]: { accounts: [at.account], projects: { '*': grant } } }
    }
    expect(send(at, 'POST', environmentsPath(at), environmentBody(at)).status).toBe(status)
  })

  test('the own entry of a project wins over the entry for all', () => {
    const at = world()
    const projects = {
      '*': { access: 'write' },
      [String(at.project)]: { access: 'read' }
    } as const
    at.state = { ...at.state, tokens: { [TOKEN]: { accounts: [at.account], projects } } }
    expect(send(at, 'POST', environmentsPath(at), environmentBody(at)).status).toBe(404)
  })

  test('a body that is not complete is told so before it is told that it may not', () => {
    const at = world()
    const body = without(jobBody(at), 'name')
    expect(send(at, 'POST', jobsPath(at), body, { token: READER }).status).toBe(400)
  })
})
