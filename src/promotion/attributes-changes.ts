// Plans extended attributes: the content follows the source, in a record of each environment's own. A record that
// several environments of the target share is never changed for one of them.
import { subjectOf, type Create, type Unchanged, type Update } from '../model/change.ts'
import type { Desired } from '../model/desired.ts'
import { diff, managedPaths } from './diff.ts'
import { attributesKey, type Key } from '../model/keys.ts'
import {
  attributesFields,
  contentOf,
  mostAttributesBytes,
  numbersIn,
  textsIn,
  type Attributes
} from '../kinds/attributes.ts'
import type { Environment } from '../kinds/environment.ts'
import type { Fields } from '../model/field.ts'
import { isMask } from '../kinds/variable.ts'
import type { Matched } from './match.ts'
import { quoted } from '../model/names.ts'
import { keepsField } from '../model/paths.ts'
import {
  alarm,
  notice,
  problem,
  warning,
  type Alarm,
  type Findings,
  type Problem
} from '../model/remark.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

const table: Fields = attributesFields
const binding = 'extended_attributes_id'
const profile = 'primary_profile_id'

/** The changes of records, and the environments with the records that they are to have. */
interface AttributesPlan {
  readonly environments: readonly Desired[]
  readonly findings: readonly Findings[]
}

/** Plans the extended attributes of the promoted environments. */
export function attributesChanges(
  spec: PromotionSpec,
  desired: readonly Desired[],
  source: Snapshot,
  target: Snapshot,
  matched: Matched
): AttributesPlan {
  const sources = new Map(source.environments.map((each) => [each.id, each]))
  const all = desired.map((environment): Planned => {
    const origin = sources.get(environment.source.id)
    const held = matched.environments.get(environment.key)
    const own = origin?.values.extended_attributes_id ?? null
    const isOthers =
      environment.fixed.has(binding) ||
      (held !== undefined && keepsField(binding, environment.keep))
    const wanted = spec.resources.attributes ? source.attributes.get(own ?? 0) : undefined
    if (wanted && !isOthers && hasProfile(environment, held))
      return { environment, finding: said(profileNotice(environment)) }
    if (wanted && !isOthers) return planned(environment, wanted, held, target)
    const isDead = source.deadAttributes.has(own ?? 0)
    if (own !== null && isDead && !isOthers && !hasProfile(environment, held))
      return { environment, finding: deadFinding(environment, own) }
    return {
      environment,
      finding: said(isOthers ? undefined : noticeOf(spec, environment, own, held))
    }
  })
  return {
    environments: all.map(({ environment }) => environment),
    findings: all.map(({ finding }) => finding)
  }
}

// A profile that the user sets says which record the environment has: beside it, another one counts for nothing.
function hasProfile({ fixed, keep, values }: Desired, held: Environment | undefined): boolean {
  const isSet = fixed.has(profile) && (values[profile] ?? null) !== null
  return isSet && !(held !== undefined && keepsField(profile, keep))
}

function profileNotice({ name }: Desired): string {
  return `Environment ${quoted(name)} has the extended attributes of the profile that is set: those of the source are not promoted to it.`
}

// Nobody knows what the source meant to have, so nothing is made of it.
function deadFinding({ source }: Desired, own: number): Findings {
  const what = `Environment ${source.id} ${quoted(source.name)} of the source refers to extended attributes ${own}, which are not there any more.`
  const remedy =
    'Give it others or none in the source, or take extended-attributes out of resources.'
  return { change: null, remarks: [problem(what, remedy)] }
}

/** An environment with what is planned for its extended attributes. */
interface Planned {
  readonly environment: Desired
  readonly finding: Findings
}

function said(message: string | undefined): Findings {
  return { change: null, remarks: message === undefined ? [] : [notice(message)] }
}

function noticeOf(
  { resources }: PromotionSpec,
  { name }: Desired,
  own: number | null,
  held: Environment | undefined
): string | undefined {
  if (!resources.attributes) {
    return own !== null && !held && resources.environments
      ? `New environment ${quoted(name)} gets no extended attributes, though the source has some: ` +
          'add extended-attributes to resources to promote them.'
      : undefined
  }
  return (held?.values.extended_attributes_id ?? null) === null
    ? undefined
    : `Environment ${quoted(name)} has extended attributes and the source has none: they stay.`
}

