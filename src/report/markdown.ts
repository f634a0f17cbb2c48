// The job summary: verdict, alarms, what is wrong; then what changes, environment by environment, with ids and links;
// then the differences, and folded what stays as it is.
import type { Alarm } from '../promotion/alarm.ts'
import { groupBy } from '../promotion/group.ts'
import type { Change } from '../promotion/change.ts'
import type { PlanSide } from '../promotion/plan.ts'
import { diffLines } from './diff-lines.ts'
import { documentOf, folded, whole, type Block } from './document.ts'
import { alarmTitles, causeTexts, counted } from './phrases.ts'
import { environmentOf, rowsOf, type Fate, type Result, type Row } from './result.ts'
import { code, fenced, inline, link, plain, prose } from './text.ts'
import { verdict } from './verdict.ts'

/** GitHub drops a whole summary of more than 1 MiB, and other steps write to theirs only. */
export const summaryBytes = 1_000_000
/** GitHub refuses a comment of more than 65,536 characters; a character has one byte or more. */
export const commentBytes = 65_000

/** More alarms or warnings of a kind are folded. */
const mostListed = 20
/** Short differences stand open, where there are few of them. */
const mostOpenLines = 12
const mostOpen = 20
/** More changed fields are named in the difference only. */
const mostPaths = 4

/**
 * The whole summary of a run, cut where GitHub would drop it.
 * @param most the longest text, in bytes of UTF-8
 */
export function summary(result: Result, most: number = summaryBytes): string {
  return documentOf(blocks(result), { end: footer(result), cut: cutNote(result.planPath), most })
}

function* blocks(result: Result): Generator<Block> {
  const { plan, failure } = result
  yield whole(`## ${inline(verdict(result))}`)
  if (plan) yield whole(`${sideText(plan.source)} → ${sideText(plan.target)}`)
  const rows = rowsOf(result)
  const alarms = alarmsByKind(plan?.alarms ?? [])
  const warnings = [...(plan?.warnings ?? []), ...refusals(rows)]
  const notices = plan?.notices ?? []
  yield* alarmBox(alarms)
  if (failure) yield box('CAUTION', 'What is wrong', failure.details.map(toldInBox))
  yield* shortBox('WARNING', 'Warnings', warnings)
  yield* shortBox('NOTE', 'Notes', notices)
  if (!plan) return
  yield* tables(rows, plan.target, plan.source)
  for (const [kind, messages] of alarms) yield* longList(alarmTitles[kind], messages)
  yield* longList('Warnings', warnings)
  yield* longList('Notes', notices)
  yield* differences(rows)
  yield* unchanged(rows, plan.target, plan.source)
}

