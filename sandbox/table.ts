// A table is an array of rows in ascending order of id. Copying an array is far cheaper than copying
// an object with as many keys, so every write can leave the old table untouched; look-ups are binary.

export interface Row {
  readonly id: number
}

function position(rows: readonly Row[], id: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const row = rows[middle]
    if (row !== undefined && row.id < id) low = middle + 1
    else high = middle
  }
  return low
}

/** The row with this id, deleted ones included. */
export function find<T extends Row>(rows: readonly T[], id: number): T | undefined {
  const row = rows[position(rows, id)]
  return row?.id === id ? row : undefined
}

/** A new table with the row added, or put in the place of the row of the same id. */
export function put<T extends Row>(rows: readonly T[], row: T): readonly T[] {
  const at = position(rows, row.id)
  if (rows[at]?.id === row.id) return rows.with(at, row)
  return at === rows.length ? [...rows, row] : rows.toSpliced(at, 0, row)
}

/** Rows in the order that the other functions rely on. */
export function sorted<T extends Row>(rows: readonly T[]): readonly T[] {
  return rows.toSorted((a, b) => a.id - b.id)
}
