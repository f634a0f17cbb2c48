// Slips of the pen that would otherwise go unseen: lines that match nothing, two lines that contradict each other, and
// words that are not so.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob } from '../../sandbox/index.ts'
import { World } from '../../testing/promote.ts'
import { specOfText } from '../../testing/spec.ts'
import { platform } from '../../testing/world.ts'

const head = 'source: { project: 1 }\ntarget: { project: 2 }\nenvironments: [dev]\n'

function world(): World {
  const state = platform({
    id: 28_885,
    tokens: { dbtc_test: undefined },
    connections: [
      { id: 1001, name: 'Dev' },
      { id: 1002, name: 'Prod' },
      { id: 1003, name: 'Spare' }
    ],
    projects: [
      {
        id: 1,
        environments: [{ id: 5_000_001, name: 'dev', jobs: [{ id: 11, name: 'Nightly' }] }]
      },
      { id: 2 },
      { id: 3 }
    ]
  })
  return new World(state, 'dbtc_test')
}

describe('protect', () => {
  it.each([
    ['Nigtly', 'The nearest are "Nightly"'],
    ['id:999', '"Nightly"'],
    ['prod *', '"dev"']
  ])('%s matches nothing', async (line, near) => {
    const all = world()
    await all.promote(specOfText(head))
    const { warnings, problems } = byLevel(
      (await all.plan(specOfText(`${head}protect: ['${line}', Night*]\n`))).remarks
    )
    expect(problems).toEqual([])
    const told = warnings.filter((text) => text.includes('in protect'))
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(`"${line}"`)
    if (line.startsWith('id')) return
    expect(told[0]).toContain(near)
  })

  it('says nothing of what the plan would make', async () => {
    const { warnings } = byLevel(
      (await world().plan(specOfText(`${head}protect: [dev]\n`))).remarks
    )
    expect(warnings.filter((text) => text.includes('in protect'))).toEqual([])
  })
})

describe('connections', () => {
  it('that no promoted environment has are told, with those that they have', async () => {
    const { warnings, problems } = byLevel(
      (await world().plan(specOfText(`${head}connections: { 1003: 1002 }\n`))).remarks
    )
    expect(problems).toEqual([])
    expect(warnings.join('\n')).toContain(
      'The key "1003" under connections matches no connection of an environment that is promoted. The nearest is "1001".'
    )
  })

  it.each([
    ['{ 1001: 1002, Dev: 1003 }', 1],
    ['{ 1001: 1002, Dev: Prod }', 0],
    ["{ Dev: 1002, ' Dev': 1003 }", 1]
  ])('%s: %i contradictions', async (lines, count) => {
    const { problems } = byLevel(
      (await world().plan(specOfText(`${head}connections: ${lines}\n`))).remarks
    )
    expect(problems).toHaveLength(count)
    if (count === 0) return
    expect(problems[0]?.message).toContain('all stand for connection 1001')
  })
})

describe('unresolved: drop', () => {
  it('says what becomes of a completion trigger: dropped in a new job, kept where the target has one', async () => {
    const all = world()
    all.state = { ...all.state }
    const foreign = addEnvironment(all.state, 1, { id: 5_000_009, name: 'other' })
    addJob(all.state, foreign, { id: 99, name: 'Parent' })
    const condition = { condition: { job_id: 99, project_id: 1, statuses: [10] } } as const
    all.state.jobs = all.state.jobs.map((job) =>
      job.id === 11 ? { ...job, job_completion_trigger_condition: condition } : job
    )
    const spec = specOfText(`${head}references: { unresolved: drop }\n`)
    const first = await all.promote(spec)
    expect(byLevel(first.plan.remarks).warnings.join('\n')).toContain('It is dropped')

    const made = all.state.jobs.find(({ project_id }) => project_id === 2)
    const own = { condition: { ...condition.condition, job_id: made?.id ?? 0, project_id: 2 } }
    all.state.jobs = all.state.jobs.map((job) =>
      job.id === made?.id ? { ...job, job_completion_trigger_condition: own } : job
    )
    const second = await all.promote(spec)
    expect(byLevel(second.plan.remarks).warnings.join('\n')).toContain(
      'The target job keeps the completion trigger that it has'
    )
    expect(second.writes).toEqual([])
  })

  it('names the copies of a job that a reference could mean', async () => {
    const all = world()
    await all.promote(specOfText(head))
    const made = all.state.jobs.find(({ project_id }) => project_id === 2)
    const environment = made?.environment_id ?? 0
    addJob(all.state, environment, { id: 77, name: 'Copy', description: made?.description ?? '' })
    const dev = 5_000_001
    addJob(all.state, dev, { id: 12, name: 'Child', deferring_job_definition_id: 11 })
    const { problems } = byLevel((await all.plan(specOfText(`${head}jobs: [Child]\n`))).remarks)
    expect(problems.map(({ message }) => message).join()).toContain(
      `of which the target has 2: 77, ${String(made?.id)}`
    )
  })
})
