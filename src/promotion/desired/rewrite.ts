// Rewrites the selected resources into the desired state: names by rule and template, values by rule, environments by
// key. Other references follow in references.ts, when it is known what the target holds.
import { environmentFields, type Environment } from '../kinds/environment.ts'
import { canonOf, type Fields, type Resource, type Values } from '../kinds/field.ts'
import { withoutDerived, withOwnKeys } from '../kinds/schedule.ts'
import { jobFields, triggersOff, type Job } from '../kinds/job.ts'
import { idleMappings } from '../spec/connection-mappings.ts'
import { connect, type Connected } from './connections.ts'
import type { Desired } from './desired.ts'
import { jobValues } from './job-values.ts'
import type { Project } from '../kinds/project.ts'
import { ShapeError } from '../kinds/decode.ts'
import { groupBy } from '../group.ts'
import type { Json } from '../json.ts'
import { environmentKey, jobKey } from '../keys.ts'
import { withoutMarker } from '../match/marker.ts'
import { quoted } from '../names.ts'
import { problem, type Problem } from '../problem.ts'
import type { Selected } from './select.ts'
import { nearest } from '../near.ts'
import { captures, selectBy, type Selectable, type Selection } from '../spec/selector.ts'
import type { Snapshot } from '../snapshot.ts'
import { environmentName, jobName } from './target-names.ts'
import {
  covers,
  getAt,
  keepsField,
  ownerOf,
  withSetting,
  type Keep,
  type Setting
} from '../spec/paths.ts'
import type { PromotionSpec, Rule } from '../spec/spec.ts'
import { variesByName } from '../spec/template.ts'

/** The desired state as far as the source and the spec make it. */
export interface Rewritten {
  readonly environments: readonly Desired[]
  readonly jobs: readonly Desired[]
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
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
    rewriteEnvironment(spec, environment, connection)
  )
  const bySource = new Map(environments.map((environment) => [environment.source.id, environment]))
  const jobs = selected.jobs.flatMap((job) => {
    const environment = bySource.get(job.values.environment_id ?? 0)
    return environment ? [rewriteJob(spec, job, environment, target.project)] : []
  })
  const problems = [
    ...connection.problems,
    ...collisions('environment', environments, spec.environmentRules),
    ...collisions('job', jobs, spec.jobRules),
    ...shapeProblems(environmentFields, environments),
    ...shapeProblems(jobFields, jobs),
    ...(setsParts(jobFields, spec.jobRules)
      ? selected.jobs.flatMap((job) => partProblems(jobFields, job, spec.jobRules))
      : [])
  ]
  const warnings = [
    ...idleMappings(spec, selected.environments),
    ...idleRules('environment', spec.environmentRules, spec.environments, selected.environments),
    ...(spec.resources.jobs ? idleRules('job', spec.jobRules, spec.jobs, selected.jobs) : [])
  ]
  return { environments, jobs, problems, warnings }
}

// A rule that is for nothing was mostly meant for something. What selects nothing is a problem already.
function idleRules(
  kind: string,
  rules: readonly Rule[],
  { include }: Selection,
  items: readonly Selectable[]
): readonly string[] {
  const selected = new Set(include.map(({ text }) => text))
  const idle = rules.filter(
    ({ match }) =>
      match.text !== '*' && !selected.has(match.text) && selectBy(match, items).length === 0
  )
  return [...new Set(idle.map(({ match }) => match.text))].map(
    (text) =>
      `The rule for ${quoted(text)} matches no ${kind} that is promoted. ` +
      nearest(
        text,
        items.map(({ name }) => name)
      )
  )
}

function rewriteEnvironment(
  spec: PromotionSpec,
  source: Environment,
  connection: Connected
): Desired {
  const ruled = ruledBy(connection.rules, source)
  const name = environmentName(spec, source)
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
    name,
    environment: null,
    source: { id: source.id, name: source.name },
    values: { ...values, ...(follows ? { use_custom_branch: branch !== null } : {}), name },
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
  target: Project
): Desired {
  const ruled = ruledBy(spec.jobRules, source)
  const name = jobName(spec, source, environment.name)
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
  const values = jobValues(source, set, fixed, target)
  const schedule = fixed.has('schedule')
    ? { schedule: withoutDerived(values['schedule'] ?? null) }
    : {}
  return {
    kind: 'job',
    key: jobKey(environment.name, name),
    name,
    environment: { key: environment.key, name: environment.name },
    source: { id: source.id, name: source.name },
    values: { ...values, ...schedule, name, environment_id: { ref: environment.key } },
    fixed,
    keep: ruled.keep
  }
}

function applied(
  table: Fields,
  own: Values,
  settings: readonly Setting[]
): { readonly values: Values; readonly fixed: ReadonlySet<string> } {
  return {
    values: settings.reduce((values, setting) => withSetting(table, values, setting), own),
    fixed: new Set(settings.map(({ path }) => ownerOf(table, path) ?? path))
  }
}

// All rules that match apply, in their order, and a later one wins. To keep says nothing of a new object, so what was
// set before is what that gets. To set a part of what was kept leaves the rest kept.
function ruledBy(
  rules: readonly Rule[],
  source: Resource<object>
): { readonly settings: readonly Setting[]; readonly keep: readonly Keep[] } {
  let settings: readonly Setting[] = []
  let keep: readonly Keep[] = []
  for (const rule of rules) {
    if (rule.set.length + rule.keep.length === 0 || !captures(rule.match, source)) continue
    const set = rule.set.map(({ path }) => path)
    keep = keep
      .filter(({ path }) => !set.some((each) => covers(each, path)))
      .map(({ path, except }) => ({
        path,
        except: [...except, ...set.filter((each) => covers(path, each))]
      }))
    settings = [...settings, ...rule.set]
    keep = [...keep, ...rule.keep.map((path) => ({ path, except: [] }))]
  }
  return { settings, keep }
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
  const { settings } = ruledBy(rules, source)
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

// The values of a source that may be written at all: no generated ones, none that say where it lives, no source ids.
function writable(table: Fields, source: Resource<object>): Values {
  const values: Record<string, Json> = {}
  for (const [path, value] of Object.entries(source.values as Values)) {
    const rule = table[path]?.rule
    const isCopied = rule === 'copy' || rule === 'trigger'
    if (isCopied || (rule === 'keep-target' && path !== 'generate_sources')) values[path] = value
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
    const sources = same
      .map(({ source }) => `${String(source.id)} ${quoted(source.name)}`)
      .join(' and ')
    const where = first.environment ? ` in environment ${quoted(first.environment.name)}` : ''
    const literal = rules.some((rule) => rule.name !== undefined && !variesByName(rule.name))
    return [
      problem(
        `${String(same.length)} source ${kind}s would become ${kind} ${quoted(first.name)}${where}: ${sources}.`,
        literal
          ? `Use {name} in the name template, or select one ${kind}.`
          : `Give them different names in the source, or map one of them with "id -> name".`
      )
    ]
  })
}
