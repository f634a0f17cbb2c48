// File commands: the files through which a step hands outputs, variables, paths and its summary to the runner.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files of one step. The keys are those of the `github` context: `output` is GITHUB_OUTPUT. */
export interface CommandFiles {
  readonly output: string
  readonly env: string
  readonly path: string
  readonly state: string
  readonly step_summary: string
}

const summaryLimit = 1024 * 1024

/** New and empty files. The runner makes a set for each step. */
export function createCommandFiles(temp: string): CommandFiles {
  const folder = join(temp, '_runner_file_commands')
  mkdirSync(folder, { recursive: true })
  const file = (prefix: string): string => {
    const path = join(folder, `${prefix}_${randomUUID()}`)
    writeFileSync(path, '')
    return path
  }
  return {
    output: file('set_output'),
    env: file('set_env'),
    path: file('add_path'),
    state: file('save_state'),
    step_summary: file('step_summary')
  }
}

/** Reads `NAME=VALUE` lines and `NAME<<DELIMITER` blocks. */
export function readPairs(file: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  const lines = readFileSync(file, 'utf8').split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line === '') continue

    const [, name = '', sign, rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? []
    if (sign === undefined) throw new Error(`Invalid format '${line}'`)
    if (name === '' || (sign === '<<' && rest === '')) {
      throw new Error(`Invalid format '${line}'. Name and delimiter must not be empty`)
    }
    if (sign === '=') {
      pairs[name] = rest
      continue
    }
    const end = lines.indexOf(rest, index + 1)
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`)
    pairs[name] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return pairs
}

/** The folders that a step adds to PATH, the last one first. */
export function readPaths(file: string): string[] {
  return readFileSync(file, 'utf8').split(/\r?\n/).filter(Boolean).reverse()
}

/** The summary of a step. The runner drops one that is too large. */
export function readSummary(file: string): string {
  const bytes = readFileSync(file)
  if (bytes.length > summaryLimit) {
    throw new Error(
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(bytes.length / 1024)}k`
    )
  }
  return bytes.toString()
}
