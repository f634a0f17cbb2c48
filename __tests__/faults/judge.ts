// Holds what a run told against what the platform holds, and what came after it.
import type { State } from '../../sandbox/index.ts'
import { promisedOutputs } from '../support/action-file.ts'
import type { Note } from '../support/actions.ts'
import type { Fault } from './faults.ts'
import type { Baseline } from './matrix.ts'
import type { Arrival } from './wire.ts'
import { account, canaries, seen, sourceProject, tokens, untouched, type Seen } from './world.ts'

/** What the platform holds after a run, and what arrived there. */
export interface Platform {
  readonly state: State
  readonly arrivals: readonly Arrival[]
}

/** A run that was struck. */
export interface Ended {
  readonly notes: readonly Note[]
  readonly wire: Platform
  readonly tookMs: number
  readonly fault: Fault
  readonly struck: Arrival
  readonly endings: readonly string[]
}

type Later = Pick<Ended, 'notes' | 'wire'>

/** Everything that is wrong with a run that was struck; empty when all is well. */
export function complaintsOf(base: Baseline, ended: Ended): readonly string[] {
  return [
    ...(ended.fault.kills ? [] : [...truth(base, ended), ...ending(ended)]),
    ...lasting(base, ended),
    ...unproved(base, ended),
    ...sendings(ended)
  ]
}

/** Everything that is wrong with the runs without a fault that come after. */
export function laterComplaintsOf(base: Baseline, rerun: Later, again: Later): readonly string[] {
  return [...convergence(base, rerun, again), ...lasting(base, rerun), ...lasting(base, again)]
}

function lasting(base: Baseline, { notes, wire }: Later): readonly string[] {
  const isUntouched = untouched(wire.state) === untouched(base.after)
  return [
    ...doubled(base, wire),
    ...leaks(notes),
    ...(isUntouched ? [] : ['something else was changed']),
    ...switchedOff(base, wire),
    ...(base.promotion.faultsOf?.(base.before, wire.state) ?? [])
  ]
}

/** The jobs of the target whose source job is gone, as the judge tells them apart. */
export function keysOfGone({ promotion }: Pick<Baseline, 'promotion'>): readonly string[] {
  return promotion.gone.map(originOf)
}

function originOf(job: number): string {
  return `${String(account)}/${String(sourceProject)}/${String(job)}`
}

// Only jobs whose source job is gone are switched off, and of these nothing else is changed.
function switchedOff(base: Baseline, { state }: Platform): readonly string[] {
  const gone = new Set(keysOfGone(base))
  const now = byKey(seen(state))
  return seen(base.before).flatMap((held) => {
    const key = keyOf(held)
    const found = now.get(key)
    if (!gone.has(key))
      return held.runs && found?.runs === false
        ? [`${key} is off, and its source job is there`]
        : []
    return found?.rest === held.rest ? [] : [`${key} lost more than what starts it`]
  })
}

// No job is paused before the platform itself has told that its source job is gone.
function unproved(base: Baseline, { wire, fault }: Ended): readonly string[] {
  const now = byKey(seen(wire.state))
  const isTold = (job: number): boolean =>
    wire.arrivals.some(
      ({ place, request, isTrue }) =>
        place === 'read gone' &&
        request.path.endsWith(`/jobs/${String(job)}/`) &&
        (isTrue === true || fault.proves === true)
    )
  return base.promotion.gone
    .filter((job) => now.get(originOf(job))?.runs === false && !isTold(job))
    .map((job) => `${originOf(job)} is paused, and nobody told that it is gone`)
}

/** The outputs of a run. */
function outputsOf(notes: readonly Note[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    notes.flatMap((note) => (note.kind === 'output' ? [[note.name, note.value]] : []))
  )
}

interface JobEntry {
  readonly name: string
  readonly 'source-id': number
  readonly 'target-id': number | null
  readonly action: string
}

