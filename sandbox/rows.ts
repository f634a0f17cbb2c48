// The rows of the tables: the keys that the API answers, less what it derives (cron text, next run, nesting).

import type { Features } from './features.ts'
import type { JsonObject } from './json.ts'
import type { Row } from './table.ts'

/** 1 active, 2 soft-deleted: the only two states the platform has. */
export type Lifecycle = 1 | 2

/** Kinds of environment that a permission may be limited to; live groups also say `all`. */
export type EnvironmentCategory = 'development' | 'staging' | 'production' | 'other' | 'all'

export interface Account extends Row {
  readonly name: string
  readonly plan: string
  readonly run_slots: number
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
  readonly features: Features
}

export interface Repository extends Row {
  readonly account_id: number
  readonly project_id: number
  readonly full_name: string
  readonly remote_url: string
  readonly remote_backend: string | null
  readonly git_clone_strategy: string
  readonly github_installation_id: number | null
  readonly git_provider_id: number | null
  readonly deploy_key_id: number
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
}

export interface Project extends Row {
  readonly account_id: number
  readonly name: string
  readonly description: string
  readonly connection_id: number | null
  readonly repository_id: number | null
  readonly semantic_layer_config_id: number | null
  readonly dbt_project_subdirectory: string | null
  readonly docs_job_id: number | null
  readonly freshness_job_id: number | null
  readonly skipped_setup: boolean
  readonly type: 0 | 1
  readonly default_version: string | null
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
}

export interface Environment extends Row {
  readonly account_id: number
  readonly project_id: number
  readonly name: string
  readonly type: 'development' | 'deployment'
  readonly deployment_type: 'production' | 'staging' | null
  readonly dbt_version: string
  readonly raw_dbt_version: string
  readonly use_custom_branch: boolean
  readonly custom_branch: string | null
  readonly supports_docs: boolean
  readonly enable_model_query_history: boolean
  readonly enable_dbt_state: boolean
  readonly connection_id: number | null
  readonly credentials_id: number | null
  readonly extended_attributes_id: number | null
  readonly primary_profile_id: number | null
  readonly state: Lifecycle
  readonly created_at: string | null
  readonly updated_at: string
  /** Values of `Features.futureKeys`. */
  readonly future?: JsonObject
}

/** Old jobs lack the newer keys, so only the first two are sure to be there. */
export interface Triggers {
  readonly github_webhook: boolean
  readonly schedule: boolean
  readonly git_provider_webhook?: boolean | null
  readonly on_merge?: boolean | null
  readonly custom_branch_only?: boolean | null
}

export type ScheduleDate =
  | { readonly type: 'every_day' }
  | { readonly type: 'days_of_week'; readonly days: readonly number[] }
  | { readonly type: 'custom_cron'; readonly cron: string }
  | { readonly type: 'interval_cron'; readonly cron: string; readonly days: readonly number[] }

export type ScheduleTime =
  | { readonly type: 'every_hour'; readonly interval: number }
  | {
      readonly type: 'at_exact_hours'
      readonly hours: readonly number[]
      readonly interval: number
    }

export interface Schedule {
  readonly cron: string
  readonly date: ScheduleDate
  readonly time: ScheduleTime
}

export type JobType =
  'ci' | 'scheduled' | 'other' | 'merge' | 'exposure_sync' | 'adaptive' | 'hybrid'

export interface CompletionTrigger {
  readonly condition: {
    readonly job_id: number
    readonly project_id: number
    readonly statuses: readonly number[]
  }
}

