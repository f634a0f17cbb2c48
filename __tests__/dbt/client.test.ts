// Every answer that is no success becomes one typed error, with the API's words and a way out; none shows the token.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { dbtClient, decoded, type DbtClient } from '../../src/dbt/client.ts'
import { HiddenTexts } from '../../src/model/hide.ts'
import { DbtError, type ClientSide } from '../../src/dbt/error.ts'
import {
  TransportError,
  type HttpAnswer,
  type HttpRequest,
  type Transport
} from '../../src/dbt/transport.ts'
import { Failure } from '../../src/model/failure.ts'
import { id } from '../../src/model/decode.ts'
import type { Request } from '../../src/model/request.ts'

const token = 'dbtc_0123456789abcdefghijklmnopqrstuvwxyz'
const side: ClientSide = {
  role: 'target',
  host: 'ab123.us1.dbt.com',
  account: 28_885,
  tokenInput: 'target-token'
}
const read: Request = { method: 'GET', path: '/api/v3/accounts/1/projects/2/', retry: 'read' }
const create: Request = {
  method: 'POST',
  path: '/api/v2/accounts/1/jobs/',
  body: { id: null, name: 'Nightly "x"' },
  retry: 'create'
}

function client(transport: Transport, of: ClientSide = side): DbtClient {
  return dbtClient(of, transport, new HiddenTexts([token]))
}

function answering(answer: Partial<HttpAnswer>): DbtClient {
  return client(() => Promise.resolve({ status: 200, headers: {}, body: '', ...answer }))
}

async function failure(work: Promise<unknown>): Promise<DbtError> {
  const error = await work.then(
    () => {
      throw new Error('It succeeded')
    },
    (thrown: unknown) => thrown
  )
  if (!(error instanceof DbtError)) throw error
  return error
}

function fixture(name: string): string {
  return readFileSync(path.join(import.meta.dirname, '../fixtures/errors', name), 'utf8')
}

describe('a request', () => {
  it('is put on the wire with its query and its body as JSON', async () => {
    const sent: HttpRequest[] = []
    const recording = client((request) => {
      sent.push(request)
      return Promise.resolve({
        status: 200,
        headers: {},
        body: '{"status":{"code":200},"data":{}}'
      })
    })
    await recording.send(
      { ...read, query: { name__icontains: 'A & B/é', order_by: 'id' } },
      'Reading'
    )
    await recording.send(create, 'Creating')
    expect(sent).toEqual([
      {
        method: 'GET',
        path: `${read.path}?name__icontains=A+%26+B%2F%C3%A9&order_by=id`,
        retry: 'read'
      },
      {
        method: 'POST',
        path: create.path,
        body: '{"id":null,"name":"Nightly \\"x\\""}',
        retry: 'create'
      }
    ])
  })

  it.each([200, 201])('gives the data of a success: %i', async (status) => {
    const body = '{"status":{"code":200,"is_success":true},"data":{"id":7}}'
    expect(await answering({ status, body }).send(read, 'Reading')).toEqual({ id: 7 })
  })
})

