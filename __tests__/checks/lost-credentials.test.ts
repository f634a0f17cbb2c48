// An environment that would lose its credentials: the platform answers with an error that tells nothing, so this says it.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { replaceEnvironment } from '../../src/kinds/environment.ts'
import { ids, inputs, messages, platform, Platform } from '../../testing/worlds/two-projects.ts'
import { fixture } from '../../testing/worlds/small.ts'
import { specOfText } from '../../testing/spec.ts'

const spec = inputs({ environments: 'Staging' })
const without = inputs({ environments: 'Staging', 'credentials-id': '' })

const loses = /^Environment "Staging" loses its credentials: .* error 500\. /
const cause = /^The likely cause is that the environment would have no credentials/

const lost = (warnings: readonly string[]): readonly string[] =>
  warnings.filter((each) => loses.test(each))

describe('an environment that never had credentials', () => {
  it('is updated without a word', async () => {
    const all = new Platform(platform())
    await all.promote(without)
    all.editEnvironment(ids.staging, { supports_docs: true })
    const { plan, outcomes } = await all.promote(without)
    expect(lost(byLevel(plan.remarks).warnings)).toEqual([])
    expect(outcomes.map(({ status }) => status)).toEqual(['applied'])
  })

  it('that the platform refuses to update all the same is told what is likely missing', async () => {
    const all = new Platform(platform())
    await all.promote(without)
    all.editEnvironment(ids.staging, { supports_docs: true })
    const body = JSON.stringify(fixture('errors/500-environment-without-credentials'))
    all.answer = ({ method }) =>
      method === 'POST' ? { status: 500, headers: {}, body } : undefined
    const { outcomes } = await all.promote(without)
    expect(outcomes[0]?.error?.message).toContain('There was a server error.')
    expect(outcomes[0]?.error?.remedy).toMatch(cause)
    expect(outcomes[0]?.error?.remedy).toContain('set credentials-id')
  })

  it('and is new is told the same', async () => {
    const all = new Platform(platform())
    const body = JSON.stringify(fixture('errors/500-environment-without-credentials'))
    all.answer = ({ method }) =>
      method === 'POST' ? { status: 500, headers: {}, body } : undefined
    const { outcomes } = await all.promote(without)
    expect(outcomes[0]?.error?.remedy).toMatch(cause)
  })
})

describe('a 500 that has other causes', () => {
  it('is told as ever where there are credentials, of its own or of a profile', () => {
    const place = { account: 1, project: 2 }
    for (const [values, isLikely] of [
      [{ name: 'a' }, true],
      [{ name: 'a', credentials_id: null, primary_profile_id: null }, true],
      [{ name: 'a', credentials_id: 3 }, false],
      [{ name: 'a', primary_profile_id: 4 }, false]
    ] as const) {
      const { onServerError } = replaceEnvironment(place, 9, values)
      expect([values, onServerError !== undefined]).toEqual([values, isLikely])
    }
  })

  it('of another status is no hint', async () => {
    const all = new Platform(platform())
    await all.promote(without)
    all.editEnvironment(ids.staging, { supports_docs: true })
    all.answer = ({ method }) =>
      method === 'POST' ? { status: 502, headers: {}, body: '{}' } : undefined
    const { outcomes } = await all.promote(without)
    expect(outcomes[0]?.error?.remedy).not.toMatch(cause)
  })
})

describe('an environment that loses its credentials', () => {
  const file = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
environments: [{ from: Staging, set: { credentials_id: null } }]`

  it('is a warning of the plan, and the refusal says the likely cause', async () => {
    const all = new Platform(platform())
    await all.promote(spec)
    const { plan, outcomes } = await all.promote(specOfText(file))
    expect(messages(plan)).toEqual([])
    expect(lost(byLevel(plan.remarks).warnings)).toEqual([
      expect.stringMatching(/Set credentials-id to credentials of the target project\.$/)
    ])
    expect(outcomes[0]?.error?.remedy).toMatch(cause)
    expect(all.environment('Staging').credentials_id).toBe(ids.credentials)
  })

  it('by a rollback is one too, which says how to keep them', async () => {
    const all = new Platform(platform())
    await all.promote(without)
    const { journal } = await all.promote(spec)
    expect(all.environment('Staging').credentials_id).toBe(ids.credentials)
    const { plan, outcomes } = await all.rollback(journal)
    expect(messages(plan)).toEqual([])
    expect(lost(byLevel(plan.remarks).warnings)).toEqual([
      expect.stringMatching(
        /To keep them, take the line of "environment:Staging" out of the journal\.$/
      )
    ])
    expect(outcomes[0]?.error?.remedy).toMatch(cause)
  })
})
