// Journals that earlier versions wrote are undone as those of today: recorded files of the same promotions.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SIX } from '../../sandbox/index.ts'
import { specOf as specOfSix, worldOf } from '../../testing/worlds/six.ts'
import { fallen, planOf } from './journals.ts'
import { promoted } from './values.ts'

const recorded = (name: string): string =>
  readFileSync(path.resolve(import.meta.dirname, '../fixtures/journals-v1', name), 'utf8')

const six = async () => {
  const world = worldOf(false)
  const { journal } = await world.promote(specOfSix(SIX.targetProject, false))
  return { world, journal }
}

describe.each([
  ['six-environments.jsonl', six],
  ['values.jsonl', promoted]
])('the journal %s', (name, promotion) => {
  it.each([
    ['as it is', (text: string) => text],
    ['of a run that was killed at its end', fallen]
  ])('%s', async (_what, left) => {
    const { world, journal } = await promotion()
    const before = recorded(name)
    expect(before).toContain('"version":1')
    const { changes, remarks } = await planOf(world, left(before))
    expect(await planOf(world, left(journal))).toMatchObject({ changes, remarks })
    const { outcomes } = await world.rollback(left(before))
    expect(outcomes.length).toBeGreaterThan(0)
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['applied']))
  })
})
