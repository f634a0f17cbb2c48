// What people do on the platform between two runs.
import type { Environment, Job, State } from '../../../sandbox/index.ts'

type Edit = (state: State) => State

/** All of these, one after another. */
export const edits =
  (...all: readonly Edit[]): Edit =>
  (state) =>
    all.reduce((now, edit) => edit(now), state)

const isActive = ({ state }: { readonly state: number }): boolean => state === 1

/** Changes the jobs of a project for which `which` holds. */
export const editJobs =
  (project: number, which: (job: Job) => boolean, change: (job: Job) => Partial<Job>): Edit =>
  (state) => ({
    ...state,
    jobs: state.jobs.map((job) =>
      job.project_id === project && isActive(job) && which(job) ? { ...job, ...change(job) } : job
    )
  })

/** Changes one job, by name. */
export const editJob = (project: number, name: string, change: Partial<Job>): Edit =>
  editJobs(
    project,
    (job) => job.name === name,
    () => change
  )

/** Changes an environment, by name. */
export const editEnvironment =
  (project: number, name: string, change: Partial<Environment>): Edit =>
  (state) => ({
    ...state,
    environments: state.environments.map((each) =>
      each.project_id === project && each.name === name && isActive(each)
        ? { ...each, ...change }
        : each
    )
  })

/** Changes the values of a variable. */
export const editVariable =
  (project: number, name: string, value: (old: string) => string): Edit =>
  (state) => ({
    ...state,
    variables: state.variables.map((row) =>
      row.project_id === project && row.name === name
        ? { ...row, raw_value: value(row.raw_value) }
        : row
    )
  })

/** Adds with the builders of the sandbox, which change the state that they are given. */
export const adds =
  (add: (state: State) => unknown): Edit =>
  (state) => {
    const next = { ...state }
    add(next)
    return next
  }
