// The end of the process: by itself, or a moment later, whatever is still open.
import process from 'node:process'

/** How long after the report the process may go on. A cancelled step is killed 7.5 seconds after it was asked to end. */
const patienceMs = 3000

/**
 * Ends the process soon, with its exit code. It ends at once where nothing is open, since the timer keeps nothing alive;
 * a connection that never closes would keep the runner waiting for a step that has reported.
 */
export function endSoon(): void {
  setTimeout(() => {
    // What was logged is written first: a pipe need not take it at once.
    process.stdout.write('', () => process.exit())
  }, patienceMs).unref()
}
