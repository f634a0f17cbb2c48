// How a value of a field is shown to people.
import { isRef } from '../promotion/desired.ts'
import { asText, isList, isObject, type Json } from '../promotion/json.ts'

/** Longer values are cut for the eye; the plan file has them whole. */
const longest = 200

/** One line for a value: JSON, with references as what they refer to. */
export function shown(value: Json): string {
  const text = typeof value === 'object' && value !== null ? spelled(value) : JSON.stringify(value)
  return text.length <= longest
    ? text
    : `${text.slice(0, longest)}… (${String(text.length)} characters)`
}

function spelled(value: Json): string {
  if (isRef(value))
    return 'ref' in value ? decodeURIComponent(asText(value['ref'])) : reference(value)
  if (isList(value)) return `[${value.map(spelled).join(', ')}]`
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}: ${spelled(inner)}`)
      .join(', ')}}`
  }
  return JSON.stringify(value)
}

function reference(value: { readonly id?: Json; readonly project?: Json }): string {
  return value.project === undefined
    ? asText(value.id)
    : `${asText(value.id)} of project ${asText(value.project)}`
}
