// Turns the texts of the inputs into the spec of a promotion, and collects everything that is wrong with them.
import { quoted } from './names.ts'
import { parseOrigin } from './origin.ts'
import type { Values } from './kinds/field.ts'
import { problem, sameProjectProblem, type Problem } from './problem.ts'
import { parseSelector, type Selection, type Selector } from './selector.ts'
import type { PromotionSpec, Rule, Side } from './spec.ts'
import { templateFault } from './template.ts'

/** The texts of the inputs by name; empty means not set. */
export type InputTexts = Readonly<Record<SpecInput, string>>

/** The inputs that make the spec. */
export const specInputs = [
  'host',
  'account-id',
  'source-project',
  'target-project',
  'environments',
  'jobs',
  'environment-name',
  'job-name',
  'custom-branch',
  'credentials-id',
  'connection',
  'deployment-type',
  'dbt-version',
  'target-name',
  'threads',
  'resources',
  'schedule',
  'adopt',
  'track'
] as const
export type SpecInput = (typeof specInputs)[number]

/** What the inputs may refer to in the workflow's surroundings. */
export interface SpecContext {
  /** The default branch of the repository, where the event tells it. */
  readonly defaultBranch: string | undefined
}

/** Reads the spec; with problems, the spec must not be used. */
export function parseSpec(
  inputs: InputTexts,
  context: SpecContext
): { readonly spec: PromotionSpec; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const read = new InputReader(inputs, problems)

  const origin = read.origin('host')
  const account = read.requiredId(
    'account-id',
    'It is the number after /deploy/ in the address of a project.'
  )
  const source = { origin, account, project: read.project('source-project') }
  const target = { origin, account, project: read.project('target-project') }
  const environments = read.selection('environments', ['name'])
  const jobs = read.selection('jobs', ['name', 'environment'])
  const spec = {
    source,
    target,
    resources: read.resources('resources'),
    environments: environments.selection,
    jobs: jobs.selection,
    environmentRules: [
      everything(read.template('environment-name', ['name']), environmentValues(read, context)),
      ...environments.rules
    ],
    jobRules: [
      everything(read.template('job-name', ['name', 'environment']), jobValues(read)),
      ...jobs.rules
    ],
    connection: read.connection('connection'),
    schedule: read.oneOf('schedule', ['keep', 'source', 'paused']),
    adopt: read.flag('adopt'),
    track: read.oneOf('track', ['marker', 'name'])
  }
  if (sameProject(source, target)) problems.push(sameProjectProblem())
  return { spec, problems }
}

function sameProject(source: Side, target: Side): boolean {
  return (
    'id' in source.project &&
    'id' in target.project &&
    source.project.id === target.project.id &&
    source.project.id > 0 &&
    source.account === target.account &&
    source.origin === target.origin
  )
}

function everything(name: string | undefined, set: Values): Rule {
  return {
    match: { by: 'name', pattern: '*', text: '*' },
    ...(name === undefined ? {} : { name }),
    set
  }
}

function environmentValues(read: InputReader, context: SpecContext): Values {
  const branch = read.branch('custom-branch', context.defaultBranch)
  const credentials = read.optionalId('credentials-id')
  const version = read.text('dbt-version')
  const type = read.deploymentType('deployment-type')
  return {
    ...(branch === undefined ? {} : { custom_branch: branch, use_custom_branch: true }),
    ...(credentials === undefined ? {} : { credentials_id: credentials }),
    ...(type === undefined ? {} : { deployment_type: type }),
    ...(version === '' ? {} : { dbt_version: version })
  }
}

function jobValues(read: InputReader): Values {
  const target = read.text('target-name')
  const threads = read.optionalId('threads')
  return {
    ...(target === '' ? {} : { 'settings.target_name': target }),
    ...(threads === undefined ? {} : { 'settings.threads': threads })
  }
}

/** Reads single inputs; what is wrong is noted, and a harmless stand-in given back, so that all is found at once. */
class InputReader {
  readonly #inputs: InputTexts
  readonly #problems: Problem[]

  constructor(inputs: InputTexts, problems: Problem[]) {
    this.#inputs = inputs
    this.#problems = problems
  }

  text(name: SpecInput): string {
    return this.#inputs[name].trim()
  }

