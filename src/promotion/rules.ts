// What rules say of a resource of the source: which of them match it, what they name, set and keep.
import type { Fields, Resource, Values } from '../model/field.ts'
import { jobType } from '../kinds/job-type.ts'
import { quoted } from '../model/names.ts'
import { nearest } from '../model/near.ts'
import { problemOrWarning, type Remark } from '../model/remark.ts'
import { covers, ownerOf, withSetting, type Keep, type Setting } from '../model/paths.ts'
import {
  captures,
  selectBy,
  type Selectable,
  type Selection,
  type Selector
} from '../model/selector.ts'
import type { Rule } from '../model/spec.ts'
import { fill, isTemplated, type TemplateContext } from '../model/template.ts'
import { spelling } from './spelling.ts'

/** What the wildcards of a rule matched in a resource; undefined where the rule is not for it. */
function matchOf(rule: Rule, source: Resource<object>): readonly string[] | undefined {
  const values = source.values as Values
  const { environments, type } = rule
  const isIn = !environments || environments.has(Number(values['environment_id']))
  const isOfType = type === undefined || type === (values['job_type'] ?? jobType(values))
  return isIn && isOfType ? captures(rule.match, source) : undefined
}

/** What stands after the arrow of a selector, as it is written; empty for nothing. */
export function aimOf(rules: readonly Rule[], { text }: Selector): string {
  const rule = rules.findLast(
    ({ match, name, takes }) => match.text === text && (name ?? takes) !== undefined
  )
  return rule?.takes === undefined ? (rule?.name ?? '') : `id:${rule.takes}`
}

/** The name of a resource in the target, and the object that it takes over, where a rule gives one by its id. */
interface Aim {
  readonly name: string
  readonly takes?: number
}

/**
 * The name that the last of the rules with one gives. An object that is given by its id keeps the name that it has.
 * @param objects those of the target
 * @param environment the name of a job's environment in the target
 */
export function nameBy(
  rules: readonly Rule[],
  source: Resource<object>,
  objects: readonly Selectable[],
  environment?: string
): Aim {
  const rule = rules.findLast(
    (each) => (each.name ?? each.takes) !== undefined && matchOf(each, source) !== undefined
  )
  if (rule?.takes !== undefined) {
    const { takes } = rule
    return { name: objects.find(({ id }) => id === takes)?.name ?? source.name, takes }
  }
  if (rule?.name === undefined) return { name: source.name }
  return {
    name: fill(rule.name, {
      name: source.name,
      captures: matchOf(rule, source) ?? [],
      ...(environment === undefined ? {} : { environment })
    })
  }
}

/** What rules set and keep. */
interface Ruled {
  readonly settings: readonly Setting[]
  readonly keep: readonly Keep[]
}

/**
 * All rules that match apply, in their order, and a later one wins. To keep says nothing of a new object, so what was
 * set before is what that gets. To set a part of what was kept leaves the rest kept.
 * @param environment the name of the environment in the target, for placeholders
 */
export function ruledBy(
  rules: readonly Rule[],
  source: Resource<object>,
  environment: string
): Ruled {
  let settings: readonly Setting[] = []
  let keep: readonly Keep[] = []
  for (const rule of rules) {
    const matched = rule.set.length + rule.keep.length === 0 ? undefined : matchOf(rule, source)
    if (!matched) continue
    const set = rule.set.map(({ path }) => path)
    keep = keep
      .filter(({ path }) => !set.some((each) => covers(each, path)))
      .map(({ path, except }) => ({
        path,
        except: [...except, ...set.filter((each) => covers(path, each))]
      }))
    const context = { name: source.name, environment, captures: matched }
    settings = [...settings, ...rule.set.map((setting) => filled(setting, context))]
    keep = [...keep, ...rule.keep.map((path) => ({ path, except: [] }))]
  }
  return { settings, keep }
}

function filled(setting: Setting, context: TemplateContext): Setting {
  const { path, value } = setting
  return isTemplated(path) && typeof value === 'string'
    ? { path, value: fill(value, context) }
    : setting
}

/** Values with what is set of them. */
export function applied(
  table: Fields,
  own: Values,
  settings: readonly Setting[]
): { readonly values: Values; readonly fixed: ReadonlySet<string> } {
  return {
    values: settings.reduce((values, setting) => withSetting(table, values, setting), own),
    fixed: new Set(settings.map(({ path }) => ownerOf(table, path) ?? path))
  }
}

/** A rule that is for nothing was mostly meant for something. What selects nothing is a problem already. */
export function idleRules(
  kind: string,
  rules: readonly Rule[],
  { include }: Selection,
  items: readonly Resource<object>[]
): readonly Remark[] {
  const selected = new Set(include.map(({ text }) => text))
  const idle = rules.filter((rule) =>
    isScoped(rule)
      ? items.every((item) => matchOf(rule, item) === undefined)
      : rule.match.text !== '*' &&
        !selected.has(rule.match.text) &&
        selectBy(rule.match, items).length === 0
  )
  const names = items.map(({ name }) => name)
  return [...new Map(idle.map((rule) => [textOf(rule), rule])).values()].map((rule) =>
    problemOrWarning(
      `The rule for ${textOf(rule)} matches no ${kind} that is promoted.`,
      spelling(rule.match, items),
      isScoped(rule) ? '' : nearest(rule.match.text, names)
    )
  )
}

function isScoped({ environment, type }: Rule): boolean {
  return environment !== undefined || type !== undefined
}

function textOf({ match, environment, type }: Rule): string {
  return [
    quoted(match.text),
    ...(environment ? [`in environment ${quoted(environment.text)}`] : []),
    ...(type === undefined ? [] : [`of type ${type}`])
  ].join(' ')
}
