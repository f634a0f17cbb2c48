// What undoing an object needs to know.
import { type Found } from './find-made.ts'
import type { Journal } from './journal.ts'
import type { Attributes } from '../kinds/attributes.ts'
import { type Environment } from '../kinds/environment.ts'
import type { Values } from '../model/field.ts'
import type { Job } from '../kinds/job.ts'
import type { Key } from '../model/keys.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** What undoing needs to know. */
export interface UndoContext {
  readonly journal: Journal
  readonly target: Snapshot
  readonly found: Found
  /** The key of what stands in the plan, by its kind and id in the target. */
  readonly keyOf: (kind: string, id: number) => Key | undefined
}

/** An object of the target. */
export type Held = Attributes | Environment | Job

/** The name of the environment that a job lives in. */
export function homeOf(values: Values, { environments }: Snapshot): string | undefined {
  return environments.find(({ id }) => id === values['environment_id'])?.name
}
