// The bundle in a process of its own, as the runner starts it, with a handle to send it signals.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readPairs } from '../../e2e/runner/file-commands.ts'
import { actionFile, actionFolder, withDefaults } from '../runner/action-file.ts'
import { pushEvent, type Note } from '../runner/actions.ts'
import { runnerNode } from '../runner/bundle.ts'

/** What is left of a process. */
export interface Left {
  readonly exitCode: number | null
  readonly outputs: Readonly<Record<string, string>>
  readonly stdout: string
  readonly stderr: string
  readonly summary: string
  /** The same, as the judge of the matrix reads it. */
  readonly notes: readonly Note[]
}

/** A process that runs. */
export interface Started {
  readonly child: ChildProcess
  readonly left: Promise<Left>
}

/** Longest time for one run; a run that hangs must not take the whole suite with it. */
const patienceMs = 60_000

/** Starts the bundle. */
export async function startBundle(
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {}
): Promise<Started> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bundle-'))
  const files = {
    GITHUB_OUTPUT: path.join(folder, 'output'),
    GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
    GITHUB_EVENT_PATH: path.join(folder, 'event.json')
  }
  await writeFile(files.GITHUB_OUTPUT, '')
  await writeFile(files.GITHUB_STEP_SUMMARY, '')
  await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(pushEvent.payload))
  const given = withDefaults(inputs)
  const child = spawn(runnerNode, [path.join(actionFolder, actionFile.runs.main)], {
    cwd: folder,
    env: {
      PATH: path.dirname(runnerNode),
      GITHUB_ACTIONS: 'true',
      RUNNER_TEMP: process.env['RUNNER_TEMP'] ?? tmpdir(),
      GITHUB_ACTOR: pushEvent.actor,
      GITHUB_EVENT_NAME: pushEvent.name,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REPOSITORY: 'acme/analytics',
      ...files,
      ...Object.fromEntries(
        Object.keys(actionFile.inputs).map((name) => [
          `INPUT_${name.toUpperCase()}`,
          given[name] ?? ''
        ])
      ),
      ...environment
    }
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const left = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  }).then(async (exitCode) => {
    clearTimeout(timer)
    const outputs = readPairs(files.GITHUB_OUTPUT)
    const summary = await readFile(files.GITHUB_STEP_SUMMARY, 'utf8')
    await rm(folder, { recursive: true })
    // Masks are told to the runner, and hidden by it.
    const log = stdout.replaceAll(/^::add-mask::.*$/gm, '')
    const end: Note =
      exitCode === 0
        ? { kind: 'succeed' }
        : { kind: 'fail', text: /^::error::.*$/m.exec(log)?.[0] ?? '' }
    const notes: readonly Note[] = [
      ...Object.entries(outputs).map(([name, value]): Note => ({ kind: 'output', name, value })),
      ...(summary === '' ? [] : [{ kind: 'summary', text: summary } as const]),
      { kind: 'info', text: log + stderr },
      end
    ]
    return { exitCode, outputs, stdout, stderr, summary, notes }
  })
  return { child, left }
}

/** Runs the bundle to its end. */
export async function runToEnd(
  inputs: Readonly<Record<string, string>>,
  environment?: Readonly<Record<string, string>>
): Promise<Left> {
  return (await startBundle(inputs, environment)).left
}
