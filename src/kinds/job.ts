// Jobs: API v2, below an account. An update wants the whole object, with the id in the body equal to that of the path.
import { isObject, type JsonObject } from '../model/json.ts'
import { id, int, nullable, ShapeError, text } from '../model/decode.ts'
import {
  nest,
  readValues,
  unknownPaths,
  type Resource,
  type Values,
  type ValuesOf
} from '../model/field.ts'
import { jobGaps } from './gaps.ts'
import type { Place, Request } from '../model/request.ts'
import { wireSchedule } from './schedule.ts'

import { compareFlags, jobFields } from './job-fields.ts'

export type JobValues = ValuesOf<typeof jobFields>
export type Job = Resource<JobValues>

/** The fields by which a job starts to run by itself. */
export const triggerPaths = [
  'triggers.github_webhook',
  'triggers.git_provider_webhook',
  'triggers.schedule',
  'triggers.on_merge'
] as const

/** All triggers of a job's own, off. */
export const triggersOff: Values = Object.fromEntries(triggerPaths.map((path) => [path, false]))

/**
 * Reads a job from an answer, where it need not be promoted.
 * @throws ShapeError where not even id, name, environment and state can be read
 */
export function decodeJob(raw: JsonObject): Job {
  const own = id(raw['id'], 'a job: id')
  const at = `job ${own}`
  const name = text(raw['name'], `${at}: name`)
  id(raw['environment_id'], `${at}: environment_id`)
  nullable(int)(raw['state'] ?? null, `${at}: state`)
  const { values, fault } = readValues(jobFields, jobGaps, raw, at)
  const unknown = unknownPaths(jobFields, raw)
  return { id: own, name, values, unknown, fault: fault ?? mergeFault(values, raw, at) }
}

// A merge job that does not tell whether it runs on merge is none that was never saved since.
function mergeFault(values: JobValues, { triggers }: JsonObject, at: string): ShapeError | null {
  const told = isObject(triggers) ? triggers['on_merge'] : undefined
  return values.job_type === 'merge' && typeof told !== 'boolean'
    ? new ShapeError(`${at}: triggers.on_merge`, 'set', told)
    : null
}

function jobsPath(place: Place): string {
  return `/api/v2/accounts/${place.account}/jobs/`
}

/**
 * Lists the jobs of a project; the endpoint belongs to the account, so the project is a filter.
 * @param related asks for their overrides too, which not every account answers
 */
export function listJobs(place: Place, related = false): Request {
  const query = {
    project_id: String(place.project),
    order_by: 'id',
    ...(related ? { include_related: 'custom_environment_variables' } : {})
  }
  const request: Request = { method: 'GET', path: jobsPath(place), query, retry: 'read' }
  return related ? { ...request, confidential: true } : request
}

/** Reads one job. */
export function readJob(account: number, own: number): Request {
  return {
    method: 'GET',
    path: `/api/v2/accounts/${account}/jobs/${own}/`,
    retry: 'read'
  }
}

/** Lists the jobs of a project whose name contains a text. */
export function findJobs(place: Place, name: string): Request {
  const request = listJobs(place)
  return { ...request, query: { ...request.query, name__icontains: name.trim() } }
}

/** Creates a job. `id: null` is sent, since a body without the key was refused (docs.getdbt.com#451). */
export function createJob(place: Place, values: Values): Request {
  return {
    method: 'POST',
    path: jobsPath(place),
    body: { id: null, ...wire(place, values) },
    retry: 'create'
  }
}

/** Replaces a job by `values`, which must be complete. */
export function replaceJob(place: Place, own: number, values: Values): Request {
  return {
    method: 'POST',
    path: `${jobsPath(place)}${own}/`,
    body: { id: own, ...wire(place, values) },
    retry: 'replace'
  }
}

function wire(place: Place, values: Values): JsonObject {
  const written = Object.entries(values).filter(
    ([path]) => path in jobFields && jobFields[path as keyof typeof jobFields].rule !== 'generated'
  )
  const has = (path: keyof typeof jobFields): boolean => values[path] !== undefined
  return nest({
    ...Object.fromEntries(written),
    description: values['description'] ?? '',
    ...(has('compare_changes_flags')
      ? { compare_changes_flags: values['compare_changes_flags'] ?? compareFlags }
      : {}),
    schedule: wireSchedule(values['schedule'] ?? null),
    account_id: place.account,
    project_id: place.project,
    state: 1
  })
}

/** Whether the job starts by itself: by a trigger of its own or by the completion of another job. */
export function runsByItself(values: Values): boolean {
  return (
    triggerPaths.some((path) => values[path] === true) ||
    isObject(values['job_completion_trigger_condition'])
  )
}
