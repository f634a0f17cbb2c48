// Nobody's odd object stops a promotion: of what is neither promoted nor matched, id, name, environment and state are read.
import { beforeAll, describe, expect, it } from '@jest/globals'
import { addEnvironment, addJob, addVariable } from '../../sandbox/index.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { environmentFields } from '../../src/kinds/environment.ts'
import { jobFields } from '../../src/kinds/job-fields.ts'
import { ids, inputs, type Platform } from '../../testing/worlds/two-projects.ts'
import {
  all,
  copyOf,
  ending,
  filled,
  green,
  odd,
  paths,
  reshape,
  rows
} from '../../testing/worlds/filled.ts'

const oddValues: readonly Json[] = [null, 'odd', 7, { odd: true }]
const readOf = {
  job: ['id', 'name', 'environment_id', 'state', 'project_id'],
  environment: ['id', 'name', 'state', 'project_id']
}

let before: Platform
let after: unknown
/** In the target: an environment that is not promoted, a job in it, and one beside the promoted ones. */
const strange = { environment: 5901, job: 6901, beside: 6902 }

beforeAll(async () => {
  before = filled()
  await green(before)
  const home = before.environment('Staging').id
  before.add((state) =>
    addEnvironment(state, ids.target, { id: strange.environment, name: 'Strange' })
  )
  before.add((state) => addJob(state, strange.environment, { id: strange.job, name: 'Strange' }))
  before.add((state) => addJob(state, home, { id: strange.beside, name: 'Beside' }))
  before.editJob(ids.nightly, { execute_steps: ['dbt run'] })
  before.editEnvironment(ids.staging, { supports_docs: false })
  const done = copyOf(before)
  await green(done)
  after = rows(done)
})

/** What stops a promotion where every key of an object is odd that need not be read. */
async function stopped(kind: keyof typeof paths, own: number): Promise<string[]> {
  const table = kind === 'job' ? jobFields : environmentFields
  const keys = new Set(Object.keys(table).map((path) => path.split('.')[0] ?? path))
  const found: string[] = []
  for (const value of oddValues) {
    const odds = [...keys].flatMap((key) => (readOf[kind].includes(key) ? [] : [[key, value]]))
    const world = copyOf(before)
    reshape(world, paths[kind], { set: Object.fromEntries(odds) as JsonObject, ids: [own] })
    const end = await ending(world.promote(all))
    if (typeof end === 'string') found.push(end)
    else expect(rows(world)).toEqual(after)
  }
  return found
}

describe('an odd value stops nothing', () => {
  it('in a source job that is not selected', async () => {
    expect(await stopped('job', odd.otherJob)).toEqual([])
  })

  it('in a target job of an environment that is not promoted', async () => {
    expect(await stopped('job', strange.job)).toEqual([])
  })

  it('in a target job beside the promoted ones', async () => {
    expect(await stopped('job', strange.beside)).toEqual([])
  })

  it('in an environment that is not selected', async () => {
    expect(await stopped('environment', odd.other)).toEqual([])
    expect(await stopped('environment', strange.environment)).toEqual([])
  })

  it('in a connection, a project or credentials that nobody means', async () => {
    const spec = inputs({
      'target-project': `Project ${String(ids.target)}`,
      connection: 'Warehouse',
      environments: 'QA'
    })
    const cases = [
      ['/api/v3/*/connections/', ids.otherConnection, ['id', 'name', 'adapter_version', 'state']],
      ['/api/v3/accounts/*/projects/', ids.third, ['id', 'name', 'state', 'repository']]
    ] as const
    for (const [path, own, keys] of cases) {
      for (const key of keys) {
        for (const value of [null, { odd: true }]) {
          const world = copyOf(before)
          reshape(world, path, { set: { [key]: value }, ids: [own] })
          expect(await ending(world.promote(spec))).toHaveProperty('plan')
        }
      }
    }
  })

  it('in a variable where variables are not promoted, or for an environment that is not', async () => {
    const path = '/api/v3/*/environment-variables/environment/'
    const world = copyOf(before)
    world.add(
      (state) =>
        addVariable(state, ids.source, {
          name: 'DBT_B',
          project: 'x',
          environments: { Other: 'y' }
        })[0] ?? 0
    )
    const without = copyOf(world)
    reshape(without, path, { set: { 'variables.DBT_A': 'odd' } })
    expect(await ending(without.promote(inputs({ environments: 'Staging' })))).toHaveProperty(
      'plan'
    )
    reshape(world, path, { set: { 'variables.DBT_B.Other': 'odd' } })
    expect(await ending(world.promote(all))).toHaveProperty('plan')
  })
})

describe('an odd value is named', () => {
  it.each([
    ['in a job that is promoted', 'job', ids.nightly, 'source'],
    ['in an environment that is promoted', 'environment', ids.staging, 'source']
  ] as const)('%s', async (_where, kind, own, side) => {
    const world = copyOf(before)
    reshape(world, paths[kind], { set: { project_id: 'odd' }, ids: [own] })
    expect(await ending(world.promote(all))).toBe(
      `Reading the ${side} project: the answer has an unexpected shape: ${kind} ${String(own)}: ` +
        'project_id should be an id, but is a text.'
    )
    expect(rows(world)).toEqual(rows(before))
  })

  it('in a job that is matched, at the second look too', async () => {
    for (const nth of [1, 3]) {
      const world = copyOf(before)
      const { id } = world.job('CI')
      const action = { kind: 'reshape', set: { run_lint: 'odd' }, ids: [id] } as const
      world.addFault({ path: paths.job, method: 'GET', nth, times: null, action })
      const end = await ending(world.promote(all))
      expect([nth, end]).toEqual([
        nth,
        `Reading the target project: the answer has an unexpected shape: job ${String(id)}: ` +
          'run_lint should be true or false, but is a text.'
      ])
      expect(rows(world)).toEqual(rows(before))
    }
  })

  it('in what a rollback undoes, and in nothing else', async () => {
    const done = copyOf(before)
    const { journal } = await green(done)
    const odds = { run_lint: 'odd', execute_steps: null }
    const beside = copyOf(done)
    reshape(beside, paths.job, { set: odds, ids: [strange.beside] })
    expect(await ending(beside.rollback(journal))).toHaveProperty('plan')
    const { id } = done.job('Nightly')
    reshape(done, paths.job, { set: odds, ids: [id] })
    expect(await ending(done.rollback(journal))).toContain(`job ${String(id)}: execute_steps`)
    expect(rows(done)).toEqual(after)
  })

  it('in a variable that is promoted, and in extended attributes', async () => {
    const cases = [
      ['/api/v3/*/environment-variables/environment/', 'variables.DBT_A.Staging', 'variable DBT_A'],
      ['/api/v3/*/environment-variables/environment/', 'variables.DBT_A', 'variable DBT_A'],
      [
        '/api/v3/*/environment-variables/environment/',
        'variables',
        'variables should be an object'
      ],
      ['/api/v3/*/extended-attributes/*', 'extended_attributes', 'extended attributes']
    ] as const
    for (const [path, key, words] of cases) {
      const world = copyOf(before)
      reshape(world, path, { set: { [key]: 7 } })
      expect(await ending(world.promote(all))).toContain(words)
      expect(rows(world)).toEqual(rows(before))
    }
  })
})
