// The lines under `connections` that are for nothing, or that contradict each other.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { ids, only, platform, Platform } from '../../testing/worlds/two-projects.ts'
import { specOfText } from '../../testing/spec.ts'

const { connection, otherConnection } = ids
const [one, other] = [String(connection), String(otherConnection)]

function promotion(connections: string, environments = '[Staging]') {
  return specOfText(`source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
credentials-id: ${String(ids.credentials)}
environments: ${environments}
connections: { ${connections} }`)
}

describe('two lines for one connection', () => {
  it.each([
    ['the id and the name', `${one}: ${one}, Warehouse: ${other}`, [`"${one}"`, '"Warehouse"']],
    [
      'two spellings of the name',
      `Warehouse: Warehouse, "Warehouse ": Lakehouse`,
      ['"Warehouse"', '"Warehouse "']
    ],
    [
      'two spellings of the id',
      `${one}: Warehouse, "0${one}": Lakehouse`,
      [`"${one}"`, `"0${one}"`]
    ]
  ])('are a problem that names both: %s', async (_what, lines, keys) => {
    const { plan, writes } = await new Platform(platform()).promote(promotion(lines))
    const { message, remedy } = only(byLevel(plan.remarks).problems)
    for (const named of [...keys, one, other]) expect(message).toContain(named)
    expect([writes, remedy]).toEqual([[], 'Keep the one that is meant.'])
  })

  it('that say the same are none, and the environment is on what they say', async () => {
    const all = new Platform(platform())
    const { plan } = await all.promote(promotion(`${one}: Lakehouse, Warehouse: ${other}`))
    expect(byLevel(plan.remarks).problems).toEqual([])
    expect(all.environment('Staging').connection_id).toBe(otherConnection)
  })

  it('are none where they are for two', async () => {
    const lines = `${one}: Lakehouse, Lakehouse: Warehouse`
    expect(
      byLevel((await new Platform(platform()).plan(promotion(lines))).remarks).problems
    ).toEqual([])
  })
})

describe('a line for an id', () => {
  const about = /under connections/
  const warnings = async (all: Platform, lines: string, environments?: string) =>
    byLevel((await all.plan(promotion(lines, environments))).remarks).warnings.filter((each) =>
      about.test(each)
    )

  it('that no promoted environment is on is a warning with near ids', async () => {
    const all = new Platform(platform())
    expect(await warnings(all, `${one}: ${other}`)).toEqual([])
    expect(await warnings(all, `56014: ${other}`)).toEqual([
      `The key "56014" under connections matches no connection of an environment that is promoted. The nearest is "${one}".`
    ])
  })

  it('that only another environment is on is a warning too', async () => {
    const all = new Platform(platform())
    all.editEnvironment(ids.qa, { connection_id: otherConnection })
    expect(await warnings(all, `${other}: ${one}`)).toHaveLength(1)
    expect(await warnings(all, `${other}: ${one}`, '[QA]')).toEqual([])
    expect(await warnings(all, `${other}: ${one}`, '["*"]')).toEqual([])
  })

  it('is no warning by a name that the account has', async () => {
    expect(await warnings(new Platform(platform()), 'Lakehouse: Warehouse')).toEqual([])
  })
})
