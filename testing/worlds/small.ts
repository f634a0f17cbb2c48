// A small platform for the tests of the sandbox, and a client that keeps the state between requests.

import { readFileSync } from 'node:fs'
import {
  addAccount,
  addConnection,
  addCredentials,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addProfile,
  addProject,
  addToken,
  emptyState,
  handle,
  type Features,
  type Handled,
  type Json,
  type JsonObject,
  type State
} from '../../sandbox/index.ts'

/** An object in an answer: the keys that tests look into, and any other. */
export interface Shown extends JsonObject {
  readonly id: number
  readonly name: string
  readonly primary_profile_id: number
  readonly credentials_id: number | null
  readonly connection_id: number | null
  readonly dbt_version: string
  readonly project: Shown
  readonly connection: Shown
  readonly repository: Shown
  readonly environment: Shown
  readonly config: JsonObject
  readonly schedule: JsonObject
}

/** The envelope, and the one key of answers that have none. */
export interface Envelope {
  readonly [key: string]: unknown
  readonly status: {
    readonly code: number
    readonly is_success: boolean
    readonly user_message: string
    readonly developer_message: string
  }
  readonly data: Shown
  readonly extra: {
    readonly filters: Readonly<Record<string, unknown>>
    readonly order_by: string
    readonly pagination: { readonly count: number; readonly total_count: number }
  }
  readonly detail: string
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Envelope
  /** `data` of the envelope as an object. */
  readonly data: Shown
  /** `data` of the envelope as a list; empty if it is none. */
  readonly rows: readonly Shown[]
  readonly unknownRoute: boolean
}

export const NOW = Date.UTC(2026, 0, 7, 12)

export interface World {
  state: State
  readonly account: number
  readonly foreignAccount: number
  readonly project: number
  readonly other: number
  readonly connection: number
  readonly foreignConnection: number
  readonly development: number
  readonly environment: number
  readonly otherEnvironment: number
  readonly credentials: number
  readonly otherCredentials: number
  readonly attributes: number
  readonly otherAttributes: number
  readonly otherProfile: number
  readonly job: number
  readonly otherJob: number
}

export const TOKEN = 'dbtc_writer'
export const READER = 'dbtc_reader'
export const ONE_PROJECT = 'dbtc_one_project'
export const NO_PRODUCTION = 'dbtc_no_production'
export const NO_CATEGORY = 'dbtc_no_category'

/** Two accounts; in the first a project under test and another one, each with environments and jobs. */
export function world(features: Partial<Features> = {}): World {
  const state = emptyState()
  const account = addAccount(state, { features })
  const foreignAccount = addAccount(state, { name: 'Foreign' })
  const connection = addConnection(state, account)
  const foreignConnection = addConnection(state, foreignAccount)
  const project = addProject(state, account, { name: 'Analytics', connection_id: connection })
  const other = addProject(state, account, { name: 'Other analytics', connection_id: connection })
  const credentials = addCredentials(state, project)
  const otherCredentials = addCredentials(state, other)
  const attributes = addExtendedAttributes(state, project)
  const otherAttributes = addExtendedAttributes(state, other)
  const development = addEnvironment(state, project, { name: 'Development', type: 'development' })
  const environment = addEnvironment(state, project, {
    name: 'Production',
    deployment_type: 'production',
    credentials_id: credentials,
    custom_branch: 'main'
  })
  const otherEnvironment = addEnvironment(state, other, {
    name: 'Production',
    credentials_id: otherCredentials
  })
  const otherProfile = addProfile(state, other)
  const job = addJob(state, environment, { name: 'Nightly' })
  const otherJob = addJob(state, otherEnvironment, { name: 'Upstream' })
  addToken(state, TOKEN, account)
  addToken(state, READER, account, { '*': { access: 'read' } })
  addToken(state, ONE_PROJECT, account, { [String(project)]: { access: 'write' } })
  addToken(state, NO_PRODUCTION, account, {
    '*': { access: 'write', environmentCategories: ['staging', 'development', 'other'] }
  })
  addToken(state, NO_CATEGORY, account, { '*': { access: 'write', environmentCategories: [] } })
  return {
    state,
    account,
    foreignAccount,
    project,
    other,
    connection,
    foreignConnection,
    development,
    environment,
    otherEnvironment,
    credentials,
    otherCredentials,
    attributes,
    otherAttributes,
    otherProfile,
    job,
    otherJob
  }
}

