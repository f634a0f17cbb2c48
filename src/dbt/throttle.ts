// Keeps one account's requests under its limit: so many in any minute, and none while the account must rest.
import { Failure } from '../model/failure.ts'
import { documentedRest, mostAskedRests, mostDocumentedRests } from './policy.ts'
import type { Stop } from './stop.ts'
import type { Time } from './time.ts'

const minute = 60_000

/** What a throttle needs. */
interface ThrottleOptions {
  readonly perMinute: number
  readonly time: Time
  readonly stop: Stop
  /** Says what is waited for. */
  readonly log: (line: string) => void
}

/**
 * The throttle of one account. A request counts from when it is sent until a minute after its answer: so the bound
 * holds over any minute of the server's clock too, however long requests are on their way.
 */
export class Throttle {
  readonly #options: ThrottleOptions
  #underWay = 0
  // When the requests of the last minute were answered, oldest first; those before `#first` are over.
  #answered: number[] = []
  #first = 0
  // Requests are let in one after the other.
  #queue: Promise<void> = Promise.resolve()
  #rest: Promise<void> | undefined
  #rests = { documented: 0, asked: 0 }
  /** How many rests began so far. An answer of before a rest is no reason for another. */
  #epoch = 0

  constructor(options: ThrottleOptions) {
    this.#options = options
  }

  /**
   * Runs one exchange when the account may be asked.
   * @param exchange begins it, and gets the epoch in which it is sent
   * @throws Failure when the run is stopped meanwhile
   */
  async run<T>(exchange: (epoch: number) => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => this.#enter(exchange))
    this.#queue = turn.then(
      () => undefined,
      () => undefined
    )
    const { answer } = await turn
    try {
      return await answer
    } finally {
      this.#underWay--
      this.#answered.push(this.#options.time.now() + minute)
    }
  }

  /**
   * Lets the account rest after a 429: everything that is not yet sent waits.
   * @param epoch the epoch in which the refused request was sent
   * @param asked the wait that the answer asked for, in milliseconds
   * @throws Failure when there is no time for it, or when it was of no use before
   */
  rest(epoch: number, asked: number | undefined): void {
    if (epoch < this.#epoch) return
    const { time, stop } = this.#options
    const wait = asked ?? documentedRest
    const isTooOften =
      asked === undefined
        ? ++this.#rests.documented > mostDocumentedRests
        : ++this.#rests.asked > mostAskedRests
    if (isTooOften || time.now() + wait > stop.deadline) throw overLimit(wait, isTooOften)
    this.#epoch++
    const rest = this.#resting(time.now() + wait).then(() => {
      if (this.#rest === rest) this.#rest = undefined
    })
    this.#rest = rest
  }

  // It begins in the very step in which it is found that it may, or a rest could come in between. The answer is handed
  // out in an object, so that the next does not wait for it.
  async #enter<T>(exchange: (epoch: number) => Promise<T>): Promise<{ answer: Promise<T> }> {
    const { perMinute, time, stop } = this.#options
    for (;;) {
      stop.check()
      if (this.#rest) {
        await this.#rest
        continue
      }
      const now = time.now()
      while ((this.#answered[this.#first] ?? Infinity) <= now) this.#first++
      if (this.#first > 1000) {
        this.#answered = this.#answered.slice(this.#first)
        this.#first = 0
      }
      if (this.#underWay + this.#answered.length - this.#first < perMinute) break
      // Where all are still under way, there is no time to wait for yet.
      const next = this.#answered[this.#first] ?? now + 50
      await time.sleep(Math.max(1, next - now), stop.draining)
    }
    this.#underWay++
    return { answer: exchange(this.#epoch) }
  }

  async #resting(until: number): Promise<void> {
    const { time, stop, log } = this.#options
    for (
      let left = until - time.now();
      left > 0 && !stop.draining.aborted;
      left = until - time.now()
    ) {
      log(
        `The account is over its limit of requests: going on in ${Math.ceil(left / 1000)} seconds.`
      )
      await time.sleep(Math.min(left, 30_000), stop.draining)
    }
  }
}

function overLimit(wait: number, isTooOften: boolean): Failure {
  return new Failure(
    'rate-limited',
    isTooOften
      ? 'The account is over its limit of requests again, after a rest.'
      : `The account is over its limit of requests and wants ${Math.ceil(wait / 1000)} seconds of rest, ` +
          'for which deadline-minutes leaves no time.',
    'Run this again later, and lower requests-per-minute: other tools share the limit of 5,000 a minute.'
  )
}
