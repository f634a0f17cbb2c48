// Which keys the answers of live accounts leave out, and where that was seen:
//
// - 2021: data-mie/dbt-cloud-cli, tests/data, recorded from 2021-12 to 2023-08: 4 jobs, 4 environments
// - 2025: trouze/terraform-dbtcloud-yaml, e4520f4, account_snapshot.json of 2025-11: 6 jobs, 6 environments
// - 2026: the same repository, 351c807, snapshot of 2026-02: 29 jobs, 17 environments
//
// Every other key that is compared or written stands in all of these 39 jobs and 27 environments, and is null only where
// null is a value. Keys of the platform's own making are not asked for, whatever the specification requires: no job here
// has `fusion_readiness`.
import type { Gaps } from '../model/field.ts'

const jobsOf2021 = [
  'deferring_environment_id',
  'job_completion_trigger_condition',
  'job_type',
  'run_lint',
  'errors_on_lint_failure',
  'run_compare_changes',
  'compare_changes_flags',
  'cost_optimization_features',
  'triggers_on_draft_pr'
]

/** What jobs leave out. */
export const jobGaps: Gaps = [
  // 2026: 7 jobs, of type other, that were not saved since there are merge jobs.
  ['triggers.on_merge'],
  // 2025: job 843355 of the snapshot tells `github_webhook` and `schedule` alone. 2021: `git_provider_webhook` is null.
  ['triggers.on_merge', 'triggers.git_provider_webhook'],
  jobsOf2021,
  [...jobsOf2021, 'description']
]

const environmentsUntil2025 = [
  'enable_model_query_history',
  'enable_dbt_state',
  'primary_profile_id'
]

/** What environments leave out. */
export const environmentGaps: Gaps = [
  environmentsUntil2025,
  ['deployment_type', 'extended_attributes_id', ...environmentsUntil2025],
  // 2021, version 2 of the API.
  ['type', 'deployment_type', 'extended_attributes_id', ...environmentsUntil2025],
  // 2023, the answer to a create: the connection was that of the project.
  ['connection_id', 'extended_attributes_id', ...environmentsUntil2025]
]
