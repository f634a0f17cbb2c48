// Reports a run: the plan when it is made; outputs, what became of it, the summary, and last how the step ends.
import { asFailure } from '../model/failure.ts'
import { byLevel } from '../model/remark.ts'
import type { Plan } from '../promotion/plan.ts'
import {
  failureLines,
  failureText,
  headLines,
  pairLines,
  outcomeLines,
  planGroups
} from '../report/log.ts'
import { summary } from '../report/markdown.ts'
import { outputsOf } from '../report/outputs.ts'
import type { ChosenMode, Result } from '../report/result.ts'
import { plain } from '../report/text.ts'
import { verdict } from '../report/verdict.ts'
import type { Actions } from './actions.ts'

/** GitHub shows about ten annotations of a kind for a step; the summary has all of them. */
const mostAnnotations = 8

/**
 * Publishes a result. What goes wrong here fails the step too, after the outputs are set.
 * @param secrets the secrets that this run was given
 */
export async function publish(
  actions: Actions,
  result: Result,
  secrets: readonly string[] = []
): Promise<void> {
  let { failure } = result
  try {
    const outputs = outputsOf(result)
    for (const [name, value] of Object.entries(outputs)) actions.setOutput(name, value)
    warnOfEmptied(actions, outputs, secrets)
    if (result.plan) logOutcomes(actions, result)
    if (result.plan || failure) await writeSummary(actions, summary(result))
  } catch (error) {
    failure ??= asFailure(error)
  }
  if (!failure) {
    actions.succeed()
    return
  }
  let annotations = 0
  for (const { text, at } of failureLines(failure)) {
    if (at && annotations++ < mostAnnotations) actions.error(at.text, at.place)
    else actions.info(text)
  }
  const [detail, ...others] = failure.details
  actions.fail(failureText(failure), others.length === 0 ? detail?.place : undefined)
  if (failure.cause instanceof Error) actions.info(`Caused by: ${plain(failure.cause.message)}`)
}

// GitHub masks each line of a secret by itself (https://github.com/actions/runner/pull/27), and lets no output that holds a
// mask out of its job (https://github.com/actions/runner/issues/1061): a line may be no more than a bracket.
function warnOfEmptied(
  actions: Actions,
  outputs: Readonly<Record<string, string>>,
  secrets: readonly string[]
): void {
  const lines = secrets
    .flatMap((secret) => [secret, ...secret.split(/[\r\n]+/)])
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const emptied = Object.entries(outputs)
    .filter(([, value]) => lines.some((line) => value.includes(line)))
    .map(([name]) => name)
  if (emptied.length === 0) return
  actions.warning(
    `Other jobs will get the outputs ${emptied.join(', ')} empty: they hold a line of a secret, and GitHub lets no such ` +
      'output out of its job. Store the secret on one line, or use the outputs in this job.'
  )
}

// What was promoted stays promoted, so a summary that can't be written is no reason to call it a failure.
async function writeSummary(actions: Actions, markdown: string): Promise<void> {
  try {
    await actions.writeSummary(markdown)
  } catch (error) {
    actions.warning(`The job summary could not be written: ${plain(asFailure(error).message)}`)
  }
}

/** Logs which mode a run takes, and why. */
export function logMode(actions: Actions, { why, isDoubtful }: ChosenMode): void {
  if (isDoubtful) actions.warning(plain(why))
  else actions.info(plain(why))
}

/** Logs a plan: the projects and alarms openly, its changes folded. */
export function logPlan(actions: Actions, plan: Plan, showValues = false): void {
  for (const line of headLines(plan)) actions.info(line)
  for (const { title, lines } of planGroups(plan, showValues)) actions.group(title, lines)
  const { warnings, notices, details } = byLevel(plan.remarks)
  warnings.forEach((text, index) => {
    if (index < mostAnnotations) actions.warning(plain(text))
    else actions.info(`warning: ${plain(text)}`)
  })
  for (const text of notices) actions.info(`note: ${plain(text)}`)
  for (const text of details) actions.debug(plain(text))
  // A large plan has many, and mostly nobody debugs: the runner sets this to 1 where somebody does (GitHub's docs, default
  // variables).
  if (actions.env('RUNNER_DEBUG') === '1') for (const line of pairLines(plan)) actions.debug(line)
}

function logOutcomes(actions: Actions, result: Result): void {
  const { written, missing } = outcomeLines(result)
  if (written.length > 0) actions.group('Written', written)
  for (const line of missing) actions.info(line)
  actions.info(verdict(result))
}
