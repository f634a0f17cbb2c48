// Every way in which a request goes wrong, and how a promotion must end when it does: one literal table.
import { documentedRest } from '../../src/dbt/policy.ts'
import { answered, envelope, type Place, type Strike, type Trouble } from './wire.ts'

/** How a run may end: `green`, or red with one of these reasons. */
export type Ending = string | readonly string[]

/** One row of the matrix. */
export interface Fault {
  readonly name: string
  /** What strikes one request, each time that it is sent; what is sent more often than that goes well. */
  readonly strikes: readonly Strike[]
  /** The last strike strikes again and again. */
  readonly forEver?: true
  /** What goes wrong besides. */
  readonly besides?: Trouble
  /** When the request arrives, the workflow is cancelled so many times. */
  readonly cancels?: number
  /** When the request has been struck, the process is gone. */
  readonly kills?: true
  /** A create may be sent again: nothing can have happened. */
  readonly repeatable?: true
  /** Its answer tells that what was asked for is gone. */
  readonly proves?: true
  /** The places that it strikes; all otherwise. */
  readonly at?: readonly Place[]
  /** Only a promotion of values notices. */
  readonly ofValues?: true
  /** How long the whole account must rest. */
  readonly restMs?: number
  readonly inputs?: Readonly<Record<string, string>>
  /**
   * By class of the struck request. A link is the second write of a new job, so its failure is an incomplete job. The
   * questions whether a job is gone, whose the credentials are, and which connections there are, end as reads do where
   * nothing else is said.
   */
  readonly ends: {
    readonly read: Ending
    readonly gone?: Ending
    readonly credentials?: Ending
    readonly connections?: Ending
    readonly create: Ending
    readonly update: Ending
    readonly link: Ending
    /** An update of which nothing but its own answer tells whether it was done. */
    readonly blind?: Ending
    readonly variable?: Ending
  }
}

type Gets = NonNullable<Strike['gets']>

const replaces: readonly Place[] = [
  'link job',
  'update job',
  'pause job',
  'update variable',
  'update override'
]
const valueWrites: readonly Place[] = ['create variable', 'update variable', 'rewrite secret']
const writes: readonly Place[] = [
  ...replaces,
  ...valueWrites,
  'create env',
  'update env',
  'create job',
  'create attributes',
  'patch attributes',
  'create override'
]
const lists: readonly Place[] = ['read source', 'read target', 'read connections', 'read again']
const before = false
const after = true
const cutAfterMs = 120_000

const ends = (read: Ending, create: Ending, update: Ending, link: Ending): Fault['ends'] => ({
  read,
  create,
  update,
  link
})
const allGreen = ends('green', 'green', 'green', 'green')
/** What is struck before it is carried out is done by repetition, but for a create. */
const onlyCreateUnclear = ends('green', 'unclear', 'green', 'green')
/** What is struck for ever is not done, and nobody can know it. */
const neverDone = ends('internal', 'unclear', 'unclear', 'apply-failed')
/** What is struck for ever after it was carried out is found. */
const found = { ...ends('internal', 'green', 'green', 'green'), blind: 'unclear' }
const refusedFor = (read: Ending, write: Ending): Fault['ends'] => ends(read, write, write, write)

const status =
  (code: number, body: string, headers?: Readonly<Record<string, string>>): Gets =>
  () =>
    answered(code, body, headers)
const api = (code: number, message: string): Gets =>
  status(code, JSON.stringify(envelope(code, message)))
const limited = (headers?: Readonly<Record<string, string>>): Strike => ({
  commit: before,
  gets: status(429, '', headers)
})
/** What is not found in this project, though others are, belongs to another one. */
const foreign = 'plan-problems'
const html = '<!doctype html><html><body>Bad gateway</body></html>'
const unsuccessful = JSON.stringify({
  status: { code: 500, is_success: false, user_message: 'No.', developer_message: '' },
  data: null
})

