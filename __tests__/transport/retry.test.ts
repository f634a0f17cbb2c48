// What a repeated request ends with: the last attempt says what happened, and the attempts before it are not forgotten.
import { describe, expect, it } from '@jest/globals'
import { TransportError } from '../../src/dbt/transport.ts'
import { answer, line, request, type Ending } from '../../testing/line.ts'

const reset = new TransportError('reset', true, 'reset')
const refused = new TransportError('refused', false, 'refused')
const four = (ending: Ending): Ending[] => Array.from({ length: 4 }, () => ending)

describe('doubt', () => {
  it.each<[string, readonly Ending[], boolean]>([
    ['a reset', [reset, ...four(refused)], true],
    ['a gateway that gave up', [answer(504), ...four(refused)], true],
    ['a refused connection', [refused, ...four(refused)], false]
  ])('after %s stays, though the last attempt was refused', async (_how, endings, isInDoubt) => {
    const { send } = line(endings)
    expect(await send(request('replace'))).toMatchObject({
      error: { fault: 'refused', mayHaveHappened: isInDoubt }
    })
  })

  it.each([400, 401, 403, 404])('stays, though the last attempt says %i', async (status) => {
    const own = answer(status, '{"detail":"No."}')
    const doubtful = await line([reset, own]).send(request('replace'))
    expect(doubtful).toMatchObject({ answer: { status, inDoubt: true } })
    const clear = await line([own]).send(request('replace'))
    expect(clear).not.toHaveProperty('answer.inDoubt')
  })

  it('stays, though the run is stopped before the next attempt', async () => {
    const played = line([reset])
    const sending = played.begin(request('replace'))
    void played.time.sleep(500).then(() => played.stop.stop('cancelled'))
    expect(await played.time.run(sending)).toMatchObject({
      error: { fault: 'stopped', mayHaveHappened: true, cause: { reason: 'cancelled' } }
    })
    expect(played.sent).toHaveLength(1)
  })

  it('stays, though the account must rest longer than there is time', async () => {
    const played = line([reset, answer(429, '', { 'retry-after': '86400' })])
    expect(await played.send(request('replace'))).toMatchObject({
      error: { fault: 'stopped', mayHaveHappened: true, cause: { reason: 'rate-limited' } }
    })
  })
})

describe('the deadline', () => {
  it('is no reason to begin a wait that it would cut short', async () => {
    const played = line([answer(503, '', { 'retry-after': '120' })], { minutes: 1 })
    const begin = played.time.now()
    const result = await played.send(request('read'))
    expect(result).toMatchObject({
      error: { fault: 'stopped', mayHaveHappened: true, cause: { reason: 'deadline' } }
    })
    expect((result as { error: Error }).error.message).toContain('answered 503')
    expect(played.time.now()).toBe(begin)
  })

  it('lets nothing begin after it', async () => {
    const played = line([], { minutes: 1 })
    await played.time.run(played.time.sleep(61_000))
    expect(await played.send(request('read'))).toMatchObject({
      error: { fault: 'stopped', mayHaveHappened: false, cause: { reason: 'deadline' } }
    })
    expect(played.sent).toHaveLength(0)
  })
})

describe('a stop', () => {
  it.each([answer(503), reset, refused, answer(429)])(
    'tells that it is one, whatever the last answer was: %j',
    async (ending) => {
      const played = line([ending], { latencyMs: 1000 })
      const sending = played.begin(request('read'))
      void played.time.sleep(500).then(() => played.stop.stop('cancelled'))
      expect(await played.time.run(sending)).toMatchObject({
        error: { fault: 'stopped', cause: { reason: 'cancelled' } }
      })
      expect(played.sent).toHaveLength(1)
    }
  )

  it('keeps the answer that came in time', async () => {
    const played = line([answer(200, '{"data":{}}')], { latencyMs: 1000 })
    const sending = played.begin(request('create'))
    void played.time.sleep(500).then(() => played.stop.stop('cancelled'))
    expect(await played.time.run(sending)).toMatchObject({ answer: { status: 200 } })
  })

  it('ends what waits for a place, without a request', async () => {
    const played = line([], { latencyMs: 1000, parallelism: 2 })
    const all = Array.from({ length: 30 }, () => played.begin(request('read')))
    void played.time.sleep(500).then(() => played.stop.stop('cancelled'))
    const results = await played.time.run(Promise.all(all))
    expect(played.sent).toHaveLength(2)
    expect(results.filter((each) => 'error' in each)).toHaveLength(28)
  })
})

describe('waits', () => {
  it('hold no place that others could have', async () => {
    const played = line([answer(503)], { parallelism: 1 })
    const first = played.begin(request('read', '/first'))
    const second = played.begin(request('read', '/second'))
    await played.time.run(Promise.all([first, second]))
    expect(played.paths).toEqual(['/first', '/second', '/first'])
  })
})