// What is told of each job and of the counts, against what the platform holds.
function truth(base: Baseline, { notes, wire, endings }: Ended): readonly string[] {
  const outputs = outputsOf(notes)
  const complaints: string[] = []
  const missing = promisedOutputs.filter((name) => outputs[name] === undefined)
  if (missing.length > 0) return [`the outputs ${missing.join(', ')} are missing`]
  // Of a plan that must not be applied, the outputs tell what it holds.
  if (outputs['failure-reason'] === 'plan-problems') return refusal(base, outputs, wire, endings)
  const before = byKey(seen(base.before))
  const after = byKey(seen(base.after))
  const now = byKey(seen(wire.state))
  const is = (key: string, as: ReadonlyMap<string, Seen>): boolean =>
    now.get(key)?.values === as.get(key)?.values

  const entries = JSON.parse(outputs['jobs'] ?? '[]') as readonly JobEntry[]
  for (const entry of entries) {
    const key = originOf(entry['source-id'])
    const held = now.get(key)
    const isDone = ['create', 'update', 'unchanged'].includes(entry.action)
    const isUndone = ['failed', 'not-attempted'].includes(entry.action)
    const fits =
      (isDone && is(key, after) && held?.id === entry['target-id']) ||
      (isUndone && is(key, before)) ||
      (entry.action === 'unlinked' && held?.id === entry['target-id']) ||
      entry.action === 'unclear'
    if (!fits) complaints.push(`job ${entry.name} is told as ${entry.action}, and is not so`)
  }

  const count = (name: string): number => Number(outputs[name])
  const told = (...actions: readonly string[]): number =>
    entries.filter(({ action }) => actions.includes(action)).length
  const failedEnvironments = count('failed') - told('failed', 'unclear', 'unlinked')
  const isUnclear =
    told('unclear') > 0 || (failedEnvironments > 0 && outputs['failure-reason'] !== 'apply-failed')
  const made = [...now.keys()].filter((key) => !before.has(key)).length
  const gone = keysOfGone(base)
  const changed = [...now.keys()].filter(
    (key) => before.has(key) && !gone.includes(key) && !is(key, before)
  ).length
  const paused = gone.filter((key) => now.get(key)?.runs === false)
  const written = JSON.parse(outputs['changed-job-ids'] ?? '[]') as readonly number[]
  const isWritten = (key: string): boolean => written.includes(now.get(key)?.id ?? 0)
  for (const key of gone)
    if (isWritten(key) && !paused.includes(key))
      complaints.push(`${key} is told as paused, and is not so`)
  // What is paused and not told as such must be among what failed.
  const untold = paused.filter((key) => !isWritten(key)).length
  if (untold > count('failed'))
    complaints.push(`${String(untold)} are paused, and not told as such`)
  if (entries.length > 0 && !isUnclear) {
    if (count('created') !== made)
      complaints.push(`created is ${String(count('created'))}, and ${String(made)} are new`)
    if (count('updated') !== changed)
      complaints.push(`updated is ${String(count('updated'))}, and ${String(changed)} changed`)
    if (count('paused') !== paused.length)
      complaints.push(`paused is ${String(count('paused'))}, and ${String(paused.length)} are off`)
  }
  const isPausing = wire.arrivals.some(({ place }) => place === 'pause job')
  if (isPausing && told('failed', 'unclear', 'unlinked', 'not-attempted') > 0)
    complaints.push('a job is paused, though a write before that failed')
  const isAsBefore = made + changed + paused.length === 0
  if (outputs['changed'] === 'false' && !isAsBefore)
    complaints.push('changed is false, and something was written')
  if (outputs['changed'] === 'true' && isAsBefore && !isUnclear)
    complaints.push('changed is true, and nothing was written')

  const isWhole = [...after.keys()].every((key) => is(key, after)) && now.size === after.size
  const isGreen = notes.some(({ kind }) => kind === 'succeed')
  if (isGreen && !isWhole) complaints.push('it is green, and something is missing')
  if (isGreen && outputs['failure-reason'] !== '') complaints.push('it is green with a reason')
  const how = isGreen ? 'green' : (outputs['failure-reason'] ?? '')
  if (!endings.includes(how))
    complaints.push(`it ends as ${how}, and not as ${endings.join(' or ')}: ${failureOf(notes)}`)
  return complaints
}

function refusal(
  base: Baseline,
  outputs: Readonly<Record<string, string>>,
  { state }: Platform,
  endings: readonly string[]
): readonly string[] {
  const isAsBefore = JSON.stringify(seen(state)) === JSON.stringify(seen(base.before))
  return [
    ...(endings.includes('plan-problems') ? [] : ['it ends as plan-problems']),
    ...(isAsBefore ? [] : ['the plan has problems, and something was written']),
    ...(outputs['changed'] === 'false' ? [] : ['the plan has problems, and changed is true'])
  ]
}

