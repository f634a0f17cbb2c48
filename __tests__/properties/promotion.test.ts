// What must hold of every promotion, whatever the projects look like.
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { byLevel } from '../../src/model/remark.ts'
import type { State } from '../../sandbox/index.ts'
import { promoting } from '../../src/promotion/planner.ts'
import { planFile } from '../../src/report/plan-file.ts'
import { World, specOf, type Sent } from '../../testing/promote.ts'
import {
  account,
  build,
  isSourceId,
  sourceProject,
  targetProject,
  token,
  world
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
  track: fc.constantFrom('marker', 'name')
})

describe('a promotion', () => {
  test('converges: all is applied, and the next two runs plan nothing and are byte-equal', async () => {
    await fc.assert(
      fc.asyncProperty(world, policies, async (plan, policy) => {
        const world = new World(build(plan), token)
        const spec = specOf({ ...inputs, ...policy })
        const first = await world.promote(spec)
        expect(byLevel(first.plan.remarks).problems).toEqual([])
        expect(
          first.outcomes.filter(({ status, refused }) => status !== 'applied' || refused.length > 0)
        ).toEqual([])
        const second = await world.promote(spec)
        expect(second.plan.changes.filter(({ op }) => op !== 'unchanged')).toEqual([])
        expect(second.writes).toEqual([])
        const third = await world.plan(spec)
        expect(planFile(third)).toBe(planFile(second.plan))
      }),
      { numRuns: runs }
    )
  })

  test('leaves everything that the plan does not name as it was', async () => {
    await fc.assert(
      fc.asyncProperty(world, policies, async (plan, policy) => {
        const before = build(plan)
        const world = new World(before, token)
        const { state } = await world.promote(specOf({ ...inputs, ...policy }))
        expect(rowsOf(state, before)).toEqual(rowsOf(before, before))
      }),
      { numRuns: runs }
    )
  })

  test('sends no id of the source but in the marker line', async () => {
    await fc.assert(
      fc.asyncProperty(world, policies, async (plan, policy) => {
        const world = new World(build(plan), token)
        const { writes } = await world.promote(specOf({ ...inputs, ...policy }))
        for (const write of writes) expect(sourceIdsIn(write)).toEqual([])
      }),
      { numRuns: runs }
    )
  })

  test('has the same hash and changes whatever the order of the source and the target', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (plan) => {
        const world = new World(build(plan), token)
        const spec = specOf(inputs)
        const { source, target } = await world.snapshots(spec)
        const turned = (side: typeof source): typeof source => ({
          ...side,
          environments: side.environments.toReversed(),
          jobs: side.jobs.toReversed()
        })
        const straight = promoting(spec, source).plan(target)
        const reversed = promoting(spec, turned(source)).plan(turned(target))
        expect(reversed.hash).toBe(straight.hash)
        expect(reversed.changes).toEqual(straight.changes)
      }),
      { numRuns: runs }
    )
  })

  test('keeps its trace from staging to prod: a second promotion on top of the first converges too', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (plan) => {
        const world = new World(build(plan), token)
        await world.promote(specOf(inputs))
        const onwards = specOf({
          ...inputs,
          'source-project': String(targetProject),
          'target-project': '86999',
          environments: '*\n!Their own',
          'environment-name': '{name}',
          'credentials-id': ''
        })
        const first = await world.promote(onwards)
        expect(byLevel(first.plan.remarks).problems).toEqual([])
        expect((await world.promote(onwards)).writes).toEqual([])
        expect((await world.promote(specOf(inputs))).writes).toEqual([])
      }),
      { numRuns: Math.ceil(runs / 3) }
    )
  })
})

// The rows of a state that were there before.
function rowsOf(state: State, before: State): unknown {
  const kept = <T extends { id: number }>(rows: readonly T[], old: readonly T[]): readonly T[] => {
    const ids = new Set(old.map(({ id }) => id))
    return rows.filter(({ id }) => ids.has(id))
  }
  return {
    environments: kept(state.environments, before.environments),
    jobs: kept(state.jobs, before.jobs),
    credentials: state.credentials,
    projects: state.projects
  }
}

function sourceIdsIn({ body }: Sent): readonly number[] {
  const text = JSON.stringify(body).replace(/Promoted by dbt-promote from [\d/]+ \(v1 [^)]*\)/, '')
  return (text.match(/\d+/g) ?? [])
    .map(Number)
    .filter((id) => isSourceId(id) || id === sourceProject)
}
