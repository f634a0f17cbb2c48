// Finds the target job of each desired job: by the id that the user names, by its marker in the mapped environment, by its marker elsewhere in the
// project (a move), then by exact name in the mapped environment (an adoption). What was promoted from another job or
// is managed by another tool is never taken over by its name.
import type { By } from '../model/change.ts'
import type { Desired } from '../model/desired.ts'
import { setsHeld } from './diff.ts'
import { groupBy } from '../model/group.ts'
import type { Environment } from '../kinds/environment.ts'
import type { Job } from '../kinds/job.ts'
import type { Key } from '../model/keys.ts'
import { asText } from '../model/json.ts'
import { isFrom, isWhatLeftNoRoom, readMarker, type Origin } from '../model/marker.ts'
import { foreignTag, idList, listed, nameKey, quoted } from '../model/names.ts'
import { alarm, problem, type Alarm, type Problem, type Remark } from '../model/remark.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** All that matching jobs needs. */
export interface Matching {
  readonly spec: PromotionSpec
  readonly desired: readonly Desired[]
  readonly source: Snapshot
  readonly target: Snapshot
  /** The desired environments, by key. */
  readonly planned: ReadonlyMap<Key, Desired>
  /** Those of them that the target has, by key. */
  readonly environments: ReadonlyMap<Key, Environment>
}

/** The pairs, and what is to say about them. */
export interface MatchedJobs {
  readonly pairs: ReadonlyMap<Key, Job>
  /** Why each of them is paired. */
  readonly by: ReadonlyMap<Key, By>
  readonly remarks: readonly Remark[]
}

/** Matches the desired jobs. @param byId those that are taken by their ids, which are no longer among the desired */
export function matchJobs(matching: Matching, byId: MatchedJobs): MatchedJobs {
  const byMarker = matching.spec.track === 'marker' ? matchByMarker(matching) : nothing
  const pairs = new Map([...byId.pairs, ...byMarker.pairs])
  const taken = new Set([...pairs.values()].map(({ id }) => id))
  const blocked = byMarker.undecided
  const rest = matching.desired.filter(({ key }) => !byMarker.pairs.has(key) && !blocked.has(key))
  const byName = matchByName(matching, rest, taken)
  return {
    pairs: new Map([...pairs, ...byName.pairs]),
    by: new Map([
      ...byId.by,
      ...[...byMarker.pairs.keys()].map((key) => [key, 'marker'] as const),
      ...byName.by
    ]),
    remarks: [...byId.remarks, ...byMarker.remarks, ...byName.remarks]
  }
}

interface ByMarker {
  readonly pairs: ReadonlyMap<Key, Job>
  /** Those for which a problem was found, and nothing else must be looked for. */
  readonly undecided: ReadonlySet<Key>
  readonly remarks: readonly Remark[]
}

const nothing: ByMarker = { pairs: new Map(), undecided: new Set(), remarks: [] }

function matchByMarker(matching: Matching): ByMarker {
  const { spec, desired, source, target, environments } = matching
  const pairs = new Map<Key, Job>()
  const undecided = new Set<Key>()
  const remarks: Remark[] = []
  const holders = groupBy(
    jobsOf(target).flatMap((job) => {
      const marker = readMarker(job.values.description)
      return marker ? [{ job, ...marker }] : []
    }),
    ({ origin }) => originKey(origin)
  )
  for (const wanted of desired) {
    const origin = { account: source.account, project: source.project.id, job: wanted.source.id }
    const all = holders.get(originKey(origin)) ?? []
    const environment = wanted.environment ? environments.get(wanted.environment.key) : undefined
    const isHere = (job: Job): boolean => job.values.environment_id === environment?.id
    const own = all.filter(({ label }) => label === spec.label).map(({ job }) => job)
    // A promotion that got a label still knows its jobs where it left them. Those of another label are not its own.
    const unlabelled = all
      .filter(({ label }) => label === '')
      .map(({ job }) => job)
      .filter((job) => isHere(job) && nameKey(job.name) === nameKey(wanted.name))
    const marked = own.length > 0 ? own : unlabelled
    if (marked.length === 0) continue
    const here = marked.filter(isHere)
    const found = pick(wanted, here.length > 0 ? here : marked)
    if (!found) {
      undecided.add(wanted.key)
      remarks.push(copies(wanted, here.length > 0 ? here : marked))
    } else if (here.length > 0) {
      pairs.set(wanted.key, found)
    } else {
      pairs.set(wanted.key, found)
      const fault = moveFault(matching, wanted, found, environment)
      remarks.push(fault ?? moved(wanted, found, target))
    }
  }
  return { pairs, undecided, remarks }
}

