// The config file as data: the same promotion as the inputs describe, with rules for single environments and jobs.
import type { FileInput, fileInputs, Form } from './input-table.ts'
import type { Json } from '../model/json.ts'
import type { Place } from '../model/remark.ts'

/** Values to fix, by path: nested, dotted, or both. */
export type ConfigSet = Readonly<Record<string, Json>>

/** An environment: a selector line as in the inputs, or one with rules. */
type ConfigEnvironment =
  | string
  | number
  | {
      readonly from: string | number
      readonly to?: string | undefined
      readonly set?: ConfigSet | undefined
      readonly keep?: readonly string[] | undefined
    }

/** A rule for the jobs that it matches. */
interface ConfigJobRule {
  readonly match: string | number
  readonly environment?: string | number | undefined
  readonly type?: string | undefined
  readonly name?: string | undefined
  readonly set?: ConfigSet | undefined
  readonly keep?: readonly string[] | undefined
}

/** A job of the target, or of a third project. */
export type ConfigJobReference = number | { readonly job: number; readonly project: number }

/** What a form is when it is read. */
type ConfigValue<F extends Form> = F extends { readonly is: 'text' | 'word' }
  ? string
  : F extends { readonly is: 'name or id' }
    ? string | number
    : F extends { readonly is: 'id' | 'count' }
      ? number
      : F extends { readonly is: 'truth' }
        ? boolean
        : readonly (string | number)[]

/** The plain values of the file. They have the name and the meaning of the input. */
export type PlainConfig = {
  readonly [Name in FileInput]?: ConfigValue<(typeof fileInputs)[Name]['form']> | undefined
}

/** The whole file. */
export interface Config extends PlainConfig {
  readonly source?: { readonly project: string | number } | undefined
  readonly target?: { readonly project: string | number } | undefined
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
}

/** Where something stands in the file: keys and indexes from the top. */
export type ConfigPath = readonly (string | number)[]

/** A config file that was read, with the places of what it says. */
export interface LocatedConfig {
  readonly config: Config
  /** The place of a path of the file. */
  readonly at: (path: ConfigPath) => Place
}
