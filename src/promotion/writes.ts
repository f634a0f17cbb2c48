// The writes of a plan as data: what is sent for each change, once the ids that it refers to are known.
import { valuesAfter, type Create, type Pause, type Update } from '../model/change.ts'
import { keyIn, wireLinks } from '../model/link.ts'
import type { Values } from '../model/field.ts'
import { kindOf, kinds } from '../kinds/kinds.ts'
import type { Kind } from '../model/keys.ts'
import type { Place, Request } from '../model/request.ts'
import type { Key } from '../model/keys.ts'
import { digestsOf, withMarker, withoutMarker, type Marker } from '../model/marker.ts'
import { asText } from '../model/json.ts'
import { quoted } from '../model/names.ts'
import type { Plan } from './plan.ts'

/** One write. */
export interface Write {
  readonly request: Request
  /** The values that it sets, to compare the answer with. */
  readonly sent: Values
  /** What it does, as a message begins. */
  readonly doing: string
}

/** What all writes of a plan need. */
export interface WriteContext {
  readonly plan: Plan
  /** The target project. */
  readonly place: Place
  /** The id of a resource of the desired state. @throws when it has none yet */
  readonly idOf: (key: Key) => number
  /** Whether it has one by now. */
  readonly isThere: (key: Key) => boolean
  /** The jobs for which overrides are written, before which they must not run. */
  readonly overridden: ReadonlySet<Key>
}

/** Whether a new object needs no second write: all that it refers to is there by now, and it waits for nothing else. */
export function isWhole({ key, link, refs }: Create, context: WriteContext): boolean {
  if (link.length === 0) return true
  return (
    !context.overridden.has(key) &&
    link.every((path) => {
      const parent = keyIn(refs[path])
      return parent === undefined || context.isThere(parent)
    })
  )
}

/** The first write of a new object. With links pending, a job gets no references to jobs and can't start by itself. */
export function createWrite(change: Create, context: WriteContext): Write {
  const whole = isWhole(change, context)
  const values = resolved(change, whole ? change : withoutLinks(change), context)
  const state = whole ? digests(change.kind, values, change.managed) : 'unfinished'
  const sent = settled(change, stamped(change, values, state, context))
  return {
    request: kinds[change.kind].create(context.place, sent),
    sent,
    doing: `Creating ${change.kind} ${quoted(change.name)}`
  }
}

/** The second write of a new job: the whole object, references and triggers included. */
export function linkWrite(change: Create, id: number, context: WriteContext): Write {
  const values = resolved(change, change, context)
  const state = digests(change.kind, values, change.managed)
  const sent = settled(change, stamped(change, values, state, context))
  return {
    request: kinds[change.kind].replace(context.place, id, sent),
    sent,
    doing: `Linking ${change.kind} ${quoted(change.name)}`
  }
}

/** The write of an update: the object of the target as it is now, with the fields that change. */
export function updateWrite(change: Update, held: Values, context: WriteContext): Write {
  const { fields, change: withChanged } = kinds[change.kind]
  const changed = valuesAfter(fields, change.fields, context.place.project, context.idOf)
  const values = withChanged(held, changed)
  const state = digests(change.kind, values, change.managed)
  const sent = settled(change, stamped(change, values, state, context))
  return {
    request: kinds[change.kind].replace(context.place, change.id, sent),
    sent,
    doing: `Updating ${change.kind} ${quoted(change.name)}`
  }
}

/** The write of a pause: the job as it is now, unable to start by itself. */
export function pauseWrite(change: Pause, held: Values, context: WriteContext): Write {
  const sent = settled(change, { ...held, ...kindOf(change.kind).asleep })
  return {
    request: kinds[change.kind].replace(context.place, change.id, sent),
    sent,
    doing: `Pausing ${change.kind} ${quoted(change.name)}`
  }
}

function withoutLinks({ kind, values, refs, link }: Create): Pick<Create, 'values' | 'refs'> {
  const asleep = Object.entries(kindOf(kind).asleep ?? {})
  const isLink = (path: string): boolean => path in refs
  const open = [...link, ...asleep.map(([path]) => path)].filter(isLink)
  return {
    values: { ...values, ...Object.fromEntries(asleep.filter(([path]) => !isLink(path))) },
    refs: { ...refs, ...Object.fromEntries(open.map((path) => [path, null])) }
  }
}

function settled({ kind }: { readonly kind: Kind }, values: Values): Values {
  return kinds[kind].settle(values)
}

function resolved(
  { kind }: Create,
  { values, refs }: Pick<Create, 'values' | 'refs'>,
  { place, idOf }: WriteContext
): Values {
  return { ...values, ...wireLinks(kinds[kind].fields, refs, place.project, idOf) }
}

function digests(kind: Kind, values: Values, managed: readonly string[]): Marker['state'] {
  return digestsOf(
    kinds[kind].fields,
    Object.fromEntries(managed.map((path) => [path, values[path] ?? null]))
  )
}

// The marker line is the one place where an id of the source is sent. Without markers, one of an earlier promotion must
// not stay: its digests would no longer be those of the last write.
function stamped(
  change: Create | Update,
  values: Values,
  state: Marker['state'],
  { plan }: WriteContext
): Values {
  const { trace } = kindOf(change.kind)
  if (trace === null) return values
  // What is undone gets the marker that it had.
  if (change.op === 'update' && change.cause === 'rollback') return values
  const text = asText(values[trace])
  if (plan.track !== 'marker') return { ...values, [trace]: withoutMarker(text) }
  const { account, project } = plan.source
  const origin = { account, project: project.id, job: change.source.id }
  return { ...values, [trace]: withMarker(text, { origin, label: plan.label, state }) }
}
