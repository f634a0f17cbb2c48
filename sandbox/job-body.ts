// The body of a job write, checked against spec v2 HumanReadableJobDefinitionRequest and against what
// the platform was seen to refuse beyond it. What the values mean is checked where they are stored.

import {
  additional,
  anything,
  between,
  boolean,
  integer,
  isFine,
  listOf,
  nullable,
  object,
  OLDER,
  oneOf,
  problemsOf,
  REQUIRED,
  SCHEMA,
  text,
  type Check,
  type Problems,
  type Shape
} from './check.ts'
import { invalid, NEWER, serverError } from './http.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { readSchedule, schedule } from './schedule-body.ts'
import type { Account, CompletionTrigger, JobType, Schedule } from './state.ts'

/** A body that has passed. `undefined` stands for "leave as it is", where the API knows such a thing. */
export interface JobBody {
  readonly project_id: number
  readonly environment_id: number
  readonly name: string
  readonly description: string
  readonly dbt_version: string | null
  readonly execute_steps: readonly string[]
  readonly settings: { readonly threads: number; readonly target_name: string }
  readonly execution: { readonly timeout_seconds: number }
  readonly generate_docs: boolean
  readonly run_generate_sources: boolean
  readonly run_lint: boolean
  readonly errors_on_lint_failure: boolean
  readonly run_compare_changes: boolean
  readonly compare_changes_flags: string
  readonly triggers: {
    readonly github_webhook: boolean
    readonly git_provider_webhook: boolean
    readonly schedule: boolean
    readonly on_merge: boolean
  }
  readonly triggers_on_draft_pr: boolean
  readonly schedule: Schedule
  readonly job_type: JobType | null
  readonly deferring_environment_id: number | null
  readonly deferring_job_definition_id: number | null
  readonly job_completion_trigger_condition: CompletionTrigger | null
  readonly cost_optimization_features: readonly string[] | undefined
  readonly force_node_selection: boolean | undefined
  readonly lifecycle_webhooks: boolean
  readonly state: 1 | 2
  readonly future: JsonObject
}

// ---- triggers -----------------------------------------------------------------------------------

const TRIGGERS: Shape = {
  required: ['github_webhook', 'schedule'],
  keys: {
    github_webhook: boolean,
    schedule: boolean,
    git_provider_webhook: nullable(boolean),
    on_merge: nullable(boolean)
  }
}

// `custom_branch_only` is still in the spec, marked as deprecated, and is refused (dbt-jobs-as-code#91).
const triggers: Check = (value) => {
  if (!isObject(value)) return 'expected a dictionary'
  const unexpected = Object.keys(value).filter((key) => !Object.hasOwn(TRIGGERS.keys, key))
  if (unexpected.length > 0) return additional(unexpected)
  const problems = problemsOf(value, TRIGGERS, OLDER)
  return isFine(problems) ? undefined : problems
}

function unexpectedTriggers(problems: Problems): boolean {
  return typeof problems.triggers === 'string' && problems.triggers.startsWith('Additional')
}

// ---- completion trigger -------------------------------------------------------------------------

// Marked as read-only in the spec, yet every maintained client writes it.
const completionTrigger = nullable(
  object({
    required: ['condition'],
    keys: {
      condition: object({
        required: ['job_id', 'project_id', 'statuses'],
        keys: {
          job_id: between(1),
          project_id: between(1),
          statuses: listOf(oneOf(10, 20, 30), 1)
        }
      })
    }
  })
)

// ---- the whole ----------------------------------------------------------------------------------

const SHAPE: Shape = {
  // The spec also requires `lifecycle_webhooks`, which Terraform's provider never sends; it does not
  // require `schedule` and does not have `id`, both of which are enforced (docs.getdbt.com#451).
  required: [
    'id',
    'account_id',
    'project_id',
    'environment_id',
    'name',
    'execute_steps',
    'settings',
    'execution',
    'generate_docs',
    'run_generate_sources',
    'run_lint',
    'errors_on_lint_failure',
    'run_compare_changes',
    'state',
    'triggers',
    'schedule'
  ],
  keys: {
    id: nullable(integer),
    account_id: integer,
    project_id: between(1),
    environment_id: between(1),
    name: text(1),
    // The spec says at least one character and a default of none; "" is what clients send.
    description: text(0),
    dbt_version: nullable(text(1)),
    execute_steps: listOf(text(1)),
    settings: object({
      required: ['threads', 'target_name'],
      keys: { threads: integer, target_name: text(1) }
    }),
    execution: object({
      required: ['timeout_seconds'],
      keys: { timeout_seconds: between(0) }
    }),
    generate_docs: boolean,
    run_generate_sources: boolean,
    generate_sources: boolean,
    run_lint: boolean,
    errors_on_lint_failure: boolean,
    run_compare_changes: boolean,
    compare_changes_flags: text(1),
    triggers,
    triggers_on_draft_pr: boolean,
    schedule,
    job_type: nullable(
      oneOf('ci', 'scheduled', 'other', 'merge', 'exposure_sync', 'adaptive', 'hybrid')
    ),
    deferring_environment_id: nullable(between(1)),
    deferring_job_definition_id: nullable(between(1)),
    job_completion_trigger_condition: completionTrigger,
    cost_optimization_features: nullable(listOf(text(1))),
    force_node_selection: nullable(boolean),
    lifecycle_webhooks: boolean,
    state: oneOf(1, 2)
  }
}

