// The platform at the other end of a wire, in the time of the test. What is on its way at the same moment is carried out
// in the order of its text, so that nothing hangs on the order in which a run happens to send it.
import {
  handleWithFaults,
  type ArmedFault,
  type Fault,
  type JsonObject,
  type State
} from '../../sandbox/index.ts'
import type { OpenTransport } from '../../src/dbt/http.ts'
import type { Time } from '../../src/dbt/time.ts'
import { TransportError, type HttpAnswer, type HttpRequest } from '../../src/dbt/transport.ts'

/** One request as the platform gets it. */
export interface Asked {
  readonly token: string
  readonly method: string
  readonly path: string
  readonly body?: JsonObject
}

/** What was sent at one moment, in the order of its text. */
export interface Round {
  readonly atMs: number
  readonly asked: readonly Asked[]
}

/** What befalls a run from outside. */
export interface Trouble {
  readonly faults?: readonly Fault[]
  /** The workflow is cancelled when so many requests were sent. */
  readonly cancelAt?: number
  /** The process is gone when it has sent so many writes: the last one is carried out. */
  readonly diesAt?: number
}

interface Waiting {
  readonly text: string
  readonly carryOut: () => void
}

const latencyMs = 20
const neverMs = 24 * 3_600_000

/** A platform, and what it was asked. */
export class NetWire {
  state: State
  readonly #time: Time
  readonly #trouble: Trouble
  readonly #onCancel: () => void
  readonly #onDeath: () => void
  readonly #startedAt: number
  readonly #rounds = new Map<number, Asked[]>()
  #faults: readonly ArmedFault[]
  #waiting: Waiting[] = []
  #requests = 0
  #writes = 0
  #isDead = false

  constructor(
    state: State,
    time: Time,
    trouble: Trouble,
    on: { readonly cancel: () => void; readonly death: () => void }
  ) {
    this.state = state
    this.#time = time
    this.#trouble = trouble
    this.#onCancel = on.cancel
    this.#onDeath = on.death
    this.#startedAt = time.now()
    this.#faults = (trouble.faults ?? []).map((fault) => ({ fault, seen: 0 }))
  }

  get rounds(): readonly Round[] {
    return [...this.#rounds].map(([atMs, asked]) => ({
      atMs,
      asked: asked.toSorted((a, b) => compareTexts(textOf(a), textOf(b)))
    }))
  }

  readonly open: OpenTransport = ({ token, stop }) => ({
    close: () => undefined,
    send: async (request) => {
      assertGoing(stop, false)
      if (this.#isDead) return new Promise(() => undefined)
      const outcome = this.#enqueue(request, token)
      this.#count(request)
      await this.#time.sleep(latencyMs, stop)
      this.#carryOutAll()
      assertGoing(stop, true)
      return this.#answer(await outcome, stop)
    }
  })

  #enqueue(request: HttpRequest, token: string): Promise<ReturnType<NetWire['handle']>> {
    const { method, path } = request
    const body = request.body === undefined ? {} : { body: JSON.parse(request.body) as JsonObject }
    const asked: Asked = { token, method, path, ...body }
    const atMs = this.#time.now() - this.#startedAt
    this.#rounds.set(atMs, [...(this.#rounds.get(atMs) ?? []), asked])
    return new Promise((resolve, reject) => {
      const carryOut = (): void => {
        try {
          resolve(this.handle(request, token))
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      this.#waiting.push({ text: textOf(asked), carryOut })
    })
  }

  #count({ method }: HttpRequest): void {
    this.#requests++
    if (method !== 'GET') this.#writes++
    if (this.#requests === this.#trouble.cancelAt) this.#onCancel()
    if (method !== 'GET' && this.#writes === this.#trouble.diesAt) {
      this.#isDead = true
      this.#carryOutAll()
      this.#onDeath()
    }
  }

  #carryOutAll(): void {
    const all = this.#waiting.toSorted((a, b) => compareTexts(a.text, b.text))
    this.#waiting = []
    for (const { carryOut } of all) carryOut()
  }

  /** Carries a request out. */
  handle(request: HttpRequest, token: string) {
    const { state, faults, outcome, unknownRoute } = handleWithFaults(this.state, this.#faults, {
      ...request,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: request.body,
      now: this.#time.now()
    })
    if (unknownRoute) throw new Error(`unknown route: ${request.method} ${request.path}`)
    this.state = state
    this.#faults = faults
    return outcome
  }

  async #answer(outcome: ReturnType<NetWire['handle']>, stop: AbortSignal): Promise<HttpAnswer> {
    if (outcome.kind === 'silence') {
      await this.#time.sleep(neverMs, stop)
      assertGoing(stop, true)
      throw new TransportError('timeout', true, 'simulated: timeout')
    }
    if (outcome.kind === 'reset') throw new TransportError('reset', true, 'simulated: reset')
    if (outcome.cutAt !== undefined) throw new TransportError('cut', true, 'simulated: cut')
    if (outcome.delayMs !== undefined) await this.#time.sleep(outcome.delayMs, stop)
    return outcome.response
  }
}

function assertGoing(stop: AbortSignal, mayHaveHappened: boolean): void {
  if (stop.aborted)
    throw new TransportError('stopped', mayHaveHappened, 'stopped', { cause: stop.reason })
}

function textOf({ token, method, path, body }: Asked): string {
  return `${method} ${path} ${token} ${JSON.stringify(body ?? null)}`
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
