// The sticky comment: one for each promotion, found by its sealed header, changed in place, created once.
import { randomUUID } from 'node:crypto'
import type { Time } from '../dbt/time.ts'
import { asFailure } from '../model/failure.ts'
import type { Hide } from '../model/hide.ts'
import { hasChanges } from '../promotion/plan.ts'
import { commentBody, headerFor, sharedHeader, type Occasion } from '../report/comment.ts'
import { sealsOf, type CommentHeader } from '../report/comment-header.ts'
import type { Result } from '../report/result.ts'
import { plain } from '../report/text.ts'
import type { Actions, Event } from './actions.ts'
import type { GitHub } from './api.ts'
import { GitHubFailure } from './ask.ts'
import {
  commentsOf,
  genuine,
  untouchedPlan,
  type Found,
  type Identity,
  type PromotionComment
} from './own-comments.ts'
import { headIn, isQueued, mayBeMerged, pullRequestOf } from './pull-request.ts'

/** When a comment is written. One that is there is always changed, so that none tells of a plan that is no more. */
export type CommentPolicy = 'never' | 'changes' | 'always'

/** How to comment. */
export interface CommentOptions extends Identity {
  readonly policy: CommentPolicy
  /** Opens GitHub. */
  readonly github: () => Promise<GitHub>
  readonly time: Time
  /** Keeps secrets out of the comment. */
  readonly hide: Hide
}

/** The waits before a comment is looked for again whose creation is in doubt. */
const waits: readonly number[] = [1000, 3000]

/** Tells a result on the pull request that it belongs to. What goes wrong is a warning, and no reason to fail. */
export async function comment(
  actions: Actions,
  result: Result,
  options: CommentOptions
): Promise<void> {
  if (options.policy === 'never') return
  const event = actions.event()
  const isApply = result.mode === 'apply'
  // A push that only plans has no pull request that is open, and is no news on one that is closed.
  if (mayBeMerged(event) && !isApply && event.name !== 'workflow_dispatch') return
  try {
    const number = await pullRequestOf(event, isApply, actions.workflow(), options.github)
    if (number === undefined) {
      actions.info('No pull request belongs to this run: nothing is commented.')
      return
    }
    const mark = randomUUID()
    await tell({ ...options, actions, result, number, mark, github: await options.github() })
  } catch (error) {
    const { message, remedy } = asFailure(error)
    actions.warning(plain(`The pull request has no comment of this run: ${message}. ${remedy}`))
  }
}

/** A result that is to be told on a pull request. */
interface Telling extends Omit<CommentOptions, 'github'> {
  readonly actions: Actions
  readonly result: Result
  readonly number: number
  readonly github: GitHub
  /** Stands in place of a seal until there is one: a seal is for the id of a comment, which GitHub gives. */
  readonly mark: string
}

// Where an answer is lost, or another run that began at once removed the comment, it is looked what is there.
async function tell(telling: Telling): Promise<void> {
  for (const wait of [...waits, undefined]) {
    try {
      await tellOnce(telling)
      return
    } catch (error) {
      const isInDoubt = error instanceof GitHubFailure && (error.mayHaveHappened || error.isGone)
      if (!isInDoubt || wait === undefined) throw error
      await telling.time.sleep(wait)
    }
  }
}

async function tellOnce(telling: Telling): Promise<void> {
  const { github, number, mark, policy, result } = telling
  const found = await commentsOf(github, number, telling)
  const occasion = occasionOf(telling, found)
  if (!occasion) return
  const own = found.comments.filter((each) => each.isOwn)
  // What another user wrote is left alone: once it is changed, it counts as edited.
  const held =
    own.find((each) => each.isGenuine) ?? own.findLast(({ seals }) => seals.includes(mark))
  if (!held && policy === 'changes' && !isNews(result)) return
  const earlier = untouchedPlan(genuine(found))
  const header = headerFor(result, occasion, earlier)
  const id = held?.id ?? (await create(telling, found.id, header, occasion))
  await write(telling, id, shared(telling, header, own), occasion)
  const others = held ? own.filter((each) => each.id !== id) : await olderThan(telling, id)
  if (!held && shared(telling, header, others) !== header)
    await write(telling, id, sharedHeader(header), occasion)
  for (const other of others) await remove(telling, other.id)
}

