// The hidden first line of a comment on a pull request: which promotion it is of, and which plan it puts up for review.
// A seal tells that the action wrote it, for this very comment. Its key is a token of the dbt platform, which neither
// those who may edit comments have, nor other actions that comment as the same bot.
import { createHmac } from 'node:crypto'
import { isObject, type Json, type JsonObject } from '../model/json.ts'

/** How far the promotion is that a comment tells of. */
type CommentState = 'planned' | 'applying' | 'applied' | 'failed'

/** A plan that was put up for review on a pull request that was open. */
export interface ShownPlan {
  readonly hash: string
  readonly pull: number
  /** The commit of the pull request that it was made for. */
  readonly head: string
  /** The run that made it, with its attempt. */
  readonly run: string
  /** The last review that the pull request had before this plan was shown there; null for none. */
  readonly review: string | null
  /** Whether it may be applied: false once it was, and where the last run made none that can be. */
  readonly counts: boolean
  /** Of one that does not count, the last review from the time when it did: later ones did not see it. */
  readonly seenUntil: string | null
}

/** What the header of a comment says. */
export interface CommentHeader {
  /** Which promotion the comment is of, told from the inputs. */
  readonly promotion: string
  /** The run that wrote it, with its attempt. */
  readonly run: string
  /** Which leg of the run it was, told from all inputs: several legs may be asked for what looks like one promotion. */
  readonly leg: string
  /** The hash of the plan that the comment tells of; empty where it has none. */
  readonly tells: string
  readonly state: CommentState
  readonly plan: ShownPlan | null
}

/** A header as it was found. */
export interface FoundHeader {
  readonly header: CommentHeader
  readonly seals: readonly string[]
}

const begin = '<!-- dbt-promote '
const end = ' -->'
const version = 3

/** The seals of a header in a comment, one for each key. */
export function sealsOf(
  header: CommentHeader,
  comment: string,
  keys: readonly string[]
): readonly string[] {
  const text = JSON.stringify(['dbt-promote comment', version, comment, header])
  return [...new Set(keys)]
    .filter((key) => key !== '')
    .map((key) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32))
}

/** Whether the action wrote this header for this comment: whether one of its seals is of one of these keys. */
export function isGenuine(
  { header, seals }: FoundHeader,
  comment: string,
  keys: readonly string[]
): boolean {
  const own = sealsOf(header, comment, keys)
  return seals.some((seal) => own.includes(seal))
}

/** The header as the first line of a comment. What could end the HTML comment is escaped as JSON does it. */
export function headerLine(header: CommentHeader, seals: readonly string[]): string {
  const json = JSON.stringify({ version, ...header, seals })
  const safe = json.replace(
    /[-<>\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
  return `${begin}${safe}${end}`
}

/** The same comment with another header. */
export function withHeader(body: string, header: CommentHeader, seals: readonly string[]): string {
  const end = body.indexOf('\n')
  return `${headerLine(header, seals)}${end < 0 ? '' : body.slice(end)}`
}

/** Reads the header of a comment; undefined where it is no comment of a promotion, or of a version not known here. */
export function headerOf(body: string): FoundHeader | undefined {
  const [line = ''] = body.split(/\r?\n/, 1)
  if (!line.startsWith(begin) || !line.endsWith(end)) return undefined
  const found = parsed(line.slice(begin.length, -end.length))
  if (found?.['version'] !== version) return undefined
  const { promotion, run, leg, tells, state, plan, seals } = found
  const shown = plan === null ? null : shownPlan(plan)
  const isWhole =
    typeof promotion === 'string' &&
    typeof run === 'string' &&
    typeof leg === 'string' &&
    typeof tells === 'string' &&
    states.some((each) => each === state) &&
    shown !== undefined &&
    Array.isArray(seals) &&
    seals.every((seal) => typeof seal === 'string')
  return isWhole
    ? { header: { promotion, run, leg, tells, state: state as CommentState, plan: shown }, seals }
    : undefined
}

const states: readonly CommentState[] = ['planned', 'applying', 'applied', 'failed']

function shownPlan(value: Json | undefined): ShownPlan | undefined {
  if (!isObject(value)) return undefined
  const { hash, pull, head, run, review, counts, seenUntil } = value
  return typeof hash === 'string' &&
    typeof pull === 'number' &&
    typeof head === 'string' &&
    typeof run === 'string' &&
    isTextOrNull(review) &&
    typeof counts === 'boolean' &&
    isTextOrNull(seenUntil)
    ? { hash, pull, head, run, review, counts, seenUntil }
    : undefined
}

function isTextOrNull(value: Json | undefined): value is string | null {
  return value === null || typeof value === 'string'
}

function parsed(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
