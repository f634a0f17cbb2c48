// The whole thing: a workflow as a user writes it, the bundle as GitHub runs it, the sandbox as the platform.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { runWorkflow, stepOf, transcript, type WorkflowResult } from '../../e2e/run-workflow.ts'
import {
  BLOG,
  blog,
  find,
  type LoggedRequest,
  type Sandbox,
  startSandbox
} from '../../sandbox/index.ts'
import { loadSpecCheck } from '../../testing/official/spec-check.ts'

const repository = join(import.meta.dirname, '../..')

// A checkout of its own, so that nothing is written into this one.
const workspace = mkdtempSync(join(tmpdir(), 'promote-test-'))
let sandbox: Sandbox

beforeAll(() => {
  if (!existsSync(join(repository, 'dist/index.js'))) throw new Error('Run `npm run build` first')
  for (const path of ['action.yml', 'dist']) {
    cpSync(join(repository, path), join(workspace, path), { recursive: true })
  }
})

afterAll(() => {
  rmSync(workspace, { recursive: true })
})

beforeEach(async () => {
  sandbox = await startSandbox({ seed: blog() })
})

afterEach(async () => {
  await sandbox.close()
})

function promote(token: string = BLOG.token, event = 'push'): Promise<WorkflowResult> {
  return runWorkflow({
    file: join(repository, 'e2e/promote.yml'),
    workspace,
    secrets: { DBT_TOKEN: token },
    vars: { DBT_HOST: sandbox.url },
    github: { event_name: event }
  })
}

const writes = (): LoggedRequest[] => sandbox.requests().filter(({ method }) => method !== 'GET')

/** What the official specs have against the requests so far; nothing where the specs are absent. */
function violations(): string[] {
  const spec = loadSpecCheck()
  return sandbox.requests().flatMap(({ method, path, query, body }) => {
    const search = String(new URLSearchParams(query))
    const full = search === '' ? path : `${path}?${search}`
    const found = spec?.check({ method, path: full, body: body ?? undefined }) ?? []
    return found.map((violation) => `${method} ${full}: ${violation}`)
  })
}

describe('e2e/promote.yml', () => {
  it('promotes the environment and the job, and hands their ids to later steps', async () => {
    const result = await promote()
    if (result.status !== 'success') throw new Error(transcript(result))

    const { environments, jobs } = sandbox.state()
    const outputs = result.jobs['promote']?.outputs ?? {}
    const environment = find(environments, Number(outputs['environment-id']))
    expect(environment).toMatchObject({
      project_id: BLOG.productionProject,
      name: 'production–api-generated',
      use_custom_branch: true,
      custom_branch: 'main',
      credentials_id: BLOG.productionCredentials
    })
    expect(find(jobs, Number(outputs['job-id']))).toMatchObject({
      project_id: BLOG.productionProject,
      environment_id: environment?.id,
      name: 'production-run–api-generated',
      execute_steps: ['dbt seed', 'dbt run', 'dbt test']
    })

    const step = stepOf(result, 'promote', 'promote')
    expect(step.outputs).toMatchObject({ created: '2', changed: 'true', 'failure-reason': '' })
    expect(step.annotations.filter(({ level }) => level === 'error')).toEqual([])
    expect(step.summary).toContain(outputs['job-id'])
  })

  it('sends only what the official specs allow', async () => {
    await promote()
    expect(sandbox.requests().length).toBeGreaterThan(0)
    expect(violations()).toEqual([])
  })

  it('writes nothing the second time', async () => {
    const first = await promote()
    sandbox.clearRequests()
    const second = await promote()
    expect(second.status).toBe('success')
    expect(writes()).toEqual([])
    expect(second.jobs['promote']?.outputs).toEqual(first.jobs['promote']?.outputs)
    expect(stepOf(second, 'promote', 'promote').outputs).toMatchObject({
      changed: 'false',
      created: '0',
      unchanged: '2'
    })
  })

  it('only plans on a pull request', async () => {
    const result = await promote(BLOG.token, 'pull_request')
    expect(writes()).toEqual([])
    expect(stepOf(result, 'promote', 'promote')).toMatchObject({
      outcome: 'success',
      outputs: { 'has-changes': 'true', changed: 'false', 'environment-id': '' }
    })
  })

  it('fails with a reason on a token that is not known, and does not show it', async () => {
    const result = await promote('dbtc_not_known')
    const step = stepOf(result, 'promote', 'promote')
    expect(step.outcome).toBe('failure')
    expect(step.outputs['failure-reason']).toBe('unauthorized')
    expect(step.annotations.map(({ level }) => level)).toContain('error')
    expect(stepOf(result, 'promote', 'verify').outcome).toBe('skipped')
    expect(JSON.stringify(result)).not.toContain('dbtc_not_known')
    expect(writes()).toEqual([])
  })

  it('fails on a token that may only read', async () => {
    const result = await promote(BLOG.readOnlyToken)
    expect(stepOf(result, 'promote', 'promote').outcome).toBe('failure')
    expect(result.status).toBe('failure')
  })
})
