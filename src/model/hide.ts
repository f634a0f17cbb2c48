// Keeps out of a message what none may show.

/** Hides some texts. */
export type Hide = (text: string) => string

/**
 * Hides texts: a token, a secret, a value that an answer repeats, whole or a line of it, also as JSON, Python, HTML, an
 * address or base64 writes it. Of a short one only whole words are hidden, or no message could be read any more.
 */
export function hiding(texts: readonly string[]): Hide {
  const hidden = [...new Set(texts.flatMap(withLines).flatMap(forms))]
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length)
  return (text) =>
    hidden.reduce((shown, each) => {
      if (each.length >= 8) return shown.replaceAll(each, '***')
      const word = each.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
      return shown.replace(
        new RegExp(`(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])`, 'gu'),
        '***'
      )
    }, text)
}

/**
 * Hides texts in Markdown as src/report/text.ts writes it, too: there any sign may be an entity, and parted by tags. GitHub
 * shows the text itself.
 */
export function hidingInMarkup(texts: readonly string[]): Hide {
  const hide = hiding(texts)
  const patterns = [...new Set(texts.flatMap(withLines))]
    .filter((text) => /[^\p{L}\p{N}]/u.test(text))
    .sort((a, b) => b.length - a.length)
    .map(markupOf)
  return (text) => patterns.reduce((shown, each) => shown.replace(each, '***'), hide(text))
}

function markupOf(text: string): RegExp {
  const signs = [...text].map((sign) => {
    const literal = sign.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
    const either = `(?:${literal}|&#${sign.codePointAt(0)};)`
    return /[\p{L}\p{N}]/u.test(sign) ? literal : `(?:${either}|<span>${either}</span>)`
  })
  const edge = text.length >= shortestValue ? '' : '[\\p{L}\\p{N}_]'
  return new RegExp(edge === '' ? signs.join('') : `(?<!${edge})${signs.join('')}(?!${edge})`, 'gu')
}

/** Shorter values are any word, and a message without them could not be read. */
const shortestValue = 8

/** What no message of a run may show, as far as it is known by now: tokens and secrets, then the values that were read. */
export class HiddenTexts {
  readonly #texts: Set<string>

  /** @param secrets tokens and secrets, however short */
  constructor(secrets: readonly string[]) {
    this.#texts = new Set(secrets)
  }

  /** Hides values from now on, but for very short ones. */
  conceal(values: readonly string[]): void {
    for (const value of values) if (value.length >= shortestValue) this.#texts.add(value)
  }

  /** Hides them in a text. @param more what else to hide in this one */
  hide(text: string, more: readonly string[] = []): string {
    return hiding([...this.#texts, ...more])(text)
  }
}

// A line may be a key or a password by itself; a bracket or a short word tells nothing.
function withLines(text: string): readonly string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim())
  return lines.length < 2 ? [text] : [text, ...lines.filter((line) => line.length >= 4)]
}

function forms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const address = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
  return [
    text,
    json,
    JSON.stringify(json).slice(1, -1),
    ascii(json),
    json.replaceAll('/', String.raw`\/`),
    ...python(text),
    ...addresses(address),
    ...quotes.map((marks) => escaped(text, { ...brackets, ...marks })),
    ...base64(text)
  ]
}

// As JSON is written that has no other signs than those of ASCII.
function ascii(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

// In an error of Python a text stands as its `repr`, whose quotes are single ones, unless it has such itself.
function python(text: string): readonly string[] {
  const plain = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
  return [plain, plain.replaceAll("'", String.raw`\'`)]
}

// Which signs are escaped differs, and so does the case of the digits; a form has + for a blank.
function addresses(escapedWhole: string): readonly string[] {
  const strict = escapedWhole.replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  )
  const all = [escapedWhole, strict].flatMap((each) => [
    each,
    each.replaceAll('%2F', '/'),
    each.replaceAll('%20', '+')
  ])
  const lower = (each: string): string =>
    each.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  return [...all, ...all.map(lower)]
}

// By itself, as a basic authorization writes it; of a short one it would be any word.
function base64(text: string): readonly string[] {
  if (text.length < 8) return []
  const encoded = Buffer.from(text).toString('base64').replace(/=+$/, '')
  return [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')]
}

const brackets: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

// How servers write quotation marks in HTML differs.
const quotes: readonly Readonly<Record<string, string>>[] = [
  {},
  { '"': '&quot;', "'": '&#x27;' },
  { '"': '&quot;', "'": '&#39;' },
  { '"': '&quot;' },
  { '"': '&#34;', "'": '&#39;' }
]

function escaped(text: string, marks: Readonly<Record<string, string>>): string {
  return text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark)
}
