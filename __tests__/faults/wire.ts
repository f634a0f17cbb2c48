// The platform at the other end of a wire that fails on order: the sandbox's pure `handle`, in the time of the test.
import { handle, type Job, type Json, type State } from '../../sandbox/index.ts'
import type { OpenTransport } from '../../src/dbt/http.ts'
import type { Time } from '../../src/dbt/time.ts'
import {
  TransportError,
  type HttpAnswer,
  type HttpRequest,
  type TransportFault
} from '../../src/dbt/transport.ts'
import { runs, targetProject, tokens } from './world.ts'

/** What a request is for. */
export type Place =
  | 'read source'
  | 'read target'
  | 'read connections'
  | 'read credentials'
  /** For a warning's sake. */
  | 'read names'
  | 'read gone'
  | 'read again'
  | 'create env'
  | 'update env'
  | 'create job'
  | 'link job'
  | 'update job'
  | 'pause job'

/** How one request goes wrong. */
export interface Strike {
  /** Whether the request is carried out: at once, or so many milliseconds later. */
  readonly commit: boolean | { readonly afterMs: number }
  /** What the client gets: no answer, another one, or (without this) the true one. */
  readonly gets?: TransportFault | ((now: number, token: string) => HttpAnswer)
  /** How long that takes; 20 ms otherwise. */
  readonly tookMs?: number
  /** Objects made by it do not show in lists for so long. */
  readonly hiddenMs?: number
}

/** A request as it arrived. */
export interface Arrival {
  readonly n: number
  readonly at: number
  readonly request: HttpRequest
  readonly place: Place | 'look'
  readonly struck: boolean
  /** Whether the client gets the platform's own answer. */
  readonly isTrue?: boolean
}

/** Decides how a request goes wrong, if it does. */
export type Trouble = (arrival: Omit<Arrival, 'struck'>) => Strike | undefined

const latencyMs = 20

/** A platform and the wire to it. */
export class Wire {
  state: State
  readonly arrivals: Arrival[] = []
  readonly #time: Time
  readonly #trouble: Trouble
  readonly #hidden = new Map<number, number>()
  readonly #ownBefore: ReadonlyMap<number, Job>
  #late: (() => void)[] = []
  #isDead = false

  constructor(state: State, time: Time, trouble: Trouble = () => undefined) {
    this.state = state
    this.#time = time
    this.#trouble = trouble
    this.#ownBefore = new Map(state.jobs.map((job) => [job.id, job]))
  }

  readonly open: OpenTransport = ({ token, stop }) => ({
    close: () => undefined,
    send: async (request) => {
      const isStopped = (): boolean => stop.aborted
      if (isStopped()) throw new TransportError('stopped', false, 'stopped', { cause: stop.reason })
      if (this.#isDead) return new Promise(() => undefined)
      const n = this.arrivals.length + 1
      const place = this.#placeOf(request, token)
      const arrival = { n, at: this.#time.now(), request, place }
      const strike = this.#trouble(arrival)
      this.arrivals.push({
        ...arrival,
        struck: strike !== undefined,
        isTrue: strike?.gets === undefined
      })
      const answer = this.#carriedOut(request, token, strike)
      await this.#time.sleep(strike?.tookMs ?? latencyMs, stop)
      if (isStopped()) throw new TransportError('stopped', true, 'stopped', { cause: stop.reason })
      if (typeof strike?.gets === 'function') return strike.gets(this.#time.now(), token)
      if (strike?.gets !== undefined) {
        const mayHaveHappened = strike.gets !== 'refused' && strike.gets !== 'unreachable'
        throw new TransportError(strike.gets, mayHaveHappened, `simulated: ${strike.gets}`)
      }
      return answer
    }
  })

  /** The process at this end is gone after the request that is under way. */
  die(): void {
    this.#isDead = true
  }

  /** Carries out what is still on its way. */
  settle(): void {
    for (const each of this.#late) each()
    this.#late = []
  }

  #carriedOut(request: HttpRequest, token: string, strike: Strike | undefined): HttpAnswer {
    const commit = strike?.commit ?? true
    const perform = (): HttpAnswer => this.#perform(request, token, strike?.hiddenMs ?? 0)
    if (typeof commit === 'object') {
      let isDone = false
      const late = (): void => {
        if (!isDone) perform()
        isDone = true
      }
      this.#late.push(late)
      void this.#time.sleep(commit.afterMs).then(late)
      return nothing
    }
    return commit ? perform() : nothing
  }

  #perform(request: HttpRequest, token: string, hiddenMs: number): HttpAnswer {
    const now = this.#time.now()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const wanted = { ...request, headers, body: request.body, now }
    const isHidden = ({ id }: { readonly id: number }): boolean => (this.#hidden.get(id) ?? 0) > now
    if (request.method === 'GET') {
      const { environments, jobs } = this.state
      const visible = {
        ...this.state,
        environments: environments.filter((each) => !isHidden(each)),
        jobs: jobs.filter((each) => !isHidden(each))
      }
      return handle(visible, wanted).response
    }
    const before = new Set([...this.state.environments, ...this.state.jobs].map(({ id }) => id))
    const { state, response } = handle(this.state, wanted)
    this.state = state
    for (const { id } of [...state.environments, ...state.jobs])
      if (hiddenMs > 0 && !before.has(id)) this.#hidden.set(id, now + hiddenMs)
    return response
  }

  #placeOf({ method, path, body }: HttpRequest, token: string): Arrival['place'] {
    const [pathname = ''] = path.split('?')
    if (method === 'GET') {
      if (pathname.endsWith('/connections/')) return 'read connections'
      if (pathname.includes('/credentials/')) return 'read credentials'
      if (pathname.endsWith('/environment-variables/environment/')) return 'read names'
      if (token === tokens.source)
        return /\/jobs\/\d+\/$/.test(pathname) ? 'read gone' : 'read source'
      if (this.arrivals.some(({ request }) => request.method !== 'GET')) return 'look'
      const isRepeated = this.arrivals.some(
        ({ request, struck, place }) => request.path === path && !struck && place === 'read target'
      )
      const isRecheck = this.arrivals.some(({ place }) => place === 'read again')
      const single = new RegExp(`/projects/${String(targetProject)}/environments/\\d+/$`)
      return isRepeated || isRecheck || single.test(pathname) ? 'read again' : 'read target'
    }
    const id = Number(/\/(\d+)\/$/.exec(pathname)?.[1])
    if (pathname.includes('/environments/'))
      return pathname.endsWith('/environments/') ? 'create env' : 'update env'
    if (pathname.endsWith('/jobs/')) return 'create job'
    const own = this.#ownBefore.get(id)
    if (!own) return 'link job'
    return runs(own) && !runs(JSON.parse(body ?? '{}') as Job) ? 'pause job' : 'update job'
  }
}

const nothing: HttpAnswer = { status: 0, headers: {}, body: '' }

/** An answer of JSON. */
export function answered(
  status: number,
  body: Json | string,
  headers: Readonly<Record<string, string>> = {}
): HttpAnswer {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

/** The API's own envelope. */
export function envelope(code: number, message: string): Json {
  return {
    status: { code, is_success: code < 400, user_message: message, developer_message: '' },
    data: null
  }
}
