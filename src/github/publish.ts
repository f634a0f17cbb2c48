// Reports a run: the plan when it is made; outputs, what became of it, the summary, and last how the step ends.
import { asFailure } from '../failure.ts'
import type { Plan } from '../promotion/plan/plan.ts'
import { failureLines, failureText, headLines, outcomeLines, planGroups } from '../report/log.ts'
import { summary } from '../report/markdown.ts'
import { outputsOf } from '../report/outputs.ts'
import type { Result } from '../report/result.ts'
import { plain } from '../report/text.ts'
import { verdict } from '../report/verdict.ts'
import type { Actions } from './actions.ts'

/** GitHub shows about ten annotations of a kind for a step; the summary has all of them. */
const mostAnnotations = 8

/** Publishes a result. What goes wrong here fails the step too, after the outputs are set. */
export async function publish(actions: Actions, result: Result): Promise<void> {
  let { failure } = result
  try {
    for (const [name, value] of Object.entries(outputsOf(result))) actions.setOutput(name, value)
    if (result.plan) logOutcomes(actions, result)
    if (result.plan || failure) await writeSummary(actions, summary(result))
  } catch (error) {
    failure ??= asFailure(error)
  }
  if (!failure) {
    actions.succeed()
    return
  }
  for (const line of failureLines(failure)) actions.info(line)
  actions.fail(failureText(failure))
  if (failure.cause instanceof Error) actions.info(`Caused by: ${plain(failure.cause.message)}`)
}

// What was promoted stays promoted, so a summary that can't be written is no reason to call it a failure.
async function writeSummary(actions: Actions, markdown: string): Promise<void> {
  try {
    await actions.writeSummary(markdown)
  } catch (error) {
    actions.warning(`The job summary could not be written: ${plain(asFailure(error).message)}`)
  }
}

/** Logs a plan: the projects and alarms openly, its changes folded. */
export function logPlan(actions: Actions, plan: Plan, showValues = false): void {
  for (const line of headLines(plan)) actions.info(line)
  for (const { title, lines } of planGroups(plan, showValues)) actions.group(title, lines)
  plan.warnings.forEach((text, index) => {
    if (index < mostAnnotations) actions.warning(plain(text))
    else actions.info(`warning: ${plain(text)}`)
  })
  for (const text of plan.notices) actions.info(`note: ${plain(text)}`)
  for (const text of plan.details ?? []) actions.debug(plain(text))
}

function logOutcomes(actions: Actions, result: Result): void {
  const { written, missing } = outcomeLines(result)
  if (written.length > 0) actions.group('Written', written)
  for (const line of missing) actions.info(line)
  actions.info(verdict(result))
}
