// Plans one job: what is created, what changes and who moved it, as far as the marker proves it.
import { creationAlarms, reactivationAlarm, updateAlarms } from './alarms.ts'
import { subjectOf, valuesAfter, type Change } from '../model/change.ts'
import type { Links } from '../model/reference.ts'
import { keyIn, referencesOf, wireLinks } from '../model/link.ts'
import { quoted } from '../model/names.ts'
import { switchedOffWarnings, deactivationWarnings, jobWarnings, stepWarnings } from './checks.ts'
import { descriptionProblems, roomIn, roomWarnings } from './description.ts'
import type { Desired } from '../model/desired.ts'
import { diff, keeping, managedPaths } from './diff.ts'
import type { JobContext } from './job-context.ts'
import { causeOf, isSilent, proofAmong, refusedFields, type Way } from './job-proof.ts'
import type { FieldChange } from '../model/change.ts'
import type { Findings } from '../model/remark.ts'
import {
  comparisonProblems,
  featureProblems,
  featureWarnings,
  scheduleProblems,
  triggerProblems
} from './job-checks.ts'
import type { Fields, Values } from '../model/field.ts'
import { jobFields } from '../kinds/job-fields.ts'
import { triggerPaths, triggersOff, type Job } from '../kinds/job.ts'
import { readMarker } from '../model/marker.ts'
import { problem, type Problem, type Remark } from '../model/remark.ts'
import { settledFor } from './settle.ts'
import { settledJob } from '../kinds/job-type.ts'
import { pulled, pullWarnings, jobTypeProblems } from './type-checks.ts'
import { referencePaths, referencesIn } from './references.ts'
import type { PromotionSpec } from '../model/spec.ts'
import { leavingTimes } from './times.ts'

const table: Fields = jobFields

/** The change that makes a job of the target as desired. */
export function jobChange(desired: Desired, held: Job | undefined, context: JobContext): Findings {
  return held ? update(desired, held, context) : create(desired, context)
}

function create(desired: Desired, context: JobContext): Findings {
  const { spec, sources, target } = context
  const source = sources.get(desired.source.id)
  const created = creating(desired, spec)
  const values = settledJob(created.values)
  const { refs } = created
  const sent = { ...values, ...wireLinks(table, refs, target.project.id, noId) }
  const owner = { source: spec.schedule === 'source' }
  const next = leavingTimes({ ...created, values }, isScheduled(values), source, spec)
  return {
    change: {
      op: 'create',
      ...subjectOf(desired, 'new'),
      values,
      refs,
      link: linkOf(created, sent, context),
      managed: managedPaths(table, next, { values, refs }, owner)
    },
    remarks: [
      ...jobTypeProblems({ ...desired, keep: [] }, undefined, values, context.target),
      ...writtenProblems(desired, sent, context),
      ...scheduleProblems(desired, false),
      ...jobWarnings({ ...desired, values }, sent, source),
      ...pullWarnings(desired, values, target),
      ...stepWarnings(desired),
      ...featureWarnings(desired, values),
      ...roomWarnings(desired, values, context),
      ...creationAlarms(desired, pulled(sent, context.target))
    ]
  }
}

// What a second write sets: references to jobs that are not there yet; and whatever makes the job run by itself, where
// it must not run before its overrides are there.
function linkOf(
  { key, refs }: Desired,
  sent: Values,
  { created, overridden }: JobContext
): readonly string[] {
  const references = referencePaths.filter((path) => {
    const parent = keyIn(refs[path])
    return parent !== undefined && created.has(parent)
  })
  const waiting = overridden.has(key)
    ? [...triggerPaths.filter((path) => sent[path] === true), completion].filter(
        (path) => (sent[path] ?? null) !== null && !references.some((each) => each === path)
      )
    : []
  return [...references, ...waiting]
}

const completion = 'job_completion_trigger_condition'

// What a new job gets: the source's triggers, or none.
function creating(desired: Desired, spec: PromotionSpec): Desired {
  if (spec.schedule !== 'paused') return desired
  const { values, refs, fixed } = desired
  const free = Object.entries(triggersOff).filter(([path]) => !fixed.has(path))
  return {
    ...desired,
    values: { ...values, ...Object.fromEntries(free) },
    refs: fixed.has(completion) ? refs : { ...refs, [completion]: null }
  }
}

// What is not there yet has no id.
const noId = (): number => 0

