// The seed with forty variables, promoted by the committed bundle as the runner runs it: complete in one run, nothing to
// write in the next, what production has survives, and nothing that is a value can be read anywhere.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startSandbox, VARIABLES, variables, type Sandbox } from '../../sandbox/index.ts'
import { runBundle, type BundleRun } from '../../testing/runner/bundle.ts'
import { runAction, type Inputs } from '../../testing/runner/run-action.ts'
import { stored } from '../../testing/worlds/variables.ts'

const given = VARIABLES.secrets.slice(0, 5).map((_, n) => `given secret ${String(n)}`)

/** As a workflow would put them together with toJSON. */
const secrets = [
  ...VARIABLES.secrets.slice(2, 5).map((name, n) => `${name}: ${JSON.stringify(given[n + 2])}`),
  `${String(VARIABLES.secrets[0])}:`,
  `  project: "${String(given[0])}"`,
  '  dev: "given secret 0 of dev"',
  `${String(VARIABLES.secrets[1])}:`,
  `  project: "${String(given[1])}"`,
  '  staging/Backfill / EU: "given secret 1 of a job"'
].join('\n')

let folder: string
let planFile: string
let sandbox: Sandbox

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'variables-'))
  planFile = path.join(folder, 'plan.json')
  sandbox = await startSandbox({ seed: variables() })
})

afterEach(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

function inputsOf(more: Inputs = {}): Inputs {
  return {
    token: VARIABLES.token,
    host: sandbox.url,
    'account-id': String(VARIABLES.account),
    'source-project': String(VARIABLES.sourceProject),
    'target-project': String(VARIABLES.targetProject),
    environments: '*',
    'credentials-id': String(VARIABLES.targetCredentials),
    resources: 'environments\njobs\nvariables\noverrides\nextended-attributes',
    secrets,
    'plan-file': planFile,
    ...more
  }
}

/** Every value of the state and every secret of the input, long enough to be nothing else. */
function values(): readonly string[] {
  const all = sandbox.state().variables.map(({ raw_value }) => raw_value)
  return [...all, ...given, 'LOADING_XL', '54321', 'cc-8841'].filter((value) => value.length > 4)
}

function found(text: string, among: readonly string[] = values()): readonly string[] {
  return among.filter((value) => text.includes(value))
}

/** The log without the lines by which the runner is told what to mask. */
function read({ stdout, stderr, summary, outputs }: BundleRun): string {
  const log = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  return [...log, stderr, summary, JSON.stringify(outputs)].join('\n')
}

describe('the bundle', () => {
  it('promotes everything in one run, shows nothing of it, and has nothing to do in the next', async () => {
    const before = stored(sandbox.state(), VARIABLES.targetProject)
    const first = await runBundle(inputsOf(), { sandbox })
    expect(first.stderr).toBe('')
    expect(first.exitCode).toBe(0)
    expect(found(read(first) + (await readFile(planFile, 'utf8')))).toEqual([])
    const masks = first.stdout.split('\n').filter((line) => line.startsWith('::add-mask::'))
    expect(first.stdout.split('\n').slice(0, masks.length)).toEqual(masks)
    expect(found(masks.join('\n'), given)).toEqual(given)

    const source = stored(sandbox.state(), VARIABLES.sourceProject)
    const target = stored(sandbox.state(), VARIABLES.targetProject)
    const settings = Object.entries(source).filter(([name]) => name.startsWith('DBT_SETTING_'))
    expect(settings).toHaveLength(33)
    expect(target).toMatchObject(Object.fromEntries(settings))
    const places = (held: typeof source): unknown =>
      Object.entries(held).map(([name, scopes]) => [name, Object.keys(scopes).sort()])
    expect(places(target)).toEqual(
      expect.arrayContaining(places(source) as readonly unknown[] as unknown[])
    )
    expect(target).toMatchObject({
      ...before,
      DBT_SCHEMA_SUFFIX: { project: VARIABLES.differing.value, staging: 'staging_suffix' },
      DBT_ENV_SECRET_0: { project: given[0], dev: 'given secret 0 of dev' },
      DBT_ENV_SECRET_1: { project: given[1], 'job Backfill / EU': 'given secret 1 of a job' },
      DBT_ENV_SECRET_5: { project: 'target secret 5' }
    })

    const second = await runBundle(inputsOf(), { sandbox })
    expect(second.exitCode).toBe(0)
    expect(second.writes).toEqual([])
    expect(found(read(second))).toEqual([])
  })

  it('names what is missing, and nothing else of the input, when half of it is', async () => {
    const { exitCode, stdout, writes } = await runBundle(
      inputsOf({ secrets: `DBT_ENV_SECRET_0: ${JSON.stringify(given[0])}` }),
      { sandbox }
    )
    expect(exitCode).toBe(1)
    expect(writes).toEqual([])
    for (const name of VARIABLES.secrets.slice(1, 5)) expect(stdout).toContain(name)
    expect(stdout).not.toContain('DBT_ENV_SECRET_5 (')
  })
})

it('costs two reads more, one more before the first write, one after the variables, and one for each detail', async () => {
  const plain = await runAction(inputsOf({ resources: '', secrets: '', mode: 'plan' }), { sandbox })
  const all = await runAction(inputsOf({ mode: 'plan' }), { sandbox })
  // The warning reads the variables too. Beside them: one record, and the overrides of the two source jobs.
  expect(all.requests.length - plain.requests.length).toBe(3)
})

it('warns of the names that the target lacks, where variables stay behind', async () => {
  const { warnings } = await runAction(inputsOf({ resources: '', secrets: '', mode: 'plan' }), {
    sandbox
  })
  const text = warnings.find((each) => each.includes('lacks')) ?? ''
  expect(text).toContain('38 variables')
  expect(text).toContain('DBT_SETTING_0')
  expect(text).not.toContain('DBT_SCHEMA_SUFFIX')
})

it('goes on with a token that may not see variables, and says so', async () => {
  const { ok, summary, warnings } = await runAction(
    inputsOf({ token: VARIABLES.blindToken, resources: '', secrets: '' }),
    { sandbox }
  )
  expect(ok).toBe(true)
  expect(warnings.join('\n')).not.toContain('lacks')
  expect(summary).toContain('Whether the target lacks variables is not known')
})
