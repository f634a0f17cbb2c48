// The desired state: what the target should hold for the selected resources, with keys in place of ids.
import type { Values } from './field.ts'
import type { Kind } from './keys.ts'
import type { Key } from './keys.ts'
import type { Links } from './reference.ts'
import type { Keep } from './paths.ts'

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
  /** Data by path. */
  readonly values: Values
  readonly refs: Links
  /** Paths whose value the user fixed. */
  readonly fixed: ReadonlySet<string>
  /** What is the target's once the object is there. */
  readonly keep: readonly Keep[]
}
