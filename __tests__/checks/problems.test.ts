// Changes that the platform would refuse, or that would break the target: problems of the plan, found all at once,
// and nothing is written.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob, type Given, type Job, type State } from '../../sandbox/index.ts'
import {
  ids,
  inputs,
  messages,
  only,
  platform,
  Platform,
  triggers,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

/** The problems of a promotion, which must have left everything as it was. */
async function problemsOf(all: Platform, more: Inputs = {}) {
  const before = all.state
  const { plan, writes, outcomes } = await all.promote(inputs(more))
  expect([writes, outcomes]).toEqual([[], []])
  expect(all.state.environments).toBe(before.environments)
  expect(all.state.jobs).toBe(before.jobs)
  return byLevel(plan.remarks).problems
}

describe('the type of a job', () => {
  const ci: Given<Job> = { job_type: 'ci', triggers: triggers({ github_webhook: true }) }
  const adaptive: Given<Job> = { job_type: 'adaptive', triggers: triggers() }
  const plain: Given<Job> = { job_type: 'other', triggers: triggers() }
  const scheduled: Given<Job> = { job_type: 'scheduled', triggers: triggers({ schedule: true }) }
  const merge: Given<Job> = { job_type: 'merge', triggers: triggers({ on_merge: true }) }

  it.each([
    ['other', 'ci', plain, ci],
    ['scheduled', 'ci', scheduled, ci],
    ['merge', 'ci', merge, ci],
    ['ci', 'other', ci, plain],
    ['ci', 'merge', ci, merge],
    ['ci', 'adaptive', ci, adaptive],
    ['other', 'adaptive', plain, adaptive],
    ['adaptive', 'other', adaptive, plain],
    ['adaptive', 'scheduled', adaptive, scheduled]
  ])('from %s to %s is a problem', async (from, to, first, second) => {
    for (const schedule of ['keep', 'source']) {
      const all = new Platform(platform({}, first))
      await all.promote(inputs({ schedule }))
      all.editJob(ids.nightly, second)
      const { message, remedy } = only(await problemsOf(all, { schedule }))
      expect(message).toContain(`${String(all.job('Nightly').id)} "Nightly"`)
      expect(message).toContain(from)
      expect(message).toContain(to)
      expect(remedy).not.toBe('')
    }
  })

  it.each([
    ['other', 'scheduled', plain, scheduled],
    ['scheduled', 'other', scheduled, plain],
    ['other', 'merge', plain, merge],
    ['merge', 'scheduled', merge, scheduled]
  ])('from %s to %s is none', async (_from, to, first, second) => {
    const all = new Platform(platform({}, first))
    await all.promote(inputs({ schedule: 'source' }))
    all.editJob(ids.nightly, second)
    const { plan } = await all.promote(inputs({ schedule: 'source' }))
    expect(messages(plan)).toEqual([])
    expect(all.job('Nightly').job_type).toBe(to)
    expect((await all.promote(inputs({ schedule: 'source' }))).writes).toEqual([])
  })

  it('of an adopted job counts too', async () => {
    const all = new Platform(platform({}, ci))
    await all.promote(inputs({ resources: 'environments' }))
    all.add((state) => addJob(state, all.environment('Staging').id, { name: 'Nightly' }))
    expect(await problemsOf(all, { adopt: 'true' })).toHaveLength(1)
  })
})

describe('a second environment of a kind', () => {
  it.each(['production', 'staging'] as const)(
    'is a problem where the target has one: %s',
    async (type) => {
      const all = new Platform(platform())
      all.editEnvironment(ids.staging, { deployment_type: type })
      all.add((state) =>
        addEnvironment(state, ids.target, { name: 'Theirs', deployment_type: type })
      )
      const { message } = only(await problemsOf(all))
      for (const named of [type, '"Theirs"', '"Staging"']) expect(message).toContain(named)
    }
  )

  it('is a problem where the input gives it to several', async () => {
    const { message } = only(
      await problemsOf(new Platform(platform()), { 'deployment-type': 'production' })
    )
    for (const named of ['"QA"', '"Staging"']) expect(message).toContain(named)
  })

  it('is a problem where an update would make it one', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    all.editEnvironment(all.environment('QA').id, { deployment_type: 'production' })
    const more = { environments: 'Staging', 'deployment-type': 'production' }
    expect(await problemsOf(all, more)).toHaveLength(1)
  })

  it('is none where the target’s own is the one that is promoted to', async () => {
    const all = new Platform(platform())
    all.editEnvironment(ids.staging, { deployment_type: 'production' })
    await all.promote(inputs())
    const { plan } = await all.promote(inputs())
    expect(messages(plan)).toEqual([])
  })

  it('is none where the target keeps another kind', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    all.editEnvironment(all.environment('QA').id, { deployment_type: 'production' })
    all.editEnvironment(ids.staging, { deployment_type: 'production' })
    expect(messages((await all.promote(inputs())).plan)).toEqual([])
  })

  it('is none where the old one is deleted', async () => {
    const all = new Platform(platform())
    all.editEnvironment(ids.staging, { deployment_type: 'production' })
    all.add((state) =>
      addEnvironment(state, ids.target, { deployment_type: 'production', state: 2 })
    )
    expect(messages((await all.promote(inputs())).plan)).toEqual([])
  })

  it('is none with general', async () => {
    const all = new Platform(platform())
    all.editEnvironment(ids.staging, { deployment_type: 'production' })
    all.add((state) => addEnvironment(state, ids.target, { deployment_type: 'production' }))
    const { plan } = await all.promote(inputs({ 'deployment-type': 'general' }))
    expect(messages(plan)).toEqual([])
  })
})