function failureOf(notes: readonly Note[]): string {
  return notes.flatMap((note) => (note.kind === 'fail' ? [note.text] : [])).join(' ')
}

// One end, a summary, and in time.
function ending({ notes, wire, tookMs, fault, struck }: Ended): readonly string[] {
  const ends = notes.filter(({ kind }) => kind === 'succeed' || kind === 'fail').length
  const cancelledAt = wire.arrivals.find(({ n }) => n === struck.n)?.at ?? 0
  const begin = wire.arrivals[0]?.at ?? 0
  const sinceCancel = tookMs - (cancelledAt - begin)
  return [
    ...(ends === 1 ? [] : [`it ends ${String(ends)} times`]),
    ...(notes.some(({ kind }) => kind === 'summary') ? [] : ['there is no summary']),
    ...(fault.cancels !== undefined && sinceCancel > (fault.cancels > 1 ? 1000 : 5000)
      ? [`it ends ${String(sinceCancel)} ms after it was cancelled`]
      : []),
    ...(tookMs > 31 * 60_000 ? ['it takes longer than it may'] : [])
  ]
}

// The next run without a fault does the rest, and the one after it nothing.
function convergence(base: Baseline, rerun: Later, again: Later): readonly string[] {
  const wanted = byKey(seen(base.after))
  const held = byKey(seen(rerun.wire.state))
  const differing = [...new Set([...wanted.keys(), ...held.keys()])].filter(
    (key) => wanted.get(key)?.values !== held.get(key)?.values
  )
  const writes = again.wire.arrivals.filter(({ request }) => request.method !== 'GET').length
  return [
    ...(isGreen(rerun) ? [] : [`a re-run is red: ${failureOf(rerun.notes)}`]),
    ...(differing.length === 0 ? [] : [`a re-run leaves ${differing.join(', ')} as it is`]),
    ...(isGreen(again) && writes === 0 ? [] : [`a second re-run sends ${String(writes)} writes`])
  ]
}

function isGreen({ notes }: Later): boolean {
  return notes.some(({ kind }) => kind === 'succeed')
}

// No two objects for one.
function doubled(base: Baseline, { state }: Platform): readonly string[] {
  const wanted = new Set(seen(base.after).map(keyOf))
  const held = seen(state).map(keyOf)
  return [
    ...held
      .filter((key, index) => held.indexOf(key) !== index)
      .map((key) => `there are two of ${key}`),
    ...held.filter((key) => !wanted.has(key)).map((key) => `nobody asked for ${key}`)
  ]
}

// Neither a token nor a body is told to anyone.
function leaks(notes: readonly Note[]): readonly string[] {
  const told = JSON.stringify(notes.filter(({ kind }) => kind !== 'mask'))
  const secrets = [...Object.values(tokens), ...canaries, 'Bearer dbtc', 'never-shown']
  const bodies = ['"execute_steps":', '"account_id":', '"dbt_version":', '"is_success":']
  return [
    ...secrets.filter((secret) => told.includes(secret)),
    ...bodies.filter((body) => told.includes(body.replaceAll('"', '\\"')))
  ].map((secret) => `${secret} is shown`)
}

// What is sent again, and when.
function sendings({ wire, fault, struck }: Ended): readonly string[] {
  const creates = wire.arrivals.filter(({ place }) => place.startsWith('create'))
  const bodies = creates.map(({ request }) => request.body)
  const repeated = bodies.filter((body, index) => bodies.indexOf(body) !== index).length
  const at = wire.arrivals.find(({ n }) => n === struck.n)?.at ?? 0
  // What was on its way when the answer came is no fault.
  const restless = wire.arrivals.filter(
    (each) => each.at > at + 20 && each.at < at + 20 + (fault.restMs ?? 0)
  ).length
  return [
    ...(repeated === 0 || fault.repeatable ? [] : ['a create is sent twice']),
    ...(restless === 0 ? [] : [`${String(restless)} requests are sent while the account rests`])
  ]
}

function keyOf({ kind, origin, environment, name }: Seen): string {
  if (kind === 'environment') return `environment ${name}`
  return origin === '' ? `${environment}/${name}` : origin
}

function byKey(all: readonly Seen[]): ReadonlyMap<string, Seen> {
  return new Map(all.map((each) => [keyOf(each), each]))
}
