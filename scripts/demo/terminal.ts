// Text for a terminal: colours where they are welcome, columns, wrapping.
import { stripVTControlCharacters } from 'node:util'

const isColoured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39]
} as const
export type Style = keyof typeof codes

/** The text in a style, or as it is where colours are not wanted. */
export function paint(style: Style, text: string): string {
  const [on, off] = codes[style]
  return isColoured ? `\u001b[${on}m${text}\u001b[${off}m` : text
}

/** Rows as aligned columns. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width(cell))
    })
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell)))
      .join(gap)
      .trimEnd()
  )
}

/** A long text as lines, broken after commas and blanks. */
export function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = []
  for (const part of text.match(/[^, ]*[, ]*/g) ?? []) {
    const last = lines.at(-1)
    if (last !== undefined && width(last) + width(part.trimEnd()) <= most) {
      lines[lines.length - 1] = last + part
    } else if (part !== '') {
      lines.push(part)
    }
  }
  return lines.map((line) => line.trimEnd())
}

function width(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length
}
