// Asks the source for jobs by id that it does not list any more.
import { readJob } from '../promotion/kinds/job.ts'
import { removalCandidates } from '../promotion/removals.ts'
import type { Snapshot } from '../promotion/snapshot.ts'
import type { PromotionSpec } from '../promotion/spec.ts'
import type { DbtClient } from './client.ts'
import { DbtError } from './error.ts'

/** The source with the jobs that promotions left in the target and that it does not have any more, asked for by id. */
export async function withGone(
  client: DbtClient,
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): Promise<Snapshot> {
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
  return { ...source, gone: new Set(gone.flat()) }
}