/** The same fault before and after the request is carried out, once. */
const once = (
  name: string,
  gets: Gets,
  more: Partial<Strike> = {},
  beforeEnds: Fault['ends'] = onlyCreateUnclear,
  afterEnds: Fault['ends'] = allGreen
): readonly Fault[] => [
  { name: `${name}, before`, strikes: [{ commit: before, gets, ...more }], ends: beforeEnds },
  { name: `${name}, after`, strikes: [{ commit: after, gets, ...more }], ends: afterEnds }
]

/** The same fault of a proxy, which a read is not repeated after. */
function inBetween(
  name: string,
  gets: Gets,
  read: Ending,
  at?: readonly Place[]
): readonly Fault[] {
  return once(name, gets, {}, { ...onlyCreateUnclear, read }, { ...allGreen, read }).map((fault) =>
    at ? { ...fault, at } : fault
  )
}

/** The same fault before and after, again and again. */
const forEver = (name: string, gets: Gets, more: Partial<Strike> = {}): readonly Fault[] =>
  once(name, gets, more, neverDone, found).map((fault) => ({
    ...fault,
    name: fault.name.replace(', ', ' for ever, '),
    forEver: true
  }))

/** The rows. */
export const faults: readonly Fault[] = [
  {
    name: 'refused',
    strikes: [{ commit: before, gets: 'refused' }],
    repeatable: true,
    ends: allGreen
  },
  {
    name: 'refused for ever',
    strikes: [{ commit: before, gets: 'refused' }],
    forEver: true,
    repeatable: true,
    ends: refusedFor('not-found', 'apply-failed')
  },
  {
    name: 'unreachable',
    strikes: [{ commit: before, gets: 'unreachable' }],
    ends: refusedFor('not-found', 'apply-failed')
  },
  ...once('reset', 'reset'),
  ...forEver('reset', 'reset'),
  {
    name: 'reset before, then refused for ever',
    strikes: [
      { commit: before, gets: 'reset' },
      { commit: before, gets: 'refused' }
    ],
    forEver: true,
    ends: ends('not-found', 'unclear', 'unclear', 'apply-failed')
  },
  {
    name: 'reset after, then refused for ever',
    strikes: [
      { commit: after, gets: 'reset' },
      { commit: before, gets: 'refused' }
    ],
    forEver: true,
    ends: { ...found, read: 'not-found' }
  },
  ...once('timeout', 'timeout', { tookMs: cutAfterMs }),
  ...forEver('timeout', 'timeout', { tookMs: cutAfterMs }),
  {
    name: 'timeout, carried out 5 s later',
    strikes: [{ commit: { afterMs: cutAfterMs + 5000 }, gets: 'timeout', tookMs: cutAfterMs }],
    ends: allGreen
  },
  {
    name: 'timeout, carried out 2 min later',
    strikes: [{ commit: { afterMs: 2 * cutAfterMs }, gets: 'timeout', tookMs: cutAfterMs }],
    ends: onlyCreateUnclear
  },
  ...once('cut body', 'cut'),
  ...forEver('cut body', 'cut'),
  ...once('408', status(408, '')),
  ...once('409', api(409, 'Conflict.')),
  { name: '429', strikes: [limited()], repeatable: true, restMs: documentedRest, ends: allGreen },
  {
    name: '429, Retry-After 7',
    strikes: [limited({ 'retry-after': '7' })],
    repeatable: true,
    restMs: 7000,
    ends: allGreen
  },
  {
    name: '429, Retry-After as a date',
    strikes: [
      {
        commit: before,
        gets: (now) => answered(429, '', { 'retry-after': new Date(now + 61_000).toUTCString() })
      }
    ],
    repeatable: true,
    restMs: 60_000,
    ends: allGreen
  },
  {
    name: '429, Retry-After 0',
    strikes: [limited({ 'retry-after': '0' })],
    repeatable: true,
    restMs: 1000,
    ends: allGreen
  },
  {
    name: '429, Retry-After in the past',
    strikes: [limited({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })],
    repeatable: true,
    restMs: 1000,
    ends: allGreen
  },
  {
    name: '429, Retry-After of no sense',
    strikes: [limited({ 'retry-after': '-5' })],
    repeatable: true,
    restMs: documentedRest,
    ends: allGreen
  },
  {
    name: '429, Retry-After a day',
    strikes: [limited({ 'retry-after': '86400' })],
    ends: refusedFor('rate-limited', 'rate-limited')
  },
  {
    name: '429 with 3 minutes left',
    strikes: [limited()],
    inputs: { 'deadline-minutes': '3' },
    ends: refusedFor('rate-limited', 'rate-limited')
  },
  {
    name: '429 for ever',
    strikes: [limited()],
    forEver: true,
    repeatable: true,
    restMs: documentedRest,
    ends: refusedFor('rate-limited', 'rate-limited')
  },
  {
    name: '429 for ever, Retry-After 7',
    strikes: [limited({ 'retry-after': '7' })],
    forEver: true,
    repeatable: true,
    restMs: 7000,
    ends: refusedFor('rate-limited', 'rate-limited')
  },
  ...once(
    '500 of the API',
    api(500, 'There was a server error.'),
    {},
    ends('green', 'unclear', 'unclear', 'apply-failed'),
    { ...allGreen, blind: 'unclear' }
  ),
  ...forEver('500 of the API', api(500, 'There was a server error.')),
  ...once('500', status(500, 'oops')),
  ...once('502', status(502, html)),
  ...once('503', status(503, '')),
  ...forEver('503', status(503, '')),
  ...once('503, Retry-After 20', status(503, '', { 'retry-after': '20' })),
  ...once('504', status(504, html)),
  ...forEver('504', status(504, html)),
  ...once('522', status(522, 'error code: 522')),
  ...once('HTML with 200', status(200, html)),
  ...forEver('HTML with 200', status(200, html)),
  ...once('empty 200', status(200, '')),
  ...once('is_success false with 200', status(200, unsuccessful), {}, neverDone, found),
  ...once('another shape with 200', status(200, '{"data":7}'), {}, neverDone, found),
  // A login proxy may answer when the write is done: observed as a redirect, and told as failed.
  ...inBetween('a redirect', status(302, '', { location: 'https://x.example/' }), 'internal'),
  ...forEver('a redirect', status(302, '', { location: 'https://x.example/' })),
  ...inBetween('401 of something in between', status(401, html), 'unauthorized', writes),
  ...inBetween('403 of something in between', status(403, '{"message":"no"}'), '', writes),
  ...inBetween('400 of something in between', status(400, ''), '', writes),
  ...[0, null, 1_000_000].flatMap((total) => {
    const strikes: readonly Strike[] = [{ commit: after, list: { total } }]
    const fault = { strikes, at: lists, ends: allGreen }
    const name = `a list that tells a total of ${String(total)}`
    return [
      { name, ...fault },
      { name: `${name} for ever`, ...fault, forEver: true as const }
    ]
  }),
  {
    name: 'a list with one object',
    strikes: [{ commit: after, list: { most: 1 } }],
    at: lists,
    ends: allGreen
  },
  {
    name: '400 that repeats the token',
    strikes: [
      {
        commit: before,
        gets: (_now, token) => answered(400, { detail: `Authorization: Bearer ${token}` })
      }
    ],
    ends: refusedFor('internal', 'apply-failed')
  },
  {
    name: '401',
    strikes: [{ commit: before, gets: api(401, 'Invalid token.') }],
    ends: refusedFor('unauthorized', ['unauthorized', 'apply-failed'])
  },
  {
    name: '403',
    strikes: [{ commit: before, gets: api(403, 'No.') }],
    ends: {
      ...refusedFor('unauthorized', ['unauthorized', 'apply-failed']),
      credentials: foreign,
      // Nobody can tell which one a name means.
      connections: 'plan-problems'
    }
  },
  {
    name: '404',
    strikes: [{ commit: before, gets: api(404, 'Not found.') }],
    proves: true,
    ends: {
      ...refusedFor('not-found', ['unauthorized', 'apply-failed']),
      gone: 'green',
      credentials: foreign,
      // Nobody can tell which one a name means.
      connections: 'plan-problems'
    }
  },
  // Only the API knows what is gone.
  ...[html, '', '{"message":"no route matched"}'].map((body, index): Fault => ({
    name: `404 of something in between, ${['HTML', 'empty', 'JSON'][index] ?? ''}`,
    strikes: [{ commit: before, gets: status(404, body) }],
    at: ['read gone'],
    ends: refusedFor('not-found', 'apply-failed')
  })),
  {
    name: 'a job that is deleted',
    strikes: [{ commit: before, gets: status(200, '{"data":{"state":2}}') }],
    proves: true,
    at: ['read gone'],
    ends: allGreen
  },
  {
    name: 'an empty list',
    strikes: [{ commit: before, gets: status(200, '{"data":[]}') }],
    at: ['read connections'],
    ends: ends('plan-problems', '', '', '')
  },
  // A token that may see no credentials at all is no reason to stop.
  {
    name: '403 to all credentials',
    strikes: [{ commit: before, gets: api(403, 'No.') }],
    forEver: true,
    besides: ({ place }) =>
      place === 'read credentials' ? { commit: before, gets: api(403, 'No.') } : undefined,
    at: ['read credentials'],
    ends: allGreen
  },
  {
    name: 'reset after, in no list for 8 s',
    strikes: [{ commit: after, gets: 'reset', hiddenMs: 8000 }],
    ends: allGreen
  },
  {
    name: 'reset after, in no list for a minute',
    strikes: [{ commit: after, gets: 'reset', hiddenMs: 60_000 }],
    ends: {
      ...onlyCreateUnclear,
      variable: ['green', 'unclear'],
      blind: ['green', 'unclear']
    }
  },
  {
    name: 'reset after, and no look is answered',
    strikes: [{ commit: after, gets: 'reset' }],
    besides: ({ place }) => (place === 'look' ? { commit: before, gets: 'reset' } : undefined),
    ends: onlyCreateUnclear
  },
  {
    name: 'reset after, and the first looks fail',
    strikes: [{ commit: after, gets: 'reset' }],
    besides: firstLooksFail(),
    ends: allGreen
  },
  // Of a replace, the answers must be lost for ever before anyone looks.
  {
    name: 'reset for ever, after, and no look is answered',
    strikes: [{ commit: after, gets: 'reset' }],
    forEver: true,
    besides: ({ place }) => (place === 'look' ? { commit: before, gets: 'reset' } : undefined),
    at: replaces,
    ends: neverDone
  },
  {
    name: 'reset for ever, after, and the first looks fail',
    strikes: [{ commit: after, gets: 'reset' }],
    forEver: true,
    besides: firstLooksFail(),
    at: replaces,
    ends: found
  },
  ...[before, after].map((commit): Fault => ({
    name: `no answer before the deadline, ${commit ? 'after' : 'before'}`,
    strikes: [{ commit, tookMs: 10 * cutAfterMs }],
    forEver: true,
    inputs: { 'deadline-minutes': '1' },
    ends: ends('deadline', 'unclear', 'unclear', 'deadline')
  })),
  {
    name: 'cancelled',
    strikes: [{ commit: after }],
    cancels: 1,
    ends: refusedFor('cancelled', ['cancelled', 'green'])
  },
  ...[before, after].map((commit): Fault => ({
    name: `cancelled without an answer, ${commit ? 'after' : 'before'}`,
    strikes: [{ commit, tookMs: 10 * cutAfterMs }],
    forEver: true,
    cancels: 1,
    ends: refusedFor('cancelled', 'cancelled')
  })),
  {
    name: 'cancelled and answered by 503',
    strikes: [{ commit: before, gets: status(503, '') }],
    forEver: true,
    cancels: 1,
    ends: ends('cancelled', ['cancelled', 'unclear'], 'cancelled', 'cancelled')
  },
  {
    name: 'cancelled twice without an answer',
    strikes: [{ commit: after, tookMs: 10 * cutAfterMs }],
    forEver: true,
    cancels: 2,
    ends: refusedFor('cancelled', 'cancelled')
  },
  // Values of variables are set one by one, and a good answer need not mean that all are.
  {
    name: 'a 200 that fails for one value',
    strikes: [{ commit: before, refuses: 'last' }],
    at: valueWrites,
    ends: allGreen
  },
  {
    name: 'a 200 that fails for all values',
    strikes: [{ commit: before, refuses: 'all' }],
    at: valueWrites,
    ends: allGreen
  },
  {
    name: 'a 200 that fails for one value, again and again',
    strikes: [{ commit: before, refuses: 'last' }],
    besides: secondWrite({ commit: before, refuses: 'all' }),
    at: valueWrites,
    // The last value of an update may be one that is only mentioned, and is not missed.
    ends: { ...refusedFor('', 'apply-failed'), variable: ['apply-failed', 'green'] }
  },
  ...[before, after].map((commit): Fault => ({
    name: `a 200 that fails for one value, and no answer to the second, ${commit ? 'after' : 'before'}`,
    strikes: [{ commit: before, refuses: 'last' }],
    besides: secondWrite({ commit, gets: 'reset' }),
    at: valueWrites,
    ends: {
      ...refusedFor('', commit ? ['unclear', 'green'] : 'unclear'),
      variable: ['unclear', 'green']
    }
  })),
  {
    name: '400 that repeats the body',
    strikes: [
      {
        commit: before,
        // But for what tells that a whole body is shown.
        gets: (_now, _token, body) =>
          answered(400, envelope(400, body.replaceAll('"account_id":', 'account ')))
      }
    ],
    at: [
      ...valueWrites,
      'create attributes',
      'patch attributes',
      'create override',
      'update override'
    ],
    ends: refusedFor('', 'apply-failed')
  },
  {
    name: 'values know a new environment 2 s later',
    strikes: [{ commit: after, unknownMs: 2000 }],
    ofValues: true,
    at: ['create env'],
    ends: allGreen
  },
  {
    name: 'values never know a new environment',
    strikes: [{ commit: after, unknownMs: 60 * 60_000 }],
    ofValues: true,
    at: ['create env'],
    ends: refusedFor('', 'apply-failed')
  },
  ...[before, after].map((commit): Fault => ({
    name: `values know a new environment 2 s later, and no answer to the second write, ${commit ? 'after' : 'before'}`,
    strikes: [{ commit: after, unknownMs: 2000 }],
    besides: secondWrite({ commit, gets: 'reset' }),
    ofValues: true,
    at: ['create env'],
    ends: refusedFor('', commit ? ['unclear', 'green'] : 'unclear')
  })),
  { name: 'killed, before', strikes: [{ commit: before }], kills: true, ends: allGreen },
  { name: 'killed, after', strikes: [{ commit: after }], kills: true, ends: allGreen }
]

