// Lints action.yml and every workflow of the repository: `npx tsx scripts/lint-workflows.ts`.
// Needs tsx: the GitHub packages import JSON in a way that plain Node refuses.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, lintAction, lintWorkflow, readNames } from '../e2e/runner/lint.ts'

const action = 'action.yml'
const workflows = ['.github/workflows', 'e2e', 'examples'].flatMap((folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .map((name) => join(folder, name))
        .filter((file) => /\.ya?ml$/.test(file) && isWorkflow(file))
    : []
)

// The examples hold configuration files of the action, too.
function isWorkflow(file: string): boolean {
  return /^jobs:\s*\n\s+\w[\w-]*:/m.test(readFileSync(file, 'utf8'))
}

const names = existsSync(action) ? await readNames(action) : undefined
const findings: Finding[] = names === undefined ? [] : await lintAction(action)
for (const file of workflows) findings.push(...(await lintWorkflow(file, names)))

for (const { file, line, column, message } of findings) {
  console.log(`${file}:${line}:${column} ${message}`)
}
const files = workflows.length + (names === undefined ? 0 : 1)
console.log(
  findings.length === 0 ? `${files} files, nothing to say` : `${findings.length} findings`
)
process.exitCode = findings.length === 0 ? 0 : 1
