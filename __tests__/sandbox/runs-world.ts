// What tests of runs share: a world whose clock stands still, and requests that the official spec has seen.

import { addJob, advance, withOrder, type RunOrder } from '../../sandbox/index.ts'
import { loadSpecCheck } from '../../testing/official/spec-check.ts'
import {
  NOW,
  send,
  world,
  type Options,
  type Reply,
  type World
} from '../../testing/worlds/small.ts'

/** A world in which looking at runs moves nothing. */
export function stillWorld(features: Parameters<typeof world>[0] = {}): World {
  const at = world(features)
  at.state.runClock = { now: null, perRequest: 0 }
  return at
}

/** Moves the clock of runs on by so many seconds. */
export function wait(at: World, seconds: number): void {
  at.state = advance(at.state, seconds * 1000, NOW)
}

/** Says what is to become of runs. */
export function order(at: World, given: RunOrder): void {
  at.state = withOrder(at.state, given)
}

/** Sends a request that the official spec allows. */
export function ask(
  at: World,
  method: string,
  path: string,
  body?: unknown,
  options: Options = {}
): Reply {
  const complaints = loadSpecCheck()?.check({ method, path, body }) ?? []
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  return send(at, method, path, body, options)
}

export const accountPath = (at: World): string => `/api/v2/accounts/${at.account}/`
export const runsPath = (at: World, id: number | '' = ''): string =>
  `${accountPath(at)}runs/${id === '' ? '' : `${id}/`}`

/** Starts a run of a job; the world's own by default. */
export function start(at: World, body: object = {}, jobId = at.job, options: Options = {}): Reply {
  const path = `${accountPath(at)}jobs/${jobId}/run/`
  return ask(at, 'POST', path, { cause: 'a test', ...body }, options)
}

/** The run as the API answers it now. */
export function look(at: World, id: number, related = ''): Reply {
  const query = related === '' ? '' : `?include_related=${related}`
  return ask(at, 'GET', `${runsPath(at, id)}${query}`)
}

/** The status of a run now. */
export function statusOf(at: World, id: number): unknown {
  return look(at, id).data['status']
}

/** More jobs of the environment under test. */
export function moreJobs(at: World, count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) =>
    addJob(at.state, at.environment, { name: `Job ${n}` })
  )
}
