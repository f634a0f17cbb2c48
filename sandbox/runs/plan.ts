// What a run will do: its steps, how long each takes, where it ends.

import type { Environment, Job, Project, State } from '../state.ts'
import { find } from '../table.ts'
import type { ArmedOrder, PlannedStep, Run, RunOrder, RunTrigger } from './types.ts'

const PREP_MS = 10_000
const SETUP_MS = 1_000
const COMMAND_MS = 10_000

/** `run_duration_limit_seconds` of the account recorded, and the limit that a run of 2024 ran into. */
export const LONGEST_SECONDS = 86_400

function fits(order: RunOrder, job: Job): boolean {
  if (order.job === undefined) return true
  if (typeof order.job === 'number') return order.job === job.id
  const parts = order.job.split('*').map((part) => part.replace(/[$()+.?[\\\]^{|}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(job.name)
}

/** The first order for a run of this job, and the orders with their counts moved on. */
export function takeOrder(
  orders: readonly ArmedOrder[],
  job: Job
): { readonly order: RunOrder; readonly orders: readonly ArmedOrder[] } {
  let taken: RunOrder | undefined
  const counted = orders.map(({ order, seen }) => {
    if (!fits(order, job)) return { order, seen }
    const first = order.nth ?? 1
    const last = order.times === null ? Infinity : first + (order.times ?? 1) - 1
    if (seen + 1 >= first && seen + 1 <= last) taken ??= order
    return { order, seen: seen + 1 }
  })
  return { order: taken ?? {}, orders: counted }
}

/** The dbt commands in order: sources first, docs last, as the job says or the trigger overrides. */
function commandsOf(
  job: Job,
  trigger: RunTrigger
): { readonly commands: readonly string[]; readonly firstOwn: number; readonly lastOwn: number } {
  const override = trigger.steps_override ?? []
  const own = override.length > 0 ? override : job.execute_steps
  const docs = trigger.generate_docs_override ?? job.generate_docs
  const before = job.run_generate_sources ? ['dbt source freshness'] : []
  const commands = [...before, ...own, ...(docs ? ['dbt docs generate'] : [])]
  return { commands, firstOwn: before.length, lastOwn: before.length + own.length - 1 }
}

function setup(name: string, fails: string | undefined): PlannedStep {
  const status = fails === undefined ? 10 : 20
  return { name, command: null, ms: SETUP_MS, status, logs: fails ?? `${name}\n` }
}

// Every run begins with these three, in this order (prefect-dbt, cloud/jobs.py, skips them by number). What fails
// without a repository or credentials is inferred: jobs of such an environment cannot run.
function setupOf(
  state: State,
  environment: Environment | undefined,
  project: Project | undefined,
  trigger: RunTrigger
): readonly PlannedStep[] {
  const connection = find(state.connections, environment?.connection_id ?? 0)?.name ?? ''
  const { schema_override: schema } = trigger
  const override = schema === null ? '' : ` (override schema to '${schema}')`
  const hasRepository = (project?.repository_id ?? null) !== null
  const hasCredentials = (environment?.credentials_id ?? null) !== null
  return [
    setup('Clone git repository', hasRepository ? undefined : 'No repository is configured.\n'),
    setup(
      `Create profile from connection ${connection}${override}`,
      hasCredentials ? undefined : 'No credentials are configured.\n'
    ),
    setup('Invoke dbt with `dbt deps`', undefined)
  ]
}

function commandStep(command: string, order: RunOrder, ends: boolean): PlannedStep {
  const { outcome = 'success' } = order
  const status = { success: 10, error: 20, cancelled: 30, hang: 10 } as const
  const usual =
    ends && outcome === 'error'
      ? 'Completed with 1 error and 0 warnings:'
      : 'Completed successfully'
  const told = ends ? (order.log ?? usual) : usual
  return {
    name: `Invoke dbt with \`${command}\``,
    command,
    ms: ends && outcome === 'hang' ? null : (order.stepMs ?? COMMAND_MS),
    status: ends ? status[outcome] : 10,
    logs: `Running ${command}\n${told}\n`
  }
}

/** After how long the platform cancels it. A timeout of 0 is none; a longer one than the platform's is cut. */
function limitMs(job: Job, trigger: RunTrigger): number {
  const wanted = trigger.timeout_seconds_override ?? job.execution.timeout_seconds
  return 1000 * (wanted > 0 ? Math.min(wanted, LONGEST_SECONDS) : LONGEST_SECONDS)
}

function stepsOfRun(
  state: State,
  job: Job,
  trigger: RunTrigger,
  order: RunOrder
): readonly PlannedStep[] {
  const environment = find(state.environments, job.environment_id)
  const project = find(state.projects, job.project_id)
  const { commands, firstOwn, lastOwn } = commandsOf(job, trigger)
  const last = Math.min(firstOwn + (order.step ?? 1) - 1, lastOwn)
  return [
    ...setupOf(state, environment, project, trigger),
    ...commands.map((command, index) => commandStep(command, order, index === last))
  ]
}

/** A run of the job as it is queued, at this moment of the clock of runs. */
export function planRun(
  state: State,
  job: Job,
  trigger: RunTrigger,
  order: RunOrder,
  at: number
): Run {
  const environment = find(state.environments, job.environment_id)
  const id = state.nextIds.runs
  return {
    id,
    account_id: job.account_id,
    project_id: job.project_id,
    environment_id: job.environment_id,
    job_definition_id: job.id,
    trigger,
    status: 1,
    status_message: null,
    dbt_version:
      trigger.dbt_version_override ?? job.dbt_version ?? environment?.dbt_version ?? null,
    git_branch: trigger.git_branch ?? environment?.custom_branch ?? 'main',
    git_sha: trigger.git_sha ?? id.toString(16).padStart(40, '0'),
    concurrent: job.job_type === 'ci',
    prepMs: order.prepMs ?? PREP_MS,
    steps: stepsOfRun(state, job, trigger, order),
    limitMs: limitMs(job, trigger),
    message: order.message ?? null,
    savesArtifacts: order.artifacts ?? true,
    createdAt: at,
    dequeuedAt: null,
    startedAt: null,
    finishedAt: null
  }
}
