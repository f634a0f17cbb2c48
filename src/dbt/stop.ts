// How a run is stopped, by its deadline or by a cancelled workflow: first nothing new begins, then what is under way
// is cut.
import { setMaxListeners } from 'node:events'
import { Failure } from '../model/failure.ts'
import type { Time } from './time.ts'

/** Why a run stops. */
type StopReason = 'deadline' | 'cancelled'

/** What is under way gets this long. The runner kills a cancelled step 7.5 seconds after it asked it to end. */
const graceMs = 4000

/** The stop of one run. */
export class Stop {
  readonly #time: Time
  readonly #draining = new AbortController()
  readonly #cutting = new AbortController()
  #reason: StopReason | undefined
  /** When the run must be over, in milliseconds since 1970. */
  readonly deadline: number

  /** @param minutes the longest time for the run */
  constructor(time: Time, minutes: number) {
    this.#time = time
    // All that waits or is under way listens, and Node takes more than ten for a leak.
    setMaxListeners(0, this.draining, this.cutting)
    this.deadline = time.now() + minutes * 60_000
    void this.#atDeadline()
  }

  /** Aborted when nothing new may begin; waits end then. */
  get draining(): AbortSignal {
    return this.#draining.signal
  }

  /** Aborted when what is under way is cut. */
  get cutting(): AbortSignal {
    return this.#cutting.signal
  }

  /** Begins to stop. The first reason counts; a second call cuts at once. */
  async stop(reason: StopReason): Promise<void> {
    if (this.#reason !== undefined) {
      this.#cutting.abort(this.failure())
      return
    }
    this.#reason = reason
    this.#draining.abort()
    await this.#time.sleep(graceMs, this.#cutting.signal)
    this.#cutting.abort(this.failure())
  }

  /** Ends the watch over the deadline, when the run is over. */
  end(): void {
    this.#reason ??= 'cancelled'
    this.#draining.abort()
    this.#cutting.abort()
  }

  /** @throws Failure when nothing new may begin */
  check(): void {
    if (this.#draining.signal.aborted) throw this.failure()
  }

  /** The failure of what the stop prevented. */
  failure(): Failure {
    return this.#reason === 'deadline'
      ? new Failure(
          'deadline',
          'The time given by deadline-minutes is over.',
          'Run this again: what is done stays done. Give more minutes if the promotion is large.'
        )
      : new Failure(
          'cancelled',
          'The run was cancelled.',
          'Run this again: what is done stays done.'
        )
  }

  async #atDeadline(): Promise<void> {
    await this.#time.sleep(this.deadline - this.#time.now(), this.#draining.signal)
    if (!this.#draining.signal.aborted) await this.stop('deadline')
  }
}
