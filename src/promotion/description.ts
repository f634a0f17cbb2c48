// What a job's description has room for: the platform takes a number of characters, and the marker is some of them.
import type { Desired } from '../model/desired.ts'
import { asText } from '../model/json.ts'
import type { Values } from '../model/field.ts'
import {
  descriptionLimit,
  excessOf,
  lengthOf,
  roomFor,
  withoutMarker,
  type Marker,
  type Origin,
  type Room
} from '../model/marker.ts'
import { quoted } from '../model/names.ts'
import { problem, warning, type Note, type Problem } from '../model/remark.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** Whose markers the jobs get. */
export interface Promoter {
  readonly spec: Pick<PromotionSpec, 'track' | 'label'>
  /** The source project. */
  readonly from: Omit<Origin, 'job'>
}

/** How much of a marker a job gets. @param sent all values of the job, as they would be sent */
export function roomIn(desired: Desired, sent: Values, promoter: Promoter): Room {
  if (promoter.spec.track === 'name') return 'none'
  return roomFor(asText(sent['description']), markerOf(desired, promoter))
}

/** A text that the platform does not take, marker or none. */
export function descriptionProblems({ name }: Desired, sent: Values): readonly Problem[] {
  const length = lengthOf(withoutMarker(asText(sent['description'])))
  if (length <= descriptionLimit) return []
  return [
    problem(
      `The description of job ${quoted(name)} has ${length} characters, and the platform takes ${descriptionLimit}.`,
      'Shorten it in the source, or set a shorter description in a rule for this job.'
    )
  ]
}

/** What it means for a job that its text leaves no room for a marker. */
export function roomWarnings(desired: Desired, sent: Values, promoter: Promoter): readonly Note[] {
  if (promoter.spec.track === 'name') return []
  const excess = excessOf(asText(sent['description']), markerOf(desired, promoter))
  if (excess <= 0) return []
  return [
    warning(
      `The description of job ${quoted(desired.name)} in ${quoted(desired.environment?.name ?? '')} is ` +
        `${excess} ${excess === 1 ? 'character' : 'characters'} too long to hold the marker too ` +
        `(the platform takes ${descriptionLimit} in all), so the job is matched by its name and this text: ` +
        'a job that is renamed in the source is made anew, and removals never pause it.'
    )
  ]
}

function markerOf({ source }: Desired, { spec, from }: Promoter): Omit<Marker, 'state'> {
  return { origin: { ...from, job: source.id }, label: spec.label }
}
