// Holds a plan against the one that was reviewed, before anything is written.
import { readFile } from 'node:fs/promises'
import { Failure } from '../failure.ts'
import { hasChanges, type Plan } from '../promotion/plan/plan.ts'
import { isSamePromotion, placeText, promotionOf } from '../report/comment.ts'
import { deltaOf, isBetweenSame, parseReviewedPlan } from '../report/reviewed-plan.ts'
import type { Actions } from './actions.ts'
import type { GitHub } from './api.ts'
import { ownComments, type OwnComment } from './comment.ts'
import { readablePath } from '../workspace.ts'
import { pullRequestOf } from './pull-request.ts'

/** What must have been reviewed; empty texts ask for nothing. */
export interface ReviewOptions {
  /** `comment`, or the path of a plan file. */
  readonly reviewedPlan: string
  readonly expectedPlanHash: string
  /** Opens GitHub. */
  readonly github: () => Promise<GitHub>
}

/**
 * Holds a plan against what was reviewed. A plan that writes nothing needs no review.
 * @throws Failure when it is another one, or when nobody reviewed it
 */
export async function assertReviewed(
  actions: Actions,
  plan: Plan,
  { reviewedPlan, expectedPlanHash, github }: ReviewOptions
): Promise<void> {
  if (!hasChanges(plan)) return
  if (expectedPlanHash !== '' && expectedPlanHash !== plan.hash) {
    throw other(plan, expectedPlanHash, 'the one in expected-plan-hash', planAgain)
  }
  if (reviewedPlan === 'comment') await assertComment(actions, plan, github)
  else if (reviewedPlan !== '') await assertFile(plan, reviewedPlan)
}

const planAgain = 'Plan again, have it reviewed, and hand over what was reviewed.'
const proposeAgain =
  'Run the workflow of the pull request again, so that it plans anew; look at its comment, then run this again.'

async function assertComment(
  actions: Actions,
  plan: Plan,
  github: () => Promise<GitHub>
): Promise<void> {
  const workflow = actions.workflow()
  const number = await pullRequestOf(actions.event(), workflow, github)
  if (number === undefined) {
    throw new Failure(
      'plan-changed',
      `No pull request was merged with commit ${workflow.sha.slice(0, 7)}, so nobody reviewed this plan.`,
      'Bring changes in by pull requests that plan with the same inputs, or leave out reviewed-plan for this run.'
    )
  }
  const where = `pull request #${String(number)}`
  const id = promotionOf(plan)
  const isIt = ({ header }: OwnComment): boolean => isSamePromotion(header, id)
  const found = (await ownComments(await github(), number, isIt)).own.find(isIt)
  if (!found) {
    throw new Failure(
      'plan-changed',
      `The comments on ${where} show no plan of this promotion, so nobody reviewed it.`,
      'The pull request must plan with the same source, target and label, and with comment: changes or always. ' +
        'Else there was nothing to change then, and there is now. ' +
        proposeAgain
    )
  }
  if (found.isEdited) {
    throw new Failure(
      'plan-changed',
      `Somebody edited the comment with the plan on ${where}, so it does not count.`,
      proposeAgain
    )
  }
  const { plan: hash } = found.header
  if (hash === null) {
    throw new Failure(
      'plan-changed',
      `The last run on ${where} made no plan that can be applied, so nobody reviewed this one.`,
      proposeAgain
    )
  }
  if (hash !== plan.hash) throw other(plan, hash, `the one on ${where}`, proposeAgain)
}

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
  throw other(plan, reviewed.hash, `the one in ${file}`, planAgain, delta)
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

function other(
  plan: Plan,
  reviewed: string,
  where: string,
  remedy: string,
  delta: readonly string[] = []
): Failure {
  const message =
    `The plan is another than ${where}: its hash begins with ${plan.hash.slice(0, 12)}, and that of the reviewed one with ` +
    `${reviewed.slice(0, 12)}. Nothing was written.`
  if (delta.length === 0) return new Failure('plan-changed', message, remedy)
  const details = [{ message, remedy }, ...delta.map((told) => ({ message: told, remedy: '' }))]
  return new Failure('plan-changed', message, remedy, { details })
}
