// Rewrites the selected resources into the desired state: names by rule and template, values by rule, environments by
// key. Other references follow in references.ts, when it is known what the target holds.
import { environmentFields, type Environment } from '../kinds/environment.ts'
import { canonOf, type Fields, type Resource, type Values } from '../model/field.ts'
import { withoutDerived, withOwnKeys } from '../kinds/schedule.ts'
import { jobFields } from '../kinds/job-fields.ts'
import { triggersOff, type Job } from '../kinds/job.ts'
import { idleMappings } from './connection-mappings.ts'
import { connect, type Connected } from './connections.ts'
import type { Desired } from '../model/desired.ts'
import { jobValues } from './job-values.ts'
import { ShapeError } from '../model/decode.ts'
import { groupBy } from '../model/group.ts'
import type { Json } from '../model/json.ts'
import { environmentKey, jobKey } from '../model/keys.ts'
import { dataOf, linksOf } from '../model/link.ts'
import { withoutMarker } from '../model/marker.ts'
import { quoted } from '../model/names.ts'
import { problem, type Problem, type Remark } from '../model/remark.ts'
import { applied, idleRules, nameBy, ruledBy } from './rules.ts'
import type { Selected } from './select.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { branchFault } from '../model/branch.ts'
import { getAt, keepsField, ownerOf } from '../model/paths.ts'
import type { PromotionSpec, Rule } from '../model/spec.ts'
import { variesByName } from '../model/template.ts'

/** The desired state as far as the source and the spec make it. */
export interface Rewritten {
  readonly environments: readonly Desired[]
  readonly jobs: readonly Desired[]
  readonly remarks: readonly Remark[]
}

/** Rewrites what was selected. Two sources that become one name are a problem. */
export function rewrite(
  spec: PromotionSpec,
  selected: Selected,
  source: Snapshot,
  target: Snapshot
): Rewritten {
  const connection = connect(spec, source, target)
  const environments = selected.environments.map((environment) =>
    rewriteEnvironment(spec, environment, connection, target)
  )
  const bySource = new Map(environments.map((environment) => [environment.source.id, environment]))
  const jobs = selected.jobs.flatMap((job) => {
    const environment = bySource.get(job.values.environment_id ?? 0)
    return environment ? [rewriteJob(spec, job, environment, { source, target })] : []
  })
  const idle = [
    ...idleRules('environment', spec.environmentRules, spec.environments, selected.environments),
    ...(spec.resources.jobs ? idleRules('job', spec.jobRules, spec.jobs, selected.jobs) : [])
  ]
  const remarks = [
    ...connection.problems,
    ...idleMappings(spec, selected.environments),
    ...idle,
    ...environments.flatMap(branchProblems),
    ...collisions('environment', environments, spec.environmentRules),
    ...collisions('job', jobs, spec.jobRules),
    ...shapeProblems(environmentFields, environments),
    ...shapeProblems(jobFields, jobs),
    ...(setsParts(jobFields, spec.jobRules)
      ? selected.jobs.flatMap((job) => partProblems(jobFields, job, spec.jobRules))
      : [])
  ]
  return { environments, jobs, remarks }
}

function rewriteEnvironment(
  spec: PromotionSpec,
  source: Environment,
  connection: Connected,
  target: Snapshot
): Desired {
  const aim = nameBy(spec.environmentRules, source, target.environments)
  const { name } = aim
  const ruled = ruledBy(connection.rules, source, name)
  const own = {
    ...writable(environmentFields, source),
    // What belongs to a project stays there. Connections belong to the account.
    credentials_id: null,
    extended_attributes_id: null,
    primary_profile_id: null,
    connection_id: connection.of(source)
  }
  const { values, fixed } = applied(environmentFields, own, ruled.settings)
  const branch = values['custom_branch'] ?? null
  // A branch that is set is meant to be used.
  const follows = fixed.has('custom_branch') && !fixed.has('use_custom_branch')
  return {
    kind: 'environment',
    key: environmentKey(name),
    ...aim,
    environment: null,
    source: { id: source.id, name: source.name },
    values: {
      ...dataOf(environmentFields, values),
      ...(follows ? { use_custom_branch: branch !== null } : {}),
      name
    },
    refs: linksOf(environmentFields, values, target.project.id),
    fixed: follows ? new Set([...fixed, 'use_custom_branch']) : fixed,
    keep:
      follows && keepsField('custom_branch', ruled.keep)
        ? [...ruled.keep, { path: 'use_custom_branch', except: [] }]
        : ruled.keep
  }
}

