// Every recipe of docs/config.md is promoted here as it stands on the page, twice.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import type { State } from '../../sandbox/index.ts'
import { parseConfig } from '../../src/inputs/read-config.ts'
import { parseSpec } from '../../src/inputs/parse-spec.ts'
import { specInputs, type SpecInput } from '../../src/inputs/input-table.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import { World } from '../../testing/promote.ts'
import { platform } from '../../testing/world.ts'

const token = 'dbtc_recipes'
const page = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8')

function recipe(name: string): string {
  const found = new RegExp(`<!-- recipe: ${name} -->\\n\\n\`\`\`yaml\\n([^]*?)\`\`\``).exec(
    page
  )?.[1]
  if (found === undefined) throw new Error(`docs/config.md has no recipe ${name}`)
  return found
}

function specOfFile(name: string, inputs: Partial<Record<SpecInput, string>> = {}): PromotionSpec {
  const { located, problems } = parseConfig('promote.yml', recipe(name))
  expect(problems).toEqual([])
  const texts = Object.fromEntries(specInputs.map((each) => [each, ''])) as Record<
    SpecInput,
    string
  >
  const parsed = parseSpec(
    { ...texts, host: 'ab123.us1.dbt.com', 'account-id': '28885', ...inputs },
    { defaultBranch: undefined, config: located }
  )
  expect(parsed.problems).toEqual([])
  return parsed.spec
}

function promotedPlatform(): State {
  const parent = { job_id: 11, project_id: 86704, statuses: [10] }
  const jobs = [
    { id: 11, name: 'Nightly full' },
    { id: 12, name: 'After nightly', job_completion_trigger_condition: { condition: parent } },
    { id: 13, name: 'scratch mine' }
  ]
  return platform({
    id: 28885,
    tokens: { [token]: undefined },
    connections: [{}],
    projects: [
      {
        id: 86704,
        environments: [
          { id: 1, name: 'Development', type: 'development' },
          { id: 2, name: 'dev-staging', custom_branch: 'develop', jobs }
        ]
      },
      { id: 86705, credentials: [108732] },
      { id: 86711, credentials: [108731] },
      { id: 86712, credentials: [108733] },
      { id: 86713, credentials: [108734], environments: [{ id: 5, name: 'production' }] }
    ]
  })
}

const held = (world: World, project: number): { environments: string[]; jobs: string[] } => ({
  environments: world.state.environments
    .filter(({ project_id }) => project_id === project)
    .map(({ name }) => name),
  jobs: world.state.jobs
    .filter(({ project_id }) => project_id === project)
    .map(({ name }) => name)
    .sort()
})

async function promotesTwice(world: World, spec: PromotionSpec): Promise<void> {
  const first = await world.promote(spec)
  expect(byLevel(first.plan.remarks).problems).toEqual([])
  expect(first.outcomes.filter(({ status }) => status !== 'applied')).toEqual([])
  const second = await world.promote(spec)
  expect(byLevel(second.plan.remarks).problems).toEqual([])
  expect(second.writes).toEqual([])
}

describe('the recipes of the page', () => {
  it('from development to production', async () => {
    const world = new World(promotedPlatform(), token)
    await promotesTwice(world, specOfFile('dev to prod'))
    expect(held(world, 86711)).toEqual({
      environments: ['production'],
      jobs: ['After nightly', 'Production full']
    })
    const [environment] = world.state.environments.filter(({ project_id }) => project_id === 86711)
    expect(environment).toMatchObject({
      custom_branch: 'main',
      use_custom_branch: true,
      deployment_type: 'production',
      credentials_id: 108731
    })
    const job = (name: string): (typeof world.state.jobs)[number] | undefined =>
      world.state.jobs.find((each) => each.project_id === 86711 && each.name === name)
    expect(job('Production full')?.settings).toEqual({ threads: 16, target_name: 'prod' })
    expect(job('After nightly')?.settings).toEqual({ threads: 4, target_name: 'prod' })
    expect(job('After nightly')?.job_completion_trigger_condition?.condition).toMatchObject({
      job_id: job('Production full')?.id,
      project_id: 86711
    })
  })

  it('from development to staging to production', async () => {
    const world = new World(promotedPlatform(), token)
    await promotesTwice(world, specOfFile('dev to staging'))
    await promotesTwice(world, specOfFile('staging to prod'))
    expect(held(world, 86711).jobs).toEqual(['After nightly', 'Nightly full', 'scratch mine'])
    expect((await world.promote(specOfFile('dev to staging'))).writes).toEqual([])
  })

  it('one template project to many teams', async () => {
    const world = new World(promotedPlatform(), token)
    for (const [project, credentials] of [
      ['86711', '108731'],
      ['86712', '108733']
    ] as const) {
      const own = { 'target-project': project, 'credentials-id': credentials }
      await promotesTwice(world, specOfFile('template', own))
      expect(held(world, Number(project)).environments).toEqual(['production'])
    }
    const descriptions = world.state.jobs.map(({ description }) => description)
    expect(descriptions.filter((text) => text.includes(' as starter (v1 '))).toHaveLength(6)
  })

  it('jobs only, beside Terraform: no environment is written, and what is gone is switched off', async () => {
    const world = new World(promotedPlatform(), token)
    const spec = specOfFile('jobs only')
    await promotesTwice(world, spec)
    expect(
      world.sent.filter(({ method, path }) => method === 'POST' && path.includes('/environments/'))
    ).toEqual([])
    expect(held(world, 86713).jobs).toHaveLength(3)
    // The chained job is the one that runs by itself; its source goes.
    world.state.jobs = world.state.jobs.map((job) =>
      job.id === 12 ? { ...job, state: 2 as const } : job
    )
    const { plan, outcomes } = await world.promote(spec)
    expect(plan.changes.filter(({ op }) => op === 'pause').map(({ name }) => name)).toEqual([
      'After nightly'
    ])
    expect(byLevel(plan.remarks).alarms.map(({ kind }) => kind)).toContain('paused')
    expect(outcomes.map(({ status }) => status)).toEqual(['applied'])
    const paused = world.state.jobs.find(
      ({ project_id, name }) => project_id === 86713 && name === 'After nightly'
    )
    expect(paused).toMatchObject({ job_completion_trigger_condition: null, state: 1 })
    expect((await world.promote(spec)).writes).toEqual([])
  })
})
