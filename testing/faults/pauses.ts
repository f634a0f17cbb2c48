// Removals: of the jobs that an earlier promotion left in the target, some have lost their source job. Those that run by
// themselves are switched off, and no other is, though several look much alike.
import {
  addEnvironment,
  addJob,
  addProject,
  scheduleOf,
  type Job,
  type State
} from '../../sandbox/index.ts'
import { isTypical } from './faults.ts'
import type { Promotion } from './promotion.ts'
import {
  account,
  beta,
  canaries,
  completionOf,
  earlierInputs,
  earlierState,
  firstOf,
  off,
  sourceProject,
  targetProject,
  tokens
} from './world.ts'

const b = (n: number): number => firstOf.beta + n
const third = { project: 86999, environment: 5_000_900 }
const gone = [b(2), b(3)]

/** Gone from the list of the source, and not from the platform. */
export const moved = b(5)

const nightly = { ...off, schedule: true }
const values: Readonly<Record<number, Partial<Job>>> = {
  // Of every field that a write may leave out another value than the platform's own, so that none is lost unseen.
  2: {
    description: 'Of two\nlines.',
    execute_steps: ['dbt seed', 'dbt build --select two'],
    settings: { threads: 7, target_name: 'two' },
    execution: { timeout_seconds: 1234 },
    generate_docs: true,
    run_generate_sources: true,
    run_lint: true,
    errors_on_lint_failure: false,
    run_compare_changes: true,
    compare_changes_flags: '--select two',
    triggers_on_draft_pr: true,
    lifecycle_webhooks: true,
    deferring_environment_id: beta,
    cost_optimization_features: ['state_aware_orchestration'],
    dbt_version: '1.8.0',
    schedule: scheduleOf(
      { type: 'days_of_week', days: [1, 3] },
      { type: 'every_hour', interval: 6 }
    ),
    triggers: nightly
  },
  3: {
    deferring_job_definition_id: b(3),
    job_completion_trigger_condition: completionOf(b(1))
  },
  // It does not run by itself, so there is nothing to switch off.
  4: {},
  5: { triggers: nightly },
  6: { triggers: nightly },
  7: { triggers: nightly }
}

/** The inputs of the promotion. */
const inputs = { ...earlierInputs, removals: 'pause', jobs: '*\n!b7' }

export const pauses: Promotion = {
  name: 'inputs with pauses',
  earlierInputs,
  inputs,
  earlierState: () => {
    const state = earlierState()
    return {
      ...state,
      jobs: state.jobs.map((job) => ({ ...job, ...withoutLinks(job), ...values[job.id - b(0)] }))
    }
  },
  sinceThen,
  // With a list that fails, and a write before the pauses; the rest is as in the promotion by inputs.
  places: ['read source', 'read gone', 'update job', 'pause job'],
  strikes: (fault, place) => ['read gone', 'pause job'].includes(place) || isTypical(fault),
  jobs: 8,
  gone
}

function withoutLinks({ project_id }: Job): Partial<Job> {
  return project_id === sourceProject
    ? { triggers: off, deferring_job_definition_id: null, job_completion_trigger_condition: null }
    : {}
}

function sinceThen(promoted: State): State {
  const state: State = {
    ...promoted,
    tokens: {
      ...promoted.tokens,
      [tokens.source]: {
        accounts: [account],
        projects: {
          [String(sourceProject)]: { access: 'read' },
          [String(third.project)]: { access: 'read' }
        }
      }
    }
  }
  addProject(state, account, { id: third.project })
  addEnvironment(state, third.project, { id: third.environment, name: 'Beta' })
  const edits: Readonly<Record<number, Partial<Job>>> = {
    [b(1)]: { execute_steps: ['dbt build --select one'] },
    [b(2)]: { state: 2 },
    [b(3)]: { state: 2 },
    [b(4)]: { state: 2 },
    [moved]: { project_id: third.project, environment_id: third.environment },
    [b(6)]: { state: 2 }
  }
  state.jobs = state.jobs.map((job) => ({ ...job, ...edits[job.id], ...editOf(job) }))
  const next = { id: b(8), name: 'b8', deferring_job_definition_id: b(8) }
  addJob(state, promoted.jobs.find(({ id }) => id === b(1))?.environment_id ?? 0, next)
  return state
}

// In the target a name and a value were edited, and one job belongs to another promotion.
function editOf({ project_id, name, description, settings }: Job): Partial<Job> {
  if (project_id !== targetProject) return {}
  if (name === 'b2')
    return { name: 'b2, by hand', settings: { ...settings, target_name: canaries[1] } }
  return name === 'b6' ? { description: description.replace(' (v1', ' as another (v1') } : {}
}
