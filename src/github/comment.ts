// The sticky comment: found by its header among what this action wrote, changed in place, created once.
import type { Time } from '../dbt/time.ts'
import { asFailure } from '../failure.ts'
import type { Hide } from '../hide.ts'
import { hasChanges } from '../promotion/plan/plan.ts'
import {
  commentBody,
  headerFor,
  headerOf,
  isSamePromotion,
  promotionOf,
  type CommentHeader
} from '../report/comment.ts'
import type { Result } from '../report/result.ts'
import { plain } from '../report/text.ts'
import type { Actions } from './actions.ts'
import { GitHubFailure, type Actor, type Comment, type GitHub } from './api.ts'
import { mayBeMerged, pullRequestOf } from './pull-request.ts'

/** When a comment is written. One that is there is always changed, so that none tells of a plan that is no more. */
export type CommentPolicy = 'never' | 'changes' | 'always'

/** A comment of this action's own. */
export interface OwnComment {
  readonly id: string
  readonly header: CommentHeader
  /** Whether somebody else changed it since. */
  readonly isEdited: boolean
}

/** What was found on a pull request. */
export interface Found {
  /** Its node id. */
  readonly pullRequest: string
  readonly own: readonly OwnComment[]
}

/** The waits before a comment is looked for again whose creation is in doubt. */
const waits: readonly number[] = [1000, 3000]

/**
 * The comments that the token's own user wrote and that begin with a header, newest first. A header of anybody else
 * is a forgery.
 * @param isEnough ends the search early
 */
export async function ownComments(
  github: GitHub,
  number: number,
  isEnough: (comment: OwnComment) => boolean = () => false
): Promise<Found> {
  const own: OwnComment[] = []
  let before: string | null = null
  for (;;) {
    const page = await github.comments(number, before)
    for (const comment of page.comments.toReversed()) {
      const header = isOf(comment.author, page.viewer) ? headerOf(comment.body) : undefined
      if (header) own.push({ id: comment.id, header, isEdited: isEdited(comment, page.viewer) })
    }
    before = page.before
    if (before === null || own.some(isEnough)) return { pullRequest: page.pullRequest, own }
  }
}

// Elsewhere GitHub adds [bot] to the login of a bot; a user may have the login that a bot has without it.
function isOf(actor: Actor | null, viewer: string): boolean {
  if (actor === null) return false
  const bot = /^(.*)\[bot\]$/.exec(viewer)?.[1]
  return bot === undefined
    ? actor.login === viewer
    : actor.__typename === 'Bot' && actor.login.replace(/\[bot\]$/, '') === bot
}

function isEdited({ editor }: Comment, viewer: string): boolean {
  return editor !== null && !isOf(editor, viewer)
}

/** How to comment. */
export interface CommentOptions {
  readonly policy: CommentPolicy
  /** Opens GitHub. */
  readonly github: () => Promise<GitHub>
  readonly time: Time
  /** Keeps secrets out of the comment. */
  readonly hide: Hide
}

/** Tells a result on the pull request that it belongs to. What goes wrong is a warning, and no reason to fail. */
export async function comment(
  actions: Actions,
  result: Result,
  { github, ...how }: CommentOptions
): Promise<void> {
  if (how.policy === 'never') return
  const event = actions.event()
  // What a push or a run by hand does not write is no news on a pull request that is closed.
  if (mayBeMerged(event) && result.plan && result.mode !== 'apply') return
  try {
    const workflow = actions.workflow()
    const number = await pullRequestOf(event, workflow, github)
    if (number === undefined) {
      actions.info('No pull request belongs to this run: nothing is commented.')
      return
    }
    await put(await github(), number, result, { ...how, runUrl: workflow.runUrl })
  } catch (error) {
    const { message, remedy } = asFailure(error)
    actions.warning(plain(`The pull request has no comment of this run: ${message}. ${remedy}`))
  }
}

// After a creation whose answer is lost it is looked for, so that there are never two.
async function put(
  github: GitHub,
  number: number,
  result: Result,
  { policy, runUrl, time, hide }: Omit<CommentOptions, 'github'> & { readonly runUrl: string }
): Promise<void> {
  for (const wait of [...waits, undefined]) {
    const id = result.plan && promotionOf(result.plan)
    const isIt = (each: OwnComment): boolean => id !== undefined && isSamePromotion(each.header, id)
    const { pullRequest, own } = await ownComments(github, number, isIt)
    // A run without a plan does not know its projects: its comment is the only one, or it is not known which.
    const held = id ? own.find(isIt) : own.length === 1 ? own[0] : undefined
    const header = headerFor(result, held?.header)
    if (!header) return
    const body = commentBody(header, result, runUrl, hide)
    if (held) {
      await github.updateComment(held.id, body)
      return
    }
    if (policy === 'changes' && !isNews(result)) return
    try {
      await github.addComment(pullRequest, body)
      return
    } catch (error) {
      const isLost = error instanceof GitHubFailure && error.mayHaveHappened
      if (!isLost || wait === undefined) throw error
      await time.sleep(wait)
    }
  }
}

function isNews({ plan, failure, outcomes }: Result): boolean {
  return failure !== undefined || outcomes !== null || (plan !== undefined && hasChanges(plan))
}
