// Overrides: values of variables for single jobs (API v3, below a project). The variable itself must be there first.
import { isList, isObject, type Json, type JsonObject } from '../json.ts'
import { decodeValue, isMask, notMasked, variablesPath } from './variable.ts'
import type { Place, Request } from './request.ts'

/** The override of a variable. The id is not known where it was read along with the jobs. */
export interface HeldOverride {
  readonly id: number | null
  readonly value: string
}

/** The overrides of one job, by the name of the variable. */
export type Overrides = ReadonlyMap<string, HeldOverride>

/** Reads what a job overrides. */
export function readOverrides(place: Place, job: number): Request {
  return {
    method: 'GET',
    path: `${variablesPath(place)}job/`,
    query: { job_definition_id: String(job) },
    retry: 'read',
    confidential: true
  }
}

/** Reads the overrides from an answer, which also tells the values of the project and the environment. @throws ShapeError */
export function decodeOverrides(raw: JsonObject): Overrides {
  return new Map(
    Object.entries(raw).flatMap(([name, scopes]) => {
      const own = isObject(scopes) ? decodeValue(scopes['job'], `override of ${name}`) : undefined
      return own ? [[name, own] as const] : []
    })
  )
}

/** The overrides that an answer nests in a job; null where the account does not tell them there. */
export function nestedOverrides(nested: Json | undefined): Overrides | null {
  if (!isList(nested ?? null)) return null
  return new Map(
    (nested as readonly Json[]).flatMap((each) => {
      if (!isObject(each) || (each['type'] ?? 'job') !== 'job' || each['state'] === 2) return []
      const { name, display_value: value } = each
      return typeof name === 'string' && typeof value === 'string' && value !== ''
        ? [[name, { id: null, value }] as const]
        : []
    })
  )
}

/** The value that the answer to a write shows; undefined where it shows none, or a mask. */
export function answeredValue({ display_value: shown }: JsonObject): string | undefined {
  return typeof shown === 'string' && !isMask(shown) ? shown : undefined
}

/** Creates the override of a variable for a job. */
export function createOverride(place: Place, job: number, name: string, value: string): Request {
  return {
    method: 'POST',
    path: variablesPath(place),
    body: { id: null, ...wire(place, job, name, value) },
    retry: 'create',
    sensitive: [value]
  }
}

/** Changes the override with an id. */
export function updateOverride(
  place: Place,
  own: number,
  job: number,
  name: string,
  value: string
): Request {
  return {
    method: 'POST',
    path: `${variablesPath(place)}${String(own)}/`,
    body: { id: own, ...wire(place, job, name, value) },
    retry: 'replace',
    sensitive: [value]
  }
}

function wire({ account, project }: Place, job: number, name: string, value: string): JsonObject {
  return {
    account_id: account,
    project_id: project,
    job_definition_id: job,
    name,
    type: 'job',
    raw_value: notMasked(value)
  }
}
