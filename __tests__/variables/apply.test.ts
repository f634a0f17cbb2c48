// How values are written: once, and never told as done where nothing tells that they are; and what a new job waits for.
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  startSandbox,
  type Fault,
  type Features,
  type Sandbox,
  type State
} from '../../sandbox/index.ts'
import { recheckTarget } from '../../src/apply/recheck.ts'
import type { DbtClient } from '../../src/dbt/client.ts'
import { isObject, type JsonObject } from '../../src/model/json.ts'
import type { Request } from '../../src/model/request.ts'
import { promoting } from '../../src/promotion/planner.ts'
import { World } from '../../testing/promote.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import {
  account,
  addEnvironment,
  addJob,
  addVariable,
  platform,
  specOf
} from '../../testing/worlds/variables.ts'
import { source, stored, target, token } from '../../testing/worlds/variables.ts'

const bulk = '*/environment-variables/bulk/'

const single = '*/environment-variables/'

const secretName = 'DBT_ENV_SECRET_A'

let sandbox: Sandbox | undefined

afterEach(async () => {
  await sandbox?.close()
  sandbox = undefined
})

async function started(state: State, ...faults: readonly Fault[]): Promise<Sandbox> {
  sandbox = await startSandbox({ seed: state })
  for (const fault of faults) sandbox.addFault(fault)
  return sandbox
}

async function promote(running: Sandbox, inputs: Inputs = {}): Promise<ActionRun> {
  return runAction(
    {
      token,
      host: running.url,
      'account-id': String(account),
      'source-project': '1',
      'target-project': '2',
      environments: 'dev -> production',
      resources: 'environments\njobs\nvariables\noverrides',
      ...inputs
    },
    { sandbox: running }
  )
}

/** The methods and the ends of the paths of the writes of values. */
function valueWrites({ writes }: ActionRun): readonly string[] {
  return writes
    .filter(({ path }) => path.includes('environment-variables'))
    .map(
      ({ method, path }) => `${method} ${path.slice(path.indexOf('environment-variables/') + 22)}`
    )
}

function withValues(features: Partial<Features> = {}): State {
  const state = platform(features)
  addVariable(state, source, {
    name: 'DBT_A',
    project: 'p-value',
    environments: { dev: 'd-value' }
  })
  return state
}

/** One that is there, with values that differ. */
function withChanges(features: Partial<Features> = {}): State {
  const state = withValues(features)
  addEnvironment(state, target, { id: 21, name: 'production' })
  addVariable(state, target, { name: 'DBT_A', project: 'held' })
  return state
}

const whole = { DBT_A: { project: 'p-value', production: 'd-value' } }

/** A platform that lets the values of some requests fall under the table. */
class Forgetful extends World {
  left: number
  readonly #name: string

  constructor(state: State, name: string, times: number) {
    super(state, token)
    this.#name = name
    this.left = times
  }

  override client(role: 'source' | 'target', own: number): DbtClient {
    const inner = super.client(role, own)
    return {
      ...inner,
      sendTold: (request, doing) => inner.sendTold(this.#without(request), doing)
    }
  }

  #without(request: Request): Request {
    const { body } = request
    if (!request.path.endsWith('/bulk/') || !isObject(body) || this.left <= 0) return request
    this.left--
    const without = (values: unknown): JsonObject =>
      Object.fromEntries(
        Object.entries(isObject(values) ? values : {}).filter(([key]) => key !== this.#name)
      )
    const [[key, values] = ['', {}]] = Object.entries(body)
    return { ...request, body: { [key]: without(values) } }
  }
}

describe('values that the platform leaves out without a word', () => {
  it('are written once more', async () => {
    const world = new Forgetful(withValues(), 'production', 1)
    const { state, outcomes, writes } = await world.promote(
      specOf({ environments: 'dev -> production' })
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied'])
    expect(stored(state, target)).toEqual(whole)
    expect(writes.map(({ method }) => method)).toEqual(['POST', 'POST', 'PUT'])
    expect(writes[2]?.body).toEqual({
      env_vars: {
        name: 'DBT_A',
        production: 'd-value',
        [String(state.variables.at(-2)?.id)]: 'p-value'
      }
    })
  })

  it('are told, and stop what comes after them, until a later run sets them', async () => {
    const state = withValues()
    addJob(state, 11, { name: 'Nightly' })
    const spec = specOf({ environments: 'dev -> production' })
    const world = new Forgetful(state, 'production', Infinity)
    const { outcomes } = await world.promote(spec)
    // Something was written, and not all of it.
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'partial', 'not-attempted'])
    expect(outcomes[1]?.error?.message).toBe(
      'Variable DBT_A was written, and it has no such value now for "production".'
    )
    world.left = 0
    const again = await world.promote(spec)
    expect(again.outcomes.map(({ status }) => status)).toEqual(['applied', 'applied'])
    expect(stored(world.state, target)).toEqual(whole)
    expect((await world.promote(spec)).writes).toEqual([])
  })

  it('are those of secrets too', async () => {
    const state = platform()
    addVariable(state, source, { name: secretName, environments: { dev: 'x' }, project: 'x' })
    const secrets = new Map([[secretName, 'given']])
    const spec = specOf({ environments: 'dev -> production' }, { secrets })
    const world = new Forgetful(state, 'production', 1)
    const { outcomes } = await world.promote(spec, secrets)
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied'])
    expect(stored(world.state, target)[secretName]).toEqual({
      project: 'given',
      production: 'given'
    })
  })
})

