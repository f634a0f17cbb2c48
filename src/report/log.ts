// The log of a run: the plan as lines with + ~ =, folded by environment, then what became of it.
import type { Detail, Failure } from '../model/failure.ts'
import { isOfValues, type Change } from '../model/change.ts'
import type { Plan } from '../promotion/plan.ts'
import { byLevel, placeText, type Place } from '../model/remark.ts'
import type { PlanSide } from '../model/sides.ts'
import { diffLines } from './diff-lines.ts'
import { pairTexts, remarksOf, resourceText } from './phrases.ts'
import { byEnvironment, rowsOf, type Result, type Row } from './result.ts'
import { plain } from './text.ts'
import { tally } from './verdict.ts'

/** Lines under a title, which the log shows folded. */
interface LogGroup {
  readonly title: string
  readonly lines: readonly string[]
}

/** What is never folded: between which projects, and what a reviewer must not miss. */
export function headLines({ source, target, remarks, undoes }: Plan): readonly string[] {
  return [
    `${undoes === undefined ? 'From' : 'Undoing what came from'} ${sideText(source)}`,
    `to   ${sideText(target)}`,
    ...byLevel(remarks).alarms.map(({ message }) => `! ${plain(message)}`)
  ]
}

/** The changes of a plan, environment by environment, and last what stays as it is. */
export function planGroups(plan: Plan, showValues = false): readonly LogGroup[] {
  const rows = rowsOf({ plan, outcomes: null })
  const changed = rows.filter(({ fate }) => fate !== 'unchanged')
  const rest = rows.filter(({ fate }) => fate === 'unchanged')
  return [
    ...byEnvironment(changed).map(([environment, all]) => ({
      title: `Plan for ${environment === null ? 'the project' : plain(environment)}: ${tally(all)}`,
      lines: all.flatMap(({ change }) => changeLines(change, showValues))
    })),
    ...(rest.length > 0
      ? [{ title: `Plan: ${tally(rest)}`, lines: rest.map(({ change }) => unchangedLine(change)) }]
      : [])
  ]
}

/** Why each change is about its object of the target, for whoever debugs. */
export function pairLines({ changes }: Plan): readonly string[] {
  return changes.flatMap((change) => {
    const id = 'id' in change ? ` (${change.id})` : ''
    return change.by === 'new' ? [] : [`${subject(change)}${id}: ${pairTexts[change.by]}`]
  })
}

/** What was written, and what was not though it should have been. */
export function outcomeLines(result: Result): {
  readonly written: readonly string[]
  readonly missing: readonly string[]
} {
  const rows = rowsOf(result).filter(({ outcome }) => outcome !== undefined)
  const isDone = ({ outcome }: Row): boolean => outcome?.status === 'applied'
  return {
    written: rows.filter(isDone).map(outcomeLine),
    missing: rows.filter((row) => !isDone(row)).map(outcomeLine)
  }
}

/** A message with its remedy. */
function toldWhole(told: { readonly message: string; readonly remedy: string }): string {
  // The API's words may end without a full stop, and the remedy is a sentence of its own.
  const isOpen = told.remedy !== '' && /[\p{L}\p{N}]$/u.test(told.message)
  return `${told.message}${isOpen ? '.' : ''} ${told.remedy}`.trim()
}

function outcomeLine({ change, outcome, id, fate }: Row): string {
  const why = outcome?.error ? `: ${plain(toldWhole(outcome.error))}` : ''
  const refused = outcome?.refused ?? []
  const left = refused.length > 0 ? `; ${notTaken(refused)}` : ''
  return `${fate.replace('-', ' ')} ${subject(change)}${id === null ? '' : ` (${id})`}${why}${left}`
}

function changeLines(change: Change, showValues = false): readonly string[] {
  const own = 'id' in change ? `${change.id}, ` : ''
  const origin = isOfValues(change)
    ? []
    : [`${own}from ${change.source.id} ${plain(change.source.name)}`]
  const remarks = [...origin, ...remarksOf(change)].join('; ')
  const mark = change.op === 'create' ? '+' : '~'
  const aside = remarks === '' ? '' : ` (${remarks})`
  return [
    `${mark} ${subject(change)}${aside}`,
    ...diffLines(change, showValues).map(({ sign, text }) => `    ${sign} ${plain(text)}`)
  ]
}

function unchangedLine(change: Change): string {
  const refused = 'refused' in change ? change.refused : []
  const own = 'id' in change ? ` (${change.id})` : ''
  const remarks = [...remarksOf(change), ...(refused.length > 0 ? [notTaken(refused)] : [])]
  return [`= ${subject(change)}${own}`, ...remarks].join('; ')
}

function subject(change: Change): string {
  const { environment } = change
  return `${resourceText(change, plain)}${environment === null ? '' : ` in ${plain(environment)}`}`
}

function notTaken(paths: readonly string[]): string {
  return `the target account does not take ${paths.join(', ')}`
}

function sideText({ origin, account, project }: PlanSide): string {
  const { host } = new URL(origin)
  return `project ${project.id} ${plain(project.name)}, account ${account} on ${host}`
}

/** A failure, as the report needs it. */
type ToldFailure = Pick<Failure, 'message' | 'details'>

/** All that is wrong, where it is more than one thing; that in files at its place. */
export function failureLines({ details }: ToldFailure): readonly FailureLine[] {
  return details.length < 2 ? [] : details.map(failureLine)
}

/** One thing that is wrong, as a line of the log, and as an annotation of the file that it stands in. */
interface FailureLine {
  readonly text: string
  readonly at: { readonly place: Place; readonly text: string } | undefined
}

function failureLine(detail: Detail): FailureLine {
  const { place, message } = detail
  const inPlace = place && { ...detail, message: message.slice(placeText(place).length + 2) }
  return {
    text: `x ${plain(toldWhole(detail))}`,
    at: inPlace && { place, text: plain(toldWhole(inPlace)) }
  }
}

/** The longest message of an annotation, in characters: GitHub cuts at 4,096. */
const mostOfMessage = 4000

/** The message of a red step: as many of the things that are wrong as an annotation holds. */
export function failureText({ message, details }: ToldFailure): string {
  const all = details.map((each) => plain(toldWhole(each)))
  if (all.length < 2) return (all[0] ?? plain(message)).slice(0, mostOfMessage)
  const lines = [plain(message)]
  let left = mostOfMessage - (lines[0]?.length ?? 0) - 50
  for (const text of all) {
    left -= text.length + 3
    if (left < 0) return [...lines, `and ${all.length - lines.length + 1} more.`].join('\n')
    lines.push(`- ${text}`)
  }
  return lines.join('\n')
}
