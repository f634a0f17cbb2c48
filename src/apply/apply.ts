// Executes a plan in waves, each in parallel: environments; new jobs, without references to jobs that do not exist yet
// and then with all triggers off; last the links of new jobs and the updates. A wave that fails stops the rest.
import { decoded, type DbtClient } from '../dbt/client.ts'
import { DbtError } from '../dbt/error.ts'
import { asFailure } from '../failure.ts'
import type { Json } from '../promotion/json.ts'
import { id } from '../promotion/kinds/decode.ts'
import {
  createEnvironment,
  decodeEnvironment,
  readEnvironment,
  replaceEnvironment
} from '../promotion/kinds/environment.ts'
import type { Values } from '../promotion/kinds/field.ts'
import { createJob, replaceJob, triggerPaths, type Job } from '../promotion/kinds/job.ts'
import type { Place, Request } from '../promotion/kinds/request.ts'
import type { Key } from '../promotion/keys.ts'
import { quoted } from '../promotion/names.ts'
import type { Change, Create, Plan, Update } from '../promotion/plan.ts'
import { resolve } from '../promotion/references.ts'
import type { Snapshot } from '../promotion/snapshot.ts'
import type { Outcome } from './outcome.ts'

/** What one write did. */
type Step = () => Promise<void>

/**
 * Applies a plan.
 * @param plan a plan without problems
 * @param target the snapshot of the target that the plan was made from
 * @param client the client of the target
 * @param parallelism how many writes may be under way
 * @returns one outcome for each change that writes, in the order of the plan
 */
export async function applyPlan(
  plan: Plan,
  target: Snapshot,
  client: DbtClient,
  parallelism: number
): Promise<readonly Outcome[]> {
  const run = new Run(plan, target, client)
  const creates = plan.changes.filter((change) => change.op === 'create')
  const updates = plan.changes.filter((change) => change.op === 'update')
  const isEnvironment = ({ kind }: Change): boolean => kind === 'environment'
  const isJob = ({ kind }: Change): boolean => kind === 'job'

  const waves: readonly (readonly Step[])[] = [
    [
      ...creates.filter(isEnvironment).map((change) => () => run.createEnvironment(change)),
      ...updates.filter(isEnvironment).map((change) => () => run.updateEnvironment(change))
    ],
    creates.filter(isJob).map((change) => () => run.createJob(change)),
    [
      ...creates.filter(({ link }) => link.length > 0).map((change) => () => run.linkJob(change)),
      ...updates.filter(isJob).map((change) => () => run.updateJob(change))
    ]
  ]
  for (const wave of waves) {
    // The workers share one iterator. A failure lets what is under way finish, and starts nothing more.
    const steps = wave[Symbol.iterator]()
    const worker = async (): Promise<void> => {
      for (const step of steps) {
        if (run.hasFailed) return
        await step()
      }
    }
    await Promise.all(Array.from({ length: parallelism }, worker))
  }
  return run.outcomes()
}

/** One application of a plan: the ids that are known so far, and the outcomes. */
class Run {
  readonly #plan: Plan
  readonly #jobs: ReadonlyMap<number, Job>
  readonly #client: DbtClient
  readonly #place: Place
  readonly #ids: Map<Key, number>
  readonly #outcomes = new Map<Key, Outcome>()
  hasFailed = false

