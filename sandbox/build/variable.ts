// Variables, which are their values.

import type { Environment, Project, State, Variable } from '../state.ts'
import { put } from '../table.ts'
import { timestamp } from '../time.ts'
import { row, takeId, type Given } from './base.ts'

function addValue(
  state: State,
  project: Project,
  given: Pick<Variable, 'name' | 'type' | 'raw_value'> & Given<Variable>
): number {
  const id = takeId(state, 'variables', given.id)
  const now = timestamp(state.clock)
  state.variables = put(state.variables, {
    environment_id: null,
    job_definition_id: null,
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    id,
    account_id: project.account_id,
    project_id: project.id
  })
  return id
}

function environmentNamed(state: State, project: Project, idOrName: string): Environment {
  const own = state.environments.filter(
    (environment) => environment.project_id === project.id && environment.state === 1
  )
  const found =
    own.find(({ id }) => String(id) === idOrName) ?? own.find(({ name }) => name === idOrName)
  if (found === undefined)
    throw new Error(`Project ${project.id} has no environment '${idOrName}'.`)
  return found
}

/** A variable as a builder takes it. */
export interface GivenVariable {
  readonly name: string
  /** The project's default. */
  readonly project?: string
  /** Values by id or name of the environment; an id goes before a name that looks like it. */
  readonly environments?: Readonly<Record<string, string>>
  /** Overrides by id of the job. */
  readonly jobs?: Readonly<Record<string, string>>
}

/** Adds a variable to a project; returns the ids of its values in the order given: project, environments, jobs. */
export function addVariable(
  state: State,
  projectId: number,
  given: GivenVariable
): readonly number[] {
  const project = row(state.projects, projectId, 'project')
  const { name } = given
  const ids: number[] = []
  if (given.project !== undefined)
    ids.push(addValue(state, project, { name, type: 'project', raw_value: given.project }))
  for (const [idOrName, raw_value] of Object.entries(given.environments ?? {})) {
    const environment_id = environmentNamed(state, project, idOrName).id
    ids.push(addValue(state, project, { name, type: 'environment', raw_value, environment_id }))
  }
  for (const [id, raw_value] of Object.entries(given.jobs ?? {})) {
    const job = row(state.jobs, Number(id), 'job')
    if (job.project_id !== project.id) throw new Error(`Job ${id} is in another project.`)
    const job_definition_id = job.id
    ids.push(addValue(state, project, { name, type: 'job', raw_value, job_definition_id }))
  }
  return ids
}
