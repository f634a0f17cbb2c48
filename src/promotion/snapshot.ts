// What a project holds now, as read through the API.
import type { Environment } from './kinds/environment.ts'
import type { Job } from './kinds/job.ts'
import type { Project } from './kinds/project.ts'

/** One side at one moment. Soft-deleted objects are left out. */
export interface Snapshot {
  readonly origin: string
  readonly account: number
  readonly project: Project
  readonly environments: readonly Environment[]
  readonly jobs: readonly Job[]
}
