// Jobs (v2, of an account). Create and update take the whole object; much of the answer is derived.

import { assertMayWriteJob, mayRead } from '../access.ts'
import { invalid, notFound, success } from '../http.ts'
import { readJobBody, type JobBody } from '../job-body.ts'
import { featuresOf } from '../job-features.ts'
import { typeOf } from '../job-type.ts'
import { JOB_RELATED, showJob } from '../job-shown.ts'
import { contains, inState, listPage, matches, PAGING, STATE } from '../query.ts'
import {
  accountOf,
  answer,
  idOf,
  type Answer,
  type Call,
  type Operation,
  type Route
} from '../route.ts'
import type { Environment, Job, Project, State } from '../state.ts'
import { withoutJob } from '../notified.ts'
import { asAnswered, asStored } from '../rewrites.ts'
import { find, put } from '../table.ts'
import { movedOn } from '../time.ts'
import { assertVersion, storedVersion } from '../versions.ts'

/** The active job in the path, if the token may see its project. */
export function jobOf(call: Call): Job {
  const job = find(call.state.jobs, idOf(call, 'id'))
  if (job?.account_id !== accountOf(call).id || job.state !== 1) throw notFound()
  if (!mayRead(call.grants, job.project_id)) throw notFound()
  return job
}

function projectOfBody(call: Call, body: JobBody): Project {
  const project = find(call.state.projects, body.project_id)
  if (project?.account_id !== accountOf(call).id || project.state !== 1) throw notFound()
  return project
}

// The text of these refusals is not recorded; that the ids must be right is.
function environmentOfBody(call: Call, body: JobBody): Environment {
  const environment = find(call.state.environments, body.environment_id)
  if (environment?.project_id !== body.project_id || environment.state !== 1)
    throw invalid({
      environment_id: `Environment ${body.environment_id} does not exist in this project.`
    })
  if (environment.type === 'development')
    throw invalid({ environment_id: 'Jobs cannot run in a development environment.' })
  return environment
}

// Whether ids of another project are refused is not known; deferring to another project's state is
// never what anyone wants, so they are.
function assertDeferral(call: Call, body: JobBody): void {
  const { deferring_environment_id: environmentId, deferring_job_definition_id: jobId } = body
  if (environmentId !== null && jobId !== null)
    throw invalid({
      deferring_job_definition_id: 'A job defers to an environment or to a job, not to both.'
    })
  if (environmentId !== null) {
    const environment = find(call.state.environments, environmentId)
    if (environment?.project_id !== body.project_id || environment.state !== 1)
      throw invalid({
        deferring_environment_id: `Environment ${environmentId} does not exist in this project.`
      })
  }
  if (jobId !== null) {
    const job = find(call.state.jobs, jobId)
    if (job?.project_id !== body.project_id || job.state !== 1)
      throw invalid({
        deferring_job_definition_id: `Jobs definition IDs ${jobId} do not exist`
      })
  }
}

// The parent may live in another project of the account, as one of the live jobs shows.
function assertCompletionTrigger(call: Call, body: JobBody): void {
  const trigger = body.job_completion_trigger_condition
  if (trigger === null) return
  const { job_id, project_id } = trigger.condition
  const parent = find(call.state.jobs, job_id)
  if (
    parent?.account_id !== accountOf(call).id ||
    parent.state !== 1 ||
    parent.project_id !== project_id
  )
    throw invalid({
      job_completion_trigger_condition: `Jobs definition IDs ${job_id} do not exist`
    })
}

