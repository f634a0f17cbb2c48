// No message tells a value: neither where reading or writing fails, nor where an answer repeats it, nor in a plan file.
import { afterEach, describe, expect, it } from '@jest/globals'
import { startSandbox, type Fault, type Sandbox, type State } from '../../sandbox/index.ts'
import { hiding } from '../../src/model/hide.ts'
import { planFile } from '../../src/report/plan-file.ts'
import { World } from '../../testing/promote.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import {
  account,
  addEnvironment,
  addExtendedAttributes,
  addJob,
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

it('a plan file that shows values shows no secret that some value is', async () => {
  const state = platform()
  addVariable(state, source, { name: 'DBT_A', project: 'hunter2-hunter2' })
  const plan = await new World(state, token).plan(specOf({ environments: 'dev' }))
  expect(planFile(plan, true, hiding(['hunter2-hunter2']))).toContain('"after": "***"')
  expect(planFile(plan, true, hiding(['another-secret']))).toContain('"after": "hunter2-hunter2"')
})
