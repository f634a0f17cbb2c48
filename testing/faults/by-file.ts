// The promotion of a config file: rules that set and keep, names by a pattern, and a connection that is mapped by name.
import path from 'node:path'
import {
  addConnection,
  addCredentials,
  addEnvironment,
  addJob,
  scheduleOf,
  type Job,
  type State
} from '../../sandbox/index.ts'
import { isTypical } from './faults.ts'
import type { Promotion } from './promotion.ts'
import {
  beta,
  completionOf,
  earlierState,
  firstOf,
  inputs as ofInputs,
  off,
  account,
  sourceProject,
  targetProject,
  tokens
} from './world.ts'

const warehouse = 56041
const production = 56042
const credentials = 108732
const alpha = 5_000_100
const b = (n: number): number => firstOf.beta + n
const kept = { version: '1.7.0', steps: ['dbt build --select of-the-target'], hours: [9] }
const daily = { type: 'every_day' } as const
const at = (...hours: number[]): Job['schedule'] =>
  scheduleOf(daily, { type: 'at_exact_hours', hours, interval: 1 })

const inputs = {
  'source-token': tokens.source,
  'target-token': tokens.target,
  host: ofInputs.host,
  'account-id': ofInputs['account-id'],
  config: path.join(import.meta.dirname, 'promote.yml'),
  mode: 'apply'
}

export const byFile: Promotion = {
  name: 'a config file',
  earlierInputs: { ...inputs, environments: 'Beta -> prod Beta' },
  inputs,
  earlierState: () => {
    const state = earlierState()
    state.connections = state.connections.map((each) => ({ ...each, name: 'Warehouse' }))
    addConnection(state, account, { id: production, name: 'Warehouse of production' })
    addCredentials(state, targetProject, { id: credentials })
    return {
      ...state,
      jobs: state.jobs
        .filter(({ id, project_id }) => project_id !== sourceProject || id <= b(4))
        .map((job) => {
          if (job.id === b(2)) return { ...job, schedule: at(6) }
          return job.id === b(4) ? { ...job, name: 'scratch of someone' } : job
        })
    }
  },
  sinceThen,
  places: [
    'read connections',
    'read credentials',
    'create env',
    'update env',
    'create job',
    'link job',
    'update job'
  ],
  strikes: isTypical,
  jobs: 6,
  gone: [],
  faultsOf
}

function sinceThen(promoted: State): State {
  const state: State = {
    ...promoted,
    environments: promoted.environments.map((each) => {
      if (each.id === beta) return { ...each, supports_docs: !each.supports_docs }
      return each.name === 'prod Beta'
        ? { ...each, dbt_version: kept.version, raw_dbt_version: kept.version }
        : each
    }),
    jobs: promoted.jobs.map((job) => {
      if (job.id === b(1)) return { ...job, description: 'Edited.' }
      if (job.id === b(2)) return { ...job, generate_docs: true }
      return job.project_id === targetProject && job.id > 1_000_000 && job.name === 'b2'
        ? { ...job, execute_steps: kept.steps, schedule: at(...kept.hours) }
        : job
    })
  }
  addEnvironment(state, sourceProject, {
    id: alpha,
    name: 'Alpha',
    connection_id: warehouse,
    credentials_id: 5_900_001
  })
  const a = (n: number): number => firstOf.alpha + n
  addJob(state, alpha, { id: a(1), name: 'a1', triggers: { ...off, schedule: true } })
  addJob(state, alpha, {
    id: a(2),
    name: 'a2',
    job_completion_trigger_condition: completionOf(a(3))
  })
  addJob(state, alpha, { id: a(3), name: 'a3', deferring_job_definition_id: b(1) })
  return state
}

// What the file says, word for word, of all that is there.
function faultsOf(before: State, now: State): readonly string[] {
  const environments = now.environments.filter(({ project_id }) => project_id === targetProject)
  const idOf = (name: string): number => environments.find((each) => each.name === name)?.id ?? 0
  const made = environments.filter(({ name }) => name === 'prod Alpha')
  const jobsIn = (name: string): readonly Job[] =>
    now.jobs.filter(({ environment_id }) => environment_id === idOf(name))
  const wasThere = new Set(before.jobs.map(({ id }) => id))
  const b2 = jobsIn('prod Beta').find(({ name }) => name === 'b2')
  const isBound = made.every(
    (each) =>
      each.connection_id === production &&
      each.credentials_id === credentials &&
      each.custom_branch === 'release'
  )
  const isSet = jobsIn('prod Alpha').every(
    ({ name, settings, execution }) =>
      /^nightly [123]$/.test(name) && settings.threads === 16 && execution.timeout_seconds === 600
  )
  const isKept =
    JSON.stringify(b2?.execute_steps) === JSON.stringify(kept.steps) &&
    JSON.stringify(b2?.schedule.time) === JSON.stringify(at(...kept.hours).time) &&
    environments.some(
      ({ name, dbt_version }) => name === 'prod Beta' && dbt_version === kept.version
    )
  return [
    ...(isBound ? [] : ['the new environment is not bound as the file says']),
    ...(isSet ? [] : ['a new job is not as the file says']),
    ...(isKept ? [] : ['what the file leaves to the target is not kept']),
    ...(jobsIn('prod Beta').every(({ id }) => wasThere.has(id))
      ? []
      : ['a job is new in prod Beta'])
  ]
}