function save(call: Call, previous: Job | undefined): Answer {
  const account = accountOf(call)
  const { state, grants } = call
  if (previous !== undefined) {
    const environment = find(state.environments, previous.environment_id)
    assertMayWriteJob(grants, previous.project_id, environment)
  }
  const body = readJobBody(call.body, account, previous?.id)
  if (previous !== undefined && body.project_id !== previous.project_id)
    throw invalid({ project_id: 'The project of a job cannot be changed.' })
  const project = projectOfBody(call, body)
  assertMayWriteJob(grants, project.id, undefined)
  const environment = environmentOfBody(call, body)
  assertMayWriteJob(grants, project.id, environment)
  if (body.dbt_version !== null) assertVersion(account, body.dbt_version, 'Jobs')
  const jobType = typeOf(body, previous?.job_type, project)
  assertDeferral(call, body)
  assertCompletionTrigger(call, body)
  const features = featuresOf(account, body, jobType, previous)

  const id = previous?.id ?? state.nextIds.jobs
  const moment = movedOn(previous?.updated_at, call.now)
  const { future, ...values } = body
  const sent: Job = {
    ...values,
    ...features,
    id,
    account_id: account.id,
    job_type: jobType,
    dbt_version: body.dbt_version === null ? null : storedVersion(body.dbt_version),
    raw_dbt_version: body.dbt_version,
    lifecycle_webhooks:
      account.features.lifecycleWebhooks === 'by-type'
        ? jobType === 'ci' || jobType === 'merge'
        : body.lifecycle_webhooks,
    lifecycle_webhooks_url: previous?.lifecycle_webhooks_url ?? null,
    // Saving a job that the platform had switched off switches it on again (docs.getdbt.com, Job scheduler,
    // Deactivation of jobs).
    deactivated: false,
    run_failure_count: 0,
    is_deferrable: previous?.is_deferrable ?? false,
    is_system: previous?.is_system ?? false,
    created_at: previous?.created_at ?? moment,
    updated_at: moment,
    ...(Object.keys(future).length > 0 ? { future } : {})
  }
  const job = asStored(account, 'job', sent)
  const next: State = {
    ...state,
    jobs: put(state.jobs, job),
    nextIds: previous === undefined ? { ...state.nextIds, jobs: id + 1 } : state.nextIds
  }
  const left = job.state === 2 ? withoutJob(next, job) : next
  const data = showJob(left, account, asAnswered(account, sent, job), call.now)
  return { state: left, response: success(previous === undefined ? 201 : 200, data) }
}

function effectiveVersion(state: State, job: Job): string | null {
  return job.dbt_version ?? find(state.environments, job.environment_id)?.dbt_version ?? null
}

const list: Operation = {
  parameters: {
    ...PAGING,
    ...STATE,
    ...JOB_RELATED,
    dbt_version__in: { type: 'strings' },
    environment_id: { type: 'integer' },
    is_fusion_ready: { type: 'boolean' },
    is_system: { type: 'boolean' },
    name__icontains: { type: 'string' },
    order_by: { type: 'order', values: ['id', 'name', 'created_at', 'updated_at'] },
    pk: { type: 'integer' },
    project_id: { type: 'integer' },
    project_id__in: { type: 'integers' },
    triggers_schedule: { type: 'boolean' }
  },
  run: (call) => {
    const account = accountOf(call)
    const { query, state, grants, now } = call
    const system = query.is_system === true
    const rows = state.jobs.filter(
      (job) =>
        job.account_id === account.id &&
        job.is_system === system &&
        inState(query, job) &&
        mayRead(grants, job.project_id) &&
        matches(query, 'project_id', job.project_id) &&
        matches(query, 'project_id__in', job.project_id) &&
        matches(query, 'environment_id', job.environment_id) &&
        matches(query, 'pk', job.id) &&
        contains(query, 'name__icontains', job.name) &&
        matches(query, 'triggers_schedule', job.triggers.schedule) &&
        (!Object.hasOwn(query, 'dbt_version__in') ||
          matches(query, 'dbt_version__in', effectiveVersion(state, job))) &&
        // No job of the sandbox is ready for Fusion.
        matches(query, 'is_fusion_ready', false)
    )
    const filters = { state: 'active', account_id: account.id }
    const related = query.include_related ?? null
    return answer(
      call,
      listPage(rows, query, filters, (job) => showJob(state, account, job, now, related, grants))
    )
  }
}

const create: Operation = { parameters: {}, run: (call) => save(call, undefined) }

const retrieve: Operation = {
  parameters: JOB_RELATED,
  run: (call) => {
    const related = call.query.include_related ?? null
    const data = showJob(call.state, accountOf(call), jobOf(call), call.now, related, call.grants)
    return answer(call, success(200, data))
  }
}

const update: Operation = { parameters: {}, run: (call) => save(call, jobOf(call)) }

// A soft delete, answered with the object, as recorded; the spec says 204 without a body.
const destroy: Operation = {
  parameters: {},
  run: (call) => {
    const job = jobOf(call)
    const environment = find(call.state.environments, job.environment_id)
    assertMayWriteJob(call.grants, job.project_id, environment)
    const deleted: Job = { ...job, state: 2, updated_at: movedOn(job.updated_at, call.now) }
    const state = withoutJob({ ...call.state, jobs: put(call.state.jobs, deleted) }, deleted)
    const data = showJob(state, accountOf(call), deleted, call.now)
    return { state, response: success(200, data) }
  }
}

const BASE = '/api/v2/accounts/:account/jobs/'

export const JOB_ROUTES: readonly Route[] = [
  { path: BASE, methods: { GET: list, POST: create } },
  { path: `${BASE}:id/`, methods: { GET: retrieve, POST: update, DELETE: destroy } }
]
