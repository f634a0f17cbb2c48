// A part of the matrix that `npm run test:faults` plays whole: every fault once at each place, each time at another of its
// requests.
import { beforeAll, describe, expect, it } from '@jest/globals'
import { faults } from './faults.ts'
import { baseline, runMatrix, type Baseline } from './matrix.ts'
import { places, type Arrival } from './wire.ts'

let base: Baseline

beforeAll(async () => {
  base = await baseline()
})

const oneOfEach = (turn: number, arrivals: readonly Arrival[]): readonly Arrival[] =>
  places.flatMap((place) => {
    const all = arrivals.filter((each) => each.place === place)
    return all.slice(turn % all.length).slice(0, 1)
  })

describe('a promotion in which one request goes wrong', () => {
  it.each(faults.map((fault, turn) => [fault.name, fault, turn] as const))(
    'by %s tells the truth, doubles nothing, leaks nothing, and is completed by the next',
    async (_name, fault, turn) => {
      const { cases, red } = await runMatrix(base, [fault], (_fault, all) => oneOfEach(turn, all))
      expect(red).toEqual([])
      expect(cases).toBe(places.length)
    },
    30_000
  )
})
