// Accounts whose API is newer or older than this version.
import type { Plan } from '../../src/promotion/plan.ts'
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob, type Features, type Given, type Job } from '../../sandbox/index.ts'
import {
  alarms,
  ids,
  inputs,
  messages,
  noKeys,
  outline,
  platform,
  Platform,
  triggers
} from '../../testing/worlds/two-projects.ts'

describe('a field that this version does not know', () => {
  const newer: Partial<Features> = {
    futureKeys: { environment: ['isolation_level'], job: ['retry_policy'] }
  }
  const about = ({ remarks }: Plan, path: string): readonly string[] =>
    byLevel(remarks).warnings.filter((text) => text.includes(path))

  it('is a warning by name where the source holds it, and is not promoted', async () => {
    const all = new Platform(platform(newer, { future: { retry_policy: 'thrice' } }))
    all.editEnvironment(ids.staging, { future: { isolation_level: 'high' } })
    const { plan, writes } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(about(plan, 'retry_policy')).toEqual([expect.stringContaining('source job 6001')])
    expect(about(plan, 'isolation_level')).toEqual([
      expect.stringContaining(`source environment ${String(ids.staging)}`)
    ])
    expect(JSON.stringify(writes)).not.toMatch(/retry_policy|isolation_level|thrice/)
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('is a warning by name where the target holds it, before an update may reset it', async () => {
    const all = new Platform(platform(newer))
    await all.promote(inputs())
    all.editJob(all.job('Nightly').id, { future: { retry_policy: 'thrice' } })
    all.editEnvironment(all.environment('QA').id, { future: { isolation_level: 'high' } })
    all.editJob(ids.nightly, { generate_docs: true })
    const plan = await all.plan(inputs())
    expect(about(plan, 'retry_policy')).toEqual([
      expect.stringContaining(`target job ${String(all.job('Nightly').id)}`)
    ])
    // The environment is not written.
    expect(alarms(plan)).toEqual([])
    expect(about(plan, 'isolation_level')).toEqual([])
    expect(byLevel(plan.remarks).details).toEqual([
      `target environment ${String(all.environment('QA').id)}: this version does not know the field isolation_level. ` +
        'Nothing is written there.'
    ])
  })

  it('is an alarm on an environment that is updated, since the replace resets it', async () => {
    const all = new Platform(platform(newer))
    await all.promote(inputs())
    const { id } = all.environment('QA')
    all.editEnvironment(id, { future: { isolation_level: 'high' } })
    all.editEnvironment(ids.qa, { supports_docs: true })
    const { plan } = await all.promote(inputs())
    expect(byLevel(plan.remarks).alarms).toMatchObject([
      {
        kind: 'protected',
        key: 'environment:QA',
        message:
          `The update of environment ${String(id)} "QA" resets the field isolation_level, ` +
          'which this version does not know. A newer version may.'
      }
    ])
    expect(about(plan, 'isolation_level')).toEqual([])
    expect(all.environment('QA').future?.['isolation_level'] ?? null).toBeNull()
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('is no warning where it holds nothing, or in what is not promoted', async () => {
    for (const nothing of [null, false, '', [], {}]) {
      const all = new Platform(platform(newer, { future: { retry_policy: nothing } }))
      all.add((state) =>
        addJob(state, ids.qa, { name: 'Other', future: { retry_policy: 'thrice' } })
      )
      const { plan } = await all.promote(inputs({ jobs: 'Nightly' }))
      expect(about(plan, 'retry_policy')).toEqual([])
      expect(about(plan, 'isolation_level')).toEqual([])
      expect(byLevel(plan.remarks).details.map((text) => /^\w+ \w+/.exec(text)?.[0])).toEqual([
        'source job'
      ])
    }
  })

  it('is one warning, however many hold it', async () => {
    const all = new Platform(platform(newer, { future: { retry_policy: 'thrice' } }))
    for (const name of ['A', 'B', 'C']) {
      all.add((state) => addJob(state, ids.qa, { name, future: { retry_policy: 'twice' } }))
    }
    expect(about(await all.plan(inputs()), 'retry_policy')).toEqual([
      expect.stringContaining('and 3 more')
    ])
  })

  it.each([
    [
      'settings',
      { settings: { threads: 4, target_name: 'default', warehouse: 'xl' } },
      'settings.warehouse'
    ],
    ['triggers', { triggers: { ...triggers(), on_push: true } }, 'triggers.on_push'],
    ['execution', { execution: { timeout_seconds: 0, priority: 'high' } }, 'execution.priority'],
    [
      'schedule',
      {
        schedule: {
          cron: '0 * * * *',
          date: { type: 'every_day' },
          time: { type: 'every_hour', interval: 1 },
          timezone: 'Europe/Berlin'
        }
      },
      'schedule.timezone'
    ],
    [
      'schedule.date',
      {
        schedule: {
          cron: '0 * * * *',
          date: { type: 'every_day', except: ['2026-12-25'] },
          time: { type: 'every_hour', interval: 1 }
        }
      },
      'schedule.date.except'
    ],
    [
      'schedule.time',
      {
        schedule: {
          cron: '0 * * * *',
          date: { type: 'every_day' },
          time: { type: 'every_hour', interval: 1, jitter: 5 }
        }
      },
      'schedule.time.jitter'
    ],
    [
      'completion trigger',
      {
        job_completion_trigger_condition: {
          condition: { job_id: 6001, project_id: ids.source, statuses: [10], within: 60 }
        }
      },
      'job_completion_trigger_condition.condition.within'
    ],
    [
      'completion trigger, outside',
      {
        job_completion_trigger_condition: {
          condition: { job_id: 6001, project_id: ids.source, statuses: [10] },
          delay: 60
        }
      },
      'job_completion_trigger_condition.delay'
    ]
  ])('inside of %s is a warning by name too', async (_what, change, path) => {
    const all = new Platform(platform())
    all.editJob(ids.nightly, change as Given<Job>)
    const plan = await all.plan(inputs())
    expect(byLevel(plan.remarks).warnings.filter((text) => text.includes(path))).toHaveLength(1)
  })
})

describe('an older account', () => {
  const missing: Partial<Features> = {
    missingKeys: {
      environment: [
        'enable_model_query_history',
        'enable_dbt_state',
        'primary_profile_id',
        'extended_attributes_id',
        'deployment_type'
      ],
      job: [
        'cost_optimization_features',
        'force_node_selection',
        'triggers_on_draft_pr',
        'compare_changes_flags',
        'run_compare_changes',
        'errors_on_lint_failure',
        'run_lint',
        'job_type',
        'job_completion_trigger_condition',
        'deferring_environment_id',
        'deactivated',
        'is_system',
        'description'
      ]
    }
  }

  it('that lacks the newer keys is promoted to, once', async () => {
    const without = missing.missingKeys?.job.filter((path) => path !== 'description') ?? []
    const all = new Platform(
      platform({
        missingKeys: { environment: missing.missingKeys?.environment ?? [], job: without }
      })
    )
    const { plan, outcomes } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied'])
    const second = await all.promote(inputs())
    expect([outline(second.plan), second.writes]).toEqual([[], []])
    all.editJob(ids.nightly, { execute_steps: ['dbt run'] })
    const third = await all.promote(inputs())
    expect(outline(third.plan).join()).not.toContain('(target)')
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('without descriptions keeps no marker: a second run stops instead of making the job again', async () => {
    const all = new Platform(platform(missing))
    await all.promote(inputs())
    const { plan, writes } = await all.promote(inputs())
    expect(messages(plan)).toHaveLength(1)
    expect(writes).toEqual([])
    expect((await all.promote(inputs({ track: 'name' }))).writes).toEqual([])
  })

  it('that refuses what it lacks of an environment is promoted to all the same', async () => {
    const { environment } = missing.missingKeys ?? noKeys
    const job = ['force_node_selection']
    const all = new Platform(platform({ refusedKeys: { environment, job } }))
    const first = await all.promote(inputs())
    expect(first.outcomes.map(({ error }) => error)).toEqual([null, null, null])
    expect((await all.promote(inputs())).writes).toEqual([])
    all.editJob(ids.nightly, { execute_steps: ['dbt run'] })
    all.editEnvironment(ids.staging, { supports_docs: true })
    const second = await all.promote(inputs())
    expect(second.outcomes.map(({ error }) => error)).toEqual([null, null])
    expect(alarms(second.plan)).toEqual([])
    expect((await all.promote(inputs())).writes).toEqual([])
  })
})
