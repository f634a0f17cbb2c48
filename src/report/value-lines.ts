// The lines of values that are hidden unless the user asks for them: those of variables, and extended attributes.
import {
  isData,
  type KeptValue,
  type ObjectChange,
  type Scope,
  type Value,
  type ValueChange,
  type ValuesChange
} from '../model/change.ts'
import { groupBy } from '../model/group.ts'
import { sameJson, type Json, type JsonObject } from '../model/json.ts'
import { contentOf } from '../kinds/attributes.ts'
import { namesIn, shown } from './value.ts'

/** One line of a difference. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' '
  readonly text: string
}

/** The lines of a variable or an override: what is written, then what stays though the source has something else. */
export function valueLines(
  { writes, kept }: ValuesChange,
  showValues: boolean
): readonly DiffLine[] {
  return [
    ...(showValues
      ? writes.flatMap((write) => writeLines(write))
      : [...groupBy(writes, wordOf)].map(([word, all]) => hiddenLine(word, all))),
    ...kept.map((each): DiffLine => ({ sign: ' ', text: keptText(each) }))
  ]
}

/** The lines of extended attributes, by their outermost keys. */
export function attributesLines(change: ObjectChange, showValues: boolean): readonly DiffLine[] {
  if (change.op === 'create') return keyLines({}, contentOf(change.values), showValues)
  if (change.op !== 'update') return []
  return change.fields
    .filter(isData)
    .flatMap(({ before, after }) =>
      keyLines(
        contentOf({ extended_attributes: before }),
        contentOf({ extended_attributes: after }),
        showValues
      )
    )
}

/** What the target keeps of a value. */
function keptText({ scope, why }: KeptValue): string {
  return `${scopeText(scope)}: ${why === 'secret' ? 'the secret stays' : 'another value, which stays'}`
}

function writeLines({ scope, before, after }: ValueChange): readonly DiffLine[] {
  const line = (sign: '+' | '-', value: Value): DiffLine => ({
    sign,
    text: `${scopeText(scope)}: ${typeof value === 'string' ? shown(value) : secret}`
  })
  return [...(before === null ? [] : [line('-', before)]), line('+', after)]
}

// Of what is hidden, the places are all there is to tell.
function hiddenLine(word: string, writes: readonly ValueChange[]): DiffLine {
  return { sign: '+', text: `${writes.map(({ scope }) => scopeText(scope)).join(', ')}: ${word}` }
}

function wordOf({ before, after }: ValueChange): string {
  if (typeof after === 'string') return before === null ? hidden : '(another value, hidden)'
  return before === null ? secret : '(secret, written again)'
}

function keyLines(before: JsonObject, after: JsonObject, showValues: boolean): readonly DiffLine[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const line = (sign: '+' | '-', key: string, value: Json | undefined): readonly DiffLine[] =>
    value === undefined
      ? []
      : [{ sign, text: `${key}: ${showValues ? JSON.stringify(value) : hidden}` }]
  return keys.flatMap((key) => {
    const [old, now] = [ownValue(before, key), ownValue(after, key)]
    if (old !== undefined && now !== undefined && sameJson(old, now)) return []
    return [...line('-', key, old), ...line('+', key, now)]
  })
}

// Keys are any text, also that of what every object has.
function ownValue(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

const hidden = '(hidden)'
const secret = '(secret)'

function scopeText(scope: Scope): string {
  if (scope === 'project') return 'project'
  const [name = ''] = namesIn(scope)
  return scope.startsWith('job:') ? 'value' : name
}
