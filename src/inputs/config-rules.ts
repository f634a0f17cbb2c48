// The rules of the config file: which environments and jobs it names, and what it sets and keeps.
import type { ConfigPath, ConfigSet, LocatedConfig } from './config.ts'
import { environmentFields } from '../kinds/environment.ts'
import type { Fields } from '../model/field.ts'
import { jobFields } from '../kinds/job-fields.ts'
import { covers, keepFault, settingsOf } from '../model/paths.ts'
import { quoted } from '../model/names.ts'
import { problem, type Place, type Problem } from '../model/remark.ts'
import { parseAim } from './aim.ts'
import { parseSelector } from '../model/selector.ts'
import type { Rule } from '../model/spec.ts'
import { selectionOf, selectorHelp, wildcardsOf } from './text-reader.ts'

/** A rule as it stands in the file. */
interface RawRule {
  readonly match: string | number
  readonly environment?: string | number | undefined
  readonly type?: string | undefined
  readonly name?: string | undefined
  readonly set?: ConfigSet | undefined
  readonly keep?: readonly string[] | undefined
}

/** What a kind of rules is read with. */
interface RuleContext {
  readonly table: Fields
  readonly placeholders: readonly string[]
  /** How the file calls the selector and the name. */
  readonly words: { readonly match: string; readonly name: string }
  readonly at: (path: ConfigPath) => Place
  readonly problems: Problem[]
}

/** The selector lines of the file, with the place of each. */
export function linesOf(
  { config, at }: LocatedConfig,
  name: 'environments' | 'jobs'
): { readonly lines: readonly string[]; readonly at: (index: number) => Place } {
  if (name === 'environments') {
    const all = (config.environments ?? []).map((each, index) => {
      const isEntry = typeof each === 'object'
      const line = String(isEntry ? each.from : each).trim()
      return { line, index, isRule: isEntry && each.to === undefined }
    })
    // What only sets and keeps may speak of what another line takes already.
    const kept = all.filter(
      ({ line, index, isRule }) =>
        !isRule ||
        !all.some((other) => other.line === line && (!other.isRule || other.index < index))
    )
    return {
      lines: kept.map(({ line }) => line),
      at: (index) => at(['environments', kept[index]?.index ?? 0])
    }
  }
  const { jobs } = config
  const isList = Array.isArray(jobs)
  const lines: readonly (string | number)[] = isList
    ? jobs
    : ((jobs as { select?: readonly (string | number)[] } | undefined)?.select ?? [])
  return {
    lines: lines.map((line) => String(line).trim()),
    at: (index) => at(isList ? ['jobs', index] : ['jobs', 'select', index])
  }
}

/** The rules for environments: each entry with `to`, `set` or `keep`, and each line with an arrow. */
export function environmentRulesOf(
  { config, at }: LocatedConfig,
  problems: Problem[]
): readonly Rule[] {
  const context: RuleContext = {
    table: environmentFields,
    placeholders: ['name'],
    words: { match: 'from', name: 'to' },
    at,
    problems
  }
  return (config.environments ?? []).flatMap((each, index) => {
    if (typeof each !== 'object') {
      return selectionOf([String(each).trim()], ['name'], () => undefined).rules
    }
    return ruleOf(
      { match: each.from, name: each.to, set: each.set, keep: each.keep },
      ['environments', index],
      context
    )
  })
}

/** The rules for jobs, those that only name jobs by an arrow first. */
export function jobRulesOf(located: LocatedConfig, problems: Problem[]): readonly Rule[] {
  const { config, at } = located
  const context: RuleContext = {
    table: jobFields,
    placeholders: ['name', 'environment'],
    words: { match: 'match', name: 'name' },
    at,
    problems
  }
  const named = selectionOf(
    linesOf(located, 'jobs').lines,
    context.placeholders,
    () => undefined
  ).rules
  const rules = Array.isArray(config.jobs)
    ? []
    : ((config.jobs as { rules?: readonly RawRule[] } | undefined)?.rules ?? [])
  return [
    ...named,
    ...rules.flatMap((rule, index) => ruleOf(rule, ['jobs', 'rules', index], context))
  ]
}

function ruleOf(raw: RawRule, path: ConfigPath, context: RuleContext): readonly Rule[] {
  const { table, words, at, problems } = context
  const wrong = (where: ConfigPath, fault: string, remedy = ''): void => {
    problems.push(problem(`${fault.replace(/\.$/, '')}.`, remedy, at([...path, ...where])))
  }
  const text = String(raw.match).trim()
  if (words.match === 'from' && (text.startsWith('!') || text.includes(' -> '))) {
    wrong(
      [words.match],
      `${quoted(text)} leaves out or maps, and an entry with rules does neither`,
      'Write it as a line of its own in quotes, or give the name in the target under "to".'
    )
    return []
  }
  const match = parseSelector(text)
  if ('error' in match) {
    wrong([words.match], match.error, selectorHelp)
    return []
  }
  const wildcards = wildcardsOf(match)
  const { settings, faults } = settingsOf(table, raw.set ?? {}, wildcards)
  for (const { at: where, fault } of faults) wrong(['set', ...where], fault)
  const keep = raw.keep ?? []
  keep.forEach((each, index) => {
    const fault = keepFault(table, each)
    if (fault !== undefined) wrong(['keep', index], fault)
    const isSet = settings.some(({ path: set }) => covers(set, each) || covers(each, set))
    if (isSet)
      wrong(['keep', index], `${each} is set and kept by the same rule`, 'Set it, or keep it.')
  })
  const scope = scopeOf(raw, wrong)
  return [{ match, ...scope, ...aimIn(raw, wildcards, context, wrong), set: settings, keep }]
}

type Wrong = (where: ConfigPath, fault: string, remedy?: string) => void

function scopeOf({ environment, type }: RawRule, wrong: Wrong): Pick<Rule, 'environment' | 'type'> {
  const selector = environment === undefined ? undefined : parseSelector(String(environment).trim())
  if (selector && 'error' in selector) wrong(['environment'], selector.error, selectorHelp)
  return {
    ...(selector && !('error' in selector) ? { environment: selector } : {}),
    ...(type === undefined ? {} : { type })
  }
}

function aimIn(
  { name }: RawRule,
  wildcards: number,
  { placeholders, words }: RuleContext,
  wrong: Wrong
): Pick<Rule, 'name' | 'takes'> {
  if (name === undefined) return {}
  const aim = parseAim(name, placeholders, wildcards)
  if (!('fault' in aim)) return aim
  wrong(
    [words.name],
    `${words.name} ${aim.fault}`,
    'Placeholders stand in braces, as in "prod – {name}".'
  )
  return {}
}
