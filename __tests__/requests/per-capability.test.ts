// What each capability costs: reads, writes, and the moments at which something is sent, one round trip apart or more.
// Fewer are a gain, so change the figures; more need a reason.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { isWhole } from '../../testing/effort.ts'
import { play, type RunRecord } from '../../testing/net/play.ts'
import { capabilities } from '../../testing/worlds/many.ts'

type Cost = readonly [reads: number, writes: number, rounds: number]

const sizes = [1, 100, 1000] as const

/** By capability, with 1, 100 and 1,000 objects. */
const costs: Readonly<Record<string, readonly [Cost, Cost, Cost]>> = {
  'a no-op': [
    [7, 0, 1],
    [9, 0, 2],
    [25, 0, 2]
  ],
  create: [
    [10, 3, 5],
    [11, 102, 6],
    [19, 1002, 24]
  ],
  update: [
    [9, 1, 3],
    [12, 100, 6],
    [36, 1000, 24]
  ],
  adopt: [
    [9, 2, 4],
    [12, 101, 7],
    [36, 1001, 25]
  ],
  move: [
    [9, 1, 3],
    [12, 100, 6],
    [36, 1000, 24]
  ],
  'new variables': [
    [12, 3, 6],
    [12, 102, 7],
    [12, 1002, 25]
  ],
  'new overrides, listed with the jobs': [
    [13, 5, 8],
    [14, 203, 10],
    [22, 2003, 46]
  ],
  'new overrides, not listed with them': [
    [14, 5, 9],
    [114, 203, 12],
    [1022, 2003, 66]
  ],
  'overrides as they are, listed with the jobs': [
    [8, 0, 1],
    [10, 0, 2],
    [26, 0, 2]
  ],
  'overrides as they are, not listed with them': [
    [10, 0, 3],
    [210, 0, 6],
    [2026, 0, 42]
  ],
  'new extended attributes': [
    [10, 2, 6],
    [110, 200, 9],
    [1018, 2000, 63]
  ],
  // Of each job it is asked whether it is gone.
  removals: [
    [10, 1, 4],
    [111, 100, 8],
    [1029, 1000, 44]
  ],
  'the rollback of an update': [
    [5, 1, 3],
    [7, 100, 6],
    [23, 1000, 24]
  ],
  'the rollback of a create': [
    [5, 1, 3],
    [7, 100, 6],
    [23, 1000, 24]
  ],
  'a connection by name, of so many': [
    [11, 3, 5],
    [12, 3, 5],
    [20, 3, 5]
  ],
  'projects by name, of so many': [
    [10, 3, 6],
    [11, 3, 6],
    [20, 3, 6]
  ],
  'mode check': [
    [7, 0, 1],
    [9, 0, 2],
    [25, 0, 2]
  ]
}

function costOf({ requests }: RunRecord): Cost {
  const asked = requests.flatMap((round) => round.asked)
  const reads = asked.filter(({ method }) => method === 'GET').length
  return [reads, asked.length - reads, requests.length]
}

// With a thousand each takes seconds.
const tried = isWhole ? sizes : sizes.slice(0, 2)

describe.each(tried.map((size, index) => [size, index] as const))('with %i', (size, index) => {
  it.each(Object.entries(capabilities))('%s', async (name, capability) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'requests-'))
    const { runs } = await play({ name, ...capability(size) }, folder)
    expect(runs.map(({ end }) => end)).toEqual(runs.map(() => 'green'))
    expect(costOf(runs.at(-1)!)).toEqual(costs[name]?.[index])
  })
})
