// dbt versions that the platform removes, with the environments and jobs that are on them, and the way back to them.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob } from '../../sandbox/index.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import {
  alarms,
  ids,
  inputs,
  messages,
  platform,
  Platform
} from '../../testing/worlds/two-projects.ts'
import { specOfText } from '../../testing/spec.ts'

const spec = inputs({ environments: 'Staging' })
const environment = 'environment:Staging'
const job = 'job:Staging/Nightly'

/** Versions of an environment and of its job; null of a job is that of its environment. */
type Versions = readonly [string, string | null]

/** A promoted environment with a job, and the versions that both sides have since. */
async function lived([env, own]: Versions, [heldEnv, heldOwn]: Versions): Promise<Platform> {
  const all = new Platform(platform())
  await all.promote(spec)
  all.editEnvironment(ids.staging, { dbt_version: env })
  all.editJob(ids.nightly, { dbt_version: own })
  all.editEnvironment(all.environment('Staging').id, { dbt_version: heldEnv })
  all.editJob(all.job('Nightly').id, { dbt_version: heldOwn })
  return all
}

const removed = (plan: Plan): readonly string[] =>
  byLevel(plan.remarks).warnings.filter((each) => each.includes('2027-01-31'))

/** What a warning of a side names. */
const named = (plan: Plan, side: 'source' | 'target'): string =>
  removed(plan)
    .map((each) => new RegExp(`In the ${side}: (.*)\\. Move`).exec(each)?.[1] ?? '')
    .join('')

describe('a version that the platform removes', () => {
  it('is a warning with the day, what becomes of what is on it, and the way out', async () => {
    const all = new Platform(platform())
    all.editEnvironment(ids.staging, { dbt_version: '1.5.0-latest' })
    all.editJob(ids.nightly, { dbt_version: '1.7.0-latest' })
    const plan = await all.plan(spec)
    expect(messages(plan)).toEqual([])
    const rest =
      'Move them to a release track, such as latest: in the source, or for the target with dbt-version for environments ' +
      'and dbt_version in a rule for jobs.'
    const first =
      'The platform removes dbt 1.7 and older on 2027-01-31, and deletes the environments and jobs that are still on them.'
    expect(removed(plan)).toEqual([
      `${first} In the target: environment "Staging" (1.5.0-latest), job "Nightly" in "Staging" (1.7.0-latest). ${rest}`,
      `${first} In the source: environment "Staging" (1.5.0-latest), job "Nightly" (1.7.0-latest). ${rest}`
    ])
    // What is new goes back to nothing.
    expect(byLevel(plan.remarks).alarms).toEqual([])
    await all.promote(spec)
    expect(removed(await all.plan(spec))).toEqual(removed(plan))
  })

  it('is told by its number', async () => {
    const old = ['1.3.0-latest', '1.6.0-pre', '1.7.19', '1.0.0', '0.21.1']
    const kept = ['1.8.0-latest', '1.10.0-latest', '2.0.0-latest', 'latest', 'versionless']
    const tracks = ['compatible', 'extended', 'fallback', 'latest-fusion', 'fusion-stable']
    for (const version of [...old, ...kept, ...tracks]) {
      const all = await lived([version, null], [version, null])
      const plan = await all.plan(spec)
      expect([version, removed(plan).length]).toEqual([version, old.includes(version) ? 2 : 0])
    }
  })

  it('counts as it will be, on each side by itself', async () => {
    const all = await lived(['1.5.0-latest', '1.6.0-latest'], ['1.4.0-latest', null])
    const text = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
environments: [Staging]
dbt-version: latest
jobs: { rules: [{ match: "*", set: { dbt_version: null } }] }`
    const plan = await all.plan(specOfText(text))
    expect(named(plan, 'target')).toBe('')
    expect(named(plan, 'source')).toBe(
      'environment "Staging" (1.5.0-latest), job "Nightly" (1.6.0-latest)'
    )
    all.editEnvironment(ids.staging, { dbt_version: 'latest' })
    all.editJob(ids.nightly, { dbt_version: null })
    const jobsAlone = await all.plan(inputs({ environments: 'Staging', resources: 'jobs' }))
    expect(named(jobsAlone, 'target')).toBe('environment "Staging" (1.4.0-latest)')
    expect(named(jobsAlone, 'source')).toBe('')
  })
})

describe('an update that goes back', () => {
  const kept = '1.9.0-latest'
  const old = '1.5.0-latest'
  it.each<[string, Versions, Versions, readonly string[]]>([
    ['from a track to a removed version', [old, null], ['latest', null], [environment]],
    ['from another track', [old, null], ['compatible', null], [environment]],
    ['from a Fusion track', [old, null], ['fusion-stable', null], [environment]],
    ['from a track to any pinned version', [kept, null], ['latest', null], [environment]],
    ['from a pinned version to a removed one', [old, null], [kept, null], [environment]],
    ['of a job from its environment’s track', ['latest', old], ['latest', null], [job]],
    ['of a job from a track of its own', [kept, old], [kept, 'latest'], [job]],
    ['of a job to its environment’s version', [old, null], [old, 'latest'], [job]],
    ['of both', [old, old], ['latest', 'latest'], [environment, job]],
    // None of these goes back.
    ['on to a track', ['latest', null], [old, null], []],
    ['between tracks', ['extended', 'latest'], ['latest', 'compatible'], []],
    ['between pinned versions', [kept, null], ['1.10.0-latest', null], []],
    ['between removed versions', [old, null], ['1.6.0-latest', null], []],
    ['of nothing', [old, old], [old, old], []],
    ['by its old name', ['latest', 'latest'], ['versionless', 'versionless'], []]
  ])('is an alarm: %s', async (_what, source, target, wanted) => {
    const all = await lived(source, target)
    const { plan, journal } = await all.promote(spec)
    expect(alarms(plan)).toEqual(wanted.map((key) => `version ${key}`))
    if (journal === '') return
    // To undo the way forward is to go back.
    const forth = await lived(target, source)
    const { journal: onwards } = await forth.promote(spec)
    expect(alarms((await forth.rollback(onwards)).plan)).toEqual(alarms(plan))
  })

  it('says where from, where to, and what becomes of it', async () => {
    const all = await lived([old, kept], ['latest', null])
    expect(byLevel((await all.plan(spec)).remarks).alarms.map(({ message }) => message)).toEqual([
      `Environment "Staging" goes back from dbt latest to ${old}. The platform removes dbt 1.7 and older on 2027-01-31, ` +
        'and deletes the environments and jobs that are still on them.',
      `Job "Nightly" in "Staging" goes back from dbt latest to ${kept}.`
    ])
  })

  it('is none where the target keeps its version', async () => {
    const all = await lived([old, null], ['latest', null])
    const text = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
environments: [{ from: Staging, keep: [dbt_version] }]`
    const keeping: PromotionSpec = specOfText(text)
    const plan = await all.plan(keeping)
    expect(byLevel(plan.remarks).alarms).toEqual([])
    expect(named(plan, 'target')).toBe('')
  })
})

it('many of them are counted', async () => {
  const all = new Platform(platform())
  for (let n = 0; n < 30; n++)
    all.add((state) =>
      addJob(state, ids.staging, { name: `Job ${String(n)}`, dbt_version: '1.5.0-latest' })
    )
  const plan = await all.plan(spec)
  expect(named(plan, 'source')).toMatch(/and 10 more$/)
})
