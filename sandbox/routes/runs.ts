// Runs (v2, of an account): start, list, look, cancel, steps and artifacts.

import { assertMayRun, mayRead } from '../access.ts'
import { invalid, json, notFound, success } from '../http.ts'
import { showJob } from '../job-shown.ts'
import type { Json } from '../json.ts'
import { above, listPage, matches, PAGING, type Parameters, type Query } from '../query.ts'
import {
  accountOf,
  answer,
  idOf,
  textOf,
  type Answer,
  type Call,
  type Operation,
  type Route
} from '../route.ts'
import { listArtifacts, readArtifact } from '../runs/artifacts.ts'
import { readRunBody } from '../runs/body.ts'
import { advance, enqueue, finish } from '../runs/scheduler.ts'
import { BY_USER, showRun, showStep, type Nested } from '../runs/show.ts'
import { stepsOf } from '../runs/steps.ts'
import type { Run } from '../runs/types.ts'
import { find, put } from '../table.ts'
import { assertVersion } from '../versions.ts'
import { showEnvironment } from './environments.ts'
import { jobOf } from './jobs.ts'
import { showRepository } from './projects.ts'

// Of a list, spec v2 names trigger, job, audit and debug_logs; run_steps with debug_logs works there
// (docs.getdbt.com#6886), and Airflow's provider asks for repository and environment (hooks/dbt.py, list_job_runs).
const LISTED = ['trigger', 'job', 'audit', 'debug_logs', 'run_steps', 'environment', 'repository']
const SINGLE = [...LISTED, 'run_retries', 'used_repo_cache', 'repo_cache_restore']

const related = (values: readonly string[]): Parameters => ({
  // prefect-dbt says that the list may come empty.
  include_related: { type: 'related', empty: true, values }
})

/** The call as it is after the clock of runs has moved on; only looks move it. */
function look(call: Call): Call {
  return { ...call, state: advance(call.state, call.state.runClock.perRequest, call.now) }
}

function nowOf(call: Call): number {
  return call.state.runClock.now ?? call.now
}

function nestedOf(call: Call, run: Run): Nested {
  const wanted = call.query.include_related ?? null
  const wants = (name: string): boolean =>
    Array.isArray(wanted) && (wanted as readonly Json[]).includes(name)
  const { state } = call
  const account = accountOf(call)
  const job = wants('job') ? find(state.jobs, run.job_definition_id) : undefined
  const environment = wants('environment')
    ? find(state.environments, run.environment_id)
    : undefined
  const repositoryId = find(state.projects, run.project_id)?.repository_id ?? 0
  const repository = wants('repository') ? find(state.repositories, repositoryId) : undefined
  return {
    ...(job ? { job: showJob(state, account, job, call.now) } : {}),
    ...(environment ? { environment: showEnvironment(state, account, environment) } : {}),
    ...(repository ? { repository: showRepository(repository) } : {}),
    trigger: wants('trigger'),
    run_steps: wants('run_steps'),
    debug_logs: wants('debug_logs'),
    audit: wants('audit')
  }
}

/** The run in the path, if the token may see its project. */
function runOf(call: Call, id = idOf(call, 'run')): Run {
  const run = find(call.state.runs, id)
  if (run?.account_id !== accountOf(call).id || !mayRead(call.grants, run.project_id))
    throw notFound()
  return run
}

function answerRun(call: Call, run: Run): Answer {
  const data = showRun(call.state, run, nowOf(call), nestedOf(call, run))
  return answer(call, success(200, data))
}

/** True if the parameter is absent, or both of its moments enclose this one. */
function within(query: Query, name: string, at: number | null): boolean {
  const range = query[name]
  if (!Array.isArray(range)) return true
  const [from, to] = (range as readonly string[]).map((text) => Date.parse(text))
  if (range.length !== 2 || Number.isNaN(from) || Number.isNaN(to))
    throw invalid({ [name]: 'A range is two moments.' })
  return at !== null && Number(from) <= at && at <= Number(to)
}

function isListed(call: Call, run: Run): boolean {
  const { query } = call
  const shown = showRun(call.state, run, nowOf(call))
  return (
    run.account_id === accountOf(call).id &&
    mayRead(call.grants, run.project_id) &&
    // Runs are never deleted, so `deleted` finds none.
    query.state !== 'deleted' &&
    within(query, 'created_at__range', run.createdAt) &&
    within(query, 'finished_at__range', run.finishedAt) &&
    ['dbt_version', 'environment_id', 'job_definition_id', 'project_id', 'status'].every(
      (name) =>
        matches(query, name, shown[name] ?? null) &&
        matches(query, `${name}__in`, shown[name] ?? null)
    ) &&
    ['deferring_run_id', 'has_docs_generated', 'has_sources_generated'].every((name) =>
      matches(query, name, shown[name] ?? null)
    ) &&
    above(query, 'id__gt', run.id) &&
    matches(query, 'pk', run.id) &&
    matches(query, 'pk__in', run.id)
  )
}

