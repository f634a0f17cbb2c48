// What becomes of a single value of a variable: what the target lacks is written, what it has only on request.
import type { KeptValue, Scope, Value, ValueChange, ValuesChange } from '../model/change.ts'
import { isMask, isSecretName } from '../kinds/variable.ts'
import { isGiven } from '../model/secrets.ts'
import { captures, type Selector } from '../model/selector.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** A value of the source, and what the target has in its place. */
export interface Pair {
  readonly name: string
  readonly scope: Scope
  /** The scope as the user writes it in the input `secrets`. */
  readonly place: string
  readonly wanted: string
  /** Whether the spec fixes what is wanted. */
  readonly isSet?: boolean
  readonly held: string | undefined
}

/** What is done with values. */
interface Decided {
  readonly writes: readonly ValueChange[]
  readonly kept: readonly KeptValue[]
  /** Secrets that the target lacks and nobody gave. */
  readonly missing: readonly Pair[]
}

const secret: Value = { secret: true }

/** Decides over some values. */
export function decide(spec: PromotionSpec, pairs: readonly Pair[]): Decided {
  const writes: ValueChange[] = []
  const kept: KeptValue[] = []
  const missing: Pair[] = []
  for (const pair of pairs) {
    const { name, scope, wanted, held } = pair
    if (isSecret(spec, pair)) {
      const has = isGiven(spec.secrets, name, pair.place)
      if (held !== undefined && !(has && spec.rewriteSecrets)) kept.push({ scope, why: 'secret' })
      else if (has)
        writes.push({ scope, before: held === undefined ? null : secret, after: secret })
      else missing.push(pair)
    } else if (held === undefined) {
      writes.push({ scope, before: null, after: wanted })
    } else if (held !== wanted) {
      if (pair.isSet === true || isUpdated(spec, name))
        writes.push({ scope, before: held, after: wanted })
      else kept.push({ scope, why: 'differs' })
    }
  }
  return { writes, kept, missing }
}

// By its name, by the mask that stands for it on either side, or since the user gives it as one.
function isSecret({ secrets }: PromotionSpec, { name, place, wanted, held }: Pair): boolean {
  return (
    isSecretName(name) ||
    isMask(wanted) ||
    (held !== undefined && isMask(held)) ||
    isGiven(secrets, name, place)
  )
}

/** Whether existing values of a variable follow the source. */
function isUpdated({ variables }: PromotionSpec, name: string): boolean {
  const isIn = (selectors: readonly Selector[]): boolean =>
    selectors.some((selector) => captures(selector, { id: 0, name }) !== undefined)
  return isIn(variables.update.include) && !isIn(variables.update.exclude)
}

/** What becomes of a variable or an override. @param isHeld whether the target has it */
export function opOf(writes: readonly ValueChange[], isHeld: boolean): ValuesChange['op'] {
  if (writes.length === 0) return 'unchanged'
  return isHeld ? 'update' : 'create'
}
