// The example of dbt's announcement of its API collection, which most scenarios start from.
import {
  addJob,
  BLOG,
  blog,
  TABLES,
  type Given,
  type Job,
  type Sandbox,
  type State
} from '../../sandbox/index.ts'
import type { Inputs } from '../runner/run-action.ts'

/** The names in the target. */
export const promoted = {
  environment: 'production–api-generated',
  job: 'production-run–api-generated'
} as const

/** Promotes `dev-staging` with its job `run-staging` to the production project; `more` adds or changes inputs. */
export function blogInputs(sandbox: Sandbox, more: Inputs = {}): Inputs {
  return {
    token: BLOG.token,
    host: sandbox.url,
    'account-id': String(BLOG.account),
    'source-project': String(BLOG.developmentProject),
    'target-project': String(BLOG.productionProject),
    environments: 'dev-staging',
    'environment-name': promoted.environment,
    'job-name': promoted.job,
    'custom-branch': 'main',
    'credentials-id': String(BLOG.productionCredentials),
    mode: 'apply',
    ...more
  }
}

/** The example with more jobs in `dev-staging`, which keep their names in the target. */
export function blogWithJobs(...names: readonly string[]): State {
  const state = blog()
  for (const name of names) addJob(state, BLOG.stagingEnvironment, { name })
  return state
}

/** Inputs for {@link blogWithJobs}. */
export function manyJobsInputs(sandbox: Sandbox, more: Inputs = {}): Inputs {
  return blogInputs(sandbox, { 'job-name': '{name}', ...more })
}

/** Everything that the platform holds, without what it counts of its users. */
export function tables(sandbox: Sandbox): Pick<State, (typeof TABLES)[number]> {
  const state = sandbox.state()
  return structuredClone(
    Object.fromEntries(TABLES.map((name) => [name, state[name]])) as Pick<
      State,
      (typeof TABLES)[number]
    >
  )
}

/** The jobs and environments of the production project. */
export function production(sandbox: Sandbox) {
  const { environments, jobs } = sandbox.state()
  const isThere = (each: { project_id: number; state: number }): boolean =>
    each.project_id === BLOG.productionProject && each.state === 1
  return { environments: environments.filter(isThere), jobs: jobs.filter(isThere) }
}

/** Changes a job of the state, as someone would in the dbt platform. */
export function editJob(sandbox: Sandbox, id: number, change: Given<Job>): void {
  const state = sandbox.state()
  sandbox.setState({
    ...state,
    jobs: state.jobs.map((job) => (job.id === id ? { ...job, ...change } : job))
  })
}

/** A description without the line that a promotion adds. */
export function ownDescription({ description }: Pick<Job, 'description'>): string {
  return description.replace(/\n?^Promoted by dbt-promote from .*$/m, '')
}
