// `npm run sandbox -- --port 4010 --seed blog`: starts the sandbox and says where it is, in one line of JSON.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { REWRITES, withRewrites } from './rewrites.ts'
import { SEEDS } from './seeds/index.ts'
import { startSandbox, type SandboxOptions } from './server.ts'
import { parseState, type State } from './state.ts'
import type { Json } from './json.ts'

const USAGE = `Usage: npm run sandbox -- [options]

  --port N         port on 127.0.0.1; 0, the default, picks a free one
  --seed NAME      ${Object.keys(SEEDS).join(', ')}, or a file as GET /_sandbox/state writes it (default: blog)
  --latency MS     hold back each answer
  --rate-limit N   requests a minute and account, then five minutes of 429
  --idle MS        end connections that are idle for so long, without a word
  --rewrite NAMES  what the accounts store otherwise than it is sent, separated by commas:
                   ${Object.keys(REWRITES).join(', ')}
  --help           this text`

/** What is wrong with the command line, for the person who wrote it. */
class UsageError extends Error {}

function wholeNumber(
  name: string,
  text: string | undefined,
  low: number,
  high: number
): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= low && value <= high))
    throw new UsageError(`--${name} is a whole number from ${low} to ${high}, not '${text}'.`)
  return value
}

function seedOf(name: string): State {
  const seed = Object.hasOwn(SEEDS, name) ? SEEDS[name] : undefined
  if (seed !== undefined) return seed()
  let text: string
  try {
    text = readFileSync(name, 'utf8')
  } catch {
    const names = Object.keys(SEEDS).join(', ')
    throw new UsageError(`--seed is one of ${names}, or a file that can be read, not '${name}'.`)
  }
  try {
    return parseState(JSON.parse(text) as Json)
  } catch (error) {
    throw new UsageError(`--seed '${name}' is not a state: ${messageOf(error)}`)
  }
}

function rewriting(seed: State, names: string | undefined): State {
  if (names === undefined) return seed
  try {
    const list = names.split(',').map((name) => name.trim())
    return seed.accounts.reduce((state, { id }) => withRewrites(state, id, list), seed)
  } catch (error) {
    throw new UsageError(`--rewrite: ${messageOf(error)}`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function readFlags(args: readonly string[]): SandboxOptions | 'help' {
  const option = { type: 'string' } as const
  const flags = {
    port: option,
    seed: option,
    latency: option,
    'rate-limit': option,
    idle: option,
    rewrite: option,
    help: { type: 'boolean' }
  } as const
  let values
  try {
    values = parseArgs({ args: [...args], options: flags, strict: true }).values
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
  if (values.help === true) return 'help'
  const port = wholeNumber('port', values.port, 0, 65_535)
  const latencyMs = wholeNumber('latency', values.latency, 0, 600_000)
  const rateLimit = wholeNumber('rate-limit', values['rate-limit'], 1, 1_000_000)
  const idleMs = wholeNumber('idle', values.idle, 1, 600_000)
  return {
    seed: rewriting(seedOf(values.seed ?? 'blog'), values.rewrite),
    ...(port === undefined ? {} : { port }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(idleMs === undefined ? {} : { idle: { ms: idleMs } })
  }
}

async function main(): Promise<void> {
  const options = readFlags(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const sandbox = await startSandbox(options)
  const stop = (): void => {
    void sandbox.close().then(() => {
      process.exit(0)
    })
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.stdout.write(`${JSON.stringify({ url: sandbox.url })}\n`)
}

try {
  await main()
} catch (error) {
  const usage = error instanceof UsageError ? `\n\n${USAGE}` : ''
  process.stderr.write(`${messageOf(error)}${usage}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
