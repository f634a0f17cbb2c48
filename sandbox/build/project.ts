// A project and what lies below it without running.

import type {
  Credentials,
  ExtendedAttributes,
  Profile,
  Project,
  Repository,
  State
} from '../state.ts'
import { put } from '../table.ts'
import { timestamp } from '../time.ts'
import { row, takeId, type Given } from './base.ts'

/** Adds a project; `repository: null` gives it none, part of a repository changes the default one. */
export function addProject(
  state: State,
  accountId: number,
  given: Given<Project> & { readonly repository?: Given<Repository> | null } = {}
): number {
  const { repository, ...rest } = given
  const id = takeId(state, 'projects', given.id)
  const now = timestamp(state.clock)
  const repositoryId = repository === null ? null : addRepository(state, accountId, id, repository)
  state.projects = put(state.projects, {
    name: `Project ${id}`,
    description: '',
    connection_id: null,
    repository_id: repositoryId,
    semantic_layer_config_id: null,
    dbt_project_subdirectory: null,
    docs_job_id: null,
    freshness_job_id: null,
    skipped_setup: false,
    type: 0,
    default_version: 'latest',
    state: 1,
    created_at: now,
    updated_at: now,
    ...rest,
    id,
    account_id: row(state.accounts, accountId, 'account').id
  })
  return id
}

function addRepository(
  state: State,
  accountId: number,
  projectId: number,
  given: Given<Repository> = {}
): number {
  const id = takeId(state, 'repositories', given.id)
  const now = timestamp(state.clock)
  const name = given.full_name ?? 'example-org/jaffle_shop'
  state.repositories = put(state.repositories, {
    full_name: name,
    remote_url: `git://github.com/${name}.git`,
    remote_backend: 'github',
    git_clone_strategy: 'github_app',
    github_installation_id: 19320059,
    git_provider_id: null,
    deploy_key_id: id,
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    id,
    account_id: accountId,
    project_id: projectId
  })
  return id
}

/** Adds credentials to a project. */
export function addCredentials(
  state: State,
  projectId: number,
  given: Given<Credentials> = {}
): number {
  const project = row(state.projects, projectId, 'project')
  const id = takeId(state, 'credentials', given.id)
  const now = timestamp(state.clock)
  state.credentials = put(state.credentials, {
    type: 'snowflake',
    threads: 4,
    target_name: 'default',
    schema: 'analytics',
    user: 'dbt_service',
    secret: 'never-shown',
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    id,
    account_id: project.account_id,
    project_id: project.id
  })
  return id
}

/** Adds a profile to a project. Environments with credentials get one by themselves. */
export function addProfile(state: State, projectId: number, given: Given<Profile> = {}): number {
  const project = row(state.projects, projectId, 'project')
  const id = takeId(state, 'profiles', given.id)
  state.profiles = put(state.profiles, {
    key: `profile-${id}`,
    connection_id: null,
    credentials_id: null,
    extended_attributes_id: null,
    state: 1,
    ...given,
    id,
    account_id: project.account_id,
    project_id: project.id
  })
  return id
}

/** Adds a record of extended attributes to a project. */
export function addExtendedAttributes(
  state: State,
  projectId: number,
  given: Given<ExtendedAttributes> = {}
): number {
  const project = row(state.projects, projectId, 'project')
  const id = takeId(state, 'extendedAttributes', given.id)
  const now = timestamp(state.clock)
  state.extendedAttributes = put(state.extendedAttributes, {
    extended_attributes: { threads: 8 },
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    id,
    account_id: project.account_id,
    project_id: project.id
  })
  return id
}
