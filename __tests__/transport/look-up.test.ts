// Exactly once: after a create whose answer is lost the object is looked for, and only that very object is taken.
import { describe, expect, it } from '@jest/globals'
import { addJob, addEnvironment, type State } from '../../sandbox/index.ts'
import { run } from '../../src/main.ts'
import { Wire, type Arrival, type Strike } from '../../testing/faults/wire.ts'
import { earlierInputs, earlierState, inputs, targetProject } from '../../testing/faults/world.ts'
import { recordActions } from '../../testing/runner/actions.ts'
import { VirtualTime } from '../../testing/time.ts'

interface Played {
  readonly outputs: Readonly<Record<string, string>>
  readonly wire: Wire
  /** How long after the create each look was. */
  readonly looks: readonly number[]
  readonly log: string
}

/** Runs the first promotion of one environment; `trouble` may change what the platform holds, as somebody else would. */
async function play(
  trouble: (arrival: Omit<Arrival, 'struck'>, wire: Wire) => Strike | undefined,
  more: Readonly<Record<string, string>> = {}
): Promise<Played> {
  const time = new VirtualTime()
  const { actions, notes } = recordActions({ ...earlierInputs, ...more })
  const wire: Wire = new Wire(earlierState(), time, (arrival) => trouble(arrival, wire))
  await time.run(run(actions, time, wire.open))
  const struckAt = wire.arrivals.find(({ struck }) => struck)?.at ?? NaN
  return {
    outputs: Object.fromEntries(
      notes.flatMap((note) => (note.kind === 'output' ? [[note.name, note.value]] : []))
    ),
    wire,
    looks: wire.arrivals
      .filter(({ place }) => place === 'look')
      .map(({ at }) => Math.round((at - struckAt) / 1000)),
    log: notes
      .flatMap((note) => ('text' in note ? [note.text] : 'lines' in note ? note.lines : []))
      .join('\n')
  }
}

const lost = { commit: true, gets: 'reset' } as const
const notDone = { commit: false, gets: 'reset' } as const

const jobsIn = ({ jobs }: State, name: string): State['jobs'] =>
  jobs.filter((each) => each.project_id === targetProject && each.name === name)
const targetEnvironment = ({ environments }: State): number =>
  environments.find(({ name }) => name === 'prod Beta')?.id ?? 0
/** The first create of the job b4, which has no links. */
const isCreateOf = (name: string, { place, request }: Omit<Arrival, 'struck'>): boolean =>
  place === 'create job' && (request.body ?? '').includes(`"name":"${name}"`)
const actionOf = ({ outputs }: Played, name: string): string | undefined =>
  (JSON.parse(outputs['jobs'] ?? '[]') as { name: string; action: string }[]).find(
    (each) => each.name === name
  )?.action

describe('a job whose answer is lost', () => {
  it('is found at the first look', async () => {
    const played = await play((each) => (isCreateOf('b4', each) ? lost : undefined))
    expect(played.outputs['failure-reason']).toBe('')
    expect(actionOf(played, 'b4')).toBe('create')
    expect(played.looks).toEqual([1])
    expect(jobsIn(played.wire.state, 'b4')).toHaveLength(1)
  })

  it('is found at the third look, when lists show it late', async () => {
    const played = await play((each) =>
      isCreateOf('b4', each) ? { ...lost, hiddenMs: 8000 } : undefined
    )
    expect(played.outputs['failure-reason']).toBe('')
    expect(played.looks).toEqual([1, 4, 10])
  })

  it('is looked for over half a minute, and then is unclear', async () => {
    const played = await play((each) => (isCreateOf('b4', each) ? notDone : undefined))
    expect(played.outputs['failure-reason']).toBe('unclear')
    expect(actionOf(played, 'b4')).toBe('unclear')
    expect(played.looks).toEqual([1, 4, 10, 20, 30])
    expect(played.log).toContain('reset')
  })

  it('is found by its marker, whatever its name has become', async () => {
    const played = await play((each, wire) => {
      if (isCreateOf('b4', each)) return lost
      if (each.place === 'look') {
        const jobs = wire.state.jobs.map((job) =>
          job.project_id === targetProject && job.name === 'b4' ? { ...job, name: 'b4 now' } : job
        )
        wire.state = { ...wire.state, jobs }
      }
      return undefined
    })
    expect(actionOf(played, 'b4')).toBe('create')
  })

  it('is not mistaken for a job of the same name that somebody else made meanwhile', async () => {
    const played = await play((each, wire) => {
      if (!isCreateOf('b4', each)) return undefined
      const state = { ...wire.state }
      addJob(state, targetEnvironment(state), { name: 'b4' })
      wire.state = state
      return notDone
    })
    expect(played.outputs['failure-reason']).toBe('unclear')
    expect(actionOf(played, 'b4')).toBe('unclear')
  })

  it('is not mistaken for a job with its marker in another environment', async () => {
    const played = await play((each, wire) => {
      if (!isCreateOf('b4', each)) return undefined
      const { description } = JSON.parse(each.request.body ?? '{}') as { description: string }
      const state = { ...wire.state }
      addJob(state, 800_001, { name: 'b4', description })
      wire.state = state
      return notDone
    })
    expect(actionOf(played, 'b4')).toBe('unclear')
  })

  it('is not chosen from two', async () => {
    const played = await play((each, wire) => {
      if (isCreateOf('b4', each)) return lost
      const [made, ...more] = jobsIn(wire.state, 'b4').filter(({ id }) => id > 1_000_000)
      if (each.place === 'look' && made && more.length === 0) {
        const state = { ...wire.state }
        addJob(state, made.environment_id, { name: 'b4', description: made.description })
        wire.state = state
      }
      return undefined
    })
    expect(played.outputs['failure-reason']).toBe('unclear')
    expect(actionOf(played, 'b4')).toBe('unclear')
  })

  it('is not taken when it is deleted again', async () => {
    const played = await play((each, wire) => {
      if (isCreateOf('b4', each)) return lost
      if (each.place === 'look') {
        const jobs = wire.state.jobs.map((job) =>
          job.project_id === targetProject && job.name === 'b4'
            ? { ...job, state: 2 as const }
            : job
        )
        wire.state = { ...wire.state, jobs }
      }
      return undefined
    })
    expect(actionOf(played, 'b4')).toBe('unclear')
  })

  it('is looked for on, though some looks fail', async () => {
    let count = 0
    const played = await play((each) => {
      if (isCreateOf('b4', each)) return lost
      return each.place === 'look' && ++count < 3
        ? { commit: false, gets: 'unreachable' }
        : undefined
    })
    expect(actionOf(played, 'b4')).toBe('create')
    expect(played.looks).toEqual([1, 4, 10])
  })
})

