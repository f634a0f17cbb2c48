// Reads the input `secrets`: a map from names of variables to values, in YAML or JSON. Nothing of it may show, so what is
// wrong is told by line alone, and what YAML would silently take for something else than a value is refused.
import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Pair,
  type YAMLMap
} from 'yaml'
import { isMask } from '../kinds/variable.ts'
import { tooDeepAt } from './nesting.ts'
import { nameKey } from '../model/names.ts'
import { problem, type Problem } from '../model/remark.ts'
import type { SecretValues } from '../model/secrets.ts'

/** The secrets of the input, with what is wrong with it. */
export interface ReadSecrets {
  readonly values: SecretValues
  /** All that may be a secret, to be masked; also where something is wrong with it. */
  readonly texts: readonly string[]
  readonly problems: readonly Problem[]
}

const remedy =
  'Write one line for each: DBT_ENV_SECRET_NAME: ${{ toJSON(secrets.NAME) }}. ' +
  'toJSON puts the value in quotes, whatever is in it.'

/** Parses the input. */
export function parseSecrets(text: string): ReadSecrets {
  const problems: Problem[] = []
  const lines = new LineCounter()
  if (tooDeepAt(text) !== undefined) {
    const message = 'The input secrets, line 1: this is neither YAML nor JSON.'
    return { values: new Map(), texts: [text], problems: [problem(message, remedy)] }
  }
  // Without a schema a value is the text that it is: 0123 and true are no number and no truth.
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false
  })
  const wrong = (offset: number, fault: string, how = remedy): void => {
    const { line } = lines.linePos(offset)
    problems.push(problem(`The input secrets, line ${line}: ${fault}.`, how))
  }
  for (const { pos } of [...document.errors, ...document.warnings])
    wrong(pos[0], 'this is neither YAML nor JSON')
  const texts = [...textsIn(document), ...(problems.length > 0 ? [text] : [])]
  if (problems.length > 0) return { values: new Map(), texts, problems }
  if (!isMap(document.contents)) {
    wrong(0, 'this is no map from names to values')
    return { values: new Map(), texts: [...texts, text], problems }
  }
  // The place of a comment is not told; that there is one, is.
  if (hasComment(document.contents) || document.commentBefore || document.comment) {
    problems.push(
      problem(
        'The input secrets has a comment, which may be the end of a secret that is not in quotes.',
        remedy
      )
    )
  }
  const read = reader(text, wrong)
  const values = new Map<string, string | ReadonlyMap<string, string>>()
  for (const pair of document.contents.items) {
    const name = read.key(pair)
    if (name === undefined) continue
    if (!/^DBT_[A-Z0-9_]+$/.test(name)) {
      wrong(
        offsetOf(pair.key),
        'this is no name of a variable, which begins with DBT_ and has upper case letters, digits and _ only',
        'Name the variables one by one: do not hand over toJSON(secrets) as a whole.'
      )
      continue
    }
    if (values.has(name)) wrong(offsetOf(pair.key), `${name} stands here twice`)
    const value = isMap(pair.value)
      ? read.places(pair.value, name, document.contents.flow === true)
      : read.value(pair, name)
    if (value !== undefined) values.set(name, value)
  }
  return { values, texts, problems }
}

function textsIn(document: Document): readonly string[] {
  const texts: string[] = []
  visit(document, {
    Scalar: (role, { value }) => {
      if (role !== 'key' && typeof value === 'string' && value !== '') texts.push(value)
    }
  })
  return texts
}

/** What is wrong with the value of a variable, as the end of a sentence. @param secret the text that it is, if it is one */
function faultOf(secret: string | undefined, held: unknown, text: string): string | undefined {
  if (held === null || secret === '') return empty
  if (secret === undefined) return 'is no text'
  if (isPlain(held) && ['null', '~'].includes(secret)) return empty
  if (isFolded(held, text)) return 'has line breaks, of which YAML makes blanks'
  return isMask(secret) ? 'is a mask, and no secret' : undefined
}

/** Reads keys and values of the map, and of those within it. */
function reader(
  text: string,
  wrong: (offset: number, fault: string) => void
): {
  readonly key: (pair: Pair) => string | undefined
  readonly value: (pair: Pair, name: string) => string | undefined
  readonly places: (
    map: YAMLMap,
    name: string,
    isJson: boolean
  ) => ReadonlyMap<string, string> | undefined
} {
  const textOf = (node: unknown): string | undefined => {
    if (!isScalar(node) || isAlias(node) || node.anchor !== undefined || node.tag !== undefined)
      return undefined
    return typeof node.value === 'string' ? node.value : ''
  }
  const key = ({ key: node }: Pair): string | undefined => {
    const name = textOf(node)
    const isName = name !== undefined && name.trim() !== ''
    if (!isName) wrong(offsetOf(node), 'this is no name')
    return isName ? name : undefined
  }
  const value = ({ key: node, value: held }: Pair, name: string): string | undefined => {
    const secret = textOf(held)
    const fault = faultOf(secret, held, text)
    if (fault === undefined) return secret
    wrong(offsetOf(node), `the value of ${name} ${fault}`)
    return undefined
  }
  const places = (map: YAMLMap, name: string, isJson: boolean): Map<string, string> | undefined => {
    const at = offsetOf(map)
    // A secret that is a JSON object would else pass for one with values for single places.
    if (map.flow === true && !isJson) {
      wrong(at, `the value of ${name} is a JSON object that is not in quotes`)
      return undefined
    }
    if (map.anchor !== undefined || map.tag !== undefined) {
      wrong(at, `the value of ${name} is no text`)
      return undefined
    }
    if (map.items.length === 0) wrong(at, `the value of ${name} ${empty}`)
    const all = new Map<string, string>()
    const seen = new Set<string>()
    for (const pair of map.items) {
      const place = nameKey(key(pair) ?? '')
      if (place === '') continue
      // Which one is not told: it may be a part of a secret.
      if (seen.has(place)) wrong(offsetOf(pair.key), `${name} has two values for one place`)
      seen.add(place)
      const secret = value(pair, name)
      if (secret !== undefined) all.set(place, secret)
    }
    return all
  }
  return { key, value, places }
}

const empty = 'is empty: a secret of GitHub that is not set, or not passed on, arrives empty'

function isPlain(node: unknown): boolean {
  return isScalar(node) && node.type === 'PLAIN'
}

// Only a block keeps its line breaks.
function isFolded(node: unknown, text: string): boolean {
  if (!isScalar(node) || node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return false
  const [from = 0, to = 0] = node.range ?? []
  return /[\r\n]/.test(text.slice(from, to))
}

function offsetOf(node: unknown): number {
  const range = (node as { readonly range?: readonly number[] | null } | null)?.range
  return range?.[0] ?? 0
}

function hasComment(node: unknown): boolean {
  if (node === null || typeof node !== 'object') return false
  const { comment, commentBefore } = node as { comment?: unknown; commentBefore?: unknown }
  if (typeof comment === 'string' || typeof commentBefore === 'string') return true
  return (
    isMap(node) && node.items.some(({ key, value }: Pair) => hasComment(key) || hasComment(value))
  )
}
