// The policy as a table: what is done, by what a repetition would do and by what went wrong. It is written out here once
// more, so that nobody changes it by accident; and each cell is played.
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  backOff,
  documentedRest,
  mayHaveHappened,
  mostAttempts,
  policy,
  retryAfter,
  type Cause,
  type Reaction
} from '../../src/dbt/policy.ts'
import { TransportError } from '../../src/dbt/transport.ts'
import type { RetryClass } from '../../src/model/request.ts'
import { answer, line, request, type Ending, type Result } from '../../testing/line.ts'

const wanted: readonly (readonly [Cause, Reaction, Reaction, Reaction])[] = [
  // cause, read, replace, create
  ['unreachable', 'fail', 'fail', 'fail'],
  ['refused', 'retry', 'retry', 'retry'],
  ['reset', 'retry', 'retry', 'look'],
  ['timeout', 'retry', 'retry', 'look'],
  ['cut', 'retry', 'retry', 'look'],
  ['unreadable', 'retry', 'retry', 'look'],
  ['contradictory', 'fail', 'fail', 'look'],
  ['foreign', 'fail', 'retry', 'look'],
  ['408', 'retry', 'retry', 'look'],
  ['409', 'retry', 'retry', 'look'],
  ['429', 'rest', 'rest', 'rest'],
  ['500 of the API', 'retry', 'fail', 'look'],
  ['500', 'retry', 'retry', 'look'],
  ['502', 'retry', 'retry', 'look'],
  ['503', 'retry', 'retry', 'look'],
  ['504', 'retry', 'retry', 'look']
]
const classes: readonly RetryClass[] = ['read', 'replace', 'create']
const cells = wanted.flatMap(([cause, ...reactions]) =>
  classes.map((of, index) => [of, cause, reactions[index] ?? 'fail'] as const)
)

const api500 = '{"status":{"code":500,"is_success":false,"user_message":"No."},"data":null}'
const endings: Readonly<Record<Cause, Ending>> = {
  unreachable: new TransportError('unreachable', false, 'no such host'),
  refused: new TransportError('refused', false, 'refused'),
  reset: new TransportError('reset', true, 'reset'),
  timeout: new TransportError('timeout', true, 'too late'),
  cut: new TransportError('cut', true, 'cut'),
  unreadable: answer(200, '<html></html>'),
  contradictory: answer(200, '{"status":{"code":400,"is_success":false},"data":null}'),
  foreign: answer(302, '', { location: 'https://login.example/' }),
  '408': answer(408),
  '409': answer(409),
  '429': answer(429),
  '500 of the API': answer(500, api500),
  '500': answer(500, 'oops'),
  '502': answer(502),
  '503': answer(503),
  '504': answer(504)
}

describe('the policy', () => {
  it('is this table', () => {
    const asTable = Object.fromEntries(
      classes.map((of, index) => [
        of,
        Object.fromEntries(wanted.map(([cause, ...reactions]) => [cause, reactions[index]]))
      ])
    )
    expect(policy).toEqual(asTable)
  })

  it('sends a create again only where nothing can have happened', () => {
    const again = wanted.flatMap(([cause]) =>
      ['retry', 'rest'].includes(policy.create[cause]) ? [cause] : []
    )
    expect(again).toEqual(['refused', '429'])
    for (const cause of again) expect(mayHaveHappened(cause)).toBe(false)
  })
})

/** What a sender got, in a word. */
function gist(ending: Ending | Result): string {
  if (ending instanceof TransportError) return ending.fault
  if (ending instanceof Error) return ending.message
  if ('answer' in ending) return gist(ending.answer)
  return 'error' in ending ? gist(ending.error as Error) : String(ending.status)
}

const waitsOf = (sent: readonly number[]): readonly number[] =>
  sent.slice(1).map((at, index) => at - (sent[index] ?? 0))

describe.each(cells)('a %s that meets %s', (of, cause, reaction) => {
  const ending = endings[cause]
  const isRepeated = reaction === 'retry' || reaction === 'rest'
  const waits = { retry: [1000], rest: [documentedRest], look: [], fail: [] }[reaction]

  it(`is met by ${reaction}`, async () => {
    const { send, sent } = line([ending])
    expect(gist(await send(request(of)))).toBe(isRepeated ? '200' : gist(ending))
    expect(waitsOf(sent)).toEqual(waits)
  })
})

const retried = cells.filter(([, , reaction]) => reaction === 'retry')

describe.each(retried)('a %s that meets %s for ever', (of, cause) => {
  it('is given up after the last attempt, with what the last one said', async () => {
    const { send, sent } = line(Array.from({ length: 50 }, () => endings[cause]))
    expect(gist(await send(request(of)))).toBe(gist(endings[cause]))
    expect(sent).toHaveLength(mostAttempts)
    expect(waitsOf(sent)).toEqual([1000, 2000, 4000, 8000])
  })
})

