// What is known while a plan is applied: the ids so far, and what became of each change.
import { DbtError } from '../dbt/error.ts'
import { asFailure, Failure } from '../model/failure.ts'
import type { Change } from '../model/change.ts'
import type { Key } from '../model/keys.ts'
import type { Outcome, OutcomeStatus } from '../model/outcome.ts'
import type { Values } from '../model/field.ts'
import type { Plan } from '../promotion/plan.ts'
import type { Recorder } from './journal-file.ts'

/** The outcomes of a plan of which nothing was attempted. */
export function nothingAttempted({ changes }: Plan): readonly Outcome[] {
  return changes.flatMap((change): readonly Outcome[] =>
    change.op === 'unchanged'
      ? []
      : [
          {
            key: change.key,
            status: 'not-attempted',
            id: 'id' in change ? change.id : null,
            error: null,
            refused: []
          }
        ]
  )
}

/** The record of one application of a plan. */
export class Ledger {
  readonly #plan: Plan
  readonly #record: Recorder | undefined
  readonly #ids: Map<Key, number>
  readonly #outcomes = new Map<Key, Outcome>()
  #hasFailed = false

  constructor(plan: Plan, record?: Recorder) {
    this.#plan = plan
    this.#record = record
    this.#ids = new Map(
      plan.changes.flatMap((change) => ('id' in change ? [[change.key, change.id]] : []))
    )
  }

  /** Whether something failed, after which nothing more is begun. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** The id of a resource of the desired state, if it has one by now. */
  id(key: Key): number | undefined {
    return this.#ids.get(key)
  }

  /** What became of a change so far. */
  status(key: Key): OutcomeStatus | undefined {
    return this.#outcomes.get(key)?.status
  }

  made(key: Key, id: number): void {
    this.#ids.set(key, id)
  }

  /** Told before an object is sent. @param before the object as it was; null for a new one */
  sending(change: Change, sent: Values, before: Values | null): void {
    this.#record?.sending(change.key, sent, before)
  }

  note(change: Change, status: OutcomeStatus, refused: readonly string[] = []): void {
    this.#keep({ ...this.#outcome(change, status), refused })
  }

  /** @param status what the failure makes of the change */
  fail(change: Change, failure: Failure, status: OutcomeStatus): void {
    this.#hasFailed = true
    const { reason, message, remedy } = failure
    this.#keep({ ...this.#outcome(change, status), error: { reason, message, remedy } })
  }

  /**
   * Does some work for a change, whose failure is an outcome.
   * @param otherwise what a failure makes of the change; null where it depends on the failure
   */
  async attempt(
    change: Change,
    otherwise: OutcomeStatus | null,
    work: () => Promise<void>
  ): Promise<void> {
    try {
      await work()
    } catch (error) {
      const isLost = error instanceof DbtError ? error.mayHaveHappened : !(error instanceof Failure)
      this.fail(change, asFailure(error), otherwise ?? (isLost ? 'unclear' : 'failed'))
    }
  }

  /** One outcome for each change that writes, in the order of the plan. */
  outcomes(): readonly Outcome[] {
    return nothingAttempted(this.#plan).map((each) => this.#outcomes.get(each.key) ?? each)
  }

  #keep(outcome: Outcome): void {
    this.#outcomes.set(outcome.key, outcome)
    this.#record?.outcome(outcome)
  }

  #outcome(change: Change, status: OutcomeStatus): Outcome {
    const id = this.#ids.get(change.key) ?? null
    return { key: change.key, status, id, error: null, refused: [] }
  }
}
