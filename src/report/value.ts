// How a value of a field is shown to people.
import { isRef } from '../model/desired.ts'
import { asText, isList, isObject, type Json, type JsonObject } from '../model/json.ts'

/** Longer values are cut for the eye; the plan file has them whole. */
const longest = 200
/** How much of a cut value stands before the place where it differs. */
const before = 40

/**
 * One line for a value: JSON, with references as what they refer to.
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
  if (isRef(value)) return 'ref' in value ? keyed(asText(value['ref'])) : identified(value)
  const { job, statuses } = value
  if (isRef(job) && isList(statuses ?? null)) return completion(job, statuses as readonly Json[])
  const inner = Object.entries(value).map(([key, each]) => `${key}: ${spelled(each)}`)
  return `{${inner.join(', ')}}`
}

// `job:production/Nightly` as `job "Nightly" in "production"`. A slash or per cent sign in a name is encoded in its key.
function keyed(key: string): string {
  const names = namesIn(key).map((name) => JSON.stringify(name))
  const kind = key.slice(0, key.indexOf(':'))
  return `${kind === 'attributes' ? 'extended attributes of' : kind} ${names.toReversed().join(' in ')}`
}

/** The names in a key: of an environment, or of the environment and the job. */
export function namesIn(key: string): readonly string[] {
  return key
    .slice(key.indexOf(':') + 1)
    .split('/')
    .map((part) => part.replaceAll('%2F', '/').replaceAll('%25', '%'))
}

function identified({ id, project }: JsonObject): string {
  return project === undefined ? asText(id) : `${asText(id)} of project ${asText(project)}`
}

const statusNames: Readonly<Record<string, string>> = {
  10: 'success',
  20: 'error',
  30: 'cancelled'
}

function completion(job: Json, statuses: readonly Json[]): string {
  const names = statuses.map((status) => statusNames[asText(status)] ?? asText(status))
  return `after ${spelled(job)} on ${names.join(', ')}`
}

function firstDifference(text: string, other: string): number {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return at
}
