// Holds what a run told against what the platform holds, and what came after it.
import { find, type State } from '../../sandbox/index.ts'
import { promisedOutputs } from '../runner/action-file.ts'
import type { Note } from '../runner/actions.ts'
import type { Fault } from './faults.ts'
import type { Baseline } from './matrix.ts'
import type { Arrival } from './wire.ts'
import { contentOf, faultsOfRows, placesOfValues } from './seen-values.ts'
import {
  account,
  canaries,
  seen,
  sourceProject,
  targetProject,
  tokens,
  untouched,
  type Seen
} from './world.ts'

/** What the platform holds after a run, and what arrived there. */
export interface Platform {
  readonly state: State
  readonly arrivals: readonly Arrival[]
  /** What it held after each write, where that is known. */
  readonly states?: readonly State[]
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
export function laterComplaintsOf(
  base: Baseline,
  state: State,
  rerun: Later,
  again: Later
): readonly string[] {
  return [
    ...convergence(base, rerun, again),
    ...(vainRecords(again.wire.state) > Math.max(vainRecords(state), vainRecords(base.after))
      ? ['a re-run leaves extended attributes that nobody refers to']
      : []),
    ...lasting(base, rerun),
    ...lasting(base, again)
  ]
}

function lasting(base: Baseline, { notes, wire }: Later): readonly string[] {
  const isUntouched = untouched(wire.state) === untouched(base.after)
  return [
    ...doubled(base, wire),
    ...leaks(notes),
    ...masksIn(wire.arrivals),
    ...atEachMoment(base, wire),
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

// Only jobs whose source job is gone are switched off, or those that are to be off in the end; and of the former nothing
// else is changed.
function switchedOff(base: Baseline, { state }: Platform): readonly string[] {
  const gone = new Set(keysOfGone(base))
  const now = byKey(seen(state))
  const after = byKey(seen(base.after))
  return seen(base.before).flatMap((held) => {
    const key = keyOf(held)
    const found = now.get(key)
    if (!gone.has(key))
      return held.runs && found?.runs === false && after.get(key)?.runs === true
        ? [`${key} is off, and its source job is there`]
        : []
    return found?.rest === held.rest ? [] : [`${key} lost more than what starts it`]
  })
}

// No job is paused before the platform itself has told that its source job is gone.
function unproved(base: Baseline, { wire, fault }: Ended): readonly string[] {
  // What a rollback switches off, its journal tells.
  if (base.promotion.undoes) return []
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

  complaints.push(...logged(base, notes, wire))

  const count = (name: string): number => Number(outputs[name])
  const told = (...actions: readonly string[]): number =>
    entries.filter(({ action }) => actions.includes(action)).length
  const failedEnvironments = count('failed') - told('failed', 'unclear', 'unlinked')
  const isUnclear =
    told('unclear') > 0 || (failedEnvironments > 0 && outputs['failure-reason'] !== 'apply-failed')
  // Of what is set value by value a part may be there; it counts when it is whole.
  const isCounted = (key: string): boolean => !key.startsWith('variable ') || is(key, after)
  // What a rollback leaves to nobody is not made by it.
  const isLeft = (key: string): boolean => isVain(key) && after.has(key)
  const made = [...now.keys()].filter(
    (key) => !before.has(key) && isCounted(key) && !isLeft(key)
  ).length
  const gone = keysOfGone(base)
  const changed = [...now.keys()].filter(
    (key) => before.has(key) && !gone.includes(key) && !is(key, before) && isCounted(key)
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
  const isOfGone = (id: number): boolean => gone.some((key) => before.get(key)?.id === id)
  const isPausing = wire.arrivals.some(
    ({ place, request }) =>
      place === 'pause job' && isOfGone(Number(/\/(\d+)\/$/.exec(request.path)?.[1]))
  )
  if (isPausing && told('failed', 'unclear', 'unlinked', 'not-attempted') > 0)
    complaints.push('a job is paused, though a write before that failed')
  const isAsBefore = now.size === before.size && [...before.keys()].every((key) => is(key, before))
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

// What is told of each environment, variable, override and record, against what the platform holds.
function logged(base: Baseline, notes: readonly Note[], { state }: Platform): readonly string[] {
  const before = byKey(seen(base.before))
  const after = byKey(seen(base.after))
  const now = byKey(seen(state))
  const told = new Map(
    notes
      .flatMap((note) =>
        note.kind === 'group' ? note.lines : note.kind === 'info' ? note.text.split('\n') : []
      )
      .flatMap((line) => {
        const entry = entryIn(line)
        return entry ? [[entry.key, entry] as const] : []
      })
  )
  const keys = [...new Set([...before.keys(), ...after.keys(), ...now.keys()])]
  const is = (key: string, as: ReadonlyMap<string, Seen>): boolean =>
    now.get(key)?.values === as.get(key)?.values
  const complaints = keys
    .filter((key) => kindsInLog.some((kind) => key.startsWith(kind)) && !isVain(key))
    // A record that a rollback leaves to nobody is told with the environment that had it.
    .filter((key) => !(key.startsWith('attributes ') && before.has(key) && !after.has(key)))
    .flatMap((key) => {
      const { fate, id } = told.get(key) ?? { fate: 'nothing', id: 0 }
      // A record is there before an environment refers to it.
      const record = contentOf(state, id)
      const isThere =
        is(key, after) || (record !== '' && after.get(key)?.values === text({ content: record }))
      const fits =
        fate === 'unclear' ||
        (isDone(fate) && isThere) ||
        (fate === 'failed' && is(key, before)) ||
        (fate === 'partial' && !isThere && !is(key, before)) ||
        (['not attempted', 'nothing'].includes(fate) && is(key, before))
      return fits ? [] : [`${key} is told as ${fate}, and is not so`]
    })
  const made = [...told].filter(
    ([key, { fate }]) => key.startsWith('attributes ') && !before.has(key) && fate !== 'failed'
  )
  const isUnclear = made.some(([, { fate }]) => fate === 'unclear')
  const vain = vainRecords(state) - vainRecords(base.after)
  const known = made.filter(([key, { fate }]) => isDone(fate) && !now.has(key)).length
  return [
    ...complaints,
    ...(vain > known && !isUnclear ? ['extended attributes are there that nobody told of'] : [])
  ]
}

const kindsInLog = ['environment ', 'variable ', 'override ', 'attributes ']

function isDone(fate: string): boolean {
  return fate === 'created' || fate === 'updated'
}

interface Entry {
  readonly key: string
  readonly fate: string
  readonly id: number
}

const what =
  'variable (?<variable>\\w+)|override of (?<override>\\w+) for job (?<job>\\w+) in (?<of>prod \\w+)|' +
  'extended attributes in (?<attributes>prod \\w+)|environment (?<environment>prod \\w+)'
const line = new RegExp(
  `^(?<fate>created|updated|unclear|partial|failed|not attempted) (?:${what})(?: \\((?<id>\\d+)\\))?(?=$|[:;])`
)

/** What a line of the log tells of an object. */
function entryIn(of: string): Entry | undefined {
  const { fate = '', id, ...named } = line.exec(of)?.groups ?? {}
  if (fate === '') return undefined
  const { variable, override, job, attributes, environment } = named
  const key =
    variable !== undefined
      ? `variable ${variable}`
      : override !== undefined
        ? `override ${String(named['of'])}/${String(job)} ${override}`
        : attributes !== undefined
          ? `attributes ${attributes}`
          : `environment ${String(environment)}`
  return { key, fate, id: Number(id ?? 0) }
}

// Whatever was done and not done: no value is there that is neither the old nor the new one, none is lost, and no job
// that did not run begins to before its values are there.
function atEachMoment(base: Baseline, { state, states = [] }: Platform): readonly string[] {
  const was = base.before
  return [...new Set([...states, state].flatMap((now) => checked(base, was, now)))]
}

const alreadyChecked = new WeakMap<State['variables'], WeakMap<State['jobs'], readonly string[]>>()

function checked(base: Baseline, was: State, now: State): readonly string[] {
  const ofVariables =
    alreadyChecked.get(now.variables) ?? new WeakMap<State['jobs'], readonly string[]>()
  alreadyChecked.set(now.variables, ofVariables)
  const ready = ofVariables.get(now.jobs) ?? [
    ...wrongValues(base, was, now),
    ...tooEarly(base, now)
  ]
  ofVariables.set(now.jobs, ready)
  return ready
}

function wrongValues(base: Baseline, was: State, now: State): readonly string[] {
  const before = valuesOf(was)
  const after = valuesOf(base.after)
  const held = valuesOf(now)
  return [
    ...faultsOfRows(now, targetProject),
    ...[...held].flatMap(([place, value]) =>
      value === before.get(place) || value === after.get(place)
        ? []
        : [`${place} has a wrong value`]
    ),
    ...[...before.keys()].flatMap((place) => (held.has(place) ? [] : [`${place} is lost`]))
  ]
}

function tooEarly(base: Baseline, now: State): readonly string[] {
  const ranBefore = new Set(seen(base.before).flatMap((each) => (each.runs ? [keyOf(each)] : [])))
  const after = valuesOf(base.after)
  const held = valuesOf(now)
  return seen(now).flatMap((job) => {
    if (!job.runs || ranBefore.has(keyOf(job))) return []
    const scopes = [`, ${job.environment}`, `, ${job.environment}/${job.name}`]
    return [...after].flatMap(([place, value]) =>
      scopes.some((scope) => place.endsWith(scope)) && held.get(place) !== value
        ? [`${job.name} runs before ${place} is there`]
        : []
    )
  })
}

const knownValues = new WeakMap<State, ReadonlyMap<string, string>>()

function valuesOf(state: State): ReadonlyMap<string, string> {
  const ready =
    knownValues.get(state) ??
    new Map(
      [...placesOfValues(state, targetProject)].map(([id, place]) => [
        place,
        find(state.variables, id)?.raw_value ?? ''
      ])
    )
  knownValues.set(state, ready)
  return ready
}

function masksIn(arrivals: readonly Arrival[]): readonly string[] {
  return arrivals.flatMap(({ request, place }) =>
    /"\*+"/.test(request.body ?? '') ? [`a mask is sent: ${place}`] : []
  )
}

/** Records that were made and that no environment refers to. */
function vainRecords(state: State): number {
  return seen(state).filter((each) => isVain(keyOf(each))).length
}

function isVain(key: string): boolean {
  return key.startsWith('attributes nobody')
}

function text(value: unknown): string {
  return JSON.stringify(value)
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
    (key) => !isVain(key) && wanted.get(key)?.values !== held.get(key)?.values
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
  // What a rollback unbinds is there until then.
  const wanted = new Set([...seen(base.after), ...seen(base.before)].map(keyOf))
  // Records that nobody refers to are counted elsewhere: a re-run can't find them.
  const held = seen(state)
    .map(keyOf)
    .filter((key) => !isVain(key))
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
  const values = ['zebra-', '7654321']
  const secrets = [
    ...Object.values(tokens),
    ...canaries,
    'Bearer dbtc',
    'never-shown',
    '**********',
    ...values
  ]
  const bodies = ['"execute_steps":', '"account_id":', '"dbt_version":', '"is_success":']
  return [
    ...secrets.filter((secret) => told.includes(secret)),
    ...bodies.filter((body) => told.includes(body.replaceAll('"', '\\"')))
  ].map((secret) => `${secret} is shown`)
}

// What is sent again, and when.
function sendings({ wire, fault, struck }: Ended): readonly string[] {
  // A variable that was refused for want of values may be created once its environment is known.
  const creates = wire.arrivals.filter(
    ({ place }) =>
      place.startsWith('create') && !(place === 'create variable' && fault.ofValues === true)
  )
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
  if (kind === 'variable') return `variable ${name}`
  if (kind === 'override') return `override ${environment} ${name}`
  if (kind === 'attributes') return `attributes ${environment}`
  return origin === '' ? `${environment}/${name}` : origin
}

function byKey(all: readonly Seen[]): ReadonlyMap<string, Seen> {
  return new Map(all.map((each) => [keyOf(each), each]))
}
