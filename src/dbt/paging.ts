// Reads lists page by page. There is no cursor, so a list that changes meanwhile can repeat or skip objects: repeats
// are dropped, and a list that came out short is read again.
import type { JsonObject } from '../promotion/json.ts'

/** One page; `total` where the answer tells how many objects there are in all. */
export interface Page {
  readonly items: readonly JsonObject[]
  readonly total?: number
}

/** Reads the page that begins at an offset. */
export type ReadPage = (offset: number, limit: number) => Promise<Page>

/** The most that the API gives at a time. */
const pageSize = 100

/** More than any project has; a server that says more would have us ask without end. */
const mostObjects = 1_000_000

/** The failure of a list that can't be read whole. @param words what is wrong with it */
type Unsettled = (words: string) => Error

/** How often a list is read before it counts for one that never settles. */
const mostPasses = 3

/** All objects of a list, each once, in the order in which the API gives them. */
export async function allPages(
  read: ReadPage,
  unsettled: Unsettled
): Promise<readonly JsonObject[]> {
  for (let pass = 1; ; pass++) {
    const { items, total } = await onePass(read, unsettled)
    const unique = [...new Map(items.map((item) => [identity(item), item])).values()]
    if (total === undefined || unique.length >= total) return unique
    if (pass === mostPasses) {
      throw unsettled(
        `the list does not settle: it counts ${String(total)} objects and gave ${String(unique.length)}, ` +
          `the last of ${String(mostPasses)} times that it was read`
      )
    }
  }
}

async function onePass(read: ReadPage, unsettled: Unsettled): Promise<Page> {
  const first = await read(0, pageSize)
  const { total } = first
  if (total === undefined) return onePageAfterAnother(read, first, unsettled)
  const size = first.items.length
  if (size === 0 || size >= total) return first
  if (total > mostObjects) throw unsettled(tooMany(total))
  const offsets = Array.from(
    { length: Math.ceil(total / size) - 1 },
    (_, index) => (index + 1) * size
  )
  const rest = await Promise.all(offsets.map((offset) => read(offset, pageSize)))
  return {
    items: [first, ...rest].flatMap(({ items }) => items),
    total: rest.at(-1)?.total ?? total
  }
}

// Answers of older installations do not tell the total: a page that is not full is the last, and so is one that only
// repeats, or a list that does not heed the offset would never end.
async function onePageAfterAnother(
  read: ReadPage,
  first: Page,
  unsettled: Unsettled
): Promise<Page> {
  const items = [...first.items]
  const known = new Set(items.map(identity))
  let last = first
  while (last.items.length >= pageSize) {
    last = await read(items.length, pageSize)
    items.push(...last.items)
    const before = known.size
    for (const item of last.items) known.add(identity(item))
    if (known.size === before) break
    if (known.size > mostObjects) throw unsettled(tooMany(known.size))
  }
  return { items }
}

function tooMany(count: number): string {
  return `the list tells of ${String(count)} objects, which can not be`
}

function identity(item: JsonObject): unknown {
  return item['id'] ?? item
}
