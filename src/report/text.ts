// Names and values from the API are hostile text: in the log they must not become workflow commands, in the summary
// and the comment no Markdown, HTML, link or mention.

/** Longer names and messages are no names and messages. The plan file has them whole. */
const longest = 2000

/** Text for a line of the log or of a code block: nothing invisible, no line break, no workflow command. */
export function plain(text: string): string {
  return visible(text)
    .replaceAll('##[', '##\\u{5b}')
    .replace(/^(\s*):(?=:)/, '$1\\u{3a}')
}

/**
 * Text for Markdown and HTML that shows as it is. What could be markup is an entity. What GitHub looks for in the
 * finished page, whatever it was made from (mentions, issues, addresses, emoji, formulas), is parted by tags as well.
 */
export function inline(text: string): string {
  return escaped(text, /[@#$]|:(?=\/\/|[\w+-]+:)|(?<=www)\.|(?<=\bGH)-/giu)
}

/** A name as code, in which GitHub looks only for addresses. */
export function code(text: string): string {
  return `<code>${escaped(text, /@|:(?=\/\/)|(?<=www)\./giu)}</code>`
}

/** A message, with what it has in quotes as code: these are names and values. */
export function prose(text: string): string {
  return text
    .split(/"([^"]+)"/)
    .map((part, index) => (index % 2 === 0 ? inline(part) : code(part)))
    .join('')
}

/** A link with a text that may be hostile; the text alone where the address is none of the web. */
export function link(text: string, url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') return code(text)
  return `<a href="${parsed.href.replace(/[^\w:/.?=%-]/g, entity)}">${code(text)}</a>`
}

/** Lines as a code block, whose fence is longer than any in the lines. */
export function fenced(
  lines: readonly string[],
  language: string
): {
  readonly open: string
  readonly close: string
} {
  const runs = lines.flatMap((line) => line.match(/`{3,}/g) ?? [])
  const close = '`'.repeat(runs.reduce((most, run) => Math.max(most, run.length + 1), 3))
  return { open: `${close}${language}`, close }
}

/** The text without its end, where it is longer than anyone reads. */
function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

// All signs of ASCII but those that are no markup where they stand: a comma, a slash, a bracket about words, `-_.` within
// a word, the end of a sentence. To leave them keeps the source legible, and lets GitHub find the secrets that it masks.
const markup =
  /(?![,/(]|(?<=[^\d\s])\)|(?<=[\p{L}\p{N}])[-_.](?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}]):(?= |$)|(?<=\p{L})\.(?= |$))[!-/:-@[-`{-~]/gu

/** @param parted finds what is to stand in tags of its own */
function escaped(text: string, parted: RegExp): string {
  const parts: string[] = []
  const whole = visible(shortened(text))
  let from = 0
  for (const { 0: found, index } of whole.matchAll(parted)) {
    parts.push(whole.slice(from, index).replace(markup, entity), `<span>${entity(found)}</span>`)
    from = index + found.length
  }
  return `${parts.join('')}${whole.slice(from).replace(markup, entity)}`
}

function entity(char: string): string {
  return `&#${char.codePointAt(0) ?? 0};`
}

// Control characters, line and paragraph separators, halves of characters, and what is invisible or turns the direction
// of text; but not the mark that makes a sign an emoji.
const hidden =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

function visible(text: string): string {
  return text.replace(hidden, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}
