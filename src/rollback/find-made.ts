// Finds what a promotion made, where its journal does not tell the id: a run that was killed, or whose answer was lost.
import { groupBy } from '../model/group.ts'
import { asText } from '../model/json.ts'
import type { Environment } from '../kinds/environment.ts'
import type { Resource, Values } from '../model/field.ts'
import type { Job } from '../kinds/job.ts'
import { fieldsOf, kindNames, kindOf } from '../kinds/kinds.ts'
import { idIn, wireLinks } from '../model/link.ts'
import { isValuesEntry, type Journal, type ObjectEntry } from './journal.ts'
import type { Key, Kind } from '../model/keys.ts'
import { isWritten } from '../promotion/look-up.ts'
import { promotedFrom, roomFor } from '../model/marker.ts'
import { idList, nameKey, quoted } from '../model/names.ts'
import { problem, warning, type Problem, type Remark } from '../model/remark.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'

/** What a journal names, as far as the target has it. */
export interface Found {
  readonly ids: ReadonlyMap<Key, number>
  /** The objects of the target, by id. */
  readonly held: (kind: Kind, id: number) => Resource<object> | undefined
  readonly remarks: readonly Remark[]
}

/** Finds the ids: as the journal tells them, else by what the target holds. */
export function findMade(journal: Journal, target: Snapshot): Found {
  const objects = journal.entries.filter((entry) => !isValuesEntry(entry))
  const ids = new Map<Key, number>()
  for (const { key, id } of objects) {
    const own = id ?? journal.outcomes.get(key)?.id ?? null
    if (own !== null) ids.set(key, own)
  }
  const remarks: Remark[] = []
  const lost = objects.filter(({ key, op }) => op === 'create' && !ids.has(key) && mayBe(key))
  for (const entry of lost.filter(({ kind }) => kind === 'environment')) {
    const found = environmentsNamed(entry.name, target)
    if (found.length === 1 && found[0]) ids.set(entry.key, found[0].id)
  }
  const taken = new Set(ids.values())
  const jobsLike = alike(journal, target)
  for (const entry of lost.filter(({ kind }) => kind === 'job')) {
    const candidates = jobsOf(entry, ids, jobsLike).filter(({ id }) => !taken.has(id))
    const made = candidates.filter((job) => isOurs(journal, entry, target, ids, job))
    const [first, ...more] = made
    if (first && more.length === 0) ids.set(entry.key, first.id)
    else if (first) remarks.push(copies(entry, made))
    else if (candidates.length > 0) remarks.push(warning(stranger(entry, candidates)))
  }
  const byKind = new Map(
    kindNames.map((kind) => [
      kind,
      new Map(
        kindOf(kind)
          .held(target)
          .map((each) => [each.id, each])
      )
    ])
  )
  return {
    ids,
    held: (kind, id) => byKind.get(kind)?.get(id),
    remarks
  }

  function mayBe(key: Key): boolean {
    const status = journal.outcomes.get(key)?.status
    return status !== 'failed' && status !== 'not-attempted'
  }
}

function environmentsNamed(name: string, { environments }: Snapshot): readonly Environment[] {
  return environments.filter(
    (each) => each.values.type !== 'development' && nameKey(each.name) === nameKey(name)
  )
}

/** The jobs of an environment of the target that an entry may stand for. */
type JobsLike = (entry: ObjectEntry, environment: number) => readonly Job[]

// A marker tells a job apart; without, its name does, as where its text left no room for one.
function alike({ head }: Journal, target: Snapshot): JobsLike {
  const jobs = target.jobs.filter((job) => job.values.is_system !== true)
  const keyOf = (environment: number | undefined, what: string): string => `${environment} ${what}`
  const marked = groupBy(jobs, (job) => {
    const from = sourceOf(head, job)
    return from === undefined ? '' : keyOf(job.values.environment_id, String(from))
  })
  const named = groupBy(jobs, (job) => keyOf(job.values.environment_id, nameKey(job.name)))
  return (entry, environment) =>
    marked.get(keyOf(environment, String(entry.source.id))) ??
    (isNamed(head, entry) ? named.get(keyOf(environment, nameKey(entry.name))) : undefined) ??
    []
}

/** The source job that the marker of this promotion names; undefined without one. */
function sourceOf({ track, label, source }: Journal['head'], job: Job): number | undefined {
  if (track === 'name') return undefined
  const from = placeOf(source)
  return promotedFrom(job.values.description, from, label)
}

function isNamed({ track, label, source }: Journal['head'], entry: ObjectEntry): boolean {
  const origin = { account: source.account, project: source.project.id, job: entry.source.id }
  const text = asText(entry.values['description'])
  return track === 'name' || roomFor(text, { origin, label }) === 'none'
}

function jobsOf(
  entry: ObjectEntry,
  ids: ReadonlyMap<Key, number>,
  jobsLike: JobsLike
): readonly Job[] {
  const home = homeOf(entry, ids)
  const all = home === null ? [] : jobsLike(entry, home)
  const named = all.filter((job) => nameKey(job.name) === nameKey(entry.name))
  return named.length === 1 ? named : all
}

function homeOf({ values, refs }: ObjectEntry, ids: ReadonlyMap<Key, number>): number | null {
  const home = values['environment_id']
  if (typeof home === 'number') return home
  return idIn(refs['environment_id'], ids) ?? null
}

// A name alone proves nothing: the job must hold what was sent, or was to be sent.
function isOurs(
  { head, attempts }: Journal,
  entry: ObjectEntry,
  target: Snapshot,
  ids: ReadonlyMap<Key, number>,
  job: Job
): boolean {
  if (sourceOf(head, job) !== undefined) return true
  const planned = resolvable(entry, target.project.id, ids)
  return [...(attempts.get(entry.key) ?? []), planned].some((sent) => isWritten('job', sent, job))
}

/** The values whose references are known, as ids. */
export function resolvable(
  { kind, values, refs }: ObjectEntry,
  project: number,
  ids: ReadonlyMap<Key, number>
): Values {
  const known = Object.entries(refs).filter(([, link]) => idIn(link, ids) !== undefined)
  const links = Object.fromEntries(known)
  return {
    ...values,
    ...wireLinks(fieldsOf(kind), links, project, (key) => ids.get(key) ?? 0)
  }
}

function copies({ name }: ObjectEntry, jobs: readonly Job[]): Problem {
  return problem(
    `Job ${quoted(name)}, which the run made, could be any of ${idList(jobs)}: all carry its marker, so some are copies.`,
    'Remove the last line of the description of each copy ("Promoted by dbt-promote from ..."), or delete the copies.'
  )
}

function stranger({ name }: ObjectEntry, jobs: readonly Job[]): string {
  return (
    `The target has a job ${quoted(name)} (${idList(jobs)}) with other values than the run was to give it, ` +
    'so nobody can tell that the run made it: it is left alone.'
  )
}
