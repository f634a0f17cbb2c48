// The lines under `connections` in the config file: what is wrong with them together, and which are for nothing.
import { groupBy } from '../model/group.ts'
import type { Environment } from '../kinds/environment.ts'
import { quoted } from '../model/names.ts'
import { nearest } from '../model/near.ts'
import { problem, warning, type Note, type Problem } from '../model/remark.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** A line, with the connections that it stands for. */
export interface ConnectionMapping {
  /** As it stands in the file. */
  readonly key: string
  readonly from: number
  readonly to: number
}

/** A connection may be named by its id and by its name; two lines for one must say the same. */
export function contradictions(mappings: readonly ConnectionMapping[]): readonly Problem[] {
  return [...groupBy(mappings, ({ from }) => from)].flatMap(([from, same]) => {
    if (new Set(same.map(({ to }) => to)).size < 2) return []
    const lines = same.map(({ key, to }) => `${quoted(key)} to ${to}`).join(' and ')
    return [
      problem(
        `Under connections, the keys map ${lines}, and all stand for connection ${from} of the source.`,
        'Keep the one that is meant.'
      )
    ]
  })
}

/**
 * What is said of ids that no environment has: mostly a slip of the pen. A name that is none is a problem already.
 * @param environments the selected environments of the source
 */
export function idleMappings(
  { connections }: PromotionSpec,
  environments: readonly Environment[]
): readonly Note[] {
  const used = new Set(environments.flatMap(({ values }) => values.connection_id ?? []))
  const names = [...used].map(String)
  return connections.flatMap(({ key, from }) =>
    'id' in from && !used.has(from.id)
      ? [
          warning(
            `The key ${quoted(key)} under connections matches no connection of an environment that is promoted. ` +
              nearest(key, names)
          )
        ]
      : []
  )
}
