// A pull request that plans, and the merge that applies what was shown there.
import {
  addPullRequest,
  emptyGitHub,
  headCommit,
  merge,
  workflowToken
} from '../../../e2e/github/state.ts'
import { BLOG, blog } from '../../../sandbox/index.ts'
import type { Event } from '../../../src/github/actions.ts'
import type { Workflow } from '../../../src/github/workflow.ts'
import type { Scenario, Step } from '../play.ts'
import { editJob } from './edits.ts'

const sha = 'c0ffee'.padEnd(40, '0')
const repository = { full_name: 'acme/analytics', default_branch: 'main' }
const side = { repo: { full_name: 'acme/analytics' } }
const proposed: Event = {
  name: 'pull_request',
  actor: 'octocat',
  payload: {
    repository,
    pull_request: { number: 12, head: { ...side, sha: headCommit }, base: side }
  }
}
const pushed: Event = { name: 'push', actor: 'octocat', payload: { repository } }

const inputs = {
  token: BLOG.token,
  host: 'ab123.us1.dbt.com',
  'account-id': String(BLOG.account),
  'source-project': String(BLOG.developmentProject),
  'target-project': String(BLOG.productionProject),
  environments: 'dev-staging -> production',
  'custom-branch': 'main',
  'credentials-id': String(BLOG.productionCredentials),
  mode: 'auto',
  'github-token': workflowToken
} as const

const editSource = editJob(BLOG.developmentProject, 'run-staging', {
  execute_steps: ['dbt edited']
})

const scenario = (
  name: string,
  more: Readonly<Record<string, string>>,
  edit?: Step['edit']
): Scenario => {
  const given = { ...inputs, ...more }
  const run = (n: number): Partial<Workflow> => ({ sha, run: `${String(77 + n)}/1` })
  return {
    name: `a pull request/${name}`,
    state: blog,
    github: () => {
      const state = emptyGitHub()
      addPullRequest(state, 12)
      return state
    },
    steps: [
      { inputs: given, event: proposed, workflow: run(0) },
      {
        inputs: given,
        event: pushed,
        workflow: run(1),
        editGitHub: (state) => {
          merge(state, 12, sha)
        },
        ...(edit ? { edit } : {})
      },
      { inputs: given, event: pushed, workflow: run(2) }
    ]
  }
}

export const ofReview: readonly Scenario[] = [
  scenario('commented', { comment: 'changes' }),
  scenario('commented always', { comment: 'always' }),
  scenario('applied as reviewed', { 'reviewed-plan': 'comment' }),
  scenario('changed since', { 'reviewed-plan': 'comment' }, editSource),
  scenario('without a comment', { comment: 'never' })
]
