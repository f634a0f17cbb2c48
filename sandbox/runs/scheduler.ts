// The state machine: queued, starting, running, and how it ends. It moves on with the clock of runs and nothing else.

import type { Account, Job, State } from '../state.ts'
import { find, put } from '../table.ts'
import { timeSince } from '../time.ts'
import { planRun, takeOrder } from './plan.ts'
import type { EndStatus, Run, RunTrigger } from './types.ts'

/** A run is queued for so long at least. */
export const QUEUE_MS = 2_000

/** True for a run that takes up its place: it starts, or runs. */
export function isInFlight(run: Run): boolean {
  return run.status === 2 || run.status === 3
}

/** The runs in flight that a queued run waits for because they are of its job; those of CI jobs wait for none. */
export function blockers(state: State, run: Run): readonly Run[] {
  if (run.concurrent || run.status !== 1) return []
  return state.runs.filter(
    (other) => other.job_definition_id === run.job_definition_id && isInFlight(other)
  )
}

function freeSlots(state: State, account: Account): number {
  const taken = state.runs.filter(
    (run) => run.account_id === account.id && !run.concurrent && isInFlight(run)
  )
  return account.run_slots - taken.length
}

// docs.getdbt.com, Job scheduler: a run waits for a free slot of the account, and for a run of the same job that is in
// progress; runs of CI jobs take no slot and run beside each other.
function mayStart(state: State, run: Run): boolean {
  if (run.concurrent) return true
  const account = find(state.accounts, run.account_id)
  if (account === undefined || freeSlots(state, account) <= 0) return false
  return blockers(state, run).length === 0
}

/** When a run that has started ends if nobody cancels it, and how. */
function endOf(run: Run, startedAt: number): { readonly at: number; readonly status: EndStatus } {
  let at = startedAt
  const limit = startedAt + run.limitMs
  for (const step of run.steps) {
    at += step.ms ?? Infinity
    if (at > limit) return { at: limit, status: 30 }
    if (step.status !== 10) return { at, status: step.status }
  }
  return { at, status: 10 }
}

// The text of a run of 2024 that met the platform's limit (open-metadata/OpenMetadata, test_dbtcloud.py).
function timedOut(run: Run): string {
  const seconds = run.limitMs / 1000
  return `This run timed out after running for ${timeSince(run.limitMs)}, which exceeded the configured timeout of ${seconds} seconds.`
}

function replace(state: State, run: Run): State {
  return { ...state, runs: put(state.runs, run) }
}

/** A state with one more run of the job, queued at that moment, and the run. */
export function enqueue(
  state: State,
  job: Job,
  trigger: RunTrigger,
  at: number
): { readonly state: State; readonly run: Run } {
  const { order, orders } = takeOrder(state.runOrders, job)
  const run = planRun(state, job, trigger, order, at)
  const nextIds = { ...state.nextIds, runs: run.id + 1 }
  const next = { ...state, runs: put(state.runs, run), runOrders: orders, nextIds }
  return { state: next, run }
}

const COMPLETION: RunTrigger = {
  cause: '',
  cause_category: 'job completion',
  git_branch: null,
  git_sha: null,
  azure_pull_request_id: null,
  github_pull_request_id: null,
  gitlab_merge_request_id: null,
  non_native_pull_request_id: null,
  schema_override: null,
  dbt_version_override: null,
  threads_override: null,
  target_name_override: null,
  generate_docs_override: null,
  timeout_seconds_override: null,
  steps_override: null
}

/** A trigger that overrides nothing. */
export function plainTrigger(
  cause: string,
  cause_category: RunTrigger['cause_category']
): RunTrigger {
  return { ...COMPLETION, cause, cause_category }
}

// Jobs that wait for this one; a deactivated job is not enqueued (docs.getdbt.com, Job scheduler, Deactivation of jobs).
// The words of the cause are not recorded.
function enqueueWaiting(state: State, run: Run, status: EndStatus, at: number): State {
  const waiting = state.jobs.filter(({ state: lifecycle, deactivated, ...job }) => {
    const condition = job.job_completion_trigger_condition?.condition
    if (lifecycle !== 1 || deactivated || condition === undefined) return false
    return condition.job_id === run.job_definition_id && condition.statuses.includes(status)
  })
  const trigger = plainTrigger(`Triggered by run ${run.id}`, 'job completion')
  return waiting.reduce((current, job) => enqueue(current, job, trigger, at).state, state)
}

// Live jobs carry the failures since they last ran well; one of 2025 had 7067 of them.
function countFailure(state: State, run: Run, status: EndStatus): State {
  const job = find(state.jobs, run.job_definition_id)
  if (job === undefined || status === 30) return state
  const run_failure_count = status === 20 ? job.run_failure_count + 1 : 0
  if (run_failure_count === job.run_failure_count) return state
  return { ...state, jobs: put(state.jobs, { ...job, run_failure_count }) }
}

/** Ends a run, and starts what waits for that. */
export function finish(
  state: State,
  run: Run,
  status: EndStatus,
  at: number,
  message: string | null
): State {
  const ended = { ...run, status, finishedAt: at, status_message: message }
  const counted = countFailure(replace(state, ended), run, status)
  return enqueueWaiting(counted, run, status, at)
}

interface Event {
  readonly at: number
  readonly apply: (state: State) => State
}

/** What happens next to a run if nothing else happens before; `from` is how far the clock has come. */
function nextOf(state: State, run: Run, from: number): Event | undefined {
  const { dequeuedAt, startedAt } = run
  if (run.status === 1) {
    if (!mayStart(state, run)) return undefined
    const at = Math.max(run.createdAt + QUEUE_MS, from)
    return { at, apply: (now) => replace(now, { ...run, status: 2, dequeuedAt: at }) }
  }
  if (run.status === 2 && dequeuedAt !== null) {
    const at = dequeuedAt + run.prepMs
    return { at, apply: (now) => replace(now, { ...run, status: 3, startedAt: at }) }
  }
  if (run.status === 3 && startedAt !== null) {
    const { at, status } = endOf(run, startedAt)
    const isLate = at === startedAt + run.limitMs && status === 30
    const message = run.message ?? (isLate ? timedOut(run) : null)
    return { at, apply: (now) => finish(now, run, status, at, message) }
  }
  return undefined
}

/** Lets happen what happens to runs until then, in the order of time. */
export function settle(state: State, until: number): State {
  let current = state
  let from = state.runClock.now ?? until
  for (;;) {
    let next: Event | undefined
    for (const run of current.runs) {
      const event = run.finishedAt === null ? nextOf(current, run, from) : undefined
      if (event !== undefined && (next === undefined || event.at < next.at)) next = event
    }
    if (next === undefined || next.at > until) break
    current = next.apply(current)
    from = Math.max(from, next.at)
  }
  return { ...current, runClock: { ...current.runClock, now: until } }
}

/** Moves the clock of runs on; the first call sets it to `now`, which is the time of the request. */
export function advance(state: State, ms: number, now: number): State {
  return settle(state, (state.runClock.now ?? now) + ms)
}
