// Holds a plan against the one in the comment on the pull request that was merged. What counts is what stood there, by
// the action's own hand, when somebody merged it: who may only comment, push and re-run must not be able to change that.
import { Failure } from '../model/failure.ts'
import type { Plan } from '../promotion/plan.ts'
import { quoted } from '../model/names.ts'
import {
  sealsOf,
  withHeader,
  type CommentHeader,
  type ShownPlan
} from '../report/comment-header.ts'
import type { Mode } from '../report/result.ts'
import type { Actions } from './actions.ts'
import type { GitHub } from './api.ts'
import { otherPlan } from './other-plan.ts'
import {
  commentsOf,
  genuine,
  lastReview,
  untouchedPlan,
  type Found,
  type Identity,
  type PromotionComment
} from './own-comments.ts'
import { isQueued, mayBeMerged, mergedPullRequests, pullRequestIn } from './pull-request.ts'
import { twinFailure, type Leg } from './twins.ts'

/** What a review in a comment needs. */
export interface CommentReview extends Identity {
  readonly mode: Mode
  /** Opens GitHub. */
  readonly github: () => Promise<GitHub>
}

/**
 * Holds a plan against the comment, which it uses up where the plan is to be applied.
 * @throws Failure when the plan is another than the one in the comment, or when that one does not count or is shared
 */
export async function assertComment(
  actions: Actions,
  plan: Plan,
  { github: open, mode, ...identity }: CommentReview
): Promise<void> {
  const github = await open()
  const isApply = mode === 'apply'
  const { run } = actions.workflow()
  const own: Leg = { run, leg: identity.leg, tells: plan.hash, isApply }
  const shown: (() => Promise<void>)[] = []
  // Each of them is asked for its plan, since whoever opens a pull request of the same commits must not choose for others.
  for (const number of await pullRequests(actions, github)) {
    const found = await commentsOf(github, number, identity)
    const twin = twinFailure(found, own)
    if (twin) throw twin
    const isWaiting = isQueued(actions.event()) && !isApply
    const comment = assertShown(plan, found, { number, leg: own.leg, isQueued: isWaiting })
    shown.push(() => useUp(github, found, comment, { ...own, keys: identity.keys }))
  }
  if (!isApply) return
  await assertNewest(actions, github)
  for (const use of shown) await use()
}

// A plan is applied once, so it counts no more from before the first write: neither a run that is killed before it tells
// what it did, nor a GitHub that does not take that, makes it count again. A failure does, when it is told.
async function useUp(
  github: GitHub,
  found: Found,
  { id, isOwn, body, header }: PromotionComment,
  { run, leg, tells, keys }: Leg & Pick<Identity, 'keys'>
): Promise<void> {
  const plan = header.plan && { ...header.plan, counts: false, seenUntil: lastReview(found) }
  const used: CommentHeader = { ...header, run, leg, tells, state: 'applying', plan }
  // What another user wrote would count as edited.
  const own = isOwn ? id : await github.addComment(found.id, withHeader(body, used, []))
  await github.updateComment(own, withHeader(body, used, sealsOf(used, own, keys)))
}

// A run of long ago can be run again for a month (https://docs.github.com/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs),
// when what its pull request showed is no longer what was merged last.
async function assertNewest(actions: Actions, github: GitHub): Promise<void> {
  const { run, ref, sha } = actions.workflow()
  if (run.endsWith('/1') || !ref.startsWith('refs/heads/')) return
  const tip = await github.tipOf(ref)
  if (tip === sha) return
  throw unreviewed(
    `This is a re-run for commit ${sha.slice(0, 7)}, and its branch went on to ${tip?.slice(0, 7) ?? 'nothing'}, so what was reviewed for it may be out of date.`,
    proposeAgain
  )
}

async function pullRequests(actions: Actions, github: GitHub): Promise<readonly number[]> {
  const event = actions.event()
  const workflow = actions.workflow()
  const own = pullRequestIn(event)
  const all = own === undefined ? await mergedPullRequests(event, workflow, github) : [own]
  if (all.length > 0) return all
  throw unreviewed(
    mayBeMerged(event)
      ? `No pull request was merged with commit ${workflow.sha.slice(0, 7)}, so nobody reviewed this plan.`
      : `A run by the event ${quoted(event.name)} belongs to no pull request, so nobody reviewed this plan.`,
    'Bring changes in by pull requests that plan with the same inputs, or leave out reviewed-plan for this run.'
  )
}

