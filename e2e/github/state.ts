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

/** A review that approves, or that did until somebody dismissed it. */
export interface Approval {
  readonly id: string
  readonly state: 'APPROVED' | 'DISMISSED'
  /** Whether its author may push. Anybody who may read may approve, which opens no gate. */
  readonly authorCanPushToRepository: boolean
}

export interface PullRequest {
  readonly number: number
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED'
  readonly baseRefName: string
  readonly headRefName: string
  /** The last commit of its branch; of one that is merged, as it was then. */
  readonly headRefOid: string
  /** Whether it is of a fork. */
  readonly isCrossRepository: boolean
  readonly author: Actor
  readonly mergeCommit: { readonly oid: string } | null
  /** The commits that GitHub associates with it. */
  readonly commits: readonly string[]
  /** The oldest first. A review that was submitted can not be deleted. */
  readonly approvals: readonly Approval[]
}

/** A token: its own user, and what it may do. */
export interface Token {
  readonly login: string
  readonly pullRequests: 'write' | 'read' | 'none'
  /** Whether it may read commits; without it, GitHub shows none. */
  readonly contents?: 'read' | 'none'
}

export interface GitHubState {
  readonly owner: string
  readonly name: string
  readonly tokens: Readonly<Record<string, Token>>
  pullRequests: readonly PullRequest[]
  comments: readonly Comment[]
  /** The last commit of each branch, by its full name. */
  tips: Readonly<Record<string, string>>
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
    tips: {},
    nextId: 1
  }
}

/** The commit that a pull request has from the start. */
export const headCommit = 'beef'.padEnd(40, '0')

/** An open pull request of a branch `feature` onto `main`, or the one that is there, with more or other facts. */
export function addPullRequest(
  state: GitHubState,
  number: number,
  given: Partial<PullRequest> = {}
): void {
  const open: PullRequest = {
    number,
    state: 'OPEN',
    baseRefName: 'main',
    headRefName: 'feature',
    headRefOid: headCommit,
    isCrossRepository: false,
    author: { __typename: 'User', login: 'octocat' },
    mergeCommit: null,
    commits: [],
    approvals: []
  }
  const held = state.pullRequests.find((each) => each.number === number)
  state.pullRequests = [
    ...state.pullRequests.filter((each) => each.number !== number),
    { ...open, ...held, ...given }
  ]
}

/** Merges a pull request as a commit of its base. */
export function merge(state: GitHubState, number: number, sha: string): void {
  addPullRequest(state, number, { state: 'MERGED', mergeCommit: { oid: sha }, commits: [sha] })
  const base = state.pullRequests.find((each) => each.number === number)?.baseRefName ?? 'main'
  state.tips = { ...state.tips, [`refs/heads/${base}`]: sha }
}

/** A review that approves, by somebody who may push. */
export function approval(id: string, given: Partial<Approval> = {}): Approval {
  return { id, state: 'APPROVED', authorCanPushToRepository: true, ...given }
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
