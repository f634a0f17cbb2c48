// Where it is not certain which object is meant, nothing is done.
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  addEnvironment,
  addJob,
  BLOG,
  blog,
  startSandbox,
  type Sandbox,
  type State
} from '../../sandbox/index.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import {
  blogInputs,
  blogWithJobs,
  production,
  promoted,
  tables
} from '../../testing/worlds/blog.ts'

let sandbox: Sandbox

afterEach(async () => {
  await sandbox.close()
})

async function start(seed: State): Promise<void> {
  sandbox = await startSandbox({ seed })
}

async function promote(more: Inputs = {}): Promise<ActionRun> {
  return runAction(blogInputs(sandbox, more), { sandbox })
}

/** Runs the action, and expects a plan that must not be applied. */
async function refused(more: Inputs = {}): Promise<ActionRun> {
  const before = tables(sandbox)
  const result = await promote(more)
  expect(result).toMatchObject({
    ok: false,
    writes: [],
    outputs: { 'failure-reason': 'plan-problems', changed: 'false' }
  })
  expect(tables(sandbox)).toEqual(before)
  return result
}

describe('in the target', () => {
  it('two environments of one name', async () => {
    const seed = blog()
    const ids = [' ', ''].map((blank) =>
      addEnvironment(seed, BLOG.productionProject, { name: `${promoted.environment}${blank}` })
    )
    await start(seed)
    const { error } = await refused()
    for (const id of ids) expect(error).toContain(String(id))
    expect(error).toContain(promoted.environment)
  })

  it('a development environment of the name', async () => {
    const seed = blog()
    addEnvironment(seed, BLOG.productionProject, { name: 'dev-staging', type: 'development' })
    await start(seed)
    expect((await refused({ 'environment-name': '' })).error).toContain('development environment')
  })

  it.each([['false'], ['true']])('two jobs of one name, with adopt: %s', async (adopt) => {
    const seed = blog()
    const environment = addEnvironment(seed, BLOG.productionProject, { name: promoted.environment })
    const ids = [1, 2].map(() => addJob(seed, environment, { name: promoted.job }))
    await start(seed)
    const { error } = await refused({ adopt })
    for (const id of ids) expect(error).toContain(String(id))
  })

  it('a job of the name that no promotion made, until it is to be adopted', async () => {
    const seed = blog()
    const environment = addEnvironment(seed, BLOG.productionProject, { name: promoted.environment })
    const id = addJob(seed, environment, { name: promoted.job, description: 'By hand.' })
    await start(seed)
    const { error } = await refused()
    expect(error).toContain(String(id))
    expect(error).toContain('adopt')

    const adopted = await promote({ adopt: 'true' })
    expect(adopted.error).toBe('')
    expect(adopted.outputs).toMatchObject({ 'job-id': String(id), created: '0' })
    expect(production(sandbox).jobs).toMatchObject([
      { id, execute_steps: ['dbt seed', 'dbt run', 'dbt test'] }
    ])
    // From then on it is known.
    expect(await promote()).toMatchObject({ ok: true, writes: [] })
  })

  it('a copy of a promoted job, made by hand', async () => {
    await start(blog())
    await promote()
    const [original] = production(sandbox).jobs
    const seed = structuredClone(sandbox.state())
    const copy = addJob(seed, original?.environment_id ?? 0, {
      name: `${promoted.job} (copy)`,
      description: original?.description ?? ''
    })
    sandbox.setState(seed)
    const result = await promote()
    expect(result).toMatchObject({ ok: true, writes: [] })
    expect(result.outputs['job-id']).toBe(String(original?.id))
    expect(result.outputs['job-ids']).not.toContain(String(copy))
  })
})

describe('in the source', () => {
  it('two environments that become one', async () => {
    const seed = blog()
    addEnvironment(seed, BLOG.developmentProject, { id: 75_300, name: 'dev-qa' })
    await start(seed)
    const { error } = await refused({ environments: 'dev-staging\ndev-qa' })
    expect(error).toContain('75286 "dev-staging" and 75300 "dev-qa"')
    expect(error).toContain('{name}')
  })

  it('two environments that are mapped to one', async () => {
    const seed = blog()
    addEnvironment(seed, BLOG.developmentProject, { id: 75_300, name: 'dev-qa' })
    await start(seed)
    const environments = 'dev-staging -> production\ndev-qa -> production'
    expect((await refused({ environments })).error).toContain('75300 "dev-qa"')
  })

  it('two jobs that become one, by the template', async () => {
    await start(blogWithJobs('Nightly'))
    const { error } = await refused()
    expect(error).toContain('"run-staging"')
    expect(error).toContain('"Nightly"')
  })

  it('two jobs of one name', async () => {
    await start(blogWithJobs('run-staging '))
    expect((await refused({ 'job-name': '{name}' })).error).toContain('"run-staging"')
  })

  it('two jobs of one name in different environments, which is none', async () => {
    const seed = blog()
    const other = addEnvironment(seed, BLOG.developmentProject, { name: 'dev-qa' })
    addJob(seed, other, { name: 'run-staging' })
    await start(seed)
    const { error, outputs } = await promote({
      environments: '*',
      'environment-name': 'prod {name}',
      'job-name': ''
    })
    expect(error).toBe('')
    const ids = production(sandbox).jobs.map(({ id }) => id)
    expect(JSON.parse(outputs['job-ids'] ?? '')).toEqual({
      'prod dev-qa/run-staging': expect.any(Number),
      'prod dev-staging/run-staging': expect.any(Number)
    })
    expect(ids).toHaveLength(2)
    expect(outputs).toMatchObject({ 'job-id': '', 'environment-id': '', created: '4' })
  })
})
