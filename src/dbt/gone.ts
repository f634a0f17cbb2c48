// Asks the source for jobs by id that it does not list any more.
import { readJob } from '../kinds/job.ts'
import { removalCandidates } from '../promotion/removals.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'
import type { DbtClient } from './client.ts'
import { DbtError } from './error.ts'

/** The jobs that promotions left in the target and that the source does not have any more, asked for by id. */
export async function readGone(
  client: DbtClient,
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): Promise<ReadonlySet<number>> {
  const candidates = removalCandidates(spec, source, target)
  const gone = await Promise.all(
    candidates.map(async ({ from }) => {
      try {
        const raw = await client.send(
          readJob(source.account, from),
          'Asking whether a source job is gone'
        )
        return raw['state'] === 2 ? [from] : []
      } catch (error) {
        // Its project was just read, so "not found" is no missing permission; but a proxy says so of anything.
        if (error instanceof DbtError && error.status === 404 && error.isOfApi) return [from]
        throw error
      }
    })
  )
  return new Set(gone.flat())
}