const typical: readonly string[] = [
  'refused for ever',
  'unreachable',
  'reset, before',
  'reset, after',
  'reset for ever, before',
  'reset for ever, after',
  'timeout, carried out 5 s later',
  'timeout, carried out 2 min later',
  'cut body, after',
  '409, after',
  '429, Retry-After 7',
  '429 with 3 minutes left',
  '500 of the API, before',
  '500 of the API, after',
  '503 for ever, before',
  '503, after',
  'HTML with 200, before',
  'HTML with 200 for ever, after',
  'is_success false with 200, before',
  'another shape with 200, after',
  'a redirect, before',
  'a redirect, after',
  'a redirect for ever, after',
  '403 of something in between, after',
  'a list that tells a total of 0 for ever',
  'a list that tells a total of 1000000 for ever',
  '400 that repeats the token',
  '401',
  '403',
  '404',
  'an empty list',
  '403 to all credentials',
  'reset after, in no list for a minute',
  'reset after, and no look is answered',
  'reset after, and the first looks fail',
  'reset for ever, after, and no look is answered',
  'reset for ever, after, and the first looks fail',
  'no answer before the deadline, after',
  'cancelled',
  'cancelled without an answer, after',
  'killed, before',
  'killed, after'
]

/** Whether a fault stands for its kind: what the promotion by inputs shows of every kind need not be shown again. */
export function isTypical({ name }: Fault): boolean {
  return typical.includes(name)
}

// The first two of every three looks go wrong for good.
function firstLooksFail(): Trouble {
  return ({ place, n }) =>
    place === 'look' && n % 3 !== 0 ? { commit: before, gets: status(503, '') } : undefined
}

function secondWrite(strike: Strike): Trouble {
  return ({ place }) => (place === 'set again' ? strike : undefined)
}
