// Which request: faults and edits say it alike.

import type { SandboxRequest } from './http.ts'
import type { JsonObject } from './json.ts'

export interface Nth {
  /** The n-th request that fits, counted from when this was added; 1 by default. */
  readonly nth?: number
  /** Only this method. */
  readonly method?: string
  /** Only paths of this pattern (without query string); `*` stands for anything. */
  readonly path?: string
  /** How many requests that fit are meant from the n-th on: 1 by default, null for all. */
  readonly times?: number | null
}

function fits(which: Nth, request: SandboxRequest): boolean {
  if (which.method !== undefined && which.method !== request.method) return false
  if (which.path === undefined) return true
  const pathname = request.path.split('?')[0] ?? ''
  const parts = which.path.split('*').map((part) => part.replace(/[$()+.?[\\\]^{|}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(pathname)
}

/** How many requests have fitted after this one. */
export function seenAfter(which: Nth, seen: number, request: SandboxRequest): number {
  return fits(which, request) ? seen + 1 : seen
}

/** True if this request is meant, after so many that fitted before. */
export function strikes(which: Nth, seen: number, request: SandboxRequest): boolean {
  if (!fits(which, request)) return false
  const first = which.nth ?? 1
  const last = which.times === null ? Infinity : first + (which.times ?? 1) - 1
  return seen + 1 >= first && seen + 1 <= last
}

/** Refuses counts that are none. */
export function assertNth(value: JsonObject): void {
  for (const key of ['nth', 'times']) {
    const count = value[key]
    const fine = count === undefined || (key === 'times' && count === null)
    if (!fine && !(Number.isSafeInteger(count) && Number(count) > 0))
      throw new Error(`'${key}' is a whole number above 0.`)
  }
}
