// Reads a journal, and says what is wrong with one that can't be used. Of a journal that is cut, its whole lines are used.
import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import {
  isValuesEntry,
  isWritable,
  type Journal,
  type JournalEntry,
  type JournalHead,
  type JournalOutcome
} from '../rollback/journal.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { referencesOf } from '../model/link.ts'
import { ShapeError } from '../model/decode.ts'
import type { Values } from '../model/field.ts'
import { fieldsOf, isKind } from '../kinds/kinds.ts'
import type { Key } from '../model/keys.ts'
import { problem, type Problem } from '../model/remark.ts'
import { readablePath } from '../github/workspace.ts'
import {
  attemptSchema,
  headSchema,
  objectSchema,
  outcomeSchema,
  valuesSchema
} from './journal-schema.ts'

/** A journal, or what is wrong with it. */
type JournalResult =
  | { readonly journal: Journal; readonly problems: readonly [] }
  | { readonly journal: undefined; readonly problems: readonly Problem[] }

const remedy = 'Give the file that the output journal-path of the run named, as that run left it.'

/** Reads a journal. @param file its path, from the workspace */
export async function readJournal(file: string): Promise<JournalResult> {
  try {
    return parseJournal(await readFile(await readablePath(file), 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return failed(`The journal could not be read: ${why}.`)
  }
}

/** A line that is wrong. It shows no value: values of variables are among them. */
class LineFault extends Error {}

/** Parses the text of a journal. */
export function parseJournal(text: string): JournalResult {
  const lines = text.split('\n')
  // Each line ends with a break, so what stands after the last one was mostly cut while it was written.
  const isWhole = isObject(parsed(lines.at(-1) ?? ''))
  const whole = isWhole ? lines : lines.slice(0, -1)
  const first = parsed(whole[0] ?? '')
  if (!isObject(first) || !('journal' in first)) return failed(...noJournal(text, first))
  if (first['version'] !== 1 && first['version'] !== 2) {
    return failed(
      'The journal has a version that this dbt-promote does not know.',
      'Roll back with the version of dbt-promote that wrote it, or a later one.'
    )
  }
  try {
    const { version } = first
    const head = checked(headSchema, { ...first, version: 2 }, 1)
    return { journal: assembled(whole, head, version), problems: [] }
  } catch (error) {
    if (!(error instanceof LineFault)) throw error
    return failed(
      error.message,
      'A journal is not made to be edited, but for lines that are taken out. ' + remedy
    )
  }
}

function failed(message: string, help = remedy): JournalResult {
  return { journal: undefined, problems: [problem(message, help)] }
}

function noJournal(text: string, first: unknown): readonly [string, string?] {
  if (text.trim() === '') return ['The journal is empty.']
  const file = parsed(text)
  if (isObject(file) && 'changes' in file && 'hash' in file) {
    return [
      'The input rollback-from names a plan file, and not a journal.',
      'A plan says what was meant, a journal what was done: give the file that the output journal-path of the run named.'
    ]
  }
  if (first === undefined && file === undefined)
    return [
      'The file in rollback-from is no journal, or one that is cut in its first line: that is no JSON.'
    ]
  return ['The file in rollback-from is no journal of dbt-promote.']
}

function assembled(lines: readonly string[], head: JournalHead, version: unknown): Journal {
  const entries = new Map<Key, JournalEntry>()
  const attempts = new Map<Key, Values[]>()
  const outcomes = new Map<Key, JournalOutcome>()
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue
    const at = index + 1
    const raw = parsed(line)
    if (!isObject(raw)) throw new LineFault(`Line ${at} of the journal is no JSON object.`)
    if ('op' in raw) {
      const entry = entryOf(raw, at, version)
      if (entries.has(entry.key))
        throw new LineFault(
          `Line ${at} of the journal plans for the second time what another line plans.`
        )
      entries.set(entry.key, entry)
    } else if ('sent' in raw) {
      const { key, sent } = checked(attemptSchema, raw, at)
      attempts.set(key, [...(attempts.get(key) ?? []), sent])
    } else {
      const outcome = checked(outcomeSchema, raw, at)
      outcomes.set(outcome.key, outcome)
    }
  }
  return { head, entries: [...entries.values()], attempts, outcomes }
}

// Version 1 had references among the values, as {"ref": key} or {"job": {"ref": key}, "statuses": []}.
function withRefs(raw: JsonObject): JsonObject {
  const kind = raw['kind']
  if (!isObject(raw['values']) || !isKind(kind)) return raw
  const references = referencesOf(fieldsOf(kind))
  const refs: Record<string, Json> = {}
  const values: Record<string, Json> = {}
  for (const [path, value] of Object.entries(raw['values'])) {
    const link = references.has(path) && isObject(value) ? linkIn(value) : undefined
    if (link) refs[path] = link
    else values[path] = value
  }
  return { ...raw, values, refs }
}

function linkIn({ ref, job, statuses }: JsonObject): JsonObject | undefined {
  if (ref !== undefined) return { key: ref }
  return isObject(job) && job['ref'] !== undefined
    ? { key: job['ref'], statuses: statuses ?? [] }
    : undefined
}

function entryOf(raw: JsonObject, at: number, version: unknown): JournalEntry {
  const isOfValues = raw['kind'] === 'variable' || raw['kind'] === 'override'
  const entry: JournalEntry = isOfValues
    ? checked(valuesSchema, raw, at)
    : checked(objectSchema, version === 1 ? withRefs(raw) : raw, at)
  if (!entry.key.startsWith(`${entry.kind}:`))
    throw new LineFault(`Line ${at} of the journal: key is none of its kind.`)
  if (!isValuesEntry(entry)) {
    const isThere = entry.op !== 'create'
    if (isThere !== (entry.id !== null))
      throw new LineFault(`Line ${at} of the journal: id does not fit op.`)
    checkBefore(entry.kind, entry.before ?? {}, at)
  }
  return entry
}

// What was before is what is written back, so it must be what the API could have sent.
function checkBefore(kind: Parameters<typeof fieldsOf>[0], before: Values, at: number): void {
  const fields = fieldsOf(kind)
  for (const [path, value] of Object.entries(before)) {
    if (!isWritable(kind, path))
      throw new LineFault(`Line ${at} of the journal: before holds a field that no ${kind} has.`)
    try {
      fields[path]?.decode(value, `before.${path}`)
    } catch (error) {
      if (error instanceof ShapeError)
        throw new LineFault(`Line ${at} of the journal: ${error.message}.`)
      throw error
    }
  }
}

function checked<T>(schema: z.ZodType<T>, raw: unknown, at: number): T {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = (issue?.path ?? []).map(String).join('.')
  const what = path === '' ? '' : `${path}: `
  throw new LineFault(
    `Line ${at} of the journal: ${what}${(issue?.message ?? 'unknown').replace(/^Invalid input: /, '')}.`
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
