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
import type { Desired } from '../model/desired.ts'
import type { Key } from '../model/keys.ts'
import type { Matched } from './match.ts'
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
  const { spec, selected, desired, matched } = pairs
  assertReadable(promotionFaults(spec, selected, desired, matched, source, target))
  const referred = refer(spec, desired, source, target, matched)
  const { changes, remarks } = planned(pairs, referred.jobs, source, target)
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
      ...desired.remarks,
      ...matched.remarks,
      ...referred.remarks,
      ...(spec.resources.environments ? deploymentTypeProblems(desired, matched, target) : []),
      ...deferralWarnings(
        referred.jobs,
        newOf([...desired.environments, ...desired.jobs], matched)
      ),
      ...credentialsFindings(spec, target),
      ...bindingFindings(spec, desired, matched, source, target),
      ...remarks,
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

/** What is planned of single resources. @param jobs the desired jobs, with all references */
function planned(
  pairs: Pairs,
  jobs: readonly Desired[],
  source: Snapshot,
  target: Snapshot
): Pick<Plan, 'changes' | 'remarks'> {
  const { spec, desired, matched } = pairs
  const wanted = byKey(desired.environments)
  const attributes = attributesChanges(spec, wanted, source, target, matched)
  const values = planValues(spec, { ...desired, jobs }, source, target, matched)
  const context = {
    spec,
    from: placeOf(source),
    target,
    matched,
    overridden: values.overridden,
    sources: new Map(source.jobs.map((job) => [job.id, job])),
    created: newOf(desired.jobs, matched)
  }
  const environments = attributes.environments.map((each) =>
    environmentChange(spec, each, matched, source, target)
  )
  const ofJobs = byKey(jobs).map((job) => jobChange(job, matched.jobs.get(job.key), context))
  const removals = removalChanges(spec, source, target)
  const objects = [...attributes.findings, ...environments]
  return {
    changes: [
      ...changesOf(objects),
      ...values.variables,
      ...changesOf(ofJobs),
      ...values.overrides,
      ...changesOf(removals)
    ],
    remarks: [
      ...[...objects, ...ofJobs, ...removals].flatMap(({ remarks }) => remarks),
      ...values.remarks
    ]
  }
}

// The keys of those that the target does not have.
function newOf(all: readonly Desired[], { by }: Matched): ReadonlySet<Key> {
  return new Set(all.map(({ key }) => key).filter((key) => !by.has(key)))
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
