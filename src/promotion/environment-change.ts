// Plans one environment.
import { updateAlarms } from './alarms.ts'
import {
  isData,
  subjectOf,
  valuesAfter,
  type By,
  type DataChange,
  type FieldChange
} from '../model/change.ts'
import { asText, type Json } from '../model/json.ts'
import { linksOf } from '../model/link.ts'
import { connectionProblems, environmentWarnings, lostCredentialsWarnings } from './checks.ts'
import type { Desired } from '../model/desired.ts'
import { diff, keeping, managedPaths } from './diff.ts'
import { alarm, warning, type Alarm, type Findings } from '../model/remark.ts'
import {
  changeEnvironment,
  environmentFields,
  isRebound,
  type Environment
} from '../kinds/environment.ts'
import type { Fields } from '../model/field.ts'
import { quoted } from '../model/names.ts'
import type { Matched } from './match.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

const table: Fields = environmentFields

/** The change that makes an environment of the target as desired. */
export function environmentChange(
  spec: PromotionSpec,
  desired: Desired,
  { environments, by: why }: Pick<Matched, 'environments' | 'by'>,
  source: Snapshot,
  target: Snapshot
): Findings {
  const held = environments.get(desired.key)
  const by = why.get(desired.key) ?? 'new'
  if (spec.resources.environments) {
    return held
      ? update(keeping(desired, held.values), held, by, target)
      : create(spec, desired, source, target)
  }
  const subject = subjectOf(desired, by)
  return {
    change: held ? { op: 'unchanged', ...subject, id: held.id, refused: [] } : null,
    remarks: []
  }
}

function create(
  spec: PromotionSpec,
  desired: Desired,
  source: Snapshot,
  target: Snapshot
): Findings {
  const managed = managedPaths(table, desired, desired, { source: true })
  const origin = source.environments.find(({ id }) => id === desired.source.id)
  const { values, refs } = desired
  return {
    change: { op: 'create', ...subjectOf(desired, 'new'), values, refs, link: [], managed },
    remarks: [
      ...connectionProblems(spec, desired, origin),
      ...environmentWarnings(spec, desired, origin, target)
    ]
  }
}

function update(desired: Desired, held: Environment, by: By, target: Snapshot): Findings {
  const { id, values: before } = held
  const own = { values: before, refs: linksOf(table, before, target.project.id) }
  const managed = managedPaths(table, desired, own, { source: true })
  const compared = diff(table, desired, own, managed)
  const lost = lostProfile(compared, held)
  const fields = inOrder([...compared, ...lost])
  const refused = fields
    .filter(isData)
    .filter(({ path, after }) => isDoubtful(path, desired, target) && after === true)
  const subject = { ...subjectOf(desired, by), id }
  if (fields.length === refused.length) {
    const paths = refused.map(({ path }) => path)
    return {
      change: { op: 'unchanged', ...subject, refused: paths },
      remarks: paths.map((path) => warning(doubt(path, held)))
    }
  }
  const after = changeEnvironment(before, valuesAfter(table, fields, target.project.id))
  return {
    change: { op: 'update', ...subject, fields, managed, adopted: false, cause: 'unknown' },
    remarks: [
      ...lostCredentialsWarnings(desired.name, before, after),
      ...updateAlarms(table, desired, { before, after }, fields),
      ...lost.flatMap((field) => profileAlarms(desired, held, field.before, target))
    ]
  }
}

// An environment with bindings of its own leaves the profile that it has: that is a change, whoever decided it.
function lostProfile(
  fields: readonly FieldChange[],
  { values }: Environment
): readonly DataChange[] {
  const before = values.primary_profile_id ?? null
  const changed = Object.fromEntries(fields.map(({ path }) => [path, null]))
  return before !== null && isRebound(changed)
    ? [{ path: 'primary_profile_id', before, after: null }]
    : []
}

function inOrder(fields: readonly FieldChange[]): readonly FieldChange[] {
  const paths = Object.keys(table)
  return fields.toSorted((a, b) => paths.indexOf(a.path) - paths.indexOf(b.path))
}

// What the platform does to a profile that others have too is not documented (dbt creates and changes profiles by itself
// where bindings are sent), so whoever may be touched is named.
function profileAlarms(
  { key, name }: Desired,
  held: Environment,
  profile: Json,
  target: Snapshot
): readonly Alarm[] {
  const sharers = target.environments.filter(
    ({ id, values }) => id !== held.id && values.primary_profile_id === profile
  )
  if (sharers.length === 0) return []
  const names = sharers.map((each) => quoted(each.name)).join(', ')
  return [
    alarm(
      'protected',
      key,
      `Environment ${quoted(name)} shares profile ${asText(profile)} with ${names}, and gets bindings of its own: ` +
        'look at the bindings of the others afterwards.',
      `Environment ${quoted(name)} shared profile ${asText(profile)} with ${names}, and got bindings of its own: ` +
        'look at the bindings of the others.'
    )
  ]
}

// An account may silently not take a feature, and an environment has no place where that could be remembered. Where no
// environment of the target shows that its account has the feature, it is not written again for its own sake, or every
// run would write it again.
function isDoubtful(path: string, desired: Desired, target: Snapshot): boolean {
  return (
    table[path]?.refusable === true &&
    !desired.fixed.has(path) &&
    !target.environments.some(({ values }) => values[path as keyof typeof values] === true)
  )
}

function doubt(path: string, held: Environment): string {
  return (
    `${path} is on in the source and off in environment ${held.id} ${quoted(held.name)}. ` +
    'It is not switched on by itself, since no environment of the target shows that its account takes it: ' +
    'switch it on there once.'
  )
}
