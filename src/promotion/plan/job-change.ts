// Plans one job: what is created, what changes and who moved it, as far as the marker proves it.
import { creationAlarms, reactivationAlarm, updateAlarms } from './alarms.ts'
import { subjectOf, type Cause, type Change } from './change.ts'
import {
  switchedOffWarnings,
  deactivationWarnings,
  jobTypeProblem,
  jobWarnings,
  stepWarnings
} from './checks.ts'
import type { Desired } from '../desired/desired.ts'
import { diff, keeping, managedPaths, type FieldChange, type TriggerOwner } from './diff.ts'
import type { Findings } from './findings.ts'
import { comparisonProblems, scheduleProblems, triggerProblems } from './job-checks.ts'
import { isList } from '../json.ts'
import type { Fields, Values } from '../kinds/field.ts'
import { jobFields, triggerPaths, triggersOff, type Job } from '../kinds/job.ts'
import type { Key } from '../keys.ts'
import { digestsOf, readMarker, type Digests, type Marker } from '../match/marker.ts'
import type { Matched } from '../match/match.ts'
import type { Problem } from '../problem.ts'
import { keysIn, referencePaths, resolve, targetReferences } from '../desired/references.ts'
import type { Snapshot } from '../snapshot.ts'
import type { PromotionSpec } from '../spec/spec.ts'
import { leavingTimes } from './times.ts'

const table: Fields = jobFields

/** What planning a job needs to know of the whole promotion. */
export interface JobContext {
  readonly spec: PromotionSpec
  readonly target: Snapshot
  readonly matched: Matched
  /** The jobs of the source, by id. */
  readonly sources: ReadonlyMap<number, Job>
  /** The keys of the jobs for which this plan writes an override. */
  readonly overridden: ReadonlySet<Key>
  /** The keys of the jobs that this plan creates. */
  readonly created: ReadonlySet<Key>
}

/** The change that makes a job of the target as desired. */
export function jobChange(desired: Desired, held: Job | undefined, context: JobContext): Findings {
  return held ? update(desired, held, context) : create(desired, context)
}

function create(desired: Desired, context: JobContext): Findings {
  const { spec, sources } = context
  const source = sources.get(desired.source.id)
  const values = creationValues(desired, spec)
  const owner = { source: spec.schedule === 'source' }
  const next = leavingTimes({ ...desired, values }, isScheduled(values), source, spec)
  return {
    change: {
      op: 'create',
      ...subjectOf(desired),
      values,
      link: linkOf(desired.key, values, context),
      managed: managedPaths(table, next, values, owner)
    },
    problems: [...writtenProblems(desired, values, context), ...scheduleProblems(desired, false)],
    warnings: [
      ...jobWarnings({ ...desired, values }, source, context.target),
      ...stepWarnings(desired)
    ],
    alarms: creationAlarms(desired, values)
  }
}

// What a second write sets: references to jobs that are not there yet; and whatever makes the job run by itself, where
// it must not run before its overrides are there.
function linkOf(key: Key, values: Values, { created, overridden }: JobContext): readonly string[] {
  const references = referencePaths.filter((path) =>
    keysIn(values[path] ?? null).some((each) => created.has(each))
  )
  const waiting = overridden.has(key)
    ? [...triggerPaths.filter((path) => values[path] === true), completion].filter(
        (path) => (values[path] ?? null) !== null && !references.some((each) => each === path)
      )
    : []
  return [...references, ...waiting]
}

const completion = 'job_completion_trigger_condition'

// What a new job gets: the source's triggers, or none.
function creationValues(desired: Desired, spec: PromotionSpec): Values {
  if (spec.schedule !== 'paused') return desired.values
  const paused: Values = { ...triggersOff, job_completion_trigger_condition: null }
  const free = Object.entries(paused).filter(([path]) => !desired.fixed.has(path))
  return { ...desired.values, ...Object.fromEntries(free) }
}

