// A promotion that is killed at any of its writes, and then undone from the journal that it left: everything that was
// there is as before, and what was made does not start by itself.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from '@jest/globals'
import type { State } from '../../sandbox/index.ts'
import type { Note } from '../../testing/runner/actions.ts'
import { faults } from '../../testing/faults/faults.ts'
import {
  baseline,
  journalOf,
  promote,
  type Baseline,
  type Run
} from '../../testing/faults/matrix.ts'
import type { Promotion } from '../../testing/faults/promotion.ts'
import { values } from '../../testing/faults/values.ts'
import { byInputs, seen, untouched } from '../../testing/faults/world.ts'
import { sampleOf } from '../../testing/effort.ts'

const kills = faults.filter(({ kills }) => kills)

/** Of a secret that was written over, nothing comes back. */
const isLost = (key: string): boolean => key.includes('DBT_ENV_SECRET_OLD')

/** What the target holds, by id: a job that was made may have the name of another. */
function held(
  state: State
): ReadonlyMap<string, { readonly values: string; readonly runs: boolean }> {
  return new Map(
    seen(state).map(({ kind, id, environment, name, ...rest }) => [
      kind === 'environment' || kind === 'job'
        ? `${kind} ${String(id)}`
        : `${kind} ${environment} ${name}`,
      rest
    ])
  )
}

/** Whether all is as it was. A variable may have values besides, which are new, and stay. */
function isKept(was: string, now = '{}'): boolean {
  const held = JSON.parse(now) as Readonly<Record<string, unknown>>
  return Object.entries(JSON.parse(was) as Readonly<Record<string, unknown>>).every(
    ([place, value]) => JSON.stringify(held[place]) === JSON.stringify(value)
  )
}

/** A run that is killed at its n-th request, and the rollback of what it left. */
async function killed(
  base: Baseline,
  fault: (typeof faults)[number],
  nth: number
): Promise<{
  readonly first: Run
  readonly journal: string
  readonly undone: Run
  readonly again: Run
}> {
  const { inputs } = base.promotion
  const first = await promote(base.before, inputs, fault, nth)
  const journal = journalOf(first.notes)
  const given = { ...inputs, 'rollback-from': journal }
  const undone = await promote(first.wire.state, given)
  return { first, journal, undone, again: await promote(undone.wire.state, given) }
}

const failureIn = (notes: readonly Note[]): readonly Note[] =>
  notes.filter(({ kind }) => kind === 'fail')

const writesOf = ({ wire }: Run): number =>
  wire.arrivals.filter(({ request }) => request.method !== 'GET').length

function faultsOf(
  base: Baseline,
  { undone, again }: Awaited<ReturnType<typeof killed>>
): readonly string[] {
  const [before, now] = [held(base.before), held(undone.wire.state)]
  return [
    ...failureIn(undone.notes).map((note) => JSON.stringify(note)),
    ...[...before].flatMap(([key, { values: was }]) =>
      isKept(was, now.get(key)?.values) || isLost(key) ? [] : [`${key} is not as before`]
    ),
    ...[...now].flatMap(([key, { runs }]) =>
      runs && before.get(key)?.runs !== true ? [`${key} starts by itself`] : []
    ),
    ...(untouched(undone.wire.state) === untouched(base.after)
      ? []
      : ['something else was changed']),
    ...(writesOf(again) === 0 && failureIn(again.notes).length === 0
      ? []
      : [`a second rollback sends ${String(writesOf(again))} writes`])
  ]
}

describe.each<[string, Promotion]>([
  ['by inputs', byInputs],
  ['of values', values]
])('a promotion %s', (_name, promotion) => {
  let base: Baseline

  beforeAll(async () => {
    base = await baseline(promotion)
  })

  it.each(kills.map((fault) => [fault.name, fault] as const))(
    '%s, at any write, is undone from its journal',
    async (_how, fault) => {
      const writes = base.arrivals.filter(({ request }) => request.method !== 'GET')
      expect(writes.length).toBeGreaterThan(20)
      for (const { n, place } of sampleOf(writes, 6)) {
        const run = await killed(base, fault, n)
        expect([place, ...faultsOf(base, run)]).toEqual([place])
        // As it was left: whole lines, and all that is planned among them.
        const [head = '{}'] = readFileSync(run.journal, 'utf8').split('\n')
        expect(JSON.parse(head)).toMatchObject({ journal: 'dbt-promote' })
      }
    },
    60_000
  )

  it('at any read before is as before, and there is no journal', async () => {
    const [fault] = kills
    for (const { n } of base.arrivals.filter(({ place }) => place === 'read again').slice(0, 1)) {
      const { notes } = await promote(base.before, base.promotion.inputs, fault, n)
      expect(journalOf(notes)).toBe('')
    }
  })
})