// Of several holders of one marker, the one with the expected name is meant: a job that is duplicated in the UI keeps
// the description and gets another name.
function pick(wanted: Desired, holders: readonly Job[]): Job | undefined {
  if (holders.length === 1) return holders[0]
  const named = holders.filter((job) => nameKey(job.name) === nameKey(wanted.name))
  return named.length === 1 ? named[0] : undefined
}

function copies(wanted: Desired, holders: readonly Job[]): Problem {
  const named = holders.map((job) => `${job.id} ${quoted(job.name)}`).join(' and ')
  return problem(
    `Job ${quoted(wanted.name)} could be either of ${named}: all carry the marker of source job ` +
      `${wanted.source.id}, so some of them are copies.`,
    'Remove the last line of the description of each copy ("Promoted by dbt-promote from ..."), or delete the copies.'
  )
}

// A source environment that was renamed looks like a new one. It must not drag the jobs of production along.
function moveFault(
  { spec, target, planned }: Matching,
  wanted: Desired,
  found: Job,
  environment: Environment | undefined
): Problem | undefined {
  const plan = wanted.environment ? planned.get(wanted.environment.key) : undefined
  const from = environmentNameOf(found, target)
  const to = wanted.environment?.name ?? ''
  const what =
    `Job ${found.id} ${quoted(found.name)} would move from environment ${quoted(from)} to ` +
    quoted(to)
  const way =
    'If the source environment was renamed, map it with ' +
    `"${plan?.source.name.trim() ?? to} -> ${from.trim()}" in environments.`
  if (!environment) return problem(`${what}, which does not exist yet.`, way)
  const isSet =
    spec.resources.environments && plan !== undefined && setsHeld(plan, 'credentials_id')
  if (!isSet && (environment.values.credentials_id ?? null) === null) {
    return problem(`${what}, which has no credentials, so the job could not run.`, way)
  }
  return undefined
}

function moved(wanted: Desired, found: Job, target: Snapshot): Alarm {
  const job = `Job ${found.id} ${quoted(wanted.name)}`
  const way =
    `from environment ${quoted(environmentNameOf(found, target))} ` +
    `to ${quoted(wanted.environment?.name ?? '')}`
  return alarm('moved', wanted.key, `${job} moves ${way}.`, `${job} was moved ${way}.`)
}

function matchByName(
  { spec, source, target, environments }: Matching,
  desired: readonly Desired[],
  taken: ReadonlySet<number>
): MatchedJobs {
  const pairs = new Map<Key, Job>()
  const by = new Map<Key, By>()
  const remarks: Remark[] = []
  const unmarked: Job[] = []
  const byPlace = groupBy(
    jobsOf(target).filter(({ id }) => !taken.has(id)),
    (job) => `${job.values.environment_id} ${nameKey(job.name)}`
  )
  for (const wanted of desired) {
    const environment = wanted.environment ? environments.get(wanted.environment.key) : undefined
    if (!environment) continue
    const found = byPlace.get(`${environment.id} ${nameKey(wanted.name)}`) ?? []
    const [first] = found
    if (!first) continue
    const foreign = spec.track === 'marker' ? foreignOwner(first, source, spec.label) : undefined
    if (found.length > 1) {
      remarks.push(several(wanted, found))
    } else if (spec.track === 'name' || hasOurText(wanted, first, source, spec.label)) {
      pairs.set(wanted.key, first)
      by.set(wanted.key, 'name')
    } else if (foreign) {
      remarks.push(foreign)
    } else if (spec.adopt) {
      pairs.set(wanted.key, first)
      by.set(wanted.key, 'adopted')
      remarks.push(adoption(wanted, first))
    } else {
      unmarked.push(first)
    }
  }
  if (unmarked.length > 0) remarks.push(notAdopted(unmarked))
  return { pairs, by, remarks }
}

