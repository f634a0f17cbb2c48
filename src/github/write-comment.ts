// The sticky comment: one for each promotion, found by its sealed header, changed in place, created once.
import { randomUUID } from 'node:crypto'
import type { Time } from '../dbt/time.ts'
import { asFailure, type Failure } from '../model/failure.ts'
import type { Hide } from '../model/hide.ts'
import { hasChanges } from '../promotion/plan.ts'
import { commentBody, headerFor, type Occasion } from '../report/comment-text.ts'
import { sealsOf, type CommentHeader } from '../report/comment-header.ts'
import type { Result } from '../report/result.ts'
import { plain } from '../report/text.ts'
import type { Actions, Event } from './actions.ts'
import type { GitHub, OpenGitHub } from './api.ts'
import { GitHubFailure } from './ask.ts'
import {
  commentsOf,
  genuine,
  lastReview,
  planToKeep,
  type Found,
  type Identity
} from './own-comments.ts'
import { headIn, isQueued, mayBeMerged, pullRequestOf } from './pull-request.ts'
import { twinFailure, type Leg } from './twins.ts'

/** When a comment is written. One that is there is always changed, so that none tells of a plan that is no more. */
export type CommentPolicy = 'never' | 'changes' | 'always'

/** How to comment. */
export interface CommentOptions extends Identity {
  readonly policy: CommentPolicy
  /** Opens GitHub. */
  readonly github: () => Promise<OpenGitHub>
  readonly time: Time
  /** Keeps secrets out of the comment. */
  readonly hide: Hide
}

/** The waits before a comment is looked for again whose creation is in doubt. */
const waits: readonly number[] = [1000, 3000]

/**
 * Tells a result on the pull request that it belongs to. What goes wrong is a warning, and no reason to fail.
 * @param known the number of the pull request, where it was looked for before
 * @returns what is wrong where the comment is of another promotion of this run, and is left as it is
 */
export async function writeComment(
  actions: Actions,
  result: Result,
  options: CommentOptions,
  known?: number
): Promise<Failure | undefined> {
  if (options.policy === 'never') return undefined
  const event = actions.event()
  const isApply = result.mode === 'apply'
  // A push that only plans has no pull request that is open, and is no news on one that is closed.
  if (mayBeMerged(event) && !isApply && event.name !== 'workflow_dispatch') return undefined
  try {
    const number =
      known ?? (await pullRequestOf(event, isApply, actions.workflow(), options.github))
    if (number === undefined) {
      actions.info('No pull request belongs to this run: nothing is commented.')
      return undefined
    }
    const mark = randomUUID()
    const github = await options.github()
    return await tell({ ...options, actions, result, number, mark, github })
  } catch (error) {
    const { message, remedy } = asFailure(error)
    actions.warning(plain(`The pull request has no comment of this run: ${message}. ${remedy}`))
    return undefined
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
async function tell(telling: Telling): Promise<Failure | undefined> {
  for (const wait of [...waits, undefined]) {
    try {
      return await tellOnce(telling)
    } catch (error) {
      const isInDoubt = error instanceof GitHubFailure && (error.mayHaveHappened || error.isGone)
      if (!isInDoubt || wait === undefined) throw error
      await telling.time.sleep(wait)
    }
  }
  throw new Error('unreachable')
}

async function tellOnce(telling: Telling): Promise<Failure | undefined> {
  const { github, number, mark, policy, result, leg } = telling
  const found = await commentsOf(github, number, telling)
  const occasion = occasionOf(telling, found)
  if (!occasion) return undefined
  const header = headerFor(result, occasion, planToKeep(genuine(found), occasion.run))
  const own: Leg = { run: header.run, leg, tells: header.tells, isApply: result.mode === 'apply' }
  const twin = twinFailure(found, own)
  if (twin) return twin
  // What another user wrote is left alone: once it is changed, it counts as edited.
  const ours = found.comments.filter((each) => each.isOwn)
  const held =
    ours.find((each) => each.isGenuine) ?? ours.findLast(({ seals }) => seals.includes(mark))
  if (!held) {
    if (policy === 'changes' && !isNews(result)) return undefined
    return writeNew(telling, header, occasion, own, found.id)
  }
  await write(telling, held.id, header, occasion)
  await removeAll(telling, found, held.id)
  // Another leg that began at once may have written there too, and did not see this one. The last one stays.
  if (own.isApply) return undefined
  const now = await commentsOf(github, number, telling).catch(() => undefined)
  return now && twinFailure(now, own)
}

// Another run may have begun at once. Of several new comments the last one stays: whoever wrote it sees all the others.
// Of several legs the first one stays, and none of the others is ever sealed.
async function writeNew(
  telling: Telling,
  header: CommentHeader,
  occasion: Occasion,
  own: Leg,
  pullRequest: string
): Promise<Failure | undefined> {
  const id = await create(telling, pullRequest, header, occasion)
  const found = await commentsOf(telling.github, telling.number, telling)
  const place = found.comments.findIndex((each) => each.id === id)
  const older = { ...found, comments: place < 0 ? [] : found.comments.slice(place + 1) }
  const twin = twinFailure(older, own)
  if (twin) {
    await remove(telling, id)
    return twin
  }
  await write(telling, id, header, occasion)
  await removeAll(telling, older, id)
  return undefined
}

/** Where a result is told; undefined where that is left to the run for a newer commit. */
function occasionOf(
  { actions, promotion, leg, result, number: pull }: Telling,
  found: Found
): Occasion | undefined {
  const { state, head } = found
  const event = actions.event()
  const { run, sha } = actions.workflow()
  const own = headIn(event) ?? (event.name === 'workflow_dispatch' ? sha : head)
  const isReview = state === 'OPEN' && result.mode !== 'apply' && !isQueued(event)
  if (!isReview || own === head)
    return { promotion, run, leg, pull, head, review: lastReview(found), isReview }
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

// A comment of another token counts too while it is the newest, so it goes as well: an older plan must not come back when
// somebody deletes the newer one. What bears no seal and is of others is left alone.
async function removeAll(telling: Telling, { comments }: Found, but: string): Promise<void> {
  for (const { id, isOwn, isGenuine } of comments)
    if (id !== but && (isOwn || isGenuine)) await remove(telling, id)
}

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
  const remarks = occasion.isReview || result.mode === 'apply' ? [] : [lateMessage(actions.event())]
  const { runUrl } = actions.workflow()
  return commentBody(header, result, { seals, runUrl, commit: occasion.head, remarks, hide })
}

function lateMessage(event: Event): string {
  return isQueued(event)
    ? 'This is the plan of the merge queue. What counts as reviewed is the plan that the pull request showed before.'
    : 'The pull request is closed, so this plan does not count as reviewed.'
}

function isNews({ plan, failure, outcomes }: Result): boolean {
  return failure !== undefined || outcomes !== null || (plan !== undefined && hasChanges(plan))
}
