// The six environments of a usual project, with both targets in the account of the source or in one of their own.
import {
  addAccount,
  addConnection,
  addToken,
  SIX,
  six,
  type Job,
  type State
} from '../../sandbox/index.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import { World } from '../promote.ts'
import { specOfText } from '../spec.ts'

export const token = 'dbtc_six_both'
export const otherAccount = 27_182
/** Connections of the other account, for those of the source by the same names in another order. */
export const otherConnections = { production: 970_002, analytics: 970_001 }

/** The tables whose rows belong to a project. */
const tables = [
  'environments',
  'jobs',
  'credentials',
  'profiles',
  'repositories',
  'extendedAttributes',
  'variables'
] as const

/** The platform of the seed; `apart` moves the target projects to an account of their own. */
export function platform(apart: boolean): State {
  const state = six()
  if (!apart) {
    addToken(state, token, SIX.account)
    return state
  }
  addAccount(state, { id: otherAccount, name: 'Production' })
  addToken(state, token, [SIX.account, otherAccount])
  addConnection(state, otherAccount, { id: otherConnections.analytics, name: 'Analytics (EU)' })
  addConnection(state, otherAccount, { id: otherConnections.production, name: 'Production (EU)' })
  for (const project of [SIX.targetProject, SIX.editedProject]) move(state, project)
  return state
}

function move(state: State, project: number): void {
  const connected = <T extends object>(row: T): T =>
    'connection_id' in row && row.connection_id === SIX.connection
      ? { ...row, connection_id: otherConnections.production }
      : row
  state.projects = state.projects.map((row) =>
    row.id === project ? connected({ ...row, account_id: otherAccount }) : row
  )
  const all: Record<string, unknown> = state as never
  for (const table of tables) {
    const rows = state[table] as readonly { readonly project_id: number }[]
    all[table] = rows.map((row) =>
      row.project_id === project ? connected({ ...row, account_id: otherAccount }) : row
    )
  }
}

/** The promotion of all six into a project, each with its own credentials. */
export function specOf(target: number, apart: boolean, more = ''): PromotionSpec {
  const credentials = target === SIX.targetProject ? SIX.targetCredentials : SIX.editedCredentials
  const names: Readonly<Record<string, string>> = {
    production: 'Production',
    staging: 'Staging',
    qa: 'QA',
    ci: 'Continuous integration',
    backfill: 'Backfill / replays',
    adHoc: 'Ad hoc – données'
  }
  const entries = Object.entries(credentials).map(
    ([key, id]) => `  - { from: "${String(names[key])}", set: { credentials_id: ${String(id)} } }`
  )
  const text = [
    `source: { project: ${String(SIX.sourceProject)} }`,
    `target: { project: ${String(target)} }`,
    'environments:',
    ...entries,
    ...(target === SIX.targetProject ? [] : ['  - "*"']),
    apart
      ? 'connections: { Snowflake production: Production (EU), Snowflake analytics: Analytics (EU) }'
      : '',
    apart && !more.includes('references') ? 'references: { unresolved: drop }' : '',
    more
  ]
  return specOfText(text.join('\n'), {
    'account-id': String(SIX.account),
    ...(apart
      ? { 'target-account-id': String(otherAccount), 'target-host': 'cd456.eu1.dbt.com' }
      : {})
  })
}

export const worldOf = (apart: boolean): World => new World(platform(apart), token)

export const jobsOf = (all: World, project: number): readonly Job[] =>
  all.state.jobs.filter(({ project_id, state }) => project_id === project && state === 1)

/** Everything of the state but the environments, jobs and profiles of one project. */
export function around(state: State, project: number): Readonly<Record<string, unknown>> {
  const rest = (rows: readonly { readonly project_id: number }[]): unknown =>
    rows.filter(({ project_id }) => project_id !== project)
  const { accounts, projects, connections, credentials, extendedAttributes, variables } = state
  return {
    accounts,
    projects,
    connections,
    credentials,
    extendedAttributes,
    variables,
    environments: rest(state.environments),
    jobs: rest(state.jobs),
    profiles: rest(state.profiles)
  }
}

/** The references of a project's jobs that lead out of it, as `name: what id`. */
export function leadingOut(all: World, project: number): readonly string[] {
  const environments = new Set(
    all.state.environments.flatMap(({ id, project_id }) => (project_id === project ? [id] : []))
  )
  const jobs = new Set(jobsOf(all, project).map(({ id }) => id))
  return jobsOf(all, project).flatMap((job) => {
    const condition = job.job_completion_trigger_condition?.condition
    const within = (what: string, id: number | null | undefined, own: Set<number>): string[] =>
      id === null || id === undefined || own.has(id) ? [] : [`${job.name}: ${what} ${String(id)}`]
    return [
      ...within('environment', job.environment_id, environments),
      ...within('deferral', job.deferring_environment_id, environments),
      ...within('deferral', job.deferring_job_definition_id, jobs),
      ...within('parent', condition?.job_id, jobs),
      ...(condition && jobs.has(condition.job_id) && condition.project_id !== project
        ? [`${job.name}: project ${String(condition.project_id)}`]
        : [])
    ]
  })
}
