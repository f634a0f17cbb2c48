// Guards: how much may change, what must not, whose jobs are whose, and what becomes of jobs whose source is gone.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { thousand, THOUSAND } from '../../sandbox/index.ts'
import { isWhole } from '../../testing/effort.ts'
import { specOf, World } from '../../testing/promote.ts'
import { specOfText } from '../../testing/spec.ts'
import { platform } from '../../testing/world.ts'

const token = 'dbtc_guards'
const on = { github_webhook: false, git_provider_webhook: false, schedule: true, on_merge: false }

function world(): World {
  const jobs = [11, 12, 13].map((id) => ({ id, name: `Job ${String(id)}`, triggers: on }))
  const state = platform({
    id: 28885,
    tokens: { [token]: undefined },
    connections: [{}],
    projects: [
      { id: 1, environments: [{ id: 5_000_001, name: 'dev', jobs }] },
      { id: 2, credentials: [21] }
    ]
  })
  return new World(state, token)
}

const inputs = {
  'account-id': '28885',
  'source-project': '1',
  'target-project': '2',
  environments: 'dev',
  'credentials-id': '21'
}
const edit = (all: World, id: number, change: object): void => {
  all.state.jobs = all.state.jobs.map((job) => (job.id === id ? { ...job, ...change } : job))
}
const inTarget = (all: World, name: string): (typeof all.state.jobs)[number] | undefined =>
  all.state.jobs.find((job) => job.project_id === 2 && job.name === name)

describe('max-changes', () => {
  it.each([
    ['3', 1],
    ['4', 0]
  ])('%s of four changes', async (limit, problems) => {
    const { plan, writes } = await world().promote(specOf({ ...inputs, 'max-changes': limit }))
    expect(byLevel(plan.remarks).problems).toHaveLength(problems)
    expect(writes.length > 0).toBe(problems === 0)
  })
})

describe('protect', () => {
  it.each([['Job 11'], ['Job 1*'], ['dev']])(
    'stops a change of %s before the first write',
    async (name) => {
      const { plan, writes } = await world().promote(specOf({ ...inputs, protect: name }))
      expect(byLevel(plan.remarks).problems[0]?.message).toContain('which is protected')
      expect(writes).toEqual([])
    }
  )

  it('by id or by the name until now, and lets what does not change be', async () => {
    const all = world()
    await all.promote(specOf(inputs))
    const id = String(inTarget(all, 'Job 11')?.id)
    expect(byLevel((await all.plan(specOf({ ...inputs, protect: id }))).remarks).problems).toEqual(
      []
    )
    edit(all, 11, { name: 'New name' })
    for (const protect of [id, 'Job 11', 'New name']) {
      expect(
        byLevel((await all.plan(specOf({ ...inputs, protect }))).remarks).problems
      ).toHaveLength(1)
    }
  })
})

describe('label', () => {
  const blue = { ...inputs, label: 'blue', 'environment-name': 'blue' }
  const green = { ...inputs, label: 'green', 'environment-name': 'green' }

  it('lets two promotions of one source share a target without taking or moving jobs of each other', async () => {
    const all = world()
    for (const each of [blue, green]) {
      const { plan } = await all.promote(specOf(each))
      expect(byLevel(plan.remarks).problems).toEqual([])
      expect(byLevel(plan.remarks).alarms.map(({ kind }) => kind)).not.toContain('moved')
    }
    expect(all.state.jobs.filter(({ project_id }) => project_id === 2)).toHaveLength(6)
    for (const each of [blue, green]) expect((await all.promote(specOf(each))).writes).toEqual([])
  })

  it('that is given later still knows the jobs', async () => {
    const all = world()
    await all.promote(specOf(inputs))
    const labelled = specOf({ ...inputs, label: 'blue' })
    const { plan, writes } = await all.promote(labelled)
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(writes.map(({ body }) => body?.['description'])).toEqual(
      [11, 12, 13].map((id) => expect.stringContaining(`${String(id)} as blue (v1`))
    )
    expect((await all.promote(labelled)).writes).toEqual([])
  })
})

