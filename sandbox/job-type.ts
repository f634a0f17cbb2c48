// The type of a job: partly said by the request, partly implied by its triggers, partly fixed for life.

import { invalid } from './http.ts'
import type { JobBody } from './job-body.ts'
import type { JobType, Project } from './state.ts'

// What may be said; `scheduled` and `other` are rewritten to whatever the triggers imply.
const SAID: readonly (JobType | null)[] = ['ci', 'merge', 'adaptive', 'hybrid']

// Between these and anything else there is no way but to delete the job and create it anew.
const FIXED: readonly JobType[] = ['ci', 'adaptive']

/** The type that a write leaves behind. */
export function typeOf(body: JobBody, previous: JobType | undefined, project: Project): JobType {
  const type = impliedType(body)
  const changes = previous !== undefined && previous !== type
  if (changes && (FIXED.includes(previous) || FIXED.includes(type)))
    throw invalid({
      job_type: `The job type of this job cannot be changed from '${previous}' to '${type}'.`
    })
  // Hybrid jobs are for hybrid projects (release notes of 2026-07-15); how another one is refused is not known.
  if (type === 'hybrid' && project.type !== 1)
    throw invalid({ job_type: 'Hybrid jobs are only available in hybrid projects.' })
  return type
}

function impliedType({ job_type: said, triggers }: JobBody): JobType {
  if (said === 'exposure_sync')
    throw invalid({ job_type: 'Jobs of this type are created by the platform only.' })
  if (triggers.on_merge && (triggers.github_webhook || triggers.git_provider_webhook))
    throw invalid({ triggers: { on_merge: 'No other trigger may be on beside on_merge.' } })
  if (triggers.on_merge && triggers.schedule)
    throw invalid({ triggers: { on_merge: 'No other trigger may be on beside on_merge.' } })
  if (triggers.github_webhook || triggers.git_provider_webhook) return 'ci'
  if (triggers.on_merge) return 'merge'
  if (said !== null && SAID.includes(said)) return said
  return triggers.schedule ? 'scheduled' : 'other'
}
