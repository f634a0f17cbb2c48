// A request to the dbt API as data. The middle writes requests; the edge only sends them.
import type { JsonObject } from './json.ts'

/**
 * What may be done when the answer of a request is lost:
 *
 * - `read`: ask again, nothing changes
 * - `replace`: send again, the same whole object gives the same result
 * - `create`: nothing that could create a second object; look first
 */
export type RetryClass = 'read' | 'replace' | 'create'

/** One request. `path` starts with `/api/` and ends with a slash (a redirect would lose the body). */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: JsonObject
  readonly retry: RetryClass
  /** Texts of the body that no message may show, should the API repeat them. */
  readonly sensitive?: readonly string[]
  /** Set where the answer holds values of the user's, so that no message may show anything of it but plain words. */
  readonly confidential?: true
  /** What to do where the platform answers with an error of its own (500) that has a likely cause. */
  readonly onServerError?: string
}

/** A project of an account: where objects live. */
export interface Place {
  readonly account: number
  readonly project: number
}