describe('failures inside a good answer', () => {
  const failing = (words: string, place = 'production'): Fault => ({
    method: 'PUT',
    path: bulk,
    times: null,
    action: {
      kind: 'respond',
      status: 200,
      body: {
        status: { code: 200, is_success: true, user_message: '', developer_message: '' },
        data: {
          message: 'updated',
          new_var_ids: [],
          deleted_var_ids: [],
          failures: { [place]: words }
        }
      }
    }
  })

  it('are told with their reason', async () => {
    const run = await promote(await started(withChanges(), failing('no room')))
    expect(run.error).toContain('it has no such value now for "production" (no room)')
    expect(run.summary).toContain('Nothing was changed')
    expect(run.outputs).toMatchObject({ changed: 'false', 'failure-reason': 'apply-failed' })
  })

  it.each<[string, string, string]>([
    ['a value', 'DBT_A', ''],
    ['a secret', secretName, `${secretName}: a-given-secret`]
  ])('do not show %s that they repeat', async (_what, name, secrets) => {
    const state = platform()
    addEnvironment(state, target, { name: 'production' })
    addVariable(state, source, { name, environments: { dev: 'a-source-value' } })
    addVariable(state, target, { name, project: 'x' })
    const value = secrets === '' ? 'a-source-value' : 'a-given-secret'
    const run = await promote(await started(state, failing(`${value} is no good`)), { secrets })
    expect(run.error).toMatch(/\*\*\* is no good/)
    expect(run.error).not.toContain(value)
  })

  it('are told of a secret by the id of its value, though a mask is there', async () => {
    const state = platform()
    addEnvironment(state, target, { name: 'production' })
    addVariable(state, source, { name: secretName, project: 'x' })
    const [id = 0] = addVariable(state, target, { name: secretName, project: 'held' })
    const run = await promote(await started(state, failing('no', String(id))), {
      secrets: `${secretName}: given-secret`,
      'rewrite-secrets': 'true'
    })
    expect(run.error).toContain('for "project" (no)')
  })

  it.each(['constructor', 'toString', '__proto__'])(
    'are none of an environment called %s',
    async (name) => {
      const state = platform()
      addVariable(state, source, { name: secretName, environments: { dev: 'x' } })
      const running = await started(state)
      const run = await promote(running, {
        environments: `dev -> ${name}`,
        secrets: `${secretName}: given-secret`
      })
      expect(run.error).toBe('')
      const values = running.state().variables.filter(({ project_id }) => project_id === target)
      expect(values.map(({ raw_value }) => raw_value)).toEqual(['given-secret'])
      expect(valueWrites(run)).toEqual(['POST bulk/'])
    }
  )
})

