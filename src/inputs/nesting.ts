// Text that is nested so deeply that a parser would run out of stack, which may end the process in place of throwing: V8
// gives up where it compiles a regular expression with the last of it (`RegExpCompiler Allocation failed`).

/** Far more than any file needs, and far fewer than the parser can take. */
const mostLevels = 200

/**
 * Where a text is nested too deeply for YAML or JSON. Brackets in quotes count too: there is nothing to parse them by.
 * Levels by indentation need a text that grows with their square, so of those there can't be too many.
 * @returns the offset; undefined where it is not
 */
export function tooDeepAt(text: string): number | undefined {
  let depth = 0
  for (let offset = 0; offset < text.length; offset++) {
    const char = text[offset]
    if (char === '[' || char === '{') depth++
    else if ((char === ']' || char === '}') && depth > 0) depth--
    if (depth > mostLevels) return offset
  }
  return compactLists.exec(text)?.index
}

// `- - - x` is a list in a list in a list, and `? ` begins a key that may be one.
const compactLists = new RegExp(`(?:[-?][ \\t]+){${mostLevels}}`)
