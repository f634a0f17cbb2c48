// Selectors: which environments and jobs of the source a promotion takes, by id, exact name or wildcard.
import { nameKey } from './names.ts'

/** One line of a selection, or the `match` of a rule. */
export type Selector =
  | { readonly by: 'id'; readonly id: number; readonly text: string }
  | {
      readonly by: 'name'
      readonly pattern: string
      readonly text: string
      /** Set where the pattern is a name in which nothing is special, `*` included. */
      readonly isLiteral?: true
    }

/** What is taken: everything that an `include` matches, less everything that an `exclude` matches. */
export interface Selection {
  readonly include: readonly Selector[]
  readonly exclude: readonly Selector[]
}

/** Something that can be selected. */
export interface Selectable {
  readonly id: number
  readonly name: string
}

/**
 * Reads a selector: `id:123` or digits are an id, `name:` stands before a name in which nothing is special (2024), and
 * all else is a name in which only `*` and `?` are.
 * @returns the selector, or the reason why it is none
 */
export function parseSelector(text: string): Selector | { readonly error: string } {
  const name = namedIn(text)
  if (name === '') return { error: `"${text}" is no name: one must follow "name:"` }
  if (name !== undefined) return { by: 'name', pattern: name, text, isLiteral: true }
  const digits = /^(?:id:\s*)?(\d+)$/.exec(text)?.[1]
  if (digits === undefined) {
    return text.startsWith('id:')
      ? { error: `"${text}" is no id: only digits may follow "id:"` }
      : { by: 'name', pattern: nameKey(text), text }
  }
  const id = Number(digits)
  if (!Number.isSafeInteger(id) || id <= 0)
    return { error: `"${text}" is no id of the dbt platform` }
  return { by: 'id', id, text }
}

/** The name that stands after `name:`, by which a name is compared; undefined without `name:`. */
export function namedIn(text: string): string | undefined {
  const name = /^\s*name:(.*)$/s.exec(text)?.[1]
  return name === undefined ? undefined : nameKey(name)
}

/** Reads what names one thing, by its id or its exact name. @returns the reason where it is neither */
export function parseNamed(
  text: string
): { readonly id: number } | { readonly name: string } | { readonly error: string } {
  const selector = parseSelector(text)
  if ('error' in selector) return selector
  if (selector.by === 'id') return { id: selector.id }
  return { name: selector.isLiteral ? selector.pattern : text }
}

/**
 * The items that a selector stands for. An exact name wins over the same text read as a wildcard, but for `*` alone,
 * which is always everything.
 */
export function selectBy<T extends Selectable>(
  selector: Selector,
  items: readonly T[]
): readonly T[] {
  const meant = literally(selector, items)
  return items.filter((item) => captures(meant, item) !== undefined)
}

/**
 * What the wildcards of a selector matched in a name, first to last.
 * @returns undefined where the selector does not match the item
 */
export function captures(selector: Selector, item: Selectable): readonly string[] | undefined {
  const name = nameKey(item.name)
  if (selector.by === 'id') return selector.id === item.id ? [] : undefined
  const isLiteral = selector.isLiteral === true
  if (name === selector.pattern) return selector.pattern === '*' && !isLiteral ? [name] : []
  return !isLiteral && isWildcard(selector.pattern) ? wildcard(selector.pattern, name) : undefined
}

/** The selector as one of a name alone, where one of the items has its text for a name. `*` is always everything. */
export function literally(selector: Selector, items: readonly Selectable[]): Selector {
  if (selector.by === 'id' || selector.text === '*') return selector
  const typed = nameKey(selector.text)
  if (typed === selector.pattern && !isWildcard(typed)) return selector
  const isName = items.some(({ name }) => nameKey(name) === typed)
  return isName ? { ...selector, pattern: typed, isLiteral: true } : selector
}

/** What a selection takes, and the selectors that match nothing. */
export interface Taken<T> {
  /** In the order of the items. */
  readonly taken: readonly T[]
  readonly idle: readonly Selector[]
  /** Those that would leave out. */
  readonly idleExcludes: readonly Selector[]
}

/** Applies a selection. */
export function select<T extends Selectable>(selection: Selection, items: readonly T[]): Taken<T> {
  const matched = (selectors: readonly Selector[]): { all: Set<T>; idle: Selector[] } => {
    const all = new Set<T>()
    const idle: Selector[] = []
    for (const selector of selectors) {
      const found = selectBy(selector, items)
      if (found.length === 0 && selector.text !== '*') idle.push(selector)
      for (const item of found) all.add(item)
    }
    return { all, idle }
  }
  const included = matched(selection.include)
  const excluded = matched(selection.exclude)
  return {
    taken: items.filter((item) => included.all.has(item) && !excluded.all.has(item)),
    idle: included.idle,
    idleExcludes: excluded.idle
  }
}

/** Whether a selector means one thing, by its id or its exact name. */
export function isExact(selector: Selector): boolean {
  return selector.by === 'id' || selector.isLiteral === true || !isWildcard(selector.pattern)
}

function isWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern)
}

/**
 * Matches a whole name, in which only `*` and `?` of the pattern are special. Job names are no paths (a slash, a
 * leading dot and brackets are ordinary characters), so no glob library fits. A regular expression would take
 * polynomial time on `*a*a*a*`; this walk goes back to the last star only, so it takes length times length.
 * @returns what each wildcard matched, or undefined where the name does not match; earlier stars match the least
 */
function wildcard(pattern: string, name: string): readonly string[] | undefined {
  const wanted = [...pattern]
  const given = [...name]
  const begins: number[] = []
  let star = -1
  let at = 0
  let part = 0
  while (at < given.length || part < wanted.length) {
    begins[part] = at
    if (wanted[part] === '*') {
      star = part++
    } else if (at < given.length && (wanted[part] === '?' || wanted[part] === given[at])) {
      at++
      part++
    } else if (star >= 0 && at < given.length) {
      const retry = (begins[star + 1] ?? at) + 1
      part = star + 1
      at = retry
    } else {
      return undefined
    }
  }
  begins[part] = at
  return wanted.flatMap((char, index) =>
    char === '*' || char === '?' ? [given.slice(begins[index], begins[index + 1]).join('')] : []
  )
}
