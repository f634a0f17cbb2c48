// A platform on which every field of a job and of an environment holds something: what is lost on the way shows.
import { byLevel } from '../../src/model/remark.ts'
import {
  addCredentials,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addVariable,
  type FaultAction,
  type State
} from '../../sandbox/index.ts'
import { Failure } from '../../src/model/failure.ts'
import { after, ids, inputs, platform, Platform, triggers } from './two-projects.ts'
import type { Promoted } from '../promote.ts'

export const odd = { other: 5003, otherJob: 6009, merge: 6002, ci: 6003, after: 6004 } as const

const schedule = {
  cron: '0 */4 * * 1,3',
  date: { type: 'interval_cron', days: [1, 3], cron: '0 */4 * * 1,3' },
  time: { type: 'every_hour', interval: 4 }
} as const

/** The source: four jobs in Staging, one in an environment that is not selected. */
export function filled(): Platform {
  const state: State = platform(
    { stateAwareOrchestration: true, dbtState: true, modelQueryHistory: true },
    {
      description: 'Every four hours.',
      execute_steps: ['dbt build', 'dbt test'],
      settings: { threads: 8, target_name: 'prod' },
      execution: { timeout_seconds: 600 },
      generate_docs: true,
      run_generate_sources: true,
      run_lint: true,
      errors_on_lint_failure: false,
      triggers_on_draft_pr: true,
      dbt_version: '1.9.0-latest',
      cost_optimization_features: ['dbt_state'],
      deferring_environment_id: ids.qa,
      triggers: triggers({ schedule: true }),
      schedule
    }
  )
  addJob(state, ids.staging, {
    id: odd.merge,
    name: 'Merge',
    execute_steps: ['dbt run'],
    triggers: triggers({ on_merge: true })
  })
  addJob(state, ids.staging, {
    id: odd.ci,
    name: 'CI',
    execute_steps: ['dbt build -s state:modified+'],
    deferring_environment_id: ids.qa,
    run_compare_changes: true,
    compare_changes_flags: '--select state:modified+1',
    triggers: triggers({ github_webhook: true })
  })
  addJob(state, ids.staging, {
    id: odd.after,
    name: 'After',
    execute_steps: ['dbt run'],
    deferring_job_definition_id: ids.nightly,
    job_completion_trigger_condition: after(ids.nightly, ids.source)
  })
  const credentials_id = addCredentials(state, ids.source)
  addEnvironment(state, ids.source, { id: odd.other, name: 'Other', credentials_id })
  addJob(state, odd.other, { id: odd.otherJob, name: 'Elsewhere' })
  addVariable(state, ids.source, { name: 'DBT_A', project: 'a', environments: { Staging: 'b' } })
  const all = new Platform(state)
  const extended_attributes_id = all.add((each) =>
    addExtendedAttributes(each, ids.source, { extended_attributes: { warehouse: 'xl' } })
  )
  all.editEnvironment(ids.staging, {
    deployment_type: 'staging',
    use_custom_branch: true,
    custom_branch: 'develop',
    supports_docs: true,
    enable_dbt_state: true,
    enable_model_query_history: true,
    extended_attributes_id
  })
  return all
}

/** The promotion of Staging and QA, with all that it can take along. */
export const all = inputs({
  environments: 'Staging\nQA',
  resources: 'environments\njobs\nvariables\noverrides\nextended-attributes'
})

/** Lets all answers of a kind of object have another shape. */
export function reshape(
  platformOf: Platform,
  path: string,
  action: Omit<FaultAction & { readonly kind: 'reshape' }, 'kind'>,
  method?: string
): void {
  platformOf.addFault({
    path,
    times: null,
    action: { kind: 'reshape', ...action },
    ...(method === undefined ? {} : { method })
  })
}

/** Where the answers stand, by kind. */
export const paths = {
  environment: '/api/v3/*/environments/*',
  job: '/api/v2/*/jobs/*'
} as const

/** How a promotion ended: green with what it wrote, or red with its reason. */
export async function ending(of: Promise<Promoted>): Promise<Promoted | string> {
  try {
    const promoted = await of
    const { plan, outcomes } = promoted
    if (byLevel(plan.remarks).problems.length > 0)
      return byLevel(plan.remarks)
        .problems.map(({ message }) => message)
        .join(' ')
    const errors = outcomes.flatMap(({ status, error }) =>
      status === 'applied' ? [] : [error?.message ?? status]
    )
    return errors.length > 0 ? errors.join(' ') : promoted
  } catch (error) {
    if (error instanceof Failure) return error.details.map(({ message }) => message).join(' ')
    throw error
  }
}

/** A copy of a platform as it stands. */
export function copyOf(given: Platform): Platform {
  return new Platform(given.state)
}

/** The rows of both sides, without times. */
export function rows({ state }: Platform): unknown {
  return JSON.parse(
    JSON.stringify([state.environments, state.jobs, state.variables, state.extendedAttributes]),
    (key, value: unknown) => (key.endsWith('_at') ? null : value)
  )
}

/** Promotes. @throws where that does not end green */
export async function green(platformOf: Platform): Promise<Promoted> {
  const end = await ending(platformOf.promote(all))
  if (typeof end === 'string') throw new Error(end)
  return end
}
