// Plays a scenario, a run after a run, and writes down all that can be seen of it from outside.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
// The action loads it when it needs it, which would take real time.
import '@actions/github'
import { startGitHub } from '../../e2e/github/server.ts'
import type { GitHubState } from '../../e2e/github/state.ts'
import { TABLES, type State } from '../../sandbox/index.ts'
import type { Event } from '../../src/github/actions.ts'
import type { Workflow } from '../../src/github/workflow.ts'
import { run } from '../../src/main.ts'
import { here, recordActions, type Note } from '../runner/actions.ts'
import { VirtualTime } from '../time.ts'
import { NetWire, type Round, type Trouble } from './wire.ts'

/** One run of a scenario. */
export interface Step extends Trouble {
  readonly inputs: Readonly<Record<string, string>>
  /** What people did on the platform before it. */
  readonly edit?: (state: State) => State
  /** The text of a config file. */
  readonly file?: string
  /** Undoes what the n-th run before it did, from its journal. */
  readonly undoes?: number
  readonly event?: Event
  readonly workflow?: Partial<Workflow>
  /** What happened at GitHub before it. */
  readonly editGitHub?: (state: GitHubState) => void
}

/** Runs of the action, one after another, on one platform. */
export interface Scenario {
  readonly name: string
  readonly state: () => State
  readonly steps: readonly Step[]
  /** The repository, where a run speaks to GitHub. */
  readonly github?: () => GitHubState
}

/** All that can be seen of a run. */
export interface RunRecord {
  readonly end: string
  readonly requests: readonly Round[]
  readonly state: unknown
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: readonly string[]
  readonly log: readonly unknown[]
  readonly comments: readonly string[]
  readonly plan: unknown
  readonly journal: readonly unknown[]
}

/** A recording of a scenario. */
export interface Recording {
  readonly name: string
  readonly runs: readonly RunRecord[]
}

/** Plays a scenario. @param folder for its files, below that of the runner's temporary files */
export async function play(scenario: Scenario, folder: string): Promise<Recording> {
  const github = scenario.github ? await startGitHub(scenario.github()) : undefined
  const runs: RunRecord[] = []
  const journals: string[] = []
  let state = scenario.state()
  try {
    for (const [index, step] of scenario.steps.entries()) {
      state = step.edit?.(state) ?? state
      if (github) step.editGitHub?.(github.state)
      const own = path.join(folder, String(index))
      mkdirSync(own, { recursive: true })
      const inputs = { ...step.inputs, ...filesOf(step, own, journals) }
      const apiUrl = github ? { apiUrl: github.url } : {}
      const played = await playRun(state, step, inputs, { ...here, ...step.workflow, ...apiUrl })
      state = played.state
      journals.push(played.journal)
      const comments = (github?.state.comments ?? []).map(({ body }) => body)
      runs.push(recordOf({ ...played, comments, folder: own }))
    }
  } finally {
    await github?.close()
  }
  return { name: scenario.name, runs }
}

function filesOf(
  { file, undoes, inputs }: Step,
  folder: string,
  journals: readonly string[]
): Readonly<Record<string, string>> {
  const config = path.join(folder, 'promote.yml')
  if (file !== undefined) writeFileSync(config, file)
  return {
    ...('plan-file' in inputs ? {} : { 'plan-file': path.join(folder, 'plan.json') }),
    ...(file === undefined ? {} : { config }),
    ...(undoes === undefined ? {} : { 'rollback-from': journals.at(-undoes) ?? '' })
  }
}

interface Played {
  readonly state: State
  readonly rounds: readonly Round[]
  readonly notes: readonly Note[]
  /** The path of the journal. */
  readonly journal: string
}

async function playRun(
  state: State,
  step: Step,
  inputs: Readonly<Record<string, string>>,
  workflow: Workflow
): Promise<Played> {
  const time = new VirtualTime(workflow.apiUrl === here.apiUrl ? 0 : 200)
  const { actions, notes, cancel } = recordActions(inputs, step.event, workflow)
  let death: () => void = () => undefined
  const killed = new Promise<void>((resolve) => (death = resolve))
  const wire = new NetWire(state, time, step, {
    cancel,
    death: () => {
      death()
    }
  })
  await time.run(Promise.race([run(actions, time, wire.open), killed]))
  return { state: wire.state, rounds: wire.rounds, notes: [...notes], journal: journalOf(notes) }
}

function journalOf(notes: readonly Note[]): string {
  return (
    notes.flatMap((note) =>
      note.kind === 'output' && note.name === 'journal-path' ? [note.value] : []
    )[0] ?? ''
  )
}

function recordOf({
  state,
  rounds,
  notes,
  journal,
  comments,
  folder
}: Played & { readonly comments: readonly string[]; readonly folder: string }): RunRecord {
  const outputs = Object.fromEntries(
    notes.flatMap((note) => (note.kind === 'output' ? [[note.name, note.value]] : []))
  )
  const told = {
    end: endOf(notes),
    outputs,
    summary: notes.flatMap((note) => (note.kind === 'summary' ? note.text.split('\n') : [])),
    log: notes.filter(({ kind }) => kind !== 'output' && kind !== 'summary'),
    comments
  }
  const plain = withoutPlaces(told, { folder, journal, hash: outputs['plan-hash'] ?? '' })
  return {
    ...plain,
    requests: rounds,
    state: tablesOf(state),
    plan: readJson(path.join(folder, 'plan.json'))[0] ?? null,
    journal: journal === '' ? [] : readJson(journal, '\n')
  }
}

function endOf(notes: readonly Note[]): string {
  const ends = notes.flatMap((note) => {
    if (note.kind === 'succeed') return ['green']
    return note.kind === 'fail' ? [`red: ${note.text}`] : []
  })
  return ends.length === 0 ? 'killed' : ends.join('; ')
}

// Where files lie is another place each time; the hash of a plan has its own place, the plan.
function withoutPlaces<T>(
  told: T,
  {
    folder,
    journal,
    hash
  }: { readonly folder: string; readonly journal: string; readonly hash: string }
): T {
  const places = [
    [journal, '<journal>'],
    [folder, '<folder>'],
    [path.dirname(folder), '<scenario>'],
    [process.cwd(), '<workspace>'],
    [hash, '<hash>']
  ] as const
  const text = places
    .filter(([place]) => place !== '')
    .reduce((all, [place, name]) => all.replaceAll(place, name), JSON.stringify(told))
  return JSON.parse(text.replace(/127\.0\.0\.1:\d+/g, '<github>')) as T
}

// Without what changes when a run takes longer.
function tablesOf(state: State): unknown {
  const tables = Object.fromEntries(TABLES.map((table) => [table, state[table]]))
  return JSON.parse(
    JSON.stringify(tables, (key, value: unknown) => (key.endsWith('ed_at') ? undefined : value))
  ) as unknown
}

function readJson(file: string, separator?: string): readonly unknown[] {
  try {
    const text = readFileSync(file, 'utf8')
    const parts = separator === undefined ? [text] : text.split(separator)
    return parts.filter((part) => part !== '').map((part) => JSON.parse(part) as unknown)
  } catch {
    return []
  }
}
