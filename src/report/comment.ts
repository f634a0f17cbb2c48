// The comment on a pull request: a hidden header by which a later run knows it again, then the job summary.
import { isObject, type JsonObject } from '../promotion/json.ts'
import type { Plan } from '../promotion/plan/plan.ts'
import type { PlanSide } from '../promotion/plan/sides.ts'
import { commentBytes, summary } from './markdown.ts'
import type { Result } from './result.ts'

/** How far the promotion is that a comment tells of. */
export type CommentState = 'planned' | 'applied' | 'failed'

/** Which promotion a comment is of: `host/account/project` of both sides, and its label. */
export interface PromotionId {
  readonly source: string
  readonly target: string
  readonly label: string
}

/** What the header of a comment says. */
export interface CommentHeader extends PromotionId {
  /**
   * The hash of the plan that was shown for review. Only runs that do not apply put one here, or an apply would approve
   * its own plan; null where the last of them made none that could be applied.
   */
  readonly plan: string | null
  readonly state: CommentState
}

const begin = '<!-- dbt-promote '
const end = ' -->'
const version = 1

/** The header as the first line of a comment. What could end the HTML comment is escaped as JSON does it. */
export function headerLine({ source, target, label, plan, state }: CommentHeader): string {
  const json = JSON.stringify({ version, source, target, label, plan, state })
  const safe = json.replace(
    /[-<>\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
  return `${begin}${safe}${end}`
}

/** Reads the header of a comment; undefined where it is no comment of a promotion, or of a version not known here. */
export function headerOf(body: string): CommentHeader | undefined {
  const [line = ''] = body.split(/\r?\n/, 1)
  if (!line.startsWith(begin) || !line.endsWith(end)) return undefined
  const header = parsed(line.slice(begin.length, -end.length))
  if (header?.['version'] !== version) return undefined
  const { source, target, label, plan, state } = header
  const isWhole =
    typeof source === 'string' &&
    typeof target === 'string' &&
    typeof label === 'string' &&
    (plan === null || typeof plan === 'string') &&
    states.some((each) => each === state)
  return isWhole ? { source, target, label, plan, state: state as CommentState } : undefined
}

const states: readonly CommentState[] = ['planned', 'applied', 'failed']

function parsed(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The place of a side, as the header names it. */
export function placeText({ origin, account, project }: PlanSide): string {
  return `${new URL(origin).host}/${String(account)}/${String(project.id)}`
}

/** Which promotion a plan is of. */
export function promotionOf({ source, target, label }: Plan): PromotionId {
  return { source: placeText(source), target: placeText(target), label }
}

/** Whether two comments are of one promotion. */
export function isSamePromotion(a: PromotionId, b: PromotionId): boolean {
  return a.source === b.source && a.target === b.target && a.label === b.label
}

/**
 * The header for a result; undefined where nothing tells which promotion it is of.
 * @param earlier the header of the comment that is there
 */
export function headerFor(
  { plan, failure, outcomes, mode }: Result,
  earlier?: CommentHeader
): CommentHeader | undefined {
  const own = plan ? promotionOf(plan) : earlier
  if (!own) return undefined
  const { source, target, label } = own
  const isFit = plan !== undefined && plan.problems.length === 0
  return {
    source,
    target,
    label,
    plan: mode === 'apply' ? (earlier?.plan ?? null) : isFit ? plan.hash : null,
    state: failure ? 'failed' : outcomes === null ? 'planned' : 'applied'
  }
}

/**
 * The whole comment, within what GitHub takes.
 * @param runUrl the page of the run; empty where it is not known
 * @param hide keeps secrets out, which GitHub masks in logs and summaries, but not in comments
 */
export function commentBody(
  header: CommentHeader,
  result: Result,
  runUrl: string,
  hide: (text: string) => string
): string {
  const line = headerLine(header)
  return `${line}\n${hide(summary(result, commentBytes - line.length, runUrl))}`
}
