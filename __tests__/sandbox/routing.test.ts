// Paths, methods and media types: everything before an operation is reached.

import { describe, expect, test } from '@jest/globals'
import {
  environmentsPath,
  fixture,
  jobBody,
  jobsPath,
  peek,
  projectPath,
  send,
  TOKEN,
  world
} from '../../testing/worlds/small.ts'

describe('paths', () => {
  test.each(['GET', 'POST', 'DELETE', 'PATCH'])(
    '%s without the slash at the end is redirected, whoever asks',
    (method) => {
      const at = world()
      const path = jobsPath(at).slice(0, -1)
      const reply = send(at, method, `${path}?limit=5`, undefined, { token: 'unknown' })
      expect(reply.status).toBe(301)
      expect(reply.headers.location).toBe(`${path}/?limit=5`)
      expect(reply.unknownRoute).toBe(false)
    }
  )

  test('without a query the redirect has none', () => {
    const at = world()
    const path = `${jobsPath(at)}${at.job}`
    expect(send(at, 'GET', path).headers.location).toBe(`${path}/`)
  })

  test('a POST that became a GET on the way makes nothing', () => {
    const at = world()
    const { location } = send(at, 'POST', jobsPath(at).slice(0, -1), jobBody(at)).headers
    const before = at.state
    const reply = send(at, 'GET', location as string)
    expect(reply.status).toBe(200)
    expect(at.state).toBe(before)
  })

  test.each([
    '/',
    '/api/',
    '/api/v2/',
    '/api/v2/accounts/x/jobs/',
    '/api/v2/accounts/-1/jobs/',
    '/api/v2/accounts/1/environments/',
    '/api/v2/accounts/1/licenses/',
    '/api/v3/accounts/1/jobs/',
    '/api/v3/accounts/1/projects/2/repositories/',
    '/api/v3/accounts/1/projects/2/extended-attributes/bulk/',
    '/api/v3/accounts/1/projects/2/environment-variables/user/',
    '/api/v2/accounts/1/jobs/3/rerun/',
    '/api/v2//accounts/',
    '/API/v2/accounts/',
    '/api/v2/accounts/1/jobs/nope'
  ])('%s is not there: a page, not the envelope', (path) => {
    const at = world()
    const reply = send(at, 'GET', path)
    expect(reply.status).toBe(404)
    expect(reply.headers['content-type']).toMatch('text/html')
    expect(reply.body).toMatch('<!doctype html>')
    expect(reply.unknownRoute).toBe(true)
  })
})

describe('methods', () => {
  test('the refusal of a method is as recorded', () => {
    const at = world()
    const reply = send(at, 'PATCH', jobsPath(at))
    const recorded = fixture('errors/405-missing-trailing-slash')
    expect(reply.status).toBe(405)
    expect(reply.body).toEqual({ detail: recorded.detail.replace('GET', 'PATCH') })
    expect(reply.headers.allow).toBe('GET, POST')
    expect(reply.unknownRoute).toBe(true)
  })

  const cases = [
    ['PUT', jobsPath],
    ['DELETE', jobsPath],
    ['PATCH', (at) => `${jobsPath(at)}${at.job}/`],
    ['PUT', (at) => `${environmentsPath(at)}${at.environment}/`],
    ['PATCH', (at) => `${environmentsPath(at)}${at.environment}/`],
    ['POST', (at) => projectPath(at)],
    ['DELETE', (at) => projectPath(at)],
    ['POST', (at) => `${projectPath(at)}credentials/`],
    ['POST', (at) => `/api/v3/accounts/${at.account}/connections/`],
    ['POST', () => '/api/v2/accounts/'],
    ['constructor', jobsPath]
  ] satisfies [string, (at: ReturnType<typeof world>) => string][]

  test.each(cases)('%s is not served there', (method, path) => {
    const at = world()
    expect(send(at, method, path(at)).status).toBe(405)
  })
})

describe('bodies', () => {
  test.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['text', 'text/plain'],
    ['nothing', ''],
    ['something like JSON', 'application/jsonx']
  ])('JSON sent as %s is refused', (_name, type) => {
    const at = world()
    const headers = { 'content-type': type }
    const reply = send(at, 'POST', jobsPath(at), jobBody(at), { headers })
    expect(reply.status).toBe(415)
    expect(reply.body.detail).toBe(`Unsupported media type "${type}" in request.`)
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'JSON sent as %s is read',
    (type) => {
      const at = world()
      const headers = { 'content-type': type }
      expect(send(at, 'POST', jobsPath(at), jobBody(at), { headers }).status).toBe(201)
    }
  )

  test.each(['{', 'nope', "{'a': 1}", '{"a": 1,}'])('%s is not JSON', (raw) => {
    const at = world()
    const reply = send(at, 'POST', jobsPath(at), undefined, { raw })
    expect(reply.status).toBe(400)
    expect(reply.data).toBeNull()
    expect(reply.body.status.developer_message).toMatch('JSON parse error')
  })

  test('the form of that refusal is the one recorded for newer endpoints', () => {
    const at = world()
    const { body } = send(at, 'POST', jobsPath(at), undefined, { raw: '{' })
    const recorded = fixture('errors/400-v3-developer-message')
    const { developer_message } = body.status
    expect(developer_message).toMatch(/^Invalid request data: /)
    expect(body).toEqual({ ...recorded, status: { ...recorded.status, developer_message } })
  })

  test.each(['[]', 'null', '"text"', '1', 'true'])('%s is not an object', (raw) => {
    const at = world()
    const reply = send(at, 'POST', jobsPath(at), undefined, { raw })
    expect([reply.status, reply.data]).toEqual([400, 'expected a dictionary'])
  })

  test('no body at all lacks every key', () => {
    const at = world()
    const reply = send(at, 'POST', jobsPath(at), undefined)
    expect([reply.status, reply.data.name]).toEqual([400, 'required key not provided'])
  })

  test.each([
    ['application/json', 200],
    ['application/*', 200],
    ['*/*', 200],
    ['text/html, application/json;q=0.9', 200],
    ['text/html', 406],
    ['application/xml', 406]
  ])('Accept: %s gives %i', (accept, status) => {
    const at = world()
    expect(send(at, 'GET', jobsPath(at), undefined, { headers: { accept } }).status).toBe(status)
  })
})

test('a request that changes nothing returns the very same state', () => {
  const at = world()
  const one = `${environmentsPath(at)}${at.environment}/`
  const headers = { authorization: `Token ${TOKEN}` }
  for (const path of [jobsPath(at), one, '/nope/', projectPath(at), jobsPath(at).slice(0, -1)])
    expect(peek(at, 'GET', path, undefined, { headers }).state).toBe(at.state)
  expect(peek(at, 'POST', one, {}).state).toBe(at.state)
})
