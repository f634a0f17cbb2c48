// Which pull request a run belongs to: the one that its event is about, or the one that was merged with its commit.
import { isObject, type JsonObject } from '../promotion/json.ts'
import type { Event } from './actions.ts'
import type { GitHub, PullRequest } from './api.ts'
import type { Workflow } from './workflow.ts'

/** Events whose commit is one that was merged. A schedule runs on a commit too, and has nothing to do with it. */
const mergingEvents = ['push', 'workflow_dispatch']

/** The number of the pull request that an event is about. */
export function pullRequestIn({ name, payload }: Event): number | undefined {
  if (name.startsWith('pull_request')) return numberOf(payload['pull_request'])
  const issue = payload['issue']
  return name === 'issue_comment' && isObject(issue) && 'pull_request' in issue
    ? numberOf(issue)
    : undefined
}

/** Whether the run may belong to a pull request that was merged. */
export function mayBeMerged({ name }: Event): boolean {
  return mergingEvents.includes(name)
}

/**
 * The pull request of a run.
 * @param github opens GitHub, where it must be asked
 * @throws GitHubFailure
 */
export async function pullRequestOf(
  event: Event,
  { sha, branch }: Workflow,
  github: () => Promise<GitHub>
): Promise<number | undefined> {
  const own = pullRequestIn(event)
  if (own !== undefined || !mayBeMerged(event) || sha === '') return own
  return mergedWith(await (await github()).pullRequestsOf(sha), sha, branch)
}

/** The pull request that brought a commit to a branch: the one that became it, else the last one that was merged there. */
export function mergedWith(
  all: readonly PullRequest[],
  sha: string,
  branch: string
): number | undefined {
  const merged = all.filter((each) => each.merged)
  const exact = merged.filter(({ mergeCommit }) => mergeCommit?.oid === sha)
  const there = merged.filter(({ baseRefName }) => baseRefName === branch)
  const best = exact.length > 0 ? exact : there
  return best.length === 0 ? undefined : Math.max(...best.map(({ number }) => number))
}

function numberOf(value: JsonObject[string] | undefined): number | undefined {
  const number = isObject(value) ? value['number'] : undefined
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
