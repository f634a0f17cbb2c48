// A whole promotion in process: the real client, plan and apply, on the sandbox's pure `handle`, without a network.
import {
  handleWithFaults,
  type ArmedFault,
  type Fault,
  type JsonObject as SandboxJson,
  type State
} from '../sandbox/index.ts'
import { applyPlan } from '../src/apply/apply.ts'
import { recheckTarget } from '../src/apply/recheck.ts'
import { parseJournal } from '../src/inputs/read-journal.ts'
import { dbtClient, type DbtClient } from '../src/dbt/client.ts'
import { HiddenTexts } from '../src/model/hide.ts'
import { readRollbackTarget } from '../src/dbt/rollback-target.ts'
import { readDetails, readLists } from '../src/dbt/snapshot.ts'
import { pair } from '../src/promotion/pair.ts'
import type { HttpAnswer, HttpRequest, Transport } from '../src/dbt/transport.ts'
import { attemptLine, outcomeLine, plannedLines } from '../src/rollback/journal.ts'
import type { Outcome } from '../src/model/outcome.ts'
import { specInputs, type SpecInput } from '../src/inputs/input-table.ts'
import { parseSpec } from '../src/inputs/parse-spec.ts'
import { hasProblems } from '../src/model/remark.ts'
import { hasChanges, type Plan } from '../src/promotion/plan.ts'
import { promoting, type Planner } from '../src/promotion/planner.ts'
import { undoing } from '../src/rollback/rollback.ts'
import type { RollbackSpec } from '../src/rollback/rollback.ts'
import type { SecretValues } from '../src/model/secrets.ts'
import type { Snapshot } from '../src/kinds/snapshot.ts'
import type { PromotionSpec } from '../src/model/spec.ts'
import { maskComplaints } from './official/masks.ts'
import { loadSpecCheck } from './official/spec-check.ts'

/** One request as it was sent. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly body?: SandboxJson
}

/** What a promotion did. */
export interface Promoted {
  readonly state: State
  readonly plan: Plan
  readonly outcomes: readonly Outcome[]
  readonly sent: readonly Sent[]
  readonly writes: readonly Sent[]
  /** The text of the journal; empty where nothing was to be written. */
  readonly journal: string
}

/** A spec as the inputs would make it. @throws when they are wrong */
export function specOf(inputs: Partial<Record<SpecInput, string>>): PromotionSpec {
  const texts = Object.fromEntries(specInputs.map((name) => [name, inputs[name] ?? ''])) as Record<
    SpecInput,
    string
  >
  const { spec, problems } = parseSpec(
    { ...texts, host: inputs.host ?? 'ab123.us1.dbt.com' },
    { defaultBranch: undefined }
  )
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '))
  return spec
}

/** The sandbox as both sides of a promotion. */
export class World {
  state: State
  readonly sent: Sent[] = []
  /** Answers a request in place of the sandbox, where it has an answer. */
  answer: (request: HttpRequest) => HttpAnswer | undefined = () => undefined
  #faults: readonly ArmedFault[] = []
  readonly #token: string

  constructor(state: State, token: string) {
    this.state = state
    this.#token = token
  }

  /** Lets the platform answer otherwise; only with faults that leave an answer. */
  addFault(fault: Fault): void {
    this.#faults = [...this.#faults, { fault, seen: 0 }]
  }

  /** A client of one side. Every request is held against the official specification where it is at hand. */
  client(role: 'source' | 'target', account: number): DbtClient {
    const check = loadSpecCheck()
    const transport: Transport = (request) => {
      const body =
        request.body === undefined ? undefined : (JSON.parse(request.body) as SandboxJson)
      const faults = [
        ...(check?.check({ ...request, body }) ?? []),
        ...maskComplaints(request.path, body)
      ]
      if (faults.length > 0)
        throw new Error(`${request.method} ${request.path}: ${faults.join('; ')}`)
      this.sent.push({ method: request.method, path: request.path, ...(body ? { body } : {}) })
      const answer = this.answer(request)
      if (answer) return Promise.resolve(answer)
      const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' }
      const { state, outcome, unknownRoute, ...handled } = handleWithFaults(
        this.state,
        this.#faults,
        {
          ...request,
          headers,
          body: request.body
        }
      )
      if (unknownRoute) throw new Error(`unknown route: ${request.method} ${request.path}`)
      if (outcome.kind !== 'response') throw new Error(`no answer: ${outcome.kind}`)
      this.state = state
      this.#faults = handled.faults
      return Promise.resolve(outcome.response)
    }
    const side = { role, host: 'ab123.us1.dbt.com', account, tokenInput: 'token' }
    return dbtClient(side, transport, new HiddenTexts([this.#token]))
  }

  async snapshots(spec: PromotionSpec): Promise<{ source: Snapshot; target: Snapshot }> {
    const clients = {
      source: this.client('source', spec.source.account),
      target: this.client('target', spec.target.account)
    }
    const lists = await readLists(clients, spec)
    return readDetails(clients, pair(spec, lists.source, lists.target), lists)
  }

  /** Plans. */
  async plan(spec: PromotionSpec): Promise<Plan> {
    const { source, target } = await this.snapshots(spec)
    return promoting(spec, source).plan(target)
  }

  /** Plans and applies; a plan with problems is not applied. */
  async promote(spec: PromotionSpec, secrets: SecretValues = new Map()): Promise<Promoted> {
    const first = this.sent.length
    const { source, target } = await this.snapshots(spec)
    return this.#apply(promoting(spec, source), target, first, secrets)
  }

  /** Plans and applies the rollback of a journal. @throws when it can't be read */
  async rollback(text: string, guards: Partial<RollbackSpec> = {}): Promise<Promoted> {
    const first = this.sent.length
    const { journal, problems } = parseJournal(text)
    if (!journal) throw new Error(problems.map(({ message }) => message).join(' '))
    const client = this.client('target', journal.head.target.account)
    const target = await readRollbackTarget(client, journal)
    const spec = { project: undefined, maxChanges: null, protect: [], ...guards }
    return this.#apply(undoing(spec, journal), target, first, new Map())
  }

  async #apply(
    planner: Planner,
    target: Snapshot,
    first: number,
    secrets: SecretValues
  ): Promise<Promoted> {
    const plan = planner.plan(target)
    let outcomes: readonly Outcome[] = []
    let journal = ''
    if (!hasProblems(plan.remarks) && hasChanges(plan)) {
      const client = this.client('target', target.account)
      const now = await recheckTarget(planner, plan, target, client)
      journal = plannedLines(plan, now).join('')
      outcomes = await applyPlan(plan, now, client, {
        parallelism: 10,
        secrets,
        onProgress: () => undefined,
        sleep: () => Promise.resolve(),
        journal: {
          sending: (...told) => {
            journal += attemptLine(...told)
          },
          outcome: (told) => {
            journal += outcomeLine(told)
          }
        }
      })
    }
    const sent = this.sent.slice(first)
    return {
      state: this.state,
      plan,
      outcomes,
      sent,
      writes: sent.filter(({ method }) => method !== 'GET'),
      journal
    }
  }
}
