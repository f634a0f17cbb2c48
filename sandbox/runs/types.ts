// Runs as the sandbox keeps them. A run is planned when it is started: what becomes of it follows from its plan and
// from the clock of runs alone, so that a test can say what happens and no test waits.

import type { Row } from '../table.ts'

/** Queued, starting, running; success, error, cancelled (spec v2 RunResponse). There is nothing between. */
export type RunStatus = 1 | 2 | 3 | 10 | 20 | 30

/** How a step, and the run with it, ends. */
export type EndStatus = 10 | 20 | 30

/** Why there is a run: spec v2 RunTrigger, less the id of the job. */
export interface RunTrigger {
  readonly cause: string
  readonly cause_category: 'api' | 'scheduled' | 'job completion'
  readonly git_branch: string | null
  readonly git_sha: string | null
  readonly azure_pull_request_id: number | null
  readonly github_pull_request_id: number | null
  readonly gitlab_merge_request_id: number | null
  readonly non_native_pull_request_id: number | null
  readonly schema_override: string | null
  readonly dbt_version_override: string | null
  readonly threads_override: number | null
  readonly target_name_override: string | null
  readonly generate_docs_override: boolean | null
  readonly timeout_seconds_override: number | null
  readonly steps_override: readonly string[] | null
}

/** A step, and what will become of it. */
export interface PlannedStep {
  readonly name: string
  /** The dbt command; null for what the platform does before. */
  readonly command: string | null
  /** How long it takes in milliseconds; null for ever. */
  readonly ms: number | null
  readonly status: EndStatus
  readonly logs: string
}

/** A run. Times are milliseconds on the clock of runs. */
export interface Run extends Row {
  readonly account_id: number
  readonly project_id: number
  readonly environment_id: number
  readonly job_definition_id: number
  readonly trigger: RunTrigger
  readonly status: RunStatus
  readonly status_message: string | null
  readonly dbt_version: string | null
  readonly git_branch: string
  readonly git_sha: string
  /** Runs of CI jobs take no slot and wait for no other run. */
  readonly concurrent: boolean
  readonly prepMs: number
  readonly steps: readonly PlannedStep[]
  /** The platform cancels what runs for longer. */
  readonly limitMs: number
  /** What the platform says of the way it ends, where an order says so. */
  readonly message: string | null
  readonly savesArtifacts: boolean
  readonly createdAt: number
  readonly dequeuedAt: number | null
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

/** The clock of runs: it stands still but for what moves it. */
export interface RunClock {
  /** Milliseconds since 1970; null until the first request about runs, which sets it. */
  readonly now: number | null
  /** By how many milliseconds each GET about runs moves it on. */
  readonly perRequest: number
}

/** What is to become of runs that are started from now on. */
export interface RunOrder {
  /** Only of this job: its id, or its name, in which `*` stands for anything. */
  readonly job?: number | string
  /** The n-th run that fits, counted from the order; 1 by default. */
  readonly nth?: number
  /** How many runs from the n-th on: 1 by default, null for all. */
  readonly times?: number | null
  /** `hang` runs until it is cancelled, by whomever. */
  readonly outcome?: 'success' | 'error' | 'cancelled' | 'hang'
  /** Which of the commands of the job, or of those that replace them, it ends in; 1 by default. */
  readonly step?: number
  /** What that command writes into its log. */
  readonly log?: string
  /** `status_message` of the run when it has ended. */
  readonly message?: string
  /** Time from the queue to the first step. */
  readonly prepMs?: number
  /** Time that each command takes. */
  readonly stepMs?: number
  /** False for a run that leaves no artifacts. */
  readonly artifacts?: boolean
}

/** An order and how many runs have fitted it so far. */
export interface ArmedOrder {
  readonly order: RunOrder
  readonly seen: number
}
