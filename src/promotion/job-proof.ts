// What the digests of a job's marker prove: who moved, and what its account did not take.
import { isData, type Cause, type DataChange } from '../model/change.ts'
import { wireLinks } from '../model/link.ts'
import type { Desired } from '../model/desired.ts'
import type { FieldChange } from '../model/change.ts'
import type { JobContext } from './job-context.ts'
import { isList } from '../model/json.ts'
import type { Fields, Values } from '../model/field.ts'
import { jobFields } from '../kinds/job-fields.ts'
import { type Job } from '../kinds/job.ts'
import type { Key } from '../model/keys.ts'
import { digestsOf, type Digests, type Marker, type Room } from '../model/marker.ts'
import { asksNothing } from './read-back.ts'

const table: Fields = jobFields

/** The digests of the last write, and those of what is wanted and what is held now. */
interface Proof {
  readonly last: Digests
  readonly wanted: Digests
  readonly held: Digests
}

/** What is compared: the desired state, before and after it is settled, and the paths that the promotion decides. */
export interface Way {
  readonly given: Desired
  readonly desired: Desired
  readonly deciding: readonly string[]
}

// What is known by the digests over the paths that the last write decided, which it may have been in several ways.
export function proofAmong(
  ways: readonly Way[],
  marker: Marker | undefined,
  held: Job,
  fields: readonly FieldChange[],
  context: JobContext
): Proof | undefined {
  const proofs = ways.flatMap(({ desired, deciding }) => {
    const isWhole = fields.every(({ path }) => deciding.includes(path))
    return isWhole ? [proofOf(marker, desired, held, deciding, context)] : []
  })
  return proofs.find((proof) => proof !== undefined && isAnswered(proof)) ?? proofs[0]
}

function isAnswered({ last, wanted, held }: Proof): boolean {
  return [wanted, held].some(({ all, firm }) => all === last.all || firm === last.firm)
}

function proofOf(
  marker: Marker | undefined,
  desired: Desired,
  held: Job,
  managed: readonly string[],
  { target, matched }: JobContext
): Proof | undefined {
  if (marker === undefined || typeof marker.state === 'string') return undefined
  const pick = (values: Values): Values =>
    Object.fromEntries(managed.map((path) => [path, values[path] ?? null]))
  // A job that is not there yet has no id: such a digest equals none.
  const idOf = (key: Key): number =>
    (matched.environments.get(key) ?? matched.jobs.get(key))?.id ?? 0
  return {
    last: marker.state,
    wanted: digestsOf(
      table,
      pick({ ...desired.values, ...wireLinks(table, desired.refs, target.project.id, idOf) })
    ),
    held: digestsOf(table, pick(held.values))
  }
}

// What was sent in the last write and is not held was not taken by the account: it is not sent again until it moves.
// Without digests nothing is remembered, so such a field is only sent along with others. Whoever holds more than is
// wanted did not refuse anything.
export function refusedFields(
  fields: readonly FieldChange[],
  desired: Desired,
  proof: Proof | undefined,
  room: Room
): readonly DataChange[] {
  const doubtful = fields.filter(isData).filter((field) => {
    const row = table[field.path]
    return row?.refusable === true && (row.derived === true || !isMore(field))
  })
  if (room !== 'all') return doubtful.filter(({ path }) => !desired.fixed.has(path))
  return proof?.last.all === proof?.wanted.all && proof !== undefined ? doubtful : []
}

// What was never sent for its own sake is shown, unless it asks for nothing.
export function isSilent({ before, after }: DataChange, room: Room): boolean {
  return (after === null || room === 'all') && asksNothing(after, before)
}

// Whether the target has a feature that is not wanted.
function isMore({ before, after }: DataChange): boolean {
  if (isList(before) && isList(after)) return after.every((feature) => before.includes(feature))
  return before === true && after === false
}

// A digest that matches proves that a side did not move. That a side did move is never concluded from a digest that
// does not match: the spec, the version of the action or a refused value may be the reason. Where a field differs that
// an account may refuse, only the digest over all fields proves that nobody edited it.
export function causeOf(proof: Proof | undefined, fields: readonly FieldChange[]): Cause {
  if (proof === undefined) return 'unknown'
  const { last, wanted, held } = proof
  const isDoubtful = fields.some(({ path }) => table[path]?.refusable === true)
  if (isDoubtful ? held.all === last.all : held.firm === last.firm) return 'source'
  return wanted.all === last.all && held.firm !== last.firm ? 'target' : 'unknown'
}
