// Which pull request a run belongs to: the one that its event is about, or the one that was merged with its commit.
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import type { Event } from './actions.ts'
import type { GitHub, PullRequest } from './api.ts'
import { defaultBranch } from './event.ts'
import type { Workflow } from './workflow.ts'

/** Events whose commit is one that was merged. A schedule runs on a commit too, and has nothing to do with it. */
const mergingEvents = ['push', 'workflow_dispatch', 'repository_dispatch', 'release']

/** The number of the pull request that an event is about. */
export function pullRequestIn(event: Event): number | undefined {
  const { name, payload } = event
  if (name.startsWith('pull_request')) return numberOf(payload['pull_request'])
  if (name === 'merge_group') return queuedIn(payload)
  const issue = payload['issue']
  return name === 'issue_comment' && isObject(issue) && 'pull_request' in issue
    ? numberOf(issue)
    : undefined
}

/** The commit of the pull request that an event is about, where it names one. */
export function headIn({ name, payload }: Event): string | undefined {
  if (!name.startsWith('pull_request')) return undefined
  return textAt(payload, 'pull_request', 'head', 'sha')
}

/** Whether the run is for a merge queue. */
export function isQueued({ name }: Event): boolean {
  return name === 'merge_group'
}

/** Whether the run may belong to a pull request that was merged. */
export function mayBeMerged({ name }: Event): boolean {
  return mergingEvents.includes(name)
}

/**
 * The pull requests that were merged with the commit of a run, into its branch. There may be several: GitHub counts a
 * pull request as merged as soon as its commits are in the base, whichever way they came there
 * (https://docs.github.com/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges).
 * @throws GitHubFailure
 */
export async function mergedPullRequests(
  event: Event,
  { sha, ref, branch, run }: Workflow,
  github: GitHub
): Promise<readonly number[]> {
  if (!mayBeMerged(event) || sha === '') return []
  const base = event.name === 'release' ? (defaultBranch(event, ref) ?? '') : branch
  const mergedHere = (all: readonly PullRequest[]): readonly number[] => mergedWith(all, sha, base)
  // Only a push may be faster than GitHub is.
  const isNew = event.name === 'push' && /\/1$/.test(run)
  return mergedHere(
    await github.pullRequestsOf(sha, (found) => !isNew || mergedHere(found).length > 0)
  )
}

/**
 * The pull request where a run tells what it did.
 * @throws GitHubFailure
 */
export async function pullRequestOf(
  event: Event,
  isApply: boolean,
  workflow: Workflow,
  github: () => Promise<GitHub>
): Promise<number | undefined> {
  const own = pullRequestIn(event)
  if (own !== undefined || !mayBeMerged(event) || workflow.sha === '') return own
  if (isApply) return (await mergedPullRequests(event, workflow, await github())).at(-1)
  if (event.name !== 'workflow_dispatch') return undefined
  const { sha, branch } = workflow
  const all = await (await github()).pullRequestsOf(sha, () => true)
  return all.find(
    (each) => each.state === 'OPEN' && each.headRefOid === sha && each.headRefName === branch
  )?.number
}

/**
 * The pull requests that brought a commit to a branch: those that became it, else those that were merged there and hold
 * it; in the order of their numbers.
 */
function mergedWith(all: readonly PullRequest[], sha: string, branch: string): readonly number[] {
  const merged = all.filter((each) => each.state === 'MERGED' && each.baseRefName === branch)
  const exact = merged.filter(({ mergeCommit }) => mergeCommit?.oid === sha)
  return (exact.length > 0 ? exact : merged).map(({ number }) => number).toSorted((a, b) => a - b)
}

// The queue makes a branch for each pull request, which holds those before it too:
// https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
function queuedIn(payload: JsonObject): number | undefined {
  const ref = textAt(payload, 'merge_group', 'head_ref') ?? ''
  const number = /^(?:refs\/heads\/)?gh-readonly-queue\/.+\/pr-(\d+)-[0-9a-f]+$/.exec(ref)?.[1]
  return number === undefined ? undefined : Number(number)
}

function textAt(value: Json, ...path: readonly string[]): string | undefined {
  const found = path.reduce<Json | undefined>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    value
  )
  return typeof found === 'string' && found !== '' ? found : undefined
}

function numberOf(value: JsonObject[string] | undefined): number | undefined {
  const number = isObject(value) ? value['number'] : undefined
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