describe('what the policy does not name', () => {
  it.each([200, 201, 400, 401, 403, 404, 405, 410, 418, 422, 451])(
    '%i of the API is an answer, and sent once',
    async (status) => {
      const forms = [`{"status":{"code":${String(status)}},"data":{}}`]
      for (const body of status < 300 ? forms : [...forms, '{"detail":"No."}'])
        for (const of of classes) {
          const { send, sent } = line([answer(status, body)])
          const got = await send(request(of))
          expect(got).toMatchObject({ answer: { status } })
          expect(got).not.toHaveProperty('answer.inDoubt')
          expect(sent).toHaveLength(1)
        }
    }
  )

  it('an answer of something in between never decides what became of a write', async () => {
    const bodies = ['', 'no', '<html></html>', 'null', '[]', '{}', '{"message":"no route"}']
    for (const status of [300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 422, 451])
      for (const body of bodies)
        for (const [of, times] of [
          ['read', 1],
          ['replace', mostAttempts],
          ['create', 1]
        ] as const) {
          const played = line(Array.from({ length: 9 }, () => answer(status, body)))
          expect(await played.send(request(of))).toMatchObject({
            answer: { status, inDoubt: true }
          })
          expect([status, body, of, played.sent.length]).toEqual([status, body, of, times])
        }
  })

  it('a redirect is none of the API, though it be in its form', async () => {
    for (const body of ['{"status":{"code":302},"data":null}', '{"detail":"moved"}'])
      expect(await line([answer(302, body)]).send(request('create'))).toMatchObject({
        answer: { inDoubt: true }
      })
  })

  it.each([501, 505, 507, 520, 522, 524, 599])(
    '%i is an error of something in between, as 500 is',
    async (status) => {
      for (const [of, times] of [
        ['read', 2],
        ['replace', 2],
        ['create', 1]
      ] as const) {
        const played = line([answer(status, 'no')])
        await played.send(request(of))
        expect(played.sent).toHaveLength(times)
      }
    }
  )

  it('a slip of our own is thrown at once', async () => {
    const played = line([new TypeError('slip')])
    expect(await played.send(request('read'))).toEqual({ error: new TypeError('slip') })
    expect(played.sent).toHaveLength(1)
  })
})

describe('backOff', () => {
  it('doubles from a second to half a minute, less up to half of it', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 30].map((n) => backOff(n, 0))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000
    ])
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, chance) => {
          const wait = backOff(n, chance)
          expect(wait).toBeLessThanOrEqual(backOff(n, 0))
          expect(wait).toBeGreaterThanOrEqual(backOff(n, 0) / 2)
          // The shortest of the next is no shorter than the longest of this, as long as it grows.
          expect(backOff(n + 1, 1)).toBeGreaterThanOrEqual(Math.min(backOff(n, 0), 15_000))
        }
      )
    )
  })

  it('is by chance, so that what failed together does not come back together', async () => {
    const chances = [0, 0.25, 0.5, 1]
    const waits: number[] = []
    for (const chance of chances) {
      const played = line([endings['503']], { chance })
      await played.send(request('read'))
      waits.push((played.sent[1] ?? 0) - (played.sent[0] ?? 0))
    }
    expect(waits).toEqual([1000, 875, 750, 500])
  })
})

describe('retryAfter', () => {
  const now = Date.UTC(2026, 0, 7, 12)

  it.each<[string | undefined, number | undefined]>([
    ['120', 120_000],
    [' 7 ', 7000],
    ['1.5', 1500],
    ['0', 1000],
    ['Wed, 07 Jan 2026 12:01:00 GMT', 60_000],
    ['Wednesday, 07-Jan-26 12:01:00 GMT', 60_000],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 1000],
    ['99999999999', 99_999_999_999_000],
    ['9'.repeat(400), Infinity],
    [undefined, undefined],
    ['', undefined],
    [' ', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['soon 5', undefined],
    ['in 5 minutes', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['120, 300', undefined],
    ['Wed, nonsense', undefined],
    ['NaN', undefined],
    ['Infinity', undefined]
  ])('%j', (header, milliseconds) => {
    expect(retryAfter(header, now)).toBe(milliseconds)
  })

  it.each([
    ['a longer wait than its own', '20', 20_000],
    ['none', '0', 1000],
    ['a date', new Date(now + 33_000).toUTCString(), 33_000],
    ['nonsense', 'soon 5', 1000]
  ])('of a 503 that asks for %s', async (_what, header, wait) => {
    const played = line([answer(503, '', { 'retry-after': header })])
    await played.send(request('read'))
    expect((played.sent[1] ?? 0) - (played.sent[0] ?? 0)).toBe(wait)
  })
})
