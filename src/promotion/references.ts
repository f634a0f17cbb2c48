// References between jobs and environments: from ids of the source to keys, from ids of the target to keys, and back
// to ids when a request is written.
import type { Desired } from '../model/desired.ts'
import { isObject } from '../model/json.ts'
import type { Environment } from '../kinds/environment.ts'
import type { Values } from '../model/field.ts'
import { jobFields, parentJob } from '../kinds/job-fields.ts'
import { type Job, type JobValues } from '../kinds/job.ts'
import { isUnfinished } from '../model/marker.ts'
import type { Key } from '../model/keys.ts'
import type { Link, Links } from '../model/reference.ts'
import { keyedLinks, linksOf } from '../model/link.ts'
import type { Matched } from './match.ts'
import { idList, nameKey, quoted } from '../model/names.ts'
import { keepsField } from '../model/paths.ts'
import { notice, problem, warning, type Remark } from '../model/remark.ts'
import { mappingProblems } from './reference-mappings.ts'
import { promotedJobs } from './promoted.ts'
import type { Rewritten } from './rewrite.ts'
import { environmentName } from './target-names.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { isOneAccount, type PromotionSpec } from '../model/spec.ts'

/** The paths that hold references besides the job's own environment. */
export const referencePaths = [
  'deferring_environment_id',
  'deferring_job_definition_id',
  'job_completion_trigger_condition'
] as const
type ReferencePath = (typeof referencePaths)[number]

/** The desired jobs with all references, what is left unresolved, and parents outside of both projects. */
interface Referred {
  readonly jobs: readonly Desired[]
  readonly remarks: readonly Remark[]
}

/** Everything by which a reference of the source can be resolved. */
interface Known {
  readonly spec: PromotionSpec
  readonly source: Snapshot
  readonly target: Snapshot
  readonly matched: Matched
  readonly environmentKeys: ReadonlyMap<number, Key>
  readonly jobKeys: ReadonlyMap<number, Key>
  /** Target jobs that a promotion made from the source project, by the id of the source job. */
  readonly promoted: ReadonlyMap<number, readonly Job[]>
  readonly environmentsById: ReadonlyMap<number, Environment>
  readonly jobsById: ReadonlyMap<number, Job>
  readonly targetJobs: ReadonlySet<number>
}

/** Resolves the references of the desired jobs; one that the user set to null is dropped without a word. */
export function refer(
  spec: PromotionSpec,
  desired: Rewritten,
  source: Snapshot,
  target: Snapshot,
  matched: Matched
): Referred {
  const known: Known = {
    spec,
    source,
    target,
    matched,
    environmentKeys: new Map(desired.environments.map((each) => [each.source.id, each.key])),
    jobKeys: new Map(desired.jobs.map((each) => [each.source.id, each.key])),
    promoted: spec.track === 'marker' ? promotedJobs(spec, source, target) : new Map(),
    environmentsById: new Map(
      source.environments.map((environment) => [environment.id, environment])
    ),
    jobsById: new Map(source.jobs.map((job) => [job.id, job])),
    targetJobs: new Set(target.jobs.map(({ id }) => id))
  }
  const remarks: Remark[] = mappingProblems(spec, target)
  const jobs = desired.jobs.map((job) => {
    const own = known.jobsById.get(job.source.id)?.values ?? {}
    const held = matched.jobs.get(job.key)?.values
    const isMade = held !== undefined && !isUnfinished(held.description)
    // What the user dropped or leaves to the target needs no counterpart.
    const unless = (path: ReferencePath, reference: () => Link | null): Link | null =>
      job.fixed.has(path) || (isMade && keepsField(path, job.keep)) ? null : reference()
    const refs = {
      ...job.refs,
      deferring_environment_id: unless('deferring_environment_id', () =>
        environmentReference(known, job, own, remarks)
      ),
      deferring_job_definition_id: unless('deferring_job_definition_id', () =>
        jobReference(known, job, own, remarks)
      ),
      job_completion_trigger_condition: unless('job_completion_trigger_condition', () =>
        completionReference(known, job, own, remarks)
      )
    }
    return { ...job, refs }
  })
  return { jobs, remarks }
}

// What nothing resolves stops the promotion, or is dropped where the user says so. To promote it too is a way out only
// for what can be promoted.
function unresolved(
  known: Known,
  what: string,
  toPromote: string | null,
  remarks: Remark[],
  fate = 'It is dropped, as references say.'
): null {
  if (known.spec.references.unresolved === 'drop') {
    remarks.push(warning(`${what} ${fate}`))
  } else {
    const others = 'it under references in the config file, or drop it with "unresolved: drop".'
    remarks.push(
      problem(what, toPromote === null ? `Map ${others}` : `${toPromote}, map ${others}`)
    )
  }
  return null
}

/** The counterpart of a source job in the target: as mapped, promoted now, or by an earlier promotion. */
function counterpart(known: Known, id: number): Link | undefined {
  const mapped = known.spec.references.jobs.get(id)
  if (mapped) {
    return mapped.project === null || mapped.project === known.target.project.id
      ? refTo(known.matched.keyOf('job', mapped.id), { id: mapped.id })
      : { id: mapped.id, project: mapped.project }
  }
  const key = known.jobKeys.get(id)
  if (key !== undefined) return { key }
  const [job, ...more] = known.promoted.get(id) ?? []
  return job && more.length === 0 ? { id: job.id } : undefined
}

