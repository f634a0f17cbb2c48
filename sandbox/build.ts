// Builders for seeds and tests: each fills every key of a live object, adds it to the state, returns its id.
// They assign new tables to the state that they are given; rows and tables themselves are never changed.

import { scheduleOf } from './schedule.ts'
import type {
  Account,
  Connection,
  Credentials,
  Environment,
  ExtendedAttributes,
  Features,
  Job,
  JobType,
  Profile,
  Project,
  Repository,
  State,
  Tables,
  TokenGrants,
  Triggers,
  Variable
} from './state.ts'
import { find, put, type Row } from './table.ts'
import { timestamp } from './time.ts'

const EVERYTHING: Features = {
  dbtVersions: null,
  stateAwareOrchestration: true,
  efficientTesting: true,
  dbtState: true,
  modelQueryHistory: true,
  lostCredentials: 'error',
  autoAssignConnection: false,
  uniqueEnvironmentNames: false,
  longDescription: 'invalid',
  noFeatures: 'list',
  lifecycleWebhooks: 'as-sent',
  comparisonNeedsDeferral: true,
  jobVariables: false,
  unknownEnvironments: 'silent',
  unmentionedValues: 'keep',
  attributesAsText: false,
  missingKeys: { environment: [], job: [] },
  refusedKeys: { environment: [], job: [] },
  futureKeys: { environment: [], job: [] }
}

type Table = keyof Tables

/** The id that the next row of a table gets; takes it out of the range. */
function takeId(state: State, table: Table, wanted: number | undefined): number {
  const id = wanted ?? state.nextIds[table]
  if (find<Row>(state[table], id) !== undefined) throw new Error(`${table} already has id ${id}.`)
  if (id >= state.nextIds[table]) state.nextIds = { ...state.nextIds, [table]: id + 1 }
  return id
}

function row<T extends Row>(rows: readonly T[], id: number, what: string): T {
  const found = find(rows, id)
  if (found === undefined) throw new Error(`There is no ${what} ${id}.`)
  return found
}

/** What a builder takes: any keys of the row, features of an account in part. */
export type Given<T> = Partial<T>

/** Adds an account that is entitled to everything, unless `features` says otherwise. */
export function addAccount(
  state: State,
  given: Omit<Given<Account>, 'features'> & { readonly features?: Partial<Features> } = {}
): number {
  const id = takeId(state, 'accounts', given.id)
  const now = timestamp(state.clock)
  state.accounts = put(state.accounts, {
    name: 'Jaffle Shop',
    plan: 'enterprise',
    run_slots: 15,
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    features: { ...EVERYTHING, ...given.features },
    id
  })
  return id
}

/** Lets a token into accounts; without `projects` it may write everything in them. */
export function addToken(
  state: State,
  token: string,
  accounts: number | readonly number[],
  projects: TokenGrants['projects'] = { '*': { access: 'write' } }
): void {
  const list = typeof accounts === 'number' ? [accounts] : accounts
  state.tokens = { ...state.tokens, [token]: { accounts: list, projects } }
}

/** Adds a global connection to an account. */
export function addConnection(
  state: State,
  accountId: number,
  given: Given<Connection> = {}
): number {
  const id = takeId(state, 'connections', given.id)
  const now = timestamp(state.clock)
  state.connections = put(state.connections, {
    name: 'Snowflake xy12345',
    adapter_version: 'snowflake_v0',
    config: {
      account: 'xy12345',
      database: 'analytics',
      warehouse: 'transforming',
      role: 'TRANSFORMER',
      allow_sso: false,
      client_session_keep_alive: false
    },
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    id,
    account_id: row(state.accounts, accountId, 'account').id
  })
  return id
}

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

/** Adds an environment; a deployment one with the connection of its project, and a profile if it has credentials. */
export function addEnvironment(
  state: State,
  projectId: number,
  given: Given<Environment> = {}
): number {
  const project = row(state.projects, projectId, 'project')
  const id = takeId(state, 'environments', given.id)
  const version = given.dbt_version ?? 'latest'
  const environment = {
    name: `Environment ${id}`,
    type: 'deployment',
    deployment_type: null,
    dbt_version: version,
    raw_dbt_version: version,
    use_custom_branch: (given.custom_branch ?? null) !== null,
    custom_branch: null,
    supports_docs: false,
    enable_model_query_history: false,
    enable_dbt_state: false,
    connection_id: project.connection_id,
    credentials_id: null,
    extended_attributes_id: null,
    primary_profile_id: null,
    state: 1,
    created_at: null,
    updated_at: timestamp(state.clock),
    ...given,
    id,
    account_id: project.account_id,
    project_id: project.id
  } as Environment
  const wantsProfile = environment.credentials_id !== null && environment.type === 'deployment'
  const profile =
    wantsProfile && environment.primary_profile_id === null
      ? addProfile(state, projectId, {
          key: `environment-${id}`,
          connection_id: environment.connection_id,
          credentials_id: environment.credentials_id,
          extended_attributes_id: environment.extended_attributes_id
        })
      : environment.primary_profile_id
  state.environments = put(state.environments, { ...environment, primary_profile_id: profile })
  return id
}

