// How much the tests try. `npm test` is run after each change, so it takes a sample of what takes long; with TESTS=whole,
// as in CI, all of it is tried.
import process from 'node:process'

/** Whether all is to be tried. */
export const isWhole = process.env['TESTS'] === 'whole'

/** How often a property is tried: so often, `whole` times where all is tried, and as PROPERTY_RUNS says before that. */
export function runs(sample: number, whole = 150): number {
  const given = process.env['PROPERTY_RUNS']
  if (given !== undefined) return Math.ceil((Number(given) * whole) / 150)
  return isWhole ? whole : sample
}

/** So many of a list, from all over it, or all where all is tried. */
export function sampleOf<T>(list: readonly T[], count: number): readonly T[] {
  if (isWhole || list.length <= count) return list
  return Array.from({ length: count }, (_, n) => Math.floor((n * list.length) / count)).flatMap(
    (index) => list.slice(index, index + 1)
  )
}
