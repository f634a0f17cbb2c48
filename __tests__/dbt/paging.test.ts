import { describe, expect, it } from '@jest/globals'
import { allPages as allPagesOr, type ReadPage } from '../../src/dbt/paging.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { sampleOf } from '../../testing/effort.ts'

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
    // It may be told the length of the page for a total.
    [100, [0, 99]],
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
    [1, [0, 1]],
    [99, [0, 98]],
    [100, [0, 99]],
    [250, [0, 99, 198]]
  ])(
    'of %i is read at %j, each page from the last object of the one before',
    async (length, offsets) => {
      const fake = list((offset, limit) => ({
        items: items(offset, Math.min(length, offset + limit))
      }))
      expect(ids(await allPages(fake.read))).toEqual(ids(items(0, length)))
      expect(fake.offsets).toEqual(offsets)
    }
  )

  it.each([1, 7, 99, 250])(
    'is whole where it heeds no offset, and has %i objects',
    async (length) => {
      const fake = list(() => ({ items: items(0, length) }))
      expect(await allPages(fake.read)).toHaveLength(length)
      expect(fake.offsets).toHaveLength(2)
    }
  )

  it('can not be known to be whole where it heeds no offset, and its one page is full', async () => {
    const fake = list(() => ({ items: items(0, 100) }))
    await expect(allPages(fake.read)).rejects.toThrow('each of 3 times')
    expect(fake.offsets.length).toBeLessThan(10)
  })
})

// What a page tells of the total, by where it begins and how often the list was read so far.
type Total = (offset: number, reads: number, length: number, given: number) => number | undefined
const totals: Readonly<Record<string, Total>> = {
  'no total': () => undefined,
  'a total of zero': () => 0,
  'a negative one': () => -1,
  'a broken one': (_offset, _reads, length) => length + 0.5,
  'one less': (_offset, _reads, length) => length - 1,
  'one more': (_offset, _reads, length) => length + 1,
  'a hundred less': (_offset, _reads, length) => length - 100,
  'a hundred more': (_offset, _reads, length) => length + 100,
  'the length of the page': (_offset, _reads, _length, given) => given,
  'what was given so far': (offset, _reads, _length, given) => offset + given,
  '99,999': () => 99_999,
  'a million': () => 1_000_000,
  'a million, once': (_offset, reads, length) => (reads === 1 ? 1_000_000 : length),
  'one more, once': (_offset, reads, length) => (reads === 1 ? length + 1 : length),
  'zero, once': (_offset, reads, length) => (reads === 1 ? 0 : length),
  'none on later pages': (offset, _reads, length) => (offset === 0 ? length : undefined)
}

const lengths = [1, 2, 49, 50, 51, 99, 100, 101, 152, 199, 200, 250]

it('is read whole, whatever it tells of its total and however long its pages are', async () => {
  for (const [name, total] of Object.entries(totals))
    for (const length of sampleOf(lengths, 6))
      for (const size of [1, 10, 50, 100]) {
        const fake = list((offset, limit, reads) => {
          const page = items(offset, Math.min(length, offset + Math.min(limit, size)))
          const own = total(offset, reads, length, page.length)
          return { items: page, ...(own === undefined ? {} : { total: own }) }
        })
        const what = `${name}, ${String(length)} in pages of ${String(size)}`
        // Nothing tells it from the truth: a total too low that ends just where a page ends, which a page of another
        // length than was asked for, or a page before, does not give away.
        const told = total(0, 1, length, Math.min(size, length)) ?? 0
        const isPlausible =
          told < length && told > 0 && told % size === 0 && !(told === size && size === 100)
        if (isPlausible) continue
        const all = await allPages(fake.read)
        expect([what, ids(all)]).toEqual([what, ids(items(0, length))])
        expect([
          what,
          fake.offsets.length <= 200 + (3 * length) / Math.max(size - 1, 1) + 6
        ]).toEqual([what, true])
      }
})

describe('a list without an end', () => {
  const endless = (size: number, total: number | undefined, bytes = 0): FakeList =>
    list((offset) => ({
      items: items(offset, offset + size),
      bytes,
      ...(total === undefined ? {} : { total })
    }))

  it.each<[string, FakeList, number]>([
    ['of pages with one object each', endless(1, 1_000_000), 1000],
    ['of full pages', endless(100, undefined), 1000],
    ['of full pages that tell zero', endless(100, 0), 1000],
    ['of pages that are longer than any', endless(60_000, undefined), 2],
    ['of answers that are longer than any', endless(100, undefined, 100 * 1024 * 1024), 3]
  ])('%s is given up', async (_what, fake, reads) => {
    await expect(allPages(fake.read)).rejects.toThrow('does not end')
    expect(fake.offsets.length).toBeLessThanOrEqual(reads)
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

  // `gone` is deleted after the first page was read; `come` is there from then on.
  it.each<[string, boolean, readonly number[], readonly number[]]>([
    ['loses one of what was read', true, [5], []],
    ['loses one of what comes', true, [120], []],
    ['loses the last of what was read', true, [100], []],
    ['loses and gains one, without a total', false, [5], [900]],
    ['loses one, without a total', false, [5], []],
    ['loses the last of what was read, without a total', false, [100], []],
    ['gains one in front, without a total', false, [], [0]]
  ])('and %s is read again', async (_how, isTold, gone, come) => {
    const before = Array.from({ length: 152 }, (_, n) => n + 1)
    const after = [...before.filter((each) => !gone.includes(each)), ...come].sort((a, b) => a - b)
    const fake = list((offset, limit, reads) => {
      const all = reads === 1 ? before : after
      const page = all.slice(offset, offset + limit).map((id) => ({ id }))
      return { items: page, ...(isTold ? { total: all.length } : {}) }
    })
    expect(ids(await allPages(fake.read))).toEqual(after)
  })

  it.each([
    ['keeps a page empty', (): readonly JsonObject[] => []],
    ['keeps a page back', (offset: number) => (offset === 0 ? items(0, 100) : [])],
    ['gives the same page for ever', () => items(0, 100)]
  ])('and %s is given up after three times', async (_how, page) => {
    const fake = list((offset) => ({ items: page(offset), total: 250 }))
    await expect(allPages(fake.read)).rejects.toThrow('each of 3 times that it was read')
    expect(fake.offsets.filter((offset) => offset === 0)).toHaveLength(3)
  })
})

it('fails when a page fails', async () => {
  const fake = list((offset) => {
    if (offset === 200) throw new Error('page 3')
    return { items: items(offset, offset + 100), total: 300 }
  })
  await expect(allPages(fake.read)).rejects.toThrow('page 3')
})