describe('with track: name', () => {
  const byName = { track: 'name' }

  it('a job is found by its name, in its environment, when it holds what was sent', async () => {
    const played = await play((each) => (isCreateOf('b4', each) ? lost : undefined), byName)
    expect(actionOf(played, 'b4')).toBe('create')
    expect(played.outputs['failure-reason']).toBe('')
  })

  it('a job of the same name that somebody else made meanwhile is not taken', async () => {
    const played = await play((each, wire) => {
      if (!isCreateOf('b4', each)) return undefined
      const state = { ...wire.state }
      addJob(state, targetEnvironment(state), { name: 'b4', execute_steps: ['dbt run'] })
      wire.state = state
      return notDone
    }, byName)
    expect(actionOf(played, 'b4')).toBe('unclear')
  })
})

describe('an environment whose answer is lost', () => {
  const isCreate = ({ place }: Omit<Arrival, 'struck'>): boolean => place === 'create env'

  it('is found by its name', async () => {
    const played = await play((each) => (isCreate(each) ? lost : undefined))
    expect(played.outputs['failure-reason']).toBe('')
    expect(played.outputs['environment-id']).toBe(String(targetEnvironment(played.wire.state)))
    expect(played.looks).toEqual([1])
  })

  it('is not mistaken for one that somebody else made meanwhile', async () => {
    const played = await play((each, wire) => {
      if (!isCreate(each)) return undefined
      const state = { ...wire.state }
      addEnvironment(state, targetProject, { name: 'prod Beta', dbt_version: '1.0.0' })
      wire.state = state
      return notDone
    })
    expect(played.outputs['failure-reason']).toBe('unclear')
    expect(played.outputs['environment-id']).toBe('')
  })

  it('that never shows ends the run before its jobs', async () => {
    const played = await play((each) => (isCreate(each) ? notDone : undefined))
    expect(played.outputs).toMatchObject({
      'failure-reason': 'unclear',
      changed: 'true',
      created: '0',
      failed: '1'
    })
    expect(played.wire.arrivals.some(({ place }) => place === 'create job')).toBe(false)
  })
})

describe('an update whose answers are lost', () => {
  it('is looked for too, so that what was done is told as done', async () => {
    const first = await play(() => undefined)
    const jobs = first.wire.state.jobs.map((job) =>
      job.project_id !== targetProject && job.name === 'b4'
        ? { ...job, execute_steps: ['dbt run'] }
        : job
    )
    for (const commit of [true, false]) {
      const time = new VirtualTime()
      const { actions, notes } = recordActions(inputs)
      const wire = new Wire({ ...first.wire.state, jobs }, time, ({ place }) =>
        place === 'update job' ? { commit, gets: 'timeout', tookMs: 120_000 } : undefined
      )
      await time.run(run(actions, time, wire.open))
      const outputs = notes.flatMap((note) => (note.kind === 'output' ? [note] : []))
      const valueOf = (name: string) => outputs.find((each) => each.name === name)?.value
      expect(valueOf('failure-reason')).toBe(commit ? '' : 'unclear')
      expect(valueOf('updated')).toBe(commit ? '1' : '0')
      expect(valueOf('changed')).toBe('true')
      expect(wire.arrivals.filter(({ place }) => place === 'update job')).toHaveLength(5)
    }
  })
})
