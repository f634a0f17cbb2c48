// What a stand-in for GitHub holds: one repository with its pull requests and their comments.

/** Who writes. A bot has no `[bot]` in its login here, as in GitHub's GraphQL API. */
export interface Actor {
  readonly __typename: 'Bot' | 'User'
  readonly login: string
}

export interface Comment {
  readonly id: string
  readonly pullRequest: number
  readonly body: string
  readonly author: Actor | null
  /** Who changed it last; null where nobody did. */
  readonly editor: Actor | null
}

export interface PullRequest {
  readonly number: number
  readonly merged: boolean
  readonly baseRefName: string
  readonly mergeCommit: { readonly oid: string } | null
  /** The commits that GitHub associates with it. */
  readonly commits: readonly string[]
}

export interface GitHubState {
  readonly owner: string
  readonly name: string
  /** Each token with the login of its own user, and what it may do with pull requests. */
  readonly tokens: Readonly<
    Record<string, { readonly login: string; readonly pullRequests: 'write' | 'read' | 'none' }>
  >
  pullRequests: readonly PullRequest[]
  comments: readonly Comment[]
  nextId: number
}

/** The token of a workflow, as the stand-in knows it. */
export const workflowToken = 'ghs_of-the-workflow-0123456789abcdef'

/** The bot that the token of a workflow belongs to. */
export const actionsBot: Actor = { __typename: 'Bot', login: 'github-actions' }

/** A repository `acme/analytics` without pull requests. */
export function emptyGitHub(): GitHubState {
  return {
    owner: 'acme',
    name: 'analytics',
    tokens: { [workflowToken]: { login: 'github-actions[bot]', pullRequests: 'write' } },
    pullRequests: [],
    comments: [],
    nextId: 1
  }
}

/** An open pull request onto `main`, with more or other facts. */
export function addPullRequest(
  state: GitHubState,
  number: number,
  given: Partial<PullRequest> = {}
): void {
  const open = { number, merged: false, baseRefName: 'main', mergeCommit: null, commits: [] }
  state.pullRequests = [
    ...state.pullRequests.filter((each) => each.number !== number),
    { ...open, ...given }
  ]
}

/** Merges a pull request as a commit of `main`. */
export function merge(state: GitHubState, number: number, sha: string): void {
  addPullRequest(state, number, { merged: true, mergeCommit: { oid: sha }, commits: [sha] })
}

/** Adds a comment; returns its id. */
export function addComment(
  state: GitHubState,
  pullRequest: number,
  given: Partial<Comment> = {}
): string {
  const id = `IC_${String(state.nextId++)}`
  const plain = { pullRequest, body: 'Nice!', author: actionsBot, editor: null }
  state.comments = [...state.comments, { ...plain, ...given, id }]
  return id
}
