import { describe, expect, it } from '@jest/globals'
import { allPages as allPagesOr, type ReadPage } from '../../src/dbt/paging.ts'
import type { JsonObject } from '../../src/promotion/json.ts'

const allPages = (read: ReadPage): Promise<readonly JsonObject[]> =>
  allPagesOr(read, (words) => new Error(words))

/** A list of the API, and the offsets at which it was read. */
interface FakeList {
  readonly read: ReadPage
  readonly offsets: number[]
  /** How many reads had to wait for one before them. */
  readonly rounds: () => number
}

/** A list that `page` answers; by default with a total, in pages as long as they are wanted. */
function list(
  page: (
    offset: number,
    limit: number,
    reads: number
  ) => ReturnType<ReadPage> | Awaited<ReturnType<ReadPage>>
): FakeList {
  const offsets: number[] = []
  let rounds = 0
  let underWay = 0
  return {
    offsets,
    rounds: () => rounds,
    read: async (offset, limit) => {
      if (underWay++ === 0) rounds++
      offsets.push(offset)
      const reads = offsets.length
      await new Promise((resolve) => setImmediate(resolve))
      underWay--
      return page(offset, limit, reads)
    }
  }
}

function items(from: number, to: number): readonly JsonObject[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => ({ id: from + n + 1 }))
}

const ids = (all: readonly JsonObject[]): readonly unknown[] => all.map((each) => each['id'])

describe('a list that tells its total', () => {
  it.each([
    [0, [0]],
    [1, [0]],
    [99, [0]],
    [100, [0]],
    [101, [0, 100]],
    [250, [0, 100, 200]],
    [1000, [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]]
  ])('of %i is read at %j, in two rounds', async (total, offsets) => {
    const fake = list((offset, limit) => ({
      items: items(offset, Math.min(total, offset + limit)),
      total
    }))
    expect(ids(await allPages(fake.read))).toEqual(ids(items(0, total)))
    expect(fake.offsets).toEqual(offsets)
    expect(fake.rounds()).toBe(offsets.length > 1 ? 2 : 1)
  })

  it('may give shorter pages than are wanted', async () => {
    const fake = list((offset) => ({
      items: items(offset, Math.min(120, offset + 50)),
      total: 120
    }))
    expect(ids(await allPages(fake.read))).toEqual(ids(items(0, 120)))
    expect(fake.offsets).toEqual([0, 50, 100])
  })

  it('may give more than it tells', async () => {
    const fake = list(() => ({ items: items(0, 5), total: 3 }))
    expect(await allPages(fake.read)).toHaveLength(5)
  })
})

describe('a list that does not tell its total', () => {
  it.each([
    [0, [0]],
    [99, [0]],
    [100, [0, 100]],
    [250, [0, 100, 200]]
  ])('of %i is read at %j, until a page is not full', async (length, offsets) => {
    const fake = list((offset, limit) => ({
      items: items(offset, Math.min(length, offset + limit))
    }))
    expect(ids(await allPages(fake.read))).toEqual(ids(items(0, length)))
    expect(fake.offsets).toEqual(offsets)
  })

  it('ends where the offset has no effect', async () => {
    const fake = list((_offset, _limit, reads) => {
      if (reads > 50) throw new Error('It never ends')
      return { items: items(0, 100) }
    })
    expect(await allPages(fake.read)).toHaveLength(100)
  })
})

describe('a list that changes while it is read', () => {
  it('gives each object once, where it came last', async () => {
    const fake = list((offset) => ({
      items: offset === 0 ? items(0, 100) : [{ id: 100, name: 'later' }, ...items(100, 149)],
      total: 149
    }))
    const all = await allPages(fake.read)
    expect(all).toHaveLength(149)
    expect(all[99]).toEqual({ id: 100, name: 'later' })
  })

  it('keeps what has no id', async () => {
    const fake = list(() => ({ items: [{ name: 'a' }, { name: 'b' }], total: 2 }))
    expect(await allPages(fake.read)).toEqual([{ name: 'a' }, { name: 'b' }])
  })

  it('is read again when an object moved to a page that had been read', async () => {
    const fake = list((offset, limit, reads) => {
      const moved = reads === 2
      return { items: items(offset + (moved ? 1 : 0), Math.min(150, offset + limit)), total: 150 }
    })
    expect(ids(await allPages(fake.read))).toEqual(ids(items(0, 150)))
    expect(fake.offsets).toEqual([0, 100, 0, 100])
  })

  it('is read again when it grew', async () => {
    const fake = list((offset, limit, reads) => {
      const total = reads === 1 ? 200 : 201
      return { items: items(offset, Math.min(total, offset + limit)), total }
    })
    expect(await allPages(fake.read)).toHaveLength(201)
    expect(fake.offsets).toEqual([0, 100, 0, 100, 200])
  })

  it('is whole when it shrank', async () => {
    const fake = list((offset, limit, reads) => {
      const total = reads === 1 ? 150 : 149
      return { items: items(offset, Math.min(total, offset + limit)), total }
    })
    expect(await allPages(fake.read)).toHaveLength(149)
  })

  it.each([
    ['keeps a page empty', (): readonly JsonObject[] => []],
    ['keeps a page back', (offset: number) => (offset === 0 ? items(0, 100) : [])],
    ['gives the same page for ever', () => items(0, 100)]
  ])('and %s is given up after three times', async (_how, page) => {
    const fake = list((offset) => ({ items: page(offset), total: 250 }))
    const gave = new Set([...page(0), ...page(100)].map((each) => each['id'])).size
    await expect(allPages(fake.read)).rejects.toThrow(
      `the list does not settle: it counts 250 objects and gave ${String(gave)}, the last of 3 times`
    )
    expect(fake.offsets.filter((offset) => offset === 0)).toHaveLength(3)
  })
})

it('is given up where it has more than any list can have', async () => {
  const counted = list(() => ({ items: items(0, 100), total: 1_000_001 }))
  await expect(allPages(counted.read)).rejects.toThrow('the list tells of 1000001 objects')
  expect(counted.offsets).toEqual([0])
  const endless: ReadPage = (offset) => Promise.resolve({ items: items(offset, offset + 20_000) })
  await expect(allPages(endless)).rejects.toThrow(/the list tells of 10\d{5} objects/)
})

it('fails when a page fails', async () => {
  const fake = list((offset) => {
    if (offset === 200) throw new Error('page 3')
    return { items: items(offset, offset + 100), total: 300 }
  })
  await expect(allPages(fake.read)).rejects.toThrow('page 3')
})
