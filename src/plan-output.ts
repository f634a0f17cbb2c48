// Writes the plan to the file that the workflow names.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Failure } from './failure.ts'
import type { Hide } from './hide.ts'
import type { RunOptions } from './inputs.ts'
import type { Plan } from './promotion/plan/plan.ts'
import { planFile } from './report/plan-file.ts'

/**
 * Writes a plan, where a file is named.
 * @param hide keeps secrets out, which GitHub masks in logs and summaries, but not in files
 * @returns the path; empty where no file is named
 * @throws Failure when it can't be written
 */
export async function writePlan(
  plan: Plan,
  { planFile: file, showValues }: Pick<RunOptions, 'planFile' | 'showValues'>,
  hide: Hide
): Promise<string> {
  if (file === '') return ''
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true })
    await writeFile(file, planFile(plan, showValues, hide))
    return file
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Failure(
      'invalid-input',
      `The plan could not be written to ${file}: ${why}`,
      'Change the input plan-file.'
    )
  }
}
