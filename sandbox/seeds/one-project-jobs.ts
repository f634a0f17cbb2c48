// The jobs of the seed `one-project`: QA's, their twins in production, and those that have none.

import { scheduleOf } from '../schedule.ts'
import type { CompletionTrigger, Job, Triggers } from '../state.ts'
import { ONE_PROJECT } from './one-project-ids.ts'

const { environments, jobs } = ONE_PROJECT

const OFF: Triggers = {
  github_webhook: false,
  git_provider_webhook: false,
  schedule: false,
  on_merge: false
}

// Live CI jobs have both on, whatever the provider.
const ON_PULL_REQUEST: Triggers = { ...OFF, github_webhook: true, git_provider_webhook: true }
const ON_MERGE: Triggers = { ...OFF, on_merge: true }

const CHANGED = ['dbt build --select state:modified+']

const EVERY_DAY_HOURLY = scheduleOf(
  { type: 'days_of_week', days: [0, 1, 2, 3, 4, 5, 6] },
  { type: 'every_hour', interval: 1 }
)

function after(job_id: number, statuses: readonly number[] = [10]): Partial<Job> {
  const project_id = ONE_PROJECT.project
  const trigger: CompletionTrigger = { condition: { job_id, project_id, statuses } }
  return { job_completion_trigger_condition: trigger }
}

function settings(target_name: string, threads = 4): Pick<Job, 'settings'> {
  return { settings: { threads, target_name } }
}

const CI: Partial<Job> = {
  execute_steps: CHANGED,
  triggers: ON_PULL_REQUEST,
  execution: { timeout_seconds: 3600 },
  run_lint: true,
  run_compare_changes: true,
  lifecycle_webhooks: true
}

const MERGE: Partial<Job> = {
  execute_steps: CHANGED,
  triggers: ON_MERGE,
  execution: { timeout_seconds: 3600 },
  generate_docs: true,
  schedule: EVERY_DAY_HOURLY,
  lifecycle_webhooks: true
}

/** Environment, id and the rest of each job. */
export const JOBS: readonly (readonly [
  number,
  number,
  Partial<Job> & { readonly name: string }
])[] = [
  [environments.qa, jobs.nightlyQa, { name: 'Nightly QA', ...settings('QA') }],
  [
    environments.qa,
    jobs.docsQa,
    {
      name: 'Docs QA',
      execute_steps: ['dbt docs generate'],
      ...settings('QA'),
      ...after(jobs.nightlyQa)
    }
  ],
  [
    environments.qa,
    jobs.mergeQa,
    { name: 'Merge QA', ...MERGE, ...settings('QA'), deferring_environment_id: environments.qa }
  ],
  [environments.qa, jobs.adHocQa, { name: 'Ad hoc QA', execute_steps: ['dbt compile'] }],
  [
    environments.qa,
    jobs.snapshotsQa,
    { name: 'Snapshots QA', execute_steps: ['dbt snapshot'], ...settings('QA') }
  ],
  [
    environments.qa,
    jobs.reconcileQa,
    {
      name: 'Reconcile QA',
      execute_steps: ['dbt test --select reconcile --target QA'],
      ...settings('QA'),
      ...after(jobs.nightly, [10, 20])
    }
  ],
  [
    environments.qaCi,
    jobs.ciQa,
    { name: 'CI QA', ...CI, ...settings('QA_CI'), deferring_environment_id: environments.qa }
  ],
  [
    environments.production,
    jobs.nightly,
    {
      name: 'Nightly',
      description: 'Made by hand in 2023. Finance reads it at eight.',
      execute_steps: ['dbt build', 'dbt run-operation grant_select'],
      ...settings('PROD', 8),
      triggers: { ...OFF, schedule: true },
      schedule: scheduleOf(
        { type: 'custom_cron', cron: '30 3 * * 1-6' },
        { type: 'every_hour', interval: 1 }
      )
    }
  ],
  [
    environments.production,
    jobs.docs,
    {
      name: 'Docs',
      execute_steps: ['dbt docs generate'],
      ...settings('PROD'),
      ...after(jobs.nightly)
    }
  ],
  [
    environments.production,
    jobs.merge,
    {
      name: 'Merge',
      ...MERGE,
      ...settings('PROD'),
      deferring_environment_id: environments.production
    }
  ],
  [environments.production, jobs.adHoc, { name: 'Ad hoc', execute_steps: ['dbt compile'] }],
  [
    environments.production,
    jobs.monthlyClose,
    { name: 'Monthly close', ...settings('PROD'), ...after(jobs.docs) }
  ],
  [
    environments.productionCi,
    jobs.ci,
    { name: 'CI', ...CI, ...settings('PROD_CI'), deferring_environment_id: environments.production }
  ]
]
