// Legs of one run that can't be told apart by what is promoted: two steps, or two legs of a matrix, which would share one
// comment. The later of them is stopped, since the plan of the other must neither be hidden nor taken for its own.
import { failureOf, type Failure } from '../model/failure.ts'
import { problem } from '../model/remark.ts'
import type { CommentHeader } from '../report/comment-header.ts'
import type { Found } from './own-comments.ts'

/** What a leg is known by, and the plan that it made; without one, the hash is empty. */
export interface Leg extends Pick<CommentHeader, 'run' | 'leg' | 'tells'> {
  readonly isApply: boolean
}

/** What is wrong where one of the comments that were found is of another leg of this run. */
export function twinFailure(
  { comments, number }: Pick<Found, 'comments' | 'number'>,
  leg: Leg
): Failure | undefined {
  const isShared = comments.some(
    (each) => (each.isOwn || each.isGenuine) && isOfTwin(each.header, leg)
  )
  if (!isShared) return undefined
  return failureOf('invalid-input', '', [
    problem(
      'Two promotions of this run can not be told apart: they have the same source, target, environments, jobs, ' +
        `resources and config, and the same or no label, so they would share one comment on pull request #${number}.`,
      'Give each of them a label of its own. The comment stays that of the first one.'
    )
  ])
}

// A re-run may be of one leg alone, so the attempt does not count. What is planned alike is no other promotion.
function isOfTwin(held: CommentHeader, own: Leg): boolean {
  const isOneRun = runOf(held.run) !== '' && runOf(held.run) === runOf(own.run)
  if (!isOneRun || held.tells === own.tells) return false
  if (held.leg !== own.leg) return true
  // Legs may differ in what inputs do not show: the text of a config file, or secrets. A step that applies what another
  // one planned is none of them.
  return held.run === own.run && held.state === 'planned' && !own.isApply
}

function runOf(run: string): string {
  return run.replace(/\/\d+$/, '')
}
