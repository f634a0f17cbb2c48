// Progress on long work: about one line a second, never one for each request.

/** Tells how far a piece of work is; without a total where nobody knows it yet. */
type Progress = (done: number, total?: number) => void

/**
 * A progress that writes a line at most once a second, and none for work that is done within one.
 * @param what what is counted, e.g. `changes applied`
 * @param now the clock, in milliseconds
 */
export function progress(
  what: string,
  info: (line: string) => void,
  now: () => number = Date.now
): Progress {
  let last = now()
  return (done, total) => {
    if (now() - last < 1000 || (total !== undefined && done >= total)) return
    last = now()
    info(total === undefined ? `${done} ${what}` : `${done} of ${total} ${what}`)
  }
}
