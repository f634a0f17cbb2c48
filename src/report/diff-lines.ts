// The fields of a change as lines that begin with +, - or a blank: the same in the log and in the summary.
import { isList, sameJson, type Json } from '../promotion/json.ts'
import { canonOf } from '../promotion/kinds/field.ts'
import type { Change } from '../promotion/change.ts'
import { fieldsOf } from '../promotion/kinds/kinds.ts'
import { shown } from './value.ts'

/** One line of a difference. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' '
  readonly text: string
}

/** The lines of a change. A new object shows what it sets; defaults and empty values are left to the plan file. */
export function diffLines(change: Change): readonly DiffLine[] {
  switch (change.op) {
    case 'create':
      return Object.entries(change.values)
        .filter(([path, value]) => path !== 'name' && path !== 'environment_id' && !isIdle(value))
        .flatMap(([path, value]) => valueLines('+', path, value))
    case 'update':
      return change.fields.flatMap(({ path, before, after }) =>
        fieldLines(change, path, before, after)
      )
    case 'unchanged':
      return []
  }
}

function fieldLines(change: Change, path: string, before: Json, after: Json): readonly DiffLine[] {
  // Lists are compared item by item, so that one new step among ten is one line.
  if (isList(before) && isList(after) && before.length + after.length > 2) {
    const gone = before.filter((item) => !after.some((other) => sameJson(item, other)))
    const come = after.filter((item) => !before.some((other) => sameJson(item, other)))
    if (gone.length + come.length > 0) {
      return [
        ...gone.map((item): DiffLine => ({ sign: '-', text: `${path}: ${shown(item)}` })),
        ...come.map((item): DiffLine => ({ sign: '+', text: `${path}: ${shown(item)}` }))
      ]
    }
  }
  const field = fieldsOf(change.kind)[path]
  const spelled = (value: Json): Json =>
    field && path === 'schedule' ? canonOf(field, value) : value
  return [
    { sign: '-', text: `${path}: ${shown(spelled(before))}` },
    { sign: '+', text: `${path}: ${shown(spelled(after))}` }
  ]
}

function valueLines(sign: DiffLine['sign'], path: string, value: Json): readonly DiffLine[] {
  return isList(value)
    ? value.map((item) => ({ sign, text: `${path}: ${shown(item)}` }))
    : [{ sign, text: `${path}: ${shown(value)}` }]
}

function isIdle(value: Json): boolean {
  return value === null || value === false || value === '' || (isList(value) && value.length === 0)
}
