// Every fault at every request of a promotion, each followed by a run without faults and one more, and what is red.
import { run } from '../../src/main.ts'
import type { State } from '../../sandbox/index.ts'
import { recordActions, type Note } from '../runner/actions.ts'
import { VirtualTime } from '../time.ts'
import { faults as allFaults, type Ending, type Fault } from './faults.ts'
import { complaintsOf, keysOfGone, laterComplaintsOf, type Ended } from './judge.ts'
import { moved } from './pauses.ts'
import type { Promotion } from './promotion.ts'
import { Wire, type Arrival, type Place, type Trouble } from './wire.ts'
import { byInputs, seen } from './world.ts'

/** One cell: how many cases, and what is wrong with those that are red. */
export interface Cell {
  readonly cases: number
  readonly red: readonly string[]
}

export interface Matrix {
  readonly places: readonly Place[]
  readonly rows: readonly {
    readonly fault: string
    readonly cells: Readonly<Partial<Record<Place, Cell>>>
  }[]
  readonly cases: number
  readonly red: readonly string[]
}

/** The world before, and the same promotion when nothing goes wrong. */
export interface Baseline {
  readonly promotion: Promotion
  readonly before: State
  readonly after: State
  readonly arrivals: readonly Arrival[]
  /** Where the journal of that is. */
  readonly journal: string
}

/** One run of the action. */
export interface Run {
  readonly notes: readonly Note[]
  readonly wire: Wire
  readonly tookMs: number
}

/** Runs a promotion without trouble. @throws when it is not as the matrix takes it to be */
export async function baseline(given: Promotion = byInputs): Promise<Baseline> {
  const { promotion, before } = await prepared(given)
  const { wire, notes, tookMs } = await promote(before, promotion.inputs)
  assertGreen({ wire, notes, tookMs })
  const missing = promotion.places.filter(
    (place) => !wire.arrivals.some((each) => each.place === place)
  )
  if (missing.length > 0) throw new Error(`No request is there to ${missing.join(', ')}`)
  const jobs = seen(wire.state).filter(({ kind }) => kind === 'job')
  if (jobs.length !== promotion.jobs)
    throw new Error(`There are ${String(jobs.length)} jobs, and not ${String(promotion.jobs)}`)
  const base = {
    promotion,
    before,
    after: wire.state,
    arrivals: wire.arrivals,
    journal: journalOf(notes)
  }
  const isPaused = (key: string): boolean =>
    jobs.some(({ origin, runs }) => origin === key && !runs)
  if (!keysOfGone(base).every(isPaused))
    throw new Error('A job whose source job is gone still runs')
  return base
}

// What was before, and a promotion that knows all of its inputs.
async function prepared(
  promotion: Promotion
): Promise<{ readonly promotion: Promotion; readonly before: State }> {
  if (promotion.undoes) {
    const { after, journal } = await baseline(promotion.undoes)
    const inputs = { ...promotion.inputs, 'rollback-from': journal }
    const undoing = { ...promotion, inputs, lastInputs: inputs }
    return { promotion: undoing, before: promotion.sinceThen(after) }
  }
  const earlier = await promote(promotion.earlierState(), promotion.earlierInputs)
  assertGreen(earlier)
  return { promotion, before: promotion.sinceThen(earlier.wire.state) }
}

/** Where a run says that its journal is, also when it was killed; empty where it wrote nothing. */
export function journalOf(notes: readonly Note[]): string {
  const told = notes.flatMap((note) =>
    note.kind === 'output' && note.name === 'journal-path' ? [note.value] : []
  )
  return told.at(-1) ?? ''
}

/** The places of a promotion that a fault strikes. */
export function placesOf(fault: Fault, { inputs, places, strikes }: Promotion): readonly Place[] {
  if (fault.ofValues && !hasValues(inputs)) return []
  return places.filter(
    (place) => (fault.at?.includes(place) ?? true) && (strikes?.(fault, place) ?? true)
  )
}

