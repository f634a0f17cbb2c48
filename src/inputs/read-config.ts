// Reads the config file: YAML by a library that knows places, checked by the schema, all faults at once with file,
// line and column.
import { readFile, stat } from 'node:fs/promises'
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type YAMLMap
} from 'yaml'
import type { z } from 'zod'
import type { Config, ConfigPath, LocatedConfig } from './config.ts'
import { whyNotInFile } from './input-table.ts'
import { didYouMean, nearest } from '../model/near.ts'
import { problem, type Place, type Problem } from '../model/remark.ts'
import { readablePath } from '../github/workspace.ts'
import { tooDeepAt } from './nesting.ts'
import { configSchema, environmentEntry, jobRule } from './schema.ts'

/** Enough for thousands of rules; a larger file is a mistake or an attack. */
const mostBytes = 250_000
/** How often anchors may be used: enough for any real file, too few to explode. */
const mostAliases = 100
/** How many faults are told: nobody reads more, and a file of nothing else has one for each of its lines. */
const mostFaults = 100

/** A config file, or what is wrong with it. */
export type ConfigResult =
  | { readonly located: LocatedConfig; readonly problems: readonly [] }
  | { readonly located: undefined; readonly problems: readonly Problem[] }

/** Reads a config file. @param file its path, from the workspace */
export async function readConfig(file: string): Promise<ConfigResult> {
  const text = await textOf(file)
  return typeof text === 'string'
    ? parseConfig(file, text)
    : { located: undefined, problems: [text] }
}

async function textOf(file: string): Promise<string | Problem> {
  const remedy =
    'Give the path of the config file from the root of the repository, and check it out before this step.'
  try {
    const path = await readablePath(file)
    const found = await stat(path)
    if (found.size <= mostBytes) return await readFile(path, 'utf8')
    return problem(
      `The config file ${file} has ${found.size} bytes; ${mostBytes} is the most.`,
      'Split the promotion into several, each with a file and a label of its own.'
    )
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return problem(`The config file could not be read: ${why}.`, remedy)
  }
}

/** A fault, and where it stands. */
interface Fault {
  readonly offset: number
  readonly message: string
  readonly remedy?: string | undefined
}

/** Parses the text of a config file. */
export function parseConfig(file: string, text: string): ConfigResult {
  const deep = tooDeepAt(text)
  if (deep !== undefined) {
    const before = text.slice(0, deep).split('\n')
    const at = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
    return { located: undefined, problems: [problem('this is nested too deeply.', '', at)] }
  }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    // The library compares every key with every other.
    uniqueKeys: false
  })
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const failed = (faults: readonly Fault[]): ConfigResult => ({
    located: undefined,
    problems: [
      ...faults
        .toSorted((a, b) => a.offset - b.offset)
        .slice(0, mostFaults)
        .map(({ offset, message, remedy }) =>
          problem(`${message.replace(/\.$/, '')}.`, remedy ?? '', place(offset))
        ),
      ...(faults.length > mostFaults
        ? [problem(`${file} has more faults than these ${mostFaults}.`, '')]
        : [])
    ]
  })
  // After a fault of syntax, the rest is not what was written.
  const broken = syntaxFaults(document)
  if (broken.length > 0) return failed(broken)
  const faults = [...keyFaults(document), ...aliasFaults(document)]
  const raw = plainOf(document)
  if ('error' in raw)
    return failed(faults.length > 0 ? faults : [{ offset: 0, message: raw.error }])
  const parsed = configSchema.safeParse(raw.value ?? {})
  if (!parsed.success)
    faults.push(
      ...parsed.error.issues
        .flatMap((issue) => issueFaults(issue, [], raw.value))
        .slice(0, mostFaults + 1)
        .map(({ path, ...fault }) => ({ ...fault, offset: offsetOf(document, path) }))
    )
  if (faults.length > 0 || !parsed.success) return failed(faults)
  const config: Config = parsed.data
  return { located: { config, at: (path) => place(offsetOf(document, path)) }, problems: [] }
}

const quotes =
  'A text that begins with one of * ! & { [ # or holds ": " stands in quotes, as in "!scratch *".'

function syntaxFaults({ errors, warnings }: Document): readonly Fault[] {
  return [...errors, ...warnings].map(({ code, message, pos }) => {
    if (code === 'MULTIPLE_DOCS')
      return { offset: pos[0], message: 'the file holds several documents, and one is meant' }
    return {
      offset: pos[0],
      message,
      remedy: code === 'TAB_AS_INDENT' ? 'Indent with blanks.' : quotes
    }
  })
}

