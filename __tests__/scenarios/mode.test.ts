// Which mode a run takes, as log and summary tell it, and what of it reaches the platform.
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { blog, startSandbox, type Sandbox } from '../../sandbox/index.ts'
import type { Event } from '../../src/github/actions.ts'
import { here, pushEvent } from '../../testing/runner/actions.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import { blogInputs } from '../../testing/worlds/blog.ts'

let sandbox: Sandbox

// Only the last of the tests writes.
beforeAll(async () => {
  sandbox = await startSandbox({ seed: blog() })
})
afterAll(async () => {
  await sandbox.close()
})

const repository = pushEvent.payload['repository'] ?? null

const runAt = (name: string, ref: string, more: Inputs = {}, payload: Event['payload'] = {}) =>
  runAction(blogInputs(sandbox, { mode: 'auto', ...more }), {
    sandbox,
    event: { name, actor: 'octocat', payload: { repository, ...payload } },
    workflow: { ...here, ref }
  })

it('auto without an event is refused before anything is sent', async () => {
  const { ok, error, requests, outputs } = await runAt('', '')
  expect({ ok, requests }).toEqual({ ok: false, requests: [] })
  expect(error).toContain('Set mode to plan, apply or check.')
  expect(outputs['failure-reason']).toBe('invalid-input')
})

it('plans with a warning where an apply may have been meant, in log and summary', async () => {
  const why = 'Nothing is applied: where this should apply, set "mode: apply".'
  for (const [name, ref, payload] of [
    ['push', 'refs/heads/feature', {}],
    ['push', 'refs/tags/v1', {}],
    ['push', 'refs/heads/main', { repository: {} }],
    ['workflow_dispatch', 'refs/heads/feature', {}],
    ['workflow_run', 'refs/heads/main', {}],
    ['pull_request', 'refs/pull/1/merge', { action: 'closed', pull_request: { merged: true } }]
  ] as const) {
    const run = await runAt(name, ref, {}, payload)
    expect(run).toMatchObject({ ok: true, writes: [], outputs: { 'has-changes': 'true' } })
    expect(run.warnings.filter((each) => each.startsWith('Mode plan: '))).toEqual([
      expect.stringContaining(why)
    ])
    expect(run.summary).toMatch(/> \[!WARNING\]\n> Mode plan: /)
  }
})

it('plans without a warning where nobody meant an apply', async () => {
  for (const name of ['pull_request', 'pull_request_review', 'issue_comment', 'merge_group']) {
    const run = await runAt(name, 'refs/heads/main')
    expect(run).toMatchObject({ ok: true, writes: [] })
    expect(run.warnings.join()).not.toContain('Mode')
    expect(run.log).toContain(`Mode plan: the event is ${name}.`)
    expect(run.summary).toContain('Mode plan: the event is ')
  }
})

it('says that the input names the mode, also where the run fails', async () => {
  const told = (run: ActionRun): void => {
    expect(run.log).toContain('Mode check, as the input mode says.')
    expect(run.summary).toContain('Mode check, as the input mode says.')
  }
  told(await runAt('push', 'refs/heads/main', { mode: 'check' }))
  told(await runAt('push', 'refs/heads/main', { mode: 'check', token: 'dbtc_unknown' }))
})

it('warns where no certificate is checked', async () => {
  const inputs = blogInputs(sandbox, { mode: 'plan' })
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
  const { warnings } = await runAction(inputs, { sandbox, env })
  expect(warnings[0]).toContain('no certificate is checked')
})

it('applies on a schedule, whose payload tells nothing, and knows the default branch', async () => {
  const more = { 'custom-branch': '(default)' }
  const run = await runAt('schedule', 'refs/heads/trunk', more, {
    repository: null,
    schedule: '17 4 * * *'
  })
  expect(run).toMatchObject({ ok: true, outputs: { created: '2', changed: 'true' } })
  expect(run.log).toContain('Mode apply: this is a scheduled run.')
  expect(run.log).toContain('custom_branch: "trunk"')
  expect(run.summary).toContain('Mode apply: this is a scheduled run.')
})
