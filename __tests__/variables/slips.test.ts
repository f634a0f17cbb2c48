// Where values slipped out, were put back or were taken for something else: each found by somebody who tried.
import { afterEach, describe, expect, it } from '@jest/globals'
import { startSandbox, type Fault, type Sandbox, type State } from '../../sandbox/index.ts'
import { applyPlan } from '../../src/apply/apply.ts'
import { recheckTarget } from '../../src/apply/recheck.ts'
import type { Outcome } from '../../src/promotion/outcome.ts'
import { planPromotion, type Plan } from '../../src/promotion/plan.ts'
import { promoting } from '../../src/promotion/planner.ts'
import type { PromotionSpec } from '../../src/promotion/spec.ts'
import { World } from '../support/promote.ts'
import { runAction, type ActionRun, type Inputs } from '../support/run-action.ts'
import {
  account,
  addCredentials,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addProfile,
  addVariable,
  platform,
  source,
  specOf,
  stored,
  target,
  token
} from './world.ts'

let sandbox: Sandbox | undefined
afterEach(async () => {
  await sandbox?.close()
  sandbox = undefined
})

const all = 'environments\njobs\nvariables\noverrides\nextended-attributes'

async function promote(
  state: State,
  faults: readonly Fault[],
  more: Inputs = {}
): Promise<ActionRun> {
  sandbox = await startSandbox({ seed: state })
  for (const fault of faults) sandbox.addFault(fault)
  return runAction(
    {
      token,
      host: sandbox.url,
      'account-id': String(account),
      'source-project': String(source),
      'target-project': String(target),
      environments: 'dev -> production',
      resources: all,
      ...more
    },
    { sandbox }
  )
}

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

describe('a reading of values that fails tells nothing of its answer', () => {
  const readings: readonly (readonly [string, string, boolean])[] = [
    ['variables', '*/environment-variables/environment/', false],
    ['overrides', '*/environment-variables/job/', false],
    ['overrides with the jobs', '*/jobs/', true],
    ['extended attributes', '*/extended-attributes/*', false]
  ]
  const data = { variables: { DBT_DSN: { project: { id: 1, value } } } }
  const status = (code: number, words: object): object => ({ code, is_success: false, ...words })
  const answers: readonly (readonly [string, Fault['action'], RegExp])[] = [
    ['cut JSON', { kind: 'respond', status: 200, body: `{"data":{"a":"${value}"` }, /no JSON/],
    ['a text', { kind: 'respond', status: 502, body: `upstream said ${value}` }, /not shown/],
    ['another shape', { kind: 'respond', status: 200, body: { data: [value] } }, /shape/],
    [
      'an envelope that says failure',
      {
        kind: 'respond',
        status: 200,
        body: { status: status(400, { user_message: 'Try again.' }), data } as never
      },
      /Try again/
    ],
    [
      'words for developers',
      {
        kind: 'respond',
        status: 400,
        body: { status: status(400, { developer_message: `bad ${value}` }), data: null } as never
      },
      /not shown/
    ]
  ]
  const cases = readings.flatMap(([what, path, jobVariables]) =>
    answers.map(([how, action, said]) => ({ what, how, path, jobVariables, action, said }))
  )

  it.each(cases)('$what: $how', async ({ path, jobVariables, action, said }) => {
    const run = await promote(withEverything(jobVariables), [
      { method: 'GET', path, times: null, action }
    ])
    expect(run.ok).toBe(false)
    expect(run.error).toMatch(said)
    expect(JSON.stringify(run.notes)).not.toContain('db.internal')
    expect(run.writes).toEqual([])
  })
})

it('a secret that any answer repeats is hidden, however it is spelled', async () => {
  const secret = 'p@ss/w rd "1"'
  const state = withEverything()
  addVariable(state, source, { name: 'DBT_ENV_SECRET_A', project: 'x' })
  const spellings = [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    JSON.stringify(secret).slice(1, -1)
  ]
  const run = await promote(
    state,
    [
      {
        method: 'POST',
        path: '*/jobs/',
        action: { kind: 'respond', status: 400, body: { data: { echo: spellings.join(' and ') } } }
      }
    ],
    { secrets: `DBT_ENV_SECRET_A: ${JSON.stringify(secret)}` }
  )
  expect(run.error).toContain('*** and *** and ***')
  const shown = JSON.stringify(run.notes.filter(({ kind }) => kind !== 'mask'))
  for (const each of spellings) expect(shown).not.toContain(each)
})

describe('the override of a variable that was deleted', () => {
  /** A target whose job `Nightly` still holds DBT_A, which is a variable no more. */
  async function withOrphan(jobVariables: boolean, others: boolean): Promise<World> {
    const state = platform({ jobVariables })
    addJob(state, 11, { id: 31, name: 'Nightly' })
    addEnvironment(state, target, { id: 21, name: 'production' })
    const world = new World(state, token)
    await world.promote(specOf({ environments: 'dev -> production' }))
    const job = world.state.jobs.find(({ project_id }) => project_id === target)
    addVariable(world.state, source, { name: 'DBT_A', project: 'p', jobs: { 31: 'wanted' } })
    addVariable(world.state, target, { name: 'DBT_A', jobs: { [String(job?.id)]: 'left' } })
    if (others) addVariable(world.state, target, { name: 'DBT_B', project: 'p' })
    return world
  }
  const spec = specOf({ environments: 'dev -> production' })

  it.each([
    [true, true],
    [true, false],
    [false, true]
  ])('stops the plan (listed: %s, other variables: %s)', async (jobVariables, others) => {
    const world = await withOrphan(jobVariables, others)
    const { problems } = await world.plan(spec)
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Variable DBT_A was deleted in project "Target", and job \d+ "Nightly" still overrides it/
      )
    ])
  })

  it('is what the platform complains of where nothing tells of it, and no changed target', async () => {
    const world = await withOrphan(false, false)
    const { outcomes } = await world.promote(spec)
    expect(outcomes[0]?.error?.message).toMatch(/already exists/)
  })
})

