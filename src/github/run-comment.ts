// The comment of a run, as its story sees it: asked about before an apply, written at the end.
import type { Failure } from '../model/failure.ts'
import type { Plan } from '../promotion/plan.ts'
import type { Result } from '../report/result.ts'
import { plain } from '../report/text.ts'
import type { Actions } from './actions.ts'
import { writeComment, type CommentOptions } from './write-comment.ts'
import { commentsOf, type Found } from './own-comments.ts'
import { publish } from './publish.ts'
import { pullRequestOf } from './pull-request.ts'
import { twinFailure } from './twins.ts'

/** How long an apply waits for GitHub to say whose comment there is, once there is a plan. */
const patienceMs = 5000

/** The comment of a run. */
export interface RunComment {
  /**
   * Asked before a plan is applied.
   * @throws Failure where the comment is of another promotion of this run
   */
  readonly assertAlone: (plan: Plan) => Promise<void>
  /**
   * Tells a result on the pull request that it belongs to.
   * @returns what is wrong where the comment is of another promotion of this run, which it is left to
   */
  readonly tell: (result: Result) => Promise<Failure | undefined>
}

/** The comment of a run. @param isAsked whether GitHub is asked at once, while the plan is made, whose comment there is */
export function runComment(
  actions: Actions,
  options: CommentOptions,
  isAsked: boolean
): RunComment {
  // A GitHub that does not answer is told of when the comment is written.
  const asked =
    isAsked && options.policy !== 'never'
      ? whatIsThere(actions, options).catch(() => undefined)
      : Promise.resolve(undefined)
  return {
    assertAlone: async ({ hash }) => {
      const enough = new AbortController()
      const found = await Promise.race([asked, options.time.sleep(patienceMs, enough.signal)])
      enough.abort()
      if (!found) return
      const { run } = actions.workflow()
      const failure = twinFailure(found, { run, leg: options.leg, tells: hash, isApply: true })
      if (failure) throw failure
    },
    // A GitHub that hangs is asked no more, so what was asked before is over first: the waits do not add up.
    tell: async (result) => {
      const found = await asked
      return writeComment(actions, result, options, found?.number)
    }
  }
}

// Once, and without a search for a pull request that GitHub does not know yet: no promotion waits for that.
async function whatIsThere(
  actions: Actions,
  { github, ...identity }: CommentOptions
): Promise<Found | undefined> {
  const { brief } = await github()
  const number = await pullRequestOf(actions.event(), true, actions.workflow(), () =>
    Promise.resolve(brief)
  )
  return number === undefined ? undefined : commentsOf(brief, number, identity)
}

/**
 * Reports a run: to the runner, and on its pull request. A plan that turns out to share its comment is a failure, which
 * is known only when the comment is written; for all else the outputs come first, which no GitHub is to hold up.
 * @param secrets the secrets that this run was given
 */
export async function report(
  actions: Actions,
  result: Result,
  secrets: readonly string[],
  comment: RunComment | undefined
): Promise<void> {
  if (!comment || result.mode === 'apply' || result.failure) {
    await publish(actions, result, secrets)
    const twin = await comment?.tell(result)
    for (const { message, remedy } of twin?.details ?? [])
      actions.warning(plain(`${message} ${remedy}`))
    return
  }
  const cancelled = new Promise<undefined>((resolve) => {
    actions.onCancel(() => {
      resolve(undefined)
    })
  })
  const telling = comment.tell(result)
  const failure = await Promise.race([telling, cancelled])
  await publish(actions, failure ? { ...result, failure } : result, secrets)
  await telling
}
