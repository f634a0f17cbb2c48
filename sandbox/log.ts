// The log of what the sandbox was asked.

import type { Json } from './json.ts'

/** A request as the log keeps it. The token is never kept. */
export interface LoggedRequest {
  /** When it came, in milliseconds since 1970. */
  readonly time: number
  readonly method: string
  /** Without the query string. */
  readonly path: string
  /** A parameter that came more than once holds its last value. */
  readonly query: Readonly<Record<string, string>>
  /** Authorization as `Token ***` or `Bearer ***`. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed if it is JSON, else as it came; null if there was none. */
  readonly body: Json
  /** What was answered; null if nothing was. */
  readonly status: number | null
  readonly unknownRoute: boolean
  /** The fault that struck. */
  readonly fault: string | null
}
