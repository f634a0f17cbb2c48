// Rules of the config file at work: what they set and keep, and what becomes of references.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob, scheduleOf, type Job } from '../../sandbox/index.ts'
import type { Create } from '../../src/model/change.ts'
import { World } from '../../testing/promote.ts'
import { parseFile, specOfText, type Inputs } from '../../testing/spec.ts'
import { objectChanges } from '../../testing/changes.ts'
import { isWhole } from '../../testing/effort.ts'
import { platform } from '../../testing/world.ts'

const token = 'dbtc_rules'
const head = 'source: { project: 1 }\ntarget: { project: 2 }\n'
const jobId = 5_000_011

function world(job: Partial<Job> = {}): World {
  const jobs = [{ id: jobId, name: 'Nightly full', ...job }]
  const state = platform({
    id: 28885,
    tokens: { [token]: undefined },
    connections: [{}],
    projects: [
      { id: 1, environments: [{ id: 5_000_001, name: 'dev', dbt_version: 'latest', jobs }] },
      { id: 2, credentials: [21] },
      { id: 3 }
    ]
  })
  return new World(state, token)
}

async function created(file: string, inputs: Inputs = {}): Promise<readonly Create[]> {
  const plan = await world().plan(specOfText(head + file, inputs))
  expect(byLevel(plan.remarks).problems).toEqual([])
  return objectChanges(plan).flatMap((change) => (change.op === 'create' ? [change] : []))
}

const threadsOf = (changes: readonly Create[]): unknown =>
  changes.find(({ kind }) => kind === 'job')?.values['settings.threads']
const environments = 'environments: [dev]\n'
describe('set', () => {
  it.each<readonly [string, string, string, unknown]>([
    ['dotted', '{ settings.threads: 9 }', 'settings.threads', 9],
    ['nested', '{ settings: { threads: 9 } }', 'settings.threads', 9],
    ['a list', '{ execute_steps: [dbt test] }', 'execute_steps', ['dbt test']],
    ['null', '{ dbt_version: null }', 'dbt_version', null],
    ['a trigger', '{ triggers.schedule: true }', 'triggers.schedule', true],
    [
      'a part of a field',
      '{ schedule.date: { type: custom_cron, cron: 0 4 * * * } }',
      'schedule',
      {
        date: { type: 'custom_cron', cron: '0 4 * * *' },
        time: { type: 'every_hour', interval: 1 }
      }
    ]
  ])('%s', async (_what, set, path, value) => {
    const changes = await created(
      `${environments}jobs:\n  rules:\n    - match: '*'\n      set: ${set}\n`
    )
    expect(changes.find(({ kind }) => kind === 'job')?.values[path]).toEqual(value)
  })

  it.each([
    ['a field that is not there', '{ setings.threads: 9 }', 'The nearest are "settings.threads"'],
    ['a group', '{ settings: 9 }', 'settings is a group'],
    ['an id', '{ id: 9 }', 'id is made by the platform'],
    ['where it lives', '{ project_id: 9 }', 'says where the object lives'],
    ['the name', '{ name: x }', 'the name is given by'],
    ['a reference', '{ deferring_environment_id: 9 }', 'map it under references'],
    ['the wrong type', '{ settings.threads: many }', 'should be a whole number']
  ])('%s is a problem with the place and the reason', (_what, set, reason) => {
    const { problems } = parseFile(
      `${head}${environments}jobs:\n  rules:\n    - match: '*'\n      set: ${set}\n`
    )
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toMatch(/^promote\.yml:7:\d+: /)
    expect(problems[0]?.message).toContain(reason)
  })

  it('a part that leaves the whole without its shape is a problem', async () => {
    const spec = specOfText(
      `${head}${environments}jobs:\n  rules:\n    - match: '*'\n      set: { schedule.date: { days: [1] } }\n`
    )
    const { problems } = byLevel((await world().plan(spec)).remarks)
    expect(problems[0]?.message).toContain('schedule.date.type should be a text')
  })

  it('of a branch means that it is used', async () => {
    const [environment] = await created(
      'environments: [{ from: dev, set: { custom_branch: main } }]\n'
    )
    expect(environment?.values).toMatchObject({ custom_branch: 'main', use_custom_branch: true })
  })
})

