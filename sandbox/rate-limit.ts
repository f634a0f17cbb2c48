// The rate limit: so many requests in any sixty seconds for each account, then five minutes of nothing.

import { tooManyRequests } from './http.ts'
import type { State, Usage } from './state.ts'

const MINUTE = 60_000
const COOLDOWN = 5 * MINUTE

/** Counts a request of an account. Requests during the cooldown are refused, and do not prolong it. */
export function countRequest(
  state: State,
  accountId: number,
  now: number
): { readonly state: State; readonly refused: boolean } {
  if (state.rateLimit === null) return { state, refused: false }
  const key = String(accountId)
  const usage: Usage = state.usage[key] ?? { recent: [], blockedUntil: null }
  if (usage.blockedUntil !== null && now < usage.blockedUntil) return { state, refused: true }
  const recent = [...usage.recent.filter((time) => time > now - MINUTE), now]
  const refused = recent.length > state.rateLimit
  const next: Usage = refused
    ? { recent: [], blockedUntil: now + COOLDOWN }
    : { recent, blockedUntil: null }
  return { state: { ...state, usage: { ...state.usage, [key]: next } }, refused }
}

/** The answer to a request that was one too many. */
export function refuseForRate(): never {
  throw tooManyRequests()
}
