// What planning a job needs to know of the whole promotion.
import { type Promoter } from './description.ts'
import { type Job } from '../kinds/job.ts'
import type { Key } from '../model/keys.ts'
import type { Matched } from './match.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** What planning a job needs to know of the whole promotion. */
export interface JobContext extends Promoter {
  readonly spec: PromotionSpec
  readonly target: Snapshot
  readonly matched: Matched
  /** The jobs of the source, by id. */
  readonly sources: ReadonlyMap<number, Job>
  /** The keys of the jobs for which this plan writes an override. */
  readonly overridden: ReadonlySet<Key>
  /** The keys of the jobs that this plan creates. */
  readonly created: ReadonlySet<Key>
}
