// Holds a plan against the one that was reviewed, before anything is written.
import { readFile } from 'node:fs/promises'
import { Failure } from '../model/failure.ts'
import { hasChanges, type Plan } from '../promotion/plan.ts'
import { placeText } from '../report/comment-text.ts'
import { anyHash, deltaOf, isBetweenSame, parseReviewedPlan } from '../report/reviewed-plan.ts'
import type { Actions } from './actions.ts'
import { readablePath } from './workspace.ts'
import { otherPlan } from './other-plan.ts'
import { assertComment, type CommentReview } from './review-comment.ts'

/** What must have been reviewed. */
export interface ReviewOptions extends CommentReview {
  /** `comment`, or the path of a plan file; empty for nothing. */
  readonly reviewedPlan: string
  /** The hash of the plan, or `any`. */
  readonly expectedPlanHash: string
}

/**
 * Holds a plan against what was reviewed. A plan that writes nothing needs no review.
 * @throws Failure when it is another one, or when nobody reviewed it
 */
export async function assertReviewed(
  actions: Actions,
  plan: Plan,
  { reviewedPlan, expectedPlanHash, ...comment }: ReviewOptions
): Promise<void> {
  if (!hasChanges(plan)) return
  if (comment.mode === 'apply' && ![anyHash, plan.hash].includes(expectedPlanHash)) {
    throw otherPlan(plan, expectedPlanHash, 'the one in expected-plan-hash', planAgain)
  }
  if (reviewedPlan === 'comment') await assertComment(actions, plan, comment)
  else if (reviewedPlan !== '') await assertFile(plan, reviewedPlan)
}

const planAgain = 'Plan again, have it reviewed, and hand over what was reviewed.'

async function assertFile(plan: Plan, file: string): Promise<void> {
  const reviewed = parseReviewedPlan(await textOf(file))
  if (typeof reviewed === 'string') {
    throw new Failure(
      'invalid-input',
      `The file ${file} in reviewed-plan ${reviewed}.`,
      'Give the path of a file that plan-file wrote.'
    )
  }
  if (!isBetweenSame(reviewed, plan)) {
    throw new Failure(
      'plan-changed',
      `The plan in ${file} is between other projects: from ${placeText(reviewed.source)} to ${placeText(reviewed.target)}.`,
      planAgain
    )
  }
  if (reviewed.hash === plan.hash) return
  const told = deltaOf(reviewed, plan)
  const delta = told.length > 0 ? told : ['Only values differ, which the file does not show.']
  throw otherPlan(plan, reviewed.hash, `the one in ${file}`, planAgain, delta)
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(await readablePath(file), 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Failure(
      'not-found',
      `The plan in reviewed-plan could not be read: ${why}`,
      'Download the artifact with the plan before this step, and give its path.'
    )
  }
}
