// Jobs of the target that the user names by their ids, as in `Nightly -> id:700001`: they are taken over without `adopt`.
// They are looked for nowhere else, and nobody's job is taken.
import { adoption, foreignOwner, type MatchedJobs, type Matching } from './match-jobs.ts'
import { isFrom, readMarker } from '../model/marker.ts'
import type { By } from '../model/change.ts'
import type { Desired } from '../model/desired.ts'
import type { Environment } from '../kinds/environment.ts'
import type { Job } from '../kinds/job.ts'
import type { Key } from '../model/keys.ts'
import { foreignTag, nameKey, quoted } from '../model/names.ts'
import { nearest } from '../model/near.ts'
import { problem, type Problem, type Remark } from '../model/remark.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'

/** Takes the desired jobs that have the id of an object of the target. */
export function takeById(matching: Matching): MatchedJobs {
  const pairs = new Map<Key, Job>()
  const by = new Map<Key, By>()
  const remarks: Remark[] = []
  for (const wanted of matching.desired) {
    const { key, takes } = wanted
    if (takes === undefined) continue
    const found = matching.target.jobs.find(({ id }) => id === takes)
    const fault = found
      ? jobFault(matching, wanted, found)
      : notThere('job', takes, wanted, matching.target)
    if (fault) remarks.push(fault)
    if (fault || !found) continue
    pairs.set(key, found)
    const isOurs = matching.spec.track === 'name' || isOwn(matching, wanted, found)
    by.set(key, isOurs ? 'mapping' : 'adopted')
    if (isOurs) continue
    remarks.push(adoption(wanted, found))
  }
  return { pairs, by, remarks }
}

/** The problem of an id that the target project does not have. */
export function notThere(
  kind: 'environment' | 'job',
  id: number,
  { source }: Desired,
  target: Snapshot
): Problem {
  const all = kind === 'job' ? target.jobs : target.environments
  const names = new Map(all.map((each) => [String(each.id), each.name]))
  return problem(
    `${quoted(source.name)} is mapped to ${kind} ${id}, which is not in project ${quoted(target.project.name)}.`,
    nearest(String(id), [...names.keys()], (own) => `${own} ${quoted(names.get(own) ?? '')}`)
  )
}

function jobFault(matching: Matching, wanted: Desired, found: Job): Problem | undefined {
  const { target, spec, source } = matching
  const environment = environmentOf(matching, wanted)
  const what = `${quoted(wanted.source.name)} is mapped to job ${found.id} ${quoted(found.name)}`
  if (found.values.is_system === true)
    return problem(`${what}, which is a system job.`, 'Name another job, or map it to a name.')
  if (found.values.environment_id !== environment?.id) {
    const own = target.environments.find(({ id }) => id === found.values.environment_id)
    return problem(
      `${what}, which is in environment ${quoted(own?.name ?? '')}, and not in ${quoted(wanted.environment?.name ?? '')}.`,
      'Name a job of that environment, or move the job there first.'
    )
  }
  const tag = foreignTag(found.name, found.values.description ?? '')
  const isForeign =
    tag !== undefined || (spec.track === 'marker' && !isOwn(matching, wanted, found))
  const foreign = isForeign ? foreignOwner(found, source, spec.label, 'over') : undefined
  return foreign ?? (spec.track === 'marker' ? doubled(matching, wanted, found) : undefined)
}

// The job that an earlier promotion made would go on beside the one that is taken over.
function doubled(matching: Matching, wanted: Desired, found: Job): Problem | undefined {
  const environment = environmentOf(matching, wanted)
  const other = matching.target.jobs.find(
    (job) =>
      job.id !== found.id &&
      job.values.environment_id === environment?.id &&
      isOwn(matching, wanted, job)
  )
  if (!other) return undefined
  return problem(
    `${quoted(wanted.source.name)} is mapped to job ${found.id} ${quoted(found.name)}, and was promoted to job ` +
      `${other.id} ${quoted(other.name)} of the same environment before.`,
    `Take the marker out of the description of job ${other.id} and switch it off, or take the mapping away.`
  )
}

// Whether a job carries the marker of the source job that it is mapped to. One without a label gets the one of now.
function isOwn({ source, spec }: Matching, wanted: Desired, job: Job): boolean {
  const marker = readMarker(job.values.description)
  if (!marker) return false
  return (
    isFrom(marker, placeOf(source)) &&
    marker.origin.job === wanted.source.id &&
    (marker.label === spec.label ||
      (marker.label === '' && nameKey(job.name) === nameKey(wanted.name)))
  )
}

function environmentOf(
  { environments }: Matching,
  { environment }: Desired
): Environment | undefined {
  return environment ? environments.get(environment.key) : undefined
}
