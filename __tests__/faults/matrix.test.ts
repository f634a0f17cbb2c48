// A part of the matrix that `npm run test:faults` plays whole: every fault in one of the promotions, each at another place
// and another of its requests. Where all is tried, every fault in each promotion.
import { beforeAll, describe, expect, it } from '@jest/globals'
import { faults, type Fault } from '../../testing/faults/faults.ts'
import { baseline, placesOf, runMatrix, type Baseline } from '../../testing/faults/matrix.ts'
import type { Promotion } from '../../testing/faults/promotion.ts'
import { isWhole } from '../../testing/effort.ts'
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

/** What strikes a promotion: each fault finds, of the promotions that it strikes, another one. */
function faultsOf(promotion: Promotion): readonly (readonly [string, Fault, number])[] {
  return faults.flatMap((fault, turn) => {
    const struck = promotions.filter((each) => placesOf(fault, each).length > 0)
    const isTried = isWhole
      ? struck.includes(promotion)
      : struck[turn % struck.length] === promotion
    return isTried ? [[fault.name, fault, turn] as const] : []
  })
}

describe.each(promotions.map((promotion) => [promotion.name, promotion] as const))(
  'a promotion by %s in which one request goes wrong',
  (_promotion, promotion) => {
    let base: Baseline

    beforeAll(async () => {
      base = await baseline(promotion)
    })

    it.each(faultsOf(promotion))(
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