function planned(
  environment: Desired,
  wanted: Attributes,
  held: Environment | undefined,
  target: Snapshot
): Planned {
  const desired = desiredOf(environment, wanted)
  const record = target.attributes.get(held?.values.extended_attributes_id ?? 0)
  const sharers = target.environments.filter(
    ({ id, values }) =>
      id !== held?.id &&
      record !== undefined &&
      (values.extended_attributes_id === record.id || isSameProfile(values, held?.values))
  )
  const change = record ? compared(desired, record) : created(desired)
  // Of a shared record, nothing but another one of its own is this environment's to change.
  const isSplit = change.op === 'update' && sharers.length > 0
  const isNew = change.op === 'create' || isSplit
  const lost = held?.values.extended_attributes_id ?? 0
  const names = sharers.map(({ name }) => quoted(name)).join(', ')
  return {
    environment: isNew ? bound(environment, desired) : environment,
    finding: {
      change: isSplit ? created(desired) : change,
      remarks: [
        ...contentProblems(desired, change.op === 'unchanged'),
        ...(target.deadAttributes.has(lost)
          ? [
              warning(
                `Environment ${quoted(environment.name)} refers to extended attributes ${lost}, which are not there any more: it gets a new record.`
              )
            ]
          : []),
        ...(change.op === 'update' && !isSplit ? [contentAlarm(desired)] : []),
        ...(isSplit
          ? [
              notice(
                `Environment ${quoted(environment.name)} shares its extended attributes with ${names}, for which nothing ` +
                  'changes: it gets a record of its own.'
              )
            ]
          : [])
      ]
    }
  }
}

// The record of a profile is that of all environments which have the profile.
function isSameProfile(a: Environment['values'], b: Environment['values'] | undefined): boolean {
  const own = a[profile] ?? null
  return own !== null && own === b?.[profile]
}

function desiredOf(environment: Desired, { id, values }: Attributes): Desired {
  const { key, name, source } = environment
  return {
    kind: 'attributes',
    key: attributesKey(name),
    name,
    environment: { key, name },
    source: { id, name: source.name },
    values,
    refs: {},
    fixed: new Set(),
    keep: []
  }
}

function compared(desired: Desired, record: Attributes): Update | Unchanged {
  const held = { values: record.values, refs: {} }
  const managed = managedPaths(table, desired, held, { source: true })
  const fields = diff(table, desired, held, managed)
  const subject = { ...subjectOf(desired, 'binding'), id: record.id }
  return fields.length === 0
    ? { op: 'unchanged', ...subject, refused: [] }
    : { op: 'update', ...subject, fields, managed, adopted: false, cause: 'unknown' }
}

function created(desired: Desired): Create {
  const managed = managedPaths(table, desired, desired, { source: true })
  return {
    op: 'create',
    ...subjectOf(desired, 'new'),
    values: desired.values,
    refs: {},
    link: [],
    managed
  }
}

// The environment refers to the record that is made for it, whatever it refers to today.
function bound(environment: Desired, { key }: Desired): Desired {
  return {
    ...environment,
    refs: { ...environment.refs, [binding]: { key } },
    fixed: new Set([...environment.fixed, binding])
  }
}

/** The alarm of a change of what environments run with. */
export function contentAlarm({ key, name }: { readonly key: Key; readonly name: string }): Alarm {
  const what = `The extended attributes of environment ${quoted(name)}`
  return alarm('protected', key, `${what} change.`, `${what} were changed.`)
}

// The API would refuse the one, and nobody could undo the other. Of numbers that lose digits nobody can tell that they
// are unchanged.
function contentProblems({ name, values }: Desired, isUnchanged: boolean): readonly Problem[] {
  const content = contentOf(values)
  const bytes = new TextEncoder().encode(JSON.stringify(content)).length
  const of = `The extended attributes of environment ${quoted(name)}`
  return [
    ...(bytes > mostAttributesBytes && !isUnchanged
      ? [
          problem(
            `${of} have ${bytes} bytes; the platform takes ${mostAttributesBytes}.`,
            'Shorten them in the source.'
          )
        ]
      : []),
    ...(textsIn(content).some(isMask) && !isUnchanged
      ? [
          problem(
            `${of} hold a masked value, which can not be read and is never written.`,
            'Keep secrets in variables, as {{ env_var("DBT_ENV_SECRET_...") }}, or take extended-attributes out of resources.'
          )
        ]
      : []),
    ...(numbersIn(content).some(
      (number) => Number.isInteger(number) && !Number.isSafeInteger(number)
    )
      ? [
          problem(
            `${of} hold a whole number of more than 15 digits, which would lose some of them.`,
            'Make it a text in the source, in quotes, or take extended-attributes out of resources.'
          )
        ]
      : [])
  ]
}
