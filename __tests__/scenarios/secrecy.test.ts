// Tokens are masked before anything else happens, and show nowhere. `runAction` holds every run to that; here are the
// runs that make it hard.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  addToken,
  BLOG,
  blog,
  startSandbox,
  type Fault,
  type Sandbox
} from '../../sandbox/index.ts'
import { run } from '../../src/main.ts'
import { pushEvent, recordActions } from '../../testing/runner/actions.ts'
import { runAction } from '../../testing/runner/run-action.ts'
import { blogInputs } from '../../testing/worlds/blog.ts'

const token = 'dbtc_a-token-that-is-as-long-as-real-ones-are'

let sandbox: Sandbox

beforeEach(async () => {
  const seed = blog()
  addToken(seed, token, BLOG.account)
  sandbox = await startSandbox({ seed })
})

afterEach(async () => {
  await sandbox.close()
})

it('masks the tokens before it reads any other input', async () => {
  const order: string[] = []
  const { actions } = recordActions(
    blogInputs(sandbox, { token, 'source-token': 'dbtc_other', mode: 'nonsense' }),
    pushEvent
  )
  await run({
    ...actions,
    input: (name) => {
      order.push(name)
      return actions.input(name)
    },
    mask: () => {
      order.push('masked')
    },
    event: () => {
      order.push('event')
      return pushEvent
    }
  })
  expect(order.slice(0, 5)).toEqual(['token', 'masked', 'source-token', 'masked', 'target-token'])
  expect(order.lastIndexOf('masked')).toBe(3)
})

describe('a server that echoes the token', () => {
  const echo = `Authorization: Bearer ${token}`

  it.each<[string, Fault['action']]>([
    ['in an error', { kind: 'respond', status: 400, body: { data: { header: echo } } }],
    ['in a long error', { kind: 'respond', status: 500, body: 'x'.repeat(170) + echo }],
    ['in a redirect', { kind: 'redirect', location: `https://x.example/?${token}` }],
    ['in a success', { kind: 'respond', status: 200, body: echo }]
  ])('%s', async (_where, action) => {
    sandbox.addFault({
      path: `/api/v3/accounts/${String(BLOG.account)}/projects/${String(BLOG.developmentProject)}/`,
      times: null,
      action
    })
    const { ok, notes } = await runAction(blogInputs(sandbox, { token }), { sandbox })
    expect(ok).toBe(false)
    expect(JSON.stringify(notes.slice(1))).not.toContain(token.slice(0, 12))
  })

  it('while writing', async () => {
    sandbox.addFault({ method: 'POST', action: { kind: 'respond', status: 400, body: echo } })
    const { ok, error, summary } = await runAction(blogInputs(sandbox, { token }), { sandbox })
    expect(ok).toBe(false)
    expect(error + summary).toContain('Authorization')
  })
})

it('does not show the token of a mistake', async () => {
  const { error } = await runAction(blogInputs(sandbox, { token: 'dbtc_two words' }), { sandbox })
  expect(error).not.toContain('two words')
})