export interface Options {
  readonly token?: string
  readonly now?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it stands. */
  readonly raw?: string
}

/** Sends a request without keeping what it changes. */
export function peek(
  at: World,
  method: string,
  path: string,
  body?: unknown,
  options: Options = {}
): Handled {
  const text = options.raw ?? (body === undefined ? undefined : JSON.stringify(body))
  return handle(at.state, {
    method,
    path,
    headers: {
      authorization: `Token ${options.token ?? TOKEN}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers
    },
    body: text,
    now: options.now ?? NOW
  })
}

/** Sends a request and keeps the state that it leaves. */
export function send(
  at: World,
  method: string,
  path: string,
  body?: unknown,
  options: Options = {}
): Reply {
  const { state, response, unknownRoute } = peek(at, method, path, body, options)
  at.state = state
  const isJson = response.headers['content-type'] === 'application/json'
  // The only unchecked step: a test knows what it has asked for.
  const answered = (isJson ? JSON.parse(response.body) : response.body) as Envelope
  const data = answered.data
  const rows = Array.isArray(data) ? (data as readonly Shown[]) : []
  const { status, headers } = response
  return { status, headers, body: answered, data, rows, unknownRoute }
}

export const jobsPath = (at: World): string => `/api/v2/accounts/${at.account}/jobs/`
export const projectPath = (at: World, project = at.project): string =>
  `/api/v3/accounts/${at.account}/projects/${project}/`
export const environmentsPath = (at: World, project = at.project): string =>
  `${projectPath(at, project)}environments/`

type Body = Record<string, Json>

/** A body that creates a job: what the maintained clients send. */
export function jobBody(at: World, changes: Body = {}): Body {
  return {
    id: null,
    account_id: at.account,
    project_id: at.project,
    environment_id: at.environment,
    name: 'New job',
    description: '',
    dbt_version: null,
    execute_steps: ['dbt build'],
    settings: { threads: 4, target_name: 'default' },
    execution: { timeout_seconds: 0 },
    triggers: {
      github_webhook: false,
      git_provider_webhook: false,
      schedule: false,
      on_merge: false
    },
    schedule: {
      cron: '0 * * * *',
      date: { type: 'every_day' },
      time: { type: 'every_hour', interval: 1 }
    },
    deferring_environment_id: null,
    deferring_job_definition_id: null,
    job_completion_trigger_condition: null,
    generate_docs: false,
    run_generate_sources: false,
    run_lint: false,
    errors_on_lint_failure: true,
    run_compare_changes: false,
    compare_changes_flags: '--select state:modified',
    triggers_on_draft_pr: false,
    job_type: 'other',
    state: 1,
    ...changes
  }
}

/** A body that creates an environment. */
export function environmentBody(at: World, changes: Body = {}): Body {
  return {
    account_id: at.account,
    project_id: at.project,
    name: 'New environment',
    type: 'deployment',
    deployment_type: null,
    dbt_version: 'latest',
    use_custom_branch: false,
    custom_branch: null,
    supports_docs: false,
    connection_id: at.connection,
    credentials_id: at.credentials,
    extended_attributes_id: null,
    state: 1,
    ...changes
  }
}

/** The same without some keys. */
export function without(body: Body, ...keys: readonly string[]): Body {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)))
}

/** Triggers with some of them on. */
export function triggersOn(...names: readonly string[]): Record<string, boolean> {
  const all = ['github_webhook', 'git_provider_webhook', 'schedule', 'on_merge']
  return Object.fromEntries(all.map((name) => [name, names.includes(name)]))
}

function read(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../__tests__/fixtures/${name}.json`, import.meta.url), 'utf8')
  )
}

/** A recorded answer. */
export function fixture(name: string): Envelope {
  return read(name) as Envelope
}

/** Objects of a live account, without envelope. */
export function liveObjects(name: string): readonly Shown[] {
  return read(`live/${name}`) as readonly Shown[]
}

/** The keys of an object that must be there. */
export function keysOf(value: object | undefined): string[] {
  if (value === undefined) throw new Error('There is no object.')
  return Object.keys(value)
}

/** Every object and list within is frozen: a write to any of them throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
