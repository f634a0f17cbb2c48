// An environment that gets bindings of its own leaves its profile: what the write resets is a change of the plan.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import {
  bodies,
  ids,
  inputs,
  platform,
  Platform,
  updateOf
} from '../../testing/worlds/two-projects.ts'

async function promoted(): Promise<{ all: Platform; profile: number | null }> {
  const all = new Platform(platform())
  await all.promote(inputs({ 'credentials-id': String(ids.credentials) }))
  return { all, profile: all.environment('Staging').primary_profile_id }
}

describe.each([
  ['credentials-id', ids.otherCredentials, 'credentials_id'],
  ['connection', ids.otherConnection, 'connection_id']
])('%s', (input, own, path) => {
  it('takes the profile away, in plan, alarms and hash, and only once', async () => {
    const { all, profile } = await promoted()
    expect(profile).toEqual(expect.any(Number))
    const spec = inputs({ 'credentials-id': String(ids.credentials), [input]: String(own) })
    const { plan, writes } = await all.promote(spec)
    expect(updateOf(plan, 'environment:Staging').fields.map((each) => each.path)).toEqual(
      expect.arrayContaining([path, 'primary_profile_id'])
    )
    expect(updateOf(plan, 'environment:Staging').fields).toContainEqual({
      path: 'primary_profile_id',
      before: profile,
      after: null
    })
    expect(byLevel(plan.remarks).alarms.map(({ message }) => message)).toContain(
      'primary_profile_id of environment "Staging" changes.'
    )
    expect(bodies(writes).every((body) => !('primary_profile_id' in body))).toBe(true)
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('leaves it where nothing of it changes', async () => {
    const { all } = await promoted()
    all.editEnvironment(ids.staging, { supports_docs: true })
    const { plan } = await all.promote(inputs({ 'credentials-id': String(ids.credentials) }))
    expect(updateOf(plan, 'environment:Staging').fields.map((each) => each.path)).toEqual([
      'supports_docs'
    ])
  })
})