describe('keep', () => {
  const file = (more: string): string =>
    `${head}${environments}jobs:\n  rules:\n    - match: '*'\n      ${more}\n`

  async function editedAfterwards(
    more: string,
    edit: (job: Job) => Partial<Job>
  ): Promise<readonly string[]> {
    const all = world()
    await all.promote(specOfText(file(more)))
    all.state.jobs = all.state.jobs.map((job) =>
      job.project_id === 2 ? { ...job, ...edit(job) } : job
    )
    const plan = await all.plan(specOfText(file(more)))
    return objectChanges(plan).flatMap((change) =>
      change.op === 'update' ? change.fields.map(({ path }) => path) : []
    )
  }
  const threads = (job: Job): Partial<Job> => ({ settings: { ...job.settings, threads: 9 } })

  it('leaves a field to the target, and only that', async () => {
    expect(await editedAfterwards('keep: [settings.threads]', threads)).toEqual([])
    expect(await editedAfterwards('keep: [dbt_version]', threads)).toEqual(['settings.threads'])
  })

  it('leaves a group', async () => {
    expect(await editedAfterwards('keep: [settings]', threads)).toEqual([])
  })

  it('leaves a part: another time stays, another day does not', async () => {
    const time = scheduleOf(
      { type: 'every_day' },
      { type: 'at_exact_hours', hours: [4], interval: 1 }
    )
    const day = scheduleOf({ type: 'days_of_week', days: [1] }, { type: 'every_hour', interval: 1 })
    expect(await editedAfterwards('keep: [schedule.time]', () => ({ schedule: time }))).toEqual([])
    expect(await editedAfterwards('keep: [schedule.time]', () => ({ schedule: day }))).toEqual([
      'schedule'
    ])
  })

  it('gives a new object the value of the source all the same', async () => {
    const changes = await created(
      `${environments}jobs:\n  rules:\n    - match: '*'\n      keep: [settings.threads]\n`
    )
    expect(threadsOf(changes)).toBe(4)
  })

  it('of what the same rule sets is a problem', () => {
    const { problems } = parseFile(file('set: { settings.threads: 9 }\n      keep: [settings]'))
    expect(problems[0]?.message).toContain('set and kept by the same rule')
  })
})

describe('references', () => {
  const chained = (project: number): Partial<Job> => ({
    job_completion_trigger_condition: {
      condition: { job_id: 5_000_099, project_id: project, statuses: [10] }
    }
  })

  function withParent(): World {
    const all = world(chained(1))
    const other = addEnvironment(all.state, 1, { id: 5_000_002, name: 'other' })
    addJob(all.state, other, { id: 5_000_099, name: 'Parent' })
    const own = addEnvironment(all.state, 2, { id: 201, name: 'own' })
    addJob(all.state, own, { id: 202, name: 'Their parent' })
    return all
  }
  const parentOf = (all: World): unknown =>
    all.state.jobs.find(({ project_id, name }) => project_id === 2 && name === 'Nightly full')
      ?.job_completion_trigger_condition?.condition

  it('that nothing resolves stop the plan', async () => {
    const { plan } = await withParent().promote(specOfText(head + environments))
    expect(byLevel(plan.remarks).problems[0]?.message).toContain('completes, which is not promoted')
  })

  it('are mapped to a job of the target', async () => {
    const all = withParent()
    const spec = specOfText(`${head}${environments}references: { jobs: { 5000099: 202 } }\n`)
    await all.promote(spec)
    expect(parentOf(all)).toMatchObject({ job_id: 202, project_id: 2 })
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('are mapped to a job of a third project', async () => {
    const all = withParent()
    const third = addEnvironment(all.state, 3, { id: 301 })
    addJob(all.state, third, { id: 302 })
    const spec = specOfText(
      `${head}${environments}references: { jobs: { 5000099: { job: 302, project: 3 } } }\n`
    )
    await all.promote(spec)
    expect(parentOf(all)).toMatchObject({ job_id: 302, project_id: 3 })
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('are dropped where the file says so, with a warning', async () => {
    const all = withParent()
    const spec = specOfText(`${head}${environments}references: { unresolved: drop }\n`)
    const { plan } = await all.promote(spec)
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(byLevel(plan.remarks).warnings.join(' ')).toContain('It is dropped')
    expect(parentOf(all)).toBeUndefined()
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('that are mapped to what is not in the target are a problem', async () => {
    const { plan } = await withParent().promote(
      specOfText(`${head}${environments}references: { jobs: { 5000099: 777 } }\n`)
    )
    expect(
      byLevel(plan.remarks)
        .problems.map(({ message }) => message)
        .join(' ')
    ).toContain('is not in project')
  })

  it('set to null are dropped without a word', async () => {
    const all = withParent()
    const spec = specOfText(
      `${head}${environments}jobs:\n  rules:\n    - match: '*'\n      set: { job_completion_trigger_condition: null }\n`
    )
    const { plan } = await all.promote(spec)
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(parentOf(all)).toBeUndefined()
  })

  it('of a long chain of jobs all point into the target', async () => {
    const all = world()
    const dev = 5_000_001
    const length = isWhole ? 1000 : 150
    for (let index = 0; index < length; index++) {
      addJob(all.state, dev, {
        id: 5_100_000 + index,
        name: `Link ${String(index)}`,
        job_completion_trigger_condition: {
          condition: {
            job_id: 5_100_000 + ((index + length - 1) % length),
            project_id: 1,
            statuses: [10]
          }
        }
      })
    }
    const spec = specOfText(head + environments)
    const { outcomes } = await all.promote(spec)
    expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
    const links = all.state.jobs.filter(
      ({ project_id, name }) => project_id === 2 && name.startsWith('Link')
    )
    const own = new Set(links.map(({ id }) => id))
    expect(links).toHaveLength(length)
    expect(
      links.filter((job) => own.has(job.job_completion_trigger_condition?.condition.job_id ?? 0))
    ).toHaveLength(length)
    expect((await all.promote(spec)).writes).toEqual([])
  }, 60_000)
})
