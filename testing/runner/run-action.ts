// Runs the action in this process, against the sandbox, and holds it to what is true of every run.
import { parse } from 'yaml'
import type { LoggedRequest, Sandbox, State } from '../../sandbox/index.ts'
import type { GitHubServer } from '../../e2e/github/server.ts'
import type { Event } from '../../src/github/actions.ts'
import type { Workflow } from '../../src/github/workflow.ts'
import { run } from '../../src/main.ts'
import { promisedOutputs } from './action-file.ts'
import { pushEvent, recordActions, type Note } from './actions.ts'
import { assertOfficial, writesAmong } from '../official/sandbox-check.ts'
import { fastTime } from '../time.ts'

/** What a user would see of a run, and what the platform saw. */
export interface ActionRun {
  /** The step is green. */
  readonly ok: boolean
  /** The message of a red step; empty for a green one. */
  readonly error: string
  readonly outputs: Readonly<Record<string, string>>
  /** All lines of the log, those in groups included. */
  readonly log: string
  readonly summary: string
  readonly warnings: readonly string[]
  readonly notices: readonly string[]
  /** Everything, in order. */
  readonly notes: readonly Note[]
  /** The requests of this run that reached the sandbox. */
  readonly requests: readonly LoggedRequest[]
  readonly writes: readonly LoggedRequest[]
}

/** Inputs by name, as a workflow gives them under `with`. */
export type Inputs = Readonly<Record<string, string>>

/** The inputs that hold secrets. */
const secretInputs = ['token', 'source-token', 'target-token', 'github-token']

/**
 * Runs the action.
 * @throws besides what a test asserts: when an output is missing, a secret shows or is masked too late, the step has no
 * one end, or a request is not as the official specs want it
 */
export async function runAction(
  inputs: Inputs,
  {
    sandbox,
    event = pushEvent,
    workflow,
    github,
    env
  }: {
    readonly sandbox: Sandbox
    readonly event?: Event
    readonly workflow?: Workflow
    /** What stands in for GitHub, where the run speaks to it. */
    readonly github?: GitHubServer
    /** Variables of the runner's environment. */
    readonly env?: Readonly<Record<string, string>>
  }
): Promise<ActionRun> {
  const before = sandbox.requests().length
  const askedBefore = github?.requests.length ?? 0
  const { actions, notes } = recordActions(inputs, event, workflow, env)
  // Waits before another attempt take a hundredth of their time; so does the deadline.
  await run(actions, fastTime(100))
  const requests = sandbox.requests().slice(before)

  const texts = (kind: Note['kind']): readonly string[] =>
    notes.flatMap((note) => (note.kind === kind && 'text' in note ? [note.text] : []))
  const outputs = notes.flatMap((note) => (note.kind === 'output' ? [note] : []))
  const secrets = [
    ...secretInputs.flatMap((name) => (inputs[name] ? [inputs[name].trim()] : [])),
    ...secretsIn(inputs['secrets'] ?? '')
  ]

  assertOneEnd(notes)
  assertOutputs(outputs.map(({ name }) => name))
  const comments = (github?.state.comments ?? []).map(({ body }) => body)
  assertSecrecy(notes, comments, secrets)
  if (inputs['show-values'] !== 'true') assertHidden(notes, comments, valuesIn(sandbox.state()))
  if (github) assertOwnToken(github.requests.slice(askedBefore), inputs)
  assertOfficial(requests)
  return {
    ok: texts('fail').length === 0,
    error: texts('fail').join('\n'),
    outputs: Object.fromEntries(outputs.map(({ name, value }) => [name, value])),
    log: notes
      .flatMap((note) => {
        if (note.kind === 'info') return [note.text]
        return note.kind === 'group' ? [note.title, ...note.lines] : []
      })
      .join('\n'),
    summary: texts('summary').join(''),
    warnings: texts('warning'),
    notices: texts('notice'),
    notes,
    requests,
    writes: writesAmong(requests)
  }
}

function assertOneEnd(notes: readonly Note[]): void {
  const ends = notes.filter(({ kind }) => kind === 'succeed' || kind === 'fail')
  if (ends.length !== 1) throw new Error(`The step ended ${String(ends.length)} times`)
}

// The path of the journal is told before the first write, and with all others once more.
function assertOutputs(names: readonly string[]): void {
  const expected = [...promisedOutputs].sort().join(', ')
  const early = names.slice(0, names.length - promisedOutputs.length)
  if (early.some((name) => name !== 'journal-path') || early.length > 1)
    throw new Error(`Set too early: ${early.join(', ')}`)
  const given = names.slice(early.length).sort().join(', ')
  if (given !== expected) throw new Error(`The outputs are ${given}, and not ${expected}`)
}

// The runner hides a secret only in what comes after its mask, and only in the log.
function assertSecrecy(
  notes: readonly Note[],
  comments: readonly string[],
  secrets: readonly string[]
): void {
  const isMask = ({ kind }: Note): boolean => kind === 'mask'
  const firstOther = notes.findIndex((note) => !isMask(note))
  if (notes.findLastIndex(isMask) > firstOther)
    throw new Error('A secret is masked after something was logged')
  const masked = notes.flatMap((note) => (note.kind === 'mask' ? [note.text] : []))
  const shown = JSON.stringify([...notes.filter((note) => !isMask(note)), ...comments])
  for (const secret of secrets.filter((each) => each !== '')) {
    if (!masked.includes(secret)) throw new Error('A secret is not masked')
    if (shown.includes(secret))
      throw new Error('A secret shows in log, summary, outputs or comments')
  }
}

// Each host gets its own token alone.
function assertOwnToken(requests: GitHubServer['requests'], inputs: Inputs): void {
  const foreign = requests.find(
    ({ authorization }) => !authorization.endsWith(` ${inputs['github-token'] ?? ''}`)
  )
  if (foreign) throw new Error('GitHub got another token than its own')
}

// Values that somebody may have in a name too prove nothing.
function assertHidden(
  notes: readonly Note[],
  comments: readonly string[],
  values: readonly string[]
): void {
  const shown = JSON.stringify([...notes.filter(({ kind }) => kind !== 'mask'), ...comments])
  const found = values.find((value) => value.length >= 8 && shown.includes(value))
  if (found !== undefined) throw new Error(`The value ${found} of a variable shows`)
}

function valuesIn({ variables, extendedAttributes }: State): readonly string[] {
  return [
    ...variables.map(({ raw_value }) => raw_value),
    ...extendedAttributes.flatMap(({ extended_attributes }) => leaves(extended_attributes))
  ]
}

/** The secrets of the input, where it is right. */
function secretsIn(text: string): readonly string[] {
  try {
    return leaves(parse(text, { schema: 'failsafe' }))
  } catch {
    return []
  }
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}
