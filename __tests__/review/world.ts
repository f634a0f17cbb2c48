// A pull request that plans the blog's example, and the merge that applies it, between two stand-ins on loopback.
import {
  addPullRequest,
  emptyGitHub,
  merge,
  workflowToken,
  type GitHubState
} from '../../e2e/github/state.ts'
import { startGitHub, type GitHubServer } from '../../e2e/github/server.ts'
import { blog, startSandbox, type Sandbox } from '../../sandbox/index.ts'
import type { Event } from '../../src/github/actions.ts'
import type { Workflow } from '../../src/github/workflow.ts'
import { headerOf, type CommentHeader } from '../../src/report/comment.ts'
import { blogInputs } from '../scenarios/blog-example.ts'
import { here } from '../support/actions.ts'
import { runAction, type ActionRun, type Inputs } from '../support/run-action.ts'

export const sha = 'c0ffee'.padEnd(40, '0')
export const pull = 12

export class Review {
  readonly sandbox: Sandbox
  readonly github: GitHubServer

  constructor(sandbox: Sandbox, github: GitHubServer) {
    this.sandbox = sandbox
    this.github = github
  }

  async close(): Promise<void> {
    await Promise.all([this.sandbox.close(), this.github.close()])
  }

  /** A run on the pull request. */
  async propose(inputs: Inputs = {}, event: Event = proposal): Promise<ActionRun> {
    return this.#run(inputs, event)
  }

  /** The run after the merge. */
  async push(inputs: Inputs = {}, event: Event = pushed): Promise<ActionRun> {
    return this.#run(inputs, event)
  }

  /** Merges the pull request. */
  merge(): void {
    merge(this.github.state, pull, sha)
  }

  /** The headers of the comments of promotions. */
  get headers(): readonly CommentHeader[] {
    return this.github.state.comments.flatMap(({ body }) => headerOf(body) ?? [])
  }

  /** The bodies of the comments. */
  get bodies(): readonly string[] {
    return this.github.state.comments.map(({ body }) => body)
  }

  /** The operations that GitHub was asked for. */
  get operations(): readonly string[] {
    return this.github.requests.map(({ operation }) => operation)
  }

  async #run(inputs: Inputs, event: Event): Promise<ActionRun> {
    const workflow: Workflow = { ...here, sha, apiUrl: this.github.url }
    const given = blogInputs(this.sandbox, {
      mode: 'auto',
      comment: 'changes',
      'github-token': workflowToken,
      ...inputs
    })
    return runAction(given, { sandbox: this.sandbox, event, workflow, github: this.github })
  }
}

/** Starts both; the repository has an open pull request. */
export async function startReview(state: GitHubState = withPullRequest()): Promise<Review> {
  return new Review(await startSandbox({ seed: blog() }), await startGitHub(state))
}

export function withPullRequest(): GitHubState {
  const state = emptyGitHub()
  addPullRequest(state, pull)
  return state
}

const repository = { full_name: 'acme/analytics', default_branch: 'main' }

export const proposal: Event = {
  name: 'pull_request',
  actor: 'octocat',
  payload: {
    repository,
    pull_request: {
      number: pull,
      head: { repo: { full_name: 'acme/analytics' } },
      base: { repo: { full_name: 'acme/analytics' } }
    }
  }
}

export const pushed: Event = { name: 'push', actor: 'octocat', payload: { repository } }
