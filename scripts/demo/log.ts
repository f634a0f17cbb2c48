// Shows the log of a step as its page on GitHub does: groups by their titles, masks not at all.
import { paint } from './terminal.ts'

/** The lines of a log. Groups that `seen`, an earlier log, has are folded. */
export function logLines(log: readonly string[], seen: readonly string[] = []): readonly string[] {
  const lines: string[] = []
  let group: string[] | undefined
  for (const text of log) {
    const [, command = '', rest = text] = /^##\[(\w+)\](.*)$/s.exec(text) ?? []
    if (text === '::add-mask::***' || command === 'debug') continue
    if (command === 'group') {
      group = []
      lines.push(`▾ ${rest}`)
    } else if (command === 'endgroup' && group !== undefined) {
      // What was shown once is folded the second time.
      const isKnown = group.every((each) => seen.includes(each))
      if (isKnown) lines.push(`${lines.pop()?.replace('▾', '▸') ?? ''} ${paint('dim', 'as above')}`)
      else lines.push(...group.map((each) => `  ${signed(each)}`))
      group = undefined
    } else if (group !== undefined) {
      group.push(rest)
    } else {
      lines.push(annotated(command, rest))
    }
  }
  return lines
}

function signed(text: string): string {
  switch (text.trimStart().slice(0, 1)) {
    case '+':
      return paint('green', text)
    case '-':
      return paint('red', text)
    case '!':
    case '~':
      return paint('yellow', text)
    default:
      return text
  }
}

function annotated(command: string, text: string): string {
  switch (command) {
    case 'error':
      return paint('red', `Error: ${text}`)
    case 'warning':
      return paint('yellow', `Warning: ${text}`)
    case 'notice':
      return paint('cyan', `Notice: ${text}`)
    default:
      return text
  }
}
