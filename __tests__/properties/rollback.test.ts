// What must hold of every rollback, whatever was promoted: what was there is as before, what was made runs no more, and
// nothing else is touched.
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { byLevel } from '../../src/model/remark.ts'
import type { Environment, Job, State } from '../../sandbox/index.ts'
import { World, specOf } from '../../testing/promote.ts'
import {
  account,
  build,
  sourceProject,
  targetProject,
  token,
  world,
  type WorldPlan
} from '../../testing/worlds/random.ts'
import { runs as runsOf } from '../../testing/effort.ts'

const runs = runsOf(12)

const inputs = {
  'account-id': String(account),
  'source-project': String(sourceProject),
  'target-project': String(targetProject),
  environments: '*',
  'environment-name': 'prod – {name}',
  'credentials-id': '108731'
} as const

const policies = fc.record({
  schedule: fc.constantFrom('keep', 'source', 'paused'),
  track: fc.constantFrom('marker', 'name'),
  removals: fc.constant('none')
})

/** An edit of one job of the source, by index. */
interface Edit {
  readonly index: number
  readonly change: Partial<Job>
}

const off = {
  github_webhook: false,
  git_provider_webhook: false,
  schedule: false,
  on_merge: false
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    index: fc.nat({ max: 7 }),
    change: fc.constantFrom<Partial<Job>>(
      { execute_steps: ['dbt build --select edited'] },
      { description: 'Edited.\nTwice.' },
      { settings: { threads: 32, target_name: 'other' } },
      { name: 'Renamed' },
      { generate_docs: true, run_generate_sources: true },
      { job_completion_trigger_condition: null, deferring_job_definition_id: null },
      { cost_optimization_features: [] },
      { deferring_environment_id: null }
    )
  }),
  { maxLength: 6 }
)

const versions = fc.constantFrom('1.8.0-latest', null)

/** The source after some edits. Where two would get one name, they keep theirs. */
function edited(state: State, all: readonly Edit[], version: string | null): State {
  const sources = state.jobs.filter(({ project_id }) => project_id === sourceProject)
  const renamed = new Set<number>()
  const jobs = new Map(
    all.flatMap(({ index, change }) => {
      const job = sources[index % Math.max(1, sources.length)]
      if (!job) return []
      if (change.name !== undefined && renamed.size > 0) return []
      if (change.name !== undefined) renamed.add(job.id)
      return [[job.id, change] as const]
    })
  )
  return {
    ...state,
    environments: state.environments.map((each) =>
      each.project_id === sourceProject && version !== null && each.type === 'deployment'
        ? { ...each, dbt_version: version, raw_dbt_version: version, supports_docs: true }
        : each
    ),
    jobs: state.jobs.map((job) => ({ ...job, ...jobs.get(job.id) }))
  }
}

/** Everything of a state but for what the platform alone decides: moments, and how a version is spelled. */
function rows(state: State, ids: ReadonlySet<number>): unknown {
  const kept = (all: readonly (Environment | Job)[]): unknown =>
    all
      .filter(({ id }) => ids.has(id))
      .map((row) => ({ ...row, updated_at: '', deactivated: false, raw_dbt_version: '' }))
  return {
    environments: kept(state.environments),
    jobs: kept(state.jobs),
    variables: state.variables
  }
}

const idsOf = (state: State): ReadonlySet<number> =>
  new Set([...state.environments, ...state.jobs].map(({ id }) => id))

const runsByItself = ({ triggers, job_completion_trigger_condition: condition }: Job): boolean =>
  condition !== null || Object.values({ ...off, ...triggers }).includes(true)

/** A world with two promotions: one that makes, and one that changes. */
async function promotedTwice(
  plan: WorldPlan,
  policy: Readonly<Record<string, string>>,
  all: readonly Edit[],
  version: string | null
): Promise<{
  world: World
  first: string
  second: string
  made: State
  before: State
  seed: State
}> {
  const seed = build(plan)
  const world = new World(seed, token)
  const spec = specOf({ ...inputs, ...policy })
  const { journal: first } = await world.promote(spec)
  const made = world.state
  world.state = edited(world.state, all, version)
  const before = world.state
  const { plan: second, journal } = await world.promote(spec)
  // With names alone, a renamed job is another one.
  expect(byLevel(second.remarks).problems).toEqual([])
  return { world, first, second: journal, made, before, seed }
}

describe('a rollback', () => {
  test('of updates puts everything back, and a second one writes nothing', async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(world, policies, edits, versions, async (plan, policy, all, version) => {
        const { world, second, before } = await promotedTwice(plan, policy, all, version)
        if (second === '') return
        count++
        const { plan: undone, outcomes } = await world.rollback(second)
        expect(byLevel(undone.remarks).problems).toEqual([])
        expect(outcomes.filter(({ status }) => status !== 'applied')).toEqual([])
        expect(rows(world.state, idsOf(before))).toEqual(rows(before, idsOf(before)))
        const more = world.state.jobs.filter(({ id }) => !idsOf(before).has(id))
        expect(more.filter(runsByItself)).toEqual([])
        expect((await world.rollback(second)).writes).toEqual([])
      }),
      { numRuns: runs }
    )
    expect(count).toBeGreaterThan(runs / 4)
  })

  test('of creations leaves them asleep, and touches nothing that was there', async () => {
    await fc.assert(
      fc.asyncProperty(world, policies, async (plan, policy) => {
        const seed = build(plan)
        const world = new World(seed, token)
        const { journal, state } = await world.promote(specOf({ ...inputs, ...policy }))
        const { plan: undone } = await world.rollback(journal)
        expect(byLevel(undone.remarks).problems).toEqual([])
        expect(rows(world.state, idsOf(seed))).toEqual(rows(seed, idsOf(seed)))
        const made = world.state.jobs.filter(({ id }) => !idsOf(seed).has(id))
        expect(made.filter(runsByItself)).toEqual([])
        expect(made.map(withoutStart)).toEqual(
          state.jobs.filter(({ id }) => !idsOf(seed).has(id)).map(withoutStart)
        )
        expect((await world.rollback(journal)).writes).toEqual([])
      }),
      { numRuns: runs }
    )
  })

  test('of a rollback gives what the promotion gave, and that can be undone again', async () => {
    await fc.assert(
      fc.asyncProperty(world, policies, edits, versions, async (plan, policy, all, version) => {
        const { world, second, before } = await promotedTwice(plan, policy, all, version)
        if (second === '') return
        const promoted = world.state
        const { journal } = await world.rollback(second)
        // A job that never started by itself has nothing to be undone.
        if (journal === '') return
        const undone = world.state
        const { plan: redone, journal: third } = await world.rollback(journal)
        expect(byLevel(redone.remarks).problems).toEqual([])
        expect(rows(world.state, idsOf(promoted))).toEqual(rows(promoted, idsOf(promoted)))
        await world.rollback(third)
        expect(rows(world.state, idsOf(promoted))).toEqual(rows(undone, idsOf(promoted)))
        expect(rows(world.state, idsOf(before))).toEqual(rows(before, idsOf(before)))
      }),
      { numRuns: Math.ceil(runs / 2) }
    )
  })
})

function withoutStart(job: Job): unknown {
  return {
    ...job,
    triggers: null,
    job_completion_trigger_condition: null,
    job_type: '',
    updated_at: '',
    deactivated: false
  }
}
