// Rewrites the selected resources into the desired state: names by rule and template, values by rule, environments by
// key. Other references follow in references.ts, when it is known what the target holds.
import { environmentFields, type Environment } from './kinds/environment.ts'
import type { Fields, Resource, Values } from './kinds/field.ts'
import { jobFields, triggersOff, type Job } from './kinds/job.ts'
import type { Desired } from './desired.ts'
import { groupBy } from './group.ts'
import { environmentKey, jobKey } from './keys.ts'
import { withoutMarker } from './marker.ts'
import { idList, nameKey, quoted } from './names.ts'
import { nearest } from './near.ts'
import { problem, type Problem } from './problem.ts'
import type { Selected } from './select.ts'
import { captures } from './selector.ts'
import type { Snapshot } from './snapshot.ts'
import { isOneAccount, type PromotionSpec, type Rule } from './spec.ts'
import { fill, variesByName } from './template.ts'

/** The desired state as far as the source and the spec make it. */
export interface Rewritten {
  readonly environments: readonly Desired[]
  readonly jobs: readonly Desired[]
  readonly problems: readonly Problem[]
}

/** Rewrites what was selected. Two sources that become one name are a problem. */
export function rewrite(spec: PromotionSpec, selected: Selected, target: Snapshot): Rewritten {
  const connection = connectionOf(spec, target)
  const environments = selected.environments.map((environment) =>
    rewriteEnvironment(spec, environment, connection.set)
  )
  const bySource = new Map(environments.map((environment) => [environment.source.id, environment]))
  const jobs = selected.jobs.flatMap((job) => {
    const environment = bySource.get(job.values.environment_id ?? 0)
    return environment ? [rewriteJob(spec, job, environment)] : []
  })
  const problems = [
    ...connection.problems,
    ...collisions('environment', environments, spec.environmentRules),
    ...collisions('job', jobs, spec.jobRules)
  ]
  return { environments, jobs, problems }
}

/** The name that an environment of the source has in the target. */
export function environmentName(spec: PromotionSpec, environment: Environment): string {
  return nameBy(spec.environmentRules, environment, undefined)
}

function rewriteEnvironment(spec: PromotionSpec, source: Environment, common: Values): Desired {
  const set = { ...common, ...settingsBy(spec.environmentRules, source) }
  const name = environmentName(spec, source)
  const values = {
    ...writable(environmentFields, source),
    // What belongs to a project stays there. Connections belong to the account.
    credentials_id: null,
    extended_attributes_id: null,
    primary_profile_id: null,
    connection_id: isOneAccount(spec) ? (source.values.connection_id ?? null) : null,
    ...set,
    name
  }
  return {
    kind: 'environment',
    key: environmentKey(name),
    name,
    environment: null,
    source: { id: source.id, name: source.name },
    values,
    fixed: new Set(Object.keys(set))
  }
}

function rewriteJob(spec: PromotionSpec, source: Job, environment: Desired): Desired {
  const set = settingsBy(spec.jobRules, source)
  const name = nameBy(spec.jobRules, source, environment.name)
  const values = {
    ...writable(jobFields, source),
    // A job that was itself promoted carries a marker, which is not its description.
    description: withoutMarker(source.values.description),
    // The platform switched a deactivated job off; its copy would be active.
    ...(source.values.deactivated === true ? triggersOff : {}),
    ...set,
    name,
    environment_id: { ref: environment.key }
  }
  return {
    kind: 'job',
    key: jobKey(environment.name, name),
    name,
    environment: { key: environment.key, name: environment.name },
    source: { id: source.id, name: source.name },
    values,
    fixed: new Set(Object.keys(set))
  }
}

// The connection that the user names, by id or name, for all promoted environments.
function connectionOf(
  { connection }: PromotionSpec,
  { connections }: Snapshot
): { readonly set: Values; readonly problems: readonly Problem[] } {
  if (connection === null) return { set: {}, problems: [] }
  const found = connections.filter((each) =>
    'id' in connection ? each.id === connection.id : nameKey(each.name) === nameKey(connection.name)
  )
  const [first] = found
  if (first && found.length === 1) return { set: { connection_id: first.id }, problems: [] }
  const what = 'id' in connection ? String(connection.id) : quoted(connection.name)
  const fault = first
    ? problem(
        `The target account has ${String(found.length)} connections named ${what}: ${idList(found)}.`,
        'Give the id in connection.'
      )
    : problem(
        `The target account has no connection ${what}.`,
        'id' in connection
          ? nearest(
              what,
              connections.map(({ id }) => String(id))
            )
          : nearest(
              connection.name,
              connections.map(({ name }) => name)
            )
      )
  return { set: {}, problems: [fault] }
}

// The values of a source that may be written at all: no generated ones, none that say where it lives, no source ids.
function writable(table: Fields, source: Resource<object>): Values {
  return Object.fromEntries(
    Object.entries(source.values as Values).filter(([path]) => {
      const rule = table[path]?.rule
      const isCopied =
        rule === 'copy' ||
        rule === 'trigger' ||
        (rule === 'keep-target' && path !== 'generate_sources')
      return isCopied
    })
  )
}

function settingsBy(rules: readonly Rule[], source: Resource<object>): Values {
  return Object.assign(
    {},
    ...rules.filter((rule) => captures(rule.match, source)).map((rule) => rule.set)
  ) as Values
}

function nameBy(
  rules: readonly Rule[],
  source: Resource<object>,
  environment: string | undefined
): string {
  const rule = rules.findLast(
    (each) => each.name !== undefined && captures(each.match, source) !== undefined
  )
  if (rule?.name === undefined) return source.name
  return fill(rule.name, {
    name: source.name,
    captures: captures(rule.match, source) ?? [],
    ...(environment === undefined ? {} : { environment })
  })
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
