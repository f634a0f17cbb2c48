// What a reference is, and how a field table says so.
import type { Json } from './json.ts'
import type { Key } from './keys.ts'

/** A reference: to a resource of the desired state, or to another object by its id, of the target or a third project. */
export type Link = (
  | { readonly key: Key }
  | {
      readonly id: number
      /** Where it is another than that of the object which refers. */
      readonly project?: number
    }
) & {
  /** The run statuses of a job that is waited for which count; of no other reference. */
  readonly statuses?: readonly number[]
}

/** References by path; null for none. */
export type Links = Readonly<Record<string, Link | null>>

/** A reference whose id is known. */
interface Resolved {
  readonly id: number
  readonly project: number
  readonly statuses: readonly number[]
}

/** How a field refers to objects of a kind. */
export interface Reference {
  readonly kind: string
  /** What the value of a field refers to. @param project the project of the object that refers */
  readonly read: (value: Json, project: number) => Link | null
  readonly write: (link: Resolved) => Json
}

/** A field that holds an id. */
export function idOf(kind: string): Reference {
  return {
    kind,
    read: (value) => (typeof value === 'number' ? { id: value } : null),
    write: ({ id }) => id
  }
}
