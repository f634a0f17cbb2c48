// How a run is stopped: nothing new begins, what is under way gets a few seconds, and a second signal does not wait.
import { describe, expect, it } from '@jest/globals'
import { Stop } from '../../src/dbt/stop.ts'
import { VirtualTime } from '../../testing/time.ts'

/** When the signals of a stop came, in milliseconds from the beginning. */
function watched(minutes: number) {
  const time = new VirtualTime()
  const begin = time.now()
  const stop = new Stop(time, minutes)
  const at = { draining: NaN, cutting: NaN }
  stop.draining.addEventListener('abort', () => (at.draining = time.now() - begin))
  stop.cutting.addEventListener('abort', () => (at.cutting = time.now() - begin))
  return { time, stop, at }
}

describe('the deadline', () => {
  it('drains, and cuts a few seconds later', async () => {
    const { time, stop, at } = watched(2)
    await time.run(time.sleep(119_999))
    expect(() => {
      stop.check()
    }).not.toThrow()
    await time.run(time.sleep(60_000))
    expect(at).toEqual({ draining: 120_000, cutting: 124_000 })
    expect(() => {
      stop.check()
    }).toThrow('deadline-minutes')
    expect(stop.failure().reason).toBe('deadline')
    expect(stop.cutting.reason).toMatchObject({ reason: 'deadline' })
  })
})

describe('a cancelled workflow', () => {
  it('drains at once, and cuts while the runner still waits: it kills after 7.5 seconds', async () => {
    const { time, stop, at } = watched(30)
    await time.run(time.sleep(5000))
    await time.run(stop.stop('cancelled'))
    expect(at.draining).toBe(5000)
    expect(at.cutting - at.draining).toBeLessThanOrEqual(5000)
    expect(stop.cutting.reason).toMatchObject({ reason: 'cancelled' })
  })

  it('that asks twice is cut at once', async () => {
    const { time, stop, at } = watched(30)
    const first = stop.stop('cancelled')
    await time.run(time.sleep(1500))
    await time.run(Promise.all([first, stop.stop('cancelled')]))
    expect(at).toEqual({ draining: 0, cutting: 1500 })
  })

  it('after the deadline is still ended by its deadline', async () => {
    const { time, stop } = watched(1)
    await time.run(time.sleep(61_000))
    await stop.stop('cancelled')
    expect(stop.failure().reason).toBe('deadline')
    expect(stop.cutting.aborted).toBe(true)
  })

  it('before the deadline stays cancelled', async () => {
    const { time, stop } = watched(1)
    await time.run(stop.stop('cancelled'))
    await time.run(time.sleep(120_000))
    expect(stop.failure().reason).toBe('cancelled')
  })
})

describe('the end of a run', () => {
  it('leaves nothing to wait for', async () => {
    const { time, stop } = watched(30)
    const begin = time.now()
    stop.end()
    await time.run(time.sleep(1))
    expect(time.now() - begin).toBe(1)
    expect(stop.draining.aborted).toBe(true)
  })
})
