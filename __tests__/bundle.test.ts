// The committed bundle, started as the runner starts it: what users get.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  BLOG,
  blog,
  startSandbox,
  THOUSAND,
  thousand,
  type Fault,
  type Sandbox
} from '../sandbox/index.ts'
import { promisedOutputs } from '../testing/runner/action-file.ts'
import { pushEvent } from '../testing/runner/actions.ts'
import { runBundle, type BundleRun } from '../testing/runner/bundle.ts'
import type { Inputs } from '../testing/runner/run-action.ts'
import { closedPort } from '../testing/local-server.ts'
import { blogInputs, production, tables } from '../testing/worlds/blog.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox({ seed: blog() })
})

afterEach(async () => {
  await sandbox.close()
})

const promote = (more?: Inputs): Promise<BundleRun> =>
  runBundle(blogInputs(sandbox, more), { sandbox })

/** A process whose waits are short. */
const fastClock = new URL('../testing/fast-clock.mjs', import.meta.url).href
const hasty = { NODE_OPTIONS: `--import=${fastClock}` }

const masked = `::add-mask::${BLOG.token}\n`

// The path of a journal is told before all others.
function expectAllOutputs({ outputs }: BundleRun): void {
  expect(Object.keys(outputs).sort()).toEqual([...promisedOutputs].sort())
}

/** Red, with an annotation, all outputs and their reason, and the token in nothing but its mask. */
function expectRed(result: BundleRun, reason: string, token: string = BLOG.token): void {
  expect(result.exitCode).toBe(1)
  expect(result.stdout).toMatch(/^::error::\S/m)
  expectAllOutputs(result)
  expect(result.outputs['failure-reason']).toBe(reason)
  const { stdout, stderr, outputs, summary } = result
  const shown = JSON.stringify([
    stdout.replace(`::add-mask::${token}\n`, ''),
    stderr,
    outputs,
    summary
  ])
  expect(shown).not.toContain(token)
}

it('promotes the example, and does nothing the second time', async () => {
  const first = await promote()
  expect(first).toMatchObject({ exitCode: 0, stderr: '' })
  expect(first.stdout.startsWith(masked)).toBe(true)
  expect(first.stdout).not.toMatch(/^::error/m)
  expectAllOutputs(first)
  const [job] = production(sandbox).jobs
  expect(first.outputs).toMatchObject({ 'job-id': String(job?.id), created: '2', changed: 'true' })
  expect(first.summary).toContain(String(job?.id))

  const before = tables(sandbox)
  const second = await promote()
  expect(second).toMatchObject({ exitCode: 0, stderr: '', writes: [] })
  expect(second.outputs).toMatchObject({
    'job-id': String(job?.id),
    created: '0',
    unchanged: '2',
    changed: 'false'
  })
  expect(tables(sandbox)).toEqual(before)
})

it('plans on a pull request, which it knows from the event file', async () => {
  const event = { ...pushEvent, name: 'pull_request' }
  const inputs = blogInputs(sandbox, { mode: '', 'custom-branch': '(default)' })
  const result = await runBundle(inputs, { sandbox, event })
  expect(result).toMatchObject({ exitCode: 0, writes: [], outputs: { 'has-changes': 'true' } })
  expect(result.stdout).toContain('custom_branch: "main"')
})

it('promotes many jobs at a time without a word of Node’s', async () => {
  await sandbox.close()
  sandbox = await startSandbox({ seed: thousand(120) })
  const result = await runBundle(
    {
      token: THOUSAND.token,
      host: sandbox.url,
      'account-id': String(THOUSAND.account),
      'source-project': String(THOUSAND.sourceProject),
      'target-project': String(THOUSAND.targetProject),
      environments: '*',
      schedule: 'paused',
      parallelism: '50'
    },
    { sandbox }
  )
  expect(result).toMatchObject({
    exitCode: 0,
    stderr: '',
    outputs: { created: '121', 'failure-reason': '' }
  })
})

