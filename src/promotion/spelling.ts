// What a line that matches nothing was meant to be, where its parts do match: an arrow without blanks or with other
// signs, several on one line, a name of digits that passes for an id. The spec can't tell, since names hold all of it.
import { nameKey, quoted } from '../model/names.ts'
import { parseSelector, selectBy, type Selectable, type Selector } from '../model/selector.ts'

const arrow = /\s*(?:-+>|=+>|[–—]+>|[→⇒➔➜⟶])\s*/u
const comma = /\s*(?:[,;]|\\n)\s*/
const wraps = new Map(['[]', '""', "''", '``'].map((pair) => [pair.charAt(0), pair.charAt(1)]))

/** What to do about a line that matches nothing; undefined where nobody can tell. @param to what stands after its arrow */
export function spelling(
  selector: Selector,
  items: readonly Selectable[],
  { to = '', isOut = false }: { readonly to?: string; readonly isOut?: boolean } = {}
): string | undefined {
  const lines = meant(selector, items, to).map((line) => quoted(isOut ? `!${line}` : line))
  if (lines.length < 2) return lines[0] === undefined ? undefined : `Write it as ${lines[0]}.`
  return `Write each on a line of its own: ${lines.join(' and ')}.`
}

function meant(selector: Selector, items: readonly Selectable[], to: string): readonly string[] {
  const aim = to === '' ? '' : ` -> ${to}`
  const named = (name: string): Selectable | undefined =>
    items.find((item) => nameKey(item.name) === nameKey(name))
  const { text } = selector
  if (selector.by === 'id') return named(text) ? [`name:${text}${aim}`] : []
  const whole = aim === '' ? undefined : named(`${text}${aim}`)
  if (whole) return [`id:${whole.id}`]
  const parts = unwrapped(text)
    .split(comma)
    .map(unwrapped)
    .filter((part) => part !== '')
  const read = parts.map((part) => part.split(arrow))
  const isRead = read.every(({ length }) => length === 1 || (length === 2 && aim === ''))
  if (!isRead || !read.some(([from = '']) => isThere(from, items))) return []
  const lines = read.map(([from = '', other = to]) => (other === '' ? from : `${from} -> ${other}`))
  return lines.length === 1 && lines[0] === `${text}${aim}` ? [] : lines
}

function unwrapped(text: string): string {
  const line = text.trim().replace(/^-\s+/, '')
  const end = wraps.get(line.charAt(0))
  const isWrapped = end !== undefined && line.length > 1 && line.endsWith(end)
  return isWrapped ? unwrapped(line.slice(1, -1)) : line
}

function isThere(line: string, items: readonly Selectable[]): boolean {
  const selector = parseSelector(line.replace(/^!/, '').trim())
  return !('error' in selector) && selectBy(selector, items).length > 0
}
