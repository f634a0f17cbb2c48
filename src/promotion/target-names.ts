// The names that objects of the source have in the target: by rule and template.
import type { Environment } from '../kinds/environment.ts'
import type { Job } from '../kinds/job.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'
import { nameBy } from './rules.ts'

/** The name that an environment of the source has in the target. */
export function environmentName(
  spec: PromotionSpec,
  environment: Environment,
  target: Snapshot
): string {
  return nameBy(spec.environmentRules, environment, target.environments).name
}

/** The name that a job of the source has in the target. @param environment the name of its environment there */
export function jobName(
  spec: PromotionSpec,
  job: Job,
  environment: string,
  target: Snapshot
): string {
  return nameBy(spec.jobRules, job, target.jobs, environment).name
}
