// One error for everything that goes wrong with a request: method, path, status, the API's words, and the remedy.
import { Failure, type FailureReason } from '../model/failure.ts'
import type { Request } from '../model/request.ts'

/** Which side a client speaks to, for messages. */
export interface ClientSide {
  readonly role: 'source' | 'target'
  readonly host: string
  readonly account: number
  /** The input that the token came from. */
  readonly tokenInput: string
}

/** A request to the dbt API that failed. */
export class DbtError extends Failure {
  readonly method: string
  readonly path: string
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number
  /** Whether a write may have happened all the same. */
  readonly mayHaveHappened: boolean
  /** Whether the API itself said so, and not a proxy or another server. */
  readonly isOfApi: boolean

  constructor(
    request: Request,
    facts: {
      readonly doing: string
      readonly status: number
      readonly words: string
      readonly reason: FailureReason
      readonly remedy: string
      readonly mayHaveHappened: boolean
      readonly isOfApi?: boolean
      readonly cause?: unknown
    }
  ) {
    const outcome = facts.status === 0 ? 'failed' : `failed with ${facts.status}`
    super(
      facts.reason,
      `${facts.doing} (${request.method} ${request.path}) ${outcome}: ${facts.words}`,
      facts.remedy,
      facts.cause === undefined ? undefined : { cause: facts.cause }
    )
    this.name = 'DbtError'
    this.method = request.method
    this.path = request.path
    this.status = facts.status
    this.mayHaveHappened = facts.mayHaveHappened
    this.isOfApi = facts.isOfApi ?? false
  }
}

/** Whether a request failed because there is nothing, or nothing that the token may see. */
export function isDenied(error: unknown): boolean {
  return error instanceof DbtError && (error.status === 404 || error.status === 403)
}

/** Whether a run can go on without the answer to a request; not where it is stopped, or its account must rest. */
export function isPassable(error: unknown): boolean {
  return error instanceof DbtError && !stopping.includes(error.reason)
}

const stopping: readonly FailureReason[] = ['deadline', 'cancelled', 'rate-limited']
