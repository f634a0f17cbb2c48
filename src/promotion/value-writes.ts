// The writes of values as data, and the comparison of what was sent with what is there afterwards.
import type { Scope, ValuesChange } from '../model/change.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { createOverride, updateOverride } from '../kinds/override.ts'
import type { Place, Request } from '../model/request.ts'
import {
  createVariable,
  isMask,
  projectScope,
  updateVariable,
  type Variable
} from '../kinds/variable.ts'
import type { Key } from '../model/keys.ts'
import { quoted } from '../model/names.ts'
import { overridePlace, secretAt, type SecretValues } from '../model/secrets.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** What all writes of values need. */
export interface ValueContext {
  /** The target project. */
  readonly place: Place
  /** The target as it was read last, which knows the ids of its values. */
  readonly target: Snapshot
  readonly secrets: SecretValues
  /** The id of a resource of the desired state. @throws when it has none yet */
  readonly idOf: (key: Key) => number
  /** Whether a resource of the desired state was there before the run. */
  readonly wasThere: (key: Key) => boolean
  /** The exact name that an environment of the desired state has in the target. */
  readonly nameOf: (key: Key) => string
}

/** One write of values. */
export interface ValueWrite {
  readonly request: Request
  /** What it sets, by the API's scope. Secrets are among it: it is for the request and the read back only. */
  readonly values: ReadonlyMap<string, string>
  /** The keys of the body by the API's scope, where they are not the scope itself: the ids of values that change. */
  readonly keys: ReadonlyMap<string, string>
  /** What it does, as a message begins. */
  readonly doing: string
}

/**
 * A value that is not as it should be, by its scope in the API: `unset` where it is as it was before, `other` where
 * somebody else set another one, and `gone` where one is no longer there that was to stay.
 */
export interface Lost {
  readonly place: string
  readonly why: 'unset' | 'other' | 'gone'
}

/** The write of a variable. @param held the variables of the target now */
export function variableWrite(
  change: ValuesChange,
  held: readonly Variable[],
  context: ValueContext
): ValueWrite {
  const { name } = change
  const values = new Map(
    change.writes.map(({ scope, after }) => {
      const place = placeOf(scope, context)
      return [place, typeof after === 'string' ? after : secretAt(context.secrets, name, place)]
    })
  )
  const own = held.find((each) => each.name === name)
  if (!own) {
    const request = createVariable(context.place, name, values)
    return { request, values, keys: new Map(), doing: `Creating variable ${name}` }
  }
  // Clients disagree on whether an update deletes the values that it does not mention (the specification says that it
  // does not), so those that can be read are sent along as they are.
  const mentioned = [...own.values].flatMap(([scope, { id, value }]) =>
    isMask(value) || values.has(scope) ? [] : [[String(id), value] as const]
  )
  const keys = new Map([...own.values].map(([scope, { id }]) => [scope, String(id)] as const))
  const written = [...values].map(([scope, value]) => [keys.get(scope) ?? scope, value] as const)
  return {
    request: updateVariable(context.place, name, new Map([...mentioned, ...written])),
    values,
    keys,
    doing: `Updating variable ${name}`
  }
}

/** The write of an override. */
export function overrideWrite(change: ValuesChange, context: ValueContext): ValueWrite {
  const { name, job, environment } = change
  const own = context.idOf(job?.key ?? change.key)
  const place = overridePlace(environment ?? '', job?.name ?? '')
  const after = change.writes[0]?.after
  const value = typeof after === 'string' ? after : secretAt(context.secrets, name, place)
  const held = context.target.overrides.get(own)?.get(name)
  const values = new Map([[place, value]])
  const keys = new Map<string, string>()
  const what = `variable ${name} for job ${quoted(job?.name ?? '')}`
  return typeof held?.id === 'number'
    ? {
        request: updateOverride(context.place, held.id, own, name, value),
        values,
        keys,
        doing: `Changing ${what}`
      }
    : {
        request: createOverride(context.place, own, name, value),
        values,
        keys,
        doing: `Setting ${what}`
      }
}

/**
 * The places of a variable that are not as they should be after it was written: what was sent and is not there, and
 * what was there before and is gone.
 * @param now the variables of the target after the write
 * @param before the variables of the target before it
 * @param failures what the answer said against single places; of a secret, nothing else tells
 * @param inDoubt whether an earlier attempt may have been carried out: then a secret that is there may be ours
 */
export function lostPlaces(
  change: ValuesChange,
  { values, keys }: ValueWrite,
  now: readonly Variable[],
  before: readonly Variable[],
  failures: JsonObject = {},
  inDoubt = false
): readonly Lost[] {
  const is = now.find(({ name }) => name === change.name)?.values
  const was = before.find(({ name }) => name === change.name)?.values ?? new Map<string, never>()
  const unset = [...values].flatMap(([place, value]): readonly Lost[] => {
    const held = is?.get(place)
    if (!held) return [{ place, why: 'unset' }]
    const hasFailed = failureOf(failures, keys, place) !== undefined
    const isThere = isMask(held.value) ? !hasFailed : held.value === value
    if (isThere) return []
    const old = was.get(place)
    const isOld = old?.id === held.id && old.value === held.value
    const mayBeOurs = inDoubt && isMask(held.value)
    return [{ place, why: isOld || mayBeOurs ? 'unset' : 'other' }]
  })
  const gone = [...was.keys()]
    .filter((place) => !values.has(place) && !is?.has(place))
    .map((place): Lost => ({ place, why: 'gone' }))
  return [...unset, ...gone]
}

/** What an answer says against a place, by its name or by the id of its value; an environment may be called anything. */
export function failureOf(
  failures: JsonObject,
  keys: ValueWrite['keys'],
  place: string
): Json | undefined {
  const key = [place, keys.get(place) ?? place].find((each) => Object.hasOwn(failures, each))
  return key === undefined ? undefined : failures[key]
}

/** The part of a change whose values are not there. */
export function unsetOf(
  change: ValuesChange,
  lost: readonly Lost[],
  context: ValueContext
): ValuesChange {
  const unset = lost.flatMap(({ place, why }) => (why === 'unset' ? [place] : []))
  return {
    ...change,
    writes: change.writes.filter(({ scope }) => unset.includes(placeOf(scope, context)))
  }
}

function placeOf(scope: Scope, { nameOf }: ValueContext): string {
  return scope === projectScope ? projectScope : nameOf(scope)
}
