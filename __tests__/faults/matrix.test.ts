// A part of the matrix that `npm run test:faults` plays whole: every fault, at the first, a middle and the last request
// of each place.
import { beforeAll, describe, expect, it } from '@jest/globals'
import { faults } from './faults.ts'
import { baseline, runMatrix, type Baseline } from './matrix.ts'
import { places, type Arrival } from './wire.ts'

let base: Baseline

beforeAll(async () => {
  base = await baseline()
})

function some(arrivals: readonly Arrival[]): readonly Arrival[] {
  return places.flatMap((place) => {
    const all = arrivals.filter((each) => each.place === place)
    return [...new Set([all[0], all[Math.floor(all.length / 2)], all.at(-1)])].flatMap((each) =>
      each ? [each] : []
    )
  })
}

describe('a promotion in which one request goes wrong', () => {
  it.each(faults.map((fault) => [fault.name, fault] as const))(
    'by %s tells the truth, doubles nothing, leaks nothing, and is completed by the next',
    async (_name, fault) => {
      const { cases, red } = await runMatrix(base, [fault], (_fault, arrivals) => some(arrivals))
      expect(red).toEqual([])
      expect(cases).toBeGreaterThan(15)
    },
    30_000
  )
})
