// Overrides: values of variables for single jobs (API v3, below a project). The variable itself must be there first.
import { isList, isObject, type Json, type JsonObject } from '../model/json.ts'
import { hiddenText, nullable, ShapeError } from '../model/decode.ts'
import { decodeValue, isMask, notMasked, variablesPath } from './variable.ts'
import type { Place, Request } from '../model/request.ts'

/** The override of a variable. The id is not known where it was read along with the jobs. */
interface HeldOverride {
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
      const at = `override of ${name}`
      if (!isObject(scopes)) throw new ShapeError(at, 'an object', scopes, true)
      const own = decodeValue(scopes['job'], at)
      return own ? [[name, own] as const] : []
    })
  )
}

/**
 * The overrides that an answer nests in a job; null where the account does not tell them there, or not in a form that is
 * known: then they are asked for by themselves.
 */
export function nestedOverrides(nested: Json | undefined): Overrides | null {
  if (!isList(nested ?? null)) return null
  const overrides = new Map<string, HeldOverride>()
  for (const each of nested as readonly Json[]) {
    if (!isObject(each)) return null
    if ((each['type'] ?? 'job') !== 'job' || each['state'] === 2) continue
    const { name, display_value: value } = each
    if (typeof name !== 'string' || typeof value !== 'string') return null
    if (value !== '') overrides.set(name, { id: null, value })
  }
  return overrides
}

/** The value that the answer to a write shows; undefined where it shows none, or a mask. @throws ShapeError */
export function answeredValue({ display_value: shown = null }: JsonObject): string | undefined {
  const value = nullable(hiddenText)(shown, 'display_value')
  return value === null || isMask(value) ? undefined : value
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
    path: `${variablesPath(place)}${own}/`,
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
