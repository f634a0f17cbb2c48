// Answers that are none, on every read: the run is red in time, says what was wrong, and has not written anything.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  BLOG,
  blog,
  startSandbox,
  type Fault,
  type FaultAction,
  type Sandbox
} from '../../sandbox/index.ts'
import { runAction } from '../../testing/runner/run-action.ts'
import { blogInputs, production, tables } from '../../testing/worlds/blog.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox({ seed: blog() })
})

afterEach(async () => {
  await sandbox.close()
})

const project = (id: number): string =>
  `/api/v3/accounts/${String(BLOG.account)}/projects/${String(id)}/`
const jobs = `/api/v2/accounts/${String(BLOG.account)}/jobs/`

const reads: readonly (readonly [string, string])[] = [
  ['the source project', project(BLOG.developmentProject)],
  ['the target project', project(BLOG.productionProject)],
  ['the environments of the source', `${project(BLOG.developmentProject)}environments/`],
  ['the environments of the target', `${project(BLOG.productionProject)}environments/`],
  ['the jobs', jobs]
]

const success = { code: 200, is_success: true, user_message: 'Success!', developer_message: '' }
const failure = { code: 400, is_success: false, user_message: 'No.', developer_message: '' }

const answers: readonly (readonly [string, FaultAction, string])[] = [
  ['a page of a proxy', { kind: 'html', status: 200 }, 'an HTML page'],
  ['half an answer', { kind: 'cut' }, 'failed'],
  ['nothing', { kind: 'respond', status: 200, body: '' }, 'the answer is empty'],
  ['half of its JSON', { kind: 'respond', status: 200, body: '{"status":{"co' }, 'is no JSON'],
  [
    'data of another shape',
    { kind: 'respond', status: 200, body: { status: success, data: 'all' } },
    'an unexpected shape'
  ],
  [
    'objects of another shape',
    { kind: 'respond', status: 200, body: { status: success, data: [{ id: 'x' }] } },
    'an unexpected shape'
  ],
  [
    'a failure with status 200',
    { kind: 'respond', status: 200, body: { status: failure, data: null } },
    'No.'
  ],
  ['a redirect', { kind: 'redirect', location: 'http://127.0.0.1:9/' }, 'redirects to'],
  [
    'an error in another form',
    { kind: 'respond', status: 400, body: { detail: 'Not like this.' } },
    'Not like this.'
  ]
]

describe.each(reads)('%s', (_where, path) => {
  it.each(answers)('answered with %s', async (_what, action, words) => {
    // For all requests: what is asked for again gets no better answer.
    sandbox.addFault({ path, times: null, action })
    const before = tables(sandbox)
    const result = await runAction(blogInputs(sandbox), { sandbox })
    expect(result).toMatchObject({ ok: false, writes: [] })
    expect(result.error).toContain(words)
    expect(result.error).toMatch(/GET \/api/)
    expect(result.outputs).toMatchObject({ 'failure-reason': 'internal', changed: 'false' })
    expect(tables(sandbox)).toEqual(before)
  })
})

describe('the answer to a create', () => {
  const create = { method: 'POST', path: jobs } as const

  it.each<[string, Fault]>([
    ['half of it', { ...create, action: { kind: 'cut' } }],
    ['a reset', { ...create, action: { kind: 'reset', when: 'after' } }],
    ['a page of a proxy', { ...create, action: { kind: 'html', status: 502 } }],
    [
      'no id',
      {
        ...create,
        action: { kind: 'respond', status: 201, body: { status: success, data: {} }, commit: true }
      }
    ]
  ])(
    'is %s: never green, and never a second job after a re-run',
    async (_what, fault) => {
      sandbox.addFault(fault)
      const first = await runAction(blogInputs(sandbox), { sandbox })
      // Either the action has found the job by itself, or it says that it does not know.
      expect(first.ok ? 'found' : first.outputs['failure-reason']).toMatch(/^(found|unclear)$/)
      expect(first.outputs['changed']).toBe('true')
      const again = await runAction(blogInputs(sandbox), { sandbox })
      expect(again.error).toBe('')
      expect(production(sandbox).environments).toHaveLength(1)
      expect(production(sandbox).jobs).toHaveLength(1)
      expect(again.outputs['job-id']).toBe(String(production(sandbox).jobs[0]?.id))
    },
    60_000
  )
})
