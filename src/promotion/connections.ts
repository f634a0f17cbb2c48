// Connections belong to an account: within one they are taken over as they are, across accounts only by a mapping, and
// never by a guess.
import { contradictions, type ConnectionMapping } from './connection-mappings.ts'
import type { Environment } from '../kinds/environment.ts'
import { idList, nameKey, quoted } from '../model/names.ts'
import { nearest } from '../model/near.ts'
import { problem, type Problem } from '../model/remark.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { isOneAccount, type ConnectionRef, type PromotionSpec, type Rule } from '../model/spec.ts'

/** What the spec says of connections, resolved. */
export interface Connected {
  /** The rules for environments, with the connections that they name as settings. */
  readonly rules: readonly Rule[]
  /** The connection of a new environment; null where there is none to take. */
  readonly of: (source: Environment) => number | null
  readonly problems: readonly Problem[]
}

interface Named {
  readonly id: number
  readonly name: string
}

/** Resolves the connections of a spec. */
export function connect(spec: PromotionSpec, source: Snapshot, target: Snapshot): Connected {
  const problems: Problem[] = []
  const find = (ref: ConnectionRef, side: Snapshot, role: string): number | undefined => {
    // An id that can't be looked up is for `bindingFindings` to tell of, where it is sent.
    if ('id' in ref && (side.connections === 'unknown' || !isMissing(ref.id, side))) return ref.id
    const found = listed(side).filter((each) => isMeant(ref, each))
    const [first] = found
    if (first && found.length === 1) return first.id
    problems.push(notOne(ref, found, side, role))
    return undefined
  }
  const rules = spec.environmentRules.map((rule): Rule => {
    const found = rule.connection && find(rule.connection, target, 'target')
    return found === undefined
      ? rule
      : { ...rule, set: [...rule.set, { path: 'connection_id', value: found }] }
  })
  const mappings = spec.connections.flatMap(({ key, from, to }): readonly ConnectionMapping[] => {
    const origin = 'id' in from ? from.id : find(from, source, 'source')
    const aim = find(to, target, 'target')
    return origin === undefined || aim === undefined ? [] : [{ key, from: origin, to: aim }]
  })
  problems.push(...contradictions(mappings))
  const mapping = new Map(mappings.map(({ from, to }) => [from, to]))
  return {
    rules,
    of: (environment) => {
      const id = environment.values.connection_id ?? null
      return id === null ? null : (mapping.get(id) ?? (isOneAccount(spec) ? id : null))
    },
    problems
  }
}

/** Whether an account lacks a connection, as far as one knows: what an environment is on is there. */
export function isMissing(id: number, side: Snapshot): boolean {
  return (
    !listed(side).some((each) => each.id === id) &&
    !side.environments.some(({ values }) => values.connection_id === id)
  )
}

/** The connections whose ids are nearest to one that is not there, as the end of a message. */
export function nearestConnections(id: number, side: Snapshot): string {
  const names = new Map(listed(side).map((each) => [String(each.id), each.name]))
  return nearest(String(id), [...names.keys()], (own) => `${own} ${quoted(names.get(own) ?? '')}`)
}

function listed({ connections }: Snapshot): readonly Named[] {
  return connections === 'unknown' ? [] : connections
}

function isMeant(ref: ConnectionRef, connection: Named): boolean {
  return 'id' in ref ? connection.id === ref.id : nameKey(connection.name) === nameKey(ref.name)
}

function notOne(
  ref: ConnectionRef,
  found: readonly Named[],
  side: Snapshot,
  role: string
): Problem {
  const what = 'id' in ref ? String(ref.id) : quoted(ref.name)
  if (found.length > 1) {
    return problem(
      `The ${role} account has ${found.length} connections named ${what}: ${idList(found)}.`,
      'Give the id of the one that is meant.'
    )
  }
  if (side.connections === 'unknown') {
    return problem(
      `The token may not list the connections of the ${role} account, so that none can be found by the name ${what}.`,
      'Give the id of the connection, or give the token the permission to read connections.'
    )
  }
  return problem(
    `The ${role} account has no connection ${what}.`,
    'id' in ref
      ? nearestConnections(ref.id, side)
      : nearest(
          ref.name,
          side.connections.map(({ name }) => name)
        )
  )
}