describe('credentials', () => {
  it.each([
    ['the source', ids.sourceCredentials],
    ['a third project', ids.thirdCredentials],
    ['nobody', 4711]
  ])('of %s are a problem', async (_whose, id) => {
    const { message } = only(
      await problemsOf(new Platform(platform()), { 'credentials-id': String(id) })
    )
    expect(message).toContain(String(id))
  })
})

describe('a development environment', () => {
  const withDevelopment = (build: (state: State) => number): Platform => {
    const all = new Platform(platform())
    all.add(build)
    return all
  }

  it('of the target is a problem to promote to', async () => {
    const all = withDevelopment((state) =>
      addEnvironment(state, ids.target, { name: 'Staging', type: 'development' })
    )
    const { message } = only(await problemsOf(all))
    expect(message).toContain('development')
    expect(message).toContain('"Staging"')
  })

  it('of the source is a problem to name', async () => {
    const all = withDevelopment((state) =>
      addEnvironment(state, ids.source, { name: 'Development', type: 'development' })
    )
    const { message } = only(await problemsOf(all, { environments: 'Development' }))
    expect(message).toContain('development')
  })

  it('of the source is passed over by *', async () => {
    const all = withDevelopment((state) =>
      addEnvironment(state, ids.source, { name: 'Development', type: 'development' })
    )
    await all.promote(inputs())
    expect(all.environments().map(({ name }) => name)).toEqual(['QA', 'Staging'])
  })
})

describe('two sources of one name', () => {
  it.each([
    ['by a mapping', { environments: 'Staging -> Production\nQA -> Production' }],
    ['by a template', { 'environment-name': 'Production' }]
  ])('are a problem for environments: %s', async (_how, more) => {
    const all = new Platform(platform())
    const problems = await problemsOf(all, more)
    const { message } = only(problems)
    for (const named of ['"Production"', '"QA"', '"Staging"']) expect(message).toContain(named)
  })

  it('are a problem for jobs', async () => {
    const all = new Platform(platform())
    all.add((state) => addJob(state, ids.staging, { name: 'Hourly' }))
    const { message } = only(await problemsOf(all, { 'job-name': 'The job' }))
    for (const named of ['"The job"', '"Nightly"', '"Hourly"']) expect(message).toContain(named)
  })

  it('are none where only one of them is promoted', async () => {
    const all = new Platform(platform())
    all.add((state) => addJob(state, ids.staging, { name: 'Hourly' }))
    const { plan } = await all.promote(inputs({ 'job-name': 'The job', jobs: 'Nightly' }))
    expect(messages(plan)).toEqual([])
  })
})

describe('problems', () => {
  it('are told all at once', async () => {
    const all = new Platform(platform())
    all.editEnvironment(ids.staging, { deployment_type: 'production' })
    all.add((state) => addEnvironment(state, ids.target, { deployment_type: 'production' }))
    all.editJob(ids.nightly, { deferring_job_definition_id: 4711 })
    all.add((state) => addJob(state, ids.qa, { name: 'Twin' }))
    all.add((state) => addJob(state, ids.qa, { name: 'Twin ' }))
    const problems = await problemsOf(all, { 'credentials-id': String(ids.thirdCredentials) })
    expect(problems).toHaveLength(4)
    for (const { message, remedy } of problems) {
      expect(message).toMatch(/\.$/)
      expect(remedy).toMatch(/\.$/)
    }
  })
})

describe('a target without a native Git integration', () => {
  const withRepository = (strategy: string | null): Platform => {
    const all = new Platform(
      platform({}, { job_type: 'ci', triggers: triggers({ github_webhook: true }) })
    )
    const projects = all.state.projects.map((project) =>
      project.id === ids.target && strategy === null ? { ...project, repository_id: null } : project
    )
    const repositories = all.state.repositories.map((repository) =>
      repository.project_id === ids.target && strategy !== null
        ? { ...repository, git_clone_strategy: strategy }
        : repository
    )
    all.state = { ...all.state, projects, repositories }
    return all
  }
  const about = /Git/

  it.each([
    ['a deploy key', 'deploy_key'],
    ['no repository', null]
  ])('is a warning for a new CI job: %s', async (_what, strategy) => {
    const { plan } = await withRepository(strategy).promote(inputs())
    expect(messages(plan)).toEqual([])
    expect(only(byLevel(plan.remarks).warnings.filter((text) => about.test(text)))).toContain(
      '"Nightly"'
    )
  })

  it.each(['github_app', 'azure_active_directory_app', 'git_token'])(
    'is none with %s',
    async (strategy) => {
      const { warnings } = byLevel((await withRepository(strategy).plan(inputs())).remarks)
      expect(warnings.filter((text) => about.test(text))).toEqual([])
    }
  )

  it('is no matter for a job that does not wait for Git', async () => {
    const all = withRepository('deploy_key')
    all.editJob(ids.nightly, { job_type: 'scheduled', triggers: triggers({ schedule: true }) })
    expect(
      byLevel((await all.plan(inputs())).remarks).warnings.filter((text) => about.test(text))
    ).toEqual([])
  })
})