describe('an error of the API', () => {
  it.each([
    [
      '400-job-schedule-interval-missing.json',
      400,
      'schedule.time.interval: required key',
      'internal'
    ],
    [
      '400-v3-developer-message.json',
      400,
      'Invalid request data: "BigqueryConnection"',
      'internal'
    ],
    ['401-invalid-token.json', 401, 'Invalid token.', 'unauthorized'],
    ['403-ip-restrictions.json', 403, ': Forbidden: Access denied', 'unauthorized'],
    ['404-not-found-or-no-permission.json', 404, 'resource was not found', 'not-found'],
    ['405-job-cost-optimization-invalid.json', 405, 'node_selection are not valid', 'internal'],
    ['405-missing-trailing-slash.json', 405, 'Method "GET" not allowed.', 'internal'],
    ['500-environment-without-credentials.json', 500, 'There was a server error.', 'internal']
  ])('%s', async (file, status, words, reason) => {
    for (const request of [read, create]) {
      const error = await failure(
        answering({ status, body: fixture(file) }).send(request, 'Doing something')
      )
      expect(error.message).toContain(
        `Doing something (${request.method} ${request.path}) failed with ${String(status)}: `
      )
      expect(error.message).toContain(words)
      expect(error.remedy).not.toBe('')
      expect(error).toMatchObject({
        name: 'DbtError',
        // What may be read and is not found when it is written may not be written.
        reason: status === 404 && request === create ? 'unauthorized' : reason,
        status,
        method: request.method,
        path: request.path,
        mayHaveHappened: status >= 500,
        details: [{ message: error.message, remedy: error.remedy }]
      })
    }
  })

  const inItsForm: readonly string[] = [
    '{"status":{"code":1,"is_success":false,"user_message":"No."},"data":null}',
    '{"detail":"No."}'
  ]
  const inNone: readonly string[] = ['', '<html></html>', '{"x":1}', 'oops', 'null']

  // The last: whether it may have been done, where the answer is in the API's form.
  it.each<[number, string, string, boolean]>([
    [400, 'internal', 'Correct what the API complains of', false],
    [401, 'unauthorized', 'input target-token', false],
    [403, 'unauthorized', 'Job Admin', false],
    [404, 'unauthorized', 'may read the project and not write', false],
    [408, 'internal', 'run this again', true],
    [409, 'internal', 'run this again when it is done', true],
    [431, 'invalid-input', 'input target-token: check that its secret holds one token', false],
    [429, 'rate-limited', 'five minutes', false],
    [500, 'internal', 'run this again', true],
    [502, 'internal', 'run this again', true],
    [503, 'internal', 'run this again', true]
  ])('%i, whatever its body', async (status, reason, remedy, mayHaveHappened) => {
    for (const body of [...inItsForm, ...inNone]) {
      const error = await failure(answering({ status, body }).send(create, 'Creating'))
      // Over its limit, the platform does nothing, in whatever words that is told.
      const isOfProxy = inNone.includes(body) && status !== 429
      expect(error).toMatchObject({ status, reason, mayHaveHappened: mayHaveHappened || isOfProxy })
      expect(error.remedy).toContain(remedy)
    }
  })

  it('of a runner that the account keeps out names its IP restrictions first, and nobody’s id', async () => {
    for (const request of [read, create]) {
      const answer = { status: 403, body: fixture('403-ip-restrictions.json') }
      const { message, remedy } = await failure(answering(answer).send(request, 'Doing'))
      expect(message).not.toContain('4242')
      expect(remedy).toMatch(/^The IP restrictions of account 28885 keep this runner out: /)
      expect(remedy.indexOf('input target-token')).toBeGreaterThan(remedy.indexOf('address'))
    }
    const { remedy } = await failure(answering({ status: 403 }).send(read, 'Reading'))
    expect(remedy).toMatch(/^Give the token in input target-token the permission/)
  })

  it.each([
    ['connection_id', 'connection_id 7 is gone', 'in connection, or map'],
    ['credentials_id', 'credentials_id 7 is gone', 'credentials-id'],
    ['extended_attributes_id', 'extended_attributes_id 7 is gone', 'config file'],
    ['primary_profile_id', 'primary_profile_id 7 is gone', 'config file']
  ])('of a binding that is gone says what to put in its place: %s', async (key, ...told) => {
    const words = `Key (${key})=(7) is not present in table "x".`
    const answer = { status: 400, body: JSON.stringify({ data: { [key]: words } }) }
    const { message, remedy } = await failure(answering(answer).send(create, 'Creating'))
    expect(message).toContain(words)
    for (const text of told) expect(remedy).toContain(text)
  })

  it('is one even where the HTTP status is a success', async () => {
    const body = JSON.stringify({
      status: { code: 400, is_success: false, user_message: 'It was not.' },
      data: null
    })
    const error = await failure(answering({ body }).send(create, 'Creating'))
    expect(error.message).toContain('It was not.')
    expect(error.mayHaveHappened).toBe(true)
  })

  it.each([300, 301, 302, 307, 308])('is a redirect too: %i', async (status) => {
    const headers = { location: 'https://login.example/?next=x' }
    const error = await failure(answering({ status, headers }).send(create, 'Creating'))
    expect(error.message).toContain('the host redirects to https://login.example/?next=x')
    expect(error.remedy).toContain('ab123.us1.dbt.com')
    // A proxy may send to its login page when the write is done.
    expect(error.mayHaveHappened).toBe(true)
  })

  it('is a redirect to nowhere', async () => {
    const error = await failure(answering({ status: 304 }).send(read, 'Reading'))
    expect(error.message).toContain('redirects to nowhere')
  })

  it('names the permission and the project that it is about', async () => {
    const source = client(() => Promise.resolve({ status: 404, headers: {}, body: '' }), {
      ...side,
      role: 'source',
      tokenInput: 'token'
    })
    const error = await failure(source.send(read, 'Reading'))
    expect(error.remedy).toContain('Job Viewer on the source project')
    expect(error.remedy).toContain('input token')
    const target = await failure(answering({ status: 404 }).send(create, 'Creating'))
    expect(target.remedy).toContain('Job Admin')
    expect(target.remedy).toContain('input target-token')
  })
})

