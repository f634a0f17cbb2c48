// The job summary: verdict first, then what is wrong, then the tables with ids and links, then the differences.
import type { Change, PlanSide } from '../promotion/plan.ts'
import { diffLines } from './diff-lines.ts'
import { rowsOf, type Result, type Row } from './result.ts'
import { code, inline, link, plain } from './text.ts'
import { verdict } from './verdict.ts'

/** The whole summary of a run. */
export function summary(result: Result): string {
  const { plan, failure } = result
  const rows = rowsOf(result)
  return [
    `## ${inline(verdict(result))}`,
    plan ? `${sideLink(plan.source)} → ${sideLink(plan.target)}` : '',
    failure ? alert('CAUTION', failure.details) : '',
    ...(plan
      ? [tables(rows, plan.target), differences(rows), remarks(plan.warnings, plan.notices)]
      : []),
    plan ? footer(result) : ''
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function footer({ plan, requests }: Result): string {
  return `<sub>${String(requests)} requests · plan <code>${plan?.hash.slice(0, 12) ?? ''}</code></sub>`
}

function alert(
  kind: 'CAUTION' | 'WARNING' | 'NOTE',
  items: readonly { readonly message: string; readonly remedy: string }[]
): string {
  const lines = items.map(({ message, remedy }) =>
    `> - ${inline(message)} ${inline(remedy)}`.trimEnd()
  )
  return [`> [!${kind}]`, ...lines].join('\n')
}

function remarks(warnings: readonly string[], notices: readonly string[]): string {
  const items = (texts: readonly string[]): { message: string; remedy: string }[] =>
    texts.map((message) => ({ message, remedy: '' }))
  return [
    warnings.length > 0 ? alert('WARNING', items(warnings)) : '',
    notices.length > 0 ? alert('NOTE', items(notices)) : ''
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function tables(rows: readonly Row[], target: PlanSide): string {
  const environments = rows.filter(({ change }) => change.kind === 'environment')
  const jobs = rows.filter(({ change }) => change.kind === 'job')
  return [
    environments.length === 0
      ? ''
      : [
          '| | Environment | Id | From |',
          '|---|---|---|---|',
          ...environments.map(
            (row) =>
              `| ${sign(row)} | ${code(row.change.name)} | ${idLink(row, target)} | ${origin(row.change)} |`
          )
        ].join('\n'),
    jobs.length === 0
      ? ''
      : [
          '| | Job | Environment | Id | From |',
          '|---|---|---|---|---|',
          ...jobs.map(
            (row) =>
              `| ${sign(row)} | ${code(row.change.name)} | ${code(row.change.environment ?? '')} | ` +
              `${idLink(row, target)} | ${origin(row.change)} |`
          )
        ].join('\n')
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function sign({ change, outcome }: Row): string {
  if (outcome && outcome.status !== 'applied') return `**${outcome.status}**`
  const done = outcome !== undefined
  switch (change.op) {
    case 'create':
      return done ? 'created' : 'create'
    case 'update':
      return done ? 'updated' : 'update'
    case 'unchanged':
      return 'unchanged'
  }
}

function origin({ source }: Change): string {
  return `${code(source.name)} ${String(source.id)}`
}

function idLink({ change, id }: Row, target: PlanSide): string {
  if (id === null) return ''
  const kind = change.kind === 'environment' ? 'environments' : 'jobs'
  return link(String(id), `${projectUrl(target)}/${kind}/${String(id)}`)
}

function sideLink(side: PlanSide): string {
  return `${link(side.project.name, projectUrl(side))} ${String(side.project.id)}`
}

function projectUrl({ origin: host, account, project }: PlanSide): string {
  return `${host}/deploy/${String(account)}/projects/${String(project.id)}`
}

function differences(rows: readonly Row[]): string {
  const changed = rows.filter(({ change }) => change.op !== 'unchanged')
  if (changed.length === 0) return ''
  const lines = changed.flatMap(({ change }) => [
    `@@ ${change.kind} ${plain(change.name)} @@`,
    ...diffLines(change).map(({ sign: each, text }) => `${each} ${plain(text)}`)
  ])
  return [
    '<details><summary>Fields</summary>',
    '',
    '```diff',
    ...lines,
    '```',
    '',
    '</details>'
  ].join('\n')
}
