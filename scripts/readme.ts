// Writes what README.md repeats: the tables of inputs and outputs from action.yml, the workflow from examples/.
// With --check, it only fails when they are out of step.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

interface Entry {
  readonly description: string
  readonly default?: string
}

const root = join(import.meta.dirname, '..')
const readme = join(root, 'README.md')
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, Entry>>
  readonly outputs: Readonly<Record<string, Entry>>
}

const before = readFileSync(readme, 'utf8')
const after = [
  ['workflow', workflow()],
  ['inputs', inputsTable()],
  ['outputs', outputsTable()]
].reduce((text, [name = '', part = '']) => replaced(text, name, part), before)

if (after === before) {
  console.log('README.md is in step with action.yml and examples/')
} else if (process.argv.includes('--check')) {
  console.error(
    'README.md is out of step with action.yml or examples/. Run: npx tsx scripts/readme.ts'
  )
  process.exitCode = 1
} else {
  writeFileSync(readme, after)
  console.log('README.md is written')
}

function workflow(): string {
  return `\`\`\`yaml\n${readFileSync(join(root, 'examples/promote.yml'), 'utf8')}\`\`\``
}

function inputsTable(): string {
  return table(
    ['input', 'meaning'],
    Object.entries(action.inputs).map(([name, input]) => [
      `\`${name}\``,
      input.description.replace(/^Required\b/, '**Required**') +
        (input.default === undefined ? '' : ` Default: \`${input.default}\`.`)
    ])
  )
}

function outputsTable(): string {
  return table(
    ['output', 'meaning'],
    Object.entries(action.outputs).map(([name, { description }]) => [`\`${name}\``, description])
  )
}

// The formatter would pad every row to the longest one, and change them all with it.
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|')).join(' | ')} |`
  const lines = [line(head), line(head.map(() => '---')), ...rows.map(line)]
  return `<!-- prettier-ignore-start -->\n\n${lines.join('\n')}\n\n<!-- prettier-ignore-end -->`
}

function replaced(text: string, name: string, part: string): string {
  const start = `<!-- ${name}:start -->`
  const end = `<!-- ${name}:end -->`
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md has no lines ${start} and ${end}`)
  return `${text.slice(0, from)}${start}\n\n${part}\n\n${text.slice(to)}`
}
