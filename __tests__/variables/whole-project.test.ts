// A project with 40 variables, 6 secrets, 5 environments and overrides arrives complete in one run; a second run writes
// nothing; and nothing that is a value shows anywhere.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startSandbox, type Features, type Sandbox, type State } from '../../sandbox/index.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import { account, platform, stored, token } from '../../testing/worlds/variables.ts'
import {
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addVariable
} from '../../testing/worlds/variables.ts'

const environments = ['dev', 'staging', 'qa', 'demo', 'loads']
const secretNames = Array.from({ length: 6 }, (_, index) => `DBT_ENV_SECRET_${String(index)}`)
const plainNames = Array.from({ length: 34 }, (_, index) => `DBT_PLAIN_${String(index)}`)
const marked = (text: string): string => `zebra-${text}-value`

/** 40 variables, 6 of them secret, in the project and in some environments; two jobs that override three of them. */
function seed(features: Partial<Features> = {}): State {
  const state = platform(features)
  for (const name of environments.slice(2)) addEnvironment(state, 1, { name })
  const attributes = addExtendedAttributes(state, 1, {
    extended_attributes: {
      warehouse: marked('warehouse'),
      port: 54_321,
      nested: { role: marked('role') }
    }
  })
  state.environments = state.environments.map((each) =>
    each.name === 'staging' || each.name === 'qa'
      ? { ...each, extended_attributes_id: attributes }
      : each
  )
  const nightly = addJob(state, 11, {
    name: 'Nightly',
    triggers: {
      github_webhook: false,
      git_provider_webhook: false,
      schedule: true,
      on_merge: false
    }
  })
  const hourly = addJob(state, 12, { name: 'Hourly / EU' })
  plainNames.forEach((name, index) => {
    addVariable(state, 1, {
      name,
      ...(index % 3 === 0 ? {} : { project: marked(`project-${name}`) }),
      environments: Object.fromEntries(
        environments
          .filter((_, at) => index % 3 === 0 || (index + at) % 4 === 0)
          .map((each) => [each, marked(`${each}-${name}`)])
      ),
      ...(index < 3 ? { jobs: { [nightly]: marked(`nightly-${name}`) } } : {}),
      ...(index === 0 ? { jobs: { [hourly]: marked(`hourly-${name}`) } } : {})
    })
  })
  for (const name of secretNames) {
    addVariable(state, 1, {
      name,
      project: marked(`source-${name}`),
      environments: name.endsWith('0') ? { dev: marked(`source-dev-${name}`) } : {}
    })
  }
  // What only development needs is not promoted.
  addVariable(state, 1, { name: 'DBT_DEVELOPMENT', environments: { Development: marked('dev') } })
  return state
}

const secrets = [
  ...secretNames.slice(1).map((name) => `${name}: "${marked(`given-${name}`)}"`),
  `${String(secretNames[0])}:`,
  `  project: "${marked('given-0')}"`,
  `  dev: "${marked('given-0-dev')}"`
].join('\n')

let sandbox: Sandbox
let planFile: string

beforeEach(() => {
  planFile = path.join(
    tmpdir(),
    `plan-${String(process.pid)}-${String(Math.random()).slice(2)}.json`
  )
})

afterEach(async () => {
  await sandbox.close()
  await rm(planFile, { force: true })
})

async function promote(inputs: Inputs = {}): Promise<ActionRun> {
  return runAction(
    {
      token,
      host: sandbox.url,
      'account-id': String(account),
      'source-project': '1',
      'target-project': '2',
      environments: '*',
      resources: 'environments\njobs\nvariables\noverrides\nextended-attributes',
      secrets,
      'plan-file': planFile,
      ...inputs
    },
    { sandbox }
  )
}

/** Everything that a user could read of a run, but for the masks that the runner is told. */
async function everything({ notes }: ActionRun): Promise<string> {
  const shown = notes.filter(({ kind }) => kind !== 'mask')
  return JSON.stringify(shown) + (await readFile(planFile, 'utf8').catch(() => ''))
}