function refusesValues({ strikes }: Fault): boolean {
  return strikes.some(({ refuses }) => refuses !== undefined)
}

/** The requests of a promotion that a fault may strike. */
export function struckBy(fault: Fault, base: Baseline): readonly Arrival[] {
  const places = placesOf(fault, base.promotion)
  return base.arrivals.filter(
    ({ place, request }) =>
      place !== 'look' &&
      places.includes(place) &&
      // Only the bulk endpoint tells of failures within a good answer.
      !(refusesValues(fault) && !request.path.includes('/bulk/')) &&
      // Of a job that is there, the platform does not say that it is gone: nobody could tell.
      !(fault.proves && place === 'read gone' && request.path.includes(`/${String(moved)}/`))
  )
}

/**
 * Runs the matrix.
 * @param choose which of the requests that a fault may strike it does; all by default
 */
export async function runMatrix(
  base: Baseline,
  faults: readonly Fault[] = allFaults,
  choose: (arrivals: readonly Arrival[]) => readonly Arrival[] = (all) => all
): Promise<Matrix> {
  const rows: Matrix['rows'][number][] = []
  const red: string[] = []
  let cases = 0
  for (const fault of faults) {
    const struck = choose(struckBy(fault, base))
    if (struck.length === 0) continue
    const cells: Partial<Record<Place, { cases: number; red: string[] }>> = {}
    for (const arrival of struck) {
      if (arrival.place === 'look') continue
      const cell = (cells[arrival.place] ??= { cases: 0, red: [] })
      const complaints = await runCase(base, fault, arrival)
      cases++
      cell.cases++
      if (complaints.length === 0) continue
      const text = `${fault.name}, at request ${String(arrival.n)} (${arrival.place}, ${arrival.request.method} ${arrival.request.path}): ${complaints.join('; ')}`
      cell.red.push(text)
      red.push(text)
    }
    rows.push({ fault: fault.name, cells })
  }
  return { places: base.promotion.places, rows, cases, red }
}

