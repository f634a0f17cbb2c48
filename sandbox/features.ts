// What differs from account to account: entitlements, older and newer forms of the API, and what nobody knows.

import type { Rewrite } from './rewrites.ts'

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
  /** Whether the start of a run of a deactivated job is refused, or reactivates the job. */
  readonly deactivatedRuns: 'refused' | 'reactivates'
  /** How whoever may not see a kind of the account is refused: nobody knows. */
  readonly hiddenKinds: 403 | 404
  /** Whether the deletion of a job takes it out of notifications: of 14 live records none names a deleted job. */
  readonly deletedJobs: 'cleaned' | 'kept'
  /** Fields that are stored otherwise than they are sent. */
  readonly rewrites: readonly Rewrite[]
  /** Whether the answer to a write of a job or an environment shows what is stored, or what was sent. */
  readonly writeAnswers: 'as-stored' | 'as-sent'
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
