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
import { createJob, decodeJob, findJobs, replaceJob } from './job.ts'
import { settledJob } from './job-type.ts'
import type { Place, Request } from '../model/request.ts'
import { sentVersion } from './version.ts'

/** What every kind of resource has. */
export interface KindModule {
  readonly fields: Fields
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
    decode: decodeAttributes,
    find: null,
    change: (held, changed) => ({ ...held, ...changed }),
    settle: (values) => values,
    create: createAttributes,
    replace: replaceAttributes
  },
  environment: {
    fields: environmentFields,
    decode: decodeEnvironment,
    find: listEnvironments,
    change: changeEnvironment,
    settle: sentVersion,
    create: createEnvironment,
    replace: replaceEnvironment
  },
  job: {
    fields: jobFields,
    decode: decodeJob,
    find: findJobs,
    change: (held, changed) => ({ ...held, ...changed }),
    settle: settledJob,
    create: createJob,
    replace: replaceJob
  }
} as const satisfies Record<Kind, KindModule>

/** The field table of a kind. */
export function fieldsOf(kind: Kind): Fields {
  return kinds[kind].fields
}

/** Whether a value is the name of a kind. */
export function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(kinds, value)
}
