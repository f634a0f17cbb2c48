// The tables of the summary: what becomes of each resource, with its ids, which are links to where it lives.
import { isOfValues, type Change } from '../model/change.ts'
import { words } from '../kinds/words.ts'
import type { Plan } from '../promotion/plan.ts'
import type { PlanSide } from '../model/sides.ts'
import { folded, type Block } from './document.ts'
import { causeTexts, remarksOf, resourceText } from './phrases.ts'
import { byEnvironment, environmentOf, type Fate, type Row } from './result.ts'
import { code, link } from './text.ts'
import { namesIn } from './value.ts'

/** More changed fields of a resource are named in its difference only. */
const mostPaths = 4

type Sides = Pick<Plan, 'source' | 'target'>

/** A table for each environment, of itself and its jobs: a reader finds together what belongs together. */
export function* changeTables(rows: readonly Row[], sides: Sides): Generator<Block> {
  const changed = rows.filter(({ fate }) => fate !== 'unchanged')
  for (const [environment, all] of byEnvironment(changed)) {
    yield {
      head: [
        environment === null
          ? '### Variables of the project'
          : `### Environment ${code(environment)}`,
        '',
        ...headOf('', 'Resource', 'Id', 'From', 'Changes')
      ],
      lines: all.map((row) =>
        line(fateText(row.fate), ...resourceCells(row, sides), changes(row.change))
      ),
      foot: []
    }
  }
}

/** What stays as it is, in one fold: often much, and seldom of interest. */
export function* unchangedTable(rows: readonly Row[], sides: Sides): Generator<Block> {
  const rest = rows.filter(({ fate }) => fate === 'unchanged')
  if (rest.length === 0) return
  yield folded(`${rest.length} unchanged`, {
    head: headOf('Environment', 'Resource', 'Id', 'From'),
    lines: rest.map((row) => line(environmentCell(row), ...resourceCells(row, sides))),
    foot: []
  })
}

function environmentCell({ change }: Row): string {
  const name = environmentOf(change)
  return name === null ? '' : code(name)
}

/** A project, as a link to it. */
export function sideText(side: PlanSide): string {
  const { project, account } = side
  return `${link(project.name, projectUrl(side))} (project ${project.id}, account ${account})`
}

function headOf(...titles: readonly string[]): readonly string[] {
  return [line(...titles), line(...titles.map(() => '---'))]
}

function line(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function resourceCells({ change, id }: Row, { source, target }: Sides): readonly string[] {
  const { pages, called, isInEnvironment } = words[change.kind]
  const to = (own: number, side: PlanSide): string =>
    pages === null ? String(own) : link(String(own), `${projectUrl(side)}/${pages}/${own}`)
  // The title of the table is the name of the environment.
  const isTitled = change.environment === null && isInEnvironment
  return [
    isTitled ? called[0] : resourceText(change, code),
    id === null ? '' : to(id, target),
    isOfValues(change) ? '' : `${code(change.source.name)} ${to(change.source.id, source)}`
  ]
}

function projectUrl({ origin, account, project }: PlanSide): string {
  return `${origin}/deploy/${account}/projects/${project.id}`
}

// What went wrong is to be found among much that did not.
function fateText(fate: Fate): string {
  switch (fate) {
    case 'create':
    case 'update':
    case 'pause':
    case 'paused':
    case 'created':
    case 'updated':
    case 'unchanged':
      return fate
    case 'unlinked':
    case 'partial':
    case 'unclear':
    case 'failed':
      return `**${fate}**`
    case 'not-attempted':
      return '**not attempted**'
  }
}

function changes(change: Change): string {
  const paths = pathsOf(change).map(code)
  const more = paths.length - mostPaths
  const named = [...paths.slice(0, mostPaths), ...(more > 0 ? [`${more} more`] : [])]
  return [...(named.length > 0 ? [named.join(', ')] : []), ...remarksOf(change).map(stressed)].join(
    '; '
  )
}

function pathsOf(change: Change): readonly string[] {
  if (isOfValues(change)) {
    // An override is of its job, which the row names.
    return change.job ? [] : change.writes.flatMap(({ scope }) => namesIn(scope).slice(-1))
  }
  return change.op === 'update' ? change.fields.map(({ path }) => path) : []
}

// An edit by hand is what the promotion undoes.
function stressed(remark: string): string {
  return remark === causeTexts.target ? `**${remark}**` : remark
}
