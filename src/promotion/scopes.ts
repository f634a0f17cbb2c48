// The environments that values of variables go to. The API keys them by the environment's name, on both sides.
import type { Desired } from '../model/desired.ts'
import { groupBy } from '../model/group.ts'
import type { Key } from '../model/keys.ts'
import type { Environment } from '../kinds/environment.ts'
import { projectScope, reservedScopes } from '../kinds/variable.ts'
import type { Matched } from './match.ts'
import { idList, quoted } from '../model/names.ts'
import { problem, type Problem } from '../model/remark.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** A promoted environment, by its exact names. */
export interface EnvironmentScope {
  readonly key: Key
  /** In the source. */
  readonly from: string
  /** In the target, where it need not be yet. */
  readonly to: string
  readonly isNew: boolean
}

/** The scopes of the promoted environments, in the order of their keys. */
export function environmentScopes(
  desired: readonly Desired[],
  matched: Matched
): readonly EnvironmentScope[] {
  return desired
    .map(({ key, name, source }) => {
      const held = matched.environments.get(key)
      return { key, from: source.name, to: held?.name ?? name, isNew: held === undefined }
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** Where a name does not say which environment a value belongs to. */
export function scopeProblems(
  scopes: readonly EnvironmentScope[],
  source: Snapshot,
  target: Snapshot
): readonly Problem[] {
  const byName = groupBy(source.environments, ({ name }) => name)
  const ambiguous = scopes
    .map(({ from }) => byName.get(from) ?? [])
    .filter(({ length }) => length > 1)
  const reserved = scopes.flatMap(({ from, to }) =>
    [from, to].filter((name) => reservedScopes.includes(name))
  )
  // Promoted or not: of a variable with both, the API tells but one.
  const hiding = ([source, target] as const).flatMap(({ environments }, index) => {
    const isHiding = environments.some(({ name }) => name === projectScope)
    return isHiding && !reserved.includes(projectScope) ? [index === 0 ? 'source' : 'target'] : []
  })
  return [
    ...hiding.map((role) =>
      problem(
        `The ${role} project has an environment named ${quoted(projectScope)}, and the API calls the default of a variable so too.`,
        'Rename the environment, or take variables out of resources.'
      )
    ),
    ...ambiguous.map(severalProblem),
    ...[...new Set(reserved)].map((name) =>
      problem(
        `Variables can not be promoted for an environment named ${quoted(name)}: the API gives this word another meaning.`,
        'Rename the environment, or take variables out of resources.'
      )
    )
  ]
}

function severalProblem(same: readonly Environment[]): Problem {
  return problem(
    `The source project has ${same.length} environments named ${quoted(same[0]?.name ?? '')} (${idList(same)}), ` +
      'and the API tells the values of their variables apart by that name alone.',
    'Give them different names, or take variables out of resources.'
  )
}
