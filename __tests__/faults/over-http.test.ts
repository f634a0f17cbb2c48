// The bundle over real connections: faults, kills, and a cancelled workflow. `npm run test:faults` plays more of them, and CI all.
import { beforeAll, describe, expect, it } from '@jest/globals'
import { complaintsOf } from '../../testing/faults/judge.ts'
import { baseline, type Baseline } from '../../testing/faults/matrix.ts'
import {
  endedOf,
  laterOver,
  momentOf,
  platformOf,
  playKill,
  playSample,
  samples,
  withSandbox
} from '../../testing/faults/over-http.ts'
import { runToEnd, startBundle } from '../../testing/faults/process.ts'
import { account, tokens } from '../../testing/faults/world.ts'
import { sampleOf } from '../../testing/effort.ts'

let base: Baseline

beforeAll(async () => {
  base = await baseline()
})

describe('over HTTP', () => {
  it.each(sampleOf(samples, 1).map((sample) => [sample.name, sample] as const))(
    '%s',
    async (_name, sample) => {
      expect(await playSample(base, sample)).toEqual([])
    },
    60_000
  )

  it('goes well without a fault, on a few connections, and says nothing on stderr', async () => {
    await withSandbox(base, async (sandbox, given) => {
      const left = await runToEnd({ ...given, parallelism: '50' })
      expect(complaintsOf(base, endedOf(left, platformOf(sandbox), 'green'))).toEqual([])
      expect(left.stderr).toBe('')
    })
  }, 60_000)

  it('takes the token to no other host', async () => {
    await withSandbox(base, async (other) => {
      await withSandbox(base, async (sandbox, given) => {
        sandbox.addFault({
          times: null,
          action: { kind: 'redirect', location: `${other.url}/api/` }
        })
        const left = await runToEnd(given)
        expect(left.exitCode).toBe(1)
        expect(left.stdout).toContain('redirects to')
        expect(other.requests()).toEqual([])
      })
    })
  }, 60_000)
})

describe('killed', () => {
  it.each(sampleOf([2, 4], 1))(
    'in sixth %i of its requests, the next run completes it',
    async (sixth) => {
      expect(await playKill(base, momentOf(base, sixth))).toEqual([])
    },
    60_000
  )
})

describe('cancelled', () => {
  const jobs = `/api/v2/accounts/${String(account)}/jobs/`

  const moments: readonly (readonly [NodeJS.Signals, string, number])[] = [
    ['SIGINT', 'reading', 2],
    ['SIGTERM', 'reading', 5],
    ['SIGTERM', 'writing', 28],
    ['SIGINT', 'writing', 14]
  ]

  it.each(sampleOf(moments, 2))(
    'by %s while it is %s: in time, with outputs and summary, and the next run completes it',
    async (signal, _what, nth) => {
      await withSandbox(
        base,
        async (sandbox, given, onRequest) => {
          const { child, left } = await startBundle(given)
          let count = 0
          let cancelledAt = NaN
          onRequest(() => {
            if (++count !== nth) return
            cancelledAt = performance.now()
            child.kill(signal)
          })
          const ended = await left
          expect(performance.now() - cancelledAt).toBeLessThan(7000)
          const state = platformOf(sandbox)
          // Those that were sent in the same moment are no new ones.
          expect(count).toBeLessThan(nth + 10)
          expect(ended.exitCode).toBe(1)
          expect(complaintsOf(base, endedOf(ended, state, 'cancelled'))).toEqual([])
          onRequest(() => undefined)
          expect(await laterOver(base, sandbox, given)).toEqual([])
        },
        100
      )
    },
    60_000
  )

  it.each(sampleOf([2, 1], 1))(
    'with %i signals while a write has no answer: in time, and the next run completes it',
    async (signals) => {
      await withSandbox(base, async (sandbox, given, onRequest) => {
        sandbox.addFault({
          method: 'POST',
          path: jobs,
          nth: 3,
          action: { kind: 'stall', when: 'after' }
        })
        const { child, left } = await startBundle({ ...given, parallelism: '1' })
        let cancelledAt = NaN
        onRequest(() => {
          if (sandbox.requests().at(-1)?.fault !== 'stall') return
          cancelledAt = performance.now()
          for (let n = 0; n < signals; n++) setTimeout(() => child.kill('SIGINT'), n * 300)
        })
        const ended = await left
        const tookMs = performance.now() - cancelledAt
        expect(tookMs).toBeLessThan(signals === 1 ? 7000 : 3000)
        expect(complaintsOf(base, endedOf(ended, platformOf(sandbox), 'cancelled'))).toEqual([])
        sandbox.clearFaults()
        expect(await laterOver(base, sandbox, given)).toEqual([])
      })
    },
    60_000
  )
})

describe('what the runner is told', () => {
  it('holds no token, in no text', async () => {
    await withSandbox(base, async (_sandbox, given) => {
      const { stdout, stderr, outputs, summary } = await runToEnd(given)
      const told =
        stdout.replaceAll(/^::add-mask::.*$/gm, '') + stderr + summary + JSON.stringify(outputs)
      for (const token of Object.values(tokens)) expect(told).not.toContain(token)
    })
  }, 60_000)
})
