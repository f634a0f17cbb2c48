// The platform at the other end of a wire that fails on order: the sandbox's pure `handle`, in the time of the test.
import {
  handle,
  handleWithFaults,
  type FaultAction,
  type Job,
  type Json,
  type JsonObject,
  type State
} from '../../sandbox/index.ts'
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
  | 'read variables'
  | 'read overrides'
  | 'read attributes'
  | 'read again'
  | 'create env'
  | 'update env'
  | 'create job'
  | 'link job'
  | 'update job'
  | 'pause job'
  | 'create attributes'
  | 'patch attributes'
  | 'create variable'
  | 'update variable'
  /** Of a variable or of an override: nothing tells afterwards whether it was done. */
  | 'rewrite secret'
  /** The variables once more, after environments were written. */
  | 'read anew'
  | 'read back'
  | 'create override'
  | 'update override'
  /** What was found not to be set, once more. No promotion comes to it without a fault. */
  | 'set again'

/** How one request goes wrong. */
export interface Strike {
  /** Whether the request is carried out: at once, or so many milliseconds later. */
  readonly commit: boolean | { readonly afterMs: number }
  /** What the client gets: no answer, another one, or (without this) the true one. */
  readonly gets?: TransportFault | ((now: number, token: string, body: string) => HttpAnswer)
  /** How long that takes; 20 ms otherwise. */
  readonly tookMs?: number
  /** Objects made by it do not show in lists for so long. */
  readonly hiddenMs?: number
  /** Environments made by it have no values of variables for so long: these are left out without a word. */
  readonly unknownMs?: number
  /** What the page of a list is like. */
  readonly list?: Omit<FaultAction & { readonly kind: 'list' }, 'kind'>
  /** Values of a variable that the platform does not take: the last one, or all. The answer is a good one that says so. */
  readonly refuses?: 'last' | 'all'
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
  /** The names of environments that have no values yet, and until when. */
  readonly #unknown = new Map<string, number>()
  /** The platform after each write. */
  readonly states: State[] = []
  readonly #ownBefore: ReadonlyMap<number, Job>
  readonly #hasValues: boolean
  /** When the client was answered last. */
  #answeredAt = 0
  #late: (() => void)[] = []
  #isDead = false

