// Runs the bundle as GitHub's runner runs it: inputs and event in the environment, outputs and summary in files.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { GitHubServer } from '../../e2e/github/server.ts'
import { workflowToken } from '../../e2e/github/state.ts'
import { createCommandFiles, readPairs, readSummary } from '../../e2e/runner/file-commands.ts'
import { contextVariables, createMachine, nodeBinary } from '../../e2e/runner/machine.ts'
import { Masks } from '../../e2e/runner/masks.ts'
import { runProcess } from '../../e2e/runner/process.ts'
import { StepLog } from '../../e2e/runner/step-log.ts'

const repository = join(import.meta.dirname, '../..')

/** What a run left behind. */
export interface ActionRun {
  readonly exitCode: number
  /** The log as the runner keeps it: `##[group]` and the like, secrets masked. */
  readonly log: readonly string[]
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
}

/** The event that starts the workflow: a pull request from a branch of the repository, or a push to main. */
export type EventName = 'pull_request' | 'push'

/** The pull request of the demo, and the commit that it is merged as. */
export const pullRequest = 1
export const mergeCommit = 'c0ffee'.padEnd(40, '0')

let runs = 0

/** Runs the action. Its workspace is an empty folder. */
export async function runAction(
  event: EventName,
  given: Readonly<Record<string, string>>,
  github: GitHubServer
): Promise<ActionRun> {
  const bundle = join(repository, 'dist/index.js')
  if (!existsSync(bundle)) throw new Error('dist/index.js is missing: run `npm run build` first.')
  const machine = createMachine(
    {
      file: '',
      workspace: repository,
      github: {
        repository: `${github.state.owner}/${github.state.name}`,
        event_name: event,
        event: payload(event),
        sha: mergeCommit,
        run_id: String(++runs),
        token: workflowToken,
        api_url: github.url
      }
    },
    'Promote'
  )
  try {
    const files = createCommandFiles(machine.temp)
    const log = new StepLog(new Masks())
    const exitCode = await runProcess(nodeBinary(), [bundle], {
      cwd: machine.temp,
      env: {
        ...machine.env,
        ...contextVariables({ ...machine.github, ...files }, machine.runner),
        ...inputVariables({ 'github-token': workflowToken, ...given })
      },
      onLine: (line) => {
        log.receive(line)
      }
    })
    return {
      exitCode,
      log: log.lines,
      summary: readSummary(files.step_summary),
      outputs: readPairs(files.output)
    }
  } finally {
    machine.remove()
  }
}

/** The version of the Node that runs the action, e.g. `v24.1.0`. */
export async function nodeVersion(): Promise<string> {
  let version = ''
  await runProcess(nodeBinary(), ['--version'], {
    cwd: repository,
    env: {},
    onLine: (line) => {
      version = line
    }
  })
  return version
}

function payload(event: EventName): object {
  const home = { full_name: 'jaffle-shop/analytics', default_branch: 'main' }
  return event === 'push'
    ? { ref: 'refs/heads/main', repository: home }
    : {
        repository: home,
        pull_request: { number: pullRequest, head: { repo: home }, base: { repo: home } }
      }
}

// What the workflow gives, over the defaults of action.yml.
function inputVariables(given: Readonly<Record<string, string>>): Record<string, string> {
  const action = parse(readFileSync(join(repository, 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  }
  const unknown = Object.keys(given).filter((name) => !(name in action.inputs))
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}.`)
  return Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [
      `INPUT_${name.toUpperCase()}`,
      given[name] ?? input.default ?? ''
    ])
  )
}
