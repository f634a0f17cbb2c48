// Bindings of environments that the spec names by id. One that belongs elsewhere is refused by the platform, in the
// middle of a run.
import { isMissing, nearestConnections } from './connections.ts'
import type { Desired } from '../model/desired.ts'
import { setsHeld } from './diff.ts'
import { groupBy } from '../model/group.ts'
import type { Matched } from './match.ts'
import { quoted } from '../model/names.ts'
import { ownedPaths, type OwnedPath } from '../model/owned.ts'
import { problem, warning, type Note, type Problem, type Remark } from '../model/remark.ts'
import type { Rewritten } from './rewrite.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { isOneAccount, type PromotionSpec } from '../model/spec.ts'

/** An id that would be sent, with those that it would be sent for, as a message begins. */
interface Sent {
  readonly id: number
  readonly environments: string
}

/** How messages speak of a kind: of several at a time, or of one. */
const words = {
  extended_attributes_id: {
    one: (id: number) => `extended attributes ${id}`,
    all: 'extended attributes',
    verbs: ['do not belong', 'belong']
  },
  primary_profile_id: {
    one: (id: number) => `profile ${id}`,
    all: 'profiles',
    verbs: ['does not belong', 'belongs']
  }
} as const satisfies Readonly<Record<OwnedPath, object>>

/** The bindings that would be sent and are not there for the target, or of which that is not known. */
export function bindingFindings(
  spec: PromotionSpec,
  desired: Rewritten,
  matched: Matched,
  source: Snapshot,
  target: Snapshot
): readonly Remark[] {
  if (!spec.resources.environments) return []
  const sent = (path: string): readonly Sent[] => sentIds(path, desired.environments, matched)
  // Within one account, what the source is on is there for the target too.
  const sides = isOneAccount(spec) ? [target, source] : [target]
  const connections = sent('connection_id').filter(({ id }) =>
    sides.every((side) => isMissing(id, side))
  )
  const owned = ownedPaths.map((path) => ownedFindings(path, sent(path), target))
  const isChecked = target.connections !== 'unknown'
  return [
    ...connections.map((each) =>
      isChecked ? missingConnection(each, target) : uncheckedConnection(each)
    ),
    ...owned.flat()
  ]
}

// What a later rule replaces, and what the target keeps, is not sent.
function sentIds(
  path: string,
  environments: readonly Desired[],
  matched: Matched
): readonly Sent[] {
  const all = environments.flatMap((environment) => {
    const link = environment.refs[path]
    const id = link && 'id' in link ? link.id : environment.values[path]
    const isSent = !matched.environments.has(environment.key) || setsHeld(environment, path)
    return isSent && typeof id === 'number' ? [{ id, name: environment.name }] : []
  })
  return [...groupBy(all, ({ id }) => id)].map(([id, same]) => ({
    id,
    environments: `${same.length === 1 ? 'Environment' : 'Environments'} ${same
      .map(({ name }) => quoted(name))
      .sort()
      .join(', ')}`
  }))
}

function missingConnection({ id, environments }: Sent, target: Snapshot): Problem {
  return problem(
    `${environments} would get connection ${id}, which the target account does not have.`,
    `Give the id of a connection of the target account. ${nearestConnections(id, target)}`
  )
}

function uncheckedConnection({ id }: Sent): Note {
  return warning(
    `Whether the target account has connection ${id} is not checked: the token may not list connections.`
  )
}

function ownedFindings(
  path: OwnedPath,
  sent: readonly Sent[],
  target: Snapshot
): readonly Remark[] {
  const states = new Map(
    target.owned.filter((each) => each.path === path).map((each) => [each.id, each.ownership])
  )
  const doubtful = sent.filter(({ id }) => states.get(id) !== 'own')
  const where = `project ${quoted(target.project.name)}`
  const { one, all, verbs } = words[path]
  const [isNot, is] = verbs
  return doubtful.map(({ id, environments }) =>
    states.get(id) === 'foreign'
      ? problem(
          `${environments} would get ${one(id)}, which ${isNot} to ${where}.`,
          `Give the id of ${all} of the target project in ${path}, or leave it out.`
        )
      : warning(
          `Whether ${one(id)} ${is} to ${where} is not checked: the token may not see ${all}.`
        )
  )
}
