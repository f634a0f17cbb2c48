// GitHub, as far as comments need it. Its library is only loaded where something is asked of it.
import type { Time } from '../dbt/time.ts'
import { asking, GitHubFailure, permissions, type Question } from './ask.ts'
import {
  addCommentMutation,
  commentsQuery,
  deleteCommentMutation,
  pullRequestsQuery,
  tipQuery,
  updateCommentMutation
} from './queries.ts'
import type { Workflow } from './workflow.ts'

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
  /** Whether the token's own user wrote it. */
  readonly viewerDidAuthor: boolean
  /** Null where the account is deleted. */
  readonly author: Actor | null
  /** Who changed it last; null where nobody did. */
  readonly editor: Actor | null
}

/** A review. */
interface Review {
  readonly id: string
  /** Whether it approves, and its author may push: anybody who may read may approve, and GitHub counts only those. */
  readonly approves: boolean
}

/** A pull request, with a page of its comments, the newest page first. */
export interface CommentPage {
  /** The node id of the pull request. */
  readonly id: string
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED'
  /** The last commit of its branch; of one that is merged, the one that was merged. */
  readonly head: string
  /** Whether GitHub gave its runs no secrets: it is of a fork, or by Dependabot. */
  readonly isForeign: boolean
  /** The reviews that approve it or were dismissed, the oldest first; of more than a hundred, the newest. */
  readonly reviews: readonly Review[]
  readonly comments: readonly Comment[]
  /** Where the page before it ends; null for the first page. */
  readonly before: string | null
}

/** A pull request that a commit came with. */
export interface PullRequest {
  readonly number: number
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED'
  readonly baseRefName: string
  readonly headRefName: string
  readonly headRefOid: string
  readonly mergeCommit: { readonly oid: string } | null
}

/** What is asked of GitHub. Each throws a GitHubFailure that says what went wrong in GitHub's words. */
export interface GitHub {
  readonly comments: (pullRequest: number, before: string | null) => Promise<CommentPage>
  /** Writes a comment; returns its id. */
  readonly addComment: (pullRequest: string, body: string) => Promise<string>
  readonly updateComment: (comment: string, body: string) => Promise<void>
  readonly removeComment: (comment: string) => Promise<void>
  /**
   * The pull requests that a commit came with. GitHub needs some time after a merge to know, so they are looked for again,
   * until the run is a minute old (https://github.com/rust-lang/rust/pull/140703).
   * @param isEnough whether the one that is looked for is among them
   */
  readonly pullRequestsOf: (
    sha: string,
    isEnough: (found: readonly PullRequest[]) => boolean
  ) => Promise<readonly PullRequest[]>
  /** The last commit of a branch; undefined where there is none. @param ref e.g. `refs/heads/main` */
  readonly tipOf: (ref: string) => Promise<string | undefined>
}

/** GitHub, in two tempers. */
export interface OpenGitHub extends GitHub {
  /** The same, asked once for each thing: nothing is repeated, and nothing looked for again. */
  readonly brief: GitHub
}

/** How long the pull request of a commit is looked for, and how often. */
const searchMs = 60_000
const searchPauseMs = 5000

type Search = (
  look: () => Promise<readonly PullRequest[]>,
  isEnough: (found: readonly PullRequest[]) => boolean
) => Promise<readonly PullRequest[]>

type RepositoryName = Pick<Workflow, 'owner' | 'repository'>

/** Opens GitHub. Nothing is sent yet. @param started when the run began */
export async function openGitHub(
  { owner, repository, apiUrl }: Workflow,
  token: string,
  time: Time,
  started: number = time.now()
): Promise<OpenGitHub> {
  const { getOctokit } = await import('@actions/github')
  const octokit = getOctokit(token, apiUrl === '' ? {} : { baseUrl: apiUrl })
  const ask = asking(async (query, variables) => octokit.graphql(query, variables), { token, time })
  const place = { owner, repository }
  const untilFound: Search = async (look, isEnough) => {
    for (;;) {
      const found = await look()
      if (isEnough(found) || time.now() - started >= searchMs) return found
      await time.sleep(searchPauseMs)
    }
  }
  return {
    ...through(ask, place, untilFound),
    brief: through(
      (question) => ask({ ...question, isBrief: true }),
      place,
      (look) => look()
    )
  }
}

