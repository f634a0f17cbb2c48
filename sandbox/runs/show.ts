// A run and its steps as the API answers them, at a moment of the clock of runs.

import { omit, type Json, type JsonObject } from '../json.ts'
import type { State } from '../state.ts'
import { clockTime, timeSince, timestamp } from '../time.ts'
import { hasResults, SAVING_MS } from './artifacts.ts'
import { blockers } from './scheduler.ts'
import { stepsOf, type BegunStep } from './steps.ts'
import type { Run } from './types.ts'

const WORDS: Readonly<Record<number, string>> = {
  1: 'Queued',
  2: 'Starting',
  3: 'Running',
  10: 'Success',
  20: 'Error',
  30: 'Cancelled'
}

/** What may be asked for of a run beside itself, already as the API shows it. */
export interface Nested {
  readonly job?: Json
  readonly environment?: Json
  readonly repository?: Json
  readonly trigger?: boolean
  readonly run_steps?: boolean
  readonly debug_logs?: boolean
  readonly audit?: boolean
}

function moment(at: number | null): string | null {
  return at === null ? null : timestamp(at)
}

/** Why the platform would not resume the run: spec v2 RetryNotSupportedReasonEnum; null if it would. */
function retryRefusal(state: State, run: Run): string | null {
  // Said of queued and of cancelled runs too (open-metadata/OpenMetadata, test_dbtcloud.py; apache/airflow#38868).
  if (run.status !== 20) return 'RETRY_NOT_FAILED_RUN'
  if (!hasResults(run)) return 'RETRY_NO_RUN_RESULTS'
  const later = state.runs.some(
    (other) => other.job_definition_id === run.job_definition_id && other.id > run.id
  )
  return later ? 'RETRY_NOT_LATEST_RUN' : null
}

function durations(run: Run, now: number): JsonObject {
  const end = run.finishedAt ?? now
  const whole = end - run.createdAt
  const queued = (run.startedAt ?? end) - run.createdAt
  const ran = run.startedAt === null ? 0 : end - run.startedAt
  const rest = run.finishedAt === null ? 'from now' : 'ago'
  return {
    duration: clockTime(whole),
    queued_duration: clockTime(queued),
    run_duration: clockTime(ran),
    duration_humanized: timeSince(whole),
    queued_duration_humanized: timeSince(queued),
    run_duration_humanized: timeSince(ran),
    created_at_humanized: `${timeSince(now - run.createdAt)} ago`,
    finished_at_humanized: `${timeSince(now - end)} ${rest}`
  }
}

function outcome(run: Run): JsonObject {
  const isComplete = run.finishedAt !== null
  return {
    status_humanized: WORDS[run.status] ?? null,
    in_progress: !isComplete,
    is_complete: isComplete,
    is_success: run.status === 10,
    is_error: run.status === 20,
    is_cancelled: run.status === 30,
    // Null on queued and on ended runs of 2024 (test_dbtcloud.py); of one that runs nothing is recorded.
    is_running: null
  }
}

function times(run: Run, now: number): JsonObject {
  const changed = run.finishedAt ?? run.startedAt ?? run.dequeuedAt ?? run.createdAt
  return {
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(changed),
    dequeued_at: moment(run.dequeuedAt),
    started_at: moment(run.startedAt),
    finished_at: moment(run.finishedAt),
    last_checked_at: null,
    last_heartbeat_at: run.status === 3 ? timestamp(now) : null,
    should_start_at: null
  }
}