  constructor(plan: Plan, target: Snapshot, client: DbtClient) {
    this.#plan = plan
    this.#jobs = new Map(target.jobs.map((job) => [job.id, job]))
    this.#client = client
    this.#place = { account: target.account, project: target.project.id }
    this.#ids = new Map(
      plan.changes.flatMap((change) => ('id' in change ? [[change.key, change.id]] : []))
    )
  }

  outcomes(): readonly Outcome[] {
    return this.#plan.changes
      .filter(({ op }) => op !== 'unchanged')
      .map(
        (change) =>
          this.#outcomes.get(change.key) ?? {
            key: change.key,
            status: 'not-attempted',
            id: this.#ids.get(change.key) ?? null,
            error: null
          }
      )
  }

  async createEnvironment(change: Create): Promise<void> {
    const request = createEnvironment(this.#place, change.values)
    await this.#attempt(change, async () => {
      this.#know(
        change,
        await this.#created(request, `Creating environment ${quoted(change.name)}`)
      )
    })
  }

  async createJob(change: Create): Promise<void> {
    const values = change.link.length > 0 ? withoutLinks(change) : change.values
    const request = createJob(this.#place, this.#resolved(values))
    await this.#attempt(change, async () => {
      this.#know(change, await this.#created(request, `Creating job ${quoted(change.name)}`))
      if (change.link.length > 0) this.#note(change, 'unlinked')
    })
  }

  async linkJob(change: Create): Promise<void> {
    const own = this.#ids.get(change.key)
    if (own === undefined) return
    const request = replaceJob(this.#place, own, this.#resolved(change.values))
    await this.#attempt(
      change,
      async () => {
        await this.#client.send(request, `Linking job ${quoted(change.name)}`)
      },
      'unlinked'
    )
  }

  // The list may hold less than the object itself, and a replace resets what it does not send: read it by id first.
  async updateEnvironment(change: Update): Promise<void> {
    await this.#attempt(change, async () => {
      const doing = `Reading environment ${quoted(change.name)} before its update`
      const read = readEnvironment(this.#place, change.id)
      const raw = await this.#client.send(read, doing)
      const held = decoded(read, doing, this.#client.side, () => decodeEnvironment(raw))
      const values = overlay(held.values, change)
      const request = replaceEnvironment(this.#place, change.id, values)
      await this.#client.send(request, `Updating environment ${quoted(change.name)}`)
    })
  }

  async updateJob(change: Update): Promise<void> {
    const held = this.#jobs.get(change.id)?.values ?? {}
    const values = this.#resolved(overlay(held, change))
    const request = replaceJob(this.#place, change.id, values)
    await this.#attempt(change, async () => {
      await this.#client.send(request, `Updating job ${quoted(change.name)}`)
    })
  }

  // The answer of a create must tell the id, or it is not known what was created.
  async #created(request: Request, doing: string): Promise<number> {
    const raw = await this.#client.send(request, doing)
    return decoded(request, doing, this.#client.side, () => id(raw['id'], 'data.id'))
  }

  #know(change: Change, own: number): void {
    this.#ids.set(change.key, own)
  }

  #note(change: Change, status: Outcome['status'], error: Outcome['error'] = null): void {
    this.#outcomes.set(change.key, {
      key: change.key,
      status,
      id: this.#ids.get(change.key) ?? null,
      error
    })
  }

  async #attempt(
    change: Change,
    work: () => Promise<void>,
    otherwise?: Outcome['status']
  ): Promise<void> {
    try {
      await work()
      if (!this.#outcomes.has(change.key) || otherwise !== undefined) this.#note(change, 'applied')
    } catch (error) {
      this.hasFailed = true
      const { reason, message, remedy } = asFailure(error)
      const lost = change.op === 'create' && (!(error instanceof DbtError) || error.mayHaveHappened)
      this.#note(change, otherwise ?? (lost ? 'unclear' : 'failed'), { reason, message, remedy })
    }
  }

  #resolved(values: Values): Values {
    return resolve(values, this.#place.project, (key) => {
      const own = this.#ids.get(key)
      if (own === undefined) throw new Error(`the plan refers to ${key}, which has no id yet`)
      return own
    })
  }
}

/** The first write of a job whose references wait for other new jobs: without them, and unable to start by itself. */
function withoutLinks(change: Create): Values {
  const off: Record<string, Json> = Object.fromEntries(triggerPaths.map((path) => [path, false]))
  for (const path of change.link) off[path] = null
  return { ...change.values, ...off, job_completion_trigger_condition: null }
}

function overlay(held: object, change: Update): Values {
  return {
    ...(held as Values),
    ...Object.fromEntries(change.fields.map(({ path, after }) => [path, after]))
  }
}
