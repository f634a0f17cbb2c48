// Environment variables as data: their names, who has a value, what answers show, and how values are stored.

import type { Environment, Project, State, Variable } from './state.ts'
import { put } from './table.ts'
import { timestamp } from './time.ts'

const SECRET = 'DBT_ENV_SECRET'
const MASK = '**********'

/** True if answers mask the values of a variable of this name. */
export function isSecret(name: string): boolean {
  return name.startsWith(SECRET)
}

/** What answers show of a value; a secret is told by the name of its variable, whatever it holds. */
export function shownValue(variable: Pick<Variable, 'name' | 'raw_value'>): string {
  return isSecret(variable.name) ? MASK : variable.raw_value
}

/** True for a name that dbt takes: the prefix and upper case are documented, the exact characters are ours. */
export function isName(name: string): boolean {
  return /^DBT_[A-Z0-9_]+$/.test(name)
}

/** Active environments of a project by ascending id. */
export function environmentsOf(state: State, project: Project): readonly Environment[] {
  return state.environments.filter((row) => row.project_id === project.id && row.state === 1)
}

/** The environment of this name; of two, the older one. */
export function environmentNamed(
  state: State,
  project: Project,
  name: string
): Environment | undefined {
  return environmentsOf(state, project).find((environment) => environment.name === name)
}

/** Every value that is stored under a name, those of deleted environments and jobs included. */
export function storedValues(state: State, project: Project, name: string): readonly Variable[] {
  return state.variables.filter(
    (row) => row.project_id === project.id && row.state === 1 && row.name === name
  )
}

/** Values of the project and of its active environments: what the list by environment shows. */
export function visibleValues(state: State, project: Project): readonly Variable[] {
  const environments = new Set(environmentsOf(state, project).map(({ id }) => id))
  return state.variables.filter(
    (row) =>
      row.project_id === project.id &&
      row.state === 1 &&
      row.type !== 'job' &&
      (row.environment_id === null || environments.has(row.environment_id))
  )
}

/** Where a new value goes. */
export type Place = Pick<Variable, 'type' | 'environment_id' | 'job_definition_id'>

/** The default of the project, or the value of an environment. */
export function placeOf(environment: Environment | undefined): Place {
  return environment === undefined
    ? { type: 'project', environment_id: null, job_definition_id: null }
    : { type: 'environment', environment_id: environment.id, job_definition_id: null }
}

/** The state with one more value, as it was sent: a mask that is written back is stored as a value. */
export function withValue(
  state: State,
  project: Project,
  place: Place,
  name: string,
  rawValue: string,
  now: number
): { readonly state: State; readonly row: Variable } {
  const id = state.nextIds.variables
  const row: Variable = {
    ...place,
    id,
    account_id: project.account_id,
    project_id: project.id,
    name,
    raw_value: rawValue,
    state: 1,
    created_at: timestamp(now),
    updated_at: timestamp(now)
  }
  const nextIds = { ...state.nextIds, variables: id + 1 }
  return { state: { ...state, variables: put(state.variables, row), nextIds }, row }
}

/** The state with changes to a value. */
export function withChange(
  state: State,
  row: Variable,
  changes: Partial<Pick<Variable, 'name' | 'raw_value' | 'state'>>,
  now: number
): State {
  const changed = { ...row, ...changes, updated_at: timestamp(now) }
  return { ...state, variables: put(state.variables, changed) }
}
