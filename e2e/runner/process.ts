// Runs a program and hands over its output line by line.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface ProcessOptions {
  readonly cwd: string
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  readonly onLine: (line: string) => void
}

// How long a cancelled step may take to end by itself, as on GitHub.
const patience = [
  { signal: 'SIGINT', after: 0 },
  { signal: 'SIGTERM', after: 7_500 },
  { signal: 'SIGKILL', after: 10_000 }
] as const

/** Runs a program to its end and returns its exit code; 1 when a signal ended it. */
export async function runProcess(
  command: string,
  args: readonly string[],
  { cwd, env, signal, onLine }: ProcessOptions
): Promise<number> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const timers: NodeJS.Timeout[] = []
  const cancel = (): void => {
    timers.push(...patience.map((step) => setTimeout(() => child.kill(step.signal), step.after)))
  }
  signal?.addEventListener('abort', cancel, { once: true })
  if (signal?.aborted === true) cancel()

  try {
    const read = async (stream: NodeJS.ReadableStream): Promise<void> => {
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line)
    }
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => {
        resolve(code ?? 1)
      })
    })
    const [code] = await Promise.all([ended, read(child.stdout), read(child.stderr)])
    return code
  } finally {
    signal?.removeEventListener('abort', cancel)
    timers.forEach(clearTimeout)
  }
}
