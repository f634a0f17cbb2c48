// Projects are read, never written: a project that is posted can change the connections of its environments
// (terraform-provider-dbtcloud#334).
import { isObject, type JsonObject } from '../model/json.ts'
import { id, int, text } from '../model/decode.ts'
import type { PullTrigger } from './job-type.ts'
import type { Request } from '../model/request.ts'

/** What a promotion must know of a project. */
export interface Project {
  readonly id: number
  readonly name: string
  /** How the repository is cloned, e.g. `github_app`, null where that is not told; null where there is no repository. */
  readonly repository: { readonly cloneStrategy: string | null } | null
  /** Whether the project is one for hybrid jobs. */
  readonly isHybrid: boolean
}

/**
 * How repositories are cloned that a Git provider connects natively, with the trigger that it has for pull requests. That
 * CI wants a native integration, and a deploy key has none, is documented (docs.getdbt.com#6692). Which trigger belongs to
 * which provider is not: it is taken from the names of the fields, and live CI jobs have both on.
 */
const nativeStrategies: Readonly<Record<string, PullTrigger>> = {
  github_app: 'triggers.github_webhook',
  deploy_token: 'triggers.git_provider_webhook',
  azure_active_directory_app: 'triggers.git_provider_webhook'
}

/** The trigger for pull requests in a project; null where nothing pulls any, undefined where that is not known. */
export function pullTriggerOf({ repository }: Project): PullTrigger | null | undefined {
  if (repository === null || repository.cloneStrategy === 'deploy_key') return null
  return nativeStrategies[repository.cloneStrategy ?? '']
}

/** Reads a project from an answer. @throws ShapeError */
export function decodeProject(raw: JsonObject): Project & { readonly deleted: boolean } {
  const own = id(raw['id'], 'a project: id')
  const repository = raw['repository']
  const strategy = isObject(repository) ? repository['git_clone_strategy'] : null
  const isThere = isObject(repository) || typeof raw['repository_id'] === 'number'
  const deleted = raw['state'] !== undefined && int(raw['state'], `project ${own}: state`) === 2
  return {
    id: own,
    name: text(raw['name'], `project ${own}: name`),
    repository: isThere ? { cloneStrategy: typeof strategy === 'string' ? strategy : null } : null,
    // 0 is the default, 1 hybrid.
    isHybrid: raw['type'] === 1,
    deleted
  }
}

/** Reads one project. */
export function readProject(account: number, own: number): Request {
  return {
    method: 'GET',
    path: `/api/v3/accounts/${account}/projects/${own}/`,
    retry: 'read'
  }
}

/** Lists the projects of an account, or those whose name contains a text; there is no filter by exact name. */
export function listProjects(account: number, name?: string): Request {
  return {
    method: 'GET',
    path: `/api/v3/accounts/${account}/projects/`,
    query: { ...(name === undefined ? {} : { name__icontains: name }), order_by: 'id' },
    retry: 'read'
  }
}
