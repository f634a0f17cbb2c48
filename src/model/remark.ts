// What is said of a plan: why it must not be applied, what a reviewer must not miss, what is good to know. The place that
// knows says it, and all of it goes into one list.
import type { Change } from './change.ts'
import type { Key } from './keys.ts'

/** Something that is said. */
export type Remark = Problem | Alarm | Note

/** A reason not to apply: nothing is written while there is one. */
export interface Problem {
  readonly level: 'problem'
  /** What is wrong, with names and ids. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
  /** Where it stands in a file; the message begins with it. */
  readonly place?: Place
}

/** What a reviewer must not miss. It does not stop a promotion; it stands above everything else in the report. */
export interface Alarm {
  readonly level: 'alarm'
  readonly kind: AlarmKind
  /** The change that it is about. */
  readonly key: Key
  readonly message: string
  /** The same once it is written; without it, the message is true of both. */
  readonly done?: string
}

/** What may not be as expected (`warning`), is good to know (`notice`), or is for whoever looks into a run (`detail`). */
export interface Note {
  readonly level: 'warning' | 'notice' | 'detail'
  readonly message: string
}

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

/** A place in a file. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What planning one resource gives: its change, or none where a problem stands in its place, and what there is to say. */
export interface Findings {
  readonly change: Change | null
  readonly remarks: readonly Remark[]
}

/** A problem, in one line where it is found. @param place where it stands in a file */
export function problem(message: string, remedy: string, place?: Place): Problem {
  const level = 'problem'
  return place
    ? { level, message: `${placeText(place)}: ${message}`, remedy, place }
    : { level, message, remedy }
}

/** An alarm. @param done the message once it is written, where that is another */
export function alarm(kind: AlarmKind, key: Key, message: string, done?: string): Alarm {
  return { level: 'alarm', kind, key, message, ...(done === undefined ? {} : { done }) }
}

/** A warning. */
export function warning(message: string): Note {
  return { level: 'warning', message }
}

/** A notice. */
export function notice(message: string): Note {
  return { level: 'notice', message }
}

/** A detail. */
export function detail(message: string): Note {
  return { level: 'detail', message }
}

/** A problem where there is something to do about it, else a warning. */
export function problemOrWarning(message: string, remedy: string | undefined, end = ''): Remark {
  return remedy === undefined ? warning(`${message} ${end}`.trim()) : problem(message, remedy)
}

/** A place as editors know it: `promote.yml:12:7`. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

/** What is said, by how much it weighs. */
export interface Said {
  readonly problems: readonly Problem[]
  readonly alarms: readonly Alarm[]
  readonly warnings: readonly string[]
  readonly notices: readonly string[]
  readonly details: readonly string[]
}

/** What is said, sorted by how much it weighs. */
export function byLevel(remarks: readonly Remark[]): Said {
  const of = (level: Note['level']): readonly string[] =>
    remarks.flatMap((each) => (each.level === level ? [each.message] : []))
  return {
    problems: remarks.filter((each) => each.level === 'problem'),
    alarms: remarks.filter((each) => each.level === 'alarm'),
    warnings: of('warning'),
    notices: of('notice'),
    details: of('detail')
  }
}

/** Whether anything stands against applying. */
export function hasProblems(remarks: readonly Remark[]): boolean {
  return remarks.some(({ level }) => level === 'problem')
}