describe('removals: pause', () => {
  const pausing = { ...inputs, removals: 'pause' }

  it('switches off what is gone, in the last wave and with an alarm, and nothing else', async () => {
    const all = world()
    await all.promote(specOf(pausing))
    edit(all, 12, { state: 2 })
    edit(all, 11, { execute_steps: ['dbt run'] })
    const { plan, writes, outcomes } = await all.promote(specOf(pausing))
    expect(byLevel(plan.remarks).alarms.map(({ kind }) => kind)).toEqual(['paused'])
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied'])
    expect(writes.map(({ body }) => body?.['name'])).toEqual(['Job 11', 'Job 12'])
    expect(inTarget(all, 'Job 12')).toMatchObject({ state: 1, triggers: { schedule: false } })
    expect(inTarget(all, 'Job 13')).toMatchObject({ triggers: { schedule: true } })
    expect((await all.promote(specOf(pausing))).writes).toEqual([])
  })

  it('is not the default', async () => {
    const all = world()
    await all.promote(specOf(inputs))
    edit(all, 12, { state: 2 })
    expect((await all.promote(specOf(inputs))).writes).toEqual([])
  })

  it.each<readonly [string, (all: World) => void]>([
    [
      'is only not selected any more',
      (all) => {
        edit(all, 12, { name: 'scratch' })
      }
    ],
    [
      'carries no marker',
      (all) => {
        edit(all, inTarget(all, 'Job 12')?.id ?? 0, { description: '' })
        edit(all, 12, { state: 2 })
      }
    ],
    [
      'carries another label',
      (all) => {
        const job = inTarget(all, 'Job 12')
        edit(all, job?.id ?? 0, { description: job?.description.replace(' (v1', ' as other (v1') })
        edit(all, 12, { state: 2 })
      }
    ],
    [
      'moved within the account',
      (all) => {
        edit(all, 12, { project_id: 2, environment_id: 900_000_001, name: 'Elsewhere' })
      }
    ]
  ])('leaves a job alone that %s', async (_what, change) => {
    const all = world()
    const spec = specOf({ ...pausing, jobs: '*\n!scratch*' })
    await all.promote(specOf(pausing))
    change(all)
    const { changes } = await all.plan(specOf({ ...pausing, jobs: 'Job 11\nJob 13' }))
    expect(changes.filter(({ op }) => op === 'pause')).toEqual([])
    expect(spec.removals).toBe('pause')
  })

  it('from an empty source is a problem', async () => {
    const all = world()
    await all.promote(specOf(pausing))
    for (const id of [11, 12, 13]) edit(all, id, { state: 2 })
    const { plan, writes } = await all.promote(specOf(pausing))
    expect(
      byLevel(plan.remarks)
        .problems.map(({ message }) => message)
        .join(' ')
    ).toContain('would pause everything')
    expect(writes).toEqual([])
  })

  it('needs the marker', () => {
    expect(() => specOf({ ...pausing, track: 'name' })).toThrow('needs the marker')
  })
})

describe('across accounts', () => {
  function accounts(): World {
    const tokens = { [token]: undefined }
    const jobs = [{ id: 11, name: 'Nightly' }]
    const state = platform(
      {
        id: 100,
        tokens,
        connections: [{ id: 1001, name: 'Snowflake dev' }],
        projects: [{ id: 1, environments: [{ id: 5_000_001, name: 'dev', jobs }] }]
      },
      {
        id: 200,
        tokens,
        connections: [{ id: 2001, name: 'Snowflake prod' }],
        projects: [{ id: 2, connection_id: null, credentials: [21] }]
      }
    )
    return new World(state, token)
  }
  const file = 'source: { project: 1 }\ntarget: { project: 2 }\nenvironments: [dev]\n'
  const sides = {
    'account-id': '100',
    'target-account-id': '200',
    'target-host': 'cd456.eu1.dbt.com',
    'credentials-id': '21'
  }

  it('a connection is never guessed', async () => {
    const { plan, writes } = await accounts().promote(specOfText(file, sides))
    expect(byLevel(plan.remarks).problems[0]?.message).toContain('has no connection')
    expect(writes).toEqual([])
  })

  it.each([
    ['by names', 'connections: { Snowflake dev: Snowflake prod }\n'],
    ['by ids', 'connections: { 1001: 2001 }\n'],
    ['for all', 'connection: Snowflake prod\n']
  ])('a connection is mapped %s', async (_how, more) => {
    const all = accounts()
    const spec = specOfText(file + more, sides)
    const { plan } = await all.promote(spec)
    expect(byLevel(plan.remarks).problems).toEqual([])
    const [environment] = all.state.environments.filter(({ project_id }) => project_id === 2)
    expect(environment).toMatchObject({ account_id: 200, connection_id: 2001, credentials_id: 21 })
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('a connection that is not there is a problem that lists near names', async () => {
    const { plan } = await accounts().promote(
      specOfText(`${file}connections: { Snowflake dev: Snowflake prd }\n`, sides)
    )
    expect(
      byLevel(plan.remarks)
        .problems.map(({ message, remedy }) => `${message} ${remedy}`)
        .join(' ')
    ).toContain('"Snowflake prod"')
  })
})

describe('jobs of all kinds', () => {
  it('cost a request for each page when nothing changed, and one for each of their own when they are new', async () => {
    const size = isWhole ? 1000 : 200
    const all = new World(thousand(size), THOUSAND.token)
    const spec = specOf({
      'account-id': String(THOUSAND.account),
      'source-project': String(THOUSAND.sourceProject),
      'target-project': String(THOUSAND.targetProject),
      environments: '*',
      'credentials-id': String(THOUSAND.targetCredentials)
    })
    const first = await all.promote(spec)
    expect(first.outcomes.every(({ status }) => status === 'applied')).toBe(true)
    // A job that defers to itself has no id before it is there: it alone needs a second write.
    const selves = all.state.jobs.filter(
      ({ id, state, project_id, deferring_job_definition_id: own }) =>
        own === id && state === 1 && project_id === THOUSAND.targetProject
    )
    expect(selves).toHaveLength(size / 40)
    expect(first.sent.length - selves.length).toBeLessThanOrEqual(size + 40)
    const second = await all.promote(spec)
    expect(second.writes).toEqual([])
    expect(second.sent.length).toBeLessThanOrEqual(10 + size / 50)
  }, 60_000)
})
