// The desired state: what the target should hold for the selected resources, with keys in place of ids.
import type { Json } from './json.ts'
import type { Values } from './field.ts'
import type { Kind } from './keys.ts'
import type { Key } from './keys.ts'
import type { Keep } from './paths.ts'

/** A reference: to a resource of the desired state, or to another object by its id, of the target or a third project. */
export type Ref = { readonly ref: Key } | { readonly id: number; readonly project?: number }

/** An environment or a job as it should be. */
export interface Desired {
  readonly kind: Kind
  readonly key: Key
  /** The name in the target. */
  readonly name: string
  /** The id of the object of the target that it takes over, where the user names one. */
  readonly takes?: number
  /** The environment of a job: key and name in the target. */
  readonly environment: { readonly key: Key; readonly name: string } | null
  readonly source: { readonly id: number; readonly name: string }
  /** Values by path. References are `Ref`s; a completion trigger is `{ job: Ref, statuses }`. */
  readonly values: Values
  /** Paths whose value the user fixed. */
  readonly fixed: ReadonlySet<string>
  /** What is the target's once the object is there. */
  readonly keep: readonly Keep[]
}

/** Whether a value is a reference. */
export function isRef(value: Json | undefined): value is Json & Ref {
  return typeof value === 'object' && value !== null && ('ref' in value || 'id' in value)
}
