// Jobs that start when another job completes.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob, type Given, type Job } from '../../sandbox/index.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import { specOfText } from '../../testing/spec.ts'
import {
  after,
  alarms,
  ids,
  inputs,
  messages,
  outline,
  platform,
  Platform,
  triggers
} from '../../testing/worlds/two-projects.ts'

/** Nightly, then Checks, which waits for it. */
function chain(nightly: Given<Job> = {}, checks: Given<Job> = {}): Platform {
  const all = new Platform(platform({}, nightly))
  all.add((state) =>
    addJob(state, ids.qa, {
      id: 6002,
      name: 'Checks',
      job_completion_trigger_condition: after(ids.nightly, ids.source, [10, 20]),
      ...checks
    })
  )
  return all
}

/** Which job each job of the target waits for, by name. */
function chained(all: Platform): Record<string, string> {
  const names = new Map(all.state.jobs.map(({ id, name }) => [id, name]))
  return Object.fromEntries(
    all.jobs().flatMap((job) => {
      const condition = job.job_completion_trigger_condition?.condition
      return condition
        ? [[job.name, `${names.get(condition.job_id) ?? '?'} in ${String(condition.project_id)}`]]
        : []
    })
  )
}

const target = String(ids.target)

const fileHead = `source: { project: ${String(ids.source)} }
target: { project: ${target} }
environments: ["*"]
credentials-id: ${String(ids.credentials)}
`