  /** @param hasValues whether the promotion is of variables too, and does not only read their names */
  constructor(state: State, time: Time, trouble: Trouble = () => undefined, hasValues = false) {
    this.state = state
    this.#time = time
    this.#trouble = trouble
    this.#hasValues = hasValues
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
        isTrue: strike?.gets === undefined && strike?.refuses === undefined
      })
      const answer = this.#carriedOut(request, token, strike)
      await this.#time.sleep(strike?.tookMs ?? latencyMs, stop)
      this.#answeredAt = this.#time.now()
      if (isStopped()) throw new TransportError('stopped', true, 'stopped', { cause: stop.reason })
      if (typeof strike?.gets === 'function')
        return strike.gets(this.#time.now(), token, request.body ?? '')
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
    if (strike?.refuses) return this.#refused(request, token, strike.refuses)
    const perform = (): HttpAnswer => this.#perform(request, token, strike)
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

  // Some words repeat the value: they must not be told.
  #refused(request: HttpRequest, token: string, which: 'last' | 'all'): HttpAnswer {
    const wanted = valuesIn(request.body)
    const failing = which === 'all' ? wanted : wanted.slice(-1)
    if (failing.length < wanted.length) {
      const isTaken = (key: string): boolean => !failing.some(([each]) => each === key)
      this.#perform({ ...request, body: withValues(request.body, isTaken) }, token)
    }
    const failures = Object.fromEntries(
      failing.map(([key, value]) => [key, `${value} is no value.`])
    )
    return answered(200, {
      ...(envelope(200, 'Success!') as JsonObject),
      data: { message: '', new_var_ids: [], deleted_var_ids: [], failures }
    })
  }

  #perform(
    given: HttpRequest,
    token: string,
    { hiddenMs = 0, unknownMs = 0, list }: Partial<Strike> = {}
  ): HttpAnswer {
    const now = this.#time.now()
    const isKnown = (name: string): boolean => (this.#unknown.get(name) ?? 0) <= now
    const request =
      this.#unknown.size > 0 && given.path.endsWith(bulk)
        ? { ...given, body: withValues(given.body, isKnown) }
        : given
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const wanted = { ...request, headers, body: request.body, now }
    const isHidden = ({ id }: { readonly id: number }): boolean => (this.#hidden.get(id) ?? 0) > now
    if (request.method === 'GET') {
      const { environments, jobs, variables } = this.state
      const visible = {
        ...this.state,
        environments: environments.filter((each) => !isHidden(each)),
        jobs: jobs.filter((each) => !isHidden(each)),
        variables: variables.filter((each) => !isHidden(each))
      }
      if (list === undefined) return handle(visible, wanted).response
      const armed = [{ fault: { action: { kind: 'list', ...list } as const }, seen: 0 }]
      const { outcome } = handleWithFaults(visible, armed, wanted)
      return outcome.kind === 'response' ? outcome.response : nothing
    }
    const before = this.state
    const { state, response } = handle(before, wanted)
    this.state = state
    this.states.push(state)
    if (hiddenMs > 0)
      for (const id of idsOf(state))
        if (!idsOf(before).has(id)) this.#hidden.set(id, now + hiddenMs)
    if (unknownMs > 0)
      for (const { id, name } of state.environments)
        if (!idsOf(before).has(id)) this.#unknown.set(name, now + unknownMs)
    return response
  }

  #placeOf({ method, path, body }: HttpRequest, token: string): Arrival['place'] {
    const [pathname = ''] = path.split('?')
    const isWriting = this.arrivals.some(({ request }) => request.method !== 'GET')
    if (method === 'GET') {
      if (this.#hasValues && isWriting && pathname.endsWith(valuesByEnvironment)) {
        if (!this.arrivals.some(({ request }) => request.path.endsWith(bulk))) return 'read anew'
        // A look comes after a wait.
        return this.#time.now() - this.#answeredAt < 500 ? 'read back' : 'look'
      }
      if (pathname.endsWith('/connections/')) return 'read connections'
      if (pathname.includes('/credentials/')) return 'read credentials'
      if (!this.#hasValues && pathname.endsWith(valuesByEnvironment)) return 'read names'
      const own = this.#hasValues ? valuesRead(pathname) : undefined
      if (token === tokens.source)
        return own ?? (/\/jobs\/\d+\/$/.test(pathname) ? 'read gone' : 'read source')
      if (isWriting) return 'look'
      const isRepeated = this.arrivals.some(
        ({ request, struck, place }) =>
          request.path === path && !struck && place === (own ?? 'read target')
      )
      const isRecheck = this.arrivals.some(({ place }) => place === 'read again')
      const single = new RegExp(`/projects/${String(targetProject)}/environments/\\d+/$`)
      return isRepeated || isRecheck || single.test(pathname)
        ? 'read again'
        : (own ?? 'read target')
    }
    const id = Number(/\/(\d+)\/$/.exec(pathname)?.[1])
    if (pathname.includes('/extended-attributes/'))
      return method === 'PATCH' ? 'patch attributes' : 'create attributes'
    if (pathname.includes('/environment-variables/')) {
      const isBulk = pathname.endsWith(bulk)
      if (isBulk && this.arrivals.some(({ place }) => place === 'read back')) return 'set again'
      if (isBulk && method === 'POST') return 'create variable'
      if (pathname.endsWith('/environment-variables/')) return 'create override'
      if (/"DBT_ENV_SECRET/.test(body ?? '')) return 'rewrite secret'
      return isBulk ? 'update variable' : 'update override'
    }
    if (pathname.includes('/environments/'))
      return pathname.endsWith('/environments/') ? 'create env' : 'update env'
    if (pathname.endsWith('/jobs/')) return 'create job'
    const own = this.#ownBefore.get(id)
    if (!own) return 'link job'
    return runs(own) && !runs(JSON.parse(body ?? '{}') as Job) ? 'pause job' : 'update job'
  }
}

const bulk = '/environment-variables/bulk/'
const valuesByEnvironment = '/environment-variables/environment/'

function valuesRead(pathname: string): Place | undefined {
  if (pathname.endsWith(valuesByEnvironment)) return 'read variables'
  if (pathname.endsWith('/environment-variables/job/')) return 'read overrides'
  return pathname.includes('/extended-attributes/') ? 'read attributes' : undefined
}

function idsOf({ environments, jobs, variables }: State): ReadonlySet<number> {
  return new Set([...environments, ...jobs, ...variables].map(({ id }) => id))
}

type VariableBody = Readonly<Record<string, Readonly<Record<string, string>>>>

const isNameKey = (key: string): boolean => key === 'name' || key === 'new_name'

/** The values that the write of a variable holds, by the keys that it gives them. */
function valuesIn(body = '{}'): readonly (readonly [string, string])[] {
  return Object.values(JSON.parse(body) as VariableBody)
    .flatMap((values) => Object.entries(values))
    .filter(([key]) => !isNameKey(key))
}

/** The write of a variable with some of its values. */
function withValues(body = '{}', isTaken: (key: string) => boolean): string {
  const outer = Object.entries(JSON.parse(body) as VariableBody).map(
    ([key, values]) =>
      [
        key,
        Object.fromEntries(
          Object.entries(values).filter(([each]) => isNameKey(each) || isTaken(each))
        )
      ] as const
  )
  return JSON.stringify(Object.fromEntries(outer))
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
