// Connections belong to an account: within one they are taken over as they are, across accounts only by a mapping, and
// never by a guess.
import type { Environment } from './kinds/environment.ts'
import { idList, nameKey, quoted } from './names.ts'
import { nearest } from './near.ts'
import { problem, type Problem } from './problem.ts'
import type { Snapshot } from './snapshot.ts'
import { isOneAccount, type ConnectionRef, type PromotionSpec, type Rule } from './spec.ts'

/** What the spec says of connections, resolved. */
export interface Connected {
  /** The rules for environments, with the connections that they name as settings. */
  readonly rules: readonly Rule[]
  /** The connection of a new environment; null where there is none to take. */
  readonly of: (source: Environment) => number | null
  readonly problems: readonly Problem[]
}

type Named = Snapshot['connections'][number]

/** Resolves the connections of a spec. */
export function connect(spec: PromotionSpec, source: Snapshot, target: Snapshot): Connected {
  const problems: Problem[] = []
  const find = (ref: ConnectionRef, side: Snapshot, role: string): number | undefined => {
    const found = side.connections.filter((each) => isMeant(ref, each))
    const [first] = found
    if (first && found.length === 1) return first.id
    problems.push(notOne(ref, found, side.connections, role))
    return undefined
  }
  const rules = spec.environmentRules.map((rule): Rule => {
    const found = rule.connection && find(rule.connection, target, 'target')
    return found === undefined
      ? rule
      : { ...rule, set: [...rule.set, { path: 'connection_id', value: found }] }
  })
  const mapping = new Map(
    spec.connections.flatMap(({ from, to }) => {
      const origin = 'id' in from ? from.id : find(from, source, 'source')
      const aim = find(to, target, 'target')
      return origin === undefined || aim === undefined ? [] : [[origin, aim] as const]
    })
  )
  return {
    rules,
    of: (environment) => {
      const id = environment.values.connection_id ?? null
      return id === null ? null : (mapping.get(id) ?? (isOneAccount(spec) ? id : null))
    },
    problems
  }
}

function isMeant(ref: ConnectionRef, connection: Named): boolean {
  return 'id' in ref ? connection.id === ref.id : nameKey(connection.name) === nameKey(ref.name)
}

function notOne(
  ref: ConnectionRef,
  found: readonly Named[],
  all: readonly Named[],
  role: string
): Problem {
  const what = 'id' in ref ? String(ref.id) : quoted(ref.name)
  if (found.length > 1) {
    return problem(
      `The ${role} account has ${String(found.length)} connections named ${what}: ${idList(found)}.`,
      'Give the id of the one that is meant.'
    )
  }
  return problem(
    `The ${role} account has no connection ${what}.`,
    'id' in ref
      ? nearest(
          what,
          all.map(({ id }) => String(id))
        )
      : nearest(
          ref.name,
          all.map(({ name }) => name)
        )
  )
}
