// Removals: promoted jobs of the target whose source job is gone. They are never deleted; on request they are paused.
import { reactivationAlarm } from './alarms.ts'
import { runsByItself, type Job } from '../kinds/job.ts'
import { jobKey } from '../model/keys.ts'
import { promotedFrom } from '../model/marker.ts'
import { quoted } from '../model/names.ts'
import { alarm, problem, type Findings, type Problem } from '../model/remark.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** A target job that runs by itself, and the source job of its marker, which the source does not list. */
interface Candidate {
  readonly job: Job
  readonly from: number
}

function pauses({ removals, resources }: PromotionSpec): boolean {
  return removals === 'pause' && resources.jobs
}

/**
 * The jobs to ask the source for by id: those that carry the marker of this source project and this label and run by
 * themselves. A job that is only no longer selected, or moved within the source, is none.
 */
export function removalCandidates(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): readonly Candidate[] {
  if (!pauses(spec) || source.jobs.length === 0) return []
  const present = new Set(source.jobs.map(({ id }) => id))
  return target.jobs.flatMap((job) => {
    const from = originOf(job, spec, source)
    // Of one that can't be read whole, nobody knows whether it runs.
    const mayRun = job.fault !== null || runsByItself(job.values)
    return from !== undefined && !present.has(from) && mayRun ? [{ job, from }] : []
  })
}

// The source job of a job that this promotion left in the target.
function originOf(job: Job, { label }: PromotionSpec, source: Snapshot): number | undefined {
  const from = placeOf(source)
  return promotedFrom(job.values.description, from, label)
}

/** An empty source looks like a project whose every job was removed; that is never meant where the target has some. */
export function removalProblems(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): readonly Problem[] {
  if (!pauses(spec) || source.jobs.length > 0) return []
  if (target.jobs.every((job) => originOf(job, spec, source) === undefined)) return []
  return [
    problem(
      `The source project ${quoted(source.project.name)} has no jobs, and removals is pause: that would pause everything.`,
      'Check source-project and the permissions of the token, or set removals: none.'
    )
  ]
}

/** The jobs whose source job is gone. */
export function removedJobs(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): readonly Candidate[] {
  return removalCandidates(spec, source, target).filter(({ from }) => source.gone.has(from))
}

/** The pauses of the jobs whose source job is gone, in the order of their keys. */
export function removalChanges(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): readonly Findings[] {
  const environments = new Map(target.environments.map(({ id, name }) => [id, name]))
  return removedJobs(spec, source, target)
    .map(({ job, from }): Findings => {
      const environment = environments.get(job.values.environment_id ?? 0) ?? ''
      // Two gone jobs may have left jobs of one name.
      const label = `Job ${job.id} ${quoted(job.name)} in ${quoted(environment)}`
      const key = `${jobKey(environment, job.name)}#${job.id}` as const
      return {
        change: {
          op: 'pause',
          kind: 'job',
          key,
          name: job.name,
          environment,
          source: { id: from, name: '' },
          by: 'marker',
          id: job.id
        },
        remarks: [
          alarm(
            'paused',
            key,
            `${label} is switched off: its source job ${from} is gone.`,
            `${label} was switched off: its source job ${from} is gone.`
          ),
          ...reactivationAlarm({ key, name: job.name, environment: { name: environment } }, job)
        ]
      }
    })
    .toSorted((a, b) => ((a.change?.key ?? '') < (b.change?.key ?? '') ? -1 : 1))
}
