// What the sandbox knows, as plain JSON: `GET` and `PUT /_sandbox/state` carry it as it stands.
// Rows have the keys that the API answers, less what the API derives (cron text, next run, nesting).

import { isObject, type Json, type JsonObject } from './json.ts'
import { sorted, type Row } from './table.ts'

/** 1 active, 2 soft-deleted: the only two states the platform has. */
export type Lifecycle = 1 | 2

/** Kinds of environment that a permission may be limited to; live groups also say `all`. */
export type EnvironmentCategory = 'development' | 'staging' | 'production' | 'other' | 'all'

/** What an account may or may not do, and where its API differs from the newest one. */
export interface Features {
  /** Regular expression of the dbt versions the account takes; null takes all. */
  readonly dbtVersions: string | null
  /** Entitled to `state_aware_orchestration`; otherwise it is dropped without a word. */
  readonly stateAwareOrchestration: boolean
  /** Entitled to `efficient_testing`; otherwise it is dropped without a word. */
  readonly efficientTesting: boolean
  /** Entitled to the job feature `dbt_state` and to `enable_dbt_state` of environments. */
  readonly dbtState: boolean
  /** Takes `enable_model_query_history`; otherwise it stays false. */
  readonly modelQueryHistory: boolean
  /** What an update that loses a deployment environment's credentials does: the spec says `reset`, one report says a 500. */
  readonly lostCredentials: 'reset' | 'error'
  /** Gives an environment without `connection_id` the connection of its project. */
  readonly autoAssignConnection: boolean
  /** Refuses a second environment of the same name in a project (not documented, so off). */
  readonly uniqueEnvironmentNames: boolean
  /** How a description of more than 255 characters is refused: dbt-jobs-as-code#205 saw a 400, #204 a 500. */
  readonly longDescription: 'invalid' | 'error'
  /** What a job stores that is given no cost optimisation: a list without any, null, or whichever was sent (nobody knows). */
  readonly noFeatures: 'list' | 'null' | 'as-sent'
  /** Whether `lifecycle_webhooks` follows from the type, as on all jobs of a live account of 2026 (true for CI and merge). */
  readonly lifecycleWebhooks: 'as-sent' | 'by-type'
  /** Refuses a job that compares changes and defers to no environment, as the schema of Terraform's provider says. */
  readonly comparisonNeedsDeferral: boolean
  /** Lists the overrides of a job where `include_related` asks for them; otherwise the key is null (`missingKeys` takes it away). */
  readonly jobVariables: boolean
  /** Whether the creation of a variable tells of environments that it does not know. */
  readonly unknownEnvironments: 'silent' | 'reported'
  /** What the update of a variable does to values that it does not mention: spec and clients disagree. */
  readonly unmentionedValues: 'keep' | 'delete'
  /** Answers extended attributes as a JSON text, not as an object. */
  readonly attributesAsText: boolean
  /** Keys of an older API: absent from answers, ignored in requests. */
  readonly missingKeys: KeysByKind
  /** Keys of an older and strict API: absent from answers, refused in requests. */
  readonly refusedKeys: KeysByKind
  /** Writable keys of a newer API: in answers, taken in requests, reset to null where a request omits them. */
  readonly futureKeys: KeysByKind
}

export interface KeysByKind {
  readonly environment: readonly string[]
  readonly job: readonly string[]
}

export interface Account extends Row {
  readonly name: string
  readonly plan: string
  readonly run_slots: number
  readonly state: Lifecycle
  readonly created_at: string
  readonly updated_at: string
  readonly features: Features
}

/** What a token may do in one project. Without categories every environment is writable; an empty list means none is. */
export interface Grant {
  readonly access: 'read' | 'write'
  readonly environmentCategories?: readonly EnvironmentCategory[]
  /** False for a permission set without custom environment variables: neither read nor written. */
  readonly variables?: boolean
}

/** The reach of a token. A project's own entry wins over `*`. */
export interface TokenGrants {
  readonly accounts: readonly number[]
  readonly projects: Readonly<Record<string, Grant>>
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

/** Requests of the last minute of one account, and until when it is locked out. */
export interface Usage {
  readonly recent: readonly number[]
  readonly blockedUntil: number | null
}

export interface Tables {
  accounts: readonly Account[]
  repositories: readonly Repository[]
  projects: readonly Project[]
  environments: readonly Environment[]
  jobs: readonly Job[]
  credentials: readonly Credentials[]
  connections: readonly Connection[]
  profiles: readonly Profile[]
  extendedAttributes: readonly ExtendedAttributes[]
  variables: readonly Variable[]
}

/** Everything. Only the builders assign to its properties; `handle` returns a new one. */
export interface State extends Tables {
  /** Milliseconds since 1970 for requests that bring no time of their own. */
  clock: number
  tokens: Readonly<Record<string, TokenGrants>>
  nextIds: Readonly<Record<keyof Tables, number>>
  /** Requests a minute and account, null for no limit. */
  rateLimit: number | null
  usage: Readonly<Record<string, Usage>>
}

// New ids come from ranges of their own, so that an id of the wrong kind never happens to exist.
// Jobs have 14 digits as in accounts on cells: they do not fit in 32 bits.
const FIRST_IDS: Record<keyof Tables, number> = {
  accounts: 970_000_001,
  repositories: 960_000_001,
  projects: 910_000_001,
  environments: 900_000_001,
  jobs: 70_403_103_917_001,
  credentials: 920_000_001,
  connections: 930_000_001,
  profiles: 940_000_001,
  extendedAttributes: 950_000_001,
  variables: 980_000_001
}

/** The names of the tables. */
export const TABLES = Object.keys(FIRST_IDS) as (keyof Tables)[]

/** A platform without accounts, on Wednesday 2026-01-07 at noon. */
export function emptyState(): State {
  return {
    clock: Date.UTC(2026, 0, 7, 12),
    tokens: {},
    accounts: [],
    repositories: [],
    projects: [],
    environments: [],
    jobs: [],
    credentials: [],
    connections: [],
    profiles: [],
    extendedAttributes: [],
    variables: [],
    nextIds: FIRST_IDS,
    rateLimit: null,
    usage: {}
  }
}

function isTable(value: Json | undefined): boolean {
  return (
    Array.isArray(value) &&
    (value as readonly Json[]).every((row) => isObject(row) && Number.isSafeInteger(row.id))
  )
}

/**
 * Reads a state that came as JSON. What is absent is as in {@link emptyState}.
 * @throws when it is not a state; the message names the key.
 */
export function parseState(value: Json): State {
  if (!isObject(value)) throw new Error('A state is a JSON object.')
  const empty = emptyState()
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(empty, key)) throw new Error(`A state has no key '${key}'.`)
  }
  for (const table of TABLES) {
    if (value[table] !== undefined && !isTable(value[table])) {
      throw new Error(`'${table}' must be a list of objects with an integer id.`)
    }
  }
  for (const key of ['tokens', 'nextIds', 'usage']) {
    if (value[key] !== undefined && !isObject(value[key]))
      throw new Error(`'${key}' must be an object.`)
  }
  // From here on the shape of each row is taken on trust: a state is written by a test, not by a client.
  const given = value as Partial<State>
  const state: State = { ...empty, ...given, nextIds: { ...empty.nextIds, ...given.nextIds } }
  for (const table of TABLES) Object.assign(state, { [table]: sorted<Row>(state[table]) })
  return state
}
