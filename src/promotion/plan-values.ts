// Plans all that is values of variables: those of the project, the overrides of jobs, and the secrets among them.
import type { ValuesChange } from '../model/change.ts'
import type { Desired } from '../model/desired.ts'
import { groupBy } from '../model/group.ts'
import type { Key } from '../model/keys.ts'
import type { Variable } from '../kinds/variable.ts'
import type { Matched } from './match.ts'
import { listed, nameKey, quoted } from '../model/names.ts'
import { overrideChanges, unknownVariables } from './override-changes.ts'
import { notice, problem, warning, type Note, type Problem, type Remark } from '../model/remark.ts'
import { environmentScopes, scopeProblems } from './scopes.ts'
import { idleSecrets } from '../model/secrets.ts'
import { captures } from '../model/selector.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'
import type { Pair } from './values.ts'
import { idleSets } from './set-values.ts'
import { variableChanges, type PlannedValues, type VariableSides } from './variable-changes.ts'

/** The planned values, and what is to say about them. */
interface ValuesPlan {
  readonly variables: readonly ValuesChange[]
  readonly overrides: readonly ValuesChange[]
  /** The jobs for which an override is written. */
  readonly overridden: ReadonlySet<Key>
  readonly remarks: readonly Remark[]
}

/** Plans the values that the spec promotes; where it promotes no variables, warns of those that the target lacks. */
export function planValues(
  spec: PromotionSpec,
  desired: { readonly environments: readonly Desired[]; readonly jobs: readonly Desired[] },
  source: Snapshot,
  target: Snapshot,
  matched: Matched
): ValuesPlan {
  const { resources } = spec
  const scopes = environmentScopes(desired.environments, matched)
  const sides = {
    spec,
    source: source.variables ?? [],
    target: target.variables ?? [],
    scopes
  }
  const variables = resources.variables ? variableChanges(sides) : []
  const overrides = resources.overrides
    ? overrideChanges(spec, desired.jobs, source, target, matched)
    : []
  const planned = [...variables, ...overrides]
  const written = changesOf(overrides).filter(({ op }) => op !== 'unchanged')
  const known = new Set([
    ...sides.target.map(({ name }) => name),
    ...changesOf(variables).map(({ name }) => name)
  ])
  const isAsked = resources.variables || resources.overrides
  return {
    variables: changesOf(variables),
    overrides: changesOf(overrides),
    overridden: new Set(written.flatMap(({ job }) => (job ? [job.key] : []))),
    remarks: [
      ...(resources.variables ? scopeProblems(scopes, source, target) : []),
      ...missingSecrets(planned.flatMap(({ missing }) => missing)),
      ...unknownVariables(changesOf(overrides), known, target.project.name, resources.variables),
      ...blockedNames(changesOf(variables), target),
      ...ambiguousPlaces(spec, variables, overrides),
      ...(isAsked ? idleSets(spec, setPlaces(sides, variables, overrides)) : []),
      ...planned.flatMap(({ remarks }) => remarks),
      ...(resources.variables ? [] : lacking(source.variables, target)),
      ...(isAsked ? idleSecrets(spec.secrets, placesOf(variables, overrides)).map(warning) : []),
      ...idleUpdates(spec, sides.source).map(warning),
      ...keptNotices(changesOf(planned)),
      ...(isAsked ? [] : unknownNotices(source.variables, target.variables))
    ]
  }
}

function changesOf(planned: readonly PlannedValues[]): readonly ValuesChange[] {
  return planned.flatMap(({ change }) => (change ? [change] : []))
}

function placesOf(
  variables: readonly PlannedValues[],
  overrides: readonly PlannedValues[]
): ReadonlyMap<string, readonly string[]> {
  const all = [...variables, ...overrides].flatMap(({ change, missing, places }) => {
    const name = change?.name ?? missing[0]?.name
    return name === undefined ? [] : [{ name, places }]
  })
  return new Map(
    [...groupBy(all, ({ name }) => name)].map(([name, each]) => [
      name,
      each.flatMap(({ places }) => places)
    ])
  )
}

// Where a value may be set: the project and the promoted environments for what has one in any of them, and overrides.
function setPlaces(
  { scopes, source }: VariableSides,
  variables: readonly PlannedValues[],
  overrides: readonly PlannedValues[]
): ReadonlyMap<string, readonly string[]> {
  const ofJobs = placesOf([], overrides)
  const anywhere = ['project', ...scopes.map(({ to }) => to)]
  const promoted = new Set(placesOf(variables, []).keys())
  return new Map(
    source
      .map(
        ({ name }) =>
          [name, [...(promoted.has(name) ? anywhere : []), ...(ofJobs.get(name) ?? [])]] as const
      )
      .filter(([, places]) => places.length > 0)
  )
}

