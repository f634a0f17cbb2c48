// What the API says of a job, field by field, and what promotion does to it.
import { asText, isList, isObject, type Json, type JsonObject } from '../model/json.ts'
import { idOf, type Reference } from '../model/reference.ts'
import { withoutMarker } from '../model/marker.ts'
import { nameKey } from '../model/names.ts'
import { getAt } from '../model/paths.ts'
import {
  bool,
  flag,
  id,
  ignored,
  int,
  listOf,
  nullable,
  object,
  text,
  type Decoder
} from '../model/decode.ts'
import { unknownParts, type Fields } from '../model/field.ts'
import { derivedTypes } from './job-type.ts'
import {
  canonSchedule,
  heldSchedule,
  schedule,
  scheduleParts,
  unknownInSchedule
} from './schedule.ts'
import { canonVersion } from './version.ts'

/** The default of the API for a job that compares changes. */
export const compareFlags = '--select state:modified'

/** A completion trigger: the job that is waited for, where it lives, and the run statuses that count (10, 20, 30). */
const completionTrigger: Decoder<JsonObject | null> = (raw, at) => {
  if (raw === null) return null
  const condition = object(object(raw, at)['condition'], `${at}.condition`)
  return {
    condition: {
      job_id: id(condition['job_id'], `${at}.condition.job_id`),
      project_id: id(condition['project_id'], `${at}.condition.project_id`),
      statuses: listOf(int)(condition['statuses'], `${at}.condition.statuses`)
    }
  }
}

function unknownInCompletion(value: JsonObject): readonly string[] {
  const known = ['job_id', 'project_id', 'statuses']
  return [
    ...unknownParts(value, (key) => key === 'condition'),
    ...unknownParts(value['condition'], (key) => known.includes(key)).map(
      (key) => `condition.${key}`
    )
  ]
}

/** The job whose completion starts another, where it lives, and the run statuses that count. */
export const parentJob: Reference = {
  kind: 'job',
  read: (value, project) => {
    const condition = getAt(value, ['condition'])
    if (!isObject(condition)) return null
    const { job_id, project_id, statuses = [] } = condition
    const home = project_id === project ? {} : { project: Number(project_id) }
    return { id: Number(job_id), ...home, statuses: statuses as readonly number[] }
  },
  write: ({ id, project, statuses }) => ({
    condition: { job_id: id, project_id: project, statuses }
  })
}

// The statuses are a set.
function canonCompletion(value: Json): Json {
  const statuses = getAt(value, ['condition', 'statuses'])
  if (!isObject(value) || !isList(statuses ?? null)) return value
  const sorted = [...new Set(statuses as readonly number[])].sort((a, b) => a - b)
  return { condition: { ...(value['condition'] as JsonObject), statuses: sorted } }
}

/** The form of a type in which it is compared: those that follow from the triggers are one. */
export function canonType(value: Json): Json {
  return derivedTypes.includes(asText(value)) ? 'deploy' : value
}

const pullNote = 'where the Git providers differ: the one of the target’s'