function rewriteJob(
  spec: PromotionSpec,
  source: Job,
  environment: Desired,
  sides: { readonly source: Snapshot; readonly target: Snapshot }
): Desired {
  const ruled = ruledBy(spec.jobRules, source, environment.name)
  const aim = nameBy(spec.jobRules, source, sides.target.jobs, environment.name)
  const { name } = aim
  const { schedule: whole } = source.values
  const setsPart = ruled.settings.some(({ path }) => path.startsWith('schedule.'))
  const own = {
    ...writable(jobFields, source),
    // A key that counts for nothing beside the source's type would count beside another that is set.
    ...(setsPart && whole ? { schedule: withOwnKeys(whole) } : {}),
    // A job that was itself promoted carries a marker, which is not its description.
    description: withoutMarker(source.values.description),
    // The platform switched a deactivated job off; its copy would be active.
    ...(source.values.deactivated === true ? triggersOff : {})
  }
  const { values: set, fixed } = applied(jobFields, own, ruled.settings)
  const values = jobValues(source, set, fixed, {
    source: sides.source.project,
    target: sides.target.project
  })
  const schedule = fixed.has('schedule')
    ? { schedule: withoutDerived(values['schedule'] ?? null) }
    : {}
  return {
    kind: 'job',
    key: jobKey(environment.name, name),
    ...aim,
    environment: { key: environment.key, name: environment.name },
    source: { id: source.id, name: source.name },
    values: { ...dataOf(jobFields, values), ...schedule, name },
    refs: {
      ...linksOf(jobFields, values, sides.target.project.id),
      environment_id: { key: environment.key }
    },
    fixed,
    keep: ruled.keep
  }
}

// A placeholder may bring along what a branch can't hold. What comes from the source, the platform has taken already.
function branchProblems({ values, fixed, source }: Desired): readonly Problem[] {
  const branch = values['custom_branch']
  const fault =
    fixed.has('custom_branch') && typeof branch === 'string' ? branchFault(branch) : undefined
  if (fault === undefined) return []
  return [
    problem(
      `The branch ${quoted(branch as string)} for environment ${quoted(source.name)} ${fault}, so git does not know it.`,
      'Change custom-branch, or what its placeholders stand for.'
    )
  ]
}

// A part that a rule sets must leave the whole in a form that the API takes.
function shapeProblems(table: Fields, desired: readonly Desired[]): readonly Problem[] {
  return desired.flatMap(({ values, fixed, kind, source }) =>
    [...fixed].flatMap((path) => {
      try {
        table[path]?.decode(values[path] ?? null, path)
        return []
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error
        return [
          problem(
            `What is set for ${kind} ${quoted(source.name)} does not fit: ${error.message}.`,
            'See the reference page of the fields.'
          )
        ]
      }
    })
  )
}

function setsParts(table: Fields, rules: readonly Rule[]): boolean {
  return rules.some(({ set }) => set.some(({ path }) => ownerOf(table, path) !== path))
}

// A part that the form of the rest does not take, such as hours beside `every_hour`, would go unsaid.
function partProblems(
  table: Fields,
  source: Resource<object>,
  rules: readonly Rule[]
): readonly Problem[] {
  const { settings } = ruledBy(rules, source, '')
  const { values } = applied(table, source.values as Values, settings)
  return settings.flatMap(({ path, value }) => {
    const owner = ownerOf(table, path) ?? path
    const field = table[owner]
    if (!field || owner === path || value === null) return []
    const inner = path.slice(owner.length + 1).split('.')
    if (getAt(canonOf(field, values[owner] ?? null), inner) !== undefined) return []
    return [
      problem(
        `What is set for job ${quoted(source.name)} does not fit: ${path} has no meaning beside the rest of its ${owner}.`,
        `Set the types of its parts too, or the whole of ${owner}.`
      )
    ]
  })
}

const copiedByTable = new WeakMap<Fields, readonly string[]>()

function copiedPaths(table: Fields): readonly string[] {
  const known = copiedByTable.get(table)
  if (known) return known
  const all = Object.entries(table).flatMap(([path, { rule }]) => {
    const isCopied = rule === 'copy' || rule === 'trigger'
    return isCopied || (rule === 'keep-target' && path !== 'generate_sources') ? [path] : []
  })
  copiedByTable.set(table, all)
  return all
}

// The values of a source that may be written at all: no generated ones, none that say where it lives, no source ids.
function writable(table: Fields, source: Resource<object>): Values {
  const held = source.values as Values
  const values: Record<string, Json> = {}
  for (const path of copiedPaths(table)) {
    const value = held[path]
    if (value !== undefined) values[path] = value
  }
  return values
}

function collisions(
  kind: string,
  all: readonly Desired[],
  rules: readonly Rule[]
): readonly Problem[] {
  const byKey = groupBy(all, (desired) => desired.key)
  return [...byKey.values()].flatMap((same) => {
    const [first] = same
    if (!first || same.length === 1) return []
    const sources = same.map(({ source }) => `${source.id} ${quoted(source.name)}`).join(' and ')
    const where = first.environment ? ` in environment ${quoted(first.environment.name)}` : ''
    const literal = rules.some((rule) => rule.name !== undefined && !variesByName(rule.name))
    const taken = same.flatMap(({ takes }) => (takes === undefined ? [] : [String(takes)]))
    return [
      problem(
        `${same.length} source ${kind}s would become ${kind} ${quoted(first.name)}${where}: ${sources}.`,
        collisionRemedy(kind, taken, literal)
      )
    ]
  })
}

function collisionRemedy(kind: string, taken: readonly string[], isLiteral: boolean): string {
  if (taken.length > 0)
    return `Only one ${kind} can take over ${kind} ${taken[0] ?? ''}: name it for that one alone.`
  return isLiteral
    ? `Use {name} in the name template, or select one ${kind}.`
    : `Give them different names in the source, or map one of them with "id -> name".`
}