/** A step with the keys of spec v2 RunStepResponse. */
export function showStep(run: Run, step: BegunStep, withDebugLogs: boolean): JsonObject {
  const { planned, index, status, startedAt, finishedAt, logs, now } = step
  const id = run.id * 100 + index
  const lines = logs.split('\n')
  return {
    id,
    run_id: run.id,
    account_id: run.account_id,
    index,
    status,
    name: planned.name,
    logs,
    // Only where they are asked for; else the last 1,000 lines stand beside them (spec v2, Retrieve Run).
    debug_logs: withDebugLogs ? logs : '',
    log_path: null,
    debug_log_path: null,
    truncated_debug_logs: lines.slice(-1000).join('\n'),
    created_at: moment(startedAt),
    updated_at: moment(finishedAt ?? startedAt),
    started_at: moment(startedAt),
    finished_at: moment(finishedAt),
    status_color: status === 20 ? '#DE4E4E' : '#34C759',
    status_humanized: WORDS[status] ?? null,
    duration: clockTime(startedAt === null ? 0 : (finishedAt ?? now) - startedAt),
    duration_humanized: timeSince(startedAt === null ? 0 : (finishedAt ?? now) - startedAt),
    run_step_command:
      planned.command === null ? null : { run_step_id: id, dbt_command: planned.command },
    run_step_invocation: null
  }
}

// Known once the repository is cloned: null on the queued runs that are recorded.
function commitOf({ startedAt, git_branch, git_sha }: Run): JsonObject {
  return startedAt === null ? { git_branch: null, git_sha: null } : { git_branch, git_sha }
}

function triggerOf(run: Run): JsonObject {
  return { job_definition_id: run.job_definition_id, ...omit(run.trigger) }
}

// Since 2026-03-18 (release notes) the audit names who started a run.
function auditOf(run: Run): JsonObject {
  const actor = { id: '1', type: 'service_token', name: 'sandbox' }
  const cancellation = run.status === 30 && run.status_message === BY_USER ? { actor } : null
  return { trigger: { actor }, cancellation }
}

/** What a run says that somebody has cancelled, as recorded (`run_cancel_response`). */
export const BY_USER = 'Cancelled by user.'

function leftBehind(run: Run, steps: readonly BegunStep[], now: number): JsonObject {
  const isSaved = run.savesArtifacts && run.finishedAt !== null && run.finishedAt + SAVING_MS <= now
  const hasDone = (command: string): boolean =>
    steps.some((step) => step.planned.command === command && step.status === 10)
  return {
    artifacts_saved: isSaved && steps.length > 0,
    artifact_s3_path: isSaved ? `prod/runs/${run.id}/artifacts/target` : null,
    has_docs_generated: hasDone('dbt docs generate'),
    has_sources_generated: hasDone('dbt source freshness'),
    notifications_sent: run.finishedAt !== null
  }
}

/**
 * A run with the keys of the recordings (`run_get_response`) and of a run of 2024 (open-metadata/OpenMetadata,
 * test_dbtcloud.py). What is nested is null, or an empty list of steps, unless it is asked for.
 */
export function showRun(state: State, run: Run, now: number, nested: Nested = {}): JsonObject {
  const refusal = retryRefusal(state, run)
  const steps = stepsOf(run, now)
  return {
    id: run.id,
    trigger_id: run.id + 3,
    account_id: run.account_id,
    environment_id: run.environment_id,
    project_id: run.project_id,
    job_definition_id: run.job_definition_id,
    status: run.status,
    dbt_version: run.dbt_version,
    ...commitOf(run),
    status_message: run.status_message,
    owner_thread_id: null,
    executed_by_thread_id: run.dequeuedAt === null ? null : `scheduler-run-0-${run.id}`,
    deferring_run_id: null,
    ...leftBehind(run, steps, now),
    blocked_by: blockers(state, run).map(({ id }) => id),
    ...times(run, now),
    trigger: nested.trigger === true ? triggerOf(run) : null,
    job: nested.job ?? null,
    environment: nested.environment ?? null,
    ...(nested.repository === undefined ? {} : { repository: nested.repository }),
    run_steps:
      nested.run_steps === true
        ? steps.map((step) => showStep(run, step, nested.debug_logs === true))
        : [],
    deprecation: null,
    ...outcome(run),
    ...durations(run, now),
    retrying_run_id: null,
    can_retry: refusal === null,
    retry_not_supported_reason: refusal,
    job_id: run.job_definition_id,
    href: `https://ab123.us1.dbt.com/deploy/${run.account_id}/projects/${run.project_id}/runs/${run.id}/`,
    used_repo_cache: null,
    audit: nested.audit === true ? auditOf(run) : null
  }
}
