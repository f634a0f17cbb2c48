// The body that starts a run, checked against spec v2 TriggerRunRequestRequest.

import {
  integer,
  isFine,
  listOf,
  nullable,
  problemsOf,
  SCHEMA,
  text,
  boolean,
  type Shape
} from '../check.ts'
import { invalid, json, Refusal } from '../http.ts'
import type { Json, JsonObject } from '../json.ts'
import type { RunTrigger } from './types.ts'

const optionalText = nullable(text(1))
const optionalInteger = nullable(integer)

// Null for what is not overridden: Airflow's dbt Cloud provider always sends `steps_override` and `schema_override`
// (hooks/dbt.py, trigger_job_run).
const SHAPE: Shape = {
  required: ['cause'],
  keys: {
    cause: text(1),
    git_sha: optionalText,
    git_branch: optionalText,
    azure_pull_request_id: optionalInteger,
    github_pull_request_id: optionalInteger,
    gitlab_merge_request_id: optionalInteger,
    non_native_pull_request_id: optionalInteger,
    schema_override: optionalText,
    dbt_version_override: optionalText,
    threads_override: optionalInteger,
    target_name_override: optionalText,
    generate_docs_override: nullable(boolean),
    timeout_seconds_override: optionalInteger,
    steps_override: nullable(listOf(text(1)))
  }
}

/** Airflow's provider cuts a cause after 255 characters (hooks/dbt.py, DBT_CAUSE_MAX_LENGTH). */
const CAUSE_MAX_LENGTH = 255

/** A run without a cause is a fault of the server, in the web framework's form (dwallace0723/dbt-cloud-plugin#3). */
function withoutCause(): Refusal {
  const detail = 'There was a server error. Please contact support at support@getdbt.com.'
  return new Refusal(json(500, { detail }))
}

/** The trigger that a body asks for. */
export function readRunBody(raw: JsonObject): RunTrigger {
  if ((raw.cause ?? null) === null) throw withoutCause()
  const problems = problemsOf(raw, SHAPE, SCHEMA)
  if (!isFine(problems)) throw invalid(problems)
  const cause = raw.cause as string
  // How a longer one is refused is not recorded.
  if ([...cause].length > CAUSE_MAX_LENGTH)
    throw invalid({ cause: `Longer than maximum length ${CAUSE_MAX_LENGTH}.` })
  const given: Record<string, Json> = {}
  for (const key of Object.keys(SHAPE.keys)) given[key] = raw[key] ?? null
  return { ...given, cause, cause_category: 'api' } as RunTrigger
}
