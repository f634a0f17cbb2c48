// Reads the overrides of jobs once more before the first write, to compare them, and then their ids, to write them.
import type { DbtClient } from '../dbt/client.ts'
import { readOverridesOfAll } from '../dbt/overrides.ts'
import type { Overrides } from '../kinds/override.ts'
import type { Plan } from '../promotion/plan.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

type ByJob = ReadonlyMap<number, Overrides>

/**
 * The overrides as they are now, of the jobs of which one is written. They are read in the way in which they were read
 * for the plan: along with the jobs, else job by job, where they were asked for at all. The platform keeps overrides
 * whose variable is gone and does not tell them everywhere, so that read in another way they could differ for ever.
 * @param listed what the list of jobs tells now
 */
export async function currentOverrides(
  plan: Plan,
  target: Snapshot,
  listed: ByJob,
  client: DbtClient
): Promise<ByJob> {
  const single = overriddenJobs(plan, ['create', 'update']).filter(
    (job) => target.overrides.has(job) && !listed.has(job)
  )
  const overrides = new Map([...target.overrides, ...listed])
  return readOverridesOfAll(client, { ...target, overrides }, single)
}

/** The same with the ids of those that change: the list of jobs does not tell them. */
export async function withIds(plan: Plan, now: Snapshot, client: DbtClient): Promise<ByJob> {
  const jobs = overriddenJobs(plan, ['update']).filter((job) =>
    [...(now.overrides.get(job)?.values() ?? [])].some(({ id }) => id === null)
  )
  const read = await readOverridesOfAll(client, { ...now, overrides: new Map() }, jobs)
  const known = [...read].map(([job, single]) => {
    const named = [...(now.overrides.get(job) ?? [])].map(
      ([name, { value }]) => [name, { id: single.get(name)?.id ?? null, value }] as const
    )
    return [job, new Map(named)] as const
  })
  return new Map([...now.overrides, ...known])
}

/** The jobs of the target for which an override is written. */
function overriddenJobs(plan: Plan, ops: readonly ('create' | 'update')[]): readonly number[] {
  const ids = new Map(
    plan.changes.flatMap((change) =>
      change.kind === 'job' && 'id' in change ? [[change.key, change.id] as const] : []
    )
  )
  const jobs = plan.changes.flatMap((change) => {
    if (change.kind !== 'override' || change.job === null) return []
    const own = ids.get(change.job.key)
    return own !== undefined && ops.some((op) => op === change.op) ? [own] : []
  })
  return [...new Set(jobs)]
}
