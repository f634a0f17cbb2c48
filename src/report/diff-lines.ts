// The fields of a change as lines that begin with +, - or a blank: the same in the log and in the summary.
import { isList, sameJson, type Json } from '../model/json.ts'
import { canonOf } from '../model/field.ts'
import {
  isData,
  isOfValues,
  type Change,
  type LinkChange,
  type ObjectChange
} from '../model/change.ts'
import { words } from '../kinds/words.ts'
import { fieldsOf } from '../kinds/kinds.ts'
import { sequenceDiff } from './sequence.ts'
import { attributesLines, valueLines, type DiffLine } from './value-lines.ts'
import type { Link } from '../model/reference.ts'
import { shown, shownLink } from './value.ts'

/**
 * The lines of a change. A new object shows what it sets; defaults and empty values are left to the plan file.
 * @param showValues whether to show the values of variables and extended attributes
 */
export function diffLines(change: Change, showValues = false): readonly DiffLine[] {
  if (isOfValues(change)) return valueLines(change, showValues)
  if (words[change.kind].isHidden) return attributesLines(change, showValues)
  switch (change.op) {
    case 'create':
      return [
        ...Object.entries(change.values).flatMap(([path, value]) =>
          isTold(change, path, value) ? newLines(path, told(change, path, value)) : []
        ),
        ...Object.entries(change.refs).flatMap(([path, link]) =>
          link === null || path === home ? [] : [{ sign: '+', text: linkText(path, link) } as const]
        )
      ]
    case 'update':
      return change.fields.flatMap((field) => {
        if (!isData(field)) return linkLines(field)
        const { path, before, after } = field
        const [old, now] = [told(change, path, before), told(change, path, after)]
        // Of a marker that is restored, the canonical form knows nothing.
        return sameJson(old, now) ? fieldLines(path, before, after) : fieldLines(path, old, now)
      })
    case 'pause':
      return [{ sign: '-', text: 'all triggers' }]
    case 'unchanged':
      return []
  }
}

// The title says it.
const home = 'environment_id'

function linkText(path: string, link: Link | null): string {
  return `${path}: ${shownLink(link)}`
}

function linkLines({ path, from, to }: LinkChange): readonly DiffLine[] {
  return [
    { sign: '-', text: linkText(path, from) },
    { sign: '+', text: linkText(path, to) }
  ]
}

// The title says the name.
function isTold(change: ObjectChange, path: string, value: Json): boolean {
  if (path === 'name') return false
  const isIdle =
    value === null ||
    value === false ||
    value === '' ||
    value === 0 ||
    (isList(value) && value.length === 0)
  const field = fieldsOf(change.kind)[path]
  const absent = field?.absent ?? (field?.canon ? null : undefined)
  const isDefault =
    absent !== undefined && field && sameJson(canonOf(field, value), canonOf(field, absent))
  return !isIdle && !isDefault
}

// Values are told as the API has them, but for those that hold what nobody wrote: a derived cron, a marker, an order
// that means nothing.
const toldInCanonicalForm: readonly string[] = [
  'description',
  'schedule',
  'cost_optimization_features'
]

function told(change: ObjectChange, path: string, value: Json): Json {
  const field = fieldsOf(change.kind)[path]
  if (field === undefined || value === null || !toldInCanonicalForm.includes(path)) return value
  return canonOf(field, value)
}

function newLines(path: string, value: Json): readonly DiffLine[] {
  const items = itemsOf(value)
  return items === undefined
    ? [{ sign: '+', text: `${path}: ${shown(value)}` }]
    : [
        { sign: '+', text: `${path}:` },
        ...items.map((item): DiffLine => ({ sign: '+', text: `    ${shown(item)}` }))
      ]
}

function fieldLines(path: string, before: Json, after: Json): readonly DiffLine[] {
  const [old, now] = [itemsOf(before), itemsOf(after)]
  if (old === undefined && now === undefined) {
    return [
      { sign: '-', text: `${path}: ${shown(before, after)}` },
      { sign: '+', text: `${path}: ${shown(after, before)}` }
    ]
  }
  // JSON texts tell items apart, and give them back to be shown.
  const texts = (items: readonly Json[]): readonly string[] =>
    items.map((item) => JSON.stringify(item))
  const lines = sequenceDiff(texts(old ?? loneItem(before)), texts(now ?? loneItem(after)))
  const text = (item: string, beside: string | undefined): string =>
    `    ${shown(JSON.parse(item) as Json, beside === undefined ? undefined : (JSON.parse(beside) as Json))}`
  return [
    { sign: ' ', text: `${path}:` },
    ...lines.map((line, index): DiffLine => {
      if (line.sign === '…') return { sign: ' ', text: '    …' }
      const beside = [lines[index - 1], lines[index + 1]].find(
        (other) => other?.sign === (line.sign === '+' ? '-' : '+')
      )
      return {
        sign: line.sign,
        text: text(line.item, beside?.sign === '…' ? undefined : beside?.item)
      }
    })
  ]
}

/** The items of a list, or the lines of a text that has several. */
function itemsOf(value: Json): readonly Json[] | undefined {
  if (isList(value)) return value
  return typeof value === 'string' && value.includes('\n') ? value.split('\n') : undefined
}

function loneItem(value: Json): readonly Json[] {
  return value === null || value === '' ? [] : [value]
}
