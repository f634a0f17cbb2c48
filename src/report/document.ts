// A document of blocks that ends where GitHub would drop it: at a whole line, with every block closed.

/** A part of a document. Its frame stands for as long as one of its lines does. */
export interface Block {
  readonly head: readonly string[]
  readonly lines: readonly string[]
  readonly foot: readonly string[]
}

/** A block that is one whole. */
export function whole(...head: readonly string[]): Block {
  return { head, lines: [], foot: [] }
}

/** Lines that are folded under a title, which is Markdown-free HTML. */
export function folded(
  title: string,
  { head, lines, foot }: Block,
  options: { readonly open?: boolean } = {}
): Block {
  return {
    head: [
      `<details${options.open === true ? ' open' : ''}><summary>${title}</summary>`,
      '',
      ...head
    ],
    lines,
    foot: [...foot, '', '</details>']
  }
}

/**
 * The blocks as text, or as many of their lines as fit.
 * @param blocks the most important first; none is made after the one that no longer fits
 * @param end what always stands at the end
 * @param cut what stands before the end where something is missing
 * @param most the longest text, in bytes of UTF-8
 */
export function documentOf(
  blocks: Iterable<Block>,
  { end, cut, most }: { readonly end: Block; readonly cut: Block; readonly most: number }
): string {
  const parts: string[] = []
  let left = most - size(end.head) - size(cut.head) - 2
  for (const { head, lines, foot } of blocks) {
    left -= size(head) + size(foot) + 1
    const fitting: string[] = []
    for (const line of lines) {
      const bytes = Buffer.byteLength(line) + 1
      if (bytes > left) break
      left -= bytes
      fitting.push(line)
    }
    const isWhole = left >= 0 && fitting.length === lines.length
    if (isWhole || (left >= 0 && fitting.length > 0)) {
      parts.push([...head, ...fitting, ...foot].join('\n'))
    }
    if (!isWhole) {
      parts.push(cut.head.join('\n'))
      break
    }
  }
  return `${[...parts, end.head.join('\n')].join('\n\n')}\n`
}

function size(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
}