export interface Job extends Row {
  readonly account_id: number
  readonly project_id: number
  readonly environment_id: number
  readonly name: string
  readonly description: string
  readonly dbt_version: string | null
  readonly raw_dbt_version: string | null
  readonly execute_steps: readonly string[]
  readonly settings: { readonly threads: number; readonly target_name: string }
  readonly execution: { readonly timeout_seconds: number }
  readonly generate_docs: boolean
  readonly run_generate_sources: boolean
  readonly run_lint: boolean
  readonly errors_on_lint_failure: boolean
  readonly run_compare_changes: boolean
  readonly compare_changes_flags: string
  readonly triggers: Triggers
  readonly triggers_on_draft_pr: boolean
  readonly schedule: Schedule
  readonly job_type: JobType
  readonly deferring_environment_id: number | null
  readonly deferring_job_definition_id: number | null
  readonly job_completion_trigger_condition: CompletionTrigger | null
  /** Null on jobs that were never told: absent and null leave it as it is. */
  readonly cost_optimization_features: readonly string[] | null
  readonly force_node_selection: boolean
  readonly lifecycle_webhooks: boolean
  readonly lifecycle_webhooks_url: string | null
  readonly deactivated: boolean
  readonly run_failure_count: number
  readonly is_deferrable: boolean
  readonly is_system: boolean
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
  /** Values of `Features.futureKeys`. */
  readonly future?: JsonObject
}

/** Credentials of a project. The secret is kept only so that tests can prove that no answer shows it. */
export interface Credentials extends Row {
  readonly account_id: number
  readonly project_id: number
  readonly type: 'postgres' | 'redshift' | 'snowflake' | 'bigquery' | 'adapter'
  readonly threads: number
  readonly target_name: string
  readonly schema: string
  readonly user: string | null
  readonly secret: string | null
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
}

/** Somebody who may be told of runs. */
export interface User extends Row {
  readonly account_id: number
  readonly email: string
  readonly first_name: string
  readonly last_name: string
}

/** Who is told of which jobs: a record of the account. It has no name and no version. */
export interface Notification extends Row {
  readonly account_id: number
  /** Of type 1 whom it tells; else who made it. */
  readonly user_id: number
  /** 1 a user's mail, 2 Slack, 3 deprecated, 4 another mail address, 5 Slack by the account's own app. */
  readonly type: 1 | 2 | 3 | 4 | 5
  readonly external_email: string | null
  readonly slack_channel_id: string | null
  readonly slack_channel_name: string | null
  readonly on_cancel: readonly number[]
  readonly on_failure: readonly number[]
  readonly on_success: readonly number[]
  readonly on_warning: readonly number[]
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
}

/** A webhook of an account. The platform knows it by a text, which is derived from the id here. */
export interface Webhook extends Row {
  readonly account_id: number
  readonly name: string
  readonly description: string
  readonly client_url: string
  readonly event_types: readonly string[]
  /** Empty for all jobs of the account. */
  readonly job_ids: readonly number[]
  readonly active: boolean
  readonly deactivate_reason: string | null
  /** 0 where nothing was sent yet. */
  readonly http_status_code: number
  /** Milliseconds since 1970, as the two below. */
  readonly dispatched_at: number | null
  /** Kept so that tests can prove that only the answer to the creation shows it. */
  readonly hmac_secret: string
  readonly created_at: number
  readonly updated_at: number
  readonly state: Lifecycle
}

/** A global connection: it belongs to the account, not to a project. */
export interface Connection extends Row {
  readonly account_id: number
  readonly name: string
  readonly adapter_version: string
  readonly config: JsonObject
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
}

/** Bindings of deployment environments; the platform makes one behind the scenes for each. */
export interface Profile extends Row {
  readonly account_id: number
  readonly project_id: number
  readonly key: string
  readonly connection_id: number | null
  readonly credentials_id: number | null
  readonly extended_attributes_id: number | null
  readonly state: Lifecycle
}

export interface ExtendedAttributes extends Row {
  readonly account_id: number
  readonly project_id: number
  readonly extended_attributes: JsonObject
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
}

/**
 * One value of an environment variable. A variable has no row of its own: it is its values, so it has
 * as many ids, and it is gone with the last of them.
 */
export interface Variable extends Row {
  readonly account_id: number
  readonly project_id: number
  readonly name: string
  readonly type: 'project' | 'environment' | 'job'
  /** Set where `type` is `environment`. */
  readonly environment_id: number | null
  /** Set where `type` is `job`. */
  readonly job_definition_id: number | null
  /** In clear, secrets too: tests prove that no answer shows those, and what was written over them. */
  readonly raw_value: string
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
}