// One problem with all names: whoever fills in the input wants the whole list.
function missingSecrets(missing: readonly Pair[]): readonly Problem[] {
  if (missing.length === 0) return []
  const names = [...groupBy(missing, ({ name }) => name)].map(
    ([name, all]) => `${name} (${all.map(({ place }) => place).join(', ')})`
  )
  return [
    problem(
      `The target lacks ${names.length === 1 ? 'a secret' : `${names.length} secrets`} that nobody can read from the source: ${names.join('; ')}.`,
      'Give the input secrets, as a map from the name of the variable to its value, or to one value for each of these places.'
    )
  ]
}

// An environment may be called as the place of an override is: US/Nightly.
function ambiguousPlaces(
  { secrets }: PromotionSpec,
  variables: readonly PlannedValues[],
  overrides: readonly PlannedValues[]
): readonly Problem[] {
  const ofJobs = placesOf([], overrides)
  return [...placesOf(variables, [])].flatMap(([name, places]) => {
    const same = (ofJobs.get(name) ?? []).filter((place) =>
      places.some((each) => nameKey(each) === nameKey(place))
    )
    // For everywhere is for both.
    const isMeant = secrets.get(name) === null || !secrets.has(name)
    if (same.length === 0 || isMeant) return []
    return [
      problem(
        `In the secret ${name}, ${same.map(quoted).join(', ')} is the name of an environment, and a job in an environment too.`,
        'Rename one of them, or give one value of the secret for everywhere.'
      )
    ]
  })
}

// A variable that was deleted lives on in the overrides of jobs, and its name is taken (terraform-provider-dbtcloud#213).
function blockedNames(variables: readonly ValuesChange[], target: Snapshot): readonly Problem[] {
  const jobs = new Map(target.jobs.map(({ id, name }) => [id, name]))
  return variables
    .filter(({ op }) => op === 'create')
    .flatMap(({ name }) => {
      const holders = [...target.overrides].flatMap(([job, all]) =>
        all.has(name) ? [`${job} ${quoted(jobs.get(job) ?? '')}`] : []
      )
      if (holders.length === 0) return []
      return [
        problem(
          `Variable ${name} was deleted in project ${quoted(target.project.name)}, and ${holders.length === 1 ? 'job' : 'jobs'} ` +
            `${listed(holders, mostNames)} still ${holders.length === 1 ? 'overrides' : 'override'} it, so the platform does not take the name.`,
          `Delete ${holders.length === 1 ? 'that override' : 'those overrides'} in the target.`
        )
      ]
    })
}

/** The names that the target lacks altogether, where variables are not promoted. */
function lacking(source: readonly Variable[] | null, target: Snapshot): readonly Note[] {
  if (source === null || target.variables === null) return []
  const there = new Set(target.variables.map(({ name }) => name))
  const names = source.map(({ name }) => name).filter((name) => !there.has(name))
  if (names.length === 0) return []
  return [
    warning(
      `Project ${quoted(target.project.name)} lacks ${names.length === 1 ? 'a variable' : `${names.length} variables`} ` +
        `that the source has: ${listed(names, mostNames)}. Create ${names.length === 1 ? 'it' : 'them'} there, or add variables to resources.`
    )
  ]
}

// Where the target was not asked, since the source has none, nothing is unknown.
function unknownNotices(
  source: readonly Variable[] | null,
  target: readonly Variable[] | null
): readonly Note[] {
  const isKnown = source !== null && (source.length === 0 || target !== null)
  return isKnown
    ? []
    : [
        notice(
          'Whether the target lacks variables is not known: those of ' +
            `${source === null ? 'the source' : 'the target'} could not be read.`
        )
      ]
}

function idleUpdates(
  { variables, resources }: PromotionSpec,
  source: readonly Variable[]
): readonly string[] {
  const { include, exclude } = variables.update
  const lines = [
    ...include.map((selector) => ({ selector, line: selector.text })),
    ...exclude.map((selector) => ({ selector, line: `!${selector.text}` }))
  ]
  if (lines.length === 0) return []
  if (!resources.variables && !resources.overrides)
    return ['variables.update has no effect: resources lists neither variables nor overrides.']
  if (include.length === 0)
    return [
      'variables.update has no effect: all of its lines leave out, and none takes a variable.'
    ]
  return lines
    .filter(({ selector }) => !source.some(({ name }) => captures(selector, { id: 0, name })))
    .map(
      ({ line }) =>
        `The line ${quoted(line)} in variables.update matches no variable of the source.`
    )
}

/** The variables whose values in the target stay, though the source has others. */
function keptNotices(changes: readonly ValuesChange[]): readonly Note[] {
  const differing = changes.filter(({ kept }) => kept.some(({ why }) => why === 'differs'))
  const names = [...new Set(differing.map(({ name }) => name))]
  if (names.length === 0) return []
  const [what, stays, it] =
    names.length === 1
      ? ['A variable has another value', 'stays', 'it']
      : [`${names.length} variables have other values`, 'stay', 'them']
  return [
    notice(
      `${what} in the target, which ${stays}: ${listed(names, mostNames)}. ` +
        `Name ${it} under variables.update in the config file to change ${it}.`
    )
  ]
}

/** More names than these are counted. */
const mostNames = 50
