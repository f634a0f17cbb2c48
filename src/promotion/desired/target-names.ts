// The names that objects of the source have in the target: by rule and template.
import type { Environment } from '../kinds/environment.ts'
import type { Resource } from '../kinds/field.ts'
import type { Job } from '../kinds/job.ts'
import { captures } from '../spec/selector.ts'
import type { PromotionSpec, Rule } from '../spec/spec.ts'
import { fill } from '../spec/template.ts'

/** The name that an environment of the source has in the target. */
export function environmentName(spec: PromotionSpec, environment: Environment): string {
  return nameBy(spec.environmentRules, environment, undefined)
}

/** The name that a job of the source has in the target. @param environment the name of its environment there */
export function jobName(spec: PromotionSpec, job: Job, environment: string): string {
  return nameBy(spec.jobRules, job, environment)
}

function nameBy(
  rules: readonly Rule[],
  source: Resource<object>,
  environment: string | undefined
): string {
  const rule = rules.findLast(
    (each) => each.name !== undefined && captures(each.match, source) !== undefined
  )
  if (rule?.name === undefined) return source.name
  return fill(rule.name, {
    name: source.name,
    captures: captures(rule.match, source) ?? [],
    ...(environment === undefined ? {} : { environment })
  })
}