function update(wanted: Desired, held: Job, context: JobContext): Findings {
  const { spec, target, matched } = context
  const source = context.sources.get(wanted.source.id)
  const by = matched.by.get(wanted.key) ?? 'name'
  const adopted = by === 'adopted'
  const marker =
    spec.track === 'marker' && !adopted ? readMarker(held.values.description) : undefined
  // A job whose second write is missing was left with its triggers off, which is nobody's wish.
  const isUnfinished = marker?.state === 'unfinished'
  const values: Values = held.values
  const own = { values, refs: referencesIn(values, target, matched) }
  const whole = isUnfinished ? { ...creating(wanted, spec), keep: [] } : wanted
  const owner = { source: spec.schedule === 'source' || isUnfinished }
  const when = (runs: boolean): Way => {
    const given = keeping(isUnfinished ? whole : leavingTimes(whole, runs, source, spec), values)
    const all = managedPaths(table, given, own, owner)
    const desired = settledFor(given, values, all)
    const isSent = (path: string): boolean =>
      desired.values[path] !== undefined || path in desired.refs
    return { given, desired, deciding: all.filter(isSent) }
  }
  const runs = isScheduled(values)
  const { given, desired, deciding } = when(runs)
  const fields = diff(table, desired, own, deciding)
  const sent = { ...values, ...valuesAfter(table, fields, target.project.id) }
  const room = roomIn(desired, sent, context)
  const subject = { ...subjectOf(desired, by), id: held.id }

  // At the last write, the target's schedule was perhaps the other way, and with it whose its times were.
  const ways = fields.length > 0 ? [when(runs), when(!runs)] : []
  const proof = proofAmong(ways, marker, held, fields, context)
  const refused = refusedFields(fields, desired, proof, room)
  // Without it in its marker, a job that gets another name would no longer be known as one of this label.
  const isLabelled = marker === undefined || marker.label === spec.label
  const isMarked = room !== 'none' && (adopted || !isLabelled)
  const isChange = fields.length > refused.length || isMarked || isUnfinished
  // What the next run will decide: its digests are over the same paths.
  const next = leavingTimes({ ...desired, keep: wanted.keep }, isScheduled(sent), source, spec)
  const then = { values: sent, refs: referencesIn(sent, target, matched) }
  const managed = managedPaths(table, next, then, { source: spec.schedule === 'source' })
  const change: Change = isChange
    ? { op: 'update', ...subject, fields, managed, adopted, cause: causeOf(proof, fields) }
    : {
        op: 'unchanged',
        ...subject,
        refused: refused.filter((field) => !isSilent(field, room)).map(({ path }) => path)
      }
  const updated = { given, desired, held, fields, sent }
  return {
    change,
    remarks: [
      ...deactivationWarnings(desired, sent, source),
      ...(isChange
        ? updateRemarks(updated, then.refs, context)
        : switchedOffWarnings(desired, held)),
      ...scheduleProblems(desired, true),
      ...roomWarnings(desired, sent, context)
    ]
  }
}

/** A job that is updated. */
interface Updated {
  /** As the spec and the source want it, before it is settled. */
  readonly given: Desired
  readonly desired: Desired
  readonly held: Job
  readonly fields: readonly FieldChange[]
  /** All of its values, as they are sent. */
  readonly sent: Values
}

function updateRemarks(
  { given, desired, held, fields, sent }: Updated,
  refs: Links,
  context: JobContext
): readonly Remark[] {
  const { target } = context
  const changes = (is: (path: string) => boolean): boolean => fields.some(({ path }) => is(path))
  const live = { before: pulled(held.values, target), after: pulled(sent, target) }
  return [
    ...jobTypeProblems(desired, held, sent, target),
    ...writtenProblems(desired, sent, context),
    ...danglingProblems(desired, refs, context),
    ...(changes((path) => path in triggersOff) ? pullWarnings(desired, sent, target) : []),
    ...(changes((path) => path === 'execute_steps') ? stepWarnings(desired) : []),
    ...featureWarnings(given, desired.values),
    ...updateAlarms(table, desired, live, fields),
    ...reactivationAlarm(desired, held)
  ]
}

function isScheduled(values: Values): boolean {
  return values['triggers.schedule'] === true
}

function writtenProblems(
  desired: Desired,
  sent: Values,
  { sources }: JobContext
): readonly Problem[] {
  return [
    ...descriptionProblems(desired, sent),
    ...triggerProblems(desired, sent),
    ...featureProblems(desired, sent),
    ...comparisonProblems(desired, sent, sources.get(desired.source.id)?.values)
  ]
}

// What a job refers to may be gone by now. That the platform refuses ids of jobs that are gone is recorded for
// notifications ("Jobs definition IDs 526578, 542963 do not exist", trouze/terraform-dbtcloud-yaml, known issues), and not
// known for jobs: a plan stops rather than fail in the middle. What is new in the plan is there by then.
function danglingProblems(
  { name }: Desired,
  refs: Links,
  { target }: JobContext
): readonly Problem[] {
  const there = (kind: string): readonly { readonly id: number }[] =>
    kind === 'environment' ? target.environments : target.jobs
  return [...referencesOf(table)].flatMap(([path, { kind }]) => {
    const link = refs[path]
    if (!link || 'key' in link || link.project !== undefined || link.id === noId()) return []
    if (there(kind).some(({ id }) => id === link.id)) return []
    return [
      problem(
        `Job ${quoted(name)} refers to ${kind} ${link.id} in ${path}, which is not in project ${quoted(target.project.name)}, ` +
          'and the platform may refuse to save it so.',
        `Set ${path} to null in a rule for this job, or change it in the target.`
      )
    ]
  })
}
