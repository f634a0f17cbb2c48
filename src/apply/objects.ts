// Writes objects, one change at a time: exactly once, and with each answer compared with what was sent.
import { decoded, type DbtClient } from '../dbt/client.ts'
import { DbtError } from '../dbt/error.ts'
import type { Create, ObjectChange, Pause, Update } from '../model/change.ts'
import { whole, type Resource, type Values } from '../model/field.ts'
import { kindNames, kindOf, kinds } from '../kinds/kinds.ts'
import type { Kind } from '../model/keys.ts'
import { isWritten, madeBy } from '../promotion/look-up.ts'
import { quoted } from '../model/names.ts'
import { refusedPaths } from '../promotion/read-back.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import {
  createWrite,
  isWhole,
  linkWrite,
  pauseWrite,
  updateWrite,
  type Write,
  type WriteContext
} from '../promotion/writes.ts'
import type { Ledger } from './ledger.ts'
import { looks, type Sleep } from './looks.ts'

/** An object of the target, as an answer tells of it. */
type Told = Resource<object>

/** Writes the objects of a plan. */
export class ObjectWriter {
  /** What was in the target before, by kind and id. */
  readonly #held: ReadonlyMap<Kind, ReadonlyMap<number, Values>>
  readonly #client: DbtClient
  readonly #sleep: Sleep
  readonly #ledger: Ledger
  readonly #context: WriteContext

  /** @param target the target as it was read last, from which updates take what the plan does not change */
  constructor(
    target: Snapshot,
    context: WriteContext,
    ledger: Ledger,
    client: DbtClient,
    sleep: Sleep
  ) {
    this.#client = client
    this.#sleep = sleep
    this.#ledger = ledger
    this.#context = context
    this.#held = new Map(
      kindNames.map((kind) => [
        kind,
        new Map(
          kindOf(kind)
            .held(target)
            .map(({ id, values }) => [id, values as Values])
        )
      ])
    )
  }

  #valuesOf({ kind, id }: Update | Pause): Values {
    return this.#held.get(kind)?.get(id) ?? {}
  }

  async create(change: Create): Promise<void> {
    await this.#ledger.attempt(change, null, async () => {
      const whole = isWhole(change, this.#context)
      const write = createWrite(change, this.#context)
      this.#ledger.sending(change, write.sent, null)
      const made = await this.#sent(change.kind, write).catch((error: unknown) =>
        this.#found(change, error, (listed) =>
          madeBy(change, write.sent, listed, this.#known(change.kind))
        )
      )
      this.#ledger.made(change.key, made.id)
      this.#ledger.note(change, whole ? 'applied' : 'unlinked', refusedIn(change.kind, write, made))
    })
  }

  /** The second write of a new object, where the first one left something out. */
  async link(change: Create): Promise<void> {
    if (this.#ledger.status(change.key) !== 'unlinked') return
    await this.#ledger.attempt(change, 'unlinked', async () => {
      const own = this.#context.idOf(change.key)
      await this.#replace(change, own, linkWrite(change, own, this.#context), null)
    })
  }

  async update(change: Update): Promise<void> {
    await this.#ledger.attempt(change, null, async () => {
      const held = this.#valuesOf(change)
      await this.#replace(change, change.id, updateWrite(change, held, this.#context), held)
    })
  }

  async pause(change: Pause): Promise<void> {
    await this.#ledger.attempt(change, null, async () => {
      const held = this.#valuesOf(change)
      await this.#replace(change, change.id, pauseWrite(change, held, this.#context), held)
    })
  }

  // The answer must tell the whole object, or it is not known what was written.
  async #sent(kind: Kind, write: Write): Promise<Told> {
    const raw = await this.#client.send(write.request, write.doing)
    return decoded(write.request, write.doing, this.#client.side, () =>
      whole(kinds[kind].decode(raw))
    )
  }

  // After a write whose answer is lost the object is looked for, and taken when it is there. Only so is a create never
  // sent twice; and an update that was done in spite of its answers is told as done.
  async #found(
    change: ObjectChange,
    error: unknown,
    written: (listed: readonly Told[]) => readonly Told[]
  ): Promise<Told> {
    const { find, decode } = kinds[change.kind]
    if (!(error instanceof DbtError) || !error.mayHaveHappened || find === null) throw error
    const request = find(this.#context.place, change.name)
    const doing = `Looking whether ${change.kind} ${quoted(change.name)} was written`
    for (const wait of looks) {
      await this.#sleep(wait)
      const raws = await this.#client.list(request, doing).catch(() => [])
      const listed = decoded(request, doing, this.#client.side, () =>
        raws.map((raw) => decode(raw))
      )
      const [made, ...more] = written(listed)
      if (made && made.fault === null && more.length === 0) return made
    }
    throw error
  }

  #known(kind: Kind): ReadonlySet<number> {
    const made = this.#context.plan.changes.flatMap(({ key, kind: each }) => {
      const own = this.#ledger.id(key)
      return own === undefined || each !== kind ? [] : [own]
    })
    return new Set([...(this.#held.get(kind)?.keys() ?? []), ...made])
  }

  // `before` is the object as it was; null for one that this run made.
  async #replace(
    change: ObjectChange,
    own: number,
    write: Write,
    before: Values | null
  ): Promise<void> {
    this.#ledger.sending(change, write.sent, before)
    const told = await this.#sent(change.kind, write).catch((error: unknown) =>
      this.#found(change, error, (listed) =>
        listed.filter((each) => each.id === own && isWritten(change.kind, write.sent, each, before))
      )
    )
    this.#ledger.note(change, 'applied', refusedIn(change.kind, write, told))
  }
}

function refusedIn(kind: Kind, write: Write, { values }: Told): readonly string[] {
  return refusedPaths(kinds[kind].fields, write.sent, values as Values)
}
