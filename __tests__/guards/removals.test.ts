// removals: pause. Which jobs are switched off, which never are, and what a pause writes.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  addJob,
  startSandbox,
  type Given,
  type Job,
  type Json,
  type Sandbox
} from '../../sandbox/index.ts'
import {
  after,
  alarms,
  bodies,
  ids,
  inputs,
  messages,
  outline,
  platform,
  Platform,
  triggers,
  type Inputs
} from '../../testing/worlds/two-projects.ts'
import { runAction, type ActionRun } from '../../testing/runner/run-action.ts'

const pausing = (more: Inputs = {}): ReturnType<typeof inputs> =>
  inputs({ removals: 'pause', ...more })
const scheduled = { triggers: triggers({ schedule: true }) }

/** Nightly and Other, promoted; both run by themselves, as `given` says. */
async function lived(given: Given<Job> = scheduled): Promise<Platform> {
  const all = new Platform(platform({}, { ...given }))
  all.add((state) => addJob(state, ids.staging, { id: 6002, name: 'Other', ...scheduled }))
  await all.promote(inputs())
  return all
}

const remove = (all: Platform, id: number): void => {
  all.editJob(id, { state: 2 })
}

describe('a job whose source job is gone', () => {
  it.each<[string, Given<Job>]>([
    ['on a schedule', scheduled],
    ['on pull requests', { triggers: triggers({ github_webhook: true }) }],
    ['on merge', { triggers: triggers({ on_merge: true }) }],
    [
      'when another job completes',
      { job_completion_trigger_condition: after(6002, ids.source, [10, 20]) }
    ],
    ['in several ways', { ...scheduled, job_completion_trigger_condition: after(6001, ids.source) }]
  ])('that runs %s no longer does, keeps all else, and is an alarm', async (_what, given) => {
    const all = await lived(given)
    const before = all.job('Nightly')
    remove(all, ids.nightly)
    const { plan, writes } = await all.promote(pausing())
    expect(alarms(plan)).toEqual([`paused job:Staging/Nightly#${String(before.id)}`])
    expect(writes).toHaveLength(1)
    const derived = { cron_humanized: '', next_run: null, next_run_humanized: null, updated_at: '' }
    expect({ ...all.job('Nightly'), ...derived, job_type: 'any' }).toEqual({
      ...before,
      ...derived,
      job_type: 'any',
      triggers: triggers(),
      job_completion_trigger_condition: null
    })
    expect((await all.promote(pausing())).writes).toEqual([])
  })

  it('is switched off after all other writes', async () => {
    const all = await lived()
    remove(all, ids.nightly)
    all.editJob(6002, { execute_steps: ['dbt run'] })
    for (let id = 6010; id < 6030; id++) {
      all.add((state) =>
        addJob(state, ids.qa, {
          id,
          name: `New ${String(id)}`,
          job_completion_trigger_condition: after(id === 6010 ? 6029 : id - 1, ids.source)
        })
      )
    }
    const { plan, writes } = await all.promote(pausing())
    expect(messages(plan)).toEqual([])
    const names = bodies(writes).map(({ name }) => name)
    expect(names.indexOf('Nightly')).toBe(names.length - 1)
  })

  it('is not switched off when an earlier write failed', async () => {
    const all = await lived()
    remove(all, ids.nightly)
    all.editJob(6002, { execute_steps: ['dbt run'] })
    all.die(({ body }) => body?.['name'] === 'Other')
    const { outcomes } = await all.promote(pausing())
    expect(outcomes.map(({ status }) => status)).not.toContain('applied')
    expect(all.job('Nightly').triggers.schedule).toBe(true)
  })

  it('is found in environments that are no longer promoted, and by the name it has now', async () => {
    const all = await lived()
    all.editJob(all.job('Nightly').id, { name: 'Renamed in the target' })
    remove(all, ids.nightly)
    const { plan } = await all.promote(pausing({ environments: 'QA' }))
    expect(outline(plan)).toEqual([
      expect.stringMatching(/^pause job:Staging\/Renamed in the target#\d+$/)
    ])
  })

  it('is asked for by id, and once each', async () => {
    const all = await lived()
    remove(all, ids.nightly)
    const { sent } = await all.promote(pausing())
    const asked = sent.filter(({ path }) => path.endsWith(`/jobs/${String(ids.nightly)}/`))
    expect(asked).toHaveLength(1)
    expect(sent.filter(({ path }) => path.endsWith('/jobs/6002/'))).toEqual([])
  })
})

describe('a job is left alone', () => {
  it.each<[string, (all: Platform) => void | Promise<void>]>([
    [
      'whose source job is only not selected',
      (all) => {
        all.editJob(ids.nightly, { name: 'scratch' })
      }
    ],
    [
      'whose source job is in another environment of the source',
      (all) => {
        all.editJob(ids.nightly, { environment_id: ids.qa })
      }
    ],
    [
      'whose source job moved to another project',
      (all) => {
        all.editJob(ids.nightly, { project_id: ids.third })
      }
    ],
    [
      'that has no marker',
      (all) => {
        all.editJob(all.job('Nightly').id, { description: 'by hand' })
        remove(all, ids.nightly)
      }
    ],
    [
      'whose marker names another project',
      (all) => {
        const { id, description } = all.job('Nightly')
        const other = description.replace(`/${String(ids.source)}/`, `/${String(ids.third)}/`)
        all.editJob(id, { description: other })
        remove(all, ids.nightly)
      }
    ],
    [
      'whose marker names another account',
      (all) => {
        const { id, description } = all.job('Nightly')
        all.editJob(id, {
          description: description.replace(`from ${String(ids.account)}/`, 'from 7/')
        })
        remove(all, ids.nightly)
      }
    ],
    [
      'whose marker has another label',
      (all) => {
        const { id, description } = all.job('Nightly')
        all.editJob(id, { description: description.replace(' (v1', ' as other (v1') })
        remove(all, ids.nightly)
      }
    ],
    [
      'that does not run by itself',
      (all) => {
        all.editJob(all.job('Nightly').id, { triggers: triggers() })
        remove(all, ids.nightly)
      }
    ]
  ])('%s', async (_what, change) => {
    const all = await lived()
    await change(all)
    const plan = await all.plan(pausing({ environments: 'Staging', jobs: 'Other' }))
    expect(messages(plan)).toEqual([])
    expect(outline(plan)).toEqual([])
    expect(alarms(plan)).toEqual([])
  })

  it.each<[string, Inputs]>([
    ['without removals', { removals: '' }],
    ['with removals: none', { removals: 'none' }],
    ['where jobs are not promoted', { resources: 'environments', environments: 'Staging' }]
  ])('%s', async (_what, more) => {
    const all = await lived()
    remove(all, ids.nightly)
    expect((await all.promote(pausing(more))).writes).toEqual([])
  })

  it('by every run, were its environment gone from the source', async () => {
    const all = await lived()
    const before = all.environments()
    const staging = all.state.environments.map((each) =>
      each.id === ids.staging ? { ...each, state: 2 as const } : each
    )
    all.state = { ...all.state, environments: staging }
    await all.promote(pausing({ environments: 'QA' }))
    expect(all.environments()).toEqual(before)
  })
})

describe('what looks as if all were gone', () => {
  it('is a problem where the source has no jobs', async () => {
    const all = await lived()
    remove(all, ids.nightly)
    remove(all, 6002)
    const { plan, writes } = await all.promote(pausing())
    expect(messages(plan)).toEqual([expect.stringContaining('that would pause everything')])
    expect(writes).toEqual([])
  })

  it('is no problem where the target holds none of its jobs', async () => {
    const all = new Platform(platform())
    remove(all, ids.nightly)
    expect(messages(await all.plan(pausing()))).toEqual([])
    // Jobs that people made, that came from another project, or from a promotion by another name, are not its own.
    const { outcomes } = await all.promote(pausing())
    expect(outcomes.map(({ status }) => status)).not.toContain('failed')
    all.add((state) =>
      addJob(state, all.environment('Staging').id, { name: 'Theirs', ...scheduled })
    )
    const lastingly = await lived()
    for (const { description } of lastingly.jobs()) {
      const other = description.replace(String(ids.source), String(ids.third))
      all.add((state) =>
        addJob(state, all.environment('Staging').id, { name: 'Other', description: other })
      )
    }
    expect(messages(await all.plan(pausing()))).toEqual([])
    expect(messages(await all.plan(pausing({ label: 'eu' })))).toEqual([])
  })

  it('is a problem where the target holds one of its jobs, though that sleeps', async () => {
    const all = await lived({})
    remove(all, ids.nightly)
    remove(all, 6002)
    expect(messages(await all.plan(pausing()))).toHaveLength(1)
    expect(messages(await all.plan(pausing({ label: 'eu' })))).toEqual([])
  })

  it('is no problem where nothing is to be paused', async () => {
    const all = await lived()
    remove(all, ids.nightly)
    remove(all, 6002)
    expect(messages(await all.plan(inputs()))).toEqual([])
    expect(messages(await all.plan(pausing({ resources: 'environments' })))).toEqual([])
  })
})

describe('a run of the action', () => {
  let sandbox: Sandbox
  beforeEach(async () => {
    const all = await lived()
    remove(all, ids.nightly)
    sandbox = await startSandbox({ seed: all.state })
  })
  afterEach(() => sandbox.close())

  const run = (): Promise<ActionRun> =>
    runAction(
      {
        token: 'dbtc_two_projects',
        host: sandbox.url,
        'account-id': String(ids.account),
        'source-project': String(ids.source),
        'target-project': String(ids.target),
        environments: '*',
        'credentials-id': String(ids.credentials),
        removals: 'pause'
      },
      { sandbox }
    )

  it('tells what it paused, in the outputs and first in the summary', async () => {
    const result = await run()
    expect(result.error).toBe('')
    expect(result.outputs).toMatchObject({ paused: '1', changed: 'true', updated: '0' })
    expect(result.summary).toMatch(/was switched off: its source job 6001 is gone/)
    expect((await run()).outputs).toMatchObject({ paused: '0', changed: 'false' })
  })

  it.each<[string, number, Json]>([
    ['403', 403, null],
    ['500', 500, null],
    ['a 404 that is not of the API', 404, { message: 'no route matched' }]
  ])('stops where %s answers whether a job is gone', async (_what, status, body) => {
    sandbox.addFault({
      method: 'GET',
      path: `*/jobs/${String(ids.nightly)}/`,
      times: null,
      action: { kind: 'respond', status, body }
    })
    const result = await run()
    expect(result.ok).toBe(false)
    expect(result.writes).toEqual([])
  })
})
