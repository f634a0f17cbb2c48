// Selects from the source snapshot what is promoted. Development environments and system jobs never are.
import type { Environment } from '../kinds/environment.ts'
import type { Job } from '../kinds/job.ts'
import { quoted } from '../names.ts'
import { nearest } from '../near.ts'
import { problem, type Problem } from '../problem.ts'
import { select, selectBy, type Selectable, type Selector } from '../spec/selector.ts'
import type { Snapshot } from '../snapshot.ts'
import type { PromotionSpec } from '../spec/spec.ts'

/** The resources of the source that are promoted. */
export interface Selected {
  readonly environments: readonly Environment[]
  readonly jobs: readonly Job[]
  readonly problems: readonly Problem[]
}

/** Applies the selections of the spec; a selector that matches nothing is a problem that lists near names. */
export function selectSource(spec: PromotionSpec, source: Snapshot): Selected {
  const eligible = source.environments.filter(
    (environment) => environment.values.type !== 'development'
  )
  const environments = select(spec.environments, eligible)
  const chosen = new Set(environments.taken.map((environment) => environment.id))
  const candidates = source.jobs.filter(
    (job) =>
      spec.resources.jobs &&
      chosen.has(job.values.environment_id ?? 0) &&
      job.values.is_system !== true
  )
  const jobs = select(spec.jobs, candidates)

  const problems = [
    ...environments.idle.map((selector) => idleEnvironment(selector, source, eligible)),
    ...(environments.taken.length === 0 || !spec.resources.jobs
      ? []
      : jobs.idle.map((selector) => idleJob(selector, source, candidates)))
  ]
  if (problems.length === 0 && environments.taken.length === 0) {
    problems.push(
      problem(
        `No environment of project ${quoted(source.project.name)} is left to promote.`,
        'Name a deployment environment in environments; development environments are never promoted.'
      )
    )
  }
  return { environments: environments.taken, jobs: jobs.taken, problems }
}

function idleEnvironment(
  selector: Selector,
  source: Snapshot,
  eligible: readonly Selectable[]
): Problem {
  const where = `of project ${quoted(source.project.name)}`
  if (selectBy(selector, source.environments).length > 0) {
    return problem(
      `The selector ${quoted(selector.text)} in environments stands for a development environment ${where}.`,
      'Development environments are never promoted: name a deployment environment.'
    )
  }
  return problem(
    `The selector ${quoted(selector.text)} in environments matches no environment ${where}.`,
    nearest(selector.text, eligible.map(display(selector)))
  )
}

function idleJob(selector: Selector, source: Snapshot, candidates: readonly Selectable[]): Problem {
  const elsewhere = selectBy(selector, source.jobs)[0]
  return problem(
    `The selector ${quoted(selector.text)} in jobs matches no job of the selected environments.`,
    elsewhere
      ? `Job ${String(elsewhere.id)} ${quoted(elsewhere.name)} is in another environment or is a system job.`
      : nearest(selector.text, candidates.map(display(selector)))
  )
}

// Who asks by id is shown ids.
function display(selector: Selector): (item: Selectable) => string {
  return (item) => (selector.by === 'id' ? String(item.id) : item.name)
}