  origin(name: SpecInput): string {
    const text = this.text(name)
    if (text === '') {
      this.#missing(
        name,
        'Give the host of your account, e.g. ab123.us1.dbt.com, as the address bar shows it.'
      )
      return ''
    }
    const parsed = parseOrigin(text)
    if ('origin' in parsed) return parsed.origin
    this.#wrong(name, parsed.error, 'Give the host of your account, e.g. ab123.us1.dbt.com.')
    return ''
  }

  requiredId(name: SpecInput, hint: string): number {
    const text = this.text(name)
    if (text === '') {
      this.#missing(name, hint)
      return 0
    }
    return this.#id(name, text)
  }

  optionalId(name: SpecInput): number | undefined {
    const text = this.text(name)
    return text === '' ? undefined : this.#id(name, text)
  }

  project(name: SpecInput): Side['project'] {
    const text = this.text(name)
    if (text === '') {
      this.#missing(name, 'Give the id of the project, or its exact name.')
      return { id: 0 }
    }
    const selector = parseSelector(text)
    if ('error' in selector) {
      this.#wrong(name, 'is no id of a project', 'Give the id of the project, or its exact name.')
      return { id: 0 }
    }
    return selector.by === 'id' ? { id: selector.id } : { name: text }
  }

  branch(name: SpecInput, defaultBranch: string | undefined): string | undefined {
    const text = this.text(name)
    if (text === '') return undefined
    if (text !== '(default)') return text
    if (defaultBranch === undefined) {
      this.#wrong(
        name,
        'asks for the default branch, which this event does not tell',
        'Name the branch.'
      )
    }
    return defaultBranch ?? text
  }

  /** One of a few words; the first is the default. */
  oneOf<const Word extends string>(name: SpecInput, words: readonly [Word, ...Word[]]): Word {
    const text = this.text(name)
    const word = words.find((each) => each === text)
    if (word !== undefined || text === '') return word ?? words[0]
    this.#wrong(name, `is none of ${words.join(', ')}`, `Without it, it is ${words[0]}.`)
    return words[0]
  }

  flag(name: SpecInput): boolean {
    return this.oneOf(name, ['false', 'true']) === 'true'
  }

  /** `general` is how the UI calls an environment that is neither production nor staging: null for the API. */
  deploymentType(name: SpecInput): string | null | undefined {
    if (this.text(name) === '') return undefined
    const type = this.oneOf(name, ['general', 'production', 'staging'])
    return type === 'general' ? null : type
  }

  connection(name: SpecInput): PromotionSpec['connection'] {
    const text = this.text(name)
    if (text === '') return null
    return /^\d+$/.test(text) ? { id: this.#id(name, text) } : { name: text }
  }

  resources(name: SpecInput): PromotionSpec['resources'] {
    const lines = this.#lines(name)
    const unknown = lines.filter((line) => line !== 'environments' && line !== 'jobs')
    if (unknown.length > 0) {
      this.#wrong(
        name,
        `lists ${unknown.map(quoted).join(', ')}`,
        'This version promotes environments and jobs.'
      )
    }
    if (lines.length === 0) return { environments: true, jobs: true }
    return { environments: lines.includes('environments'), jobs: lines.includes('jobs') }
  }

  template(name: SpecInput, allowed: readonly string[]): string | undefined {
    const text = this.text(name)
    if (text === '') return undefined
    const fault = templateFault(text, allowed)
    if (fault !== undefined)
      this.#wrong(name, fault, 'Placeholders stand in braces, as in "prod – {name}".')
    return text
  }

  /** A list of selectors, one a line; `from -> to` also names what it selects. */
  selection(
    name: 'environments' | 'jobs',
    placeholders: readonly string[]
  ): { readonly selection: Selection; readonly rules: readonly Rule[] } {
    const include: Selector[] = []
    const exclude: Selector[] = []
    const rules: Rule[] = []
    const problemsBefore = this.#problems.length
    for (const line of this.#lines(name)) {
      const excluding = line.startsWith('!')
      const [from = '', to, ...more] = (excluding ? line.slice(1) : line).split(/\s+->\s*/)
      const selector = parseSelector(from.trim())
      if ('error' in selector) {
        this.#wrong(name, `holds a line that is no selector: ${selector.error}`, selectorHelp)
      } else if (from.trim() === '' || more.length > 0 || (excluding && to !== undefined)) {
        this.#wrong(name, `holds the line ${quoted(line)}, which is no selector`, selectorHelp)
      } else {
        ;(excluding ? exclude : include).push(selector)
        if (to !== undefined) {
          const fault = templateFault(to, placeholders, wildcardsOf(selector))
          if (fault !== undefined)
            this.#wrong(name, `maps ${quoted(from)} to a name that ${fault}`, selectorHelp)
          else rules.push({ match: selector, name: to, set: {} })
        }
      }
    }
    // A list that only holds bad lines is not empty, and has been told of.
    const sound = this.#problems.length === problemsBefore
    if (name === 'environments' && include.length === 0 && sound) {
      this.#missing(
        name,
        'Name the environments to promote, one a line; * takes every deployment environment.'
      )
    }
    const all: Selector = { by: 'name', pattern: '*', text: '*' }
    return { selection: { include: include.length > 0 ? include : [all], exclude }, rules }
  }

  #lines(name: SpecInput): readonly string[] {
    return this.#inputs[name]
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  #id(name: SpecInput, text: string): number {
    const id = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0) return id
    this.#wrong(
      name,
      'is no positive whole number',
      'Give digits only, as the dbt platform shows them.'
    )
    return 0
  }

  #missing(name: SpecInput, remedy: string): void {
    this.#problems.push(problem(`The input ${name} is required and empty.`, remedy))
  }

  #wrong(name: SpecInput, fault: string, remedy: string): void {
    this.#problems.push(problem(`The input ${name} ${fault}.`, remedy))
  }
}

const selectorHelp =
  'A line is an id, a name, a name with * or ?, any of them with ! before it to leave out, or "from -> to".'

function wildcardsOf(selector: Selector): number {
  return selector.by === 'name'
    ? [...selector.pattern].filter((char) => char === '*' || char === '?').length
    : 0
}
