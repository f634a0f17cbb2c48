// The marker: the last line that a promotion leaves in a job's description. It says where the job came from, so that
// names may change, and holds digests, so that a later run can tell who changed the job since.
import { digest } from '../digest.ts'
import type { Json } from '../json.ts'
import { canonOf, type Fields, type Values } from '../kinds/field.ts'

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
   * missing; `unknown` for a marker of another version of this action.
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

/** A description with a marker as its last line. */
export function withMarker(description: string, marker: Marker): string {
  const { account, project, job } = marker.origin
  const { label, state } = marker
  const rest = typeof state === 'string' ? state : `${state.all}.${state.firm}`
  const from = `${String(account)}/${String(project)}/${String(job)}`
  const line = `Promoted by dbt-promote from ${from}${label === '' ? '' : ` as ${label}`} (v1 ${rest})`
  const text = withoutMarker(description)
  return text === '' ? line : `${text}\n${line}`
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
