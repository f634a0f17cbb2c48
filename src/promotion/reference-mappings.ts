// What the config file maps references to.
import { quoted } from '../model/names.ts'
import { problem, type Problem } from '../model/remark.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { type PromotionSpec } from '../model/spec.ts'

/** The problems of mappings to what is not there. */
export function mappingProblems(spec: PromotionSpec, target: Snapshot): Problem[] {
  const jobs = new Set(target.jobs.map(({ id }) => id))
  const environments = new Set(target.environments.map(({ id }) => id))
  const where = `project ${quoted(target.project.name)}`
  return [
    ...[...spec.references.jobs]
      .filter(([, to]) => to.project === null && !jobs.has(to.id))
      .map(([from, to]) =>
        problem(
          `References map job ${from} to job ${to.id}, which is not in ${where}.`,
          'Give the id of a job of the target project, or {job: ID, project: ID} for a job of another project.'
        )
      ),
    ...[...spec.references.environments]
      .filter(([, to]) => !environments.has(to))
      .map(([from, to]) =>
        problem(
          `References map environment ${from} to environment ${to}, which is not in ${where}.`,
          'Give the id of an environment of the target project.'
        )
      )
  ]
}
