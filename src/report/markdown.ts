// The job summary: verdict first, then what is wrong, then alarms, then tables with ids and links, then the differences.
import { groupBy } from '../promotion/group.ts'
import type { Alarm } from '../promotion/alarm.ts'
import type { Change } from '../promotion/change.ts'
import type { PlanSide } from '../promotion/plan.ts'
import { cutAtLine } from './cut.ts'
import { diffLines } from './diff-lines.ts'
import { alarmTitles, causeTexts } from './phrases.ts'
import { rowsOf, type Result, type Row } from './result.ts'
import { code, inline, link, plain } from './text.ts'
import { verdict } from './verdict.ts'

/** GitHub drops a whole summary of more than 1 MiB. */
const mostBytes = 1_000_000
/** Longer lists of alarms or problems are not read; the plan file has all of them. */
const mostItems = 50

/** The whole summary of a run, cut where GitHub would drop it. */
export function summary(result: Result): string {
  const { plan, failure } = result
  const rows = rowsOf(result)
  const parts = [
    `## ${inline(verdict(result))}`,
    ...(plan ? [`${sideLink(plan.source)} → ${sideLink(plan.target)}`] : []),
    ...(failure
      ? [
          box(
            'CAUTION',
            failure.details.map(({ message, remedy }) => `${message} ${remedy}`)
          )
        ]
      : []),
    ...(plan
      ? [
          alarmBox(plan.alarms),
          footer(result),
          ...tables(rows, plan.target),
          box('WARNING', [...plan.warnings, ...refusals(rows)]),
          box('NOTE', plan.notices),
          ...differences(rows)
        ]
      : [])
  ]
  const text = `${parts.filter((part) => part !== '').join('\n\n')}\n`
  return cutAtLine(text, mostBytes, result.planPath)
}

function footer({ plan, requests }: Result): string {
  return `<sub>${String(requests)} requests · plan <code>${plan?.hash.slice(0, 12) ?? ''}</code></sub>`
}

function box(kind: 'CAUTION' | 'WARNING' | 'NOTE', items: readonly string[]): string {
  return items.length === 0 ? '' : [`> [!${kind}]`, ...listed(items)].join('\n')
}

function alarmBox(alarms: readonly Alarm[]): string {
  if (alarms.length === 0) return ''
  const byKind = groupBy(alarms, ({ kind }) => kind)
  const kinds = Object.entries(alarmTitles) as readonly (readonly [Alarm['kind'], string])[]
  return [
    '> [!IMPORTANT]',
    ...kinds.flatMap(([kind, title]) => {
      const all = byKind.get(kind) ?? []
      return all.length === 0
        ? []
        : [
            `> **${title}** (${String(all.length)})`,
            '>',
            ...listed(all.map(({ message }) => message)),
            '>'
          ]
    })
  ]
    .join('\n')
    .replace(/\n>$/, '')
}

function listed(items: readonly string[]): readonly string[] {
  const more = items.length - mostItems
  return [
    ...items.slice(0, mostItems).map((item) => `> - ${inline(item.trim())}`),
    ...(more > 0 ? [`> - and ${String(more)} more`] : [])
  ]
}

function refusals(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ change, outcome }) => {
    const paths = outcome?.refused ?? (change.op === 'unchanged' ? change.refused : [])
    return paths.length === 0
      ? []
      : [`The target account does not take ${paths.join(', ')} of ${change.kind} ${change.name}.`]
  })
}

// One table for each environment with its jobs, so that a reader finds what belongs together. What is unchanged is
// folded away where there is much of it.
function tables(rows: readonly Row[], target: PlanSide): readonly string[] {
  const environments = rows.filter(({ change }) => change.kind === 'environment')
  const jobs = groupBy(
    rows.filter(({ change }) => change.kind === 'job'),
    ({ change }) => change.environment ?? ''
  )
  const head = ['| | Environment | Id | From |', '|---|---|---|---|']
  return [
    environments.length === 0
      ? ''
      : [...head, ...environments.map((row) => tableRow(row, target))].join('\n'),
    ...[...jobs].flatMap(([environment, all]) => {
      const changed = all.filter(({ change }) => change.op !== 'unchanged')
      const rest = all.filter(({ change }) => change.op === 'unchanged')
      return [
        changed.length === 0 ? '' : jobTable(environment, changed, target),
        rest.length === 0
          ? ''
          : rest.length <= 5
            ? jobTable(environment, rest, target)
            : folded(
                `${String(rest.length)} unchanged jobs in ${inline(environment)}`,
                jobTable(environment, rest, target)
              )
      ]
    })
  ]
}

function jobTable(environment: string, rows: readonly Row[], target: PlanSide): string {
  return [
    `| | Job in ${code(environment)} | Id | From |`,
    '|---|---|---|---|',
    ...rows.map((row) => tableRow(row, target))
  ].join('\n')
}

function tableRow(row: Row, target: PlanSide): string {
  const { change, id } = row
  const kind = change.kind === 'environment' ? 'environments' : 'jobs'
  const url = `${projectUrl(target)}/${kind}/${String(id)}`
  const source = `${code(change.source.name)} ${String(change.source.id)}`
  return `| ${state(row)} | ${code(change.name)} | ${id === null ? '' : link(String(id), url)} | ${source} |`
}

function state({ change, outcome }: Row): string {
  if (outcome && outcome.status !== 'applied') return `**${outcome.status}**`
  const isDone = outcome !== undefined
  switch (change.op) {
    case 'create':
      return isDone ? 'created' : 'create'
    case 'update':
      return isDone ? 'updated' : 'update'
    case 'unchanged':
      return 'unchanged'
  }
}

function sideLink(side: PlanSide): string {
  return `${link(side.project.name, projectUrl(side))} ${String(side.project.id)}`
}

function projectUrl({ origin, account, project }: PlanSide): string {
  return `${origin}/deploy/${String(account)}/projects/${String(project.id)}`
}

/** Short differences stand open, long ones are folded. */
const mostOpenLines = 12

function differences(rows: readonly Row[]): readonly string[] {
  return rows
    .filter(({ change }) => change.op !== 'unchanged')
    .map(({ change }) => {
      const lines = diffLines(change).map(({ sign, text }) => `${sign} ${plain(text)}`)
      const block = ['```diff', ...lines, '```'].join('\n')
      return folded(title(change), block, change.op === 'update' && lines.length <= mostOpenLines)
    })
}

function title(change: Change): string {
  const where = change.environment === null ? '' : ` in ${code(change.environment)}`
  const cause =
    change.op === 'update' && change.kind === 'job' ? `: ${causeTexts[change.cause]}` : ''
  return `${change.op} ${change.kind} ${code(change.name)}${where}${cause}`
}

function folded(head: string, body: string, isOpen = false): string {
  return `<details${isOpen ? ' open' : ''}><summary>${head}</summary>\n\n${body}\n\n</details>`
}
