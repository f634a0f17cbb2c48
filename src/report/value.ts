// How a value of a field is shown to people.
import { wordsOfKey } from '../kinds/words.ts'
import { isList, isObject, type Json } from '../model/json.ts'
import type { Link } from '../model/reference.ts'
import { canonLink } from '../model/link.ts'

/** Longer values are cut for the eye; the plan file has them whole. */
const longest = 200
/** How much of a cut value stands before the place where it differs. */
const before = 40

/**
 * One line for a value: JSON.
 * @param beside the value that it is to be told from: a cut leaves the place where the two differ
 */
export function shown(value: Json, beside?: Json): string {
  const text = spelled(value)
  if (text.length <= longest) return text
  const from =
    beside === undefined ? 0 : Math.max(0, firstDifference(text, spelled(beside)) - before)
  const part = text.slice(from, from + longest)
  return `${from > 0 ? '…' : ''}${part}… (${text.length} characters)`
}

function spelled(value: Json): string {
  if (isList(value)) return `[${value.map(spelled).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const inner = Object.entries(value).map(([key, each]) => `${key}: ${spelled(each)}`)
  return `{${inner.join(', ')}}`
}

// `job:production/Nightly` as `job "Nightly" in "production"`. A slash or per cent sign in a name is encoded in its key.
function keyed(key: string): string {
  const names = namesIn(key).map((name) => JSON.stringify(name))
  return `${wordsOfKey(key)?.referred ?? ''} ${names.toReversed().join(' in ')}`.trimStart()
}

/** The names in a key: of an environment, or of the environment and the job. */
export function namesIn(key: string): readonly string[] {
  return key
    .slice(key.indexOf(':') + 1)
    .split('/')
    .map((part) => part.replaceAll('%2F', '/').replaceAll('%25', '%'))
}

/** One line for a reference: what it refers to, and when that counts. */
export function shownLink(link: Link | null): string {
  if (link === null) return 'null'
  const to = 'key' in link ? keyed(link.key) : identified(link)
  const { statuses } = canonLink(link)
  if (statuses === undefined) return to
  const names = statuses.map((status) => statusNames[status] ?? status)
  return `after ${to} on ${names.join(', ')}`
}

function identified({ id, project }: { readonly id: number; readonly project?: number }): string {
  return project === undefined ? String(id) : `${id} of project ${project}`
}

const statusNames: Readonly<Record<number, string>> = {
  10: 'success',
  20: 'error',
  30: 'cancelled'
}

function firstDifference(text: string, other: string): number {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return at
}
