// The scheduler whatever comes in whatever order: slots are never exceeded, runs of a job never overlap, time only grows.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { addJob, advance, withOrder, type Run, type RunOrder } from '../../sandbox/index.ts'
import { ask, moreJobs, runsPath, start, stillWorld } from './runs-world.ts'
import { NOW, type World } from '../../testing/worlds/small.ts'

type Move =
  | { readonly kind: 'start'; readonly job: number }
  | { readonly kind: 'cancel'; readonly nth: number }
  | { readonly kind: 'wait'; readonly seconds: number }

const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('start' as const), job: fc.nat(4) }),
  fc.record({ kind: fc.constant('cancel' as const), nth: fc.nat(9) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(40) })
)

const orders: fc.Arbitrary<RunOrder> = fc.record({
  nth: fc.integer({ min: 1, max: 4 }),
  outcome: fc.constantFrom('success', 'error', 'cancelled', 'hang'),
  stepMs: fc.integer({ min: 0, max: 60_000 }),
  prepMs: fc.integer({ min: 0, max: 30_000 })
})

interface Scene {
  readonly at: World
  readonly jobs: readonly number[]
}

function scene(slots: number, given: readonly RunOrder[]): Scene {
  const at = stillWorld()
  at.state.accounts = at.state.accounts.map((account) => ({ ...account, run_slots: slots }))
  at.state = given.reduce(withOrder, at.state)
  const ci = addJob(at.state, at.environment, { job_type: 'ci' })
  const [first = 0, ...rest] = moreJobs(at, 3)
  const waiting = addJob(at.state, at.environment, {
    job_completion_trigger_condition: {
      condition: { job_id: first, project_id: at.project, statuses: [10, 20, 30] }
    }
  })
  return { at, jobs: [ci, first, ...rest, waiting] }
}

function play({ at, jobs }: Scene, move: Move, stepSeconds = Infinity): void {
  if (move.kind === 'start') start(at, {}, jobs[move.job])
  const run = move.kind === 'cancel' ? at.state.runs[move.nth] : undefined
  if (run !== undefined) ask(at, 'POST', `${runsPath(at, run.id)}cancel/`)
  let left = move.kind === 'wait' ? move.seconds : 0
  while (left > 0) {
    const seconds = Math.min(left, stepSeconds)
    at.state = advance(at.state, seconds * 1000, NOW)
    left -= seconds
  }
}

/** What breaks the rules at this moment. */
function breaches({ at, jobs: [ci] }: Scene, slots: number): readonly string[] {
  // Whoever has left the queue takes a slot until the end, also at moments at which nobody looked.
  const taking = at.state.runs.filter(
    ({ dequeuedAt, job_definition_id }) => dequeuedAt !== null && job_definition_id !== ci
  )
  const together = taking.map(({ dequeuedAt: moment }) =>
    taking.filter(
      ({ dequeuedAt, finishedAt }) =>
        Number(dequeuedAt) <= Number(moment) && Number(moment) < (finishedAt ?? Infinity)
    )
  )
  const overlaps = (runs: readonly Run[]): boolean =>
    new Set(runs.map(({ job_definition_id }) => job_definition_id)).size < runs.length
  const now = at.state.runClock.now ?? NOW
  return [
    ...(together.some((runs) => runs.length > slots) ? ['more runs than slots'] : []),
    ...(together.some(overlaps) ? ['two runs of a job at once'] : []),
    ...at.state.runs.flatMap((run) => disorder(run, now))
  ]
}

function disorder(run: Run, now: number): readonly string[] {
  const { createdAt, dequeuedAt, startedAt, finishedAt } = run
  const times = [createdAt, dequeuedAt, startedAt, finishedAt, now].filter((time) => time !== null)
  const isOrdered = times.every((time, n) => n === 0 || (times[n - 1] ?? 0) <= time)
  return [
    ...(isOrdered ? [] : [`the times of run ${run.id}`]),
    ...((finishedAt !== null) === run.status >= 10 ? [] : [`the status of run ${run.id}`])
  ]
}

const given = [fc.integer({ min: 1, max: 3 }), fc.array(orders, { maxLength: 3 })] as const

test('no moment breaks the rules of the queue', () => {
  fc.assert(
    fc.property(...given, fc.array(moves, { maxLength: 25 }), (slots, wanted, played) => {
      const scenery = scene(slots, wanted)
      for (const move of played) {
        play(scenery, move)
        expect(breaches(scenery, slots)).toEqual([])
      }
    })
  )
})

test('in the end everything that was started is over, but for what hangs', () => {
  fc.assert(
    fc.property(...given, fc.array(moves, { maxLength: 15 }), (slots, wanted, played) => {
      const scenery = scene(slots, wanted)
      for (const move of played) play(scenery, move)
      // A run that hangs is cancelled after a day.
      scenery.at.state = advance(scenery.at.state, 30 * 86_400_000, NOW)
      expect(scenery.at.state.runs.filter(({ finishedAt }) => finishedAt === null)).toEqual([])
    })
  )
})

test('small steps of the clock and large ones lead to the same', () => {
  fc.assert(
    fc.property(...given, fc.array(moves, { maxLength: 20 }), (slots, wanted, played) => {
      const large = scene(slots, wanted)
      const small = scene(slots, wanted)
      for (const move of played) {
        play(large, move)
        play(small, move, 1)
      }
      expect(small.at.state.runs).toEqual(large.at.state.runs)
    })
  )
})
