// Executes a plan in waves, each in parallel: extended attributes; environments; variables; new jobs; overrides; the
// links of new jobs and the updates; last the pauses. No order among jobs is needed, and cycles are no special case,
// since no job refers to one that is not there yet, and none runs by itself before its overrides are there.
import type { DbtClient } from '../dbt/client.ts'
import { isOfValues, type ObjectChange, type ValuesChange } from '../model/change.ts'
import { kindNames, kindOf } from '../kinds/kinds.ts'
import type { Kind, ValueKind } from '../model/keys.ts'
import type { Key } from '../model/keys.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Plan } from '../promotion/plan.ts'
import type { SecretValues } from '../model/secrets.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'
import type { Recorder } from './journal-file.ts'
import { Ledger } from './ledger.ts'
import type { Sleep } from './looks.ts'
import { ObjectWriter } from './objects.ts'
import { parentsFirst } from './order.ts'
import { ValueWriter } from './values.ts'

export { nothingAttempted } from './ledger.ts'

/** How to apply. */
interface ApplyOptions {
  /** How many writes may be under way. */
  readonly parallelism: number
  /** The secrets that the plan says are given. */
  readonly secrets: SecretValues
  /** Told after each write how many are done, of how many. */
  readonly onProgress: (done: number, total: number) => void
  /** Waits between the looks for an object whose creation is in doubt. */
  readonly sleep: Sleep
  /** The journal, which is told of each write before it is sent and after. */
  readonly journal?: Recorder
}

/**
 * Applies a plan.
 * @param plan a plan without problems
 * @param target the target as it was read last, from which updates take what the plan does not change
 * @param client the client of the target
 * @returns one outcome for each change that writes, in the order of the plan; it never throws
 */
export async function applyPlan(
  plan: Plan,
  target: Snapshot,
  client: DbtClient,
  options: ApplyOptions
): Promise<readonly Outcome[]> {
  const ledger = new Ledger(plan, options.journal)
  const waves = wavesOf(plan, ...writersOf(plan, target, client, ledger, options))
  const total = waves.flatMap(({ steps }) => steps).length
  let done = 0
  for (const { before, steps, after } of waves) {
    if (!ledger.hasFailed) await before?.()
    // The workers share one iterator. A failure lets what is under way finish, and starts nothing more.
    const queue = steps[Symbol.iterator]()
    const worker = async (): Promise<void> => {
      for (const step of queue) {
        if (ledger.hasFailed) return
        await step()
        options.onProgress(++done, total)
      }
    }
    await Promise.all(Array.from({ length: options.parallelism }, worker))
    // Also after a failure: what was written must be known.
    await after?.()
  }
  return ledger.outcomes()
}

type Step = () => Promise<void>

interface Wave {
  /** What begins the wave, unless something before it failed. */
  readonly before?: Step
  readonly steps: readonly Step[]
  /** What ends the wave, whether or not it failed. */
  readonly after?: Step
}

function writersOf(
  plan: Plan,
  target: Snapshot,
  client: DbtClient,
  ledger: Ledger,
  { secrets, sleep }: ApplyOptions
): readonly [ObjectWriter, ValueWriter] {
  const place = placeOf(target)
  const idOf = (key: Key): number => {
    const own = ledger.id(key)
    if (own === undefined) throw new Error(`The plan refers to ${key}, which has no id yet.`)
    return own
  }
  const isThere = (key: Key): boolean => ledger.id(key) !== undefined
  const overridden = new Set(
    plan.changes.flatMap((change) =>
      change.kind === 'override' && change.op !== 'unchanged' && change.job ? [change.job.key] : []
    )
  )
  const names = new Map(target.environments.map(({ id, name }) => [id, name]))
  const planned = new Map(plan.changes.map(({ key, name }) => [key, name]))
  const old = new Set(plan.changes.flatMap((change) => ('id' in change ? [change.key] : [])))
  const wasThere = (key: Key): boolean => old.has(key)
  const nameOf = (key: Key): string => names.get(idOf(key)) ?? planned.get(key) ?? ''
  return [
    new ObjectWriter(target, { plan, place, idOf, isThere, overridden }, ledger, client, sleep),
    new ValueWriter({ place, target, secrets, idOf, wasThere, nameOf }, ledger, client, sleep)
  ]
}

function wavesOf(plan: Plan, objects: ObjectWriter, values: ValueWriter): readonly Wave[] {
  const writing = plan.changes.filter(({ op }) => op !== 'unchanged')
  const ofKind = (kind: Kind): readonly ObjectChange[] =>
    writing.flatMap((change) => (!isOfValues(change) && change.kind === kind ? [change] : []))
  const ofValues = (kind: ValueKind): readonly ValuesChange[] =>
    writing.flatMap((change) => (isOfValues(change) && change.kind === kind ? [change] : []))
  const whole = (change: ObjectChange): readonly Step[] => [...created(change), ...updated(change)]
  const created = (change: ObjectChange): readonly Step[] =>
    change.op === 'create' ? [() => objects.create(change)] : []
  const updated = (change: ObjectChange): readonly Step[] =>
    change.op === 'update' ? [() => objects.update(change)] : []
  const linked = (change: ObjectChange): readonly Step[] =>
    change.op === 'create' && change.link.length > 0 ? [() => objects.link(change)] : []
  const paused = (change: ObjectChange): readonly Step[] =>
    change.op === 'pause' ? [() => objects.pause(change)] : []
  const variables = ofValues('variable')
  const isSleeper = (kind: Kind): boolean => kindOf(kind).asleep !== null
  const awake = kindNames.filter((kind) => !isSleeper(kind)).map(ofKind)
  const sleepers = kindNames.filter(isSleeper).map(ofKind)
  const waking = sleepers.flat()
  return [
    ...awake.map((changes) => ({ steps: changes.flatMap(whole) })),
    {
      // With nothing written yet, the target was read just now.
      ...(awake.flat().length > 0 ? { before: () => values.refresh(variables) } : {}),
      steps: variables.map((change) => () => values.variable(change)),
      after: () => values.settle()
    },
    ...sleepers.map((changes) => ({ steps: parentsFirst(changes).flatMap(created) })),
    { steps: ofValues('override').map((change) => () => values.override(change)) },
    { steps: [...waking.flatMap(linked), ...waking.flatMap(updated)] },
    { steps: waking.flatMap(paused) }
  ]
}
