// GitHub drops what is too long as a whole, so it is cut here, at a whole line, and says so.

/**
 * The text, or as many of its lines as fit, closed properly, with a word on where the rest is.
 * @param most the longest text, in bytes of UTF-8
 * @param planPath where the full plan is; empty where it was not written
 */
export function cutAtLine(text: string, most: number, planPath: string): string {
  if (Buffer.byteLength(text) <= most) return text
  const where =
    planPath === ''
      ? 'Set plan-file to have the whole plan.'
      : 'The whole plan is in the plan file.'
  const end = `\n\n> [!NOTE]\n> This is cut, since it is longer than GitHub shows. ${where}\n`
  const lines: string[] = []
  let size = Buffer.byteLength(end) + 32
  for (const line of text.split('\n')) {
    size += Buffer.byteLength(line) + 1
    if (size > most) break
    lines.push(line)
  }
  const isInBlock = lines.filter((line) => line.startsWith('```')).length % 2 === 1
  const opened = lines.filter((line) => line.startsWith('<details')).length
  const closed = lines.filter((line) => line === '</details>').length
  return `${lines.join('\n')}${isInBlock ? '\n```' : ''}${opened > closed ? '\n\n</details>' : ''}${end}`
}
