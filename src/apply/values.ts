// Writes the values of variables and overrides. The API leaves out without a word what it does not know yet, so all that
// was written to variables is read back, and what is not there is written once more.
import { DbtError } from '../dbt/error.ts'
import { decoded, type DbtClient } from '../dbt/client.ts'
import { readOverridesOf, readVariables } from '../dbt/variables.ts'
import { asFailure, Failure } from '../model/failure.ts'
import type { ValuesChange } from '../model/change.ts'
import { answeredValue } from '../kinds/override.ts'
import { answeredFailures, type Variable } from '../kinds/variable.ts'
import type { OutcomeStatus } from '../model/outcome.ts'
import {
  lostPlaces,
  overrideWrite,
  unsetOf,
  variableWrite,
  type Lost,
  type ValueContext,
  type ValueWrite
} from '../promotion/value-writes.ts'
import {
  changedMeanwhile,
  notSet,
  otherValue,
  unseen,
  type Sent,
  type Told
} from './value-failures.ts'
import type { Ledger } from './ledger.ts'
import { looks, type Sleep } from './looks.ts'

/** The wait before values are written again that were not set: a new environment is not known everywhere at once. */
const patience = 3000

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
  /** The variables as they were read last before they are written. */
  #held: readonly Variable[]

  constructor(context: ValueContext, ledger: Ledger, client: DbtClient, sleep: Sleep) {
    this.#context = context
    this.#held = context.target.variables ?? []
    this.#ledger = ledger
    this.#client = client
    this.#sleep = sleep
  }

  /**
   * Reads the variables once more, where other writes came before these: an update mentions all values of a variable,
   * and must not put back what somebody changed meanwhile.
   */
  async refresh(changes: readonly ValuesChange[]): Promise<void> {
    const updates = changes.filter(({ op }) => op === 'update')
    if (updates.length === 0) return
    try {
      const now = await readVariables(this.#client, this.#context.place)
      for (const change of changes) {
        if (!isSame(valuesOf(this.#held, change), valuesOf(now, change)))
          this.#ledger.fail(change, changedMeanwhile(change), 'failed')
      }
      this.#held = now
    } catch (error) {
      for (const change of updates) this.#ledger.fail(change, asFailure(error), 'failed')
    }
  }

  /** Writes a variable; whether its values are there, `settle` tells. */
  async variable(change: ValuesChange): Promise<void> {
    await this.#ledger.attempt(change, null, async () => {
      const write = variableWrite(change, this.#held, this.#context)
      const look = async (): Promise<boolean> =>
        isDone(change, write, await readVariables(this.#client, this.#context.place))
      const told = await this.#send(write, look)
        .catch(async (error: unknown) => {
          if (!isWithoutValues(error)) throw error
          // All of its values are for environments that are new, and not known everywhere at once.
          await this.#sleep(patience)
          return this.#send(write, look)
        })
        .catch((error: unknown) => {
          throw isTaken(change, error) ? taken(error) : error
        })
      this.#sent.push({ change, write, ...told })
      // Until it is read back.
      this.#ledger.note(change, 'unclear')
    })
  }

  /** Reads the written variables back, and writes once more what is not there. */
  async settle(): Promise<void> {
    const doubtful = (await this.#readBack(this.#sent)).filter(({ lost }) => lost.length > 0)
    if (doubtful.length === 0) return
    const again: Sent[] = []
    if (doubtful.some(({ lost }) => lost.some(({ why }) => why === 'unset')))
      await this.#sleep(patience)
    for (const found of doubtful) again.push(await this.#again(found))
    for (const { sent, lost } of await this.#readBack(again)) {
      if (lost.length > 0)
        this.#ledger.fail(sent.change, notSet(sent, lost, this.#client.hide), fateOf(sent, lost))
    }
  }

  async #again({ sent, lost, held }: ReadBack): Promise<Sent> {
    const rest = unsetOf(sent.change, lost, this.#context)
    if (rest.writes.length === 0) return sent
    try {
      const again = variableWrite(rest, held, this.#context)
      const { failures, inDoubt } = await this.#send(again, nothingFound)
      const write = { ...sent.write, keys: new Map([...sent.write.keys, ...again.keys]) }
      return { ...sent, write, failures, inDoubt: sent.inDoubt || inDoubt }
    } catch (error) {
      const isLost = error instanceof DbtError && error.mayHaveHappened
      // What can't be made, since it is there already, only does not show yet.
      const inDoubt = sent.inDoubt || isLost || isTaken(sent.change, error)
      return { ...sent, inDoubt, error: asFailure(error) }
    }
  }

  // What of each variable is not as it was sent, or is gone; what is whole is noted as applied.
  async #readBack(all: readonly Sent[]): Promise<readonly ReadBack[]> {
    if (all.length === 0) return []
    try {
      const held = await readVariables(this.#client, this.#context.place)
      return all.map((sent) => {
        const { change, write, failures, inDoubt } = sent
        const lost = lostPlaces(change, write, held, this.#held, failures, inDoubt)
        const isWhole = lost.length === 0 && !(sent.error && isOverSecret(change))
        if (isWhole) this.#ledger.note(change, 'applied')
        else if (lost.length === 0 && sent.error) this.#ledger.fail(change, sent.error, 'unclear')
        return { sent, lost, held }
      })
    } catch (error) {
      const failure = asFailure(error)
      const isStopped = failure.reason === 'cancelled' || failure.reason === 'deadline'
      for (const sent of all) {
        if (isStopped && this.#isCertain(sent)) this.#ledger.note(sent.change, 'applied')
        else this.#ledger.fail(sent.change, failure, 'unclear')
      }
      return []
    }
  }

  // Where there is no time left to read back, a good answer is believed if all that it is about was there before:
  // nothing of it is left out then.
  #isCertain({ change, failures, inDoubt, error }: Sent): boolean {
    return (
      !inDoubt &&
      !error &&
      Object.keys(failures).length === 0 &&
      change.writes.every(({ scope }) => scope === 'project' || this.#context.wasThere(scope))
    )
  }

  /** Writes an override. */
  async override(change: ValuesChange): Promise<void> {
    await this.#ledger.attempt(change, null, async () => {
      const write = overrideWrite(change, this.#context)
      const job = this.#context.idOf(change.job?.key ?? change.key)
      if (change.op === 'update' && write.request.retry === 'create') throw unseen(write)
      const [value] = write.values.values()
      const { shown } = await this.#send(write, async () => {
        const all = await readOverridesOf(this.#client, this.#context.place, job)
        const held = all.get(change.name)
        return change.op === 'create' ? held !== undefined : held?.value === value
      })
      if (shown === undefined || shown === value) this.#ledger.note(change, 'applied')
      else this.#ledger.fail(change, otherValue(write), 'unclear')
    })
  }

  /** Sends a write; after a lost answer, looks whether it was done. */
  async #send(write: ValueWrite, look: () => Promise<boolean>): Promise<Told> {
    try {
      const { request, doing } = write
      const { data, inDoubt } = await this.#client.sendTold(request, doing)
      return decoded(request, doing, this.#client.side, () => ({
        failures: answeredFailures(data),
        shown: answeredValue(data),
        inDoubt
      }))
    } catch (error) {
      if (!(error instanceof DbtError) || !error.mayHaveHappened) throw error
      for (const wait of looks) {
        await this.#sleep(wait)
        if (await look().catch(() => false)) return { failures: {}, inDoubt: true }
      }
      throw error
    }
  }
}

const nothingFound = (): Promise<boolean> => Promise.resolve(false)

function isDone(change: ValuesChange, write: ValueWrite, now: readonly Variable[]): boolean {
  if (change.op === 'create') return now.some(({ name }) => name === change.name)
  return !isOverSecret(change) && lostPlaces(change, write, now, []).length === 0
}

// Of a secret that is written over another, nothing but an answer tells whether it was.
function isOverSecret({ writes }: ValuesChange): boolean {
  return writes.some(({ before }) => typeof before === 'object' && before !== null)
}

// Where a part of it is there, it is neither done nor as before.
function fateOf({ inDoubt, write }: Sent, lost: readonly Lost[]): OutcomeStatus {
  if (inDoubt || lost.some(({ why }) => why === 'other')) return 'unclear'
  const isNothing = lost.filter(({ why }) => why === 'unset').length === write.values.size
  return isNothing ? 'failed' : 'partial'
}

// What the platform says where it has left out every value that it was sent.
function isWithoutValues(error: unknown): boolean {
  return (
    error instanceof DbtError &&
    !error.mayHaveHappened &&
    /no specified values/i.test(error.message)
  )
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

function valuesOf(all: readonly Variable[], { name }: ValuesChange): Variable['values'] {
  return all.find((each) => each.name === name)?.values ?? new Map<string, never>()
}

function isSame(a: Variable['values'], b: Variable['values']): boolean {
  return (
    a.size === b.size &&
    [...a].every(([scope, { id, value }]) => {
      const other = b.get(scope)
      return other?.id === id && other.value === value
    })
  )
}
