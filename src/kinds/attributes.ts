// Extended attributes: records of a project (API v3) that environments refer to. There is no list of them. Their content
// is a JSON object of the user's, which this action holds as one canonical text, so that it is never taken for ours.
import { asText, isObject, isTooDeep, type Json, type JsonObject } from '../model/json.ts'
import { id, ShapeError, type Decoder } from '../model/decode.ts'
import {
  readValues,
  whole,
  type Fields,
  type Resource,
  type Values,
  type ValuesOf
} from '../model/field.ts'
import type { Place, Request } from '../model/request.ts'

/** The most bytes that the platform takes, in serialized form. */
export const mostAttributesBytes = 4096

/** The content of a record, which the API gives as an object or as a JSON text of one. */
const content: Decoder<string> = (raw, at) => {
  const value = typeof raw === 'string' ? parsed(raw) : raw
  if (!isObject(value)) throw new ShapeError(at, 'an object', raw, true)
  if (isTooDeep(value)) throw new ShapeError(at, 'nested less deeply', raw, true)
  if (numbersIn(value).some((number) => !Number.isFinite(number)))
    throw new ShapeError(at, 'free of numbers beyond all bounds', raw, true)
  return JSON.stringify(sorted(value), null, 2)
}

/** The one field of a record that is anybody's to decide. */
export const attributesFields = {
  extended_attributes: { rule: 'copy', decode: content }
} as const satisfies Fields

type AttributesValues = ValuesOf<typeof attributesFields>
/** A record; it has no name. */
export type Attributes = Resource<AttributesValues>

/** Reads a record from an answer. @throws ShapeError */
export function decodeAttributes(raw: JsonObject): Attributes {
  const own = id(raw['id'], 'extended attributes: id')
  const read = readValues(attributesFields, [], raw, `extended attributes ${own}`)
  return whole({ id: own, name: '', unknown: [], ...read })
}

/** The content as the API takes it. */
export function contentOf(values: Values): JsonObject {
  const value = parsed(asText(values['extended_attributes']))
  return isObject(value) ? value : {}
}

function attributesPath({ account, project }: Place): string {
  return `/api/v3/accounts/${account}/projects/${project}/extended-attributes/`
}

/** Reads one record. */
export function readAttributes(place: Place, own: number): Request {
  return {
    method: 'GET',
    path: `${attributesPath(place)}${own}/`,
    retry: 'read',
    confidential: true
  }
}

/** Creates a record. Until an environment refers to it, nobody can find it. */
export function createAttributes(place: Place, values: Values): Request {
  return { method: 'POST', path: attributesPath(place), ...body(values), retry: 'create' }
}

/** Replaces the content of a record. */
export function replaceAttributes(place: Place, own: number, values: Values): Request {
  return {
    method: 'PATCH',
    path: `${attributesPath(place)}${own}/`,
    ...body(values),
    retry: 'replace'
  }
}

function body(values: Values): Pick<Request, 'body' | 'sensitive'> {
  const extended_attributes = contentOf(values)
  return { body: { extended_attributes }, sensitive: textsIn(extended_attributes) }
}

/** All texts and numbers within a value. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** All numbers within a value. */
export function numbersIn(value: Json): readonly number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

function parsed(json: string): Json {
  try {
    return JSON.parse(json) as Json
  } catch {
    return null
  }
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((each) => sorted(each as Json))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)])
  )
}