it('prints no command outside of Actions, least of all the token', async () => {
  const environment = { GITHUB_ACTIONS: '', GITHUB_OUTPUT: '', GITHUB_EVENT_NAME: '' }
  const run = (mode: string): Promise<BundleRun> =>
    runBundle(blogInputs(sandbox, { mode, token: BLOG.token }), { sandbox, environment })
  const [named, auto] = [await run('plan'), await run('auto')]
  expect(named).toMatchObject({ exitCode: 0, stderr: '' })
  expect(named.stdout).toContain('has-changes=true')
  expect(auto.exitCode).toBe(1)
  expect(auto.stdout).toContain('Error: The input mode is auto')
  for (const { stdout } of [named, auto]) {
    expect(stdout).not.toMatch(/^(::|##\[)/m)
    expect(stdout).not.toContain(BLOG.token)
  }
})

describe('is red', () => {
  it('with a token that is not known', async () => {
    const before = tables(sandbox)
    const result = await promote({ token: 'dbtc_unknown' })
    expectRed(result, 'unauthorized', 'dbtc_unknown')
    expect(tables(sandbox)).toEqual(before)
  })

  it('without inputs', async () => {
    const result = await runBundle({}, { sandbox })
    expectRed(result, 'invalid-input')
    expect(result.stdout).toContain('The input token is required and empty.')
  })

  it('when an answer has another shape', async () => {
    const body = { status: { code: 200, is_success: true }, data: 'all' }
    sandbox.addFault({ method: 'GET', times: null, action: { kind: 'respond', status: 200, body } })
    const result = await promote()
    expectRed(result, 'internal')
    expect(result.writes).toEqual([])
  })

  it('when it gets no whole answer, after some attempts', async () => {
    const faults: readonly Fault['action'][] = [
      { kind: 'cut' },
      { kind: 'reset', when: 'before' },
      { kind: 'html', status: 200 }
    ]
    const broken = faults.map(async (action) => {
      const own = await startSandbox({ seed: blog() })
      own.addFault({ method: 'GET', times: null, action })
      try {
        return await runBundle(blogInputs(own), { sandbox: own, environment: hasty })
      } finally {
        await own.close()
      }
    })
    const host = `http://127.0.0.1:${String(await closedPort())}`
    const [away, ...answered] = await Promise.all([
      runBundle(blogInputs(sandbox, { host }), { sandbox, environment: hasty }),
      ...broken
    ])
    expectRed(away, 'not-found')
    expect(away.stdout).toContain('ECONNREFUSED')
    for (const result of answered) {
      expectRed(result, 'internal')
      expect(result.writes).toEqual([])
    }
  }, 90_000)

  it('when there is nothing to write outputs to', async () => {
    const environment = { GITHUB_OUTPUT: '/nowhere/output' }
    const { exitCode } = await runBundle(blogInputs(sandbox), { sandbox, environment })
    expect(exitCode).toBe(1)
  })
})

it('ends some seconds after its report, whatever is open', async () => {
  // A server and a timer, as a connection that never closes would be.
  const open =
    'import net from "node:net"; net.createServer().listen(0, "127.0.0.1"); setInterval(() => {}, 1000)'
  const environment = {
    NODE_OPTIONS: `${hasty.NODE_OPTIONS} --import="data:text/javascript,${encodeURIComponent(open)}"`
  }
  const begin = performance.now()
  const inputs = blogInputs(sandbox)
  const [green, red] = await Promise.all([
    runBundle(inputs, { sandbox, environment }),
    runBundle({}, { sandbox, environment })
  ])
  expect(performance.now() - begin).toBeLessThan(30_000)
  expect(green).toMatchObject({ exitCode: 0, stderr: '', outputs: { created: '2' } })
  expect(green.stdout).toMatch(/\n$/)
  expect(green.summary).toContain(green.outputs['job-id'] ?? 'an id')
  expectAllOutputs(green)
  expectRed(red, 'invalid-input')
}, 60_000)

// Everything has been applied by then, and the outputs say so.
it('stays green with a warning when the summary can not be written', async () => {
  const own = await startSandbox({ seed: blog() })
  try {
    const environment = { GITHUB_STEP_SUMMARY: '/nowhere/summary' }
    const result = await runBundle(blogInputs(own), { sandbox: own, environment })
    expect(result).toMatchObject({ exitCode: 0, outputs: { created: '2', changed: 'true' } })
    expect(result.stdout).toContain('::warning::The job summary could not be written')
  } finally {
    await own.close()
  }
})