type Ask = (question: Question) => Promise<object>

function through(ask: Ask, place: RepositoryName, untilFound: Search): GitHub {
  return {
    ...commentsThrough(ask, place),
    pullRequestsOf: (sha, isEnough) => {
      const question: Question = {
        doing: `Looking for the pull request of commit ${sha.slice(0, 7)}`,
        query: pullRequestsQuery,
        variables: { ...place, sha }
      }
      return untilFound(async () => foundIn(await ask(question), sha), isEnough)
    },
    tipOf: async (ref) => {
      const doing = `Looking for the last commit of ${ref}`
      const answer = await ask({ doing, query: tipQuery, variables: { ...place, ref } })
      return (answer as TipAnswer).repository?.ref?.target?.oid
    }
  }
}

function commentsThrough(
  ask: Ask,
  place: RepositoryName
): Pick<GitHub, 'comments' | 'addComment' | 'updateComment' | 'removeComment'> {
  return {
    comments: async (number, before) => {
      const doing = `Reading the comments of pull request #${number}`
      const variables = { ...place, number, before }
      return pageOf(await ask({ doing, query: commentsQuery, variables }), number)
    },
    addComment: async (pullRequest, body) => {
      const doing = 'Writing a comment on the pull request'
      const variables = { pullRequest, body }
      const answer = await ask({ doing, query: addCommentMutation, variables, creates: true })
      return (answer as AddCommentAnswer).addComment.commentEdge.node.id
    },
    updateComment: async (comment, body) => {
      const doing = 'Changing the comment on the pull request'
      await ask({ doing, query: updateCommentMutation, variables: { comment, body } })
    },
    removeComment: async (comment) => {
      const doing = 'Removing a comment on the pull request'
      await ask({ doing, query: deleteCommentMutation, variables: { comment } })
    }
  }
}

/** What opens at the first call, and is the same from then on. */
export function openOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => (opened ??= open())
}

interface ShownReview {
  readonly id: string
  readonly state: string
  readonly authorCanPushToRepository: boolean
}

interface TipAnswer {
  readonly repository: {
    readonly ref: { readonly target: { readonly oid: string } | null } | null
  } | null
}

interface CommentsAnswer {
  readonly repository: {
    readonly pullRequest: {
      readonly id: string
      readonly state: CommentPage['state']
      readonly headRefOid: string
      readonly isCrossRepository: boolean
      readonly author: { readonly login: string } | null
      readonly reviews: {
        readonly nodes: readonly (ShownReview | null)[] | null
      } | null
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

function pageOf(answer: object, number: number): CommentPage {
  const found = (answer as CommentsAnswer).repository?.pullRequest
  if (!found) {
    const message = `Reading the comments of pull request #${number} failed: GitHub shows no such pull request`
    throw new GitHubFailure('not-found', message, permissions)
  }
  const { nodes, pageInfo } = found.comments
  return {
    id: found.id,
    state: found.state,
    head: found.headRefOid,
    isForeign: found.isCrossRepository || found.author?.login === 'dependabot',
    reviews: (found.reviews?.nodes ?? []).flatMap((each) =>
      each
        ? [{ id: each.id, approves: each.state === 'APPROVED' && each.authorCanPushToRepository }]
        : []
    ),
    comments: (nodes ?? []).filter((each) => each !== null),
    before: pageInfo.hasPreviousPage ? pageInfo.startCursor : null
  }
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

// A commit that the run itself is of is there: without the permission to read it, it is not shown.
function foundIn(answer: object, sha: string): readonly PullRequest[] {
  const commit = (answer as PullRequestsAnswer).repository?.object
  if (!commit) {
    const message = `Looking for the pull request of commit ${sha.slice(0, 7)} failed: GitHub does not show this commit`
    throw new GitHubFailure('not-found', message, permissions)
  }
  return (commit.associatedPullRequests?.nodes ?? []).filter((each) => each !== null)
}

interface AddCommentAnswer {
  readonly addComment: { readonly commentEdge: { readonly node: { readonly id: string } } }
}