// Keys that stand twice, and the one that no object of JavaScript holds as what it is.
function keyFaults(document: Document): Fault[] {
  const faults: Fault[] = []
  visit(document, {
    Map(_key: unknown, map: YAMLMap) {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        const offset = key.range?.[0] ?? 0
        if (name === '__proto__') faults.push({ offset, message: `there is no key ${name}` })
        else if (seen.has(name) && name !== '<<') {
          faults.push({ offset, message: `the key ${name} stands here for the second time` })
        }
        seen.add(name)
      }
    }
  })
  return faults
}

// An alias of nothing is mostly a wildcard without quotes.
function aliasFaults(document: Document): Fault[] {
  const anchors = new Set<string>()
  const faults: Fault[] = []
  visit(document, {
    Node(_key: unknown, node: { anchor?: string | undefined }) {
      if (node.anchor !== undefined) anchors.add(node.anchor)
    },
    Alias(_key: unknown, { source, range }: Alias) {
      if (anchors.has(source)) return
      faults.push({
        offset: range?.[0] ?? 0,
        message: `*${source} stands for an anchor, and there is none before it`,
        remedy: quotes
      })
    }
  })
  return faults
}

function plainOf(document: Document): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }) as unknown }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

// The place of the key where there is one, which is where a reader looks first; else that of what is around it.
function offsetOf(document: Document, path: ConfigPath): number {
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const step of path) {
    const within = isAlias(node) ? node.resolve(document) : node
    if (isMap(within)) {
      const pair = within.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step)
      )
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset
      node = pair?.value
    } else {
      node = isSeq(within) ? within.items[Number(step)] : undefined
      if (isNode(node)) offset = node.range?.[0] ?? offset
    }
  }
  return offset
}

type Issue = z.core.$ZodIssue

/** A fault of the shape, and the path at which it is. */
interface ShapeFault extends Omit<Fault, 'offset'> {
  readonly path: ConfigPath
}

function issueFaults(issue: Issue, above: ConfigPath, whole: unknown): readonly ShapeFault[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, mostFaults + 1).map((key) => unknownKey(key, path))
  if (issue.code === 'invalid_union') {
    // The branch that got furthest is the one that was meant.
    const depth = (issues: readonly Issue[]): number =>
      Math.max(
        0,
        ...issues.map((each) => each.path.length + (each.code === 'unrecognized_keys' ? 1 : 0))
      )
    const meant = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? []
    if (depth(meant) > 0) return meant.flatMap((each) => issueFaults(each, path, whole))
  }
  const name = path.length === 0 ? 'the file' : path.join('.')
  if (valueAt(whole, path) === undefined) return [{ path, message: `${name} is missing` }]
  const expected = issue.code === 'invalid_type' ? issue.expected : undefined
  const fault =
    issue.message === 'Invalid input'
      ? 'of the wrong type'
      : issue.message.replace(/^Invalid input: /, '')
  return [
    {
      path,
      message: `${name}: ${fault}`,
      remedy:
        issue.code === 'invalid_value'
          ? didYouMean(String(valueAt(whole, path)), issue.values.map(String))
          : howToWrite[expected ?? '']
    }
  ]
}

function valueAt(whole: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Readonly<Record<string | number, unknown>>)[key]
        : undefined,
    whole
  )
}

const howToWrite: Readonly<Record<string, string>> = {
  string: 'Put it in quotes: YAML reads this as something else than a text.',
  boolean: 'Write true or false, without quotes.',
  number: 'Write a number, without quotes.',
  array: 'Write a list: one line for each item, each with a dash before it.'
}

function unknownKey(key: string, path: ConfigPath): ShapeFault {
  const where = [...path, key]
  const [side] = path
  const isOfSide = path.length === 1 && (side === 'source' || side === 'target')
  const reason = path.length === 0 || isOfSide ? whyNotInFile(key) : undefined
  if (reason !== undefined) {
    return {
      path: where,
      message: `${key} is an input of the workflow and not a key of this file: ${reason}`,
      remedy: `Give it under "with" in the workflow${isOfSide && side === 'target' && !key.startsWith('target-') ? `, as target-${key}` : ''}.`
    }
  }
  return {
    path: where,
    message: `there is no key ${key}${path.length === 0 ? '' : ` in ${path.join('.')}`}`,
    remedy: nearest(key, knownKeys(path))
  }
}

function knownKeys(path: ConfigPath): readonly string[] {
  switch (path[0]) {
    case undefined:
      return Object.keys(configSchema.shape)
    case 'environments':
      return Object.keys(environmentEntry.shape)
    case 'jobs':
      return path.length === 1 ? ['select', 'rules'] : Object.keys(jobRule.shape)
    case 'variables':
      return ['update', 'set']
    case 'references':
      return path.length === 1 ? ['jobs', 'environments', 'unresolved'] : ['job', 'project']
    default:
      return ['project']
  }
}
