// The step outputs: always all of them, on failure too, so that later steps can rely on their shape.
import { groupBy } from '../model/group.ts'
import { hasChanges } from '../promotion/plan.ts'
import {
  isWritten,
  mayHaveWritten,
  objectRows,
  rowsOf,
  type Fate,
  type Result,
  type Row
} from './result.ts'

/** The names of the outputs, in the order of `action.yml`. */
export const outputNames = [
  'environment-id',
  'job-id',
  'environment-ids',
  'job-ids',
  'jobs',
  'id-map',
  'has-changes',
  'changed',
  'created',
  'updated',
  'unchanged',
  'paused',
  'failed',
  'changed-job-ids',
  'plan-hash',
  'plan-path',
  'journal-path',
  'failure-reason',
  'requests'
] as const
export type OutputName = (typeof outputNames)[number]

/** The outputs of a run, as texts. */
export function outputsOf(result: Result): Readonly<Record<OutputName, string>> {
  const rows = rowsOf(result)
  const environments = objectRows(rows, 'environment')
  // A paused job is no promoted one any more: no later step should get its id.
  const jobs = objectRows(rows, 'job').filter(({ change }) => change.op !== 'pause')
  const count = (...fates: readonly Fate[]): string =>
    String(rows.filter(({ fate }) => fates.includes(fate)).length)
  const written = rows.filter(isWritten)
  return {
    'environment-id': only(environments),
    'job-id': only(jobs),
    'environment-ids': JSON.stringify(idsByName(environments, ({ change }) => change.name)),
    'job-ids': JSON.stringify(jobIds(jobs)),
    jobs: JSON.stringify(jobs.map(jobEntry)),
    'id-map': JSON.stringify({ environments: idMap(environments), jobs: idMap(jobs) }),
    'has-changes': String(result.plan !== undefined && hasChanges(result.plan)),
    changed: String(mayHaveWritten(rows)),
    created: count('create', 'created', 'unlinked'),
    updated: count('update', 'updated'),
    unchanged: count('unchanged'),
    paused: count('pause', 'paused'),
    failed: count('failed', 'unclear', 'unlinked', 'partial'),
    'changed-job-ids': JSON.stringify(
      written
        .filter(({ change }) => change.kind === 'job')
        .flatMap(({ id }) => (id === null ? [] : [id]))
    ),
    'plan-hash': result.plan?.hash ?? '',
    'plan-path': result.planPath,
    'journal-path': mayHaveWritten(rows) ? result.journalPath : '',
    'failure-reason': result.failure?.reason ?? '',
    requests: String(result.requests)
  }
}

type ObjectRow = ReturnType<typeof objectRows>[number]

function only(rows: readonly Row[]): string {
  const [row, ...more] = rows
  return row && more.length === 0 && row.id !== null ? String(row.id) : ''
}

function jobIds(rows: readonly Row[]): Readonly<Record<string, number>> {
  const names = groupBy(rows, ({ change }) => change.name)
  return idsByName(rows, ({ change }) =>
    (names.get(change.name)?.length ?? 0) > 1 ? `${change.environment}/${change.name}` : change.name
  )
}

// Names hold slashes too, so even `environment/name` may stand for two jobs: then it is left out, since a step that
// finds no id stops, and one that finds the wrong one does not. The output `jobs` has them all.
function idsByName(
  rows: readonly Row[],
  nameOf: (row: Row) => string
): Readonly<Record<string, number>> {
  const named = [...groupBy(rows, nameOf)]
  return Object.fromEntries(
    named.flatMap(([name, [row, ...others]]) =>
      row && others.length === 0 && row.id !== null ? [[name, row.id]] : []
    )
  )
}

function idMap(rows: readonly ObjectRow[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    rows.flatMap(({ change, id }) => (id === null ? [] : [[change.source.id, id]]))
  )
}

function jobEntry({
  change,
  outcome,
  id
}: ObjectRow): Readonly<Record<string, string | number | null>> {
  return {
    environment: change.environment,
    name: change.name,
    'source-id': change.source.id,
    'target-id': id,
    action: outcome === undefined || outcome.status === 'applied' ? change.op : outcome.status
  }
}
