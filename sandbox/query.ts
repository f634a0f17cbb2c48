// Query parameters: which ones an endpoint has, their types, and the pages they cut.
// What the spec does not list is refused, so a misspelt filter cannot pass for "everything".

import { invalid, success, type SandboxResponse } from './http.ts'
import { omit, type Json, type JsonObject } from './json.ts'
import type { Row } from './table.ts'

type ParameterType =
  'integer' | 'integers' | 'string' | 'strings' | 'boolean' | 'state' | 'order' | 'related'

interface Parameter {
  readonly type: ParameterType
  /** The only values it may have (`related`, `order`, `string`, `strings`). */
  readonly values?: readonly string[]
  readonly low?: number
  readonly high?: number
  /** An empty text is none (`related`). */
  readonly empty?: boolean
}

/** The parameters of an endpoint, by name. */
export type Parameters = Readonly<Record<string, Parameter>>

/** Parsed parameters; lists as lists, numbers as numbers, `state` as text. */
export type Query = Readonly<Record<string, Json>>

/** `limit` above 100 is refused: the spec says "up to 100", and no recording shows what more would do. */
export const PAGING: Parameters = {
  limit: { type: 'integer', low: 1, high: 100 },
  offset: { type: 'integer', low: 0 }
}

/** The filter on soft deletion that every list of the spec has. */
export const STATE: Parameters = { state: { type: 'state' } }

const STATES: Readonly<Record<string, string>> = {
  active: 'active',
  '1': 'active',
  deleted: 'deleted',
  '2': 'deleted',
  all: 'all'
}

function fail(name: string, message: string): never {
  throw invalid({ [name]: message })
}

function integer(name: string, text: string, parameter: Parameter): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) fail(name, `'${text}' is not of type 'integer'`)
  if (parameter.low !== undefined && value < parameter.low)
    fail(name, `${value} is less than the minimum of ${parameter.low}`)
  if (parameter.high !== undefined && value > parameter.high)
    fail(name, `${value} is greater than the maximum of ${parameter.high}`)
  return value
}

function text(name: string, value: string, parameter: Parameter): string {
  if (parameter.values !== undefined && !parameter.values.includes(value))
    fail(name, `'${value}' is not one of [${parameter.values.join(', ')}]`)
  return value
}

// Lists come as `pk__in=[1,2]` in every client seen, and repeated in the spec's reading.
function items(name: string, texts: readonly string[]): readonly string[] {
  const [first = ''] = texts
  if (texts.length > 1 || !first.startsWith('[')) {
    if (texts.some((value) => value.includes(','))) fail(name, `'${first}' is not of type 'array'`)
    return texts
  }
  if (!first.endsWith(']')) fail(name, `'${first}' is not of type 'array'`)
  const inner = first.slice(1, -1).trim()
  if (inner === '') return []
  return inner.split(',').map((item) => item.trim().replace(/^(["'])(.*)\1$/, '$2'))
}

// The spec says comma separated, Terraform's provider sends `["a","b"]`: both are known to work.
function related(name: string, texts: readonly string[], parameter: Parameter): readonly string[] {
  const [first = ''] = texts
  if (texts.length > 1) fail(name, 'given more than once')
  if (first === '' && parameter.empty === true) return []
  const names = first.startsWith('[') ? items(name, texts) : first.split(',')
  return names.map((value) => text(name, value.trim(), parameter))
}

function parse(name: string, texts: readonly string[], parameter: Parameter): Json {
  if (parameter.type === 'integers')
    return items(name, texts).map((item) => integer(name, item, parameter))
  if (parameter.type === 'strings')
    return items(name, texts).map((item) => text(name, item, parameter))
  if (parameter.type === 'related') return related(name, texts, parameter)
  if (texts.length > 1) fail(name, 'given more than once')
  const [value = ''] = texts
  switch (parameter.type) {
    case 'integer':
      return integer(name, value, parameter)
    case 'boolean':
      if (value !== 'true' && value !== 'false') fail(name, `'${value}' is not of type 'boolean'`)
      return value === 'true'
    case 'state':
      return Object.hasOwn(STATES, value)
        ? (STATES[value] ?? value)
        : fail(name, `'${value}' is not one of [active, deleted, all]`)
    case 'order':
      text(name, value.replace(/^-/, ''), parameter)
      return value
    case 'string':
      return text(name, value, parameter)
  }
}

/** Reads a query string by the parameters of the endpoint; a parameter that it does not have is a 400. */
export function parseQuery(search: string, parameters: Parameters): Query {
  if (search === '') return {}
  const query: Record<string, Json> = {}
  const given = new URLSearchParams(search)
  for (const name of new Set(given.keys())) {
    if (!Object.hasOwn(parameters, name)) fail(name, `Unknown query parameter '${name}'`)
    query[name] = parse(name, given.getAll(name), parameters[name] as Parameter)
  }
  return query
}

/** True if the row passes the `state` filter; without one only active rows do. */
export function inState(query: Query, row: { readonly state: number }): boolean {
  const wanted = query.state ?? 'active'
  return wanted === 'all' || row.state === (wanted === 'active' ? 1 : 2)
}

/** True if the parameter is absent, or the value is it, or is in it. */
export function matches(query: Query, name: string, value: Json): boolean {
  if (!Object.hasOwn(query, name)) return true
  const wanted = query[name] as Json
  return Array.isArray(wanted) ? (wanted as readonly Json[]).includes(value) : wanted === value
}

/** True if the parameter is absent, or is a part of the text whatever the case. */
export function contains(query: Query, name: string, value: string): boolean {
  const wanted = query[name]
  return typeof wanted !== 'string' || value.toLowerCase().includes(wanted.toLowerCase())
}

/** True if the parameter is absent, or less than the value. */
export function above(query: Query, name: string, value: number): boolean {
  const wanted = query[name]
  return typeof wanted !== 'number' || value > wanted
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [String(a), String(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function ordered<T extends Row>(rows: readonly T[], order: string): readonly T[] {
  if (order === 'id') return rows
  const key = order.replace(/^-/, '') as keyof T
  const sign = order.startsWith('-') ? -1 : 1
  return rows.toSorted((a, b) => sign * compare(a[key], b[key]) || sign * (a.id - b.id))
}

/** One page of the rows that passed the filters, with `extra` as recorded. */
export function listPage<T extends Row>(
  rows: readonly T[],
  query: Query,
  filters: JsonObject,
  show: (row: T) => Json,
  rest: JsonObject = {}
): SandboxResponse {
  const limit = typeof query.limit === 'number' ? query.limit : 100
  const offset = typeof query.offset === 'number' ? query.offset : 0
  const order = typeof query.order_by === 'string' ? query.order_by : 'id'
  const data = ordered(rows, order)
    .slice(offset, offset + limit)
    .map(show)
  const asked = omit(query, 'order_by', 'include_related')
  const extra = {
    filters: { limit, offset, ...filters, ...asked },
    order_by: order,
    pagination: { count: data.length, total_count: rows.length }
  }
  return success(200, data, { extra, ...rest })
}
