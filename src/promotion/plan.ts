// The plan: all that a promotion would change, as data. Apply does what is in it and nothing else, the report shows it.
import type { Desired } from './desired.ts'
import { diff, type FieldChange } from './diff.ts'
import { digest } from './digest.ts'
import type { Json, JsonObject } from './json.ts'
import type { Key } from './keys.ts'
import { environmentFields } from './kinds/environment.ts'
import { canonOf, type Fields, type Values } from './kinds/field.ts'
import { jobFields } from './kinds/job.ts'
import { match, type Matched } from './match.ts'
import { sameProjectProblem } from './parse-spec.ts'
import type { Problem } from './problem.ts'
import { keysIn, refer, referencePaths, targetReferences, type Referred } from './references.ts'
import { rewrite } from './rewrite.ts'
import { selectSource } from './select.ts'
import type { Snapshot } from './snapshot.ts'
import type { PromotionSpec } from './spec.ts'

/** A project, as the plan names it. */
export interface PlanSide {
  readonly origin: string
  readonly account: number
  readonly project: { readonly id: number; readonly name: string }
}

/** What all changes say of their resource. */
interface Subject {
  readonly kind: 'environment' | 'job'
  readonly key: Key
  readonly name: string
  /** The name of a job's environment in the target; null for environments. */
  readonly environment: string | null
  readonly source: { readonly id: number; readonly name: string }
}

/** A new object. `link` names the fields that a second write sets, once all new jobs have ids. */
export interface Create extends Subject {
  readonly op: 'create'
  readonly values: Values
  readonly link: readonly string[]
}

/** An object of the target of which some fields change. */
export interface Update extends Subject {
  readonly op: 'update'
  readonly id: number
  readonly fields: readonly FieldChange[]
}

/** An object of the target that already is as it should be. */
export interface Unchanged extends Subject {
  readonly op: 'unchanged'
  readonly id: number
}

export type Change = Create | Update | Unchanged

/** A whole promotion, ready to be read, stored, compared and applied. */
export interface Plan {
  readonly version: 1
  readonly source: PlanSide
  readonly target: PlanSide
  /** Environments first, then jobs, each in the order of their keys. */
  readonly changes: readonly Change[]
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
  readonly notices: readonly string[]
  /** Over what would change; equal for equal changes, whatever the order of the source. */
  readonly hash: string
}

/** Plans a promotion from the two snapshots. */
export function planPromotion(spec: PromotionSpec, source: Snapshot, target: Snapshot): Plan {
  const selected = selectSource(spec, source)
  const rewritten = rewrite(spec, selected)
  const matched = match(rewritten, target)
  const referred = refer(spec, rewritten, source, target, matched)

  const changes = [
    ...byKey(rewritten.environments.map((desired) => environmentChange(desired, matched))),
    ...byKey(jobChanges(referred, target, matched))
  ]
  const sides = { source: side(source), target: side(target) }
  return {
    version: 1,
    ...sides,
    changes,
    problems: [
      ...(isSameProject(source, target) ? [sameProjectProblem()] : []),
      ...selected.problems,
      ...rewritten.problems,
      ...matched.problems,
      ...referred.problems
    ],
    warnings: [
      ...unknownFields('environment', selected.environments),
      ...unknownFields('job', selected.jobs),
      ...unknownFields('environment', [...matched.environments.values()]),
      ...unknownFields('job', [...matched.jobs.values()])
    ],
    notices: referred.notices,
    hash: planHash(sides, changes)
  }
}

/** Whether applying the plan would write anything. */
export function hasChanges(plan: Plan): boolean {
  return plan.changes.some((change) => change.op !== 'unchanged')
}

/** The field table of a kind. */
export function fieldsOf(kind: Subject['kind']): Fields {
  switch (kind) {
    case 'environment':
      return environmentFields
    case 'job':
      return jobFields
  }
}

function environmentChange(desired: Desired, matched: Matched): Change {
  const held = matched.environments.get(desired.key)
  if (!held) return { op: 'create', ...subject(desired), values: desired.values, link: [] }
  const fields = diff(environmentFields, desired, held.values)
  return fields.length > 0
    ? { op: 'update', ...subject(desired), id: held.id, fields }
    : { op: 'unchanged', ...subject(desired), id: held.id }
}

function jobChanges(referred: Referred, target: Snapshot, matched: Matched): readonly Change[] {
  const created = new Set(
    referred.jobs.map(({ key }) => key).filter((key) => !matched.jobs.has(key))
  )
  return referred.jobs.map((desired): Change => {
    const held = matched.jobs.get(desired.key)
    if (!held) {
      const link = referencePaths.filter((path) =>
        keysIn(desired.values[path] ?? null).some((key) => created.has(key))
      )
      return { op: 'create', ...subject(desired), values: desired.values, link }
    }
    const values: Values = { ...held.values, ...targetReferences(held, target, matched) }
    const fields = diff(jobFields, desired, values)
    return fields.length > 0
      ? { op: 'update', ...subject(desired), id: held.id, fields }
      : { op: 'unchanged', ...subject(desired), id: held.id }
  })
}

function subject(desired: Desired): Subject {
  const { kind, key, name, environment, source } = desired
  return { kind, key, name, environment: environment?.name ?? null, source }
}

function side({ origin, account, project }: Snapshot): PlanSide {
  return { origin, account, project: { id: project.id, name: project.name } }
}

function isSameProject(source: Snapshot, target: Snapshot): boolean {
  return (
    source.origin === target.origin &&
    source.account === target.account &&
    source.project.id === target.project.id
  )
}

function byKey(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

function unknownFields(
  kind: string,
  resources: readonly { readonly id: number; readonly unknown: readonly string[] }[]
): readonly string[] {
  const paths = [...new Set(resources.flatMap(({ unknown }) => unknown))].sort()
  return paths.map((path) => {
    const first = resources.find(({ unknown }) => unknown.includes(path))
    return (
      `The dbt platform has a field ${path} on ${kind} ${String(first?.id)} that this version does not know: ` +
      'it is not promoted, and an update may reset it.'
    )
  })
}

function planHash(sides: Pick<Plan, 'source' | 'target'>, changes: readonly Change[]): string {
  const place = ({ origin, account, project }: PlanSide): Json => ({
    origin,
    account,
    project: project.id
  })
  return digest({
    source: place(sides.source),
    target: place(sides.target),
    changes: changes.flatMap((change) => hashed(change))
  })
}

// Only what would be written: an object that stays as it is, a display name or a time must not change the hash.
function hashed(change: Change): readonly JsonObject[] {
  const table = fieldsOf(change.kind)
  const canon = (path: string, value: Json): Json => {
    const field = table[path]
    return field ? canonOf(field, value) : value
  }
  switch (change.op) {
    case 'create':
      return [
        {
          op: change.op,
          key: change.key,
          values: Object.fromEntries(
            Object.entries(change.values).map(([path, value]) => [path, canon(path, value)])
          )
        }
      ]
    case 'update':
      return [
        {
          op: change.op,
          key: change.key,
          id: change.id,
          fields: change.fields.map(({ path, before, after }) => ({
            path,
            before: canon(path, before),
            after: canon(path, after)
          }))
        }
      ]
    case 'unchanged':
      return []
  }
}
