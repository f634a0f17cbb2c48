// Names and values from the API are hostile text: in the log they must not become workflow commands, in the summary
// and the comment no Markdown, HTML or mention.

/** Text for one line of the log: nothing invisible, no line break, no `##[command]`. */
export function plain(text: string): string {
  return visible(text).replaceAll('##[', '##\\u005b')
}

/**
 * Text for Markdown and HTML: every character that could be markup is an entity, which both show as the character and
 * never as markup.
 */
export function inline(text: string): string {
  return visible(text).replace(/[^\p{L}\p{N} ,-]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0
    // GitHub makes mentions and issue links of what is shown, entities or not: an invisible space parts them.
    if (char === '@' || char === '#') return `&#${String(code)};&#8203;`
    return code < 128 ? `&#${String(code)};` : char
  })
}

/** A name as code, where GitHub makes no mention, issue link or address of it. */
export function code(text: string): string {
  return `<code>${inline(text)}</code>`
}

/** A link with a text that may be hostile. The address is made by us, of a checked origin and numbers. */
export function link(text: string, url: string): string {
  return `<a href="${encodeURI(url).replaceAll('"', '%22')}">${code(text)}</a>`
}

// Control characters, line and paragraph separators, and what turns or hides text (bidirectional and zero-width marks).
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
  )
}
