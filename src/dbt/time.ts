// Time as it is passed in: a clock, a way to wait, and chance. Tests have a clock of their own and never wait.

/** The time of a run. */
export interface Time {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Waits; comes back early when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** From 0 to 1. */
  readonly chance: () => number
}

/** The time of this machine. */
export const realTime: Time = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve()
        return
      }
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      signal?.addEventListener('abort', done, { once: true })
    }),
  chance: () => Math.random()
}