/** Every field of a job that the API is known to send, with what promotion does to it. */
export const jobFields = {
  account_id: { rule: 'rewrite', decode: id },
  project_id: { rule: 'rewrite', decode: id },
  environment_id: { rule: 'reference', refersTo: idOf('environment'), decode: id },
  name: { rule: 'name', decode: text, canon: (value) => nameKey(asText(value)) },
  description: {
    rule: 'copy',
    decode: nullable(text),
    answer: text,
    absent: '',
    canon: (value) => withoutMarker(asText(value)).trimEnd(),
    note: 'less the marker, the last line of a promoted job; 255 characters with it'
  },
  dbt_version: {
    rule: 'copy',
    decode: nullable(text),
    canon: canonVersion,
    note: 'null means the version of the environment'
  },
  execute_steps: { rule: 'copy', decode: listOf(text), note: 'in order, as they are' },
  'settings.threads': { rule: 'copy', decode: int },
  'settings.target_name': {
    rule: 'keep-target',
    decode: text,
    note: 'names where the job runs; a new job takes the source’s'
  },
  'execution.timeout_seconds': { rule: 'copy', decode: int, note: '0 means no limit' },
  generate_docs: { rule: 'copy', decode: flag },
  run_generate_sources: { rule: 'copy', decode: flag },
  run_lint: { rule: 'copy', decode: flag, absent: false },
  errors_on_lint_failure: { rule: 'copy', decode: bool, absent: true },
  run_compare_changes: {
    rule: 'copy',
    decode: flag,
    absent: false,
    refusable: true,
    note: 'a feature of the account'
  },
  compare_changes_flags: {
    rule: 'copy',
    decode: nullable(text),
    refusable: true,
    canon: (value) => value ?? compareFlags
  },
  lifecycle_webhooks: {
    rule: 'keep-target',
    decode: flag,
    refusable: true,
    derived: true,
    note: 'the platform may decide it: live CI and merge jobs have it on, all others off'
  },
  triggers_on_draft_pr: { rule: 'copy', decode: flag },
  schedule: {
    rule: 'copy',
    decode: schedule,
    answer: heldSchedule,
    canon: canonSchedule,
    unknown: unknownInSchedule,
    parts: scheduleParts,
    note: 'when it would run; whether it runs is `triggers.schedule`'
  },
  'triggers.github_webhook': { rule: 'trigger', decode: flag, note: pullNote },
  'triggers.git_provider_webhook': { rule: 'trigger', decode: flag, absent: false, note: pullNote },
  'triggers.schedule': { rule: 'trigger', decode: flag },
  'triggers.on_merge': { rule: 'trigger', decode: flag, absent: false },
  job_type: {
    rule: 'copy',
    decode: text,
    canon: canonType,
    note: '`scheduled`, `merge` and `other` follow from the triggers and count as equal; a trigger on pull requests makes it `ci`'
  },
  deferring_environment_id: {
    rule: 'reference',
    refersTo: idOf('environment'),
    decode: nullable(id),
    absent: null
  },
  deferring_job_definition_id: { rule: 'reference', refersTo: idOf('job'), decode: nullable(id) },
  job_completion_trigger_condition: {
    rule: 'reference',
    refersTo: parentJob,
    starts: true,
    decode: completionTrigger,
    absent: null,
    canon: canonCompletion,
    unknown: unknownInCompletion,
    note: 'marked read only in the specification, yet the only way to chain jobs'
  },
  cost_optimization_features: {
    rule: 'copy',
    decode: nullable(listOf(text)),
    canon: (value) => (isList(value) ? [...new Set(value.map(asText))].sort() : value),
    refusable: true,
    note: 'a set; a feature of the account; null, which leaves it as it is, is not the empty list'
  },
  generate_sources: {
    rule: 'keep-target',
    decode: flag,
    derived: true,
    note: 'follows from `run_generate_sources`; never set on a new job'
  },
  state: { rule: 'rewrite', decode: int, note: 'always 1, active' },
  id: { rule: 'generated', decode: id },
  is_system: {
    rule: 'generated',
    decode: flag,
    absent: false,
    note: 'system jobs are never promoted'
  },
  deactivated: {
    rule: 'generated',
    decode: flag,
    absent: false,
    note: 'switched off by the platform'
  },
  deactivation_reason: { rule: 'generated', decode: ignored },
  'triggers.custom_branch_only': {
    rule: 'generated',
    decode: ignored,
    note: 'refused when sent back'
  },
  force_node_selection: {
    rule: 'generated',
    decode: ignored,
    note: 'old twin of `cost_optimization_features`; refused for CI and merge jobs'
  },
  is_fusion_ready_override: { rule: 'generated', decode: ignored },
  is_deferrable: { rule: 'generated', decode: ignored },
  raw_dbt_version: { rule: 'generated', decode: ignored },
  run_failure_count: { rule: 'generated', decode: ignored },
  lifecycle_webhooks_url: { rule: 'generated', decode: ignored },
  created_at: { rule: 'generated', decode: ignored },
  updated_at: { rule: 'generated', decode: ignored },
  cron_humanized: { rule: 'generated', decode: ignored },
  next_run: { rule: 'generated', decode: ignored },
  next_run_humanized: { rule: 'generated', decode: ignored },
  account: { rule: 'generated', decode: ignored },
  project: { rule: 'generated', decode: ignored },
  environment: { rule: 'generated', decode: ignored },
  most_recent_run: { rule: 'generated', decode: ignored },
  most_recent_completed_run: { rule: 'generated', decode: ignored },
  custom_environment_variables: { rule: 'generated', decode: ignored },
  fusion_readiness: { rule: 'generated', decode: ignored }
} as const satisfies Fields
