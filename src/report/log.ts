// The log of a run: the plan as lines with + ~ =, then what became of it.
import type { Change } from '../promotion/change.ts'
import type { PlanSide } from '../promotion/plan.ts'
import { diffLines } from './diff-lines.ts'
import { causeTexts } from './phrases.ts'
import { rowsOf, type Result } from './result.ts'
import { plain } from './text.ts'

/** The plan, line by line. */
export function planLines(result: Result): readonly string[] {
  const { plan } = result
  if (!plan) return []
  const changed = plan.changes.filter(({ op }) => op !== 'unchanged')
  const unchanged = plan.changes.length - changed.length
  return [
    `From ${sideText(plan.source)}`,
    `to   ${sideText(plan.target)}`,
    ...plan.alarms.map(({ message }) => `! ${plain(message)}`),
    ...changed.flatMap(changeLines),
    ...plan.changes.flatMap(refusedLines),
    ...(unchanged > 0 ? [`= ${String(unchanged)} unchanged`] : [])
  ]
}

/** What became of each change. */
export function outcomeLines(result: Result): readonly string[] {
  return rowsOf(result).flatMap(({ change, outcome, id }) => {
    if (!outcome) return []
    const done = change.op === 'create' ? 'created' : 'updated'
    const what = `${change.kind} ${plain(change.name)}${id === null ? '' : ` (${String(id)})`}`
    const why = outcome.error
      ? `: ${plain(`${outcome.error.message} ${outcome.error.remedy}`)}`
      : ''
    const refused =
      outcome.refused.length > 0
        ? `; not taken by the target account: ${outcome.refused.join(', ')}`
        : ''
    return [`${outcome.status === 'applied' ? done : outcome.status} ${what}${why}${refused}`]
  })
}

function changeLines(change: Change): readonly string[] {
  const sign = change.op === 'create' ? '+' : '~'
  const where = change.environment === null ? '' : ` in ${plain(change.environment)}`
  const from = `from ${String(change.source.id)} ${plain(change.source.name)}`
  const cause =
    change.op === 'update' && change.kind === 'job' ? `; ${causeTexts[change.cause]}` : ''
  return [
    `${sign} ${change.kind} ${plain(change.name)}${where} (${from}${cause})`,
    ...diffLines(change).map(({ sign: each, text }) => `    ${each} ${plain(text)}`)
  ]
}

function refusedLines(change: Change): readonly string[] {
  return change.op === 'unchanged' && change.refused.length > 0
    ? [
        `= ${change.kind} ${plain(change.name)}: the target account does not take ${change.refused.join(', ')}`
      ]
    : []
}

function sideText({ origin, account, project }: PlanSide): string {
  const { host } = new URL(origin)
  return `project ${String(project.id)} ${plain(project.name)}, account ${String(account)} on ${host}`
}
