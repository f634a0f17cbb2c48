// Reads lists page by page. There is no cursor, so a list that changes meanwhile can repeat or skip objects: repeats
// are dropped, and a list that came out short is read again.
import { Failure } from '../failure.ts'
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

/** All objects of a list, each once, in the order in which the API gives them. */
export async function allPages(read: ReadPage): Promise<readonly JsonObject[]> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    const { items, total } = await onePass(read)
    const unique = [...new Map(items.map((item) => [identity(item), item])).values()]
    if (total === undefined || unique.length >= total) return unique
  }
  throw new Failure(
    'internal',
    'A list of the dbt platform changed each of three times while it was read.',
    'Run this again when nobody else changes the project.'
  )
}

async function onePass(read: ReadPage): Promise<Page> {
  const first = await read(0, pageSize)
  const { total } = first
  if (total === undefined) return onePageAfterAnother(read, first)
  const size = first.items.length
  if (size === 0 || size >= total) return first
  if (total > mostObjects) {
    throw new Failure(
      'internal',
      `The dbt platform speaks of ${String(total)} objects in one list, which can not be.`,
      'Check that host is the host of a dbt platform account.'
    )
  }
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
async function onePageAfterAnother(read: ReadPage, first: Page): Promise<Page> {
  const items = [...first.items]
  const known = new Set(items.map(identity))
  let last = first
  while (last.items.length >= pageSize) {
    last = await read(items.length, pageSize)
    items.push(...last.items)
    const before = known.size
    for (const item of last.items) known.add(identity(item))
    if (known.size === before) break
  }
  return { items }
}

function identity(item: JsonObject): unknown {
  return item['id'] ?? item
}