function update(wanted: Desired, held: Job, context: JobContext): Findings {
  const { spec, target, matched } = context
  const source = context.sources.get(wanted.source.id)
  const adopted = matched.adopted.has(wanted.key)
  const marker =
    spec.track === 'marker' && !adopted ? readMarker(held.values.description) : undefined
  // A job whose second write is missing was left with its triggers off, which is nobody's wish.
  const isUnfinished = marker?.state === 'unfinished'
  const values: Values = { ...held.values, ...targetReferences(held, target, matched) }
  const whole = isUnfinished
    ? { ...wanted, values: creationValues(wanted, spec), keep: [] }
    : wanted
  const when = (runs: boolean): Desired =>
    keeping(isUnfinished ? whole : leavingTimes(whole, runs, source, spec), values)
  const runs = isScheduled(values)
  const desired = when(runs)
  const owner = { source: spec.schedule === 'source' || isUnfinished }
  const deciding = managedPaths(table, desired, values, owner)
  const fields = diff(table, desired, values, deciding)
  const sent = { ...values, ...Object.fromEntries(fields.map(({ path, after }) => [path, after])) }
  const subject = { ...subjectOf(desired), id: held.id }

  // At the last write, the target's schedule was perhaps the other way, and with it whose its times were.
  const ways = fields.length > 0 ? [desired, when(!runs)] : []
  const proof = proofAmong(ways, marker, { held, values, fields, owner }, context)
  const refused = refusedFields(fields, desired, proof, spec)
  // Without it in its marker, a job that gets another name would no longer be known as one of this label.
  const isLabelled = marker === undefined || marker.label === spec.label
  const isChange = fields.length > refused.length || adopted || isUnfinished || !isLabelled
  // What the next run will decide: its digests are over the same paths.
  const next = leavingTimes({ ...desired, keep: wanted.keep }, isScheduled(sent), source, spec)
  const managed = managedPaths(table, next, sent, { source: spec.schedule === 'source' })
  const change: Change = isChange
    ? { op: 'update', ...subject, fields, managed, adopted, cause: causeOf(proof, fields) }
    : { op: 'unchanged', ...subject, refused: refused.map(({ path }) => path) }
  const typeProblem = jobTypeProblem(desired, held, fields)
  return {
    change,
    problems: [
      ...(typeProblem ? [typeProblem] : []),
      ...(isChange ? writtenProblems(desired, sent, context) : []),
      ...scheduleProblems(desired, true)
    ],
    warnings: [
      ...deactivationWarnings(desired, sent, source),
      ...(isChange ? [] : switchedOffWarnings(desired, held)),
      ...(fields.some(({ path }) => path === 'execute_steps') ? stepWarnings(desired) : [])
    ],
    alarms: isChange
      ? [...updateAlarms(table, desired, values, fields), ...reactivationAlarm(desired, held)]
      : []
  }
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
    ...triggerProblems(desired, sent),
    ...comparisonProblems(desired, sent, sources.get(desired.source.id)?.values)
  ]
}

/** The digests of the last write, and those of what is wanted and what is held now. */
interface Proof {
  readonly last: Digests
  readonly wanted: Digests
  readonly held: Digests
}

// What is known by the digests over the paths that the last write decided, which it may have been in several ways.
function proofAmong(
  ways: readonly Desired[],
  marker: Marker | undefined,
  { held, values, fields, owner }: Compared,
  context: JobContext
): Proof | undefined {
  const proofs = ways.flatMap((desired) => {
    const managed = managedPaths(table, desired, values, owner)
    const isWhole = fields.every(({ path }) => managed.includes(path))
    return isWhole ? [proofOf(marker, desired, held, managed, context)] : []
  })
  return proofs.find((proof) => proof !== undefined && isAnswered(proof)) ?? proofs[0]
}

/** A job of the target, as it was compared. */
interface Compared {
  readonly held: Job
  readonly values: Values
  readonly fields: readonly FieldChange[]
  readonly owner: TriggerOwner
}

function isAnswered({ last, wanted, held }: Proof): boolean {
  return [wanted, held].some(({ all, firm }) => all === last.all || firm === last.firm)
}

function proofOf(
  marker: Marker | undefined,
  desired: Desired,
  held: Job,
  managed: readonly string[],
  { target, matched }: JobContext
): Proof | undefined {
  if (marker === undefined || typeof marker.state === 'string') return undefined
  const pick = (values: Values): Values =>
    Object.fromEntries(managed.map((path) => [path, values[path] ?? null]))
  // A job that is not there yet has no id: such a digest equals none.
  const idOf = (key: Key): number =>
    (matched.environments.get(key) ?? matched.jobs.get(key))?.id ?? 0
  return {
    last: marker.state,
    wanted: digestsOf(table, pick(resolve(desired.values, target.project.id, idOf))),
    held: digestsOf(table, pick(held.values))
  }
}

// What was sent in the last write and is not held was not taken by the account: it is not sent again until it moves.
// Without a marker nothing is remembered, so such a field is only sent along with others. Whoever holds more than is
// wanted did not refuse anything.
function refusedFields(
  fields: readonly FieldChange[],
  desired: Desired,
  proof: Proof | undefined,
  spec: PromotionSpec
): readonly FieldChange[] {
  const doubtful = fields.filter((field) => table[field.path]?.refusable === true && !isMore(field))
  if (spec.track === 'name') return doubtful.filter(({ path }) => !desired.fixed.has(path))
  return proof?.last.all === proof?.wanted.all && proof !== undefined ? doubtful : []
}

// Whether the target has a feature that is not wanted.
function isMore({ before, after }: FieldChange): boolean {
  if (isList(before) && isList(after)) return after.every((feature) => before.includes(feature))
  return before === true && after === false
}

// A digest that matches proves that a side did not move. That a side did move is never concluded from a digest that
// does not match: the spec, the version of the action or a refused value may be the reason. Where a field differs that
// an account may refuse, only the digest over all fields proves that nobody edited it.
function causeOf(proof: Proof | undefined, fields: readonly FieldChange[]): Cause {
  if (proof === undefined) return 'unknown'
  const { last, wanted, held } = proof
  const isDoubtful = fields.some(({ path }) => table[path]?.refusable === true)
  if (isDoubtful ? held.all === last.all : held.firm === last.firm) return 'source'
  return wanted.all === last.all && held.firm !== last.firm ? 'target' : 'unknown'
}
