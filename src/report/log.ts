// The log of a run: the plan as lines with + ~ =, then what became of it.
import type { PlanSide } from '../promotion/plan.ts'
import { diffLines } from './diff-lines.ts'
import { rowsOf, type Result, type Row } from './result.ts'
import { plain } from './text.ts'

/** The plan, line by line. */
export function planLines(result: Result): readonly string[] {
  const { plan } = result
  if (!plan) return []
  const rows = rowsOf(result)
  const changed = rows.filter(({ change }) => change.op !== 'unchanged')
  const unchanged = rows.length - changed.length
  return [
    `From ${sideText(plan.source)}`,
    `to   ${sideText(plan.target)}`,
    ...changed.flatMap(changeLines),
    ...(unchanged > 0 ? [`= ${String(unchanged)} unchanged`] : []),
    ...plan.problems.map(({ message, remedy }) => `! ${plain(message)} ${plain(remedy)}`)
  ]
}

/** What became of each change that did not simply succeed, and the ids of those that did. */
export function outcomeLines(result: Result): readonly string[] {
  return rowsOf(result).flatMap(({ change, outcome, id }) => {
    if (!outcome) return []
    const what = `${change.kind} ${plain(change.name)}${id === null ? '' : ` (${String(id)})`}`
    const why = outcome.error
      ? `: ${plain(outcome.error.message)} ${plain(outcome.error.remedy)}`
      : ''
    return [
      `${outcome.status === 'applied' ? (change.op === 'create' ? 'created' : 'updated') : outcome.status} ${what}${why}`
    ]
  })
}

function changeLines({ change }: Row): readonly string[] {
  const sign = change.op === 'create' ? '+' : '~'
  const where = change.environment === null ? '' : ` in ${plain(change.environment)}`
  const from = `from ${String(change.source.id)} ${plain(change.source.name)}`
  return [
    `${sign} ${change.kind} ${plain(change.name)}${where} (${from})`,
    ...diffLines(change).map(({ sign: each, text }) => `    ${each} ${plain(text)}`)
  ]
}

function sideText({ origin, account, project }: PlanSide): string {
  return `project ${String(project.id)} ${plain(project.name)}, account ${String(account)} on ${new URL(origin).host}`
}