describe('a success that is none', () => {
  it.each([
    ['', 'the answer is empty'],
    ['\n', 'the answer is empty'],
    ['<!doctype html><html></html>', 'no JSON: an HTML page'],
    ['{"status":{"code":200,"is_success":true},"data":{"id"', 'no JSON: {"status"'],
    ['null', 'no JSON: null'],
    ['[]', 'no JSON: []'],
    ['{}', 'unexpected shape: it is not in the envelope'],
    ['{"data":{"id":7}}', 'unexpected shape: it is not in the envelope'],
    ['{"status":"ok","data":{"id":7}}', 'unexpected shape: it is not in the envelope'],
    ['{"status":{"code":200}}', 'unexpected shape: data should be an object'],
    ['{"status":{"code":200},"data":null}', 'unexpected shape: data should be an object'],
    ['{"status":{"code":200},"data":[]}', 'unexpected shape: data should be an object'],
    ['{"status":{"code":200},"data":"x"}', 'unexpected shape: data should be an object']
  ])('%j', async (body, words) => {
    const error = await failure(answering({ body }).send(create, 'Creating'))
    expect(error.message).toContain(words)
    expect(error).toMatchObject({ status: 200, reason: 'internal', mayHaveHappened: true })
    expect(error.remedy).toContain('ab123.us1.dbt.com')
  })

  it('is one that is nested without end, whatever its status, and overflows nothing', async () => {
    const nested = (levels: number): string =>
      `{"data":${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}}`
    expect(await answering({ body: nested(90) }).send(read, 'Reading')).toHaveProperty('a')
    for (const levels of [150, 100_000]) {
      const body = nested(levels)
      const told = await failure(answering({ body }).send(read, 'Reading'))
      expect(told.message).toContain('the answer is nested too deeply to be one of the API')
      expect(told.remedy).toContain('no proxy in between')
      for (const status of [400, 500]) {
        const refused = await failure(answering({ status, body }).send(create, 'Creating'))
        expect(refused.message.length).toBeLessThan(400)
      }
    }
  })

  it.each([
    ['{"data":{}}'],
    ['{"data":null}'],
    ['{"data":[1]}'],
    ['{"data":[{"id":1},2]}'],
    ['{"data":[null]}'],
    ['{"data":[[]]}'],
    ['{}']
  ])('as a list: %j', async (body) => {
    const error = await failure(answering({ body }).list(read, 'Listing'))
    expect(error.message).toContain('unexpected shape: data should be a list of objects')
  })
})

describe('no answer', () => {
  it.each([
    ['unreachable', false, 'not-found', 'this runner can reach it'],
    ['refused', false, 'not-found', 'this runner can reach it'],
    ['reset', true, 'internal', 'run this again'],
    ['timeout', true, 'internal', 'run this again'],
    ['cut', true, 'internal', 'run this again']
  ] as const)('%s', async (fault, mayHaveHappened, reason, remedy) => {
    const failing = client(() => Promise.reject(new TransportError(fault, mayHaveHappened, 'why')))
    const error = await failure(failing.send(create, 'Creating'))
    expect(error).toMatchObject({ status: 0, reason, mayHaveHappened })
    expect(error.message).toBe('Creating (POST /api/v2/accounts/1/jobs/) failed: why')
    expect(error.remedy).toContain(remedy)
    expect(error.cause).toBeInstanceOf(TransportError)
  })

  it.each(['deadline', 'cancelled'] as const)('since the run was stopped: %s', async (reason) => {
    const cause = new Failure(reason, 'The run is over.', 'Run this again.')
    const failing = client(() =>
      Promise.reject(new TransportError('stopped', true, 'the run was stopped', { cause }))
    )
    const error = await failure(failing.send(create, 'Creating'))
    expect(error).toMatchObject({
      status: 0,
      reason,
      remedy: 'Run this again.',
      mayHaveHappened: true
    })
    expect(error.message).toContain('failed: The run is over.')
  })

  it('lets a slip of our own through as it is', async () => {
    const failing = client(() => Promise.reject(new TypeError('slip')))
    await expect(failing.send(read, 'Reading')).rejects.toThrow(TypeError)
  })
})

