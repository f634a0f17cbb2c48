// Tokens that are wrong, may not see or may not write, and none at all: nothing changes, and the message says which.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { addToken, BLOG, blog, startSandbox, type Sandbox } from '../../sandbox/index.ts'
import type { Event } from '../../src/github/actions.ts'
import { pushEvent } from '../../testing/runner/actions.ts'
import { runAction, type Inputs } from '../../testing/runner/run-action.ts'
import { blogInputs, production, tables } from '../../testing/worlds/blog.ts'

let sandbox: Sandbox

beforeEach(async () => {
  const seed = blog()
  const read = { access: 'read' } as const
  const write = { access: 'write' } as const
  addToken(seed, 'dbtc_source_only', BLOG.account, { [BLOG.developmentProject]: read })
  addToken(seed, 'dbtc_target_only', BLOG.account, { [BLOG.productionProject]: write })
  addToken(seed, 'dbtc_no_project', BLOG.account, {})
  addToken(seed, 'dbtc_no_account', [], { '*': write })
  addToken(seed, 'dbtc_staging_writer', BLOG.account, {
    '*': { access: 'write', environmentCategories: ['staging'] }
  })
  sandbox = await startSandbox({ seed })
})

afterEach(async () => {
  await sandbox.close()
})

const promote = (inputs: Inputs, event?: Event) =>
  runAction(blogInputs(sandbox, inputs), { sandbox, ...(event ? { event } : {}) })

describe('a token', () => {
  it.each<[string, Inputs, string, string]>([
    ['that is not known', { token: 'dbtc_unknown' }, 'unauthorized', 'input token'],
    [
      'of the source that is not known',
      { 'source-token': 'dbtc_unknown' },
      'unauthorized',
      'input source-token'
    ],
    [
      'of the target that is not known',
      { 'target-token': 'dbtc_unknown' },
      'unauthorized',
      'input target-token'
    ],
    ['of another account', { token: 'dbtc_no_account' }, 'not-found', 'no account'],
    ['without any project', { token: 'dbtc_no_project' }, 'not-found', 'no project 86704'],
    [
      'that does not see the source',
      { token: 'dbtc_target_only' },
      'not-found',
      'give the token the permission Job Viewer'
    ],
    [
      'that does not see the target',
      { token: 'dbtc_source_only' },
      'not-found',
      'give the token the permission Job Admin'
    ]
  ])('%s', async (_what, inputs, reason, message) => {
    const before = tables(sandbox)
    const result = await promote(inputs)
    expect(result).toMatchObject({ ok: false, writes: [] })
    expect(result.error).toContain(message)
    expect(result.outputs).toMatchObject({ 'failure-reason': reason, changed: 'false' })
    expect(tables(sandbox)).toEqual(before)
  })

  it.each([
    ['that may only read', BLOG.readOnlyToken],
    ['that may not write this kind of environment', 'dbtc_staging_writer']
  ])('%s plans, and fails at the first write', async (_what, token) => {
    expect(await promote({ token, mode: 'plan' })).toMatchObject({ ok: true })
    const before = tables(sandbox)
    const result = await promote({ token })
    expect(result.ok).toBe(false)
    expect(result.error).toContain('Job Admin')
    expect(result.outputs).toMatchObject({
      'failure-reason': 'unauthorized',
      changed: 'false',
      created: '0',
      failed: '1'
    })
    expect(tables(sandbox)).toEqual(before)
  })

  it('that may not see credentials plans without a list of them', async () => {
    const missing = { mode: 'plan', 'credentials-id': '' }
    const listed = await promote(missing)
    expect(listed.warnings.join()).toContain(`It has ${String(BLOG.productionCredentials)} (`)
    sandbox.addFault({
      path: `/api/v3/accounts/*/projects/*/credentials/`,
      times: null,
      action: { kind: 'respond', status: 403 }
    })
    const { ok, warnings } = await promote(missing)
    expect(ok).toBe(true)
    expect(warnings).toContainEqual(
      expect.stringMatching(/Set credentials-id to credentials of the target project\.$/)
    )
  })

  it('that is right is of no use to a runner that the account keeps out', async () => {
    const data = { account_id: BLOG.account, user_id: 4242, is_service_token: true }
    const status = { code: 403, is_success: false, user_message: 'Forbidden: Access denied' }
    const body = { status, data: { ...data, account_access_denied: true } }
    sandbox.addFault({ times: null, action: { kind: 'respond', status: 403, body } })
    const result = await promote({})
    expect(result.error).toMatch(
      /failed with 403: Forbidden: Access denied\. The IP restrictions of account 28885 keep this runner out/
    )
    expect(JSON.stringify(result.notes)).not.toContain('4242')
    expect(result.outputs).toMatchObject({ 'failure-reason': 'unauthorized', changed: 'false' })
  })

  it('for each side is enough, and neither is used on the other', async () => {
    const { ok, outputs, notes } = await promote({
      token: '',
      'source-token': 'dbtc_source_only',
      'target-token': 'dbtc_target_only'
    })
    expect(ok).toBe(true)
    expect(outputs['created']).toBe('2')
    expect(notes.slice(0, 2)).toEqual([
      { kind: 'mask', text: 'dbtc_source_only' },
      { kind: 'mask', text: 'dbtc_target_only' }
    ])
    expect(production(sandbox).jobs).toHaveLength(1)
  })
})

describe('a pull request without secrets', () => {
  const pullRequest = (head: string, actor = 'octocat'): Event => ({
    name: 'pull_request',
    actor,
    payload: {
      ...pushEvent.payload,
      pull_request: {
        head: { repo: { full_name: head } },
        base: { repo: { full_name: 'acme/analytics' } }
      }
    }
  })

  it.each([
    ['from a fork', pullRequest('someone/analytics')],
    ['by Dependabot', pullRequest('acme/analytics', 'dependabot[bot]')]
  ])('%s is green and does nothing', async (_what, event) => {
    const result = await promote({ token: '', mode: 'auto' }, event)
    expect(result).toMatchObject({ ok: true, requests: [], warnings: [] })
    expect(result.notices).toEqual([expect.stringContaining('forks')])
    expect(result.outputs).toMatchObject({
      'failure-reason': '',
      'has-changes': 'false',
      changed: 'false',
      'job-ids': '{}',
      requests: '0'
    })
  })

  it('is not one when it has a token', async () => {
    const result = await promote({ mode: 'auto' }, pullRequest('someone/analytics'))
    expect(result).toMatchObject({ ok: true, notices: [], outputs: { created: '2' } })
  })

  it('is a mistake when it is from the repository itself', async () => {
    const result = await promote({ token: '' }, pullRequest('acme/analytics'))
    expect(result).toMatchObject({ ok: false, outputs: { 'failure-reason': 'invalid-input' } })
  })
})
