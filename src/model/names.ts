// How names are compared: trimmed, and in one Unicode form, so that two spellings of a screen image are one name.

/** The form of a name by which it is compared, in selectors, matching and duplicate checks. Display keeps the original. */
export function nameKey(name: string): string {
  return name.trim().normalize('NFC')
}

/** A name in quotes for a message. Escaping for the place where the message is shown is the report's task. */
export function quoted(name: string): string {
  return `"${name}"`
}

/** Ids for a message, as in `12, 15`. */
export function idList(items: readonly { readonly id: number }[]): string {
  return items.map(({ id }) => String(id)).join(', ')
}

/** Texts for a message, as in `a, b and 3 more`. @param most more than these are counted */
export function listed(texts: readonly string[], most: number): string {
  const more = texts.length - most
  return `${texts.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** The tag by which dbt-jobs-as-code recognises its jobs, in the name or the description. */
export function foreignTag(name: string, description: string): string | undefined {
  return /\[\[[*:a-zA-Z0-9_-]+\]\]/.exec(`${name} ${description}`)?.[0]
}
