// Writes the plan to the file that the workflow names.
import { Failure } from './model/failure.ts'
import type { Hide } from './model/hide.ts'
import type { RunOptions } from './inputs/inputs.ts'
import type { Plan } from './promotion/plan.ts'
import { planFile } from './report/plan-file.ts'
import { parseReviewedPlan } from './report/reviewed-plan.ts'
import { writeOwnFile } from './github/workspace.ts'

/**
 * Writes a plan, where a file is named.
 * @param hide keeps secrets out, which GitHub masks in logs and summaries, but not in files
 * @returns the path; empty where no file is named
 * @throws Failure when it can't be written
 */
export async function writePlan(
  plan: Plan,
  {
    planFile: file,
    showValues,
    mode,
    reviewedPlan
  }: Pick<RunOptions, 'planFile' | 'showValues' | 'mode' | 'reviewedPlan'>,
  hide: Hide
): Promise<string> {
  if (file === '') return ''
  try {
    // What was reviewed is compared with this plan afterwards, and must not be this plan itself.
    const read = mode === 'apply' && reviewedPlan !== '' ? [reviewedPlan] : []
    await writeOwnFile(file, planFile(plan, showValues, hide), isPlan, read)
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

function isPlan(text: string): boolean {
  return typeof parseReviewedPlan(text) !== 'string'
}
