// A part of the matrix that `npm run test:faults` plays whole: every fault once in each promotion, each time at another
// place and another of its requests.
import { beforeAll, describe, expect, it } from '@jest/globals'
import { faults, type Fault } from '../../testing/faults/faults.ts'
import { baseline, placesOf, runMatrix, type Baseline } from '../../testing/faults/matrix.ts'
import type { Promotion } from '../../testing/faults/promotion.ts'
import { promotions } from '../../testing/faults/promotions.ts'
import type { Arrival } from '../../testing/faults/wire.ts'

const oneOfEach = (
  turn: number,
  arrivals: readonly Arrival[],
  places: readonly string[]
): readonly Arrival[] =>
  places.flatMap((place) => {
    const all = arrivals.filter((each) => each.place === place)
    return all.slice(turn % all.length).slice(0, 1)
  })

function struckIn(promotion: Promotion, fault: Fault, turn: number): readonly string[] {
  const places = placesOf(fault, promotion)
  return places.slice(turn % places.length).slice(0, 1)
}

describe.each(promotions.map((promotion) => [promotion.name, promotion] as const))(
  'a promotion by %s in which one request goes wrong',
  (_promotion, promotion) => {
    let base: Baseline

    beforeAll(async () => {
      base = await baseline(promotion)
    })

    it.each(
      faults
        .filter((fault) => placesOf(fault, promotion).length > 0)
        .map((fault, turn) => [fault.name, fault, turn] as const)
    )(
      'by %s tells the truth, doubles nothing, leaks nothing, and is completed by the next',
      async (_name, fault, turn) => {
        const places = struckIn(promotion, fault, turn)
        const { cases, red } = await runMatrix(base, [fault], (all) => oneOfEach(turn, all, places))
        expect(red).toEqual([])
        expect(cases).toBe(places.length)
      },
      30_000
    )
  }
)
