// What a reviewer must not miss. An alarm does not stop a promotion; it stands above everything else in the report.
import type { Key } from './keys.ts'

/**
 * - `starts`: a job will run by itself that does not today
 * - `stops`: a job will no longer run by itself
 * - `times`: a job that runs on a schedule will run at other times
 * - `adopted`: a job that no promotion made is taken over
 * - `paused`: a job is switched off, since its source job is gone
 * - `moved`: a job changes its environment
 * - `reactivated`: a job that the platform deactivated is saved, which may reactivate it
 * - `version`: an environment or a job goes back to an older dbt version
 * - `protected`: a value changes that belongs to where an object lives, such as its credentials
 */
export type AlarmKind =
  | 'starts'
  | 'stops'
  | 'times'
  | 'paused'
  | 'adopted'
  | 'moved'
  | 'reactivated'
  | 'version'
  | 'protected'

/** One alarm. */
export interface Alarm {
  readonly kind: AlarmKind
  readonly key: Key
  readonly message: string
  /** The same once it is written; without it, the message is true of both. */
  readonly done?: string
}
