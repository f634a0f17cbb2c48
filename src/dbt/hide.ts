// Keeps out of a message what none may show.

/** Hides some texts. */
export type Hide = (text: string) => string

/**
 * Hides texts: a token, a secret, a value that an answer repeats. Of a short one only whole words are hidden, or no
 * message could be read any more.
 */
export function hiding(texts: readonly string[]): Hide {
  const hidden = [...new Set(texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]))]
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
