// The comment on a pull request: a hidden header by which a later run knows it again, then the job summary.
import type { PlanSide } from '../model/sides.ts'
import { headerLine, type CommentHeader, type ShownPlan } from './comment-header.ts'
import { commentBytes, summary } from './markdown.ts'
import { hasProblems } from '../model/remark.ts'
import type { Result } from './result.ts'

/** The place of a side. */
export function placeText({ origin, account, project }: PlanSide): string {
  return `${new URL(origin).host}/${account}/${project.id}`
}

/** Where a result is told. */
export interface Occasion {
  readonly promotion: string
  /** The run, with its attempt. */
  readonly run: string
  readonly leg: string
  readonly pull: number
  /** The commit of the pull request that the run is for. */
  readonly head: string
  /** The last review of the pull request; null for none. */
  readonly review: string | null
  /** Whether a plan of this run is put up for review: it is made on the pull request, while that is open. */
  readonly isReview: boolean
}

/**
 * The header for a result.
 * @param earlier the plan that was put up for review before, where nobody tampered with it
 */
export function headerFor(
  result: Result,
  occasion: Occasion,
  earlier: ShownPlan | null
): CommentHeader {
  const { plan } = result
  return {
    promotion: occasion.promotion,
    run: occasion.run,
    leg: occasion.leg,
    tells: plan?.hash ?? '',
    state: stateOf(result),
    plan: occasion.isReview
      ? planForReview(result, occasion, earlier)
      : afterwards(result, occasion, earlier)
  }
}

function stateOf({ failure, outcomes }: Result): CommentHeader['state'] {
  if (failure) return 'failed'
  return outcomes === null ? 'planned' : 'applied'
}

function planForReview(
  { plan }: Result,
  { run, pull, head, review }: Occasion,
  earlier: ShownPlan | null
): ShownPlan | null {
  if (!plan || hasProblems(plan.remarks)) return withheld(earlier, review)
  const { hash } = plan
  // What was approved stays approved while it is the same, and nobody approved something else in between.
  const isSame = earlier?.hash === hash && (earlier.counts || earlier.seenUntil === review)
  const before = isSame ? earlier.review : review
  return { hash, pull, head, run, review: before, counts: true, seenUntil: null }
}

// A plan is applied once: what would be the same later is not what was reviewed then.
function afterwards(
  { mode, outcomes, failure }: Result,
  { review }: Occasion,
  earlier: ShownPlan | null
): ShownPlan | null {
  return mode === 'apply' && outcomes !== null && !failure ? withheld(earlier, review) : earlier
}

function withheld(plan: ShownPlan | null, review: string | null): ShownPlan | null {
  return plan?.counts === true ? { ...plan, counts: false, seenUntil: review } : plan
}

/** How a comment is shown. */
interface CommentText {
  readonly seals: readonly string[]
  /** The page of the run; empty where it is not known. */
  readonly runUrl: string
  /** The commit that it is about; empty where it is not known. */
  readonly commit: string
  /** What is to be known of the comment itself. */
  readonly remarks: readonly string[]
  /** Keeps secrets out, which GitHub masks in logs and summaries, but not in comments. */
  readonly hide: (text: string) => string
}

/** The whole comment, within what GitHub takes. */
export function commentBody(
  header: CommentHeader,
  result: Result,
  { seals, ...how }: CommentText
): string {
  const line = headerLine(header, seals)
  return `${line}\n${summary(result, commentBytes - line.length, how)}`
}