// Another run may have begun at once. Of several new comments the last one stays: whoever wrote it sees all the others.
async function olderThan(telling: Telling, id: string): Promise<readonly PromotionComment[]> {
  const { comments } = await commentsOf(telling.github, telling.number, telling)
  const place = comments.findIndex((each) => each.id === id)
  return place < 0 ? [] : comments.slice(place + 1).filter((each) => each.isOwn)
}

/** Where a result is told; undefined where that is left to the run for a newer commit. */
function occasionOf(
  { actions, promotion, result, number }: Telling,
  { state, head, approval }: Found
): Occasion | undefined {
  const event = actions.event()
  const { run, sha } = actions.workflow()
  const own = headIn(event) ?? (event.name === 'workflow_dispatch' ? sha : head)
  const isReview = state === 'OPEN' && result.mode !== 'apply' && !isQueued(event)
  if (!isReview || own === head) return { promotion, run, pull: number, head, approval, isReview }
  actions.info(`The pull request has a newer commit than ${own.slice(0, 7)}, whose run comments.`)
  return undefined
}

/** Writes a comment that holds no plan for review yet. */
async function create(
  telling: Telling,
  pullRequest: string,
  header: CommentHeader,
  occasion: Occasion
): Promise<string> {
  const body = bodyOf(telling, { ...header, plan: null }, [telling.mark], occasion)
  return telling.github.addComment(pullRequest, body)
}

async function write(
  telling: Telling,
  id: string,
  header: CommentHeader,
  occasion: Occasion
): Promise<void> {
  const seals = sealsOf(header, id, telling.keys)
  await telling.github.updateComment(id, bodyOf(telling, header, seals, occasion))
}

/** The header, or the one of a shared comment where another leg of this run told another plan in one of these. */
function shared(
  { actions }: Telling,
  header: CommentHeader,
  comments: readonly PromotionComment[]
): CommentHeader {
  const isShared = comments.some(
    ({ header: { run, tells } }) => run !== '' && run === header.run && tells !== header.tells
  )
  if (isShared) actions.warning(sharedMessage)
  return isShared ? sharedHeader(header) : header
}

// One that stays does no harm: it is not the newest, or has no seal.
async function remove({ github, actions }: Telling, id: string): Promise<void> {
  try {
    await github.removeComment(id)
  } catch (error) {
    actions.info(
      plain(`An older comment is left on the pull request: ${asFailure(error).message}.`)
    )
  }
}

function bodyOf(
  { actions, result, hide }: Telling,
  header: CommentHeader,
  seals: readonly string[],
  occasion: Occasion
): string {
  const remarks = [
    ...(header.tells === 'several' ? [sharedMessage] : []),
    ...(occasion.isReview || result.mode === 'apply' ? [] : [lateMessage(actions.event())])
  ]
  const { runUrl } = actions.workflow()
  return commentBody(header, result, { seals, runUrl, commit: occasion.head, remarks, hide })
}

const sharedMessage =
  'Several promotions of this run have the same source, target, environments, jobs and label, so they share one ' +
  'comment. It shows the last of them, and none of their plans counts as reviewed. Give each of them a label of its own.'

function lateMessage(event: Event): string {
  return isQueued(event)
    ? 'This is the plan of the merge queue. What counts as reviewed is the plan that the pull request showed before.'
    : 'The pull request is closed, so this plan does not count as reviewed.'
}

function isNews({ plan, failure, outcomes }: Result): boolean {
  return failure !== undefined || outcomes !== null || (plan !== undefined && hasChanges(plan))
}
