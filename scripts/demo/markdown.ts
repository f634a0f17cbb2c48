// Shows the Markdown of a job summary as GitHub would: entities and tags resolved, tables aligned, details folded.
import { columns, paint } from './terminal.ts'

/** The lines of a summary. */
export function markdownLines(markdown: string): readonly string[] {
  const lines: string[] = []
  let table: string[][] = []
  let isFolded = false
  const endTable = (): void => {
    lines.push(...columns(table))
    table = []
  }
  for (const line of markdown.trim().split('\n')) {
    if (line.startsWith('|')) {
      if (!/^[|\s:-]+$/.test(line)) table.push(cells(line))
      else table = table.map((row) => row.map((cell) => paint('dim', cell)))
      continue
    }
    endTable()
    if (line.startsWith('<details>')) {
      lines.push(`▸ ${text(line)}`)
      isFolded = true
    }
    if (!isFolded) lines.push(block(line))
    if (line.startsWith('</details>')) isFolded = false
  }
  endTable()
  return lines
}

function block(line: string): string {
  if (line.startsWith('#')) return paint('bold', text(line.replace(/^#+ /, '')))
  if (line.startsWith('<sub>')) return paint('dim', text(line))
  const alert = /^> \[!(\w+)\]$/.exec(line)?.[1]
  if (alert !== undefined) return paint('yellow', `┃ ${alert.toLowerCase()}`)
  return text(line.replace(/^> ?/, '┃ '))
}

function cells(row: string): string[] {
  return row
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split('|')
    .map((cell) => text(cell.trim()))
}

function text(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replaceAll('**', '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}
