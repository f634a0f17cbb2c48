// The kinds of resources, each with its table, its decoder and its requests.
import type { JsonObject } from '../model/json.ts'
import type { Kind } from '../model/keys.ts'
import {
  attributesFields,
  createAttributes,
  decodeAttributes,
  replaceAttributes
} from './attributes.ts'
import {
  changeEnvironment,
  createEnvironment,
  decodeEnvironment,
  environmentFields,
  listEnvironments,
  replaceEnvironment
} from './environment.ts'
import type { Fields, Resource, Values } from '../model/field.ts'
import { jobFields } from './job-fields.ts'
import { createJob, decodeJob, findJobs, replaceJob, triggersOff } from './job.ts'
import type { Snapshot } from './snapshot.ts'
import { settledJob } from './job-type.ts'
import type { Place, Request } from '../model/request.ts'
import { sentVersion } from './version.ts'

/** What every kind of resource has. */
interface KindModule {
  readonly fields: Fields
  /** Those of a project. */
  readonly held: (project: Snapshot) => readonly Resource<object>[]
  /** The field that says in which object of another kind it stands; null where that is the project. */
  readonly home: string | null
  /** The text that carries the marker; null for what has none. */
  readonly trace: string | null
  /** What keeps one from starting by itself, until all that it refers to is there; null for what never starts. */
  readonly asleep: Values | null
  readonly decode: (raw: JsonObject) => Resource<object>
  /** Lists the objects among which one of that name is; null where there is no list. */
  readonly find: ((place: Place, name: string) => Request) | null
  /** The whole object that an update sends. */
  readonly change: (held: Values, changed: Values) => Values
  /** The values as they are sent: with what follows from the whole, without what the whole can't have. */
  readonly settle: (values: Values) => Values
  readonly create: (place: Place, values: Values) => Request
  readonly replace: (place: Place, id: number, values: Values) => Request
}

export const kinds = {
  attributes: {
    fields: attributesFields,
    held: ({ attributes }) => [...attributes.values()],
    home: null,
    trace: null,
    asleep: null,
    decode: decodeAttributes,
    find: null,
    change: (held, changed) => ({ ...held, ...changed }),
    settle: (values) => values,
    create: createAttributes,
    replace: replaceAttributes
  },
  environment: {
    fields: environmentFields,
    held: ({ environments }) => environments,
    home: null,
    trace: null,
    asleep: null,
    decode: decodeEnvironment,
    find: listEnvironments,
    change: changeEnvironment,
    settle: sentVersion,
    create: createEnvironment,
    replace: replaceEnvironment
  },
  job: {
    fields: jobFields,
    held: ({ jobs }) => jobs,
    home: 'environment_id',
    trace: 'description',
    asleep: { ...triggersOff, job_completion_trigger_condition: null },
    decode: decodeJob,
    find: findJobs,
    change: (held, changed) => ({ ...held, ...changed }),
    settle: settledJob,
    create: createJob,
    replace: replaceJob
  }
} as const satisfies Record<Kind, KindModule>

/** The names of all kinds, in the order in which they are written. */
export const kindNames = Object.keys(kinds) as readonly Kind[]

/** A kind by its name. */
export function kindOf(kind: Kind): KindModule {
  return kinds[kind]
}

/** The field table of a kind. */
export function fieldsOf(kind: Kind): Fields {
  return kinds[kind].fields
}

/** Whether a value is the name of a kind. */
export function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(kinds, value)
}
