// The plan of a rollback: the inverse of what a journal tells, as far as the target still holds it. It is a plan like any
// other, reported, guarded, checked and applied by the same code.
import type { Change } from '../model/change.ts'
import { findMade, type Found } from './find-made.ts'
import { guardProblems, idleProtect, type Guards } from '../promotion/guards.ts'
import { isValuesEntry, type Journal } from './journal.ts'
import type { Key } from '../model/keys.ts'
import type { ShapeError } from '../model/decode.ts'
import { listed, nameKey, quoted } from '../model/names.ts'
import type { Plan } from '../promotion/plan.ts'
import type { Planner } from '../promotion/planner.ts'
import { planHash } from '../promotion/plan-hash.ts'
import { assertReadable, faultsOf, variableFaults } from '../promotion/readable.ts'
import { notice, problem, warning, type Problem } from '../model/remark.ts'
import { sideOf } from '../model/sides.ts'
import { versionFindings } from '../promotion/versions.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { Side } from '../model/spec.ts'
import { undoObject } from './undo-objects.ts'
import { unknownFields } from '../promotion/unknown-fields.ts'
import { undoValues } from './undo-values.ts'

/** What a rollback is asked for, besides its journal. */
export interface RollbackSpec extends Guards {
  /** The target project, where the inputs name it. */
  readonly project: Side['project'] | undefined
}

/**
 * Plans the rollback of a journal.
 * @param target what the target holds now
 * @throws Failure where what the journal names could not be read whole
 */
export function planRollback(spec: RollbackSpec, journal: Journal, target: Snapshot): Plan {
  const found = findMade(journal, target)
  const objects = journal.entries.filter((entry) => !isValuesEntry(entry))
  assertReadable({ source: [], target: targetFaults(journal, found, target) })
  const keys = new Map<string, Key>(
    objects.flatMap(({ kind, key }) => {
      const id = found.ids.get(key) ?? 0
      return found.held(kind, id) ? [[`${kind} ${id}`, key] as const] : []
    })
  )
  const keyOf = (kind: string, id: number): Key | undefined => keys.get(`${kind} ${id}`)
  const context = { journal, target, found, keyOf }
  const all = journal.entries.map((entry) => ({
    kind: entry.kind,
    ...(isValuesEntry(entry)
      ? undoValues(entry, journal, found, target)
      : undoObject(entry, context))
  }))
  const ordered = all.flatMap(({ change }): readonly Change[] => (change ? [change] : []))
  // In the order in which they are applied.
  const changes = [
    ...ordered.filter(({ op }) => op !== 'pause'),
    ...ordered.filter(({ op }) => op === 'pause')
  ]
  const sides = { source: journal.head.source, target: sideOf(target) }
  const undoes = journal.head.plan
  const stays = (isJob: boolean): readonly string[] =>
    all.filter(({ kind }) => (kind === 'job') === isJob).flatMap((each) => each.stays)
  return {
    version: 2,
    ...sides,
    track: journal.head.track,
    label: journal.head.label,
    undoes,
    changes,
    remarks: [
      ...projectProblems(spec, target),
      ...missingLines(journal).map(warning),
      ...found.remarks,
      ...leftAlone(journal).map(notice),
      ...all.flatMap(({ remarks }) => remarks),
      ...lostSecrets(all.flatMap(({ lost }) => lost)).map(warning),
      ...guardProblems(spec, changes),
      ...versionFindings(changes, target),
      ...idleProtect(spec, changes, target),
      ...unknownFields(changes, null, target),
      ...stayingNotices(stays(true), stays(false)).map(notice)
    ],
    hash: planHash(sides, changes, undoes)
  }
}

// What could not be read of all that the journal names.
function targetFaults(
  { entries }: Journal,
  { ids, held }: Found,
  { variables }: Snapshot
): readonly ShapeError[] {
  const named = entries.flatMap((entry) =>
    isValuesEntry(entry) ? [] : (held(entry.kind, ids.get(entry.key) ?? 0) ?? [])
  )
  const written = entries.filter(isValuesEntry).filter(({ job }) => job === null)
  const names = new Set(written.map(({ name }) => name))
  return [...faultsOf(named), ...variableFaults(variables, names)]
}

// By its id the project was compared before anything was read.
function projectProblems({ project }: RollbackSpec, target: Snapshot): readonly Problem[] {
  if (!project || !('name' in project)) return []
  if (nameKey(project.name) === nameKey(target.project.name)) return []
  return [
    problem(
      `The journal is of project ${target.project.id} ${quoted(target.project.name)}, and target-project is ${quoted(project.name)}.`,
      'Give the journal of that project, or leave target-project out.'
    )
  ]
}

function missingLines({ head, entries }: Journal): readonly string[] {
  const missing = head.changes - entries.length
  return missing > 0
    ? [
        `The journal was to hold ${head.changes} planned changes, and ${missing} of them ${missing === 1 ? 'is' : 'are'} missing: ` +
          'what these wrote is not undone.'
      ]
    : []
}

function lostSecrets(lost: readonly string[]): readonly string[] {
  if (lost.length === 0) return []
  return [
    `Former values of secrets that were written over can not come back: ${listed(lost, mostListed)}. ` +
      'Set them in the target, or give them to a promotion with rewrite-secrets: true.'
  ]
}

// Nothing is ever deleted.
function stayingNotices(jobs: readonly string[], others: readonly string[]): readonly string[] {
  const how = 'Delete by hand what is not to stay.'
  return [
    ...(jobs.length === 0
      ? []
      : [
          `Jobs that the promotion made stay, and start no more: ${listed(jobs, mostListed)}. ${how}`
        ]),
    ...(others.length === 0
      ? []
      : [`What else the promotion made stays as it is: ${listed(others, mostListed)}. ${how}`])
  ]
}

function leftAlone({ outcomes }: Journal): readonly string[] {
  const count = [...outcomes.values()].filter(
    ({ status }) => status === 'failed' || status === 'not-attempted'
  ).length
  if (count === 0) return []
  return [
    `${count} ${count === 1 ? 'change of the promotion was' : 'changes of the promotion were'} not carried out: of ${count === 1 ? 'it' : 'them'}, nothing is undone.`
  ]
}

/** More than these are counted. */
const mostListed = 50

/** Plans the rollback of a journal. */
export function undoing(spec: RollbackSpec, journal: Journal): Planner {
  return {
    plan: (target) => planRollback(spec, journal, target),
    overrides: journal.entries.some(({ kind }) => kind === 'override')
  }
}
