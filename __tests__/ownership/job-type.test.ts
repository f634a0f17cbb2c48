// The type of a job follows from what is said of it and from its triggers, by one rule for what is compared and what is
// sent: a job that is promoted is as it should be, and what the platform would refuse is a problem of the plan.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob, type Given, type Job, type State } from '../../sandbox/index.ts'
import { jobType } from '../../src/kinds/job-type.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import {
  after,
  alarms,
  ids,
  messages,
  outline,
  platform,
  Platform,
  triggers
} from '../../testing/worlds/two-projects.ts'
import { specOfText } from '../../testing/spec.ts'

const key = 'job:Staging/Nightly'

function spec(rule = '', more = ''): PromotionSpec {
  return specOfText(`source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
credentials-id: ${String(ids.credentials)}
environments: [Staging]
jobs: { rules: [${rule === '' ? '' : `{ match: "*", ${rule} }`}] }
${more}`)
}

const pull = triggers({ github_webhook: true })
const both = { ...pull, git_provider_webhook: true }
const off = triggers()

describe('jobType', () => {
  it.each([
    // said, triggers that are on, type
    ['other', [], 'other'],
    ['scheduled', [], 'other'],
    ['merge', [], 'merge'],
    ['merge', ['schedule'], 'scheduled'],
    ['other', ['schedule'], 'scheduled'],
    ['scheduled', ['on_merge'], 'merge'],
    ['other', ['github_webhook'], 'ci'],
    ['scheduled', ['git_provider_webhook', 'schedule'], 'ci'],
    ['ci', [], 'ci'],
    ['ci', ['schedule'], 'ci'],
    ['ci', ['on_merge'], 'merge'],
    ['adaptive', [], 'adaptive'],
    ['adaptive', ['github_webhook'], 'ci'],
    ['hybrid', [], 'hybrid'],
    ['a newer one', ['github_webhook'], 'a newer one']
  ] as const)('of %s with %j on is %s', (said, on, expected) => {
    const values = Object.fromEntries(on.map((name) => [`triggers.${name}`, true]))
    expect(jobType({ job_type: said, ...values })).toBe(expected)
    expect(jobType({ ...values, job_type: expected })).toBe(expected)
  })
})

describe('a promoted job', () => {
  it.each<[string, Given<Job>, string, string, string]>([
    // source, rule, policy, type in the target
    ['a CI job', { job_type: 'ci', triggers: both }, '', 'keep', 'ci'],
    ['a CI job that is paused', { job_type: 'ci', triggers: both }, '', 'paused', 'ci'],
    ['a CI job without triggers', { job_type: 'ci', triggers: off }, '', 'source', 'ci'],
    ['one that is said to be another', { job_type: 'other', triggers: pull }, '', 'keep', 'ci'],
    [
      'one that is said to be another, paused',
      { job_type: 'other', triggers: pull },
      '',
      'paused',
      'ci'
    ],
    [
      'a deactivated one',
      { job_type: 'other', triggers: pull, deactivated: true },
      '',
      'keep',
      'ci'
    ],
    ['one that a rule makes a CI job', {}, 'set: { triggers.github_webhook: true }', 'keep', 'ci'],
    [
      'one that a rule makes one, and that is left alone',
      {},
      'set: { triggers.github_webhook: true } }, { match: "*", keep: [triggers]',
      'paused',
      'ci'
    ],
    [
      'a CI job of which a rule switches the triggers off',
      { job_type: 'ci', triggers: both },
      'set: { triggers: { github_webhook: false, git_provider_webhook: false } }',
      'source',
      'ci'
    ],
    ['one that is said to be a CI job', {}, 'set: { job_type: ci }', 'keep', 'ci'],
    [
      'a CI job that becomes another by rule, paused',
      { job_type: 'ci', triggers: both },
      'set: { job_type: other }',
      'paused',
      'other'
    ],
    ['a merge job', { triggers: triggers({ on_merge: true }) }, '', 'keep', 'merge'],
    [
      'a merge job that is paused',
      { triggers: triggers({ on_merge: true }) },
      '',
      'paused',
      'merge'
    ],
    ['one that a rule makes a merge job', {}, 'set: { triggers.on_merge: true }', 'keep', 'merge'],
    ['an adaptive job', { job_type: 'adaptive' }, '', 'keep', 'adaptive'],
    [
      'an adaptive job with a trigger',
      { job_type: 'adaptive' },
      'set: { triggers.github_webhook: true }',
      'keep',
      'ci'
    ]
  ])('%s is as it should be, now and later', async (_what, source, rule, policy, type) => {
    const promotion = spec(rule, `schedule: ${policy}`)
    const world = new Platform(platform({}, source))
    const { plan, outcomes } = await world.promote(promotion)
    expect(messages(plan)).toEqual([])
    expect(
      outcomes.every(({ status, refused }) => status === 'applied' && refused.length === 0)
    ).toBe(true)
    expect(world.job('Nightly').job_type).toBe(type)
    const again = await world.promote(promotion)
    expect([messages(again.plan), again.writes]).toEqual([[], []])
    // Whatever becomes of the triggers that the target keeps, its type is no difference.
    if (policy === 'source' || (rule.includes('set') && !rule.includes('keep'))) return
    world.editJob(world.job('Nightly').id, { triggers: off })
    const third = await world.promote(promotion)
    expect([messages(third.plan), third.writes]).toEqual([[], []])
  })

  it('that is made in two writes is of its type from the first', async () => {
    const world = new Platform(platform({}, { job_type: 'other', triggers: pull }))
    const other = world.add((state) =>
      addJob(state, ids.staging, { name: 'Other', deferring_job_definition_id: ids.nightly })
    )
    world.editJob(ids.nightly, { deferring_job_definition_id: other })
    const { outcomes, writes } = await world.promote(spec())
    expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
    expect(writes.filter(({ path }) => path.includes('/jobs/'))).toHaveLength(4)
    expect(world.job('Nightly')).toMatchObject({ job_type: 'ci', triggers: pull })
    expect((await world.promote(spec())).writes).toEqual([])
  })

  it('stays of its type when it is paused, since its source is gone', async () => {
    const world = new Platform(platform({}, { job_type: 'ci', triggers: both }))
    world.add((state) => addJob(state, ids.staging, { name: 'Other' }))
    await world.promote(spec())
    world.editJob(ids.nightly, { state: 2 })
    const { outcomes } = await world.promote(spec('', 'removals: pause'))
    expect(outcomes).toMatchObject([{ status: 'applied', refused: [] }])
    expect(world.job('Nightly')).toMatchObject({ job_type: 'ci', triggers: off })
  })
})

