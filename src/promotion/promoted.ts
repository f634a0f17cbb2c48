// The target jobs that earlier promotions made of jobs of the source, promoted now or not.
import { groupBy } from '../model/group.ts'
import type { Job } from '../kinds/job.ts'
import { isFrom, isWhatLeftNoRoom, readMarker, roomFor, withoutMarker } from '../model/marker.ts'
import { nameKey } from '../model/names.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'
import { environmentName, jobName } from './target-names.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** By id of the source job. Those of this label come first; those of other labels are no counterparts. */
export function promotedJobs(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): ReadonlyMap<number, readonly Job[]> {
  const marked = target.jobs.flatMap((job) => {
    const marker = readMarker(job.values.description)
    const isKnown = marker?.label === spec.label || marker?.label === ''
    return isKnown && isFrom(marker, placeOf(source))
      ? [{ job, from: marker.origin.job, isOwn: marker.label === spec.label }]
      : []
  })
  return new Map([
    ...unmarkedJobs(spec, source, target),
    ...[...groupBy(marked, ({ from }) => from)].map(([from, all]) => {
      const own = all.filter(({ isOwn }) => isOwn)
      return [from, (own.length > 0 ? own : all).map(({ job }) => job)] as const
    })
  ])
}

// Jobs whose text left no room for a marker: by the names that they have in the target, and by that text.
function unmarkedJobs(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): readonly (readonly [number, readonly Job[]])[] {
  const { account, project } = source
  const markerOf = (job: Job) => ({
    origin: { account, project: project.id, job: job.id },
    label: spec.label
  })
  const textOf = ({ values }: Job): string => withoutMarker(values.description)
  const sources = source.jobs.filter((job) => roomFor(textOf(job), markerOf(job)) === 'none')
  if (sources.length === 0) return []
  const names = new Map(
    source.environments.map((each) => [each.id, environmentName(spec, each, target)] as const)
  )
  const homes = new Map(target.environments.map(({ id, name }) => [id, name]))
  const placeOf = (environment: string, name: string): string =>
    JSON.stringify([nameKey(environment), nameKey(name)])
  const byPlace = groupBy(target.jobs, ({ name, values }) =>
    placeOf(homes.get(values.environment_id ?? 0) ?? '', name)
  )
  return sources.flatMap((job) => {
    const environment = names.get(job.values.environment_id ?? 0)
    if (environment === undefined) return []
    const named = byPlace.get(placeOf(environment, jobName(spec, job, environment, target))) ?? []
    const ours = named.filter((each) => isWhatLeftNoRoom(textOf(job), each, markerOf(job)))
    return ours.length === 0 ? [] : [[job.id, ours] as const]
  })
}
