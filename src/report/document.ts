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
 * @param hide what is done to all text before it is cut
 */
export function documentOf(
  blocks: Iterable<Block>,
  {
    end,
    cut,
    most,
    hide = (text) => text
  }: {
    readonly end: Block
    readonly cut: Block
    readonly most: number
    readonly hide?: ((text: string) => string) | undefined
  }
): string {
  const parts: string[] = []
  // A text to hide may go over several lines.
  const shown = (all: readonly string[]): readonly string[] =>
    all.length === 0 ? all : hide(all.join('\n')).split('\n')
  const last = shown(end.head)
  const note = shown(cut.head)
  let left = most - size(last) - size(note) - 2
  for (const block of blocks) {
    const [head, lines, foot] = [shown(block.head), shown(block.lines), shown(block.foot)]
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
      parts.push(note.join('\n'))
      break
    }
  }
  return `${[...parts, last.join('\n')].join('\n\n')}\n`
}

function size(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
}
