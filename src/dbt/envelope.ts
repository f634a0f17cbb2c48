// The envelope of the API: what it says of success, where the data is, and in which of its places an error speaks.
import { isObject, isTooDeep, type Json, type JsonObject } from '../model/json.ts'

/** A parsed answer; `undefined` where the body is no JSON object, or one that is nested without end. */
export function parseBody(body: string): JsonObject | undefined {
  const parsed = json(body)
  return isObject(parsed) && !isTooDeep(parsed) ? parsed : undefined
}

/** What is wrong with the body of a success that can't be read. @param words the words of the body */
export function whyUnreadable(body: string, words: string): string {
  if (body.trim() === '') return 'the answer is empty'
  return isTooDeep(json(body) ?? null)
    ? 'the answer is nested too deeply to be one of the API'
    : `the answer is no JSON: ${words}`
}

function json(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json
  } catch {
    return undefined
  }
}

/** Whether the account keeps this address out: its list of allowed addresses lacks it (docs: IP restrictions). */
export function isKeptOut(answer: JsonObject | undefined): boolean {
  const data = answer?.['data']
  return isObject(data) && data['account_access_denied'] === true
}

/** Whether the envelope itself says that the request failed, whatever the HTTP status. */
export function saysFailure(answer: JsonObject): boolean {
  const status = answer['status']
  return isObject(status) && status['is_success'] === false
}

/** Whether the body is the API's own envelope, and not from a proxy or another server. */
export function isEnvelope(answer: JsonObject | undefined): boolean {
  return isObject(answer?.['status']) && typeof answer['status']['code'] === 'number'
}

/**
 * Whether a refusal is in one of the two forms that the API has: its envelope, or the `detail` of its web framework, as
 * recorded of a wrong method (dbt-cloud-openapi-spec#7).
 */
export function isDecided(answer: JsonObject | undefined): boolean {
  return isEnvelope(answer) || typeof answer?.['detail'] === 'string'
}

/**
 * The API's words for a failure. The cause stands in `data` (nested like the request), in the developer's message, in
 * the user's message, or in `detail`, and the best of them is taken; a body that is no JSON gives its beginning.
 * @param hide keeps out of the words what no message may show, before they are cut
 */
export function apiWords(body: string, hide: (text: string) => string = (text) => text): string {
  const answer = parseBody(body)
  if (!answer) return beginning(body, hide)
  const status = isObject(answer['status']) ? answer['status'] : {}
  const candidates = [
    // Who was refused is nobody's cause.
    isKeptOut(answer) ? '' : leaves(answer['data'] ?? null).join('; '),
    status['developer_message'],
    status['user_message'],
    answer['detail']
  ]
  const words = candidates.find((each) => typeof each === 'string' && each.trim() !== '')
  return typeof words === 'string' ? shortened(hide(words)) : beginning(body, hide)
}

/**
 * The words of an answer that may hold values of the user's: what it says to a person, and nothing of its data, of what
 * it says to a developer, or of a body that can't be read.
 */
export function plainWords(body: string, hide: (text: string) => string): string {
  const answer = parseBody(body)
  const status = isObject(answer?.['status']) ? answer['status'] : {}
  const words = [status['user_message'], answer?.['detail']].find(
    (each) => typeof each === 'string' && each.trim() !== ''
  )
  if (typeof words === 'string') return shortened(hide(words))
  if (body.trim() === '' || isPage(body)) return beginning(body, hide)
  return 'an answer that is not shown here, since it may hold values'
}

// `{schedule: {time: {interval: "required key not provided"}}}` as `schedule.time.interval: required key not provided`.
function leaves(value: Json, path = ''): readonly string[] {
  if (value === null) return []
  if (typeof value !== 'object') return [path === '' ? String(value) : `${path}: ${value}`]
  return Object.entries(value)
    .filter(([key]) => key !== '_model')
    .flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
}

function beginning(body: string, hide: (text: string) => string): string {
  const text = hide(body).replace(/\s+/g, ' ').trim()
  if (text === '') return 'an empty answer'
  return isPage(text) ? 'an HTML page, not an answer of the API' : shortened(text, 200)
}

function isPage(body: string): boolean {
  return /^\s*<(!doctype|html|head|body)/i.test(body)
}

function shortened(text: string, most = 500): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`
}
