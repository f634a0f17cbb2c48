// The plan: all that a promotion would change, as data. Apply does what is in it and nothing else, the report shows it.
import type { Alarm } from './alarm.ts'
import { bindingFindings } from './bindings.ts'
import type { Change } from './change.ts'
import { credentialsFindings, deferralWarnings, deploymentTypeProblems } from './checks.ts'
import { environmentChange } from './environment-change.ts'
import { creationNotices, guardProblems, protectWarnings } from './guards.ts'
import { removalChanges, removalProblems } from './removals.ts'
import type { Findings } from './findings.ts'
import { jobChange } from './job-change.ts'
import { match } from './match.ts'
import { planHash } from './plan-hash.ts'
import { sameProjectProblem, type Problem } from './problem.ts'
import { refer } from './references.ts'
import { rewrite } from './rewrite.ts'
import { selectSource } from './select.ts'
import { isOneProject, sideOf, type PlanSide } from './sides.ts'
import type { Snapshot } from './snapshot.ts'
import type { PromotionSpec } from './spec.ts'
import { unknownFields } from './unknown-fields.ts'

/** A whole promotion, ready to be read, stored, compared and applied. */
export interface Plan {
  readonly version: 1
  readonly source: PlanSide
  readonly target: PlanSide
  /** Whether jobs carry a marker. */
  readonly track: 'marker' | 'name'
  /** The name of this promotion, which its markers carry; empty for none. */
  readonly label: string
  /** Environments first, then jobs, each in the order of their keys. */
  readonly changes: readonly Change[]
  readonly problems: readonly Problem[]
  readonly alarms: readonly Alarm[]
  readonly warnings: readonly string[]
  readonly notices: readonly string[]
  /** Over what would change; equal for equal changes, whatever the order of the source. */
  readonly hash: string
}

/** Plans a promotion from the two snapshots. */
export function planPromotion(spec: PromotionSpec, source: Snapshot, target: Snapshot): Plan {
  const selected = selectSource(spec, source)
  const rewritten = rewrite(spec, selected, source, target)
  const matched = match(spec, rewritten, source, target)
  const referred = refer(spec, rewritten, source, target, matched)

  const context = {
    spec,
    target,
    matched,
    sources: new Map(source.jobs.map((job) => [job.id, job])),
    created: new Set(referred.jobs.map(({ key }) => key).filter((key) => !matched.jobs.has(key)))
  }
  const findings: readonly Findings[] = [
    ...byKey(rewritten.environments).map((desired) =>
      environmentChange(spec, desired, matched.environments.get(desired.key), source, target)
    ),
    ...byKey(referred.jobs).map((desired) =>
      jobChange(desired, matched.jobs.get(desired.key), context)
    ),
    ...removalChanges(spec, source, target)
  ]
  const createdEnvironments = new Set(
    rewritten.environments.map(({ key }) => key).filter((key) => !matched.environments.has(key))
  )
  const changes = findings.flatMap(({ change }) => (change ? [change] : []))
  const credentials = credentialsFindings(spec, target)
  const bindings = bindingFindings(spec, rewritten, matched, source, target)
  const sides = { source: sideOf(source), target: sideOf(target) }
  return {
    version: 1,
    ...sides,
    track: spec.track,
    label: spec.label,
    changes,
    problems: [
      ...(isOneProject(sides.source, sides.target) ? [sameProjectProblem()] : []),
      ...selected.problems,
      ...rewritten.problems,
      ...matched.problems,
      ...referred.problems,
      ...(spec.resources.environments ? deploymentTypeProblems(rewritten, matched, target) : []),
      ...credentials.problems,
      ...bindings.problems,
      ...findings.flatMap(({ problems }) => problems),
      ...removalProblems(spec, source),
      ...guardProblems(spec, changes)
    ],
    alarms: [...matched.alarms, ...findings.flatMap(({ alarms }) => alarms)],
    warnings: [
      ...rewritten.warnings,
      ...referred.warnings,
      ...deferralWarnings(referred.jobs, createdEnvironments),
      ...credentials.warnings,
      ...bindings.warnings,
      ...findings.flatMap(({ warnings }) => warnings),
      ...protectWarnings(spec, changes, target),
      ...unknownFields(selected, matched)
    ],
    notices: [...referred.notices, ...creationNotices(changes)],
    hash: planHash(sides, changes)
  }
}

/** Whether applying the plan would write anything. */
export function hasChanges(plan: Plan): boolean {
  return plan.changes.some((change) => change.op !== 'unchanged')
}

function byKey<T extends { readonly key: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}
