// The comments of a promotion on a pull request, and which of them the action wrote itself.
import { headerOf, isGenuine, type FoundHeader, type ShownPlan } from '../report/comment-header.ts'
import type { Actor, Comment, CommentPage, GitHub } from './api.ts'

/** Which promotion a run is of, told from its inputs, and the tokens that seal its comments. */
export interface Identity {
  readonly promotion: string
  /** Which leg of the run this is. */
  readonly leg: string
  readonly keys: readonly string[]
}

/** A comment that begins with the header of this promotion, whoever wrote it. */
export interface PromotionComment extends FoundHeader {
  readonly id: string
  readonly body: string
  readonly author: Actor | null
  /** Whether the token's own user wrote it. */
  readonly isOwn: boolean
  /** Whether the action wrote this header for this comment. */
  readonly isGenuine: boolean
  /** Whether somebody else changed it since. */
  readonly isEdited: boolean
}

/** What was found on a pull request. */
export interface Found extends Pick<
  CommentPage,
  'id' | 'state' | 'head' | 'isForeign' | 'reviews'
> {
  /** The number of the pull request. */
  readonly number: number
  /** The newest first. */
  readonly comments: readonly PromotionComment[]
}

/**
 * The comments of a promotion, down to the newest that is genuine. A header proves nothing: anybody can write one, and
 * actions that repeat what somebody wrote do it as the same bot. Only the seal does.
 * @throws GitHubFailure
 */
export async function commentsOf(
  github: GitHub,
  number: number,
  { promotion, keys }: Pick<Identity, 'promotion' | 'keys'>
): Promise<Found> {
  const comments: PromotionComment[] = []
  let before: string | null = null
  for (;;) {
    const page = await github.comments(number, before)
    for (const comment of page.comments.toReversed()) {
      const found = headerOf(comment.body)
      if (found?.header.promotion !== promotion) continue
      comments.push({
        ...found,
        id: comment.id,
        body: comment.body,
        author: comment.author,
        isOwn: comment.viewerDidAuthor,
        isGenuine: isGenuine(found, comment.id, keys),
        isEdited: isEdited(comment)
      })
    }
    before = page.before
    if (before === null || comments.some((each) => each.isGenuine))
      return { ...page, number, comments }
  }
}

/** The newest comment of those that the action wrote; another one does not count. */
export function genuine({ comments }: Found): PromotionComment | undefined {
  return comments.find((each) => each.isGenuine)
}

/** The last review of a pull request; null for none. */
export function lastReview({ reviews }: Found): string | null {
  return reviews.at(-1)?.id ?? null
}

/** The plan that a comment puts up for review, where nobody changed it since. */
export function untouchedPlan(comment: PromotionComment | undefined): ShownPlan | null {
  return comment && !comment.isEdited ? comment.header.plan : null
}

/** The plan that a later comment still shows. One that this very run has begun to apply counts again, if that failed. */
export function planToKeep(comment: PromotionComment | undefined, run: string): ShownPlan | null {
  const plan = untouchedPlan(comment)
  const isBegun = comment?.header.state === 'applying' && comment.header.run === run
  return plan && isBegun ? { ...plan, counts: true } : plan
}

// One that edits its own comment by hand can't be told from the action, but has no key for the seal.
function isEdited({ author, editor }: Comment): boolean {
  return (
    editor !== null && (editor.login !== author?.login || editor.__typename !== author.__typename)
  )
}
