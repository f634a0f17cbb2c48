// Who decides each field of a job: on create, on update, and with the input that names it.
import { beforeEach, describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob, scheduleOf, type Given, type Job, type JsonObject } from '../../sandbox/index.ts'
import { jobFields } from '../../src/kinds/job-fields.ts'
import {
  after,
  alarms,
  bodies,
  ids,
  inputs,
  messages,
  only,
  outline,
  platform,
  Platform,
  triggers,
  updateOf,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

const key = 'job:Staging/Nightly'
const weekdays = scheduleOf(
  { type: 'days_of_week', days: [1, 2, 3] },
  { type: 'at_exact_hours', hours: [4, 16], interval: 1 }
)
const hourly = scheduleOf({ type: 'every_day' }, { type: 'every_hour', interval: 6 })

/** A value in every field of a job that is copied, other than what the platform would choose. */
const rich: Given<Job> = {
  description: 'Builds all.',
  dbt_version: '1.8.0-latest',
  execute_steps: ['dbt seed', 'dbt build'],
  settings: { threads: 12, target_name: 'staging' },
  execution: { timeout_seconds: 600 },
  generate_docs: true,
  run_generate_sources: true,
  run_lint: true,
  errors_on_lint_failure: false,
  run_compare_changes: true,
  compare_changes_flags: '--select state:new',
  triggers_on_draft_pr: true,
  lifecycle_webhooks: true,
  schedule: weekdays,
  cost_optimization_features: ['efficient_testing', 'state_aware_orchestration'],
  force_node_selection: false,
  deferring_environment_id: ids.qa
}

/** The fields that a request may hold, by the official schema and what clients send besides. */
const schema = [
  'account_id',
  'compare_changes_flags',
  'cost_optimization_features',
  'dbt_version',
  'deferring_environment_id',
  'deferring_job_definition_id',
  'description',
  'environment_id',
  'errors_on_lint_failure',
  'execute_steps',
  'execution',
  'generate_docs',
  'generate_sources',
  'id',
  'job_completion_trigger_condition',
  'job_type',
  'lifecycle_webhooks',
  'name',
  'project_id',
  'run_compare_changes',
  'run_generate_sources',
  'run_lint',
  'schedule',
  'settings',
  'state',
  'triggers',
  'triggers_on_draft_pr'
]

const own = ({ description }: Job): string =>
  description.replace(/\n?Promoted by dbt-promote.*$/, '')

describe('a new job', () => {
  it('takes everything from the source, with references of the target', async () => {
    const all = new Platform(platform({}, { ...rich, triggers: triggers({ schedule: true }) }))
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    const job = all.job('Nightly')
    expect({ ...job, description: own(job) }).toMatchObject({
      ...rich,
      account_id: ids.account,
      project_id: ids.target,
      environment_id: all.environment('Staging').id,
      deferring_environment_id: all.environment('QA').id,
      triggers: triggers({ schedule: true }),
      job_type: 'scheduled',
      state: 1
    })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('sends keys of the schema only, and null for its id', async () => {
    const { writes } = await new Platform(platform({}, rich)).promote(inputs())
    const body = only(bodies(writes).filter(({ execute_steps }) => execute_steps))
    expect(body['id']).toBeNull()
    expect(Object.keys(body).filter((path) => !schema.includes(path))).toEqual([])
    // It follows from `run_generate_sources`, and is left to the platform.
    expect(body).not.toHaveProperty('generate_sources')
    expect(body).not.toHaveProperty('force_node_selection')
  })

  it.each([
    ['threads', { threads: '16' }, { settings: { threads: 16, target_name: 'staging' } }],
    ['target-name', { 'target-name': 'prod' }, { settings: { threads: 12, target_name: 'prod' } }],
    ['job-name', { 'job-name': 'prod – {name}' }, { name: 'prod – Nightly' }]
  ] as [string, Inputs, Given<Job>][])(
    'takes what the input %s says',
    async (_what, more, wanted) => {
      const all = new Platform(platform({}, rich))
      await all.promote(inputs(more))
      expect(only(all.jobs())).toMatchObject(wanted)
      expect((await all.promote(inputs(more))).writes).toEqual([])
    }
  )
})

const fromSource: [string, Given<Job>][] = [
  ['name', { name: 'Hourly' }],
  ['description', { description: 'Edited.' }],
  ['dbt_version', { dbt_version: null, raw_dbt_version: null }],
  ['execute_steps', { execute_steps: ['dbt build', 'dbt seed'] }],
  ['settings.threads', { settings: { threads: 3, target_name: 'staging' } }],
  ['execution.timeout_seconds', { execution: { timeout_seconds: 0 } }],
  ['generate_docs', { generate_docs: false }],
  ['run_generate_sources', { run_generate_sources: false }],
  ['run_lint', { run_lint: false }],
  ['errors_on_lint_failure', { errors_on_lint_failure: true }],
  ['run_compare_changes', { run_compare_changes: false }],
  ['compare_changes_flags', { compare_changes_flags: '--select state:modified' }],
  ['triggers_on_draft_pr', { triggers_on_draft_pr: false }],
  ['schedule', { schedule: hourly }],
  ['deferring_environment_id', { deferring_environment_id: null }]
]
const features: [string, Given<Job>] = [
  'cost_optimization_features',
  { cost_optimization_features: ['efficient_testing'], force_node_selection: true }
]

// An edit of these in the target can't be told from a value that the account did not take.
const doubtful = ['run_compare_changes', 'compare_changes_flags']

describe('an existing job', () => {
  let all: Platform
  beforeEach(async () => {
    all = new Platform(platform({}, rich))
    await all.promote(inputs())
  })

  it.each([...fromSource, features])('follows the source in %s', async (path, change) => {
    const before = all.job('Nightly')
    all.editJob(ids.nightly, change)
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(byLevel(plan.remarks).alarms).toEqual([])
    expect(outline(plan)).toEqual([expect.stringMatching(`^update .* \\(source\\) ${path}$`)])
    const job = only(all.jobs())
    expect({ ...job, description: own(job) }).toEqual({
      ...before,
      updated_at: job.updated_at,
      description: own(before),
      ...change
    })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it.each(fromSource.filter(([path]) => !doubtful.includes(path)))(
    'takes no edit of %s',
    async (path, change) => {
      const before = all.job('Nightly')
      all.editJob(before.id, {
        ...change,
        ...(path === 'description' ? { description: `Edited.\n${before.description}` } : {})
      })
      await all.promote(inputs())
      expect({ ...only(all.jobs()), updated_at: '' }).toEqual({ ...before, updated_at: '' })
    }
  )

  it('keeps its settings.target_name, whoever moves', async () => {
    const { id } = all.job('Nightly')
    all.editJob(id, { settings: { threads: 12, target_name: 'prod' } })
    expect((await all.promote(inputs())).writes).toEqual([])
    all.editJob(ids.nightly, { settings: { threads: 13, target_name: 'next' } })
    const { plan } = await all.promote(inputs())
    expect(outline(plan)).toEqual([`update ${key} (source) settings.threads`])
    expect(all.job('Nightly').settings).toEqual({ threads: 13, target_name: 'prod' })
  })

  it('keeps its triggers, whoever moves', async () => {
    all.editJob(all.job('Nightly').id, { triggers: triggers({ schedule: true }) })
    expect((await all.promote(inputs())).writes).toEqual([])
    all.editJob(ids.nightly, { generate_docs: false, triggers: triggers({ on_merge: true }) })
    const { plan } = await all.promote(inputs())
    expect(outline(plan)).toEqual([`update ${key} (source) generate_docs`])
    expect(all.job('Nightly')).toMatchObject({
      triggers: triggers({ schedule: true }),
      job_type: 'scheduled'
    })
  })

  it.each([
    ['threads', { threads: '16' }, { settings: { threads: 16, target_name: 'staging' } }, []],
    [
      'target-name',
      { 'target-name': 'prod' },
      { settings: { threads: 12, target_name: 'prod' } },
      [`protected ${key}`]
    ]
  ] as [string, Inputs, Given<Job>, string[]][])(
    'takes what the input %s says',
    async (_what, more, wanted, raised) => {
      const { plan } = await all.promote(inputs(more))
      expect(alarms(plan)).toEqual(raised)
      expect(updateOf(plan, key).cause).not.toBe('target')
      expect(all.job('Nightly')).toMatchObject(wanted)
      expect((await all.promote(inputs(more))).writes).toEqual([])
    }
  )

  it('is covered field by field', () => {
    const covered = [...fromSource.map(([path]) => path), features[0]]
    const others = [
      'environment_id',
      'settings.target_name',
      'triggers.github_webhook',
      'triggers.git_provider_webhook',
      'triggers.schedule',
      'triggers.on_merge',
      'job_type',
      'deferring_job_definition_id',
      'job_completion_trigger_condition',
      'generate_sources',
      'lifecycle_webhooks'
    ]
    const owned = Object.entries(jobFields)
      .filter(([, { rule }]) => (rule as string) !== 'generated' && (rule as string) !== 'rewrite')
      .map(([path]) => path)
    expect([...covered, ...others].toSorted()).toEqual(owned.toSorted())
  })
})

describe('what means the same is no difference', () => {
  it.each([
    [
      'days in another order',
      { schedule: scheduleOf({ type: 'days_of_week', days: [3, 1, 2] }, weekdays.time) }
    ],
    [
      'hours in another order',
      {
        schedule: scheduleOf(weekdays.date, { type: 'at_exact_hours', hours: [16, 4], interval: 1 })
      }
    ],
    [
      'features in another order',
      { cost_optimization_features: ['state_aware_orchestration', 'efficient_testing'] }
    ],
    ['a derived type', { job_type: 'other' }]
  ] as [string, Given<Job>][])('%s', async (_what, change) => {
    const all = new Platform(platform({}, { ...rich, triggers: triggers({ schedule: true }) }))
    await all.promote(inputs())
    all.editJob(ids.nightly, change)
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('versionless and latest', async () => {
    const all = new Platform(platform({}, { dbt_version: 'versionless' }))
    await all.promote(inputs())
    expect((await all.promote(inputs())).writes).toEqual([])
    all.editJob(ids.nightly, { dbt_version: 'latest' })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('but steps in another order are one', async () => {
    const all = new Platform(platform({}, rich))
    await all.promote(inputs())
    all.editJob(ids.nightly, { execute_steps: ['dbt build', 'dbt seed'] })
    expect((await all.promote(inputs())).writes).toHaveLength(1)
  })
})

describe('the body of an update', () => {
  const full = async (): Promise<{ all: Platform; before: Job; body: JsonObject }> => {
    const all = new Platform(platform({}, rich))
    await all.promote(inputs())
    const { id } = all.job('Nightly')
    const parent = all.add((state) => addJob(state, all.environment('QA').id, { name: 'Parent' }))
    all.editJob(id, {
      settings: { threads: 12, target_name: 'prod' },
      triggers: triggers({ schedule: true }),
      job_type: 'scheduled',
      job_completion_trigger_condition: after(parent, ids.target, [10, 30])
    })
    all.editJob(ids.nightly, { generate_docs: false })
    const before = all.job('Nightly')
    const { writes, plan } = await all.promote(inputs())
    expect(outline(plan)).toEqual([`update ${key} (source) generate_docs`])
    return { all, before, body: only(bodies(writes)) }
  }

  it('has every key of the schema', async () => {
    const { body } = await full()
    expect(Object.keys(body).toSorted()).toEqual(schema)
  })

  it('changes what the plan says and nothing else', async () => {
    const { all, before } = await full()
    const job = all.job('Nightly')
    expect({ ...job, description: own(job) }).toEqual({
      ...before,
      updated_at: job.updated_at,
      description: own(before),
      generate_docs: false
    })
  })

  it.each([
    ['ci', { github_webhook: true }],
    ['merge', { on_merge: true }]
  ] as const)(
    'of a %s job sends neither key of the features that such a job can not have',
    async (type, on) => {
      const all = new Platform(platform({}, { triggers: triggers(on), job_type: type }))
      await all.promote(inputs())
      all.editJob(ids.nightly, { generate_docs: true })
      const { writes, outcomes } = await all.promote(inputs())
      expect(outcomes).toMatchObject([{ status: 'applied', refused: [] }])
      expect(only(bodies(writes))).not.toHaveProperty('force_node_selection')
      expect(all.job('Nightly')).toMatchObject({ job_type: type, generate_docs: true })
    }
  )
})
