// What the demo asks of the platform: what a project holds, and the promoted objects beside their sources.
import type { Environment, Job, State } from '../../sandbox/index.ts'

/** What a project holds; soft-deleted objects are gone. */
export interface Held {
  readonly environments: readonly Environment[]
  readonly jobs: readonly Job[]
}

/** What a project holds now. */
export function heldBy(state: State, project: number): Held {
  const isHere = (row: { readonly project_id: number; readonly state: number }): boolean =>
    row.project_id === project && row.state === 1
  return { environments: state.environments.filter(isHere), jobs: state.jobs.filter(isHere) }
}

/** A row of a comparison: the field, its value in the source and in the target. */
export type Comparison = readonly [field: string, source: string, target: string]

/** The fields of an environment that matter. */
export function compareEnvironments(source: Environment, target: Environment): Comparison[] {
  return compare(source, target, {
    name: ({ name }) => name,
    id: ({ id }) => id,
    project: ({ project_id }) => project_id,
    'dbt version': ({ dbt_version }) => dbt_version,
    branch: ({ use_custom_branch, custom_branch }) =>
      use_custom_branch ? custom_branch : 'default',
    connection: ({ connection_id }) => connection_id,
    credentials: ({ credentials_id }) => credentials_id
  })
}

/** The fields of a job that matter. */
export function compareJobs(source: Job, target: Job): Comparison[] {
  return compare(source, target, {
    name: ({ name }) => name,
    id: ({ id }) => id,
    project: ({ project_id }) => project_id,
    environment: ({ environment_id }) => environment_id,
    steps: ({ execute_steps }) => execute_steps.join(', '),
    schedule: ({ schedule, triggers }) => (triggers.schedule ? schedule.cron : 'off'),
    threads: ({ settings }) => settings.threads,
    'target name': ({ settings }) => settings.target_name,
    'generate docs': ({ generate_docs }) => (generate_docs ? 'yes' : 'no'),
    description: ({ description }) => description
  })
}

function compare<T>(
  source: T,
  target: T,
  fields: Readonly<Record<string, (row: T) => string | number | null>>
): Comparison[] {
  const shown = (value: string | number | null): string =>
    value === null || value === '' ? '–' : String(value)
  return Object.entries(fields)
    .map(([field, read]): Comparison => [field, shown(read(source)), shown(read(target))])
    .filter(([, before, after]) => before !== '–' || after !== '–')
}