describe('the token', () => {
  // A message is cut to length: a token that lies across the cut must not leave its beginning.
  const across = (at: number): string => 'x'.repeat(at - token.length / 2)

  it.each<[string, Partial<HttpAnswer>]>([
    ['in the data', { status: 400, body: JSON.stringify({ data: { header: `Bearer ${token}` } }) }],
    ['in the message', { status: 401, body: JSON.stringify({ status: { user_message: token } }) }],
    ['in a text', { status: 500, body: `Authorization: Bearer ${token}\n` }],
    ['in a success that is none', { body: `echo ${token}` }],
    ['in a redirect', { status: 302, headers: { location: `https://x.example/?t=${token}` } }],
    ['across the end of a long text', { status: 500, body: `${across(200)}${token}` }],
    [
      'across the end of long data',
      { status: 400, body: JSON.stringify({ data: across(500) + token }) }
    ],
    ['across the end of a success that is none', { body: `${across(200)}${token}` }]
  ])('echoed %s is not shown', async (_where, answer) => {
    const error = await failure(answering(answer).send(create, 'Creating'))
    expect(error.message).not.toContain(token.slice(0, 12))
    expect(error.message).toMatch(/\*\*\*|…/)
  })

  it('in a broken connection is not shown', async () => {
    const failing = client(() =>
      Promise.reject(new TransportError('reset', true, `bad header "Bearer ${token}"`))
    )
    expect((await failure(failing.send(read, 'Reading'))).message).not.toContain(token)
  })
})

describe('a list', () => {
  it('is read by pages, with the query of the request', async () => {
    const paths: string[] = []
    const pages = client(({ path: sent }) => {
      paths.push(sent)
      const offset = Number(new URLSearchParams(sent.split('?')[1]).get('offset'))
      const data = Array.from({ length: Math.min(100, 250 - offset) }, (_, n) => ({
        id: offset + n + 1
      }))
      const body = JSON.stringify({ data, extra: { pagination: { total_count: 250 } } })
      return Promise.resolve({ status: 200, headers: {}, body })
    })
    const all = await pages.list({ ...read, query: { project_id: '2' } }, 'Listing')
    expect(all.map((each) => each['id'])).toEqual(Array.from({ length: 250 }, (_, n) => n + 1))
    expect(paths).toEqual([
      `${read.path}?project_id=2&limit=100&offset=0`,
      `${read.path}?project_id=2&limit=100&offset=100`,
      `${read.path}?project_id=2&limit=100&offset=200`
    ])
  })

  it.each([
    [{ extra: null }],
    [{ extra: { pagination: null } }],
    [{ extra: { pagination: { total_count: '7' } } }],
    [{}]
  ])('need not tell how long it is: %j', async (more) => {
    const body = JSON.stringify({ data: [{ id: 1 }], ...more })
    expect(await answering({ body }).list(read, 'Listing')).toEqual([{ id: 1 }])
  })

  it('that never settles says which it is, what it told, and what to do', async () => {
    const data = Array.from({ length: 100 }, (_, n) => ({ id: n }))
    const body = JSON.stringify({ data, extra: { pagination: { total_count: 250 } } })
    const told = await failure(answering({ body }).list(read, 'Reading the jobs'))
    expect(told.message).toBe(
      `Reading the jobs (GET ${read.path}) failed: the list changed, or contradicted itself, each of 3 times that it was read`
    )
    expect(told).toMatchObject({ reason: 'internal', mayHaveHappened: false })
    expect(told.remedy).toContain('Run this again when nobody, and no other workflow, changes')
    expect(told.remedy).toContain('input target-token')
  })

  it('fails as a whole when one page fails', async () => {
    let count = 0
    const pages = client(() => {
      const status = ++count === 3 ? 500 : 200
      const data = Array.from({ length: 100 }, (_, n) => ({ id: count * 100 + n }))
      const body = JSON.stringify({ data, extra: { pagination: { total_count: 300 } } })
      return Promise.resolve({ status, headers: {}, body })
    })
    expect((await failure(pages.list(read, 'Listing'))).status).toBe(500)
  })
})

describe('decoded', () => {
  it('turns the complaint of a decoder into the failure of the request', () => {
    const complain = (): unknown =>
      decoded(create, 'Creating', side, () => id('x', 'job 7: environment_id'))
    expect(complain).toThrow(DbtError)
    expect(complain).toThrow(
      'Creating (POST /api/v2/accounts/1/jobs/) failed with 200: the answer has an unexpected shape: ' +
        'job 7: environment_id should be an id, but is a text'
    )
  })

  it('lets everything else through', () => {
    const failed = new Failure('deadline', 'late')
    const complain = (): unknown =>
      decoded(read, 'Reading', side, () => {
        throw failed
      })
    expect(complain).toThrow(failed)
    expect(decoded(read, 'Reading', side, () => 7)).toBe(7)
  })
})