// Where the text leaves no room for the marker, the text itself is what tells that a promotion wrote it.
function hasOurText(wanted: Desired, job: Job, source: Snapshot, label: string): boolean {
  const text = asText(wanted.values['description'])
  const origin = { account: source.account, project: source.project.id, job: wanted.source.id }
  return isWhatLeftNoRoom(text, job, { origin, label })
}

/** The problem of a job that is somebody else's. @param by how it would be taken: over, or over by its name */
export function foreignOwner(
  job: Job,
  source: Snapshot,
  label: string,
  by: 'over' | 'over by its name' = 'over by its name'
): Problem | undefined {
  const what = `Job ${job.id} ${quoted(job.name)} of the target`
  const tag = foreignTag(job.name, job.values.description ?? '')
  if (tag !== undefined) {
    return problem(
      `${what} is managed by dbt-jobs-as-code (${tag}), so it is not taken ${by}.`,
      'Give the promoted job another name, or unlink the job there first.'
    )
  }
  const marker = readMarker(job.values.description)
  if (!marker) return undefined
  const { project, job: origin } = marker.origin
  const near = isFrom(marker, placeOf(source))
  if (near && marker.label !== label) {
    return problem(
      `${what} was promoted from job ${origin} ${marker.label === '' ? 'without a label' : `with the label ${quoted(marker.label)}`}, ` +
        `and this promotion has ${label === '' ? 'none' : quoted(label)}, so it is not taken ${by}.`,
      'Two promotions must not write one job: give the promoted job another name or environment. If it is the same ' +
        'promotion, remove the last line of the description of the target job and set adopt: true.'
    )
  }
  return problem(
    `${what} was promoted from ${near ? '' : `project ${project}, `}job ${origin}, ` +
      `so it is not taken ${by}.`,
    near
      ? 'If that job was replaced by a new one, remove the last line of the description of the target job and set adopt: true.'
      : 'Give the promoted job another name; two promotions must not write one job.'
  )
}

function several(wanted: Desired, found: readonly Job[]): Problem {
  const where = wanted.environment ? ` in environment ${quoted(wanted.environment.name)}` : ''
  return problem(
    `The target has ${found.length} jobs named ${quoted(wanted.name)}${where}: ${idList(found)}.`,
    'Rename or delete all but the one that is meant.'
  )
}

function notAdopted(jobs: readonly Job[]): Problem {
  const most = 20
  const named = jobs.map((job) => `${job.id} ${quoted(job.name)}`)
  const one = jobs.length === 1
  return problem(
    `The target has ${one ? 'a job' : `${jobs.length} jobs`} with the name of a promoted job, ` +
      `which no promotion made: ${listed(named, most)}.`,
    `Set adopt: true to take ${one ? 'it' : 'them'} over, or give the promoted jobs other names with job-name.`
  )
}

/** The alarm of a job that is taken over. */
export function adoption(wanted: Desired, found: Job): Alarm {
  const job = `Job ${found.id} ${quoted(found.name)}`
  const owner = `from now on, source job ${wanted.source.id} defines it`
  return alarm(
    'adopted',
    wanted.key,
    `${job} is taken over: ${owner}.`,
    `${job} was taken over: ${owner}.`
  )
}

function jobsOf(target: Snapshot): readonly Job[] {
  return target.jobs.filter((job) => job.values.is_system !== true)
}

function environmentNameOf(job: Job, target: Snapshot): string {
  const id = job.values.environment_id
  return target.environments.find((environment) => environment.id === id)?.name ?? String(id)
}

function originKey({ account, project, job }: Origin): string {
  return `${account}/${project}/${job}`
}
