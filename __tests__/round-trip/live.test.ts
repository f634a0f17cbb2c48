// Every recorded object of a live account survives a promotion into an empty project: nothing is lost or invented.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  addAccount,
  addConnection,
  addCredentials,
  addEnvironment,
  addJob,
  addProject,
  addToken,
  emptyState,
  find,
  type Environment,
  type Given,
  type Job,
  type State
} from '../../sandbox/index.ts'
import type { Json } from '../../src/promotion/json.ts'
import { environmentFields } from '../../src/promotion/kinds/environment.ts'
import { canonOf, type Fields, type Values } from '../../src/promotion/kinds/field.ts'
import { jobFields, triggersOff } from '../../src/promotion/kinds/job.ts'
import type { Snapshot } from '../../src/promotion/snapshot.ts'
import { specOf, World } from '../support/promote.ts'

const account = 100001
const empty = 999_999
const token = 'dbtc_live'

function recorded(name: string): unknown {
  const file = new URL(`../fixtures/live/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

const environments = recorded('environments') as readonly Environment[]
const jobs = recorded('jobs') as readonly Job[]
const projects = [...new Set([...environments, ...jobs].map(({ project_id }) => project_id))]

/** The account of the recordings, with what they refer to and do not hold, and one empty project. */
function live(change: Given<Job> = {}): State {
  const state = emptyState()
  addAccount(state, { id: account })
  addToken(state, token, account)
  for (const id of new Set(environments.map((each) => each.connection_id))) {
    if (id !== null) addConnection(state, account, { id })
  }
  for (const id of [...projects, empty]) addProject(state, account, { id })
  for (const { credentials_id: id, project_id } of environments) {
    if (id !== null) addCredentials(state, project_id, { id })
  }
  for (const each of environments)
    addEnvironment(state, each.project_id, row<Environment>(each, environmentFields))
  for (const each of jobs) {
    if (!find(state.environments, each.environment_id)) {
      addEnvironment(state, each.project_id, { id: each.environment_id })
    }
  }
  const parents = jobs.flatMap(({ job_completion_trigger_condition: trigger }) =>
    trigger ? [trigger.condition] : []
  )
  for (const { job_id: id, project_id } of parents) {
    const environment = environments.find(
      (each) => each.project_id === project_id && each.type === 'deployment'
    )
    if (!jobs.some((job) => job.id === id)) addJob(state, environment?.id ?? 0, { id })
  }
  for (const each of jobs) {
    addJob(state, each.environment_id, { ...row<Job>(each, jobFields), ...change })
  }
  return state
}

// The values of a recording that the API would give again; the builders fill in what is new since then.
function row<T>(recording: T, table: Fields): Given<T> {
  const groups = Object.keys(table).map((path) => path.split('.')[0])
  const derived = ['cron_humanized', 'next_run', 'next_run_humanized', 'generate_sources']
  const nested = [
    'project',
    'credentials',
    'connection',
    'repository',
    'account',
    'environment',
    'jobs'
  ]
  return Object.fromEntries(
    Object.entries(recording as Record<string, unknown>).filter(
      ([key]) =>
        groups.includes(key) &&
        ![
          ...derived,
          ...nested,
          'repository_id',
          'created_by_id',
          'custom_environment_variables',
          'dbt_project_subdirectory',
          'most_recent_run',
          'most_recent_completed_run'
        ].includes(key)
    )
  ) as Given<T>
}

const spec = (project: number) =>
  specOf({
    'account-id': String(account),
    'source-project': String(project),
    'target-project': String(empty),
    environments: '*'
  })

// What a promotion copies, in the form in which it is compared, with names in place of ids.
function comparable(table: Fields, values: Values, names: ReadonlyMap<number, string>): unknown {
  return Object.fromEntries(
    Object.entries(table).flatMap(([path, field]): [string, Json][] => {
      const { rule } = field
      const value = values[path] ?? null
      if (rule === 'rewrite' || rule === 'generated') return []
      if (typeof rule !== 'object') return [[path, canonOf(field, value)]]
      const text = JSON.stringify(canonOf(field, value))
      return [[path, text.replace(/\d{3,}/g, (id) => names.get(Number(id)) ?? id)]]
    })
  )
}

function named({ environments: all, jobs: own, project }: Snapshot): ReadonlyMap<number, string> {
  return new Map([
    [project.id, 'here'],
    ...all.map(({ id, name }) => [id, `environment ${name}`] as const),
    ...own.map(({ id, name }) => [id, `job ${name}`] as const)
  ])
}

/** What is of its project and never copied. */
const bindings: Values = {
  credentials_id: null,
  extended_attributes_id: null,
  primary_profile_id: null
}

const withDeployment = projects.filter((project) =>
  live().environments.some((each) => each.project_id === project && each.type === 'deployment')
)

describe.each(withDeployment)('project %i of the live account', (project) => {
  it('is promoted into an empty one without loss, but for what the platform deactivated', async () => {
    const world = new World(live({ deactivated: false }), token)
    const { plan, outcomes } = await world.promote(spec(project))
    expect(plan.problems).toEqual([])
    expect(plan.warnings.filter((text) => text.includes('does not know'))).toEqual([])
    expect(
      outcomes.filter(({ status, refused }) => status !== 'applied' || refused.length > 0)
    ).toEqual([])

    const { source, target } = await world.snapshots(spec(project))
    const promotable = source.environments.filter(({ values }) => values.type !== 'development')
    expect(target.environments.map(({ name }) => name).toSorted()).toEqual(
      promotable.map(({ name }) => name).toSorted()
    )
    const [from, to] = [named(source), named(target)]
    for (const { name, values } of promotable) {
      const made = target.environments.find((each) => each.name === name)
      expect(comparable(environmentFields, made?.values as Values, to)).toEqual(
        comparable(environmentFields, { ...values, ...bindings }, from)
      )
    }
    expect(target.jobs).toHaveLength(source.jobs.length)
    for (const { name, values } of source.jobs) {
      const made = target.jobs.find((each) => each.name === name)
      expect(comparable(jobFields, made?.values as Values, to)).toEqual(
        comparable(jobFields, values, from)
      )
    }
  })

  it('loses only the triggers of what is deactivated', async () => {
    const world = new World(live(), token)
    await world.promote(spec(project))
    const { source, target } = await world.snapshots(spec(project))
    const [from, to] = [named(source), named(target)]
    for (const { name, values } of source.jobs) {
      const made = target.jobs.find((each) => each.name === name)
      const off: Values = values.deactivated
        ? { ...triggersOff, job_completion_trigger_condition: null }
        : {}
      expect(comparable(jobFields, made?.values as Values, to)).toEqual(
        comparable(jobFields, { ...values, ...off }, from)
      )
    }
  })

  it('needs no write the second time', async () => {
    const world = new World(live(), token)
    await world.promote(spec(project))
    const second = await world.promote(spec(project))
    expect(second.writes).toEqual([])
    expect((await world.promote(spec(project))).plan).toEqual(second.plan)
  })

  it('goes on into a third project just the same', async () => {
    const state = live()
    const further = addProject(state, account)
    const world = new World(state, token)
    await world.promote(spec(project))
    const onwards = specOf({
      'account-id': String(account),
      'source-project': String(empty),
      'target-project': String(further),
      environments: '*'
    })
    const { plan } = await world.promote(onwards)
    expect(plan.problems).toEqual([])
    const { source, target } = await world.snapshots(onwards)
    const [from, to] = [named(source), named(target)]
    for (const { name, values } of source.jobs) {
      const made = target.jobs.find((each) => each.name === name)
      expect(comparable(jobFields, made?.values as Values, to)).toEqual(
        comparable(jobFields, values, from)
      )
    }
  })
})

describe('the recordings', () => {
  it('hold what makes a round trip hard', () => {
    expect(jobs.map(({ job_type }) => job_type)).toEqual(
      expect.arrayContaining(['ci', 'merge', 'other', 'scheduled'])
    )
    expect(jobs.some((job) => job.job_completion_trigger_condition)).toBe(true)
    expect(jobs.some((job) => job.deferring_environment_id)).toBe(true)
    expect(jobs.some((job) => job.schedule.date.type === 'interval_cron')).toBe(true)
    expect(withDeployment).toHaveLength(3)
  })
})