const list: Operation = {
  parameters: {
    ...PAGING,
    ...related(LISTED),
    created_at__range: { type: 'strings' },
    dbt_version: { type: 'string' },
    dbt_version__in: { type: 'strings' },
    deferring_run_id: { type: 'integer' },
    environment_id: { type: 'integer' },
    finished_at__range: { type: 'strings' },
    has_docs_generated: { type: 'boolean' },
    has_sources_generated: { type: 'boolean' },
    id__gt: { type: 'integer' },
    job_definition_id: { type: 'integer' },
    order_by: { type: 'order', values: ['id', 'created_at', 'finished_at'] },
    pk: { type: 'integer' },
    pk__in: { type: 'integers' },
    project_id: { type: 'integer' },
    project_id__in: { type: 'integers' },
    state: { type: 'state' },
    status: { type: 'integer' },
    status__in: { type: 'integers' }
  },
  run: (given) => {
    const call = look(given)
    const rows = call.state.runs
      .filter((run) => isListed(call, run))
      .map((run) => ({ ...run, created_at: run.createdAt, finished_at: run.finishedAt ?? 0 }))
    const filters = { state: 'all', account_id: accountOf(call).id }
    const show = (run: Run): Json => showRun(call.state, run, nowOf(call), nestedOf(call, run))
    return answer(call, listPage(rows, call.query, filters, show))
  }
}

const retrieve: Operation = {
  parameters: related(SINGLE),
  run: (given) => {
    const call = look(given)
    return answerRun(call, runOf(call))
  }
}

const start: Operation = {
  parameters: {},
  run: (given) => {
    const call = { ...given, state: advance(given.state, 0, given.now) }
    const job = jobOf(call)
    const account = accountOf(call)
    assertMayRun(call.grants, job.project_id, find(call.state.environments, job.environment_id))
    const trigger = readRunBody(call.body)
    if (trigger.dbt_version_override !== null)
      assertVersion(account, trigger.dbt_version_override, 'Jobs')
    // Runs of such a job are no longer queued, and one that is started by hand reactivates it (docs.getdbt.com, Job
    // scheduler, Deactivation of jobs). Which of the two a start by the API is, and what it answers, is not recorded.
    const isRefused = job.deactivated && account.features.deactivatedRuns === 'refused'
    if (isRefused) throw invalid({ job_definition_id: 'This job has been deactivated.' })
    const active = job.deactivated ? { ...job, deactivated: false, run_failure_count: 0 } : job
    const jobs = put(call.state.jobs, active)
    const { state, run } = enqueue({ ...call.state, jobs }, active, trigger, nowOf(call))
    return answerRun({ ...call, state }, run)
  }
}

// Recorded of a queued run: it is cancelled at once. What the API says of a run that has ended is not known: here it
// answers the run as it is (so dbt-cloud-cli#45 expects).
const cancel: Operation = {
  parameters: {},
  run: (given) => {
    const call = { ...given, state: advance(given.state, 0, given.now) }
    const run = runOf(call)
    assertMayRun(call.grants, run.project_id, find(call.state.environments, run.environment_id))
    if (run.finishedAt !== null) return answerRun(call, run)
    const state = finish(call.state, run, 30, nowOf(call), BY_USER)
    const after = { ...call, state }
    return answerRun(after, runOf(after))
  }
}

const artifacts: Operation = {
  parameters: { include_related: { type: 'related' } },
  run: (given) => {
    const call = look(given)
    return answer(call, success(200, listArtifacts(runOf(call), nowOf(call))))
  }
}

const artifact: Operation = {
  parameters: { include_related: { type: 'related' }, step: { type: 'integer', low: 1 } },
  run: (given) => {
    const call = look(given)
    const { step } = call.query
    const index = typeof step === 'number' ? step : undefined
    const found = readArtifact(runOf(call), textOf(call, 'remainder'), index, nowOf(call))
    // Not thrown: a look moves the clock also where it finds nothing.
    if (found === undefined) return answer(call, notFound().response)
    return answer(call, json(200, found))
  }
}

const step: Operation = {
  parameters: related(['trigger', 'job', 'debug_logs']),
  run: (given) => {
    const call = look(given)
    const id = idOf(call, 'step')
    const run = runOf(call, Math.floor(id / 100))
    const found = stepsOf(run, nowOf(call)).find(({ index }) => index === id % 100)
    if (found === undefined) return answer(call, notFound().response)
    const { debug_logs = false } = nestedOf(call, run)
    return answer(call, success(200, showStep(run, found, debug_logs)))
  }
}

const ACCOUNT = '/api/v2/accounts/:account/'

export const RUN_ROUTES: readonly Route[] = [
  { path: `${ACCOUNT}jobs/:id/run/`, methods: { POST: start } },
  { path: `${ACCOUNT}runs/`, methods: { GET: list } },
  { path: `${ACCOUNT}runs/:run/`, methods: { GET: retrieve } },
  { path: `${ACCOUNT}runs/:run/cancel/`, methods: { POST: cancel } },
  { path: `${ACCOUNT}runs/:run/artifacts/`, methods: { GET: artifacts } },
  { path: `${ACCOUNT}runs/:run/artifacts/*remainder`, methods: { GET: artifact } },
  { path: `${ACCOUNT}steps/:step/`, methods: { GET: step } }
]
