// What must be read of single objects, once it is known which of them a promotion pairs.
import type { Environment } from '../kinds/environment.ts'
import type { Pairs } from './pair.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** The records of extended attributes to compare, by id. */
export function comparedAttributes({ spec, selected, desired, matched }: Pairs): {
  readonly source: readonly number[]
  readonly target: readonly number[]
} {
  if (!spec.resources.attributes) return { source: [], target: [] }
  const promoted = selected.environments.filter((each) => attributesOf(each).length > 0)
  const sources = new Set(promoted.map(({ id }) => id))
  const held = desired.environments.flatMap((each) => {
    const there = sources.has(each.source.id) ? matched.environments.get(each.key) : undefined
    return there ? attributesOf(there) : []
  })
  return { source: unique(promoted.flatMap(attributesOf)), target: unique(held) }
}

/** The jobs whose overrides to compare: those of the source, and the pairs of which the target has one. */
export function comparedOverrides({ desired, matched }: Pairs): {
  readonly source: readonly number[]
  readonly target: readonly { readonly from: number; readonly to: number }[]
} {
  return {
    source: desired.jobs.map((job) => job.source.id),
    target: desired.jobs.flatMap((job) => {
      const to = matched.jobs.get(job.key)?.id
      return to === undefined ? [] : [{ from: job.source.id, to }]
    })
  }
}

/** Whether the plan must say which credentials the target has: ids belong elsewhere, or a new environment has none. */
export function lacksCredentials({ spec, desired, matched }: Pairs, target: Snapshot): boolean {
  if ([...target.credentials.values()].includes('foreign')) return true
  if (!spec.resources.environments) return false
  return desired.environments.some(
    ({ key, values }) =>
      !matched.environments.has(key) && (values['credentials_id'] ?? null) === null
  )
}

function attributesOf({ values }: Environment): readonly number[] {
  const own = values.extended_attributes_id ?? null
  return own === null ? [] : [own]
}

function unique(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)]
}
