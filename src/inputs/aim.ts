// What stands after an arrow, or under `to` and `name`: a template of the name in the target, or the id of an object there.
import { quoted } from '../model/names.ts'
import { namedIn, parseSelector } from '../model/selector.ts'
import { templateFault } from '../model/template.ts'

/** The part of a rule that says what a source becomes. */
type RuleAim = { readonly name: string } | { readonly takes: number }

/**
 * Reads what a source becomes. Digits alone could be either, so they must say which.
 * @param captures how many wildcards there are to refer to
 * @returns what is wrong with it, as the end of a sentence, where it is neither
 */
export function parseAim(
  text: string,
  placeholders: readonly string[],
  captures: number
): RuleAim | { readonly fault: string } {
  const digits = text.trim()
  if (/^\d+$/.test(digits)) {
    return {
      fault: `is ${quoted(digits)}, which could be an id or a name: write id:${digits} or name:${digits}`
    }
  }
  if (text.startsWith('id:')) {
    const selector = parseSelector(text.trim())
    if ('error' in selector) return { fault: `is no id: ${selector.error}` }
    if (selector.by === 'id') return { takes: selector.id }
  }
  const name = namedIn(text) ?? text
  const fault = templateFault(name, placeholders, captures)
  return fault === undefined ? { name } : { fault }
}
