// The control endpoints: what tests and people do to the sandbox that no API does.

import { parseEdit, type ArmedEdit } from './edits.ts'
import { parseFault, type ArmedFault } from './faults.ts'
import { json, type SandboxRequest, type SandboxResponse } from './http.ts'
import { isObject, type Json } from './json.ts'
import type { LoggedRequest } from './log.ts'
import { parseRewrite, withRewrites } from './rewrites.ts'
import { parseOrder, withOrder } from './runs/orders.ts'
import { advance } from './runs/scheduler.ts'
import { parseState, type State } from './state.ts'

/** Where they are. */
export const CONTROL = '/_sandbox/'

/** All that moves while a sandbox runs. */
export interface World {
  state: State
  faults: readonly ArmedFault[]
  edits: readonly ArmedEdit[]
  log: LoggedRequest[]
}

type Control = (world: World, body: () => Json, now: number) => Json | undefined

function wholeNumber(name: string, value: Json | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw new Error(`'${name}' is a whole number of milliseconds.`)
  return Number(value)
}

/** Moves the clock of runs by `advance`, and sets by how much a look moves it, `perRequest`. */
function setClock(world: World, body: Json, now: number): Json {
  if (!isObject(body)) throw new Error('A clock is a JSON object.')
  const unknown = Object.keys(body).find((key) => key !== 'advance' && key !== 'perRequest')
  if (unknown !== undefined) throw new Error(`A clock has no key '${unknown}'.`)
  const ms = wholeNumber('advance', body.advance) ?? 0
  const perRequest = wholeNumber('perRequest', body.perRequest) ?? world.state.runClock.perRequest
  const moved = advance(world.state, ms, now)
  world.state = { ...moved, runClock: { ...moved.runClock, perRequest } }
  return { ...world.state.runClock }
}

const CONTROLS: Readonly<Record<string, Control>> = {
  'GET requests': (world) => world.log as unknown as Json,
  'DELETE requests': (world) => {
    world.log = []
    return undefined
  },
  'GET state': (world) => world.state as unknown as Json,
  'PUT state': (world, body) => {
    world.state = parseState(body())
    return undefined
  },
  'POST faults': (world, body) => {
    world.faults = [...world.faults, { fault: parseFault(body()), seen: 0 }]
    return undefined
  },
  'DELETE faults': (world) => {
    world.faults = []
    return undefined
  },
  'POST edits': (world, body) => {
    world.edits = [...world.edits, { edit: parseEdit(body()), seen: 0 }]
    return undefined
  },
  'DELETE edits': (world) => {
    world.edits = []
    return undefined
  },
  'POST rewrites': (world, body) => {
    const rewrite = parseRewrite(body())
    for (const { id } of world.state.accounts)
      world.state = withRewrites(world.state, id, [rewrite])
    return undefined
  },
  'DELETE rewrites': (world) => {
    const accounts = world.state.accounts.map((account) => ({
      ...account,
      features: { ...account.features, rewrites: [] }
    }))
    world.state = { ...world.state, accounts }
    return undefined
  },
  'GET clock': (world) => ({ ...world.state.runClock }),
  'POST clock': (world, body, now) => setClock(world, body(), now),
  'POST runs': (world, body) => {
    world.state = withOrder(world.state, parseOrder(body()))
    return undefined
  },
  'DELETE runs': (world) => {
    world.state = { ...world.state, runOrders: [] }
    return undefined
  }
}

/** Answers a request to a control endpoint. They need no token and are not in the log. */
export function controlled(world: World, request: SandboxRequest): SandboxResponse {
  const name = `${request.method} ${request.path.slice(CONTROL.length)}`
  const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined
  if (control === undefined) {
    const names = [...new Set(Object.keys(CONTROLS).map((key) => key.split(' ')[1]))]
    return json(404, { error: `There is ${names.join(', ')}.` })
  }
  try {
    const body = (): Json => JSON.parse(request.body ?? '') as Json
    const shown = control(world, body, request.now ?? world.state.clock)
    return shown === undefined ? { status: 204, headers: {}, body: '' } : json(200, shown)
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) })
  }
}
