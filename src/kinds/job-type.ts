// What the platform makes of a job as a whole: its type, which its triggers decide with what is said, and the cost
// optimisation that a job of this type can have. What is compared and what is sent follow the same rule.
import { asText, isList } from '../model/json.ts'
import type { Values } from '../model/field.ts'
import { sentVersion } from './version.ts'

/** The trigger by which a Git provider starts jobs on pull requests. */
export type PullTrigger = 'triggers.github_webhook' | 'triggers.git_provider_webhook'

/** Both triggers of pull requests. Live CI jobs have both on. */
export const pullTriggers = ['triggers.github_webhook', 'triggers.git_provider_webhook'] as const

/** These follow from the triggers: another one that is said is rewritten (terraform-provider-dbtcloud v1.12.2). */
export const derivedTypes: readonly string[] = ['scheduled', 'other', 'merge']

/** These are what they are said to be while no trigger makes them another (terraform-provider-dbtcloud#345). */
const saidTypes: readonly string[] = ['ci', 'adaptive', 'hybrid']

/** The type that the platform gives a job: a trigger on pull requests makes a CI job of any, one on merge a merge job. */
export function jobType(
  values: Values,
  type: Values[string] = values['job_type'] ?? 'other'
): string {
  const said = asText(type)
  // What a newer platform makes of its types is not known here.
  if (!derivedTypes.includes(said) && !saidTypes.includes(said)) return said
  if (pullTriggers.some((path) => values[path] === true)) return 'ci'
  if (values['triggers.on_merge'] === true) return 'merge'
  if (saidTypes.includes(said)) return said
  if (values['triggers.schedule'] === true) return 'scheduled'
  return said === 'merge' ? 'merge' : 'other'
}

/** A job as it is sent: with the type that it gets, without the features that its type can't have. */
export function settledJob(values: Values): Values {
  const type = jobType(values)
  const { job_type: said, cost_optimization_features: features } = values
  // A large promotion comes here for every job, and mostly nothing is to be done.
  const isOther = said !== undefined && said !== type
  const typed = isOther ? { ...sentVersion(values), job_type: type } : sentVersion(values)
  if (features === undefined || takesFeatures(type, features)) return typed
  return Object.fromEntries(Object.entries(typed).filter(([path]) => path !== featuresPath))
}

const featuresPath = 'cost_optimization_features'

// State-aware orchestration is refused for CI and merge jobs, whose only sure lists are [] and ["dbt_state"]
// (terraform-provider-dbtcloud#664). Null leaves them as they are.
function takesFeatures(type: string, features: Values[string]): boolean {
  if (type !== 'ci' && type !== 'merge') return true
  return !isList(features ?? null) || asList(features).every((item) => item === 'dbt_state')
}

function asList(value: Values[string] | undefined): readonly Values[string][] {
  return isList(value ?? null) ? (value as readonly Values[string][]) : []
}