function environmentReference(
  known: Known,
  job: Desired,
  own: JobValues,
  remarks: Remark[]
): Link | null {
  const id = own.deferring_environment_id
  if (id === undefined || id === null) return null
  const mapped = known.spec.references.environments.get(id)
  if (mapped !== undefined) return refTo(known.matched.keyOf('environment', mapped), { id: mapped })
  const key = known.environmentKeys.get(id)
  if (key !== undefined) return { key }
  const environment = known.environmentsById.get(id)
  if (environment) {
    const name = environmentName(known.spec, environment, known.target)
    const found = known.target.environments.filter(
      (each) => nameKey(each.name) === nameKey(name) && each.values.type !== 'development'
    )
    if (found.length === 1 && found[0]) return { id: found[0].id }
  }
  const fate = environment ? 'has no counterpart in the target project' : gone
  return unresolved(
    known,
    `Job ${quoted(job.source.name)} defers to environment ${label(id, environment?.name)}, which ${fate}.`,
    environment && environment.values.type !== 'development'
      ? 'Promote that environment too'
      : null,
    remarks
  )
}

function jobReference(known: Known, job: Desired, own: JobValues, remarks: Remark[]): Link | null {
  const id = own.deferring_job_definition_id
  if (id === undefined || id === null) return null
  const found = counterpart(known, id)
  if (found) return found
  const { text, toPromote } = fateOf(known, id)
  return unresolved(
    known,
    `Job ${quoted(job.source.name)} defers to job ${label(id, known.jobsById.get(id)?.name)}, which ${text}.`,
    toPromote,
    remarks
  )
}

function completionReference(
  known: Known,
  job: Desired,
  own: JobValues,
  remarks: Remark[]
): Link | null {
  const trigger = own.deactivated === true ? null : own.job_completion_trigger_condition
  if (!mayTrigger(known, job)) return null
  const parent = parentJob.read(trigger ?? null, known.source.project.id)
  if (!parent || !('id' in parent)) return null
  const { id, project = known.source.project.id, statuses = [] } = parent
  const isMapped = known.spec.references.jobs.has(id)
  const found = isMapped || project === known.source.project.id ? counterpart(known, id) : undefined
  if (found) return { ...found, statuses }
  const isOfTarget = isOneAccount(known.spec) && project === known.target.project.id
  if (isOfTarget && known.targetJobs.has(id)) {
    return { ...refTo(known.matched.keyOf('job', id), { id }), statuses }
  }
  if (isOneAccount(known.spec) && !isOfTarget && project !== known.source.project.id) {
    remarks.push(
      notice(
        `Job ${quoted(job.name)} still starts when job ${id} of project ${project} completes: ` +
          'that project is neither source nor target.'
      )
    )
    return { id, project, statuses }
  }
  const away = isOfTarget
    ? 'the target project does not have any more'
    : `is of project ${project} of another account`
  const isOfSource = !isOfTarget && project === known.source.project.id
  const { text, toPromote } = isOfSource ? fateOf(known, id) : { text: away, toPromote: null }
  return unresolved(
    known,
    `Job ${quoted(job.source.name)} starts when job ${label(id, known.jobsById.get(id)?.name)} completes, which ${text}.`,
    toPromote,
    remarks,
    keepsTrigger(known, job)
      ? `The target job keeps the completion trigger that it has, since schedule is ${known.spec.schedule}.`
      : undefined
  )
}

/** What became of a parent, and how to promote it too, if it can be. */
interface Fate {
  readonly text: string
  readonly toPromote: string | null
}

const gone = 'the source project does not have any more'

function fateOf(known: Known, id: number): Fate {
  const parent = known.jobsById.get(id)
  const home = known.environmentsById.get(parent?.values.environment_id ?? 0)
  const isNever = parent?.values.is_system === true || home?.values.type === 'development'
  const toPromote = parent && !isNever ? 'Promote that job too' : null
  // A copy by hand carries the marker along, and then nobody knows which of them is meant.
  const copies = known.promoted.get(id) ?? []
  if (copies.length > 1) {
    const held = `${copies.length}: ${idList(copies)}`
    return { text: `is not promoted now, and of which the target has ${held}`, toPromote }
  }
  if (!parent) return { text: gone, toPromote }
  return { text: isNever ? 'is never promoted' : 'is not promoted', toPromote }
}

// Whether a job starts when another completes may be the affair of the target alone: then nothing must be resolved.
function mayTrigger(known: Known, job: Desired): boolean {
  const { spec } = known
  if (spec.schedule === 'source') return true
  const held = madeJob(known, job)
  return held ? isObject(held.job_completion_trigger_condition) : spec.schedule === 'keep'
}

// Where the source brings no trigger, the one of the target is as it was.
function keepsTrigger(known: Known, job: Desired): boolean {
  const held = madeJob(known, job)
  return known.spec.schedule !== 'source' && isObject(held?.job_completion_trigger_condition)
}

// The values of a job that the target has, and whose first promotion came to its end.
function madeJob({ spec, matched }: Known, job: Desired): JobValues | undefined {
  const held = matched.jobs.get(job.key)?.values
  return held && !(spec.track === 'marker' && isUnfinished(held.description)) ? held : undefined
}

function label(id: number, name: string | undefined): string {
  return name === undefined ? String(id) : `${id} ${quoted(name)}`
}

function refTo(key: Key | undefined, otherwise: Link): Link {
  return key === undefined ? otherwise : { key }
}

/** The references of a target job as keys where they point into the desired state, else as ids. */
export function referencesIn(
  values: Values,
  { project }: Pick<Snapshot, 'project'>,
  { keyOf }: Pick<Matched, 'keyOf'>
): Links {
  return keyedLinks(jobFields, linksOf(jobFields, values, project.id), keyOf)
}
