// GitHub, as far as comments need it. Its library is only loaded where something is asked of it.
import { Failure } from '../failure.ts'
import type { Time } from '../dbt/time.ts'
import { hiding } from '../hide.ts'
import type { Workflow } from './workflow.ts'
import {
  addCommentMutation,
  commentsQuery,
  pullRequestsQuery,
  updateCommentMutation
} from './queries.ts'

/** A user or a bot. */
export interface Actor {
  readonly __typename: string
  /** Of a bot without the `[bot]` that it has elsewhere. */
  readonly login: string
}

/** A comment on a pull request. */
export interface Comment {
  readonly id: string
  readonly body: string
  /** Null where the account is deleted. */
  readonly author: Actor | null
  /** Who changed it last; null where nobody did. */
  readonly editor: Actor | null
}

/** A page of the comments of a pull request, the newest page first. */
export interface CommentPage {
  /** The login of the token's own user. */
  readonly viewer: string
  /** The node id of the pull request. */
  readonly pullRequest: string
  readonly comments: readonly Comment[]
  /** Where the page before it ends; null for the first page. */
  readonly before: string | null
}

/** A pull request that a commit came with. */
export interface PullRequest {
  readonly number: number
  readonly merged: boolean
  readonly baseRefName: string
  readonly mergeCommit: { readonly oid: string } | null
}

/** What is asked of GitHub. Each throws a Failure that says what went wrong in GitHub's words. */
export interface GitHub {
  readonly comments: (pullRequest: number, before: string | null) => Promise<CommentPage>
  readonly addComment: (pullRequest: string, body: string) => Promise<void>
  readonly updateComment: (comment: string, body: string) => Promise<void>
  readonly pullRequestsOf: (sha: string) => Promise<readonly PullRequest[]>
}

/** Longest time for one request. */
const timeoutMs = 20_000
/** The waits before a request is repeated that changes nothing, or changes it to the same. */
const waits: readonly number[] = [1000, 5000]

/** Opens GitHub. Nothing is sent yet. */
export async function openGitHub(
  { owner, repository, apiUrl }: Workflow,
  token: string,
  time: Time
): Promise<GitHub> {
  const { getOctokit } = await import('@actions/github')
  const octokit = getOctokit(token, apiUrl === '' ? {} : { baseUrl: apiUrl })
  const hide = hiding([token])
  const once = async (query: string, variables: object): Promise<unknown> =>
    octokit.graphql(query, {
      ...variables,
      request: { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' }
    })
  const ask = async (doing: string, query: string, variables: object): Promise<unknown> => {
    for (const wait of waits) {
      try {
        return await once(query, variables)
      } catch (error) {
        if (!isPassing(error)) throw failed(doing, error, hide)
        await time.sleep(wait)
      }
    }
    return once(query, variables).catch((error: unknown) => {
      throw failed(doing, error, hide)
    })
  }
  return {
    comments: async (number, before) => {
      const doing = `Reading the comments of pull request #${String(number)}`
      const answer = (await ask(doing, commentsQuery, {
        owner,
        repository,
        number,
        before
      })) as CommentsAnswer
      const found = answer.repository?.pullRequest
      if (!found) throw missing(doing)
      const { nodes, pageInfo } = found.comments
      return {
        viewer: answer.viewer.login,
        pullRequest: found.id,
        comments: (nodes ?? []).filter((each) => each !== null),
        before: pageInfo.hasPreviousPage ? pageInfo.startCursor : null
      }
    },
    // Whoever creates must not send twice: it looks first whether it was done.
    addComment: async (pullRequest, body) => {
      await once(addCommentMutation, { pullRequest, body }).catch((error: unknown) => {
        throw failed('Writing a comment on the pull request', error, hide)
      })
    },
    updateComment: async (comment, body) => {
      await ask('Changing the comment on the pull request', updateCommentMutation, {
        comment,
        body
      })
    },
    pullRequestsOf: async (sha) => {
      const doing = `Looking for the pull request of commit ${sha.slice(0, 7)}`
      const answer = (await ask(doing, pullRequestsQuery, {
        owner,
        repository,
        sha
      })) as PullRequestsAnswer
      const nodes = answer.repository?.object?.associatedPullRequests?.nodes ?? []
      return nodes.filter((each) => each !== null)
    }
  }
}

/** What opens at the first call, and is the same from then on. */
export function openOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => (opened ??= open())
}

interface CommentsAnswer {
  readonly viewer: { readonly login: string }
  readonly repository: {
    readonly pullRequest: {
      readonly id: string
      readonly comments: {
        readonly nodes: readonly (Comment | null)[] | null
        readonly pageInfo: {
          readonly hasPreviousPage: boolean
          readonly startCursor: string | null
        }
      }
    } | null
  } | null
}

interface PullRequestsAnswer {
  readonly repository: {
    readonly object: {
      readonly associatedPullRequests?: {
        readonly nodes: readonly (PullRequest | null)[] | null
      } | null
    } | null
  } | null
}

/** A failure of GitHub; `mayHaveHappened` where a write may have been done all the same. */
export class GitHubFailure extends Failure {
  readonly mayHaveHappened: boolean

  constructor(
    reason: Failure['reason'],
    message: string,
    remedy: string,
    mayHaveHappened: boolean,
    cause?: unknown
  ) {
    super(reason, message, remedy, cause === undefined ? undefined : { cause })
    this.name = 'GitHubFailure'
    this.mayHaveHappened = mayHaveHappened
  }
}

// The library's errors are told by what they have: HTTP errors have a status, those of a good answer a list.
interface ThrownByLibrary {
  readonly status?: unknown
  readonly errors?: readonly { readonly type?: unknown; readonly message?: unknown }[]
}

function isPassing(error: unknown): boolean {
  const { status, errors } = error as ThrownByLibrary
  if (errors !== undefined) return false
  return typeof status !== 'number' || status >= 500 || status === 429
}

const permissions =
  'Give the job permissions: pull-requests: write, or hand over a token that has it in the input github-token.'

function failed(doing: string, error: unknown, hide: (text: string) => string): GitHubFailure {
  const { status, errors } = error as ThrownByLibrary
  const words = errors
    ? errors.map(({ message }) => String(message)).join('; ')
    : error instanceof Error
      ? error.message
      : String(error)
  const types = errors?.map(({ type }) => type) ?? []
  const isRefused =
    status === 401 ||
    status === 403 ||
    types.some((type) => type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES')
  const code = typeof status === 'number' && !errors ? ` with ${String(status)}` : ''
  return new GitHubFailure(
    isRefused ? 'unauthorized' : 'internal',
    hide(`${doing} failed${code}: ${words.split('\n')[0] ?? ''}`.slice(0, 500)),
    isRefused ? permissions : 'Run this again.',
    errors === undefined && (typeof status !== 'number' || status >= 500)
  )
}

function missing(doing: string): GitHubFailure {
  return new GitHubFailure(
    'not-found',
    `${doing} failed: GitHub shows no such pull request.`,
    permissions,
    false
  )
}