it('a name that only the override of a job still holds is refused, with what to do', async () => {
  const state = withValues()
  addEnvironment(state, target, { id: 21, name: 'production' })
  addJob(state, 21, { id: 41, name: 'Old' })
  addVariable(state, target, { name: 'DBT_A', jobs: { 41: 'left' } })
  const run = await promote(await started(state))
  expect(run.error).toMatch(/Creating variable DBT_A.*already exists/)
  expect(run.error).toMatch(/override/)
  expect(run.outputs).toMatchObject({ changed: 'false', 'failure-reason': 'apply-failed' })
})

describe('what changes between plan and apply', () => {
  it.each<[string, (state: State) => void]>([
    [
      'a value',
      (state) => {
        state.variables = state.variables.map((row) => ({
          ...row,
          raw_value: row.project_id === target ? 'by hand' : row.raw_value
        }))
      }
    ],
    [
      'a new value',
      (state) => {
        addVariable(state, target, { name: 'DBT_A', environments: { production: 'by hand' } })
      }
    ]
  ])('stops the run: %s', async (_what, edit) => {
    const world = new World(withChanges(), token)
    const spec = specOf(
      { environments: 'dev -> production' },
      { file: 'variables: { update: ["*"] }' }
    )
    const { source: from, target: to } = await world.snapshots(spec)
    const plan = promoting(spec, from).plan(to)
    edit(world.state)
    await expect(
      recheckTarget(promoting(spec, from), plan, to, world.client('target', account))
    ).rejects.toMatchObject({ reason: 'plan-changed' })
  })

  it('is nothing where another secret is there now', async () => {
    const state = withChanges()
    addVariable(state, source, { name: secretName, project: 'x' })
    addVariable(state, target, { name: secretName, project: 'held' })
    const world = new World(state, token)
    const spec = specOf({ environments: 'dev -> production' })
    const { source: from, target: to } = await world.snapshots(spec)
    const plan = promoting(spec, from).plan(to)
    world.state.variables = world.state.variables.map((row) => ({
      ...row,
      raw_value: row.name === secretName ? 'other' : row.raw_value
    }))
    await expect(
      recheckTarget(promoting(spec, from), plan, to, world.client('target', account))
    ).resolves.toBeDefined()
  })
})

describe('a new scheduled job with overrides', () => {
  function scheduled(features: Partial<Features> = {}): State {
    const state = platform(features)
    addJob(state, 11, {
      id: 31,
      name: 'Nightly',
      triggers: {
        schedule: true,
        on_merge: false,
        github_webhook: false,
        git_provider_webhook: false
      }
    })
    addVariable(state, source, { name: 'DBT_A', project: 'p-value', jobs: { 31: 'j-value' } })
    return state
  }
  const triggers = (body: unknown): unknown =>
    (body as { triggers?: { schedule?: boolean } }).triggers?.schedule
  const held = (state: State): boolean | undefined =>
    state.jobs.find(({ project_id }) => project_id === target)?.triggers.schedule

  it.each([true, false])(
    'runs by itself only when they are there (listed: %s)',
    async (jobVariables) => {
      const running = await started(scheduled({ jobVariables }))
      const { writes, error } = await promote(running)
      expect(error).toBe('')
      const sequence = writes
        .filter(({ path }) => path.includes('/jobs/') || path.endsWith('environment-variables/'))
        .map(({ path, body }) =>
          path.includes('/jobs/') ? `job ${String(triggers(body))}` : 'override'
        )
      expect(sequence).toEqual(['job false', 'override', 'job true'])
      expect(held(running.state())).toBe(true)
    }
  )

  it.each<[string, boolean]>([
    ['marker', true],
    // Without a marker nothing tells that the job is unfinished: it stays without triggers.
    ['name', false]
  ])(
    'stays off when one fails, and with track: %s the next run switches it on: %s',
    async (track, expected) => {
      const running = await started(scheduled(), {
        method: 'POST',
        path: single,
        action: { kind: 'respond', status: 400, body: { data: 'no' } }
      })
      const run = await promote(running, { track })
      expect(run.ok).toBe(false)
      expect(held(running.state())).toBe(false)
      const again = await promote(running, { track })
      expect(again.error).toBe('')
      expect(stored(running.state(), target)['DBT_A']).toMatchObject({ 'job Nightly': 'j-value' })
      expect(held(running.state())).toBe(expected)
      expect((await promote(running, { track })).writes).toEqual([])
    }
  )
})
