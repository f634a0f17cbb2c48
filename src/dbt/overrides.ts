// Reads the overrides of jobs where the list of jobs did not tell them: one request a job, and only where the project
// has variables at all.
import { comparedOverrides } from '../promotion/details.ts'
import type { Overrides } from '../kinds/override.ts'
import { placeOf, type Sides, type Snapshot } from '../kinds/snapshot.ts'
import type { Pairs } from '../promotion/pair.ts'
import type { Clients, DbtClient } from './client.ts'
import { readOverridesOf } from './variables.ts'

/** Both sides with the overrides of the promoted jobs; of the target only where the source has some. */
export async function withOverrides(
  clients: Clients,
  pairs: Pairs,
  { source, target }: Sides
): Promise<Sides> {
  if (!pairs.spec.resources.overrides) return { source, target }
  const wanted = comparedOverrides(pairs)
  const complete = await withAll(clients.source, source, wanted.source)
  const there = wanted.target.flatMap(({ from, to }) =>
    (complete.overrides.get(from)?.size ?? 0) > 0 ? [to] : []
  )
  return { source: complete, target: await withAll(clients.target, target, there) }
}

async function withAll(
  client: DbtClient,
  side: Snapshot,
  jobs: readonly number[]
): Promise<Snapshot> {
  const unknown = jobs.filter((job) => !side.overrides.has(job))
  if (unknown.length === 0 || (side.variables ?? []).length === 0) return side
  return { ...side, overrides: await readOverridesOfAll(client, side, unknown) }
}

/** What is known of the overrides of a side, with those of some jobs read anew, which tells their ids. */
export async function readOverridesOfAll(
  client: DbtClient,
  { account, project, overrides }: Snapshot,
  jobs: readonly number[]
): Promise<ReadonlyMap<number, Overrides>> {
  const place = placeOf({ account, project })
  const read = await Promise.all(
    jobs.map(async (job) => [job, await readOverridesOf(client, place, job)] as const)
  )
  return new Map([...overrides, ...read])
}
