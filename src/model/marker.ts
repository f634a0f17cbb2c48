// The marker: the last line that a promotion leaves in a job's description. It says where the job came from, so that
// names may change, and holds digests, so that a later run can tell who changed the job since.
import { digest } from './digest.ts'
import type { Json } from './json.ts'
import { canonOf, type Fields, type Values } from './field.ts'

/** The job of the source that a target job stands for. */
export interface Origin {
  readonly account: number
  readonly project: number
  readonly job: number
}

/** Digests of the managed values as they were sent in the last write of a job. */
export interface Digests {
  /** Over all managed fields. */
  readonly all: string
  /** Without the fields that an account may refuse. */
  readonly firm: string
}

/** A marker as it was read. */
export interface Marker {
  readonly origin: Origin
  /** The label of the promotion; empty for none. */
  readonly label: string
  /**
   * What is known of the last write: its digests; `unfinished` when the job was created and its second write is
   * missing; `unknown` where there was no room for digests, and for a marker of another version of this action.
   */
  readonly state: Digests | 'unfinished' | 'unknown'
}

const pattern =
  /^\s*Promoted by dbt-promote from (\d{1,16})\/(\d{1,16})\/(\d{1,16})(?: as ([^()]{1,50}))? \((v\d+)(?: ([^()]*))?\)\s*$/

/** The marker in a description, wherever it stands; the last of several. */
export function readMarker(description: string | null | undefined): Marker | undefined {
  if (!description?.includes('Promoted by dbt-promote')) return undefined
  const line = lines(description).findLast((each) => pattern.test(each))
  const [, account, project, job, label = '', version, rest] = pattern.exec(line ?? '') ?? []
  if (account === undefined) return undefined
  const origin = { account: Number(account), project: Number(project), job: Number(job) }
  return { origin, label, state: version === 'v1' ? stateOf(rest) : 'unknown' }
}

/** Whether a marker is of a job of a project. */
export function isFrom({ origin }: Marker, { account, project }: Omit<Origin, 'job'>): boolean {
  return origin.account === account && origin.project === project
}

/** The source job of the marker in a description, where it is of a promotion from a project under a label. */
export function promotedFrom(
  description: string | null | undefined,
  project: Omit<Origin, 'job'>,
  label: string
): number | undefined {
  const marker = readMarker(description)
  return marker?.label === label && isFrom(marker, project) ? marker.origin.job : undefined
}

function stateOf(rest: string | undefined): Marker['state'] {
  if (rest === 'unfinished') return 'unfinished'
  const [, all, firm] = /^([0-9a-f]{8})\.([0-9a-f]{8})$/.exec(rest ?? '') ?? []
  return all === undefined || firm === undefined ? 'unknown' : { all, firm }
}

/** Whether a job was created and its second write is missing, so that it is still to be finished as a new one. */
export function isUnfinished(description: string | null | undefined): boolean {
  return readMarker(description)?.state === 'unfinished'
}

/** A description without any marker. */
export function withoutMarker(description: string | null | undefined): string {
  if (!description?.includes('Promoted by dbt-promote')) return description ?? ''
  const all = lines(description)
  const kept = all.filter((line) => !pattern.test(line))
  return kept.length === all.length ? description : kept.join('\n')
}

/**
 * What a description holds, marker included: 255 characters are taken and 256 refused, as a live account shows
 * (dbt-jobs-as-code#204, #205).
 */
export const descriptionLimit = 255

/** The length of a text in the characters that the platform counts: code points. */
export function lengthOf(text: string): number {
  // A pair of surrogates is one character. Texts are measured often, and seldom hold any.
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0)
}

/**
 * A description with a marker as its last line, as far as both fit: the digests go first, then the whole marker. That of
 * an unfinished job stands in place of a text that leaves it no room, since the second write brings the text.
 */
export function withMarker(description: string, marker: Marker): string {
  const text = withoutMarker(description)
  const line = lineOf(marker)
  const whole = joined(text, line)
  if (fits(whole)) return whole
  if (marker.state === 'unfinished') return line
  const short = joined(text, lineOf({ ...marker, state: 'unknown' }))
  return fits(short) ? short : text
}

/** How much of a marker there is room for: all of it, or all but the digests. */
export type Room = 'all' | 'origin' | 'none'

/** How much of the marker of a finished job fits below a text. */
export function roomFor(description: string, marker: Omit<Marker, 'state'>): Room {
  const excess = excessOf(description, marker)
  if (excess > 0) return 'none'
  return excess > -digestsLength ? 'origin' : 'all'
}

/** Whether a job holds just the text that left no room for a marker, which then tells that a promotion wrote it. */
export function isWhatLeftNoRoom(
  text: string,
  { values }: { readonly values: { readonly description?: string | null } },
  marker: Omit<Marker, 'state'>
): boolean {
  return roomFor(text, marker) === 'none' && (values.description ?? '').trimEnd() === text.trimEnd()
}

/** A blank, and two digests with a dot between them. */
const digestsLength = 18

/** By how many characters a text is too long for the shortest marker. */
export function excessOf(description: string, marker: Omit<Marker, 'state'>): number {
  const line = lineOf({ ...marker, state: 'unknown' })
  return lengthOf(joined(withoutMarker(description), line)) - descriptionLimit
}

function fits(description: string): boolean {
  return lengthOf(description) <= descriptionLimit
}

function joined(text: string, line: string): string {
  return text === '' ? line : `${text}\n${line}`
}

function lineOf({ origin, label, state }: Marker): string {
  const { account, project, job } = origin
  const from = `${account}/${project}/${job}`
  return `Promoted by dbt-promote from ${from}${label === '' ? '' : ` as ${label}`} (v1${restOf(state)})`
}

function restOf(state: Marker['state']): string {
  if (state === 'unknown') return ''
  return state === 'unfinished' ? ` ${state}` : ` ${state.all}.${state.firm}`
}

/**
 * The digests of managed values. The set of managed paths is part of what is digested, so that a change of what is
 * managed is no match.
 * @param values the values of the managed paths, with ids of the target as references
 */
export function digestsOf(table: Fields, values: Values): Digests {
  const canonical = Object.entries(values).map(([path, value]): [string, Json] => {
    const field = table[path]
    return [path, field ? canonOf(field, value) : value]
  })
  const firm = canonical.filter(([path]) => table[path]?.refusable !== true)
  return { all: short(canonical), firm: short(firm) }
}

function short(entries: readonly (readonly [string, Json])[]): string {
  return digest(Object.fromEntries(entries)).slice(0, 8)
}

function lines(text: string): readonly string[] {
  return text.split('\n')
}
