// A pull request that plans the blog's example, and the merge that applies it, between two stand-ins on loopback.
import {
  addPullRequest,
  emptyGitHub,
  headCommit,
  merge,
  workflowToken,
  type GitHubState
} from '../../e2e/github/state.ts'
import { startGitHub, type GitHubServer } from '../../e2e/github/server.ts'
import { blog, startSandbox, type Sandbox } from '../../sandbox/index.ts'
import type { Event } from '../../src/github/actions.ts'
import type { Workflow } from '../../src/github/workflow.ts'
import { headerOf, type CommentHeader } from '../../src/report/comment-header.ts'
import { blogInputs, editJob } from './blog.ts'
import { expect } from '@jest/globals'
import { here } from '../runner/actions.ts'
import { runAction, type ActionRun, type Inputs } from '../runner/run-action.ts'

export const sha = 'c0ffee'.padEnd(40, '0')
export const pull = 12
const stagingJob = 59_426

/** Inputs of a workflow that applies only what its pull request showed. */
export const reviewedInputs: Inputs = { comment: '', 'reviewed-plan': 'comment' }

export class Review {
  readonly sandbox: Sandbox
  readonly github: GitHubServer
  #runs = 77

  constructor(sandbox: Sandbox, github: GitHubServer) {
    this.sandbox = sandbox
    this.github = github
  }

  async close(): Promise<void> {
    await Promise.all([this.sandbox.close(), this.github.close()])
  }

  /** A run on the pull request. */
  async propose(
    inputs: Inputs = {},
    event: Event = proposal,
    workflow: Partial<Workflow> = {}
  ): Promise<ActionRun> {
    return this.#run(inputs, event, workflow)
  }

  /** The run after the merge. */
  async push(
    inputs: Inputs = {},
    event: Event = pushed,
    workflow: Partial<Workflow> = {}
  ): Promise<ActionRun> {
    return this.#run(inputs, event, workflow)
  }

  /** Somebody puts something into the source, or takes it out again. */
  source(step: 'evil' | 'good'): void {
    editJob(this.sandbox, stagingJob, { execute_steps: [`dbt ${step}`] })
  }

  /** Merges the pull request. */
  merge(): void {
    merge(this.github.state, pull, sha)
  }

  /** The headers of the comments of promotions. */
  get headers(): readonly CommentHeader[] {
    return this.github.state.comments.flatMap(({ body }) => headerOf(body)?.header ?? [])
  }

  /** The bodies of the comments. */
  get bodies(): readonly string[] {
    return this.github.state.comments.map(({ body }) => body)
  }

  /** The operations that GitHub was asked for. */
  get operations(): readonly string[] {
    return this.github.requests.map(({ operation }) => operation)
  }

  async #run(inputs: Inputs, event: Event, more: Partial<Workflow>): Promise<ActionRun> {
    // Each is a run of its own.
    const run = `${String(this.#runs++)}/1`
    const workflow: Workflow = { ...here, sha, run, apiUrl: this.github.url, ...more }
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

/** The event of a commit of the pull request, or of another one. */
export function proposalOf(head: string, number = pull): Event {
  return {
    name: 'pull_request',
    actor: 'octocat',
    payload: {
      repository,
      pull_request: {
        number,
        head: { repo: { full_name: 'acme/analytics' }, sha: head },
        base: { repo: { full_name: 'acme/analytics' } }
      }
    }
  }
}

export const proposal: Event = proposalOf(headCommit)

export const pushed: Event = { name: 'push', actor: 'octocat', payload: { repository } }

/** How a run ended, as far as it matters here. */
export function endOf({ writes, outputs, error }: ActionRun): unknown {
  return { writes, reason: outputs['failure-reason'], error }
}

/** The end of a run that stopped before its first write. */
export function stopped(message: RegExp): unknown {
  return { writes: [], reason: 'plan-changed', error: expect.stringMatching(message) as unknown }
}
