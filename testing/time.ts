// Time for tests: nobody waits for real.
import process from 'node:process'
import type { Time } from '../src/dbt/time.ts'

/** Up to how long a wait is one before another attempt, and no limit of time. */
const shortMs = 30_000

/**
 * A clock that runs `factor` times as fast, for runs over real connections. Waits of up to half a minute take next to no time,
 * since nothing happens meanwhile: when one ends, the clock is set to its end.
 */
export function fastTime(factor = 1000): Time {
  const start = Date.now()
  let skipped = 0
  const now = (): number => start + (Date.now() - start) * factor + skipped
  return {
    now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve()
          return
        }
        const due = now() + milliseconds
        const pace = milliseconds <= shortMs ? Math.max(factor, 5000) : factor
        const timer = setTimeout(() => {
          skipped += Math.max(0, due - now())
          done()
        }, milliseconds / pace)
        function done(): void {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        signal?.addEventListener('abort', done, { once: true })
      }),
    chance: () => 0.5
  }
}

/** A clock that stands until it is told to go on, and then goes on to the next waiter, one by one. */
export class VirtualTime implements Time {
  #now = Date.UTC(2026, 0, 7, 12)
  #waiting: { at: number; wake: () => void }[] = []
  /** Every wait that was begun, in milliseconds. */
  readonly waits: number[] = []
  readonly #patienceMs: number

  /**
   * @param patienceMs real milliseconds that pass before a wait of more than a second ends: what is on its way to a server
   * on loopback arrives before
   */
  constructor(patienceMs = 0) {
    this.#patienceMs = patienceMs
  }

  now = (): number => this.#now
  chance = (): number => 0

  sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    this.waits.push(milliseconds)
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve()
        return
      }
      const entry = { at: this.#now + Math.max(0, milliseconds), wake: resolve }
      this.#waiting.push(entry)
      signal?.addEventListener(
        'abort',
        () => {
          this.#waiting = this.#waiting.filter((each) => each !== entry)
          resolve()
        },
        { once: true }
      )
    })
  }

  /** Lets time pass until the work is done; each waiter is woken in its turn. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false }
    const watched = work.finally(() => {
      state.isDone = true
    })
    watched.catch(() => undefined)
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      if (state.isDone) return watched
      // A file that is being read or written takes no time of this clock.
      if (process.getActiveResourcesInfo().some((each) => /^(FSReq|CloseReq)/.test(each))) continue
      const next = this.#next()
      if (this.#patienceMs > 0 && (next?.at ?? Infinity) > this.#now + 1000)
        await new Promise((resolve) => setTimeout(resolve, this.#patienceMs))
      this.#wakeNext()
    }
  }

  #next(): { readonly at: number; readonly wake: () => void } | undefined {
    let next = this.#waiting[0]
    for (const each of this.#waiting) if (next && each.at < next.at) next = each
    return next
  }

  #wakeNext(): void {
    const next = this.#next()
    if (!next) return
    this.#waiting = this.#waiting.filter((each) => each !== next)
    this.#now = Math.max(this.#now, next.at)
    next.wake()
  }
}