describe('a completion trigger', () => {
  it('on a promoted job is on its counterpart, statuses and all', async () => {
    const all = chain()
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(all.job('Checks').job_completion_trigger_condition).toEqual(
      after(all.job('Nightly').id, ids.target, [10, 20])
    )
    expect(alarms(plan)).toEqual(['starts job:QA/Checks'])
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it.each([
    [
      'a job on itself',
      () =>
        chain(
          { job_completion_trigger_condition: after(6001, ids.source) },
          { job_completion_trigger_condition: null }
        ),
      { Nightly: `Nightly in ${target}` }
    ],
    [
      'two jobs on each other',
      () => chain({ job_completion_trigger_condition: after(6002, ids.source) }),
      { Nightly: `Checks in ${target}`, Checks: `Nightly in ${target}` }
    ]
  ])('may go in a circle: %s', async (_what, start, links) => {
    const all = start()
    const { plan, outcomes } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'applied'))
    expect(chained(all)).toEqual(links)
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('on a job that was promoted earlier is on that one, by its marker', async () => {
    const all = chain()
    await all.promote(inputs({ environments: 'Staging' }))
    all.editJob(all.job('Nightly').id, { name: 'Renamed' })
    const { plan, writes } = await all.promote(inputs({ environments: 'QA' }))
    expect(messages(plan)).toEqual([])
    expect(chained(all)).toEqual({ Checks: `Renamed in ${target}` })
    expect(writes).toHaveLength(2)
    expect((await all.promote(inputs({ environments: 'QA' }))).writes).toEqual([])
  })

  it('on a job that is not promoted is a problem that names it', async () => {
    const all = chain()
    const { plan, writes } = await all.promote(inputs({ environments: 'QA' }))
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toContain('"Checks"')
    expect(messages(plan)[0]).toContain('6001 "Nightly"')
    expect(writes).toEqual([])
  })

  it('on a job that is deleted in the source is a problem', async () => {
    const all = chain()
    all.editJob(ids.nightly, { state: 2 })
    const { plan, writes } = await all.promote(inputs())
    expect(messages(plan)).toEqual([
      'Job "Checks" starts when job 6001 completes, which the source project does not have any more.'
    ])
    // It can't be promoted any more.
    expect(byLevel(plan.remarks).problems[0]?.remedy).toBe(
      'Map it under references in the config file, or drop it with "unresolved: drop".'
    )
    expect(writes).toEqual([])
  })

  it('on a job that is never promoted is a problem that does not offer it', async () => {
    const all = chain()
    const dev = all.add((state) =>
      addEnvironment(state, ids.source, { name: 'Dev', type: 'development' })
    )
    const parent = all.add((state) => addJob(state, dev, { name: 'Scratch' }))
    all.editJob(6002, { job_completion_trigger_condition: after(parent, ids.source) })
    const { problems } = byLevel((await all.plan(inputs())).remarks)
    expect(problems).toMatchObject([
      {
        message: expect.stringMatching(/ "Scratch" completes, which is never promoted\.$/),
        remedy: expect.stringMatching(/^Map it under references/)
      }
    ])
  })

  it('on a job that the target had is a problem of the plan, and none of the platform', async () => {
    const all = chain()
    const own = all.add((state) => addEnvironment(state, ids.target, { name: 'Their own' }))
    const parent = all.add((state) => addJob(state, own, { name: 'Ingest' }))
    all.editJob(6002, { job_completion_trigger_condition: after(parent, ids.target) })
    all.editJob(parent, { state: 2 })
    const { plan, writes } = await all.promote(inputs())
    expect(byLevel(plan.remarks).problems).toMatchObject([
      {
        message: `Job "Checks" starts when job ${String(parent)} completes, which the target project does not have any more.`,
        remedy: expect.stringMatching(/^Map it under references/)
      }
    ])
    expect(writes).toEqual([])
    const dropping = specOfText(`${fileHead}references: { unresolved: drop }\n`)
    const dropped = await all.promote(dropping)
    expect(messages(dropped.plan)).toEqual([])
    expect(all.job('Checks').job_completion_trigger_condition).toBeNull()
  })

  it('on a job of a third project stays, with a notice', async () => {
    const all = chain()
    const third = all.add((state) => addEnvironment(state, ids.third))
    const parent = all.add((state) => addJob(state, third, { name: 'Ingest' }))
    all.editJob(6002, { job_completion_trigger_condition: after(parent, ids.third, [20]) })
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(byLevel(plan.remarks).notices.filter((text) => text.includes('completes'))).toHaveLength(
      1
    )
    for (const named of ['"Checks"', String(parent), String(ids.third)]) {
      expect(byLevel(plan.remarks).notices[0]).toContain(named)
    }
    expect(all.job('Checks').job_completion_trigger_condition).toEqual(
      after(parent, ids.third, [20])
    )
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('on a job that is in the target already stays', async () => {
    const all = chain()
    const own = all.add((state) => addEnvironment(state, ids.target, { name: 'Their own' }))
    const parent = all.add((state) => addJob(state, own, { name: 'Ingest' }))
    all.editJob(6002, { job_completion_trigger_condition: after(parent, ids.target) })
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(all.job('Checks').job_completion_trigger_condition).toEqual(after(parent, ids.target))
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('on another job than before follows', async () => {
    const all = chain()
    await all.promote(inputs())
    const other = all.add((state) => addJob(state, ids.staging, { name: 'Other' }))
    all.editJob(6002, { job_completion_trigger_condition: after(other, ids.source, [10, 20]) })
    const { plan } = await all.promote(inputs())
    expect(outline(plan)).toEqual([
      'update job:QA/Checks (source) job_completion_trigger_condition',
      'create job:Staging/Other'
    ])
    expect(chained(all)).toEqual({ Checks: `Other in ${target}` })
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it.each([
    ['other statuses follow', [30], [30]],
    ['the order of statuses does not matter', [20, 10], [10, 20]]
  ])('%s', async (_what, statuses, wanted) => {
    const all = chain()
    await all.promote(inputs())
    all.editJob(6002, {
      job_completion_trigger_condition: after(ids.nightly, ids.source, statuses)
    })
    await all.promote(inputs())
    expect(all.job('Checks').job_completion_trigger_condition?.condition.statuses).toEqual(wanted)
    expect((await all.promote(inputs())).writes).toEqual([])
  })

  it('on a job with which the target was made anew is on the new one', async () => {
    const all = chain()
    await all.promote(inputs())
    all.editJob(all.job('Nightly').id, { state: 2 })
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(outline(plan).join()).not.toContain('(target)')
    expect(all.job('Checks').job_completion_trigger_condition?.condition.job_id).toBe(
      all.job('Nightly').id
    )
    expect((await all.promote(inputs())).writes).toEqual([])
  })
})

describe('a completion trigger that nobody asked to promote is no problem', () => {
  it('on a new job with schedule: paused', async () => {
    const all = chain()
    const spec = inputs({ environments: 'QA', schedule: 'paused' })
    const { plan } = await all.promote(spec)
    expect(messages(plan)).toEqual([])
    expect(all.job('Checks').job_completion_trigger_condition).toBeNull()
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('on an existing job that keeps its own lack of one', async () => {
    const all = chain({}, { job_completion_trigger_condition: null })
    await all.promote(inputs({ environments: 'QA' }))
    all.editJob(6002, { job_completion_trigger_condition: after(ids.nightly, ids.source) })
    const { plan, writes } = await all.promote(inputs({ environments: 'QA' }))
    expect(messages(plan)).toEqual([])
    expect(writes).toEqual([])
  })

  it('and no notice, where the parent is of a third project', async () => {
    const all = chain()
    const third = all.add((state) => addEnvironment(state, ids.third))
    const parent = all.add((state) => addJob(state, third, { name: 'Ingest' }))
    all.editJob(6002, { job_completion_trigger_condition: after(parent, ids.third) })
    const { plan } = await all.promote(inputs({ schedule: 'paused' }))
    expect(byLevel(plan.remarks).notices.filter((text) => text.includes('completes'))).toEqual([])
  })

  it('but it is one with schedule: source', async () => {
    const all = chain({}, { job_completion_trigger_condition: null })
    await all.promote(inputs({ environments: 'QA' }))
    all.editJob(6002, { job_completion_trigger_condition: after(ids.nightly, ids.source) })
    const plan = await all.plan(inputs({ environments: 'QA', schedule: 'source' }))
    expect(messages(plan)).toHaveLength(1)
  })
})

describe('a completion trigger that nothing resolves, with unresolved: drop', () => {
  const dropping = (schedule: string) =>
    specOfText(`source: { project: ${String(ids.source)} }
target: { project: ${target} }
credentials-id: ${String(ids.credentials)}
environments: [QA]
schedule: ${schedule}
references: { unresolved: drop }`)
  const unresolved =
    'Job "Checks" starts when job 6001 "Nightly" completes, which is not promoted. '
  const dropped = `${unresolved}It is dropped, as references say.`
  const kept = (schedule: string): string =>
    `${unresolved}The target job keeps the completion trigger that it has, since schedule is ${schedule}.`
  const told = ({ remarks }: Plan): readonly string[] =>
    byLevel(remarks).warnings.filter((each) => each.startsWith(unresolved))

  it.each<[string, readonly string[]]>([
    ['keep', [dropped]],
    ['source', [dropped]],
    ['paused', []]
  ])('is dropped from a new job: schedule: %s', async (schedule, expected) => {
    const all = chain()
    const { plan } = await all.promote(dropping(schedule))
    expect([messages(plan), told(plan)]).toEqual([[], expected])
    expect(chained(all)).toEqual({})
  })

  it.each<[string, readonly string[], boolean]>([
    ['keep', [kept('keep')], true],
    ['paused', [kept('paused')], true],
    ['source', [dropped], false]
  ])('is told as it is of a job that has one: schedule: %s', async (schedule, expected, stays) => {
    const all = chain()
    await all.promote(inputs())
    // Its counterpart is no longer known as one.
    all.editJob(all.job('Nightly').id, { description: '' })
    const { plan } = await all.promote(dropping(schedule))
    expect([messages(plan), told(plan)]).toEqual([[], expected])
    expect(chained(all)).toEqual(stays ? { Checks: `Nightly in ${target}` } : {})
    expect((await all.promote(dropping(schedule))).writes).toEqual([])
  })

  it('is dropped from a job whose first promotion was killed between two writes', async () => {
    const all = chain()
    all.die(({ path }) => /\/jobs\/\d+\/$/.test(path))
    await all.promote(inputs()).catch(() => undefined)
    all.die()
    const own = all.job('Nightly').id
    all.editJob(own, { description: '' })
    all.editJob(all.job('Checks').id, { job_completion_trigger_condition: after(own, ids.target) })
    const { plan } = await all.promote(dropping('keep'))
    expect([messages(plan), told(plan)]).toEqual([[], [dropped]])
    expect(chained(all)).toEqual({})
  })
})

describe('a completion trigger on an existing job', () => {
  const edited = async (
    nightly: Given<Job>,
    edit: (all: Platform) => void,
    schedule: string
  ): Promise<{ all: Platform; plan: readonly string[]; alarms: readonly string[] }> => {
    const all = chain(nightly)
    await all.promote(inputs())
    edit(all)
    const { plan } = await all.promote(inputs({ schedule }))
    expect(messages(plan)).toEqual([])
    expect((await all.promote(inputs({ schedule }))).writes).toEqual([])
    return { all, plan: outline(plan), alarms: alarms(plan) }
  }
  const removed = (all: Platform): void => {
    all.editJob(6002, { job_completion_trigger_condition: null })
  }
  const added = (all: Platform): void => {
    all.editJob(ids.nightly, { job_completion_trigger_condition: after(6002, ids.source) })
  }
  const removedThere = (all: Platform): void => {
    all.editJob(all.job('Checks').id, { job_completion_trigger_condition: null })
  }
  const addedThere = (all: Platform): void => {
    all.editJob(all.job('Nightly').id, {
      job_completion_trigger_condition: after(all.job('Checks').id, ids.target)
    })
  }
  const both = { Nightly: `Checks in ${target}`, Checks: `Nightly in ${target}` }
  const one = { Checks: `Nightly in ${target}` }

  it.each([
    ['keep', 'removed in the source', removed, one, []],
    ['keep', 'added in the source', added, one, []],
    ['keep', 'removed in the target', removedThere, {}, []],
    ['keep', 'added in the target', addedThere, both, []],
    ['paused', 'removed in the source', removed, one, []],
    ['paused', 'added in the source', added, one, []],
    ['paused', 'removed in the target', removedThere, {}, []],
    ['source', 'removed in the source', removed, {}, ['stops job:QA/Checks']],
    ['source', 'added in the source', added, both, ['starts job:Staging/Nightly']],
    ['source', 'removed in the target', removedThere, one, ['starts job:QA/Checks']],
    ['source', 'added in the target', addedThere, one, ['stops job:Staging/Nightly']]
  ])('with schedule: %s, %s', async (schedule, _what, edit, links, raised) => {
    const { all, alarms: own } = await edited({}, edit, schedule)
    expect(chained(all)).toEqual(links)
    expect(own).toEqual(raised)
  })

  it('stays in the body of every update, where the target keeps its own', async () => {
    const { all } = await edited(
      { triggers: triggers() },
      (each) => {
        removed(each)
        each.editJob(6002, { generate_docs: true })
      },
      'keep'
    )
    expect(chained(all)).toEqual(one)
    expect(all.job('Checks').generate_docs).toBe(true)
  })
})
