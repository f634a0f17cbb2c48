// What somebody changes while a promotion is under way is not put back, and not taken for its own.
import { afterEach, describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { startSandbox, type Sandbox, type State } from '../../sandbox/index.ts'
import { applyPlan } from '../../src/apply/apply.ts'
import { recheckTarget } from '../../src/apply/recheck.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import { promoting } from '../../src/promotion/planner.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import { World } from '../../testing/promote.ts'
import { runAction } from '../../testing/runner/run-action.ts'
import {
  account,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addVariable,
  platform,
  source,
  specOf,
  stored,
  target,
  token
} from '../../testing/worlds/variables.ts'

let sandbox: Sandbox | undefined

afterEach(async () => {
  await sandbox?.close()
  sandbox = undefined
})

/** Values of each kind on both sides, long enough to be found wherever they show. */
const value = 'postgres://reader@db.internal/sales'

function withEverything(jobVariables = false): State {
  const state = platform({ jobVariables })
  const own = addExtendedAttributes(state, source, { extended_attributes: { dsn: value } })
  const there = addExtendedAttributes(state, target, { extended_attributes: { dsn: `${value}2` } })
  state.environments = state.environments.map((each) =>
    each.id === 11 ? { ...each, extended_attributes_id: own } : each
  )
  addEnvironment(state, target, { id: 21, name: 'production', extended_attributes_id: there })
  addJob(state, 11, { id: 31, name: 'Nightly' })
  addVariable(state, source, { name: 'DBT_DSN', project: value, jobs: { 31: `${value}3` } })
  addVariable(state, target, { name: 'DBT_DSN', project: `${value}4` })
  return state
}

describe('what somebody changes while environments are written', () => {
  const spec = specOf(
    { environments: 'dev -> production\nstaging', 'custom-branch': 'main' },
    { file: 'variables: { update: ["*"] }' }
  )

  function seed(): State {
    const state = platform()
    addEnvironment(state, target, { id: 21, name: 'production' })
    for (const name of ['DBT_A', 'DBT_B']) {
      addVariable(state, source, { name, project: 'wanted', environments: { dev: 'wanted-too' } })
      addVariable(state, target, {
        name,
        project: 'held',
        environments: { production: 'held-too' }
      })
    }
    return state
  }

  /** Applies a plan, and lets somebody in between the last look and the first write. */
  async function applied(
    world: World,
    of: PromotionSpec,
    edit: (state: State) => void
  ): Promise<{ plan: Plan; outcomes: readonly Outcome[] }> {
    const { source: from, target: to } = await world.snapshots(of)
    const plan = promoting(of, from).plan(to)
    const client = world.client('target', account)
    const now = await recheckTarget(promoting(of, from), plan, to, client)
    edit(world.state)
    const outcomes = await applyPlan(plan, now, client, {
      parallelism: 10,
      secrets: new Map(),
      onProgress: () => undefined,
      sleep: () => Promise.resolve()
    })
    return { plan, outcomes }
  }

  it('is not put back', async () => {
    const world = new World(seed(), token)
    const { plan, outcomes } = await applied(world, spec, (state) => {
      state.variables = state.variables.map((row) =>
        row.project_id === target && row.name === 'DBT_A' && row.type === 'environment'
          ? { ...row, raw_value: 'by hand' }
          : row
      )
    })
    expect(stored(world.state, target).DBT_A).toEqual({ project: 'held', production: 'by hand' })
    const byKey = new Map(outcomes.map((each) => [each.key, each]))
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(byKey.get('variable:DBT_A')).toMatchObject({
      status: 'failed',
      error: { reason: 'plan-changed' }
    })
    expect(byKey.get('variable:DBT_B')?.status).toBe('not-attempted')
  })

  it('is not taken over where both made it new', async () => {
    const state = seed()
    addVariable(state, source, { name: 'DBT_NEW', project: 'from source' })
    const world = new World(state, token)
    const { outcomes } = await applied(world, spec, (now) => {
      addVariable(now, target, { name: 'DBT_NEW', project: 'by hand' })
    })
    expect(stored(world.state, target).DBT_NEW).toEqual({ project: 'by hand' })
    expect(outcomes.find(({ key }) => key === 'variable:DBT_NEW')).toMatchObject({
      status: 'failed',
      error: { reason: 'plan-changed' }
    })
  })

  it('stops nothing where it is another variable', async () => {
    const world = new World(seed(), token)
    const { outcomes } = await applied(world, spec, (state) => {
      addVariable(state, target, { name: 'DBT_C', project: 'new' })
    })
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']))
    expect(stored(world.state, target).DBT_A).toEqual({
      project: 'wanted',
      production: 'wanted-too'
    })
  })

  it('stops them all where the variables can not be read any more', async () => {
    const state = seed()
    sandbox = await startSandbox({ seed: state })
    // For the plan, for the look before the first write, and then no more.
    sandbox.addFault({
      method: 'GET',
      path: `*/projects/${String(target)}/environment-variables/environment/`,
      nth: 3,
      times: null,
      action: { kind: 'respond', status: 403, body: '' }
    })
    const run = await runAction(
      {
        token,
        host: sandbox.url,
        'account-id': String(account),
        'source-project': String(source),
        'target-project': String(target),
        environments: 'dev -> production\nstaging',
        resources: 'environments\nvariables',
        'custom-branch': 'main',
        secrets: 'DBT_A: given-value-1',
        'rewrite-secrets': 'true'
      },
      { sandbox }
    )
    expect(run.outputs['failure-reason']).toBe('apply-failed')
    expect(run.writes.filter(({ path }) => path.includes('bulk'))).toEqual([])
    expect(run.error).toMatch(/Reading the variables of the target project/)
  })
})

describe('what somebody sets in the moment of the write', () => {
  const secrets = new Map([['DBT_ENV_SECRET_A', 'given']])
  const spec = specOf(
    { environments: 'dev -> production', resources: 'environments\nvariables' },
    { secrets }
  )

  /** A platform where somebody is quick: before or after the first write of a variable. */
  class Quick extends World {
    readonly #edit: (state: State) => void
    readonly #when: 'before' | 'after'
    #isDone = false

    constructor(state: State, when: 'before' | 'after', edit: (state: State) => void) {
      super(state, token)
      this.#when = when
      this.#edit = edit
    }

    override client(role: 'source' | 'target', own: number): ReturnType<World['client']> {
      const inner = super.client(role, own)
      return {
        ...inner,
        sendTold: async (request, doing) => {
          const isFirst = request.path.endsWith('/bulk/') && !this.#isDone
          this.#isDone ||= isFirst
          if (isFirst && this.#when === 'before') this.#edit(this.state)
          const told = await inner.sendTold(request, doing)
          if (isFirst && this.#when === 'after') this.#edit(this.state)
          return told
        }
      }
    }
  }

  function seed(name: string): State {
    const state = platform()
    addEnvironment(state, target, { id: 21, name: 'production' })
    addVariable(state, source, { name, project: 'p', environments: { dev: 'd-value' } })
    addVariable(state, target, { name, project: 'p' })
    return state
  }

  it.each(['DBT_A', 'DBT_ENV_SECRET_A'])(
    'a value of %s where there was none stays',
    async (name) => {
      const world = new Quick(seed(name), 'before', (state) => {
        addVariable(state, target, { name, environments: { production: 'by hand' } })
      })
      const { outcomes } = await world.promote(spec, secrets)
      expect(stored(world.state, target)[name]).toEqual({ project: 'p', production: 'by hand' })
      expect(outcomes).toMatchObject([
        { status: 'unclear', error: { message: expect.stringMatching(/somebody else/) as unknown } }
      ])
    }
  )

  it('another value than the one that was written stays', async () => {
    const world = new Quick(seed('DBT_A'), 'after', (state) => {
      state.variables = state.variables.map((row) =>
        row.raw_value === 'd-value' && row.project_id === target
          ? { ...row, raw_value: 'by hand' }
          : row
      )
    })
    const { outcomes } = await world.promote(spec)
    expect(stored(world.state, target).DBT_A).toEqual({ project: 'p', production: 'by hand' })
    expect(outcomes).toMatchObject([{ status: 'unclear' }])
  })
})

it('a record that comes to be shared before the write is not changed for both', async () => {
  const state = withEverything()
  addEnvironment(state, target, { id: 22, name: 'other' })
  const record = state.environments.find(({ id }) => id === 21)?.extended_attributes_id ?? 0
  const spec = specOf({
    environments: 'dev -> production',
    resources: 'environments\nextended-attributes',
    'custom-branch': 'main'
  })
  const world = new World(state, token)
  const { source: from, target: to } = await world.snapshots(spec)
  const plan = promoting(spec, from).plan(to)
  world.state.environments = world.state.environments.map((each) =>
    each.id === 22 ? { ...each, extended_attributes_id: record } : each
  )
  await expect(
    recheckTarget(promoting(spec, from), plan, to, world.client('target', account))
  ).rejects.toMatchObject({ reason: 'plan-changed' })
})

it('a good answer is believed where a stop leaves no time to read back, but for environments that are new', async () => {
  class Stopped extends World {
    override client(role: 'source' | 'target', own: number): ReturnType<World['client']> {
      const inner = super.client(role, own)
      return {
        ...inner,
        send: (request, doing) =>
          this.sent.some(({ path }) => path.endsWith('/bulk/'))
            ? Promise.reject(new Failure('cancelled', 'The run was cancelled.'))
            : inner.send(request, doing)
      }
    }
  }
  const state = platform()
  addEnvironment(state, target, { id: 21, name: 'production' })
  addVariable(state, source, { name: 'DBT_A', project: 'p', environments: { dev: 'd' } })
  addVariable(state, source, { name: 'DBT_B', project: 'p', environments: { staging: 's' } })
  const { outcomes } = await new Stopped(state, token).promote(
    specOf({
      environments: 'dev -> production\nstaging',
      resources: 'environments\nvariables'
    })
  )
  const byKey = new Map(outcomes.map(({ key, status }) => [key, status]))
  expect(byKey.get('variable:DBT_A')).toBe('applied')
  expect(byKey.get('variable:DBT_B')).toBe('unclear')
})
