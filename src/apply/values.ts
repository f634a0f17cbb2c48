// Writes the values of variables and overrides. The API leaves out without a word what it does not know yet, so all that
// was written to variables is read back, and what is not there is written once more.
import { DbtError } from '../dbt/error.ts'
import type { DbtClient } from '../dbt/client.ts'
import { hiding } from '../dbt/hide.ts'
import { readOverridesOf, readVariables } from '../dbt/variables.ts'
import { asFailure, Failure } from '../failure.ts'
import type { ValuesChange } from '../promotion/change.ts'
import { isObject, type JsonObject } from '../promotion/json.ts'
import type { Variable } from '../promotion/kinds/variable.ts'
import { quoted } from '../promotion/names.ts'
import {
  failureOf,
  lostPlaces,
  overrideWrite,
  unsetOf,
  variableWrite,
  type Lost,
  type ValueContext,
  type ValueWrite
} from '../promotion/value-writes.ts'
import type { Ledger } from './ledger.ts'
import { looks, type Sleep } from './looks.ts'

/** The wait before values are written again that were not set: a new environment is not known everywhere at once. */
const patience = 3000

/** A write of a variable that was sent, with what the answer said against it. */
interface Sent {
  readonly change: ValuesChange
  readonly write: ValueWrite
  readonly failures: JsonObject
}

/** What was found of it afterwards. */
interface ReadBack {
  readonly sent: Sent
  readonly lost: readonly Lost[]
  readonly held: readonly Variable[]
}

/** Writes the values of a plan. */
export class ValueWriter {
  readonly #context: ValueContext
  readonly #ledger: Ledger
  readonly #client: DbtClient
  readonly #sleep: Sleep
  readonly #sent: Sent[] = []

  constructor(context: ValueContext, ledger: Ledger, client: DbtClient, sleep: Sleep) {
    this.#context = context
    this.#ledger = ledger
    this.#client = client
    this.#sleep = sleep
  }

  /** Writes a variable; whether its values are there, `settle` tells. */
  async variable(change: ValuesChange): Promise<void> {
    await this.#ledger.attempt(change, null, async () => {
      const write = variableWrite(change, this.#context.target.variables ?? [], this.#context)
      const failures = await this.#send(write, async () => {
        const all = await readVariables(this.#client, this.#context.place)
        return isDone(change, write, all) ? {} : undefined
      }).catch((error: unknown) => {
        throw isTaken(change, error) ? taken(error) : error
      })
      this.#sent.push({ change, write, failures })
      // Until it is read back.
      this.#ledger.note(change, 'unclear')
    })
  }

  /** Reads the written variables back, and writes once more what is not there. */
  async settle(): Promise<void> {
    const doubtful = (await this.#readBack(this.#sent)).filter(({ lost }) => lost.length > 0)
    if (doubtful.length === 0) return
    await this.#sleep(patience)
    const again: Sent[] = []
    for (const { sent, lost, held } of doubtful) {
      await this.#ledger.attempt(sent.change, 'failed', async () => {
        const rest = unsetOf(sent.change, lost, this.#context)
        const failures =
          rest.writes.length > 0
            ? await this.#send(variableWrite(rest, held, this.#context), nothingFound)
            : sent.failures
        again.push({ ...sent, failures })
      })
    }
    for (const { sent, lost } of await this.#readBack(again)) {
      if (lost.length === 0) continue
      // Where a part of it is there, it is neither done nor as before.
      const isNothing = lost.filter(({ why }) => why === 'unset').length === sent.write.values.size
      this.#ledger.fail(sent.change, notSet(sent, lost), isNothing ? 'failed' : 'unclear')
    }
  }

  // What of each variable is not as it was sent, or is gone; what is whole is noted as applied.
  async #readBack(all: readonly Sent[]): Promise<readonly ReadBack[]> {
    if (all.length === 0) return []
    const { place, target } = this.#context
    try {
      const held = await readVariables(this.#client, place)
      return all.map((sent) => {
        const { change, write, failures } = sent
        const lost = lostPlaces(change, write, held, target.variables ?? [], failures)
        if (lost.length === 0) this.#ledger.note(change, 'applied')
        return { sent, lost, held }
      })
    } catch (error) {
      for (const { change } of all) this.#ledger.fail(change, asFailure(error), 'unclear')
      return []
    }
  }

  /** Writes an override. */
  async override(change: ValuesChange): Promise<void> {
    await this.#ledger.attempt(change, null, async () => {
      const write = overrideWrite(change, this.#context)
      const job = this.#context.idOf(change.job?.key ?? change.key)
      await this.#send(write, async () => {
        const all = await readOverridesOf(this.#client, this.#context.place, job)
        const held = all.get(change.name)
        const isThere =
          change.op === 'create'
            ? held !== undefined
            : held?.value === [...write.values.values()][0]
        return isThere ? {} : undefined
      })
      this.#ledger.note(change, 'applied')
    })
  }

  /**
   * Sends a write; after a lost answer, looks whether it was done.
   * @returns the failures that a good answer tells of
   */
  async #send(write: ValueWrite, look: () => Promise<JsonObject | undefined>): Promise<JsonObject> {
    try {
      const { failures } = await this.#client.send(write.request, write.doing)
      return isObject(failures) ? failures : {}
    } catch (error) {
      if (!(error instanceof DbtError) || !error.mayHaveHappened) throw error
      for (const wait of looks) {
        await this.#sleep(wait)
        const found = await look().catch(() => undefined)
        if (found) return found
      }
      throw error
    }
  }
}

// Of a secret that is written over another, nothing tells whether it was.
function isDone(change: ValuesChange, write: ValueWrite, now: readonly Variable[]): boolean {
  if (change.op === 'create') return now.some(({ name }) => name === change.name)
  const isOverSecret = change.writes.some(
    ({ before }) => typeof before === 'object' && before !== null
  )
  return !isOverSecret && lostPlaces(change, write, now, []).length === 0
}

// A variable that is in no list, and of which the platform says that it exists (terraform-provider-dbtcloud#213).
function isTaken(change: ValuesChange, error: unknown): error is DbtError {
  return (
    change.op === 'create' && error instanceof DbtError && /already exists/i.test(error.message)
  )
}

function taken({ reason, message }: DbtError): Failure {
  return new Failure(
    reason,
    message,
    'Where a variable was deleted, the override of a job may still hold its name: delete that override, then run this again.'
  )
}

const nothingFound = (): Promise<undefined> => Promise.resolve(undefined)

function notSet({ change, failures, write }: Sent, lost: readonly Lost[]): Failure {
  const hide = hiding(write.request.sensitive ?? [])
  const words = lost.map(({ place, why }) => {
    const reason = failureOf(failures, write.keys, place)
    if (why === 'gone') return `${quoted(place)} (it had one before)`
    return `${quoted(place)}${typeof reason === 'string' ? ` (${hide(reason)})` : ''}`
  })
  return new Failure(
    'apply-failed',
    `Variable ${change.name} was written, and it has no such value now for ${words.join(', ')}.`,
    'Run this again: an environment that is new may not be known everywhere yet. If it lasts, set the value in the target.'
  )
}
