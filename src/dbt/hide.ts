// Keeps out of a message what none may show.

/** Hides some texts. */
export type Hide = (text: string) => string

/**
 * Hides texts: a token, a secret, a value that an answer repeats, whole or a line of it, also as JSON or HTML writes it.
 * Of a short one only whole words are hidden, or no message could be read any more.
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

// A line may be a key or a password by itself; a bracket or a short word tells nothing.
function withLines(text: string): readonly string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim())
  return lines.length < 2 ? [text] : [text, ...lines.filter((line) => line.length >= 4)]
}

function forms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1)
  return [text, json, ...quotes.map((marks) => escaped(text, { ...brackets, ...marks }))]
}

const brackets: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

// How servers write quotation marks in HTML differs.
const quotes: readonly Readonly<Record<string, string>>[] = [
  {},
  { '"': '&quot;', "'": '&#x27;' },
  { '"': '&quot;', "'": '&#39;' },
  { '"': '&#34;', "'": '&#39;' }
]

function escaped(text: string, marks: Readonly<Record<string, string>>): string {
  return text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark)
}
