// What is told of values that a good answer says are not set, and that are written once more.
import { describe, expect, it } from '@jest/globals'
import { run } from '../../src/main.ts'
import { Wire, type Strike } from '../../testing/faults/wire.ts'
import { recordActions } from '../../testing/runner/actions.ts'
import { VirtualTime } from '../../testing/time.ts'
import {
  account,
  addVariable,
  platform,
  source,
  stored,
  target,
  token
} from '../../testing/worlds/variables.ts'

const value = 'quagga-one'

/** Promotes one variable, of which the platform takes no value at first; and then? */
async function play(
  second: Strike
): Promise<{ readonly told: string; readonly held: ReturnType<typeof stored> }> {
  const state = platform()
  addVariable(state, source, { name: 'DBT_A', project: value })
  const time = new VirtualTime()
  const { actions, notes } = recordActions({
    token,
    host: 'ab123.us1.dbt.com',
    'account-id': String(account),
    'source-project': String(source),
    'target-project': String(target),
    environments: 'dev',
    resources: 'environments\nvariables'
  })
  const trouble = ({ place }: { readonly place: string }): Strike | undefined => {
    if (place === 'create variable') return { commit: false, refuses: 'all' }
    return place === 'set again' ? second : undefined
  }
  const wire = new Wire(state, time, trouble, true)
  await time.run(run(actions, time, wire.open))
  return {
    told: JSON.stringify(notes.filter(({ kind }) => kind !== 'mask')),
    held: stored(wire.state, target)
  }
}

describe('the second write of a value', () => {
  it.each([true, false])(
    'is done or unclear when its answer is lost, as the read back tells (%s)',
    async (commit) => {
      const { told, held } = await play({ commit, gets: 'reset' })
      expect(held['DBT_A']).toEqual(commit ? { project: value } : undefined)
      // What is there when it is read back is done, whoever lost the answer.
      expect(told).toContain(commit ? '"created variable DBT_A"' : '"unclear variable DBT_A: ')
      expect(told).toContain(
        `{"kind":"output","name":"failure-reason","value":"${commit ? '' : 'unclear'}"}`
      )
    }
  )

  it('that is refused too is told without the value, though the platform repeats it', async () => {
    const { told, held } = await play({ commit: false, refuses: 'all' })
    expect(held['DBT_A']).toBeUndefined()
    expect(told).toContain('"failed variable DBT_A: ')
    expect(told).toContain('*** is no value.')
    expect(told).not.toContain(value)
  })
})
