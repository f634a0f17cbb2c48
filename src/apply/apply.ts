// Executes a plan in waves, each in parallel: environments; new jobs; last the links of new jobs and the updates.
// No order among jobs is needed, and cycles are no special case, since no job refers to one that is not there yet.
import { decoded, type DbtClient } from '../dbt/client.ts'
import { DbtError } from '../dbt/error.ts'
import { asFailure, Failure } from '../failure.ts'
import type { Change, Create, Pause, Update } from '../promotion/change.ts'
import type { JsonObject } from '../promotion/json.ts'
import { id, ShapeError } from '../promotion/kinds/decode.ts'
import type { Resource, Values } from '../promotion/kinds/field.ts'
import { kinds, type Kind } from '../promotion/kinds/kinds.ts'
import type { Key } from '../promotion/keys.ts'
import { isWritten, madeBy } from '../promotion/look-up.ts'
import { quoted } from '../promotion/names.ts'
import type { Outcome } from '../promotion/outcome.ts'
import type { Plan } from '../promotion/plan.ts'
import { refusedPaths } from '../promotion/read-back.ts'
import type { Snapshot } from '../promotion/snapshot.ts'
import {
  createWrite,
  linkWrite,
  pauseWrite,
  updateWrite,
  type Write,
  type WriteContext
} from '../promotion/writes.ts'

/** How to apply. */
export interface ApplyOptions {
  /** How many writes may be under way. */
  readonly parallelism: number
  /** Told after each write how many are done, of how many. */
  readonly onProgress: (done: number, total: number) => void
  /** Waits between the looks for an object whose creation is in doubt. */
  readonly sleep: (milliseconds: number) => Promise<void>
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
  const run = new Run(plan, target, client, options.sleep)
  const waves = wavesOf(plan, run)
  const total = waves.flat().length
  let done = 0
  for (const wave of waves) {
    // The workers share one iterator. A failure lets what is under way finish, and starts nothing more.
    const steps = wave[Symbol.iterator]()
    const worker = async (): Promise<void> => {
      for (const step of steps) {
        if (run.hasFailed) return
        await step()
        options.onProgress(++done, total)
      }
    }
    await Promise.all(Array.from({ length: options.parallelism }, worker))
  }
  return run.outcomes()
}

/** The outcomes of a plan of which nothing was attempted. */
export function nothingAttempted({ changes }: Plan): readonly Outcome[] {
  return changes.flatMap((change): readonly Outcome[] =>
    change.op === 'unchanged' ? [] : [untouched(change)]
  )
}

type Step = () => Promise<void>

/** An object that was created, with the answer that tells of it. */
interface Made {
  readonly id: number
  readonly raw: JsonObject
}

/** The waits before each look for an object whose creation is in doubt: several over half a minute. */
const looks: readonly number[] = [1000, 3000, 6000, 10_000, 10_000]

function wavesOf(plan: Plan, run: Run): readonly (readonly Step[])[] {
  const creates = (kind: Kind): readonly Create[] =>
    plan.changes.flatMap((change) =>
      change.op === 'create' && change.kind === kind ? [change] : []
    )
  const updates = (kind: Kind): readonly Update[] =>
    plan.changes.flatMap((change) =>
      change.op === 'update' && change.kind === kind ? [change] : []
    )
  const create = (change: Create) => () => run.create(change)
  const update = (change: Update) => () => run.update(change)
  const link = (change: Create) => () => run.link(change)
  const pauses = plan.changes.flatMap((change) => (change.op === 'pause' ? [change] : []))
  const pause = (change: Pause) => () => run.pause(change)
  const linked = creates('job').filter((change) => change.link.length > 0)
  return [
    [...creates('environment').map(create), ...updates('environment').map(update)],
    creates('job').map(create),
    [...linked.map(link), ...updates('job').map(update)],
    pauses.map(pause)
  ]
}

/** One application of a plan: the ids that are known so far, and the outcomes. */
class Run {
  readonly #plan: Plan
  readonly #held: ReadonlyMap<string, Values>
  readonly #client: DbtClient
  readonly #sleep: ApplyOptions['sleep']
  readonly #context: WriteContext
  /** The ids of what was in the target before. */
  readonly #before: Readonly<Record<Kind, readonly number[]>>
  readonly #ids: Map<Key, number>
  readonly #outcomes = new Map<Key, Outcome>()
  hasFailed = false

