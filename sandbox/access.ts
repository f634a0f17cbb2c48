// Who may do what. A token without permission on a thing is told that the thing does not exist.

import { forbidden, notFound, unauthorized } from './http.ts'
import type { Environment, EnvironmentCategory, Grant, State, TokenGrants } from './state.ts'

/** The grants of the token in the header; `Token` and `Bearer` are equivalent. */
export function authenticate(state: State, header: string | undefined): TokenGrants {
  const token = /^(?:Token|Bearer) (\S+)$/.exec(header ?? '')?.[1]
  if (token === undefined || !Object.hasOwn(state.tokens, token)) throw unauthorized()
  return state.tokens[token] as TokenGrants
}

function grantOn(grants: TokenGrants, projectId: number): Grant | undefined {
  const key = String(projectId)
  return Object.hasOwn(grants.projects, key) ? grants.projects[key] : grants.projects['*']
}

/** True if the token may see the project. */
export function mayRead(grants: TokenGrants, projectId: number): boolean {
  return grantOn(grants, projectId) !== undefined
}

/** True if the token may change things in the project. */
export function mayWrite(grants: TokenGrants, projectId: number): boolean {
  return grantOn(grants, projectId)?.access === 'write'
}

/**
 * Refuses whoever may not see the variables of a project that they see otherwise. No body is recorded;
 * 403 tells a missing permission from a missing project.
 */
export function assertMayReadVariables(grants: TokenGrants, projectId: number): void {
  if (!mayReadVariables(grants, projectId)) throw forbidden()
}

/** True if the token may see the project and its variables. */
export function mayReadVariables(grants: TokenGrants, projectId: number): boolean {
  const grant = grantOn(grants, projectId)
  return grant !== undefined && grant.variables !== false
}

/** Refuses a write to the variables of a project that the token sees: 403, as for jobs. */
export function assertMayWriteVariables(grants: TokenGrants, projectId: number): void {
  if (!mayReadVariables(grants, projectId) || !mayWrite(grants, projectId)) throw forbidden()
}

/** Refuses a value of an environment in a category that is closed to the token: 404, as for its jobs. */
export function assertMayWriteValue(
  grants: TokenGrants,
  projectId: number,
  environment: Kind
): void {
  if (!mayWriteEnvironment(grants, projectId, environment)) throw notFound()
}

/** True if one of the account's permission sets of the token is one of these. */
export function hasSet(grants: TokenGrants, ...sets: readonly string[]): boolean {
  return (grants.sets ?? []).some((set) => sets.includes(set))
}

type Kind = Pick<Environment, 'type' | 'deployment_type'>

function categoryOf(environment: Kind): EnvironmentCategory {
  if (environment.type === 'development') return 'development'
  return environment.deployment_type ?? 'other'
}

/** True if the token may write environments of this kind: the limit may spare production alone (terraform-provider-dbtcloud#731). */
export function mayWriteEnvironment(
  grants: TokenGrants,
  projectId: number,
  environment: Kind
): boolean {
  const grant = grantOn(grants, projectId)
  return grant?.access === 'write' && isOpen(grant, environment)
}

function isOpen(grant: Grant, environment: Kind): boolean {
  const categories = grant.environmentCategories
  return (
    categories === undefined ||
    categories.includes('all') ||
    categories.includes(categoryOf(environment))
  )
}

/**
 * Refuses a start or an end of a run. Runs are for Job admin, Job creator, Job runner and Admin, so not for whoever only
 * reads; environments that are closed to the token are read-only to it, runs included (docs.getdbt.com, Enterprise
 * permissions, Environment-level permissions). How it is refused is not recorded: as for jobs.
 */
export function assertMayRun(
  grants: TokenGrants,
  projectId: number,
  environment: Kind | undefined
): void {
  const grant = grantOn(grants, projectId)
  if (grant === undefined) throw notFound()
  if (!(grant.runs ?? grant.access === 'write')) throw forbidden()
  if (environment !== undefined && !isOpen(grant, environment)) throw notFound()
}

/** Refuses a write to a job: 403 for a token that only reads, 404 for a closed environment (terraform-provider-dbtcloud#537). */
export function assertMayWriteJob(
  grants: TokenGrants,
  projectId: number,
  environment: Kind | undefined
): void {
  if (!mayRead(grants, projectId)) throw notFound()
  if (!mayWrite(grants, projectId)) throw forbidden()
  if (environment !== undefined && !mayWriteEnvironment(grants, projectId, environment)) {
    throw notFound()
  }
}
