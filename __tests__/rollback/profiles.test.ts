// Profiles: what the platform chooses by itself when bindings change, and what a rollback makes of it.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addProfile } from '../../sandbox/index.ts'
import { ids, inputs, messages, platform, Platform } from '../../testing/worlds/two-projects.ts'
import { specOfText } from '../../testing/spec.ts'
import { planOf } from './journals.ts'

/** Staging and QA in the target, on one profile. */
async function shared(): Promise<{ all: Platform; profile: number | null }> {
  const all = new Platform(platform())
  await all.promote(inputs())
  const profile = all.environment('QA').primary_profile_id
  all.editEnvironment(all.environment('Staging').id, { primary_profile_id: profile })
  return { all, profile }
}

const other = (all: Platform): ReturnType<Platform['promote']> =>
  all.promote(inputs({ environments: 'Staging', 'credentials-id': String(ids.otherCredentials) }))

describe('bindings that changed', () => {
  it('go back with the profile of before, where another environment shows that it still holds them', async () => {
    const { all, profile } = await shared()
    const { journal } = await other(all)
    const made = all.environment('Staging').primary_profile_id
    expect(made).not.toBe(profile)
    const { plan } = await all.rollback(journal)
    expect(messages(plan)).toEqual([])
    expect(all.environment('Staging')).toMatchObject({
      credentials_id: ids.credentials,
      primary_profile_id: profile
    })
    expect((await all.rollback(journal)).writes).toEqual([])
  })

  it('go back without it where the profile holds others by now, and that is told', async () => {
    const { all, profile } = await shared()
    const { journal } = await other(all)
    const made = all.environment('Staging').primary_profile_id
    all.editEnvironment(all.environment('QA').id, { credentials_id: ids.otherCredentials })
    const { plan } = await all.rollback(journal)
    expect(messages(plan)).toEqual([])
    expect(byLevel(plan.remarks).notices).toContain(
      `Environment "Staging" had the profile ${String(profile)}, and has one of the platform's choice: it gets its bindings back, and keeps that one.`
    )
    expect(all.environment('Staging')).toMatchObject({
      credentials_id: ids.credentials,
      primary_profile_id: made
    })
    expect((await all.rollback(journal)).writes).toEqual([])
  })
})

describe('a profile that was set', () => {
  it.each([
    ['of an environment with bindings of its own', String(ids.credentials)],
    ['of an environment without credentials', '']
  ])('goes with the bindings that it brought: %s', async (_what, credentials) => {
    const all = new Platform(platform({ lostCredentials: 'reset' }))
    await all.promote(inputs({ 'credentials-id': credentials }))
    const before = all.environment('Staging')
    const profile = all.add((state) =>
      addProfile(state, ids.target, {
        credentials_id: ids.otherCredentials,
        connection_id: ids.otherConnection
      })
    )
    const spec = specOfText(
      `environments: [{ from: Staging, set: { primary_profile_id: ${String(profile)} } }]`,
      {
        'account-id': String(ids.account),
        'source-project': String(ids.source),
        'target-project': String(ids.target)
      }
    )
    const { journal, plan } = await all.promote(spec)
    expect(messages(plan)).toEqual([])
    expect(all.environment('Staging')).toMatchObject({
      primary_profile_id: profile,
      credentials_id: ids.otherCredentials
    })
    expect(messages(await planOf(all, journal))).toEqual([])
    await all.rollback(journal)
    const { primary_profile_id, credentials_id, connection_id } = before
    expect(all.environment('Staging')).toMatchObject({
      primary_profile_id,
      credentials_id,
      connection_id
    })
  })
})