function shapeFor(account: Account): Shape {
  const { refusedKeys, futureKeys } = account.features
  if (refusedKeys.job.length + futureKeys.job.length === 0) return SHAPE
  const keys = { ...SHAPE.keys }
  for (const key of futureKeys.job) keys[key] = anything
  const refused = new Set(refusedKeys.job)
  return {
    required: SHAPE.required.filter((key) => !refused.has(key)),
    keys: Object.fromEntries(Object.entries(keys).filter(([key]) => !refused.has(key)))
  }
}

function assertShape(raw: JsonObject, account: Account, updating: boolean): void {
  const problems = problemsOf(raw, shapeFor(account), {
    missing: () => REQUIRED,
    unexpected: SCHEMA.unexpected
  })
  // An update without an id is told that the id does not match (dbt-cloud-openapi-spec#69).
  if (updating && problems.id === REQUIRED) delete problems.id
  if (isFine(problems)) return
  const missing = Object.values(problems).includes(REQUIRED)
  const data = missing ? { _model: 'HumanReadableJobDefinition', ...problems } : problems
  throw invalid(data, unexpectedTriggers(problems) ? NEWER : {})
}

/** 255 characters are taken and 256 refused, as a live account shows (dbt-jobs-as-code#204, #205). */
const DESCRIPTION_MAX_LENGTH = 255

function assertDescription(raw: JsonObject, account: Account): void {
  const length = [...((raw.description ?? '') as string)].length
  if (length <= DESCRIPTION_MAX_LENGTH) return
  if (account.features.longDescription === 'error') throw serverError()
  // The text is not recorded.
  throw invalid({ description: `Longer than maximum length ${DESCRIPTION_MAX_LENGTH}.` })
}

/** The checked body of a write; `id` is the one in the path, undefined on create. */
export function readJobBody(raw: JsonObject, account: Account, id: number | undefined): JobBody {
  assertShape(raw, account, id !== undefined)
  assertDescription(raw, account)
  if ((raw.id ?? null) !== (id ?? null)) throw invalid({ id: 'The provided id does not match.' })
  if (raw.account_id !== account.id)
    throw invalid({ account_id: 'The provided account_id does not match.' })

  const ignored = new Set(account.features.missingKeys.job)
  const value = (key: string): Json => (ignored.has(key) ? null : (raw[key] ?? null))
  const wants = (key: string): boolean => value(key) === true
  const given = value('triggers') as JsonObject
  const isAlone = wants('run_compare_changes') && value('deferring_environment_id') === null
  if (isAlone && account.features.comparisonNeedsDeferral)
    throw invalid({ run_compare_changes: 'Requires deferring_environment_id.' })
  return {
    project_id: value('project_id') as number,
    environment_id: value('environment_id') as number,
    name: value('name') as string,
    description: (value('description') ?? '') as string,
    dbt_version: value('dbt_version') as string | null,
    execute_steps: value('execute_steps') as readonly string[],
    settings: value('settings') as unknown as JobBody['settings'],
    execution: value('execution') as unknown as JobBody['execution'],
    generate_docs: wants('generate_docs'),
    run_generate_sources: wants('run_generate_sources'),
    run_lint: wants('run_lint'),
    errors_on_lint_failure: wants('errors_on_lint_failure'),
    run_compare_changes: wants('run_compare_changes'),
    compare_changes_flags: (value('compare_changes_flags') ?? '--select state:modified') as string,
    triggers: {
      github_webhook: given.github_webhook === true,
      git_provider_webhook: given.git_provider_webhook === true,
      schedule: given.schedule === true,
      on_merge: given.on_merge === true
    },
    triggers_on_draft_pr: wants('triggers_on_draft_pr'),
    schedule: readSchedule(value('schedule') as JsonObject),
    job_type: value('job_type') as JobType | null,
    deferring_environment_id: value('deferring_environment_id') as number | null,
    deferring_job_definition_id: value('deferring_job_definition_id') as number | null,
    job_completion_trigger_condition: value(
      'job_completion_trigger_condition'
    ) as CompletionTrigger | null,
    cost_optimization_features: (value('cost_optimization_features') ?? undefined) as
      readonly string[] | undefined,
    force_node_selection: (value('force_node_selection') ?? undefined) as boolean | undefined,
    lifecycle_webhooks: wants('lifecycle_webhooks'),
    state: value('state') as 1 | 2,
    future: Object.fromEntries(account.features.futureKeys.job.map((key) => [key, value(key)]))
  }
}
