// Extended attributes that come to be seen by others, are too long, or hold what is no number.
import { afterEach, describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { startSandbox, type Fault, type Sandbox, type State } from '../../sandbox/index.ts'
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
    const { problems } = byLevel((await new World(state, token).plan(specOf(inputs))).remarks)
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
      expect(byLevel(plan.remarks).alarms.map(({ message }) => message)).toContainEqual(
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
    const { alarms } = byLevel((await new World(state, token).plan(spec)).remarks)
    expect(alarms.map(({ message }) => message)).toEqual([
      'The extended attributes of environment "production" change.'
    ])
  })
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
  expect(byLevel((await new World(state, token).plan(spec)).remarks).problems).toEqual([])
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
