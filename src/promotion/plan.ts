// The plan: all that a promotion would change, as data. Apply does what is in it and nothing else, the report shows it.
import { attributesChanges } from './attributes-changes.ts'
import { bindingFindings } from './bindings.ts'
import type { Change } from '../model/change.ts'
import { credentialsFindings, deferralWarnings, deploymentTypeProblems } from './checks.ts'
import { environmentChange } from './environment-change.ts'
import { creationNotices, guardProblems, idleProtect } from './guards.ts'
import { removalChanges, removalProblems } from './removals.ts'
import type { Findings, Remark } from '../model/remark.ts'
import { jobChange } from './job-change.ts'
import type { Pairs } from './pair.ts'
import { planHash } from './plan-hash.ts'
import { planValues } from './plan-values.ts'
import { assertReadable, promotionFaults } from './readable.ts'
import { refer } from './references.ts'
import { isOneProject, sameProjectProblem, sideOf, type PlanSide } from '../model/sides.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'
import { sourceVersionWarnings, versionFindings } from './versions.ts'
import { unknownFields } from './unknown-fields.ts'

/** A whole promotion, ready to be read, stored, compared and applied. */
export interface Plan {
  readonly version: 2
  readonly source: PlanSide
  readonly target: PlanSide
  /** Whether jobs carry a marker. */
  readonly track: 'marker' | 'name'
  /** The name of this promotion, which its markers carry; empty for none. */
  readonly label: string
  /** Extended attributes, environments, variables, jobs, overrides and pauses, each in the order of their keys. */
  readonly changes: readonly Change[]
  /** All that is said of it. */
  readonly remarks: readonly Remark[]
  /** The hash of the plan that this one undoes; a promotion has none. */
  readonly undoes?: string
  /** Over what would change; equal for equal changes, whatever the order of the source. */
  readonly hash: string
}

/**
 * Plans a promotion from its pairs and the two snapshots.
 * @throws Failure where what is promoted or matched could not be read whole
 */
export function planPromotion(pairs: Pairs, source: Snapshot, target: Snapshot): Plan {
  const { spec, selected, desired: rewritten, matched } = pairs
  assertReadable(promotionFaults(spec, selected, rewritten, matched, source, target))
  const referred = refer(spec, rewritten, source, target, matched)

  const attributes = attributesChanges(spec, byKey(rewritten.environments), source, target, matched)
  const values = planValues(
    spec,
    { environments: rewritten.environments, jobs: referred.jobs },
    source,
    target,
    matched
  )
  const context = {
    spec,
    from: placeOf(source),
    target,
    matched,
    overridden: values.overridden,
    sources: new Map(source.jobs.map((job) => [job.id, job])),
    created: new Set(referred.jobs.map(({ key }) => key).filter((key) => !matched.jobs.has(key)))
  }
  const environments = attributes.environments.map((desired) =>
    environmentChange(
      spec,
      desired,
      matched.environments.get(desired.key),
      matched.environments.has(desired.key) ? (matched.by.get(desired.key) ?? 'name') : 'new',
      source,
      target
    )
  )
  const jobs = byKey(referred.jobs).map((desired) =>
    jobChange(desired, matched.jobs.get(desired.key), context)
  )
  const removals = removalChanges(spec, source, target)
  const findings: readonly Findings[] = [
    ...attributes.findings,
    ...environments,
    ...jobs,
    ...removals
  ]
  const createdEnvironments = new Set(
    rewritten.environments.map(({ key }) => key).filter((key) => !matched.environments.has(key))
  )
  const changes = [
    ...changesOf([...attributes.findings, ...environments]),
    ...values.variables,
    ...changesOf(jobs),
    ...values.overrides,
    ...changesOf(removals)
  ]
  const sides = { source: sideOf(source), target: sideOf(target) }
  return {
    version: 2,
    ...sides,
    track: spec.track,
    label: spec.label,
    changes,
    remarks: [
      ...(isOneProject(sides.source, sides.target) ? [sameProjectProblem()] : []),
      ...selected.remarks,
      ...rewritten.remarks,
      ...matched.remarks,
      ...referred.remarks,
      ...(spec.resources.environments ? deploymentTypeProblems(rewritten, matched, target) : []),
      ...deferralWarnings(referred.jobs, new Set([...createdEnvironments, ...context.created])),
      ...credentialsFindings(spec, target),
      ...bindingFindings(spec, rewritten, matched, source, target),
      ...findings.flatMap(({ remarks }) => remarks),
      ...values.remarks,
      ...versionFindings(changes, target),
      ...sourceVersionWarnings(selected),
      ...removalProblems(spec, source, target),
      ...guardProblems(spec, changes),
      ...idleProtect(spec, changes, target),
      ...unknownFields(changes, source, target),
      ...creationNotices(changes)
    ],
    hash: planHash(sides, changes)
  }
}

/** Whether applying the plan would write anything. */
export function hasChanges(plan: Plan): boolean {
  return plan.changes.some((change) => change.op !== 'unchanged')
}

function changesOf(findings: readonly Findings[]): readonly Change[] {
  return findings.flatMap(({ change }) => (change ? [change] : []))
}

function byKey<T extends { readonly key: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
}