it('an override that is listed with its job and not told for it is not made anew', async () => {
  const state = platform({ jobVariables: true })
  addJob(state, 11, { id: 31, name: 'Nightly' })
  addVariable(state, source, { name: 'DBT_A', project: 'p', jobs: { 31: 'wanted' } })
  const spec = specOf(
    { environments: 'dev -> production' },
    { file: 'variables: { update: ["*"] }' }
  )
  const world = new World(state, token)
  await world.promote(spec)
  world.state.variables = world.state.variables.map((row) =>
    row.project_id === target && row.type === 'job' ? { ...row, raw_value: 'other' } : row
  )
  const { outcomes, writes } = await new Silent(world.state).promote(spec)
  expect(writes).toEqual([])
  expect(outcomes.map(({ status, error }) => [status, error?.message])).toEqual([
    ['failed', expect.stringMatching(/lists this value with the job, and does not show it/)]
  ])
})

/** A platform that tells no overrides of a job by itself. */
class Silent extends World {
  constructor(state: State) {
    super(state, token)
  }

  override client(role: 'source' | 'target', own: number): ReturnType<World['client']> {
    const inner = super.client(role, own)
    return {
      ...inner,
      send: (request, doing) =>
        request.path.endsWith('/environment-variables/job/')
          ? Promise.resolve({})
          : inner.send(request, doing)
    }
  }
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
    const plan = planPromotion(of, from, to)
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
    expect(plan.problems).toEqual([])
    expect(byKey.get('variable:DBT_A')).toMatchObject({
      status: 'failed',
      error: { reason: 'plan-changed' }
    })
    expect(byKey.get('variable:DBT_B')?.status).toBe('not-attempted')
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

describe('extended attributes', () => {
  const spec = specOf({
    environments: 'dev -> production',
    resources: 'environments\nextended-attributes'
  })

  it.each([
    ['by the id of their environment', '21', true],
    ['by the name of their environment', 'production', true],
    ['not by their own id, which is that of something else', '900', false]
  ])('are protected %s', async (_how, protect, isProtected) => {
    const state = withEverything()
    const own = addExtendedAttributes(state, target, {
      id: 900,
      extended_attributes: { dsn: `${value}5` }
    })
    state.environments = state.environments.map((each) =>
      each.id === 21 ? { ...each, extended_attributes_id: own } : each
    )
    const inputs = {
      environments: 'dev -> production',
      resources: 'environments\nextended-attributes',
      protect
    }
    const { problems } = await new World(state, token).plan(specOf(inputs))
    expect(problems.map(({ message }) => message)).toEqual(
      isProtected
        ? [
            'The plan would update the extended attributes of environment "production", which is protected.'
          ]
        : []
    )
  })

  /** `production` and `staging` of the target with one profile, whose record both have. */
  function shared(mirrored: boolean): State {
    const state = withEverything()
    const record = addExtendedAttributes(state, target, { extended_attributes: { a: 1 } })
    const credentials_id = addCredentials(state, target, {})
    const profile = addProfile(state, target, { credentials_id, extended_attributes_id: record })
    const bindings = { credentials_id, primary_profile_id: profile }
    state.environments = state.environments.map((each) =>
      each.id === 21 ? { ...each, ...bindings, extended_attributes_id: record } : each
    )
    addEnvironment(state, target, {
      id: 22,
      name: 'staging',
      ...bindings,
      extended_attributes_id: mirrored ? record : null
    })
    return state
  }

  it.each([true, false])(
    'of a profile that others have stay theirs, with an alarm (mirrored: %s)',
    async (mirrored) => {
      const world = new World(shared(mirrored), token)
      const { plan, state } = await world.promote(spec)
      expect(plan.alarms.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(
          /^Environment "production" shares profile \d+ with "staging", and gets bindings of its own/
        )
      )
      expect(
        state.extendedAttributes.map(({ extended_attributes }) => extended_attributes)
      ).toContainEqual({ a: 1 })
      expect((await world.promote(spec)).writes).toEqual([])
    }
  )

  it('of a profile that nobody else has raise no such alarm', async () => {
    const state = shared(true)
    state.environments = state.environments.filter(({ id }) => id !== 22)
    const { alarms } = await new World(state, token).plan(spec)
    expect(alarms.map(({ message }) => message)).toEqual([
      'The extended attributes of environment "production" change.'
    ])
  })
})

it('a new override of a job that is there is an alarm, and one of a new job is none', async () => {
  const state = platform()
  addJob(state, 11, { id: 31, name: 'Nightly' })
  addVariable(state, source, { name: 'DBT_A', project: 'p', jobs: { 31: 'j' } })
  const world = new World(state, token)
  const first = await world.promote(specOf({ environments: 'dev -> production' }))
  expect(first.plan.alarms).toEqual([])
  addVariable(world.state, source, { name: 'DBT_B', project: 'p', jobs: { 31: 'j' } })
  const { alarms } = await world.plan(specOf({ environments: 'dev -> production' }))
  expect(alarms.map(({ kind, message }) => [kind, message])).toContainEqual([
    'protected',
    'Variable DBT_B gets a value of its own for job "Nightly" in "production", where that of the environment or the project counted until now.'
  ])
})