/** Where a plan was to be shown. */
interface Place {
  readonly number: number
  readonly leg: string
  readonly isQueued: boolean
}

function assertShown(plan: Plan, found: Found, place: Place): PromotionComment {
  const where = `pull request #${place.number}`
  const remedy = place.isQueued ? queueAgain : proposeAgain
  assertMerged(found, place, where)
  const comment = genuine(found)
  if (!comment) throw nothingGenuine(found, where, remedy)
  if (comment.isEdited) {
    const message = `Somebody edited the comment with the plan on ${where}, so it does not count.`
    throw unreviewed(message, remedy)
  }
  const shown = untouchedPlan(comment)
  if (shown?.counts !== true || shown.pull !== place.number) {
    const message = `The comment on ${where} holds no plan that may still be applied: the last run there made none, or it was applied already.`
    throw unreviewed(message, `${labels} ${remedy}`)
  }
  if (shown.head !== found.head) {
    const message =
      `The plan on ${where} was made for commit ${shown.head.slice(0, 7)}, and the pull request went on to ` +
      `${found.head.slice(0, 7)}, so nobody reviewed what came of it.`
    throw unreviewed(message, remedy)
  }
  if (!isApproved(found, shown)) {
    const message = `The plan on ${where} changed after the pull request was approved, so nobody approved it.`
    throw unreviewed(message, 'Have the pull request approved once more, and run this again.')
  }
  if (shown.hash === plan.hash) return comment
  const isOfOther = comment.header.leg !== place.leg
  throw otherPlan(
    plan,
    shown.hash,
    `the one on ${where}`,
    isOfOther ? `${labels} ${remedy}` : remedy
  )
}

// Where somebody approved an earlier plan, somebody must have approved this one. An approval that was dismissed, which
// whoever may push can do (https://docs.github.com/pull-requests/how-tos/review-pull-requests/dismissing-a-pull-request-review), still tells that there was one.
function isApproved({ reviews }: Found, { review }: ShownPlan): boolean {
  if (review === null) return true
  const before = reviews.findIndex(({ id }) => id === review)
  return reviews.slice(before + 1).some(({ approves }) => approves)
}

function assertMerged({ state }: Found, { isQueued }: Place, where: string): void {
  if (isQueued || state === 'MERGED') return
  throw unreviewed(
    state === 'CLOSED'
      ? `The ${where} was closed without a merge, so its plan does not count as reviewed.`
      : `The ${where} is not merged yet, so its plan does not count as reviewed.`,
    'Apply on the push that its merge makes.'
  )
}

function nothingGenuine({ comments, isForeign }: Found, where: string, remedy: string): Failure {
  const [newest] = comments
  if (newest?.isEdited === true) {
    const message = `Somebody edited the comment with the plan on ${where}, so it does not count.`
    return unreviewed(message, remedy)
  }
  if (newest) {
    const author = quoted(newest.author?.login ?? 'ghost')
    return unreviewed(
      `The comment by ${author} on ${where} does not bear the seal of this workflow, so it may be a copy or a forgery.`,
      `The seal is made with the dbt tokens: the runs on the pull request and this one need one in common, such as the ` +
        `same source-token. ${remedy}`
    )
  }
  if (isForeign) {
    return unreviewed(
      `GitHub gives no secrets to pull requests from forks and by Dependabot, so ${where} shows no plan.`,
      remedy
    )
  }
  return unreviewed(
    `The comments on ${where} show no plan of this promotion, so nobody reviewed it.`,
    'The pull request must plan with the same host, account, projects, environments, jobs, resources, label and config, ' +
      `and with comment: changes or always. Else there was nothing to change then, and there is now. ${remedy}`
  )
}

const labels = 'Where promotions differ, give each a label of its own.'
const proposeAgain =
  'Open a pull request, for which an empty commit is enough, look at the plan in its comment, and merge it. A plan that ' +
  'is made after the merge counts for nothing, since nobody merged it.'
const queueAgain =
  'When the pull requests before it have landed, update the branch of the pull request, so that it plans anew, look at ' +
  'its comment, and queue it again.'

function unreviewed(message: string, remedy: string): Failure {
  return new Failure('plan-changed', message, remedy)
}
