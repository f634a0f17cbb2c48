// An account over its limit rests: once for all requests that were refused together, and everything else waits too.
import { describe, expect, it } from '@jest/globals'
import { documentedRest, mostAskedRests } from '../../src/dbt/policy.ts'
import { answer, line, request, type Ending } from '../../testing/line.ts'

const limited = answer(429)
const asked = (seconds: string): Ending => answer(429, '', { 'retry-after': seconds })
const reads = (count: number) =>
  Array.from({ length: count }, (_, n) => request('read', `/${String(n)}`))

describe('a 429 without Retry-After', () => {
  it('rests for five minutes, with a line every half minute', async () => {
    const played = line([limited])
    expect(await played.send(request('read'))).toMatchObject({ answer: { status: 200 } })
    expect((played.sent[1] ?? 0) - (played.sent[0] ?? 0)).toBe(documentedRest)
    expect(played.log).toEqual(
      [300, 270, 240, 210, 180, 150, 120, 90, 60, 30].map(
        (left) => `The account is over its limit of requests: going on in ${String(left)} seconds.`
      )
    )
  })

  it('counts once for all that were under way together', async () => {
    const played = line(
      Array.from({ length: 10 }, () => limited),
      { latencyMs: 100 }
    )
    const all = reads(10).map((each) => played.begin(each))
    const results = await played.time.run(Promise.all(all))
    expect(results.every((each) => 'answer' in each && each.answer.status === 200)).toBe(true)
    expect(played.sent).toHaveLength(20)
    expect(played.log).toHaveLength(10)
  })

  it.each([1, 3, 10])('makes all others wait, %i at a time', async (parallelism) => {
    const played = line([limited], { latencyMs: 100, parallelism })
    const begin = played.time.now()
    const all = reads(40).map((each) => played.begin(each))
    await played.time.run(Promise.all(all))
    const isResting = (at: number): boolean =>
      at >= begin + 100 && at < begin + 100 + documentedRest
    expect(played.sent.filter((at) => isResting(at))).toEqual([])
    expect(played.sent).toHaveLength(41)
  })

  it('is rested for only once in a run: then others use the account', async () => {
    const played = line([limited, limited])
    const result = await played.send(request('read'))
    expect(result).toMatchObject({ error: { fault: 'stopped', cause: { reason: 'rate-limited' } } })
    expect((result as { error: Error }).error.message).toContain('again, after a rest')
    expect(played.sent).toHaveLength(2)
  })

  it('ends at once where the deadline is too near', async () => {
    const played = line([limited], { minutes: 4 })
    const begin = played.time.now()
    expect(await played.send(request('create'))).toMatchObject({
      error: { fault: 'stopped', mayHaveHappened: false, cause: { reason: 'rate-limited' } }
    })
    expect(played.time.now()).toBe(begin)
    expect(played.log).toEqual([])
  })

  it('is no reason to wait on when the run is cancelled', async () => {
    const played = line([limited])
    const sending = played.begin(request('read'))
    void played.time.sleep(45_000).then(() => played.stop.stop('cancelled'))
    const begin = played.time.now()
    expect(await played.time.run(sending)).toMatchObject({
      error: { fault: 'stopped', cause: { reason: 'cancelled' } }
    })
    expect(played.time.now() - begin).toBeLessThan(46_000)
    expect(played.sent).toHaveLength(1)
  })

  it('does not use up the attempts', async () => {
    const played = line([answer(503), answer(503), answer(503), limited, answer(503)])
    expect(await played.send(request('read'))).toMatchObject({ answer: { status: 200 } })
    expect(played.sent).toHaveLength(6)
  })
})

describe('a 429 with Retry-After', () => {
  it.each([
    ['7', 7000],
    ['0', 1000],
    ['0.2', 1000],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 1000],
    ['Wed, 07 Jan 2026 12:02:00 GMT', 120_000],
    ['soon', documentedRest],
    ['-5', documentedRest]
  ])('%s', async (header, wait) => {
    const played = line([asked(header)])
    expect(await played.send(request('read'))).toMatchObject({ answer: { status: 200 } })
    expect((played.sent[1] ?? 0) - (played.sent[0] ?? 0)).toBe(wait)
  })

  it.each(['86400', '9'.repeat(400), 'Fri, 07 Jan 2028 12:02:00 GMT'])(
    '%s ends the run at once',
    async (header) => {
      const played = line([asked(header)])
      const begin = played.time.now()
      expect(await played.send(request('read'))).toMatchObject({
        error: { cause: { reason: 'rate-limited' } }
      })
      expect(played.time.now()).toBe(begin)
    }
  )

  it('is heeded some times, and then given up', async () => {
    const played = line(Array.from({ length: 100 }, () => asked('7')))
    expect(await played.send(request('read'))).toMatchObject({
      error: { cause: { reason: 'rate-limited' } }
    })
    expect(played.sent).toHaveLength(mostAskedRests + 1)
  })
})
