// The config file as data: the same promotion as the inputs describe, with rules for single environments and jobs.
import type { Json } from '../model/json.ts'
import type { Place } from '../model/remark.ts'

/** Values to fix, by path: nested, dotted, or both. */
export type ConfigSet = Readonly<Record<string, Json>>

/** An environment: a selector line as in the inputs, or one with rules. */
export type ConfigEnvironment =
  | string
  | number
  | {
      readonly from: string | number
      readonly to?: string | undefined
      readonly set?: ConfigSet | undefined
      readonly keep?: readonly string[] | undefined
    }

/** A rule for the jobs that it matches. */
export interface ConfigJobRule {
  readonly match: string | number
  readonly environment?: string | number | undefined
  readonly type?: string | undefined
  readonly name?: string | undefined
  readonly set?: ConfigSet | undefined
  readonly keep?: readonly string[] | undefined
}

/** A job of the target, or of a third project. */
export type ConfigJobReference = number | { readonly job: number; readonly project: number }

/** The whole file. What is a plain value has the name and the meaning of the input. */
export interface Config {
  readonly source?: { readonly project: string | number } | undefined
  readonly target?: { readonly project: string | number } | undefined
  readonly resources?: readonly string[] | undefined
  readonly environments?: readonly ConfigEnvironment[] | undefined
  readonly jobs?:
    | readonly (string | number)[]
    | {
        readonly select?: readonly (string | number)[] | undefined
        readonly rules?: readonly ConfigJobRule[] | undefined
      }
    | undefined
  readonly references?:
    | {
        readonly jobs?: Readonly<Record<string, ConfigJobReference>> | undefined
        readonly environments?: Readonly<Record<string, number>> | undefined
        readonly unresolved?: 'fail' | 'drop' | undefined
      }
    | undefined
  readonly variables?:
    | {
        readonly update?: readonly string[] | undefined
        /** One value for everywhere, or one for each place. */
        readonly set?:
          Readonly<Record<string, string | Readonly<Record<string, string>>>> | undefined
      }
    | undefined
  readonly connections?: Readonly<Record<string, string | number>> | undefined
  readonly 'environment-name'?: string | undefined
  readonly 'job-name'?: string | undefined
  readonly 'custom-branch'?: string | undefined
  readonly 'credentials-id'?: number | undefined
  readonly connection?: string | number | undefined
  readonly 'deployment-type'?: string | undefined
  readonly 'dbt-version'?: string | undefined
  readonly 'target-name'?: string | undefined
  readonly threads?: number | undefined
  readonly schedule?: string | undefined
  readonly adopt?: boolean | undefined
  readonly track?: string | undefined
  readonly removals?: string | undefined
  readonly 'max-changes'?: number | undefined
  readonly protect?: readonly (string | number)[] | undefined
  readonly label?: string | undefined
}

/** Where something stands in the file: keys and indexes from the top. */
export type ConfigPath = readonly (string | number)[]

/** A config file that was read, with the places of what it says. */
export interface LocatedConfig {
  readonly config: Config
  /** The place of a path of the file. */
  readonly at: (path: ConfigPath) => Place
}
