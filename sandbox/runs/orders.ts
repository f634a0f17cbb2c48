// Orders: what a test wants to become of runs.

import { between, boolean, oneOf, text, type Check } from '../check.ts'
import { isObject, type Json } from '../json.ts'
import type { State } from '../state.ts'
import type { RunOrder } from './types.ts'

const CHECKS: Readonly<Record<string, Check>> = {
  job: (value) => (typeof value === 'string' ? undefined : between(1)(value)),
  nth: between(1),
  times: (value) => (value === null ? undefined : between(1)(value)),
  outcome: oneOf('success', 'error', 'cancelled', 'hang'),
  step: between(1),
  log: text(0),
  message: text(0),
  prepMs: between(0),
  stepMs: between(0),
  artifacts: boolean
}

/**
 * Reads an order that came as JSON.
 * @throws when it is not one; the message names the key
 */
export function parseOrder(value: Json): RunOrder {
  if (!isObject(value)) throw new Error('An order for runs is a JSON object.')
  for (const [key, given] of Object.entries(value)) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key] : undefined
    if (check === undefined) throw new Error(`An order for runs has no key '${key}'.`)
    const wrong = check(given)
    if (wrong !== undefined) throw new Error(`'${key}' is wrong: ${JSON.stringify(wrong)}`)
  }
  return value
}

/** The state with one more order; the first one that fits a run counts. */
export function withOrder(state: State, order: RunOrder): State {
  return { ...state, runOrders: [...state.runOrders, { order, seen: 0 }] }
}