function footer({ plan, requests, planPath }: Result): Block {
  const parts = [
    counted(requests, 'request'),
    ...(plan ? [`plan ${code(plan.hash)}`] : []),
    ...(planPath === '' ? [] : [`plan file ${code(planPath)}`])
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

type BoxKind = 'CAUTION' | 'WARNING' | 'NOTE'

function box(kind: BoxKind, title: string, items: readonly string[]): Block {
  const lines = items.map((item) => `> - ${item}`)
  return { head: [`> [!${kind}]`, `> **${title}**`, '>'], lines, foot: [] }
}

function toldInBox({ message, remedy }: { readonly message: string; readonly remedy: string }) {
  return remedy === '' ? prose(message) : `${prose(message)} <br>→ ${prose(remedy)}`
}

function listed(messages: readonly string[]): readonly string[] {
  const more = messages.length - mostListed
  return [
    ...messages.slice(0, mostListed).map(prose),
    ...(more > 0 ? [`and ${String(more)} more, below`] : [])
  ]
}

function* shortBox(kind: BoxKind, title: string, messages: readonly string[]): Generator<Block> {
  if (messages.length > 0) yield box(kind, title, listed(messages))
}

/** All of what a box holds only the first of. */
function* longList(title: string, messages: readonly string[]): Generator<Block> {
  if (messages.length <= mostListed) return
  const lines = messages.map((message) => `- ${prose(message)}`)
  yield folded(`${title}: all ${String(messages.length)}`, { head: [], lines, foot: [] })
}

type AlarmsByKind = readonly (readonly [Alarm['kind'], readonly string[]])[]

function alarmsByKind(alarms: readonly Alarm[]): AlarmsByKind {
  const byKind = groupBy(alarms, ({ kind }) => kind)
  const kinds = Object.keys(alarmTitles) as readonly Alarm['kind'][]
  return kinds.flatMap((kind) => {
    const all = byKind.get(kind) ?? []
    return all.length === 0 ? [] : [[kind, all.map(({ message }) => message)] as const]
  })
}

function* alarmBox(alarms: AlarmsByKind): Generator<Block> {
  if (alarms.length === 0) return
  const lines = alarms.flatMap(([kind, messages]) => [
    '>',
    `> **${alarmTitles[kind]}** (${String(messages.length)})`,
    '>',
    ...listed(messages).map((item) => `> - ${item}`)
  ])
  yield { head: ['> [!CAUTION]'], lines: lines.slice(1), foot: [] }
}

// The same field is refused for all jobs or for none, so it is told once.
function refusals(rows: readonly Row[]): readonly string[] {
  const refused = rows.flatMap(({ change, outcome }) => {
    const paths = outcome?.refused ?? (change.op === 'unchanged' ? change.refused : [])
    return paths.map((path) => ({ path, change }))
  })
  return [...groupBy(refused, ({ path }) => path)].map(([path, all]) => {
    const named = all.slice(0, 5).map(({ change }) => `${change.kind} "${change.name}"`)
    const more = all.length - named.length
    return `The target account does not take ${path} of ${named.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}.`
  })
}

/** A table of an environment with its jobs, so that a reader finds together what belongs together. */
function* tables(rows: readonly Row[], target: PlanSide, source: PlanSide): Generator<Block> {
  const changed = rows.filter(({ fate }) => fate !== 'unchanged')
  for (const [environment, all] of groupBy(changed, ({ change }) => environmentOf(change))) {
    yield {
      head: [
        `### Environment ${code(environment)}`,
        '',
        '| | | Id | From | |',
        '| --- | --- | --- | --- | --- |'
      ],
      lines: all.map(
        (row) =>
          `| ${fateCell(row.fate)} | ${subject(row.change)} | ${targetLink(row, target)} | ` +
          `${sourceLink(row.change, source)} | ${remarks(row.change)} |`
      ),
      foot: []
    }
  }
}

/** What stays as it is, in one fold: often much, and seldom of interest. */
function* unchanged(rows: readonly Row[], target: PlanSide, source: PlanSide): Generator<Block> {
  const rest = rows.filter(({ fate }) => fate === 'unchanged')
  if (rest.length === 0) return
  const table = {
    head: ['| Environment | | Id | From |', '| --- | --- | --- | --- |'],
    lines: rest.map(
      (row) =>
        `| ${code(environmentOf(row.change))} | ${subject(row.change)} | ` +
        `${targetLink(row, target)} | ${sourceLink(row.change, source)} |`
    ),
    foot: []
  }
  yield folded(`${String(rest.length)} unchanged`, table)
}

function fateCell(fate: Fate): string {
  const text = fate.replace('-', ' ')
  const isDone = fate === 'created' || fate === 'updated'
  return isDone || fate === 'create' || fate === 'update' ? text : `**${text}**`
}

function subject({ kind, name }: Change): string {
  return kind === 'environment' ? kind : `${kind} ${code(name)}`
}

function remarks(change: Change): string {
  if (change.op !== 'update') return ''
  const paths = change.fields.map(({ path }) => code(path))
  const more = paths.length - mostPaths
  return [
    [...paths.slice(0, mostPaths), ...(more > 0 ? [`${String(more)} more`] : [])].join(', '),
    ...updateRemarks(change)
  ]
    .filter((text) => text !== '')
    .join('; ')
}

function updateRemarks(change: Change): readonly string[] {
  if (change.op !== 'update') return []
  return [
    ...(change.adopted ? ['taken over'] : []),
    ...(change.fields.length === 0 ? ['only marked'] : []),
    ...(change.kind === 'job' && change.fields.length > 0 ? [causeText(change.cause)] : [])
  ]
}

// An edit by hand is what this promotion undoes, so it is not to be overlooked.
function causeText(cause: keyof typeof causeTexts): string {
  return cause === 'target' ? `<b>${causeTexts[cause]}</b>` : causeTexts[cause]
}

function targetLink({ change, id }: Row, target: PlanSide): string {
  return id === null ? '' : link(String(id), objectUrl(change, id, target))
}

function sourceLink({ kind, source: { id, name } }: Change, side: PlanSide): string {
  return `${code(name)} ${link(String(id), objectUrl({ kind }, id, side))}`
}

function sideText(side: PlanSide): string {
  const { project, account } = side
  return `${link(project.name, projectUrl(side))} (project ${String(project.id)}, account ${String(account)})`
}

function objectUrl({ kind }: Pick<Change, 'kind'>, id: number, side: PlanSide): string {
  return `${projectUrl(side)}/${kind}s/${String(id)}`
}

function projectUrl({ origin, account, project }: PlanSide): string {
  return `${origin}/deploy/${String(account)}/projects/${String(project.id)}`
}

function* differences(rows: readonly Row[]): Generator<Block> {
  const changed = rows.filter(({ fate }) => fate !== 'unchanged')
  const groups = groupBy(changed, ({ change }) => environmentOf(change))
  for (const { change } of [...groups.values()].flat()) {
    const lines = diffLines(change).map(({ sign, text }) => `${sign} ${plain(text)}`)
    if (lines.length === 0) continue
    const { open, close } = fenced(lines, 'diff')
    const isOpen =
      change.op === 'update' && lines.length <= mostOpenLines && changed.length <= mostOpen
    yield folded(title(change), { head: [open], lines, foot: [close] }, { open: isOpen })
  }
}

function title(change: Change): string {
  const where = change.environment === null ? '' : ` in ${code(change.environment)}`
  const remark = updateRemarks(change).map((text) => `: ${text}`)
  return `${change.op} ${change.kind} ${code(change.name)}${where}${remark.slice(0, 1).join('')}`
}
