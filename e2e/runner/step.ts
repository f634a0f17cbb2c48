// Runs one step: a script, or a local action.
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ActionFile, readAction } from './action-file.ts'
import { type Scope, text, texts } from './expressions.ts'
import {
  type CommandFiles,
  createCommandFiles,
  readPairs,
  readPaths,
  readSummary
} from './file-commands.ts'
import { contextVariables, type Machine, nodeBinary } from './machine.ts'
import type { Masks } from './masks.ts'
import { runProcess } from './process.ts'
import { StepLog } from './step-log.ts'
import type { Annotation } from './types.ts'
import type { StepFile } from './workflow-file.ts'

/** What a step leaves behind. */
export interface StepEffects {
  readonly ok: boolean
  readonly outputs: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly paths: readonly string[]
  readonly log: readonly string[]
  readonly annotations: readonly Annotation[]
  readonly summary: string
}

export interface StepRun {
  readonly step: StepFile
  readonly scope: Scope
  /** Variables of workflow, job and step, with what earlier steps have set. */
  readonly env: Readonly<Record<string, string>>
  /** Folders that earlier steps have put before PATH. */
  readonly paths: readonly string[]
  readonly github: Readonly<Record<string, unknown>>
  readonly machine: Machine
  readonly masks: Masks
  readonly signal: AbortSignal | undefined
}

/** Runs a step. It never throws: whatever goes wrong is the failure of the step. */
export async function runStep(run: StepRun): Promise<StepEffects> {
  const log = new StepLog(run.masks)
  const files = createCommandFiles(run.machine.temp)
  let ok = false
  try {
    const { uses } = run.step
    if (uses === undefined) ok = await runScript(run, files, log)
    else if (uses.startsWith('./')) ok = await runAction(run, uses, files, log)
    else if (/^actions\/checkout@/.test(uses)) ok = skipCheckout(log)
    else throw new Error(`uses: ${uses} is not supported by this runner`)
  } catch (error) {
    log.annotate('error', error instanceof Error ? error.message : String(error))
  }

  const read = <T>(name: keyof CommandFiles, reader: (file: string) => T, none: T): T => {
    try {
      return reader(files[name])
    } catch (error) {
      ok = false
      log.annotate('error', `Unable to process file command '${name}' successfully.`)
      log.annotate('error', error instanceof Error ? error.message : String(error))
      return none
    }
  }
  if (log.failed) ok = false
  const outputs = read('output', readPairs, {})
  const env = read('env', readPairs, {})
  const paths = read('path', readPaths, [])
  const summary = run.masks.apply(read('step_summary', readSummary, ''))
  return { ok, outputs, env, paths, summary, log: log.lines, annotations: log.annotations }
}

/** The workspace is the checkout already. */
function skipCheckout(log: StepLog): true {
  log.write('The workspace is checked out already.')
  return true
}

async function runScript(run: StepRun, files: CommandFiles, log: StepLog): Promise<boolean> {
  const { step, scope, machine } = run
  const script = text(step.run, scope)
  const [shell, ...flags] = shellCommand(step.shell)
  const file = join(machine.temp, `${randomUUID()}.sh`)
  writeFileSync(file, script)

  log.write(`##[group]Run ${script.split('\n')[0] ?? ''}`)
  script
    .trimEnd()
    .split('\n')
    .forEach((line) => {
      log.write(line)
    })
  logEnv(run.env, log)
  log.write('##[endgroup]')
  const code = await runProcess(shell, [...flags, file], {
    cwd: resolve(machine.workspace, text(step.workingDirectory, scope)),
    env: variables(run, files, {}),
    signal: run.signal,
    onLine: (line) => {
      log.receive(line)
    }
  })
  if (code !== 0) log.annotate('error', `Process completed with exit code ${code}.`)
  return code === 0
}

async function runAction(
  run: StepRun,
  uses: string,
  files: CommandFiles,
  log: StepLog
): Promise<boolean> {
  const { step, scope, machine } = run
  const action = await readAction(resolve(machine.workspace, uses))
  const inputs = actionInputs(action, texts(step.with, scope), scope, log)

  log.write(`##[group]Run ${uses}`)
  log.write('with:')
  for (const [key, value] of Object.entries(inputs)) if (value !== '') logValue(key, value, log)
  logEnv(run.env, log)
  log.write('##[endgroup]')
  const named: [string, string][] = Object.entries(inputs).map(([key, value]) => [
    `INPUT_${key.replaceAll(' ', '_').toUpperCase()}`,
    value
  ])
  const code = await runProcess(nodeBinary(), [join(action.folder, action.main)], {
    cwd: machine.workspace,
    env: { ...variables(run, files, { action_path: action.folder }), ...Object.fromEntries(named) },
    signal: run.signal,
    onLine: (line) => {
      log.receive(line)
    }
  })
  // Unlike a script, an action that fails has to say so itself.
  log.write(`##[debug]Node Action run completed with exit code ${code}`)
  return code === 0
}

/** The inputs that were set, then the defaults of the others. A name that the action does not know is kept. */
function actionInputs(
  action: ActionFile,
  given: Readonly<Record<string, string>>,
  scope: Scope,
  log: StepLog
): Record<string, string> {
  const known = new Map(action.inputs.map((input) => [input.id.toLowerCase(), input]))
  const names = Object.keys(given)
  for (const name of names) {
    const message = known.get(name.toLowerCase())?.deprecation
    if (message !== undefined) {
      log.annotate('warning', `Input '${name}' has been deprecated with message: ${message}`)
    }
  }
  const unexpected = names.filter((name) => !known.has(name.toLowerCase()))
  if (unexpected.length > 0) {
    const valid = action.inputs.map(({ id }) => id)
    log.annotate(
      'warning',
      `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid.join("', '")}']`
    )
  }

  const set = new Set(names.map((name) => name.toLowerCase()))
  const defaults = action.inputs
    .filter(({ id }) => !set.has(id.toLowerCase()))
    .map((input): [string, string] => [input.id, text(input.default, scope)])
  return { ...given, ...Object.fromEntries(defaults) }
}

/** Everything in the environment of the program: machine, workflow, and last the contexts, which always win. */
function variables(
  run: StepRun,
  files: CommandFiles,
  more: Readonly<Record<string, string>>
): Record<string, string> {
  const all = { ...run.machine.env, ...run.env }
  return {
    ...all,
    PATH: [...run.paths, all['PATH'] ?? ''].join(':'),
    ...contextVariables({ ...run.github, ...files, ...more }, run.machine.runner)
  }
}

function shellCommand(shell: string | undefined): [string, ...string[]] {
  switch (shell) {
    case undefined:
      return ['bash', '-e']
    case 'bash':
      return ['bash', '--noprofile', '--norc', '-eo', 'pipefail']
    case 'sh':
      return ['sh', '-e']
    default:
      throw new Error(`shell: ${shell} is not supported by this runner`)
  }
}

function logEnv(env: Readonly<Record<string, string>>, log: StepLog): void {
  if (Object.keys(env).length > 0) log.write('env:')
  for (const [key, value] of Object.entries(env)) logValue(key, value, log)
}

// A value of many lines makes many lines of log, each masked by itself.
function logValue(key: string, value: string, log: StepLog): void {
  const [first = '', ...rest] = value.split('\n')
  log.write(`  ${key}: ${first}`)
  for (const line of rest) log.write(line)
}
