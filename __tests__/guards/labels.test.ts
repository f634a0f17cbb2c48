// Labels: promotions that share a source and a target, each with its own jobs.
import { describe, expect, it } from '@jest/globals'
import { addEnvironment, addJob } from '../../sandbox/index.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import {
  after,
  alarms,
  ids,
  inputs,
  lastLine,
  messages,
  outline,
  platform,
  Platform,
  triggers,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

const scheduled = { triggers: triggers({ schedule: true }) }

/** A promotion of Staging into an environment that has the name of the label. */
const labelled = (label: string, more: Inputs = {}): PromotionSpec =>
  inputs({ environments: `Staging -> ${label}`, label, ...more })

/** The jobs of the target as `environment/name`. */
function jobsOf(all: Platform): readonly string[] {
  const names = new Map(all.environments().map(({ id, name }) => [id, name]))
  return all
    .jobs()
    .map(({ environment_id, name }) => `${String(names.get(environment_id))}/${name}`)
    .sort()
}

describe('two labels', () => {
  async function both(): Promise<Platform> {
    const all = new Platform(platform({}, scheduled))
    for (const label of ['blue', 'green']) {
      const { plan } = await all.promote(labelled(label))
      expect(messages(plan)).toEqual([])
      expect(alarms(plan)).toEqual([`starts job:${label}/Nightly`])
    }
    return all
  }

  it('have a job each, and write nothing the second time, in any order', async () => {
    const all = await both()
    expect(jobsOf(all)).toEqual(['blue/Nightly', 'green/Nightly'])
    for (const label of ['green', 'blue', 'green']) {
      expect((await all.promote(labelled(label))).writes).toEqual([])
    }
  })

  it('follow renames and changes of the source, each its own job', async () => {
    const all = await both()
    all.editJob(ids.nightly, { name: 'Daily', execute_steps: ['dbt run'] })
    for (const label of ['green', 'blue']) {
      const { plan } = await all.promote(labelled(label))
      expect(outline(plan)).toEqual([`update job:${label}/Daily (source) name execute_steps`])
    }
    expect(jobsOf(all)).toEqual(['blue/Daily', 'green/Daily'])
  })

  it.each(['false', 'true'])(
    'are refused where they would write one job, with adopt: %s',
    async (adopt) => {
      const all = await both()
      const third = labelled('red', { environments: 'Staging -> blue', adopt })
      const { plan, writes } = await all.promote(third)
      expect(messages(plan)).toEqual([
        expect.stringMatching(
          `was promoted from job ${String(ids.nightly)} with the label "blue", and this promotion has "red"`
        )
      ])
      expect(writes).toEqual([])
    }
  )

  it('pause only their own jobs', async () => {
    const all = await both()
    all.add((state) => addJob(state, ids.qa, { name: 'Stays' }))
    all.editJob(ids.nightly, { state: 2 })
    const pausing = labelled('green', { environments: 'QA -> green', removals: 'pause' })
    const { plan } = await all.promote(pausing)
    expect(alarms(plan)).toEqual([expect.stringMatching(/^paused job:green\/Nightly#\d+$/)])
    const runs = all.jobs().filter((job) => job.triggers.schedule)
    expect(runs.map(({ description }) => description)).toEqual([
      expect.stringContaining(' as blue (v1 ')
    ])
    expect((await all.promote(pausing)).writes).toEqual([])
  })

  it('refer to their own parents, also those of an earlier run', async () => {
    const all = await both()
    all.add((state) =>
      addJob(state, ids.staging, {
        id: 6002,
        name: 'Checks',
        job_completion_trigger_condition: after(ids.nightly, ids.source),
        deferring_job_definition_id: ids.nightly
      })
    )
    for (const label of ['blue', 'green']) {
      const spec = labelled(label, { jobs: 'Checks' })
      const { plan } = await all.promote(spec)
      expect(messages(plan)).toEqual([])
      const environment = all.environment(label).id
      const [nightly, checks] = ['Nightly', 'Checks'].map((name) =>
        all.jobs().find((job) => job.environment_id === environment && job.name === name)
      )
      expect(checks).toMatchObject({
        job_completion_trigger_condition: after(nightly?.id ?? 0, ids.target),
        deferring_job_definition_id: nightly?.id
      })
      expect((await all.promote(spec)).writes).toEqual([])
    }
  })

  it('do not take a job of the other for a parent', async () => {
    const all = new Platform(platform())
    all.add((state) =>
      addJob(state, ids.staging, {
        name: 'Checks',
        job_completion_trigger_condition: after(ids.nightly, ids.source)
      })
    )
    await all.promote(labelled('blue', { jobs: 'Nightly' }))
    const plan = await all.plan(labelled('green', { jobs: 'Checks' }))
    expect(messages(plan)).toEqual([
      'Job "Checks" starts when job 6001 "Nightly" completes, which is not promoted.'
    ])
  })
})

describe('a label that is given later', () => {
  async function unlabelled(): Promise<Platform> {
    const all = new Platform(platform({}, scheduled))
    await all.promote(inputs({ environments: 'Staging' }))
    return all
  }
  const blue = inputs({ environments: 'Staging', label: 'blue' })

  it('is written once, changes nothing else, and raises no alarm', async () => {
    const all = await unlabelled()
    const before = all.job('Nightly')
    const { plan } = await all.promote(blue)
    expect([messages(plan), alarms(plan)]).toEqual([[], []])
    const now = all.job('Nightly')
    expect(lastLine(now)).toMatch(/ as blue \(v1 /)
    expect({ ...now, description: '', updated_at: '' }).toEqual({
      ...before,
      description: '',
      updated_at: ''
    })
    expect((await all.promote(blue)).writes).toEqual([])
  })

  it('lets a job be renamed afterwards, which is no second one', async () => {
    const all = await unlabelled()
    await all.promote(blue)
    all.editJob(ids.nightly, { name: 'Daily' })
    const { plan } = await all.promote(blue)
    expect(outline(plan)).toEqual(['update job:Staging/Daily (source) name'])
    expect(jobsOf(all)).toEqual(['Staging/Daily'])
  })

  it('does not make an edit by hand look like a change of the source', async () => {
    const all = await unlabelled()
    all.editJob(all.job('Nightly').id, { execute_steps: ['dbt test'] })
    expect(outline(await all.plan(blue))).toEqual([
      'update job:Staging/Nightly (target) execute_steps'
    ])
  })

  it('that is taken away or changed is told before the first write', async () => {
    const all = await unlabelled()
    await all.promote(blue)
    for (const label of ['', 'green']) {
      const { plan, writes } = await all.promote(inputs({ environments: 'Staging', label }))
      expect(messages(plan)).toEqual([
        expect.stringMatching(
          `was promoted from job ${String(ids.nightly)} with the label "blue", and this promotion has`
        )
      ])
      expect(writes).toEqual([])
    }
  })

  it('finds jobs only where they would be, so that none moves from another promotion', async () => {
    const all = await unlabelled()
    all.add((state) => addEnvironment(state, ids.target, { name: 'blue', credentials_id: 108_731 }))
    const { plan } = await all.promote(labelled('blue'))
    expect(outline(plan)).toEqual(['create job:blue/Nightly'])
    expect(jobsOf(all)).toEqual(['Staging/Nightly', 'blue/Nightly'])
    expect((await all.promote(inputs({ environments: 'Staging' }))).writes).toEqual([])
  })
})