function impliedType(triggers: Triggers): JobType {
  if (triggers.github_webhook || triggers.git_provider_webhook === true) return 'ci'
  if (triggers.on_merge === true) return 'merge'
  return triggers.schedule ? 'scheduled' : 'other'
}

/** Adds a job to an environment: `dbt build`, every trigger off, unless `given` says otherwise. */
export function addJob(state: State, environmentId: number, given: Given<Job> = {}): number {
  const environment = row(state.environments, environmentId, 'environment')
  const id = takeId(state, 'jobs', given.id)
  const now = timestamp(state.clock)
  const triggers = given.triggers ?? {
    github_webhook: false,
    git_provider_webhook: false,
    schedule: false,
    on_merge: false
  }
  state.jobs = put(state.jobs, {
    name: `Job ${id}`,
    description: '',
    dbt_version: null,
    raw_dbt_version: given.dbt_version ?? null,
    execute_steps: ['dbt build'],
    settings: { threads: 4, target_name: 'default' },
    execution: { timeout_seconds: 0 },
    generate_docs: false,
    run_generate_sources: false,
    run_lint: false,
    errors_on_lint_failure: true,
    run_compare_changes: false,
    compare_changes_flags: '--select state:modified',
    triggers_on_draft_pr: false,
    schedule: scheduleOf({ type: 'every_day' }, { type: 'every_hour', interval: 1 }),
    job_type: impliedType(triggers),
    deferring_environment_id: null,
    deferring_job_definition_id: null,
    job_completion_trigger_condition: null,
    cost_optimization_features: [],
    force_node_selection: !(given.cost_optimization_features ?? []).includes(
      'state_aware_orchestration'
    ),
    lifecycle_webhooks: false,
    lifecycle_webhooks_url: null,
    deactivated: false,
    run_failure_count: 0,
    is_deferrable: false,
    is_system: false,
    state: 1,
    created_at: now,
    updated_at: now,
    ...given,
    triggers,
    id,
    account_id: environment.account_id,
    project_id: environment.project_id,
    environment_id: environment.id
  })
  return id
}

function addValue(
  state: State,
  project: Project,
  given: Pick<Variable, 'name' | 'type' | 'raw_value'> & Given<Variable>
): number {
  const id = takeId(state, 'variables', given.id)
  const now = timestamp(state.clock)
  state.variables = put(state.variables, {
    environment_id: null,
    job_definition_id: null,
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

function environmentNamed(state: State, project: Project, idOrName: string): Environment {
  const own = state.environments.filter(
    (environment) => environment.project_id === project.id && environment.state === 1
  )
  const found =
    own.find(({ id }) => String(id) === idOrName) ?? own.find(({ name }) => name === idOrName)
  if (found === undefined)
    throw new Error(`Project ${project.id} has no environment '${idOrName}'.`)
  return found
}

/** A variable as a builder takes it. */
export interface GivenVariable {
  readonly name: string
  /** The project's default. */
  readonly project?: string
  /** Values by id or name of the environment; an id goes before a name that looks like it. */
  readonly environments?: Readonly<Record<string, string>>
  /** Overrides by id of the job. */
  readonly jobs?: Readonly<Record<string, string>>
}

/** Adds a variable to a project; returns the ids of its values in the order given: project, environments, jobs. */
export function addVariable(
  state: State,
  projectId: number,
  given: GivenVariable
): readonly number[] {
  const project = row(state.projects, projectId, 'project')
  const { name } = given
  const ids: number[] = []
  if (given.project !== undefined)
    ids.push(addValue(state, project, { name, type: 'project', raw_value: given.project }))
  for (const [idOrName, raw_value] of Object.entries(given.environments ?? {})) {
    const environment_id = environmentNamed(state, project, idOrName).id
    ids.push(addValue(state, project, { name, type: 'environment', raw_value, environment_id }))
  }
  for (const [id, raw_value] of Object.entries(given.jobs ?? {})) {
    const job = row(state.jobs, Number(id), 'job')
    if (job.project_id !== project.id) throw new Error(`Job ${id} is in another project.`)
    const job_definition_id = job.id
    ids.push(addValue(state, project, { name, type: 'job', raw_value, job_definition_id }))
  }
  return ids
}
