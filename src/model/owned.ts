// What a rule binds an environment to by id, and that belongs to one project. There is no way to list all of it, so
// each id that the spec names is asked for by itself.
import type { PromotionSpec } from './spec.ts'

/** The bindings that belong to a project, besides credentials. */
export const ownedPaths = ['extended_attributes_id', 'primary_profile_id'] as const
export type OwnedPath = (typeof ownedPaths)[number]

/** Whether something belongs to a project; `unknown` where the token may not see things of its kind at all. */
export type Ownership = 'own' | 'foreign' | 'unknown'

/** Something of one kind, by its id. */
export interface OwnedRef {
  readonly path: OwnedPath
  readonly id: number
}

/** The same, with what was found out. */
export interface OwnedState extends OwnedRef {
  readonly ownership: Ownership
}

/** The ids that rules for environments set at a path, each once. */
export function idsSet({ environmentRules }: PromotionSpec, path: string): readonly number[] {
  const settings = environmentRules.flatMap(({ set }) => set)
  return [
    ...new Set(
      settings.flatMap((each) =>
        each.path === path && typeof each.value === 'number' ? [each.value] : []
      )
    )
  ]
}

/** What must be asked for, where environments are promoted at all. */
export function ownedNeeds(spec: PromotionSpec): readonly OwnedRef[] {
  if (!spec.resources.environments) return []
  return ownedPaths.flatMap((path) => idsSet(spec, path).map((id) => ({ path, id })))
}