/** One case: what is wrong with it. */
export async function runCase(
  base: Baseline,
  fault: Fault,
  struck: Arrival
): Promise<readonly string[]> {
  try {
    const first = await promote(
      base.before,
      { ...base.promotion.inputs, ...fault.inputs },
      fault,
      struck.n
    )
    const ended: Ended = { ...first, fault, struck, endings: endingsOf(fault, struck) }
    return [...complaintsOf(base, ended), ...(await later(base, first.wire.state))]
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

// What comes after depends on nothing but what the platform holds, so it is run once for each such state.
const known = new WeakMap<Baseline, Map<string, Promise<readonly string[]>>>()

function later(base: Baseline, state: State): Promise<readonly string[]> {
  const key = JSON.stringify(state, (name, value: unknown) =>
    name === 'created_at' || name === 'updated_at' ? '' : value
  )
  const ofBase = known.get(base) ?? new Map<string, Promise<readonly string[]>>()
  known.set(base, ofBase)
  const ready = ofBase.get(key) ?? laterRuns(base, state)
  ofBase.set(key, ready)
  return ready
}

async function laterRuns(base: Baseline, state: State): Promise<readonly string[]> {
  const { inputs, lastInputs = inputs } = base.promotion
  const rerun = await promote(state, inputs)
  return laterComplaintsOf(base, state, rerun, await promote(rerun.wire.state, lastInputs))
}

function endingsOf(fault: Fault, arrival: Arrival): readonly string[] {
  const ending = endingOf(fault, arrival)
  return typeof ending === 'string' ? [ending] : ending
}

function endingOf(fault: Fault, arrival: Arrival): Ending {
  const { ends, repeatable, strikes } = fault
  const { place } = arrival
  const ways: Partial<Record<Arrival['place'], () => Ending>> = {
    'read gone': () => ends.gone ?? ends.read,
    'read credentials': () => ends.credentials ?? ends.read,
    'read connections': () => ends.connections ?? ends.read,
    // A promotion goes on without a warning, unless nothing goes on.
    'read names': () =>
      ['rate-limited', 'deadline', 'cancelled'].includes(String(ends.read)) ? ends.read : 'green',
    // Something was written already.
    'read anew': () =>
      ['green', 'rate-limited', 'deadline', 'cancelled'].includes(String(ends.read))
        ? ends.read
        : 'apply-failed',
    // All that was written is in doubt.
    'read back': () =>
      ends.read === 'green' || ends.read === 'cancelled'
        ? ends.read
        : ends.read === 'deadline'
          ? ['unclear', 'deadline']
          : 'unclear',
    // There is no list to look in.
    'create attributes': () =>
      ends.create === 'green' && !repeatable && strikes.some(({ gets }) => gets)
        ? 'unclear'
        : ends.create,
    'patch attributes': () => ends.blind ?? ends.update,
    'rewrite secret': () => ends.blind ?? ends.update,
    'link job': () => ends.link,
    // Of a value that is in no list, the second write says that it is there.
    'update variable': () => ends.variable ?? ends.update
  }
  const way = ways[place]
  if (way) return way()
  if (place.startsWith('read')) return ends.read
  return place.startsWith('create') ? ends.create : ends.update
}

/**
 * Runs the action. A later run begins after everything that is on its way has arrived, and shows.
 * @param nth the request that is struck
 */
export async function promote(
  state: State,
  given: Readonly<Record<string, string>>,
  fault?: Fault,
  nth = 0
): Promise<Run> {
  const time = new VirtualTime()
  const { actions, notes, cancel } = recordActions(given)
  let death: () => void = () => undefined
  const killed = new Promise<void>((resolve) => (death = resolve))
  let identity = ''
  let strikes = 0
  const trouble: Trouble = (arrival) => {
    const own = `${arrival.request.method} ${arrival.request.path} ${arrival.request.body ?? ''}`
    if (fault === undefined) return undefined
    if (arrival.n === nth) identity = own
    // What is set again may be the same request once more.
    if (own !== identity || arrival.place === 'set again') return fault.besides?.(arrival)
    const strike = fault.strikes[strikes++] ?? (fault.forEver ? fault.strikes.at(-1) : undefined)
    if (arrival.n === nth) for (let n = 0; n < (fault.cancels ?? 0); n++) cancel()
    if (arrival.n === nth && fault.kills) {
      wire.die()
      death()
    }
    return strike
  }
  const wire = new Wire(state, time, trouble, hasValues(given))
  const begin = time.now()
  await time.run(Promise.race([run(actions, time, wire.open), killed]))
  const tookMs = time.now() - begin
  wire.settle()
  return { notes, wire, tookMs }
}

function hasValues({ resources }: Readonly<Record<string, string>>): boolean {
  return resources?.includes('variables') ?? false
}

function assertGreen({ notes }: Run): void {
  const failure = notes.find(({ kind }) => kind === 'fail')
  if (failure) throw new Error(`The promotion fails without a fault: ${JSON.stringify(failure)}`)
}

/** The matrix as a table for people. */
export function tableOf({ places, rows }: Matrix): string {
  const head = ['fault', ...places]
  const lines = rows.map(({ fault, cells }) => [
    fault,
    ...places.map((place) => {
      const { cases: all = 0, red: bad = [] } = cells[place] ?? {}
      if (all === 0) return '-'
      return bad.length === 0 ? `ok ${String(all)}` : `RED ${String(bad.length)}/${String(all)}`
    })
  ])
  const widths = head.map((_, index) =>
    Math.max(...[head, ...lines].map((line) => line[index]?.length ?? 0))
  )
  const drawn = [head, widths.map((width) => '-'.repeat(width)), ...lines].map((line) =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  )
  return drawn.join('\n')
}
