// What is promoted, matched or written must have been read whole. Of everything else an odd answer stops nothing.
import { environmentScopes } from './scopes.ts'
import type { Rewritten } from './rewrite.ts'
import type { Selected } from './select.ts'
import { failureOf } from '../model/failure.ts'
import type { ShapeError } from '../model/decode.ts'
import { projectScope, type Variable } from '../kinds/variable.ts'
import type { Matched } from './match.ts'
import { removedJobs } from './removals.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** What of a side could not be read. */
interface Faults {
  readonly source: readonly ShapeError[]
  readonly target: readonly ShapeError[]
}

/** What could not be read of all that a promotion takes from the source, and changes or leaves as it should be. */
export function promotionFaults(
  spec: PromotionSpec,
  selected: Selected,
  rewritten: Rewritten,
  matched: Matched,
  source: Snapshot,
  target: Snapshot
): Faults {
  const scopes = environmentScopes(rewritten.environments, matched)
  const promoted = new Set([projectScope, ...scopes.map(({ from }) => from)])
  const taken = (spec.resources.variables ? (source.variables ?? []) : []).filter(
    ({ values, faults }) => [...promoted].some((scope) => values.has(scope) || faults.has(scope))
  )
  return {
    source: [
      ...faultsOf([...selected.environments, ...selected.jobs]),
      ...taken.flatMap(({ faults }) =>
        [...faults].flatMap(([scope, fault]) => (promoted.has(scope) ? [fault] : []))
      )
    ],
    target: [
      ...faultsOf([
        ...matched.environments.values(),
        ...matched.jobs.values(),
        ...removedJobs(spec, source, target).map(({ job }) => job)
      ]),
      ...variableFaults(target.variables, new Set(taken.map(({ name }) => name)))
    ]
  }
}

/** What could not be read of objects. */
export function faultsOf(
  objects: readonly { readonly fault: ShapeError | null }[]
): readonly ShapeError[] {
  return objects.flatMap(({ fault }) => fault ?? [])
}

/** What could not be read of the variables of some names, of which a write sends every value along. */
export function variableFaults(
  variables: readonly Variable[] | null,
  names: ReadonlySet<string>
): readonly ShapeError[] {
  return (variables ?? []).flatMap(({ name, faults }) =>
    names.has(name) ? [...faults.values()] : []
  )
}

/** More faults than these are counted. */
const mostFaults = 20

/** @throws Failure that names each object with its field */
export function assertReadable({ source, target }: Faults): void {
  const all = [
    ...source.map(({ message }) => ({ role: 'source', message })),
    ...target.map(({ message }) => ({ role: 'target', message }))
  ]
  if (all.length === 0) return
  throw failureOf(
    'internal',
    `${all.length} objects in the answers of the dbt platform have an unexpected shape.`,
    all.slice(0, mostFaults).map(({ role, message }) => ({
      message: `Reading the ${role} project: the answer has an unexpected shape: ${message}.`,
      remedy: 'Check that the host is that of a dbt platform account. If it is, please report this.'
    }))
  )
}
