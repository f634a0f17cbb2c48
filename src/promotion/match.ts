// Pairs the desired state with the objects of the target that stand for it. Only exact pairs count: an ambiguous one
// is a problem, never a guess.
import type { Environment } from './kinds/environment.ts'
import type { Job } from './kinds/job.ts'
import type { Desired } from './desired.ts'
import { groupBy } from './group.ts'
import type { Key } from './keys.ts'
import { nameKey, quoted } from './names.ts'
import { problem, type Problem } from './problem.ts'
import type { Rewritten } from './rewrite.ts'
import type { Snapshot } from './snapshot.ts'

/** The pairs, from keys of the desired state to objects of the target, and back from their ids to the keys. */
export interface Matched {
  readonly environments: ReadonlyMap<Key, Environment>
  readonly jobs: ReadonlyMap<Key, Job>
  readonly environmentKeys: ReadonlyMap<number, Key>
  readonly jobKeys: ReadonlyMap<number, Key>
  readonly problems: readonly Problem[]
}

/** Matches environments by name in the target project, then jobs by name in their environment. */
export function match(desired: Rewritten, target: Snapshot): Matched {
  const problems: Problem[] = []
  const environments = new Map<Key, Environment>()
  const byName = groupBy(target.environments, (environment) => nameKey(environment.name))
  for (const wanted of desired.environments) {
    const found = byName.get(nameKey(wanted.name)) ?? []
    const [first] = found
    if (found.length > 1) problems.push(severalEnvironments(wanted, found))
    else if (first?.values.type === 'development') problems.push(developmentTarget(wanted, first))
    else if (first) environments.set(wanted.key, first)
  }

  const jobs = new Map<Key, Job>()
  const byPlace = groupBy(
    target.jobs.filter((job) => job.values.is_system !== true),
    (job) => `${String(job.values.environment_id)} ${nameKey(job.name)}`
  )
  for (const wanted of desired.jobs) {
    const environment = wanted.environment && environments.get(wanted.environment.key)
    if (!environment) continue
    const found = byPlace.get(`${String(environment.id)} ${nameKey(wanted.name)}`) ?? []
    const [first] = found
    if (found.length > 1) problems.push(severalJobs(wanted, found))
    else if (first) jobs.set(wanted.key, first)
  }
  return {
    environments,
    jobs,
    environmentKeys: inverse(environments),
    jobKeys: inverse(jobs),
    problems
  }
}

function inverse(pairs: ReadonlyMap<Key, { readonly id: number }>): ReadonlyMap<number, Key> {
  return new Map([...pairs].map(([key, { id }]) => [id, key]))
}

function severalEnvironments(wanted: Desired, found: readonly Environment[]): Problem {
  return problem(
    `The target project has ${String(found.length)} environments named ${quoted(wanted.name)}: ${ids(found)}.`,
    'Rename or delete all but the one that is meant.'
  )
}

function severalJobs(wanted: Desired, found: readonly Job[]): Problem {
  const where = wanted.environment ? ` in environment ${quoted(wanted.environment.name)}` : ''
  return problem(
    `The target has ${String(found.length)} jobs named ${quoted(wanted.name)}${where}: ${ids(found)}.`,
    'Rename or delete all but the one that is meant.'
  )
}

function developmentTarget(wanted: Desired, found: Environment): Problem {
  return problem(
    `Environment ${quoted(wanted.source.name)} would be promoted to ${quoted(wanted.name)}, ` +
      `which is the development environment ${String(found.id)} of the target project.`,
    'Map it to another name: "from -> to" in environments, or environment-name.'
  )
}

function ids(found: readonly { readonly id: number }[]): string {
  return found.map(({ id }) => String(id)).join(', ')
}