  constructor(plan: Plan, target: Snapshot, client: DbtClient, sleep: ApplyOptions['sleep']) {
    this.#plan = plan
    this.#client = client
    this.#sleep = sleep
    this.#held = new Map([
      ...target.environments.map(
        (each) => [heldKey('environment', each.id), each.values as Values] as const
      ),
      ...target.jobs.map((each) => [heldKey('job', each.id), each.values as Values] as const)
    ])
    this.#before = {
      environment: target.environments.map((each) => each.id),
      job: target.jobs.map((each) => each.id)
    }
    this.#ids = new Map(
      plan.changes.flatMap((change) => (change.op === 'create' ? [] : [[change.key, change.id]]))
    )
    this.#context = {
      plan,
      place: { account: target.account, project: target.project.id },
      idOf: (key) => {
        const own = this.#ids.get(key)
        if (own === undefined) throw new Error(`The plan refers to ${key}, which has no id yet.`)
        return own
      }
    }
  }

  outcomes(): readonly Outcome[] {
    return nothingAttempted(this.#plan).map((each) => this.#outcomes.get(each.key) ?? each)
  }

  async create(change: Create): Promise<void> {
    await this.#attempt(change, null, async () => {
      const write = createWrite(change, this.#context)
      const made = await this.#created(write).catch((error: unknown) =>
        this.#found(change, error, (listed) =>
          madeBy(change, write.sent, listed, this.#known(change.kind))
        )
      )
      this.#ids.set(change.key, made.id)
      this.#note(
        change,
        change.link.length > 0 ? 'unlinked' : 'applied',
        refusedIn(change.kind, write, made.raw)
      )
    })
  }

  // The answer must tell the id, or it is not known what was created.
  async #created(write: Write): Promise<Made> {
    const raw = await this.#client.send(write.request, write.doing)
    return decoded(write.request, write.doing, this.#client.side, () => ({
      id: id(raw['id'], 'data.id'),
      raw
    }))
  }

  // After a write whose answer is lost the object is looked for, and taken when it is there. Only so is a create never
  // sent twice; and an update that was done in spite of its answers is told as done.
  async #found(
    change: Change,
    error: unknown,
    written: (listed: readonly Resource<object>[]) => readonly Resource<object>[]
  ): Promise<Made> {
    if (!(error instanceof DbtError) || !error.mayHaveHappened) throw error
    const { find, decode } = kinds[change.kind]
    const request = find(this.#context.place, change.name)
    const doing = `Looking whether ${change.kind} ${quoted(change.name)} was written`
    for (const wait of looks) {
      await this.#sleep(wait)
      const raws = await this.#client.list(request, doing).catch(() => [])
      const listed = decoded(request, doing, this.#client.side, () =>
        raws.map((raw) => ({ raw, ...decode(raw) }))
      )
      const [made, ...more] = written(listed)
      const raw = listed.find((each) => each.id === made?.id)?.raw
      if (made && raw && more.length === 0) return { id: made.id, raw }
    }
    throw error
  }

  #known(kind: Kind): ReadonlySet<number> {
    const before = this.#before[kind]
    const made = this.#plan.changes.flatMap(({ key, kind: each }) => {
      const own = this.#ids.get(key)
      return own === undefined || each !== kind ? [] : [own]
    })
    return new Set([...before, ...made])
  }

  async link(change: Create): Promise<void> {
    await this.#attempt(change, 'unlinked', async () => {
      const own = this.#context.idOf(change.key)
      await this.#replace(change, own, linkWrite(change, own, this.#context))
    })
  }

  async update(change: Update): Promise<void> {
    await this.#attempt(change, null, async () => {
      const held = this.#held.get(heldKey(change.kind, change.id)) ?? {}
      await this.#replace(change, change.id, updateWrite(change, held, this.#context))
    })
  }

  async pause(change: Pause): Promise<void> {
    await this.#attempt(change, null, async () => {
      const held = this.#held.get(heldKey(change.kind, change.id)) ?? {}
      await this.#replace(change, change.id, pauseWrite(change, held, this.#context))
    })
  }

  async #replace(change: Change, own: number, write: Write): Promise<void> {
    const answer = await this.#client
      .send(write.request, write.doing)
      .catch(async (error: unknown) => {
        const found = await this.#found(change, error, (listed) =>
          listed.filter((each) => each.id === own && isWritten(change.kind, write.sent, each))
        )
        return found.raw
      })
    this.#note(change, 'applied', refusedIn(change.kind, write, answer))
  }

  #note(change: Change, status: Outcome['status'], refused: readonly string[]): void {
    this.#outcomes.set(change.key, this.#outcome(change, status, refused))
  }

  /** @param otherwise what a failure makes of the change; null where it depends on the failure */
  async #attempt(change: Change, otherwise: Outcome['status'] | null, work: Step): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.hasFailed = true
      const { reason, message, remedy } = asFailure(error)
      const isLost = error instanceof DbtError ? error.mayHaveHappened : !(error instanceof Failure)
      const status = otherwise ?? (isLost ? 'unclear' : 'failed')
      this.#outcomes.set(change.key, {
        ...this.#outcome(change, status),
        error: { reason, message, remedy }
      })
    }
  }

  #outcome(change: Change, status: Outcome['status'], refused: readonly string[] = []): Outcome {
    return { key: change.key, status, id: this.#ids.get(change.key) ?? null, error: null, refused }
  }
}

function untouched(change: Change): Outcome {
  const own = change.op === 'create' ? null : change.id
  return { key: change.key, status: 'not-attempted', id: own, error: null, refused: [] }
}

function heldKey(kind: Kind, own: number): string {
  return `${kind} ${String(own)}`
}

// An answer that can't be read does not undo the write; the next run compares anyway.
function refusedIn(kind: Kind, write: Write, answer: JsonObject): readonly string[] {
  try {
    const values = kinds[kind].decode(answer).values as Values
    return refusedPaths(kinds[kind].fields, write.sent, values)
  } catch (error) {
    if (error instanceof ShapeError) return []
    throw error
  }
}
