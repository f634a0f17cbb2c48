// Pairs the desired state with the objects of the target that stand for it. Only exact pairs count: an ambiguous one
// is a problem, never a guess.
import type { By } from '../model/change.ts'
import type { Desired } from '../model/desired.ts'
import { groupBy } from '../model/group.ts'
import type { Environment } from '../kinds/environment.ts'
import type { Job } from '../kinds/job.ts'
import type { Key } from '../model/keys.ts'
import { matchJobs } from './match-jobs.ts'
import { notThere, takeById } from './taken.ts'
import { idList, nameKey, quoted } from '../model/names.ts'
import { problem, type Problem, type Remark } from '../model/remark.ts'
import type { Rewritten } from './rewrite.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** The pairs, from keys of the desired state to objects of the target, and back from their ids to the keys. */
export interface Matched {
  readonly environments: ReadonlyMap<Key, Environment>
  readonly jobs: ReadonlyMap<Key, Job>
  /** The key of an object of the target, by its kind and id. */
  readonly keyOf: (kind: string, id: number) => Key | undefined
  /** Why each of them is paired. */
  readonly by: ReadonlyMap<Key, By>
  readonly remarks: readonly Remark[]
}

/** Matches environments by name in the target project, or by the id that the user names, then jobs. */
export function match(
  spec: PromotionSpec,
  desired: Rewritten,
  source: Snapshot,
  target: Snapshot
): Matched {
  const environments = matchEnvironments(spec, desired.environments, target)
  const matching = {
    spec,
    // What becomes of the jobs of an environment for which there is a problem is not worth another one.
    desired: desired.jobs.filter(
      ({ environment }) => !environment || !environments.undecided.has(environment.key)
    ),
    source,
    target,
    planned: new Map(desired.environments.map((environment) => [environment.key, environment])),
    environments: environments.pairs
  }
  const others = matching.desired.filter(({ takes }) => takes === undefined)
  const jobs = matchJobs({ ...matching, desired: others }, takeById(matching))
  const keys = new Map([
    ['environment', inverse(environments.pairs)],
    ['job', inverse(jobs.pairs)]
  ])
  return {
    environments: environments.pairs,
    jobs: jobs.pairs,
    keyOf: (kind, id) => keys.get(kind)?.get(id),
    by: new Map([...environments.by, ...jobs.by]),
    remarks: [...environments.problems, ...jobs.remarks]
  }
}

interface MatchedEnvironments {
  readonly pairs: ReadonlyMap<Key, Environment>
  readonly by: ReadonlyMap<Key, By>
  /** Those for which a problem was found. */
  readonly undecided: ReadonlySet<Key>
  readonly problems: readonly Problem[]
}

function matchEnvironments(
  spec: PromotionSpec,
  desired: readonly Desired[],
  target: Snapshot
): MatchedEnvironments {
  const pairs = new Map<Key, Environment>()
  const faults = new Map<Key, Problem>()
  const byName = groupBy(target.environments, (environment) => nameKey(environment.name))
  for (const wanted of desired) {
    const found =
      wanted.takes === undefined
        ? (byName.get(nameKey(wanted.name)) ?? [])
        : target.environments.filter(({ id }) => id === wanted.takes)
    const [first] = found
    if (!first && wanted.takes !== undefined)
      faults.set(wanted.key, notThere('environment', wanted.takes, wanted, target))
    else if (found.length > 1) faults.set(wanted.key, several(wanted, found))
    else if (first?.values.type === 'development')
      faults.set(wanted.key, development(wanted, first))
    else if (first) pairs.set(wanted.key, first)
    else if (!spec.resources.environments) faults.set(wanted.key, missing(wanted))
  }
  const by = new Map(
    desired
      .filter(({ key }) => pairs.has(key))
      .map(({ key, takes }) => [key, takes === undefined ? 'name' : 'mapping'] as const)
  )
  return { pairs, by, undecided: new Set(faults.keys()), problems: [...faults.values()] }
}

function inverse(pairs: ReadonlyMap<Key, { readonly id: number }>): ReadonlyMap<number, Key> {
  return new Map([...pairs].map(([key, { id }]) => [id, key]))
}

function several(wanted: Desired, found: readonly Environment[]): Problem {
  return problem(
    `The target project has ${found.length} environments named ${quoted(wanted.name)}: ${idList(found)}.`,
    'Rename or delete all but the one that is meant.'
  )
}

function development(wanted: Desired, found: Environment): Problem {
  return problem(
    `Environment ${quoted(wanted.source.name)} would be promoted to ${quoted(wanted.name)}, ` +
      `which is the development environment ${found.id} of the target project.`,
    'Map it to another name: "from -> to" in environments, or environment-name.'
  )
}

function missing(wanted: Desired): Problem {
  return problem(
    `The target project has no environment ${quoted(wanted.name)}, and resources does not list environments.`,
    'Create it, map the source environment to one that is there with "from -> to", or add environments to resources.'
  )
}
