// The runner's folder for temporary files, one for a run of the tests: journals are left in it, and what tests write is
// below it, since the action reads and writes files nowhere else but in the workspace.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export default function setUp() {
  const folder = mkdtempSync(path.join(tmpdir(), 'runner-temp-'))
  process.env.RUNNER_TEMP = folder
  process.env.TMPDIR = folder
  process.on('exit', () => rmSync(folder, { recursive: true }))
}
