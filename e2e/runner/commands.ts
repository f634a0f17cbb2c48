// Workflow commands: lines of a step's output that speak to the runner.
//
// Two spellings are alive: `::error title=A::text` at the start of a line, and the old `##[error]text`, which
// the runner obeys anywhere in a line. Text from outside that is printed unguarded can therefore give orders.

export interface Command {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

const names = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning'
])

const escapes: Readonly<Record<string, string>> = {
  '%0D': '\r',
  '%0A': '\n',
  '%3A': ':',
  '%2C': ',',
  '%3B': ';',
  '%5D': ']',
  '%25': '%'
}

/** The command in a line, if there is one. `token` is the word that ends a stop-commands, in lower case. */
export function parseCommand(line: string, token?: string): Command | undefined {
  const modern = /^\s*::(?<name>[^\s:]+)(?: (?<properties>.*?))?::(?<data>.*)$/s.exec(line)
  const old = /##\[(?<name>[^\s\]]+)(?: (?<properties>[^\]]*))?\](?<data>.*)$/s.exec(line)
  const { name = '', properties = '', data = '' } = (modern ?? old)?.groups ?? {}
  if (!names.has(name.toLowerCase()) && name.toLowerCase() !== token) return undefined

  const separator = modern === null ? ';' : ','
  const codes = modern === null ? ['%3B', '%0D', '%0A', '%5D', '%25'] : ['%0D', '%0A', '%25']
  return {
    name: name.toLowerCase(),
    properties: Object.fromEntries(
      properties
        .split(separator)
        .map((property) => /^\s*([^=]+)=(.+)$/s.exec(property))
        .filter((match) => match !== null)
        .map(([, key = '', value = '']) => [
          key,
          unescape(value, ['%3A', '%2C', '%3B', '%0D', '%0A', '%5D', '%25'])
        ])
    ),
    data: unescape(data, codes)
  }
}

function unescape(text: string, codes: readonly string[]): string {
  return codes.reduce((plain, code) => plain.replaceAll(code, escapes[code] ?? code), text)
}
