// How many requests variables, overrides and extended attributes cost.
import { describe, expect, it } from '@jest/globals'
import type { Features, State } from '../../sandbox/index.ts'
import { World, type Promoted, type Sent } from '../../testing/promote.ts'
import {
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addVariable,
  platform
} from '../../testing/worlds/variables.ts'
import { source, specOf, target, token } from '../../testing/worlds/variables.ts'

const jobs = 7

/** Seven jobs; some variables, and overrides of some jobs. */
function seed(features: Partial<Features>, variables: number, overridden: number): State {
  const state = platform(features)
  const ids = Array.from({ length: jobs }, (_, index) =>
    addJob(state, 11, { name: `Job ${String(index)}` })
  )
  for (let index = 0; index < variables; index++) {
    addVariable(state, source, {
      name: `DBT_${String(index)}`,
      project: 'p-value',
      environments: { dev: 'd-value' },
      ...(index === 0
        ? { jobs: Object.fromEntries(ids.slice(0, overridden).map((id) => [id, 'j-value'])) }
        : {})
    })
  }
  return state
}

function listings(sent: readonly Sent[]): number {
  return sent.filter(({ path }) => path.endsWith('/environment-variables/environment/')).length
}

function ofJobs(sent: readonly Sent[], project?: number): number {
  return sent.filter(({ path }) =>
    path.includes(
      `${project === undefined ? '' : `/projects/${String(project)}`}/environment-variables/job/`
    )
  ).length
}

async function twice(
  state: State,
  resources: string
): Promise<{ readonly first: Promoted; readonly second: Promoted }> {
  const world = new World(state, token)
  const spec = specOf({ resources })
  const first = await world.promote(spec)
  return { first, second: await world.promote(spec) }
}

it('variables cost one read a side, one before the first write and one after the last', async () => {
  const base = await twice(seed({}, 0, 0), 'environments\njobs')
  const { first, second } = await twice(seed({}, 40, 0), 'environments\njobs\nvariables')
  expect(listings(first.sent)).toBe(4)
  expect(first.writes.filter(({ path }) => path.endsWith('/bulk/'))).toHaveLength(40)
  expect(listings(second.sent)).toBe(2)
  expect(second.writes).toEqual([])
  // Without variables the names are asked for in the source alone, where there are none.
  expect(first.sent).toHaveLength(base.first.sent.length + 40 + 3)
  expect(second.sent).toHaveLength(base.second.sent.length + 1)
})

it('variables that stay cost no read back', async () => {
  const world = new World(seed({}, 3, 0), token)
  await world.promote(specOf({ resources: 'environments\nvariables' }))
  const { sent } = await world.promote(specOf())
  // New jobs are written; that the variables stay as planned is looked at once more.
  expect(listings(sent)).toBe(3)
})

describe.each([
  ['listed with the jobs', true],
  ['not listed', false]
])('overrides that are %s', (_how, jobVariables) => {
  const all = 'environments\njobs\nvariables\noverrides'

  it('cost nothing where the project has no variables', async () => {
    const { first, second } = await twice(seed({ jobVariables }, 0, 0), all)
    expect(ofJobs([...first.sent, ...second.sent])).toBe(0)
  })

  it('cost one read a job only where nothing else tells them', async () => {
    const { first, second } = await twice(seed({ jobVariables }, 2, 3), all)
    expect(ofJobs(first.sent, source)).toBe(jobVariables ? 0 : jobs)
    // New jobs have none; of the others only those matter that have some in the source.
    expect(ofJobs(first.sent, target)).toBe(0)
    expect(ofJobs(second.sent, source)).toBe(jobVariables ? 0 : jobs)
    expect(ofJobs(second.sent, target)).toBe(jobVariables ? 0 : 3)
    expect(second.writes).toEqual([])
  })

  it('are read once more only where they change', async () => {
    const world = new World(seed({ jobVariables }, 1, 3), token)
    await world.promote(specOf({ resources: all }))
    world.state.variables = world.state.variables.map((row, index, rows) =>
      row.type === 'job' && index === rows.findIndex(({ type }) => type === 'job')
        ? { ...row, raw_value: 'another' }
        : row
    )
    const { sent, writes } = await world.promote(
      specOf({ resources: all }, { file: 'variables: { update: ["*"] }' })
    )
    expect(writes.map(({ method }) => method)).toEqual(['POST'])
    expect(ofJobs(sent, target)).toBe(jobVariables ? 1 : 3 + 1)
  })
})

it('extended attributes cost one read a record, and one more for one that changes', async () => {
  const state = platform()
  const own = addExtendedAttributes(state, source, { extended_attributes: { a: 1 } })
  const there = addExtendedAttributes(state, target, { extended_attributes: { a: 2 } })
  state.environments = state.environments.map((each) =>
    // Development is not promoted, and nothing is read for it.
    each.id === 12 ? each : { ...each, extended_attributes_id: own }
  )
  addEnvironment(state, target, { name: 'production', extended_attributes_id: there })
  const other = addExtendedAttributes(state, target, { extended_attributes: { a: 3 } })
  addEnvironment(state, target, { name: 'not promoted', extended_attributes_id: other })
  const reads = ({ sent }: Promoted): readonly string[] =>
    sent
      .filter(({ method, path }) => method === 'GET' && path.includes('/extended-attributes/'))
      .map(({ path }) => path.split('/').at(-2) ?? '')
  const { first, second } = await twice(state, 'environments\nextended-attributes')
  expect(reads(first)).toEqual([own, there, there].map(String))
  expect(reads(second)).toEqual([own, there].map(String))
  const without = await twice(state, 'environments')
  expect(reads(without.first)).toEqual([])
})