describe.each<[string, Partial<Features>]>([
  ['an account that lists overrides', { jobVariables: true }],
  ['an account that does not', { jobVariables: false }],
  ['an account that drops what it is not told', { unmentionedValues: 'delete' }],
  ['an account that says what it does not know', { unknownEnvironments: 'reported' }],
  ['an account that gives attributes as text', { attributesAsText: true }]
])('%s', (_account, features) => {
  it('arrives complete, and stays', async () => {
    sandbox = await startSandbox({ seed: seed(features) })
    const first = await promote()
    expect(first.error).toBe('')
    const wanted = Object.fromEntries(
      Object.entries(stored(sandbox.state(), 1)).filter(([name]) => name !== 'DBT_DEVELOPMENT')
    )
    const held = stored(sandbox.state(), 2)
    const given = Object.fromEntries(
      secretNames.map((name) => [
        name,
        name.endsWith('0')
          ? { project: marked('given-0'), dev: marked('given-0-dev') }
          : { project: marked(`given-${name}`) }
      ])
    )
    expect(held).toEqual({ ...wanted, ...given })
    expect(Object.keys(held)).toHaveLength(40)
    const records = sandbox
      .state()
      .environments.filter(({ project_id }) => project_id === 2)
      .map(({ extended_attributes_id }) => extended_attributes_id)
    expect(new Set(records.filter((id) => id !== null)).size).toBe(2)
    const job = sandbox
      .state()
      .jobs.find((each) => each.project_id === 2 && each.name === 'Nightly')
    expect(job?.triggers.schedule).toBe(true)

    const second = await promote()
    expect(second.error).toBe('')
    expect(second.writes).toEqual([])
    expect(second.outputs).toMatchObject({ 'has-changes': 'false', changed: 'false' })
    const planOfSecond = await readFile(planFile, 'utf8')
    await promote()
    expect(await readFile(planFile, 'utf8')).toBe(planOfSecond)
  })
})

describe('what shows', () => {
  it('is no value, unless it is asked for', async () => {
    sandbox = await startSandbox({ seed: seed() })
    for (const inputs of [{ mode: 'plan' }, { mode: 'check' }, {}, {}]) {
      expect(await everything(await promote(inputs))).not.toContain('zebra')
    }
    sandbox.setState(seed())
    const shown = await everything(await promote({ 'show-values': 'true' }))
    expect(shown).toContain(marked('project-DBT_PLAIN_1'))
    expect(shown).toContain(marked('warehouse'))
    for (const secret of ['source', 'given']) expect(shown).not.toContain(`zebra-${secret}`)
  })

  it.each([
    ['a variable', 'DBT_A', 'quagga-one', ''],
    ['a variable with a short value', 'DBT_A', '7', ''],
    ['a secret', 'DBT_ENV_SECRET_A', 'quagga-one', 'DBT_ENV_SECRET_A: quagga-two']
  ])('is no value in an error that repeats that of %s', async (_what, name, value, given) => {
    const state = platform()
    addVariable(state, 1, { name, project: value })
    sandbox = await startSandbox({ seed: state })
    const words = `${given === '' ? value : 'quagga-two'} is no good`
    sandbox.addFault({
      method: 'POST',
      path: '/api/v3/accounts/28885/projects/2/environment-variables/bulk/',
      times: null,
      action: { kind: 'respond', status: 400, body: { data: { project: words } } }
    })
    const run = await promote({ environments: 'dev', secrets: given })
    expect(run.error).toMatch(/\*\*\*.* no good/)
    expect(run.error).not.toMatch(/quagga|\b7\b/)
  })

  it('is every secret as a mask, before anything else is read', async () => {
    sandbox = await startSandbox({ seed: seed() })
    const { notes } = await promote()
    const masks = notes.slice(0, 8)
    expect(masks.map(({ kind }) => kind)).toEqual(masks.map(() => 'mask'))
    expect(masks).toContainEqual({ kind: 'mask', text: marked('given-0-dev') })
  })
})

it('never sends a mask', async () => {
  sandbox = await startSandbox({ seed: seed() })
  await promote()
  await promote({ 'rewrite-secrets': 'true' })
  const bodies = JSON.stringify(sandbox.requests().map(({ body }) => body ?? null))
  expect(bodies).not.toMatch(/"\*+"/)
})

it('names the secrets that are missing, all at once', async () => {
  sandbox = await startSandbox({ seed: seed() })
  const { ok, error, writes } = await promote({ secrets: '' })
  expect(ok).toBe(false)
  expect(writes).toEqual([])
  for (const name of secretNames) expect(error).toContain(name)
  expect(error).toContain('DBT_ENV_SECRET_0 (project, dev)')
})
