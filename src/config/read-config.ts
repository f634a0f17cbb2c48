// Reads the config file: YAML by a library that knows places, checked by the schema, all faults at once with file,
// line and column.
import { readFile, stat } from 'node:fs/promises'
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import type { Config, ConfigPath, LocatedConfig } from '../promotion/config.ts'
import { nearest } from '../promotion/near.ts'
import { problem, type Problem } from '../promotion/problem.ts'
import { configSchema } from './schema.ts'

/** No promotion needs more; a larger file is a mistake or an attack. */
const mostBytes = 1_000_000
/** How often anchors may be used: enough for any real file, too few to explode. */
const mostAliases = 100

/** Keys that are inputs only, each with the reason. */
const redirecting =
  'a pull request that changes this file must not be able to send a token elsewhere'
const running = 'it says how a run goes, and not what is promoted'
const inputsOnly: Readonly<Record<string, string>> = {
  token: redirecting,
  'source-token': redirecting,
  'target-token': redirecting,
  host: redirecting,
  'target-host': redirecting,
  'account-id': redirecting,
  'target-account-id': redirecting,
  secrets: redirecting,
  'github-token': redirecting,
  mode: running,
  config: running,
  'plan-file': running,
  'reviewed-plan': running,
  'expected-plan-hash': running,
  'rollback-from': running,
  comment: running,
  parallelism: running,
  'requests-per-minute': running,
  'deadline-minutes': running
}

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
    const { size } = await stat(file)
    if (size <= mostBytes) return await readFile(file, 'utf8')
    return problem(
      `The config file ${file} has ${String(size)} bytes; ${String(mostBytes)} is the most.`,
      ''
    )
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return problem(`The config file could not be read: ${why}.`, remedy)
  }
}

/** Parses the text of a config file. */
export function parseConfig(file: string, text: string): ConfigResult {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    uniqueKeys: true
  })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${String(line)}:${String(col)}`
  }
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) =>
    problem(`${place(pos[0])}: ${message.replace(/\.$/, '')}.`, '')
  )
  // A key that stands there twice leaves the rest readable; after other faults it is not what was written.
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY'))
    return { located: undefined, problems: faults }

  const at = (path: ConfigPath): string => place(offsetOf(document, path))
  const raw = plainOf(document)
  if ('error' in raw) {
    return { located: undefined, problems: [...faults, problem(`${file}:1:1: ${raw.error}.`, '')] }
  }
  const parsed = configSchema.safeParse(raw.value ?? {})
  const issues = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => issueProblems(issue, [], at))
  if (faults.length + issues.length > 0 || !parsed.success) {
    return { located: undefined, problems: [...faults, ...issues] }
  }
  const config: Config = parsed.data
  return { located: { config, at }, problems: [] }
}

function plainOf(document: Document): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }) as unknown }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

// The place of the key where there is one, which is where a reader looks first.
function offsetOf(document: Document, path: ConfigPath): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key)
      )
      const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined
      if (offset !== undefined) return offset
    }
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0
}

type Issue = z.core.$ZodIssue

function issueProblems(
  issue: Issue,
  above: ConfigPath,
  at: LocatedConfig['at']
): readonly Problem[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, at))
  if (issue.code === 'invalid_union') {
    // The branch that got furthest is the one that was meant.
    const depth = (issues: readonly Issue[]): number =>
      Math.max(
        0,
        ...issues.map((each) => each.path.length + (each.code === 'unrecognized_keys' ? 1 : 0))
      )
    const meant = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? []
    if (depth(meant) > 0) return meant.flatMap((each) => issueProblems(each, path, at))
  }
  const name = path.length === 0 ? 'the file' : path.join('.')
  const message =
    issue.message === 'Invalid input' ? 'missing, or of the wrong type' : issue.message
  return [problem(`${at(path)}: ${name}: ${message}.`, '')]
}

function unknownKey(key: string, path: ConfigPath, at: LocatedConfig['at']): Problem {
  const where = at([...path, key])
  const reason = path.length === 0 ? inputsOnly[key] : undefined
  if (reason !== undefined) {
    return problem(
      `${where}: ${key} is an input of the workflow and not a key of this file: ${reason}.`,
      ''
    )
  }
  return problem(
    `${where}: there is no key ${key}${path.length === 0 ? '' : ` in ${path.join('.')}`}.`,
    nearest(key, knownKeys(path))
  )
}

const environmentKeys = ['from', 'to', 'set', 'keep']
const jobRuleKeys = ['match', 'name', 'set', 'keep']

function knownKeys(path: ConfigPath): readonly string[] {
  switch (path[0]) {
    case undefined:
      return Object.keys(configSchema.shape)
    case 'environments':
      return environmentKeys
    case 'jobs':
      return path.length === 1 ? ['select', 'rules'] : jobRuleKeys
    case 'references':
      return path.length === 1 ? ['jobs', 'environments', 'unresolved'] : ['job', 'project']
    default:
      return ['project']
  }
}