describe('a change of type that the platform does not do', () => {
  it.each<[string, Given<Job>, Given<Job>, string, string]>([
    ['by a rule for a trigger', {}, {}, 'set: { triggers.github_webhook: true }', 'ci'],
    ['by the source', {}, { job_type: 'ci', triggers: both }, '', 'ci'],
    [
      'by the source, of which the type is left to the target',
      {},
      { job_type: 'ci', triggers: both },
      'keep: [job_type]',
      'ci'
    ],
    ['by a rule for the type', {}, {}, 'set: { job_type: adaptive }', 'adaptive'],
    ['from a CI job', { job_type: 'ci' }, { job_type: 'other' }, '', 'other'],
    ['from an adaptive job', { job_type: 'adaptive' }, { job_type: 'other' }, '', 'other']
  ])('%s is a problem', async (_what, first, then, rule, type) => {
    const world = new Platform(platform({}, first))
    await world.promote(spec())
    world.editJob(ids.nightly, { triggers: off, ...then })
    const { plan, writes } = await world.promote(spec(rule, 'schedule: source'))
    expect(messages(plan)).toHaveLength(1)
    expect(messages(plan)[0]).toContain(`would become ${type}, which the platform does not do`)
    expect(writes).toEqual([])
  })

  it('is one to a type that is set and that triggers make another', async () => {
    const world = new Platform(platform({}, { job_type: 'ci', triggers: both }))
    const told =
      'job_type of job "Nightly" is set to other, and it is a ci job while triggers.github_webhook and triggers.git_provider_webhook is on.'
    expect(messages(await world.plan(spec('set: { job_type: other }')))).toEqual([told])
    await world.promote(spec())
    expect(messages(await world.plan(spec('set: { job_type: other }')))).toHaveLength(1)
    expect(
      messages(await world.plan(spec('set: { job_type: merge } }, { match: "*", keep: [job_type]')))
    ).toEqual([])
  })
})

describe('a hybrid job', () => {
  const hybrid = (type: 0 | 1): Platform => {
    const state: State = platform({}, { job_type: 'hybrid' })
    const projects = state.projects.map((each) =>
      each.id === ids.target ? { ...each, type } : each
    )
    return new Platform({ ...state, projects })
  }

  it('is promoted into a hybrid project, and into no other', async () => {
    const world = hybrid(1)
    await world.promote(spec())
    expect(world.job('Nightly').job_type).toBe('hybrid')
    expect((await world.promote(spec())).writes).toEqual([])
    const { plan, writes } = await hybrid(0).promote(spec())
    expect([messages(plan), writes]).toEqual([
      [
        'Job "Nightly" is a hybrid job, and project "Project 86711" is not a hybrid project: the platform takes hybrid jobs in hybrid projects only.'
      ],
      []
    ])
    const set = await new Platform(platform()).plan(spec('set: { job_type: hybrid }'))
    expect(messages(set).join()).toContain('is a hybrid job')
  })
})

