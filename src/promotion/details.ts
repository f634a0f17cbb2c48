// What must be read of single objects, once it is known which of them a promotion pairs.
import type { Environment } from '../kinds/environment.ts'
import { literalRules } from './literal.ts'
import { match, type Matched } from './match.ts'
import { rewrite, type Rewritten } from './rewrite.ts'
import { selectSource } from './select.ts'
import type { Snapshot } from './snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** The records of extended attributes to compare, by id. */
export function comparedAttributes(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): { readonly source: readonly number[]; readonly target: readonly number[] } {
  if (!spec.resources.attributes) return { source: [], target: [] }
  const { environments } = selectSource(spec, source)
  const promoted = environments.filter((each) => attributesOf(each).length > 0)
  const { desired, matched } = paired(spec, source, target)
  const sources = new Set(promoted.map(({ id }) => id))
  const held = desired.environments.flatMap((each) => {
    const there = sources.has(each.source.id) ? matched.environments.get(each.key) : undefined
    return there ? attributesOf(there) : []
  })
  return { source: unique(promoted.flatMap(attributesOf)), target: unique(held) }
}

/** The jobs whose overrides to compare: those of the source, and the pairs of which the target has one. */
export function comparedOverrides(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): {
  readonly source: readonly number[]
  readonly target: readonly { readonly from: number; readonly to: number }[]
} {
  const { desired, matched } = paired(spec, source, target)
  return {
    source: desired.jobs.map((job) => job.source.id),
    target: desired.jobs.flatMap((job) => {
      const to = matched.jobs.get(job.key)?.id
      return to === undefined ? [] : [{ from: job.source.id, to }]
    })
  }
}

/** Whether the plan must say which credentials the target has: ids belong elsewhere, or a new environment has none. */
export function lacksCredentials(spec: PromotionSpec, source: Snapshot, target: Snapshot): boolean {
  if ([...target.credentials.values()].includes('foreign')) return true
  if (!spec.resources.environments) return false
  // Of what matters here, jobs know nothing.
  const { desired, matched } = paired(spec, { ...source, jobs: [] }, { ...target, jobs: [] })
  return desired.environments.some(
    ({ key, values }) =>
      !matched.environments.has(key) && (values['credentials_id'] ?? null) === null
  )
}

function paired(
  spec: PromotionSpec,
  source: Snapshot,
  target: Snapshot
): { readonly desired: Rewritten; readonly matched: Matched } {
  const literal = literalRules(spec, source)
  const desired = rewrite(literal, selectSource(spec, source), source, target)
  return { desired, matched: match(literal, desired, source, target) }
}

function attributesOf({ values }: Environment): readonly number[] {
  const own = values.extended_attributes_id ?? null
  return own === null ? [] : [own]
}

function unique(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)]
}
