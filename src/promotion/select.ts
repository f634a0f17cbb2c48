// Selects from the source snapshot what is promoted. Development environments and system jobs never are.
import type { Environment } from '../kinds/environment.ts'
import type { Job } from '../kinds/job.ts'
import { quoted } from '../model/names.ts'
import { nearest } from '../model/near.ts'
import {
  hasProblems,
  problem,
  problemOrWarning,
  type Problem,
  type Remark
} from '../model/remark.ts'
import {
  isExact,
  literally,
  select,
  selectBy,
  type Selectable,
  type Selection,
  type Selector,
  type Taken
} from '../model/selector.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec, Rule } from '../model/spec.ts'
import { aimOf } from './rules.ts'
import { spelling } from './spelling.ts'

/** The resources of the source that are promoted. */
export interface Selected {
  readonly environments: readonly Environment[]
  readonly jobs: readonly Job[]
  readonly remarks: readonly Remark[]
}

/** A selection of one kind, with what it takes from. */
interface Choice {
  readonly kind: 'environment' | 'job'
  readonly selection: Selection
  readonly rules: readonly Rule[]
  /** What may be taken. */
  readonly eligible: readonly Selectable[]
  /** What there is of the kind besides. */
  readonly all: readonly Selectable[]
  /** Where it is looked for. */
  readonly where: string
}

/**
 * Applies the selections of the spec. A selector that matches nothing is a problem that lists near names; one that
 * would leave out is a warning, since somebody may have tidied up.
 */
export function selectSource(spec: PromotionSpec, source: Snapshot): Selected {
  const eligible = source.environments.filter(
    (environment) => environment.values.type !== 'development'
  )
  const environments = select(spec.environments, eligible)
  const chosen = new Set(environments.taken.map((environment) => environment.id))
  const candidates = source.jobs.filter(
    (job) =>
      spec.resources.jobs &&
      chosen.has(job.values.environment_id ?? 0) &&
      job.values.is_system !== true
  )
  const jobs = select(spec.jobs, candidates)
  const ofEnvironments: Choice = {
    kind: 'environment',
    selection: spec.environments,
    rules: spec.environmentRules,
    eligible,
    all: source.environments,
    where: `of project ${quoted(source.project.name)}`
  }
  const ofJobs: Choice = {
    kind: 'job',
    selection: spec.jobs,
    rules: spec.jobRules,
    eligible: candidates,
    all: source.jobs,
    where: 'of the selected environments'
  }
  const isTold = environments.taken.length > 0 && spec.resources.jobs
  const told = [
    ...remarksOf(ofEnvironments, environments),
    ...(isTold ? remarksOf(ofJobs, jobs) : [])
  ]
  const isNothing = !hasProblems(told) && environments.taken.length === 0
  return {
    environments: environments.taken,
    jobs: jobs.taken,
    remarks: isNothing ? [...told, nothingLeft(source)] : told
  }
}

function nothingLeft({ project }: Snapshot): Problem {
  return problem(
    `No environment of project ${quoted(project.name)} is left to promote.`,
    'Name a deployment environment in environments; development environments are never promoted.'
  )
}

function remarksOf(choice: Choice, { idle, idleExcludes }: Taken<Selectable>): readonly Remark[] {
  const { kind, all, eligible, where } = choice
  // What is never promoted is left out as asked.
  const excludes = idleExcludes
    .filter((selector) => selectBy(selector, all).length === 0)
    .map((selector) =>
      problemOrWarning(
        `The selector ${quoted(`!${selector.text}`)} in ${kind}s matches no ${kind} ${where}, so it leaves nothing out.`,
        spelling(selector, eligible, { isOut: true }),
        near(selector, eligible)
      )
    )
  return [...idle.map((selector) => idleProblem(selector, choice)), ...excludes, ...twice(choice)]
}

function idleProblem(selector: Selector, { kind, rules, eligible, all, where }: Choice): Problem {
  const line = `The selector ${quoted(selector.text)} in ${kind}s`
  const [elsewhere] = selectBy(selector, all)
  if (elsewhere && kind === 'environment') {
    return problem(
      `${line} stands for a development environment ${where}.`,
      'Development environments are never promoted: name a deployment environment.'
    )
  }
  return problem(
    `${line} matches no ${kind} ${where}.`,
    elsewhere
      ? `Job ${elsewhere.id} ${quoted(elsewhere.name)} is in another environment or is a system job.`
      : (spelling(selector, eligible, { to: aimOf(rules, selector) }) ?? near(selector, eligible))
  )
}

// Of two lines for one source, one would silently count for nothing. A wildcard is meant to leave room for others.
function twice({ kind, selection, eligible }: Choice): readonly Problem[] {
  const seen = new Map<string, Selector>()
  return selection.include.flatMap((selector) => {
    const found = selectBy(selector, eligible)
    if (found.length === 0) return []
    const isOne = isExact(literally(selector, eligible))
    const key = isOne ? found.map(({ id }) => String(id)).join() : selector.text
    const other = seen.get(key)
    seen.set(key, selector)
    if (!other) return []
    return [
      problem(
        `Two lines in ${kind}s stand for the same source: ${quoted(other.text)} and ${quoted(selector.text)}.`,
        'Keep one of them: in one promotion, a source becomes one object of the target.'
      )
    ]
  })
}

// Who asks by id is shown ids.
function near(selector: Selector, items: readonly Selectable[]): string {
  return nearest(
    selector.text,
    items.map((item) => (selector.by === 'id' ? String(item.id) : item.name))
  )
}