describe('triggers on pull requests', () => {
  const provided = (
    strategy: string | null,
    source: Given<Job>,
    ofSource = 'github_app'
  ): Platform => {
    const world = new Platform(platform({}, { job_type: 'ci', ...source }))
    const strategies = new Map(
      world.state.projects.map(({ id, repository_id: own }) => [
        own,
        id === ids.target ? (strategy ?? '') : ofSource
      ])
    )
    const repositories = world.state.repositories.map((each) => ({
      ...each,
      git_clone_strategy: strategies.get(each.id) ?? each.git_clone_strategy
    }))
    const projects = world.state.projects.map((each) =>
      each.id === ids.target && strategy === null ? { ...each, repository_id: null } : each
    )
    world.state = { ...world.state, repositories, projects }
    return world
  }
  const provider = { ...off, git_provider_webhook: true }

  it.each([
    ['github_app', pull, pull],
    ['github_app', both, both],
    ['deploy_token', pull, provider],
    ['deploy_token', provider, provider],
    ['azure_active_directory_app', pull, provider],
    ['azure_active_directory_app', both, both],
    // Nobody knows which provider this is.
    ['git_token', pull, pull]
  ])('are what the provider of the target has: %s, %j', async (strategy, source, expected) => {
    for (const policy of ['keep', 'source']) {
      const world = provided(strategy, { triggers: source })
      const { plan } = await world.promote(spec('', `schedule: ${policy}`))
      expect(world.job('Nightly')).toMatchObject({ job_type: 'ci', triggers: expected })
      expect(alarms(plan)).toEqual([`starts ${key}`])
      const again = await world.promote(spec('', `schedule: ${policy}`))
      expect([again.writes, outline(again.plan)]).toEqual([[], []])
    }
  })

  it('are what the target has where the source has another provider, and else as they are', async () => {
    const other = provided('github_app', { triggers: provider }, 'deploy_token')
    await other.promote(spec(''))
    expect(other.job('Nightly').triggers).toEqual(pull)
    const same = provided('github_app', { triggers: provider })
    const { plan } = await same.promote(spec(''))
    expect(same.job('Nightly').triggers).toEqual(provider)
    expect(alarms(plan)).toEqual([])
    expect(byLevel(plan.remarks).warnings.join()).toContain('uses triggers.github_webhook')
    expect((await same.promote(spec(''))).writes).toEqual([])
  })

  it('are a warning and no alarm where nothing would start the job', async () => {
    const set = 'set: { triggers.github_webhook: true }'
    for (const [strategy, rule, source, told] of [
      ['deploy_key', '', both, 'without a native Git integration nothing triggers it'],
      [null, '', both, 'the repository of project "Project 86711" is missing'],
      ['deploy_key', '', triggers({ on_merge: true }), 'nothing triggers it'],
      ['deploy_token', set, pull, 'Set triggers.git_provider_webhook in a rule for it']
    ] as const) {
      const { job_type } = {
        job_type: source === both || source === pull ? 'ci' : 'merge'
      } as const
      const world = provided(strategy, { job_type, triggers: source })
      const { plan } = await world.promote(spec(rule))
      expect(byLevel(plan.remarks).warnings.join()).toContain(told)
      expect(alarms(plan)).toEqual([])
      expect(world.job('Nightly').triggers).toEqual(source)
      expect((await world.promote(spec(rule))).writes).toEqual([])

      // Of an update too, and of one that switches off what never started.
      world.editJob(world.job('Nightly').id, { triggers: off })
      const on = await world.promote(spec(rule, 'schedule: source'))
      expect(byLevel(on.plan.remarks).warnings.join()).toContain(told)
      expect(alarms(on.plan)).toEqual([])
    }
  })

  it('leave the alarm to what does start the job', async () => {
    const world = provided('deploy_key', {
      job_type: 'ci',
      triggers: pull,
      job_completion_trigger_condition: after(ids.nightly, ids.source)
    })
    const plan = await world.plan(spec())
    expect(byLevel(plan.remarks).alarms).toMatchObject([
      { message: 'New job "Nightly" in "Staging" will run by itself: when another job completes.' }
    ])
  })
})
