// Reads lists page by page. There is no cursor, so a list that changes meanwhile can repeat or skip objects; and the
// total that a page tells is a hint by which the others are read at once, never what says that all is read: clients of
// this API met offsets that give duplicates (dbtcloud-terraforming, api.go), and answers without any total.
import type { JsonObject } from '../model/json.ts'

/** One page. */
export interface Page {
  readonly items: readonly JsonObject[]
  /** How many objects there are in all, where the answer tells it. */
  readonly total?: number
  /** The length of the answer. */
  readonly bytes?: number
}

/** Reads the page that begins at an offset. */
export type ReadPage = (offset: number, limit: number) => Promise<Page>

/** The most that the API gives at a time. */
const pageSize = 100

/** More than any project has; a server that gives more has no end. */
const most = { objects: 100_000, pages: 1000, bytes: 256 * 1024 * 1024 }

/** How many pages are asked for at once: ten thousand objects take two rounds, and a false total costs no more. */
const mostAtOnce = 100

/** How often a list is read. The last time, its totals are not believed. */
const mostAttempts = 3

/** The failure of a list that can't be read whole. @param words what is wrong with it */
type Unsettled = (words: string) => Error

/**
 * All objects of a list, each once, in the order in which the API gives them.
 * @throws what `unsettled` makes of a list that can't be read whole
 */
export async function allPages(
  read: ReadPage,
  unsettled: Unsettled
): Promise<readonly JsonObject[]> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const all = await onePass(bounded(read, unsettled), attempt < mostAttempts)
    if (all !== undefined) return [...byIdentity(all).values()]
  }
  throw unsettled(
    `the list changed, or contradicted itself, each of ${mostAttempts} times that it was read`
  )
}

/** Reads the whole list; undefined where it can't be known to be whole. */
async function onePass(
  read: ReadPage,
  isTotalBelieved: boolean
): Promise<readonly JsonObject[] | undefined> {
  const first = await read(0, pageSize)
  const { items, total = 0 } = first
  if (items.length === 0) return total > 0 ? undefined : []
  // A full page may be told its own length for a total.
  const isWhole = total === items.length && total < pageSize
  if (isTotalBelieved && isWhole) return items
  return isTotalBelieved && total > items.length && total <= most.objects
    ? allAtOnce(read, first, total)
    : oneAfterAnother(read, first)
}

// It is whole where there are as many objects as every page says: one that is deleted or comes meanwhile changes that.
async function allAtOnce(
  read: ReadPage,
  first: Page,
  total: number
): Promise<readonly JsonObject[] | undefined> {
  const size = first.items.length
  const pages = [first]
  const doesFit = (page: Page): boolean =>
    page.total === total &&
    page.items.length > 0 &&
    (page === first || !isSame(page.items[0], first.items[0]))
  for (let next = 1; next * size < total && pages.every(doesFit); next += mostAtOnce) {
    const count = Math.min(mostAtOnce, Math.ceil(total / size) - next)
    const offsets = Array.from({ length: count }, (_, index) => (next + index) * size)
    pages.push(...(await Promise.all(offsets.map((offset) => read(offset, pageSize)))))
  }
  const all = pages.flatMap(({ items }) => items)
  return pages.every(doesFit) && byIdentity(all).size === total ? all : undefined
}

// Each page begins with the last object of the one before: where it does not, the list has moved. A page that is shorter
// than the one before is the last; how long the pages of this server are, the first one does not tell.
async function oneAfterAnother(
  read: ReadPage,
  first: Page
): Promise<readonly JsonObject[] | undefined> {
  const all = [...first.items]
  const size = all.length
  const overlap = size > 1 ? 1 : 0
  for (;;) {
    const { items } = await read(all.length - overlap, pageSize)
    if (isSame(items[0], all[0]) && all.length === size)
      return isWithoutPages(first) ? all : undefined
    if (overlap > 0 && !isSame(items[0], all.at(-1))) return undefined
    all.push(...items.slice(overlap))
    if (items.length <= overlap || items.length < size) return all
  }
}

// A list that heeds no offset is whole, unless its one page is just as long as it may be.
function isWithoutPages({ items }: Page): boolean {
  return items.length !== pageSize
}

/** Reads no more than any list has. */
function bounded(read: ReadPage, unsettled: Unsettled): ReadPage {
  const soFar = { objects: 0, pages: 0, bytes: 0 }
  const assertBounds = (): void => {
    const { objects, pages, bytes } = soFar
    if (objects <= most.objects && pages <= most.pages && bytes <= most.bytes) return
    throw unsettled(`the list does not end: ${pages} pages with ${objects} objects were read`)
  }
  return async (offset, limit) => {
    soFar.pages++
    assertBounds()
    const page = await read(offset, limit)
    soFar.objects += page.items.length
    soFar.bytes += page.bytes ?? 0
    assertBounds()
    return page
  }
}

function byIdentity(items: readonly JsonObject[]): ReadonlyMap<unknown, JsonObject> {
  return new Map(items.map((item) => [item['id'] ?? item, item]))
}

function isSame(a: JsonObject | undefined, b: JsonObject | undefined): boolean {
  return a !== undefined && b !== undefined && a['id'] === b['id']
}
