/** Checks each of a list in one test; what fails says of which. */
export function forEach<T>(list: readonly T[], check: (each: T) => void): void {
  for (const each of list) {
    try {
      check(each)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`with ${JSON.stringify(each).slice(0, 500)}: ${why}`, { cause: error })
    }
  }
}
