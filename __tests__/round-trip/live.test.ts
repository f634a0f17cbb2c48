// Every recorded object of a live account survives a promotion into an empty project: nothing is lost or invented.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
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
import type { Json } from '../../src/model/json.ts'
import { environmentFields } from '../../src/kinds/environment.ts'
import { canonOf, type Fields, type Values } from '../../src/model/field.ts'
import { jobFields } from '../../src/kinds/job-fields.ts'
import { triggersOff, type Job as SnapshotJob } from '../../src/kinds/job.ts'
import type { Snapshot } from '../../src/kinds/snapshot.ts'
import { specOf, World } from '../../testing/promote.ts'

const empty = 999_999
const token = 'dbtc_live'

/** What was recorded of an account. */
interface Recording {
  readonly account: number
  readonly environments: readonly Environment[]
  readonly jobs: readonly Job[]
}

function recorded(name: string): unknown {
  const file = new URL(`../fixtures/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

const recordings: readonly Recording[] = [
  {
    account: 100001,
    environments: recorded('live/environments') as readonly Environment[],
    jobs: recorded('live/jobs') as readonly Job[]
  },
  ...['01', '04', '09'].map((n) => recorded(`live-2026/account-2026-${n}`) as Recording)
]

/** The account of a recording, with what it refers to and does not hold, and one empty project. */
function live({ account, environments, jobs }: Recording, change: Given<Job> = {}): State {
  const state = emptyState()
  const projects = new Set([...environments, ...jobs].map(({ project_id }) => project_id))
  addAccount(state, { id: account })
  addToken(state, token, account)
  for (const id of new Set(environments.map((each) => each.connection_id))) {
    if (id !== null) addConnection(state, account, { id })
  }
  for (const id of [...projects, empty]) addProject(state, account, { id })
  for (const { credentials_id: id, project_id } of environments) {
    if (id !== null && !find(state.credentials, id)) addCredentials(state, project_id, { id })
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

const specFor = (account: number, project: number) =>
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
      if (rule !== 'reference') return [[path, canonOf(field, value)]]
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

// Two jobs of one project may have one name, in different environments.
function arrived(
  target: Snapshot,
  name: string,
  home: string | undefined
): SnapshotJob | undefined {
  const homes = named(target)
  return target.jobs.find(
    (each) => each.name === name && homes.get(each.values.environment_id ?? 0) === home
  )
}

/** What is of its project and never copied. */
const bindings: Values = {
  credentials_id: null,
  extended_attributes_id: null,
  primary_profile_id: null
}

const promotable = recordings.flatMap((recording) => {
  const deployed = live(recording).environments.filter(({ type }) => type === 'deployment')
  return [...new Set(deployed.map(({ project_id }) => project_id))].map(
    (project) => [project, recording] as const
  )
})

describe.each(promotable)('project %i of a live account', (project, recording) => {
  const { account } = recording
  const spec = specFor(account, project)

  it('is promoted into an empty one without loss, but for what the platform deactivated', async () => {
    const world = new World(live(recording, { deactivated: false }), token)
    const { plan, outcomes } = await world.promote(spec)
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(byLevel(plan.remarks).warnings.filter((text) => text.includes('does not know'))).toEqual(
      []
    )
    expect(
      outcomes.filter(({ status, refused }) => status !== 'applied' || refused.length > 0)
    ).toEqual([])

    const { source, target } = await world.snapshots(spec)
    const promoted = source.environments.filter(({ values }) => values.type !== 'development')
    expect(target.environments.map(({ name }) => name).toSorted()).toEqual(
      promoted.map(({ name }) => name).toSorted()
    )
    const [from, to] = [named(source), named(target)]
    for (const { name, values } of promoted) {
      const made = target.environments.find((each) => each.name === name)
      expect(comparable(environmentFields, made?.values as Values, to)).toEqual(
        comparable(environmentFields, { ...values, ...bindings }, from)
      )
    }
    expect(target.jobs).toHaveLength(source.jobs.length)
    for (const { name, values } of source.jobs) {
      const made = arrived(target, name, from.get(values.environment_id ?? 0))
      expect(comparable(jobFields, made?.values as Values, to)).toEqual(
        comparable(jobFields, values, from)
      )
    }
  })

  it('loses only the triggers of what is deactivated', async () => {
    const world = new World(live(recording), token)
    await world.promote(spec)
    const { source, target } = await world.snapshots(spec)
    const [from, to] = [named(source), named(target)]
    for (const { name, values } of source.jobs) {
      const made = arrived(target, name, from.get(values.environment_id ?? 0))
      const off: Values = values.deactivated
        ? { ...triggersOff, job_completion_trigger_condition: null }
        : {}
      expect(comparable(jobFields, made?.values as Values, to)).toEqual(
        comparable(jobFields, { ...values, ...off }, from)
      )
    }
  })

  it('needs no write the second and the third time', async () => {
    const world = new World(live(recording), token)
    const first = await world.promote(spec)
    expect(first.plan.changes.map(({ op }) => op)).not.toContain('unchanged')
    const second = await world.promote(spec)
    const third = await world.promote(spec)
    expect([second.writes, third.writes]).toEqual([[], []])
    expect(third.plan).toEqual(second.plan)
  })

  it('goes on into a third project just the same', async () => {
    const state = live(recording)
    const further = addProject(state, account)
    const world = new World(state, token)
    await world.promote(spec)
    const onwards = specOf({
      'account-id': String(account),
      'source-project': String(empty),
      'target-project': String(further),
      environments: '*'
    })
    const { plan } = await world.promote(onwards)
    expect(byLevel(plan.remarks).problems).toEqual([])
    const { source, target } = await world.snapshots(onwards)
    const [from, to] = [named(source), named(target)]
    for (const { name, values } of source.jobs) {
      const made = arrived(target, name, from.get(values.environment_id ?? 0))
      expect(comparable(jobFields, made?.values as Values, to)).toEqual(
        comparable(jobFields, values, from)
      )
    }
  })
})

describe('the recordings', () => {
  it('hold what makes a round trip hard', () => {
    const jobs = recordings.flatMap((each) => each.jobs)
    expect(jobs.map(({ job_type }) => job_type)).toEqual(
      expect.arrayContaining(['ci', 'merge', 'other', 'scheduled'])
    )
    expect(jobs.some((job) => job.job_completion_trigger_condition)).toBe(true)
    expect(jobs.some((job) => job.deferring_environment_id)).toBe(true)
    expect(jobs.some((job) => job.schedule.date.type === 'interval_cron')).toBe(true)
    expect(jobs.some(({ triggers }) => triggers.on_merge === undefined)).toBe(true)
    expect(promotable).toHaveLength(6)
    expect(jobs).toHaveLength(6 + 29)
  })
})
