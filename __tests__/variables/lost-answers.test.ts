// A write of values whose answer is lost: whether it was done is looked up.
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  startSandbox,
  type Fault,
  type FaultAction,
  type Features,
  type Sandbox,
  type State
} from '../../sandbox/index.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import {
  account,
  addEnvironment,
  addJob,
  addVariable,
  platform
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

const lost: FaultAction = { kind: 'reset', when: 'after' }

const never: FaultAction = { kind: 'reset', when: 'before' }

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

describe('a second write whose answer is lost', () => {
  const refusing = (name: string, secrets: string): [State, Fault, Inputs] => {
    const state = platform()
    addEnvironment(state, target, { name: 'production' })
    addVariable(state, source, { name, environments: { dev: 'd-value' } })
    addVariable(state, target, { name, project: 'held' })
    const data = {
      message: '',
      new_var_ids: [],
      deleted_var_ids: [],
      failures: { production: 'no' }
    }
    const status = { code: 200, is_success: true, user_message: '', developer_message: '' }
    const action = {
      kind: 'respond',
      status: 200,
      body: { status, data },
      commit: secrets !== ''
    } as const
    return [state, { method: 'PUT', path: bulk, action }, { secrets }]
  }

  it.each<[string, string, string, string]>([
    ['is looked up', 'DBT_A', '', ''],
    ['is unclear for a secret', secretName, `${secretName}: given-secret`, 'unclear']
  ])('%s', async (_what, name, secrets, reason) => {
    const [state, fault, inputs] = refusing(name, secrets)
    const running = await started(state, fault, {
      method: 'PUT',
      path: bulk,
      nth: 2,
      times: null,
      action: lost
    })
    const run = await promote(running, inputs)
    expect(run.outputs['failure-reason']).toBe(reason)
    expect(run.outputs.changed).toBe('true')
    expect(Object.keys(stored(running.state(), target)[name] ?? {})).toContain('production')
  })
})

describe('a lost answer', () => {
  it.each<[string, () => State, string]>([
    ['the creation', withValues, 'POST'],
    ['the update', withChanges, 'PUT']
  ])(
    'to %s of a variable is looked up, and the write not told as failed',
    async (_what, seed, method) => {
      const running = await started(seed(), { method, path: bulk, action: lost })
      const run = await promote(running)
      expect(run.error).toBe('')
      const held =
        seed === withValues ? whole : { DBT_A: { project: 'held', production: 'd-value' } }
      expect(stored(running.state(), target)).toEqual(held)
      expect(
        running.state().variables.filter(({ project_id }) => project_id === target)
      ).toHaveLength(2)
      expect((await promote(running)).writes).toEqual([])
    }
  )

  it('to a creation is never followed by another', async () => {
    const running = await started(withValues(), {
      method: 'POST',
      path: bulk,
      action: lost,
      times: null
    })
    expect(valueWrites(await promote(running))).toEqual(['POST bulk/'])
    expect(stored(running.state(), target)).toEqual(whole)
  })

  it('to a creation that did not happen is unclear, and the next run completes it', async () => {
    const running = await started(withValues(), { method: 'POST', path: bulk, action: never })
    const run = await promote(running)
    expect(valueWrites(run)).toEqual(['POST bulk/'])
    expect(run.outputs['failure-reason']).toBe('unclear')
    expect((await promote(running)).error).toBe('')
    expect(stored(running.state(), target)).toEqual(whole)
  })

  it('to a creation that was done in part is completed', async () => {
    const state = withValues()
    const running = await started(state, { method: 'POST', path: bulk, action: lost })
    // As if the platform did not know the environment yet: its value goes before anybody looks.
    const first = promote(running)
    const poll = setInterval(() => {
      const now = running.state()
      const row = now.variables.find(
        (each) => each.project_id === target && each.environment_id !== null
      )
      if (!row) return
      clearInterval(poll)
      running.setState({ ...now, variables: now.variables.filter(({ id }) => id !== row.id) })
    }, 1)
    expect((await first).error).toBe('')
    clearInterval(poll)
    expect(stored(running.state(), target)).toEqual(whole)
  })

  function withOverride(name = 'DBT_A'): State {
    const state = platform()
    addJob(state, 11, { id: 31, name: 'Nightly' })
    addVariable(state, source, { name, project: 'p-value', jobs: { 31: 'j-value' } })
    return state
  }

  it.each<[string, FaultAction, string]>([
    ['is there is taken', lost, ''],
    ['is not there is unclear', never, 'unclear']
  ])('to the creation of an override that %s', async (_what, action, reason) => {
    const running = await started(withOverride(), { method: 'POST', path: single, action })
    const run = await promote(running)
    expect(run.outputs['failure-reason']).toBe(reason)
    expect(valueWrites(run)).toEqual(['POST bulk/', 'POST '])
    const again = await promote(running)
    expect(again.error).toBe('')
    expect(valueWrites(again)).toEqual(reason === '' ? [] : ['POST '])
    expect(stored(running.state(), target)['DBT_A']).toMatchObject({ 'job Nightly': 'j-value' })
    expect(
      running
        .state()
        .variables.filter(({ type, project_id }) => type === 'job' && project_id === target)
    ).toHaveLength(1)
  })

  it.each<[string, string, string]>([
    ['a value is looked up', '', ''],
    ['a secret is not told as done', 'true', 'unclear']
  ])('to every write over %s', async (_what, rewrite, reason) => {
    const state = rewrite === '' ? withChanges() : platform()
    if (rewrite !== '') {
      addEnvironment(state, target, { name: 'production' })
      addVariable(state, source, { name: secretName, project: 'x' })
      addVariable(state, target, { name: secretName, project: 'held' })
    }
    const running = await started(state, { method: 'PUT', path: bulk, action: lost, times: null })
    const inputs = {
      'rewrite-secrets': rewrite,
      secrets: rewrite === '' ? '' : `${secretName}: given`
    }
    const run = await promote(running, inputs)
    expect(run.outputs['failure-reason']).toBe(reason)
    expect(run.log).not.toMatch(reason === '' ? /unclear/ : /^updated variable/m)
    running.clearFaults()
    const again = await promote(running, inputs)
    expect(again.error).toBe('')
  })

  it.each<[string, string | null, string]>([
    ['another value', 'other', 'unclear'],
    ['a mask', '**********', ''],
    ['no value', null, '']
  ])('that is not lost and shows %s', async (_what, display_value, reason) => {
    const state = withOverride()
    addEnvironment(state, target, { name: 'production' })
    const running = await started(state, {
      method: 'POST',
      path: single,
      action: {
        kind: 'respond',
        status: 201,
        body: { status: { code: 201, is_success: true }, data: { id: 9, display_value } }
      }
    })
    const run = await promote(running)
    expect(run.outputs['failure-reason']).toBe(reason)
    expect(run.log).not.toContain(reason === '' ? 'unclear' : 'created override')
  })

  it('to every write over a secret override is not told as done', async () => {
    const running = await started(withOverride(secretName))
    const secrets = `${secretName}: given-one`
    expect((await promote(running, { secrets })).error).toBe('')
    running.addFault({ method: 'POST', path: `${single}*`, action: lost, times: null })
    const run = await promote(running, {
      secrets: `${secretName}:\n  production/Nightly: given-two`,
      'rewrite-secrets': 'true'
    })
    expect(run.outputs['failure-reason']).toBe('unclear')
    expect(run.outputs.changed).toBe('true')
    expect(run.log).not.toMatch(/^updated override/m)
  })
})
