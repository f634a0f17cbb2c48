// The job summary: verdict, what is wrong, alarms; then what changes, environment by environment, with ids and links;
// then the differences; and last, folded, what stays as it is.
import { isOfValues, type Change } from '../model/change.ts'
import { listed, quoted } from '../model/names.ts'
import { byLevel } from '../model/remark.ts'
import { groupBy } from '../model/group.ts'
import { alarmBox, alarmMessages, allOf, messageBox, wrongBox } from './boxes.ts'
import { diffLines } from './diff-lines.ts'
import { documentOf, folded, whole, type Block } from './document.ts'
import { counted, remarksOf, resourceText } from './phrases.ts'
import {
  byEnvironment,
  mayHaveWritten,
  rowsOf,
  type ChosenMode,
  type Result,
  type Row
} from './result.ts'
import { changeTables, sideText, unchangedTable } from './tables.ts'
import { code, fenced, link, plain, prose } from './text.ts'
import { verdict } from './verdict.ts'

/** GitHub drops a whole summary of more than 1 MiB. */
export const summaryBytes = 1_000_000
/** GitHub refuses a comment of more than 65,536 characters; a character has one byte or more. */
export const commentBytes = 65_000

/** Differences of an update stand open where they are short, and where few things change. */
const mostOpenLines = 12
const mostOpenChanges = 20

/** How a summary is shown where it is not the job summary. */
interface SummaryOptions {
  /** The page of the run, for what is read elsewhere. */
  readonly runUrl?: string
  /** The commit that it is about. */
  readonly commit?: string
  /** What stands right below the verdict. */
  readonly remarks?: readonly string[]
  /** Keeps secrets out. It comes before the text is cut, since it may make it longer. */
  readonly hide?: (text: string) => string
}

/**
 * The whole summary of a run, cut where GitHub would drop it.
 * @param most the longest text, in bytes of UTF-8
 */
export function summary(
  result: Result,
  most: number = summaryBytes,
  options: SummaryOptions = {}
): string {
  const { remarks = [], hide } = options
  const end = footer(result, options)
  const cut = cutNote(result.planPath)
  return documentOf(blocks(result, remarks), { end, cut, most, hide })
}

function* blocks(result: Result, remarks: readonly string[]): Generator<Block> {
  const { plan, failure, chosen } = result
  yield whole(`## ${verdict(result)}`)
  if (failure) yield wrongBox(failure.details)
  yield* messageBox('WARNING', { title: 'About this comment', messages: remarks })
  if (chosen) yield modeLine(chosen)
  if (!plan) return
  const rows = rowsOf(result)
  const alarms = alarmMessages(result)
  const said = byLevel(plan.remarks)
  const warnings = { title: 'Warnings', messages: [...said.warnings, ...refusals(rows)] }
  const notes = { title: 'Notes', messages: said.notices }

  const undoing = plan.undoes === undefined ? '' : `Undoes plan ${code(plan.undoes)}: `
  yield whole(`${undoing}${sideText(plan.source)} → ${sideText(plan.target)}`)
  yield* alarmBox(alarms)
  yield* messageBox('WARNING', warnings)
  yield* messageBox('NOTE', notes)
  yield* changeTables(rows, plan)
  for (const messages of [...alarms, warnings, notes]) yield* allOf(messages)
  yield* differences(rows, result.showValues)
  yield* unchangedTable(rows, plan)
}

function modeLine({ why, isDoubtful }: ChosenMode): Block {
  return isDoubtful ? whole('> [!WARNING]', `> ${prose(why)}`) : whole(prose(why))
}

// The same field is refused for all jobs or for none, so it is told once.
function refusals(rows: readonly Row[]): readonly string[] {
  const refused = rows.flatMap(({ change, outcome }) => {
    const paths = outcome?.refused ?? ('refused' in change ? change.refused : [])
    return paths.map((path) => ({ path, change }))
  })
  return [...groupBy(refused, ({ path }) => path)].map(([path, all]) => {
    const named = all.map(({ change }) => resourceText(change, quoted))
    return `The target account does not take ${path} of ${listed(named, 5)}.`
  })
}

function* differences(rows: readonly Row[], showValues: boolean): Generator<Block> {
  const changed = rows.filter(({ fate }) => fate !== 'unchanged')
  for (const { change } of byEnvironment(changed).flatMap(([, all]) => all)) {
    // The table tells the places of values already.
    if (isOfValues(change) && !showValues) continue
    const lines = diffLines(change, showValues).map(({ sign, text }) => `${sign} ${plain(text)}`)
    if (lines.length === 0) continue
    const { open, close } = fenced(lines, 'diff')
    const isShort = lines.length <= mostOpenLines && changed.length <= mostOpenChanges
    const block = { head: [open], lines, foot: [close] }
    yield folded(title(change), block, { open: change.op === 'update' && isShort })
  }
}

function title(change: Change): string {
  const where = change.environment === null ? '' : ` in ${code(change.environment)}`
  const remarks = remarksOf(change)
  const remark = remarks.length === 0 ? '' : `: ${remarks.join('; ')}`
  return `${change.op} ${resourceText(change, code)}${where}${remark}`
}

function footer(result: Result, { runUrl = '', commit = '' }: SummaryOptions): Block {
  const { plan, requests, planPath, journalPath } = result
  const hasJournal = journalPath !== '' && mayHaveWritten(rowsOf(result))
  const parts = [
    counted(requests, 'request'),
    ...(plan ? [`plan ${code(plan.hash)}`] : []),
    ...(planPath === '' ? [] : [`plan file ${code(planPath)}`]),
    ...(hasJournal ? [`journal ${code(journalPath)}`] : []),
    ...(commit === '' ? [] : [`commit ${code(commit.slice(0, 7))}`]),
    ...(runUrl === '' ? [] : [link('run', runUrl)])
  ]
  return whole(`<sub>${parts.join(' · ')}</sub>`)
}

function cutNote(planPath: string): Block {
  const where =
    planPath === ''
      ? 'The input <code>plan-file</code> writes the whole plan to a file.'
      : `The whole plan is in the plan file ${code(planPath)}.`
  return whole('> [!NOTE]', `> This is longer than GitHub shows, and ends here. ${where}`)
}
