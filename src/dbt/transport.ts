// What the dbt client needs from HTTP: one exchange, whole or failed. Tests put the sandbox here without a network.
import type { RetryClass } from '../model/request.ts'

/** One request to the API's host. */
export interface HttpRequest {
  readonly method: string
  /** Path with query, as it goes on the wire. */
  readonly path: string
  readonly body?: string
  /** What may be done when its answer is lost. */
  readonly retry: RetryClass
}

/** One whole answer. */
export interface HttpAnswer {
  readonly status: number
  /** Header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** Set where an earlier attempt, or this one, may have been carried out, whatever this answer says. */
  readonly inDoubt?: boolean
}

/** Sends a request and reads the whole answer. @throws TransportError */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>

/** Why there is no whole answer. */
export type TransportFault =
  | 'unreachable' // there is no such host, or it is not who it says
  | 'refused' // no connection ever stood
  | 'reset' // the connection broke before the answer began
  | 'timeout' // no whole answer in time
  | 'cut' // the answer broke off
  | 'stopped' // the run was stopped; the cause says why

/** An exchange that gave no whole answer. */
export class TransportError extends Error {
  readonly fault: TransportFault
  /** Whether the server may have got the request, so that a write may have happened. */
  readonly mayHaveHappened: boolean

  constructor(
    fault: TransportFault,
    mayHaveHappened: boolean,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options)
    this.name = 'TransportError'
    this.fault = fault
    this.mayHaveHappened = mayHaveHappened
  }
}
