// How two recordings differ: what users and the platform see, and apart from it the plan and the journal.
import type { Recording, RunRecord } from './play.ts'
import type { Round } from './wire.ts'

/** A part of a run that differs. */
export interface Difference {
  readonly scenario: string
  /** The run, counted from 1. */
  readonly run: number
  readonly part: string
  /** Whether it is only about the form of plan and journal. */
  readonly isForm: boolean
  readonly lines: readonly string[]
}

type Part = readonly [name: string, of: (run: RunRecord) => unknown, isForm?: true]

const parts: readonly Part[] = [
  ['end', ({ end }) => end],
  [
    'requests',
    ({ requests }) =>
      requests
        .flatMap(({ asked }) => asked)
        .map((each) => JSON.stringify(each))
        .sort()
  ],
  ['rounds', ({ requests }) => requests.map(roundOf)],
  ['state', ({ state }) => state],
  ['outputs', ({ outputs }) => outputs],
  ['summary', ({ summary }) => summary],
  ['log', ({ log }) => log],
  ['comments', ({ comments }) => comments.map(withoutHash)],
  ['plan', ({ plan }) => plan, true],
  ['journal', ({ journal }) => journal, true]
]

function roundOf({ atMs, asked }: Round): string {
  return [`${String(atMs)} ms:`, ...asked.map(({ method, path }) => `${method} ${path}`)].join(
    '\n  '
  )
}

/** The header of a comment holds the hash of its plan, and of an earlier one. */
function withoutHash(body: string): string {
  return body.replace(/[0-9a-f]{64}/g, '<hash>')
}

/** All that differs between two recordings of a scenario. */
export function differences(before: Recording, after: Recording): readonly Difference[] {
  const runs = Math.max(before.runs.length, after.runs.length)
  return Array.from({ length: runs }, (_, index) => index).flatMap((index) => {
    const [was, is] = [before.runs[index], after.runs[index]]
    if (!was || !is)
      return [
        {
          scenario: before.name,
          run: index + 1,
          part: 'run',
          isForm: false,
          lines: [was ? '- run' : '+ run']
        }
      ]
    return parts.flatMap(([part, of, isForm = false]) => {
      const lines = changedLines(textOf(of(was)), textOf(of(is)))
      return lines.length === 0
        ? []
        : [{ scenario: before.name, run: index + 1, part, isForm, lines }]
    })
  })
}

function textOf(value: unknown): readonly string[] {
  return JSON.stringify(value, null, 1)
    .replaceAll(String.raw`\n`, '\n')
    .split('\n')
}

const most = 12

// From the first to the last line that differs.
function changedLines(before: readonly string[], after: readonly string[]): readonly string[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  if (start === before.length && start === after.length) return []
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++
  const shown = (sign: string, lines: readonly string[]): readonly string[] => {
    const changed = lines.slice(start, lines.length - end)
    const rest = changed.length - most
    return [
      ...changed.slice(0, most).map((line) => `${sign} ${line.slice(0, 300)}`),
      ...(rest > 0 ? [`${sign} (${String(rest)} lines more)`] : [])
    ]
  }
  return [...shown('-', before), ...shown('+', after)]
}
