// Environments and the jobs in them.

import { scheduleOf } from '../schedule.ts'
import { planRun } from '../runs/plan.ts'
import { plainTrigger, QUEUE_MS } from '../runs/scheduler.ts'
import type { EndStatus, Environment, Job, JobType, State, Triggers } from '../state.ts'
import { put } from '../table.ts'
import { timestamp } from '../time.ts'
import { row, takeId, type Given } from './base.ts'
import { addProfile } from './project.ts'

/** Adds an environment; a deployment one with the connection of its project, and a profile if it has credentials. */
export function addEnvironment(
  state: State,
  projectId: number,
  given: Given<Environment> = {}
): number {
  const project = row(state.projects, projectId, 'project')
  const id = takeId(state, 'environments', given.id)
  const version = given.dbt_version ?? 'latest'
  const environment = {
    name: `Environment ${id}`,
    type: 'deployment',
    deployment_type: null,
    dbt_version: version,
    raw_dbt_version: version,
    use_custom_branch: (given.custom_branch ?? null) !== null,
    custom_branch: null,
    supports_docs: false,
    enable_model_query_history: false,
    enable_dbt_state: false,
    connection_id: project.connection_id,
    credentials_id: null,
    extended_attributes_id: null,
    primary_profile_id: null,
    state: 1,
    created_at: null,
    updated_at: timestamp(state.clock),
    ...given,
    id,
    account_id: project.account_id,
    project_id: project.id
  } as Environment
  const wantsProfile = environment.credentials_id !== null && environment.type === 'deployment'
  const profile =
    wantsProfile && environment.primary_profile_id === null
      ? addProfile(state, projectId, {
          key: `environment-${id}`,
          connection_id: environment.connection_id,
          credentials_id: environment.credentials_id,
          extended_attributes_id: environment.extended_attributes_id
        })
      : environment.primary_profile_id
  state.environments = put(state.environments, { ...environment, primary_profile_id: profile })
  return id
}

function impliedType(triggers: Triggers): JobType {
  if (triggers.github_webhook || triggers.git_provider_webhook === true) return 'ci'
  if (triggers.on_merge === true) return 'merge'
  return triggers.schedule ? 'scheduled' : 'other'
}

/** Adds a job to an environment: `dbt build`, every trigger off, unless `given` says otherwise. */
export function addJob(state: State, environmentId: number, given: Given<Job> = {}): number {
  const environment = row(state.environments, environmentId, 'environment')
  const id = takeId(state, 'jobs', given.id)
  const now = timestamp(state.clock)
  const triggers = given.triggers ?? {
    github_webhook: false,
    git_provider_webhook: false,
    schedule: false,
    on_merge: false
  }
  state.jobs = put(state.jobs, {
    name: `Job ${id}`,
    description: '',
    dbt_version: null,
    raw_dbt_version: given.dbt_version ?? null,
    execute_steps: ['dbt build'],
    settings: { threads: 4, target_name: 'default' },
    execution: { timeout_seconds: 0 },
    generate_docs: false,
    run_generate_sources: false,
    run_lint: false,
    errors_on_lint_failure: true,
    run_compare_changes: false,
    compare_changes_flags: '--select state:modified',
    triggers_on_draft_pr: false,
    schedule: scheduleOf({ type: 'every_day' }, { type: 'every_hour', interval: 1 }),
    job_type: impliedType(triggers),
    deferring_environment_id: null,
    deferring_job_definition_id: null,
    job_completion_trigger_condition: null,
    cost_optimization_features: [],
    force_node_selection: !(given.cost_optimization_features ?? []).includes(
      'state_aware_orchestration'
    ),
    lifecycle_webhooks: false,
    lifecycle_webhooks_url: null,
    deactivated: false,
    run_failure_count: 0,
    is_deferrable: false,
    is_system: false,
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    triggers,
    id,
    account_id: environment.account_id,
    project_id: environment.project_id,
    environment_id: environment.id
  })
  return id
}

/** A run as a builder takes it. */
export interface GivenRun {
  /** How it ended; 10 by default. */
  readonly status?: EndStatus
  /** How long ago it was started, in milliseconds; a day by default. */
  readonly agoMs?: number
}

/** Adds a run of a job that is over; returns its id. */
export function addRun(state: State, jobId: number, given: GivenRun = {}): number {
  const job = row(state.jobs, jobId, 'job')
  const at = state.clock - (given.agoMs ?? 86_400_000)
  const status = given.status ?? 10
  const outcome = { 10: 'success', 20: 'error', 30: 'cancelled' } as const
  const order = { outcome: outcome[status] }
  const run = planRun(state, job, plainTrigger('scheduled', 'scheduled'), order, at)
  const dequeuedAt = at + QUEUE_MS
  const startedAt = dequeuedAt + run.prepMs
  const finishedAt = startedAt + run.steps.reduce((sum, step) => sum + (step.ms ?? 0), 0)
  const ended = { ...run, status, dequeuedAt, startedAt, finishedAt }
  takeId(state, 'runs', run.id)
  state.runs = put(state.runs, ended)
  return run.id
}
