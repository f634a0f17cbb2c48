// Reports a run: log, summary, outputs, and last how the step ends.
import { asFailure, type Failure } from '../failure.ts'
import { outcomeLines, planLines } from '../report/log.ts'
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
  for (const [name, value] of Object.entries(outputsOf(result))) actions.setOutput(name, value)
  if (result.plan) {
    actions.group('Plan', planLines(result))
    for (const line of outcomeLines(result)) actions.info(line)
    for (const line of result.plan.warnings.slice(0, mostAnnotations)) actions.warning(plain(line))
    for (const line of result.plan.warnings.slice(mostAnnotations))
      actions.info(`warning: ${plain(line)}`)
    for (const line of result.plan.notices) actions.info(`note: ${plain(line)}`)
    actions.info(verdict(result))
  }
  try {
    if (result.plan || failure) await actions.writeSummary(summary(result))
  } catch (error) {
    failure ??= asFailure(error)
  }
  if (!failure) {
    actions.succeed()
    return
  }
  actions.fail(failureText(failure))
  if (failure.cause instanceof Error) actions.info(`Caused by: ${plain(failure.cause.message)}`)
}

function failureText(failure: Failure): string {
  const lines = failure.details.map(({ message, remedy }) =>
    `${plain(message)} ${plain(remedy)}`.trim()
  )
  const [first = '', ...more] = lines
  return more.length === 0
    ? first
    : [plain(failure.message), ...lines.map((line) => `- ${line}`)].join('\n')
}
