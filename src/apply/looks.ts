// The looks for a write whose answer was lost.

/** Waits some milliseconds, or less where the run is stopped. */
export type Sleep = (milliseconds: number) => Promise<void>

/** The waits before each look: several over half a minute. */
export const looks: readonly number[] = [1000, 3000, 6000, 10_000, 10_000]
