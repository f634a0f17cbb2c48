// A rule whose text is the exact name of something is for that alone, as in a selection, whatever its signs would match.
import { literally, selectBy, type Selectable } from '../model/selector.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec, Rule } from '../model/spec.ts'

/** The spec with its rules read by what the source has. */
export function literalRules(spec: PromotionSpec, source: Snapshot): PromotionSpec {
  const read = (rules: readonly Rule[], items: readonly Selectable[]): readonly Rule[] =>
    rules.map((rule) => ({
      ...rule,
      match: literally(rule.match, items),
      ...(rule.environment
        ? {
            environments: new Set(
              selectBy(rule.environment, source.environments).map(({ id }) => id)
            )
          }
        : {})
    }))
  return {
    ...spec,
    environmentRules: read(spec.environmentRules, source.environments),
    jobRules: read(spec.jobRules, source.jobs)
  }
}
