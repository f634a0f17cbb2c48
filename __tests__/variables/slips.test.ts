// Where values slipped out, were put back or were taken for something else: each found by somebody who tried.
import { afterEach, describe, expect, it } from '@jest/globals'
import { startSandbox, type Fault, type Sandbox, type State } from '../../sandbox/index.ts'
import { applyPlan } from '../../src/apply/apply.ts'
import { recheckTarget } from '../../src/apply/recheck.ts'
import { Failure } from '../../src/model/failure.ts'
import { hiding } from '../../src/model/hide.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import { planPromotion, type Plan } from '../../src/promotion/plan.ts'
import { promoting } from '../../src/promotion/planner.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import type { SecretValues } from '../../src/model/secrets.ts'
import { planFile } from '../../src/report/plan-file.ts'
import { World } from '../../testing/promote.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
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
} from '../../testing/worlds/variables.ts'

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

describe('variables.update', () => {
  it.each<[string, readonly string[]]>([
    ['["*", "!DBT_B"]', ['DBT_A']],
    ['["DBT_?", "! DBT_A"]', ['DBT_B']],
    ['["!DBT_*", "DBT_A"]', []]
  ])('%s changes %j', async (update, expected) => {
    const state = platform()
    addEnvironment(state, target, { id: 21, name: 'production' })
    for (const name of ['DBT_A', 'DBT_B']) {
      addVariable(state, source, { name, project: 'new' })
      addVariable(state, target, { name, project: 'old' })
    }
    const world = new World(state, token)
    const { plan } = await world.promote(
      specOf({ environments: 'dev -> production' }, { file: `variables: { update: ${update} }` })
    )
    const values = stored(world.state, target)
    const changed = Object.keys(values).filter((name) => values[name]?.project === 'new')
    expect(changed).toEqual(expected)
    expect(plan.warnings).toEqual([])
  })

  it.each<[string, string]>([
    [
      '["!DBT_A"]',
      'variables.update has no effect: all of its lines leave out, and none takes a variable.'
    ],
    ['["*", "!DBT_Z"]', 'The line "!DBT_Z" in variables.update matches no variable of the source.']
  ])('%s is told', async (update, warning) => {
    const state = platform()
    addVariable(state, source, { name: 'DBT_A', project: 'new' })
    const spec = specOf({ environments: 'dev' }, { file: `variables: { update: ${update} }` })
    expect((await new World(state, token).plan(spec)).warnings).toContainEqual(warning)
  })

  it.each(['"!"', '"!12"', '"12"'])('refuses %s', (line) => {
    expect(() => specOf({}, { file: `variables: { update: [${line}] }` })).toThrow(
      'is no name of a variable'
    )
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
  const plan = planPromotion(spec, from, to)
  world.state.environments = world.state.environments.map((each) =>
    each.id === 22 ? { ...each, extended_attributes_id: record } : each
  )
  await expect(
    recheckTarget(promoting(spec, from), plan, to, world.client('target', account))
  ).rejects.toMatchObject({ reason: 'plan-changed' })
})

describe('an error of a write tells no value, of whatever is there', () => {
  const echo = (text: string): Fault['action'] => ({
    kind: 'respond',
    status: 400,
    body: { data: { error: `it is ${text} now` } }
  })
  /** Everything, so that each kind is written. */
  function withWrites(): State {
    const state = withEverything()
    addVariable(state, source, { name: 'DBT_NEW', project: `${value}5` })
    return state
  }

  it.each<[string, string, string]>([
    ['a variable', 'POST', '*/bulk/'],
    ['extended attributes', 'PATCH', '*/extended-attributes/*'],
    ['an override', 'POST', '*/environment-variables/'],
    ['a job', 'POST', '*/jobs/']
  ])('%s', async (_what, method, path) => {
    const texts = [value, ...['2', '3', '4', '5'].map((more) => `${value}${more}`)]
    const run = await promote(withWrites(), [
      { method, path, times: null, action: echo(texts.join(' ')) }
    ])
    expect(run.error).toContain('it is *** *** *** *** *** now')
    expect(JSON.stringify(run.notes)).not.toContain('db.internal')
  })

  it('in the reasons of a good answer neither, nor a secret or the token', async () => {
    const secret = 'a-secret-of-some-length'
    const state = withEverything()
    addVariable(state, source, { name: 'DBT_ENV_SECRET_A', project: 'x' })
    const reason = `conflicts with ${secret}, ${token}, ${value}4 ${'x'.repeat(5000)}`
    const body = {
      status: { code: 200, is_success: true },
      data: { failures: { project: reason } }
    }
    const run = await promote(
      state,
      [
        {
          method: 'POST',
          path: '*/bulk/',
          times: null,
          action: { kind: 'respond', status: 200, body }
        }
      ],
      { secrets: `DBT_ENV_SECRET_A: ${secret}` }
    )
    expect(run.error).toContain('conflicts with ***, ***, ***')
    expect(run.error.length).toBeLessThan(1000)
  })
})

it('an override that a deleted variable left in the source is left out, and told', async () => {
  const state = platform()
  addJob(state, 11, { id: 31, name: 'Nightly' })
  addVariable(state, source, { name: 'DBT_Z', project: 'p' })
  addVariable(state, source, { name: 'DBT_GONE', jobs: { 31: 'left' } })
  const { plan, writes } = await new World(state, token).promote(specOf({ environments: 'dev' }))
  expect(plan.problems).toEqual([])
  expect(plan.warnings).toContainEqual(
    expect.stringMatching(/^Source job 31 "Nightly" overrides variable DBT_GONE, which/)
  )
  expect(JSON.stringify(writes)).not.toContain('DBT_GONE')
})

it('an override of a variable that the target does not have any more is not changed', async () => {
  const state = platform()
  addJob(state, 11, { id: 31, name: 'Nightly' })
  const world = new World(state, token)
  const spec = specOf({ environments: 'dev' }, { file: 'variables: { update: ["*"] }' })
  await world.promote(spec)
  const job = world.state.jobs.find(({ project_id }) => project_id === target)
  addVariable(world.state, source, {
    name: 'DBT_A',
    environments: { staging: 's' },
    jobs: { 31: 'j' }
  })
  addVariable(world.state, target, { name: 'DBT_A', jobs: { [String(job?.id)]: 'left' } })
  addVariable(world.state, target, { name: 'DBT_Z', project: 'p' })
  const { problems } = await world.plan(spec)
  expect(problems.map(({ message }) => message)).toEqual([
    'Variable DBT_A is overridden for job "Nightly", and project "Target" has no such variable.'
  ])
})

it('extended attributes that stay as they are may be longer than the platform takes today', async () => {
  const state = withEverything()
  const long = { a: 'x'.repeat(5000), b: '***' }
  state.extendedAttributes = state.extendedAttributes.map((each) => ({
    ...each,
    extended_attributes: long
  }))
  const spec = specOf({
    environments: 'dev -> production',
    resources: 'environments\nextended-attributes'
  })
  expect((await new World(state, token).plan(spec)).problems).toEqual([])
})

it('the place of a secret that is an environment and a job is a problem', async () => {
  const state = platform()
  addEnvironment(state, source, { id: 13, name: 'US' })
  addEnvironment(state, source, { id: 14, name: 'US/Nightly' })
  addJob(state, 13, { id: 31, name: 'Nightly' })
  addVariable(state, source, {
    name: 'DBT_ENV_SECRET_A',
    environments: { 'US/Nightly': 'e' },
    jobs: { 31: 'j' }
  })
  const planWith = async (secrets: SecretValues): Promise<Plan> =>
    new World(state, token).plan(specOf({ environments: 'US*' }, { secrets }))
  const places = new Map([['DBT_ENV_SECRET_A', new Map([['US/Nightly', 'one']])]])
  expect((await planWith(places)).problems.map(({ message }) => message)).toEqual([
    'In the secret DBT_ENV_SECRET_A, "US/Nightly" is the name of an environment, and a job in an environment too.'
  ])
  expect((await planWith(new Map([['DBT_ENV_SECRET_A', 'one']]))).problems).toEqual([])
})

it('a plan file that shows values shows no secret that some value is', async () => {
  const state = platform()
  addVariable(state, source, { name: 'DBT_A', project: 'hunter2-hunter2' })
  const plan = await new World(state, token).plan(specOf({ environments: 'dev' }))
  expect(planFile(plan, true, hiding(['hunter2-hunter2']))).toContain('"after": "***"')
  expect(planFile(plan, true, hiding(['another-secret']))).toContain('"after": "hunter2-hunter2"')
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

it('extended attributes with a number beyond all bounds are not read as none', async () => {
  const state = withEverything()
  const huge: Fault = {
    method: 'GET',
    path: `*/projects/${String(source)}/extended-attributes/*`,
    times: null,
    action: {
      kind: 'respond',
      status: 200,
      body: '{"status":{"code":200,"is_success":true},"data":{"id":1,"extended_attributes":{"a":1e999}}}'
    }
  }
  const run = await promote(state, [huge])
  expect(run.error).toMatch(/free of numbers beyond all bounds/)
  expect(run.writes).toEqual([])
})
