// Compares two sequences item by item, in order: the steps of a job, the lines of a description.

/** An item that both have, that is gone or that is new; `…` stands for items that both have and that are left out. */
type SequenceLine =
  { readonly sign: '+' | '-' | ' '; readonly item: string } | { readonly sign: '…' }

/** How many items that both have are shown around those that differ. */
const around = 2
/** Longer sequences that differ in the middle are shown as replaced: a comparison would take too long. */
const mostPairs = 10_000

/** The difference of two sequences. */
export function sequenceDiff(
  before: readonly string[],
  after: readonly string[]
): readonly SequenceLine[] {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const both = (items: readonly string[]): Entry[] => items.map((item) => ({ sign: ' ', item }))
  return withoutDistant([
    ...both(before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...both(before.slice(before.length - tail))
  ])
}

interface Entry {
  readonly sign: '+' | '-' | ' '
  readonly item: string
}

// The longest common subsequence, by the usual table: cell (i, j) is its length for what is left from there on.
function middle(before: readonly string[], after: readonly string[]): readonly Entry[] {
  const gone = (item: string): Entry => ({ sign: '-', item })
  const come = (item: string): Entry => ({ sign: '+', item })
  if (before.length * after.length > mostPairs) return [...before.map(gone), ...after.map(come)]
  const width = after.length + 1
  const common = new Uint16Array((before.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const entries: Entry[] = []
  let [i, j] = [0, 0]
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      entries.push({ sign: ' ', item: before[i] ?? '' })
      i++
      j++
    } else if (at(i + 1, j) >= at(i, j + 1)) entries.push(gone(before[i++] ?? ''))
    else entries.push(come(after[j++] ?? ''))
  }
  return [...entries, ...before.slice(i).map(gone), ...after.slice(j).map(come)]
}

function withoutDistant(entries: readonly Entry[]): readonly SequenceLine[] {
  const near = new Set<number>()
  entries.forEach(({ sign }, index) => {
    if (sign === ' ') return
    for (let each = index - around; each <= index + around; each++) near.add(each)
  })
  return entries.flatMap((entry, index): readonly SequenceLine[] => {
    if (near.has(index)) return [entry]
    return index === 0 || near.has(index - 1) ? [{ sign: '…' }] : []
  })
}
