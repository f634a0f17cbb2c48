// Turns the inputs and the config file into the spec of a promotion, and collects everything that is wrong with them.
// Precedence, lowest first: the source, plain values of the file, its rules in their order, plain values of the inputs,
// "from -> to" of the inputs. Where both name environments or jobs, the inputs select, and the rules of the file still
// apply. Of a value that the target has, a `set` wins over an earlier `keep`, and a `keep` over an earlier `set`, which
// then is what a new object begins with.
import type { Config, ConfigPath, LocatedConfig, PlainConfig } from './config.ts'
import { readReferences } from './config-references.ts'
import { environmentRulesOf, jobRulesOf, linesOf } from './config-rules.ts'
import { fileInputs, namesOf, type FileInput, type SpecInput } from './input-table.ts'
import { problem, type Problem } from '../model/remark.ts'
import { sameProjectProblem } from '../model/sides.ts'
import type { Selection, Selector } from '../model/selector.ts'
import type { GivenSecrets, PromotionSpec, Rule, Side } from '../model/spec.ts'
import { setVariables, updatedVariables } from './config-variables.ts'
import {
  selectionOf,
  selectorHelp,
  TextValue,
  type NamedSelection,
  type TextReader
} from './text-reader.ts'

/** The texts of the inputs by name; empty means not set. */
export type InputTexts = Readonly<Record<SpecInput, string>>

/** What else the spec depends on. */
export interface SpecContext {
  /** The default branch of the repository, where the event tells it. */
  readonly defaultBranch: string | undefined
  readonly config?: LocatedConfig | undefined
  /** Which secrets the workflow gives. */
  readonly secrets?: GivenSecrets
}

/** Reads the spec; with problems, the spec must not be used. */
export function parseSpec(
  inputs: InputTexts,
  context: SpecContext
): { readonly spec: PromotionSpec; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const { input, file, counting } = readers(inputs, context.config, problems)
  const sides = readSides(input, counting, problems)
  const rules = rulesOfFile(context.config, problems)
  const problemsBefore = problems.length
  const environments = readSelection('environments', ['name'], input, context.config, problems)
  // A list that only holds bad lines is not empty, and has been told of.
  const hasBadLines = problems.length > problemsBefore
  const jobs = readSelection('jobs', ['name', 'environment'], input, context.config, problems)
  if (environments.selection.include.length === 0 && !hasBadLines) {
    const remedy =
      'Name the environments to promote, one a line; * takes every deployment environment.'
    problems.push(problem('The input environments is required and empty.', remedy))
  }
  const ofFile = plainRules(file, context, (name) => !input(name).isSet)
  const ofInputs = plainRules(input, context, (name) => input(name).isSet)
  const spec: PromotionSpec = {
    ...sides,
    ...decisions(counting),
    environments: environments.selection,
    jobs: orAll(jobs.selection),
    environmentRules: [
      ...[ofFile.environment, ...rules.environments],
      ...[ofInputs.environment, ...environments.rules]
    ],
    jobRules: [ofFile.job, ...rules.jobs, ofInputs.job, ...jobs.rules],
    ...readReferences(context.config, problems),
    variables: {
      update: updatedVariables(context.config, problems),
      set: setVariables(context, problems)
    },
    secrets: context.secrets ?? new Map(),
    rewriteSecrets: input('rewrite-secrets').flag()
  }
  problems.push(...contradictions(spec))
  return { spec, problems }
}

function rulesOfFile(
  located: LocatedConfig | undefined,
  problems: Problem[]
): Readonly<Record<'environments' | 'jobs', readonly Rule[]>> {
  if (!located) return { environments: [], jobs: [] }
  return {
    environments: environmentRulesOf(located, problems),
    jobs: jobRulesOf(located, problems)
  }
}

/** What is right by itself, and not together. */
function contradictions({
  removals,
  track,
  variables,
  resources,
  secrets
}: PromotionSpec): readonly Problem[] {
  const hasVariables = resources.variables || resources.overrides
  const given = [
    ...(variables.set.size > 0 ? ['variables.set'] : []),
    ...(secrets.size > 0 ? ['secrets'] : [])
  ]
  return [
    ...(removals === 'pause' && track === 'name'
      ? [
          problem(
            'removals: pause needs the marker, and track is name.',
            'Without a marker nothing tells which jobs a promotion made.'
          )
        ]
      : []),
    ...(hasVariables ? [] : given).map((what) =>
      problem(
        `${what === 'secrets' ? 'The input secrets' : what} is given, and resources lists neither variables nor overrides.`,
        `Add variables to resources, or leave ${what} out.`
      )
    )
  ]
}

function readSides(
  input: TextReader<SpecInput>,
  counting: TextReader<SpecInput>,
  problems: Problem[]
): { readonly source: Side; readonly target: Side } {
  const required = <T>(
    read: TextReader<SpecInput>,
    name: SpecInput,
    otherwise: T,
    remedy: string,
    valueOf: (value: TextValue) => T
  ): T => {
    if (read(name).isSet) return valueOf(read(name))
    problems.push(problem(`The input ${name} is required and empty.`, remedy))
    return otherwise
  }
  const none = { id: 0 }
  const project = (name: 'source-project' | 'target-project'): Side['project'] =>
    required(
      counting,
      name,
      none,
      'Give the id of the project, or its exact name.',
      (value) => value.named('project') ?? none
    )
  const origin = required(
    input,
    'host',
    '',
    'Give the host of your account, e.g. ab123.us1.dbt.com, as the address bar shows it.',
    (value) => value.origin()
  )
  const account = required(
    input,
    'account-id',
    0,
    'It is the number after /deploy/ in the address of a project.',
    (value) => value.id()
  )
  const source = { origin, account, project: project('source-project') }
  const host = input('target-host')
  const target = {
    origin: host.isSet ? host.origin() : origin,
    account: input('target-account-id').optionalId() ?? account,
    project: project('target-project')
  }
  if (isSameProject(source, target)) problems.push(sameProjectProblem())
  return { source, target }
}

function isSameProject(source: Side, target: Side): boolean {
  return (
    'id' in source.project &&
    'id' in target.project &&
    source.project.id === target.project.id &&
    source.project.id > 0 &&
    source.account === target.account &&
    source.origin === target.origin
  )
}

// The selection of the inputs, or that of the file where the inputs have none. Names that the file gives are rules of
// the file either way.
function readSelection(
  name: 'environments' | 'jobs',
  placeholders: readonly string[],
  input: TextReader<SpecInput>,
  located: LocatedConfig | undefined,
  problems: Problem[]
): NamedSelection {
  const own = input(name).selection(placeholders)
  if (input(name).isSet || !located) return own
  const { lines, at } = linesOf(located, name)
  const ofFile = selectionOf(lines, placeholders, (fault, index) => {
    problems.push(problem(`${name} ${fault}.`, selectorHelp, at(index)))
  })
  return { selection: ofFile.selection, rules: [] }
}

// Jobs default to all; so do only-excludes, from which they leave out.
function orAll(selection: Selection): Selection {
  return selection.include.length > 0 ? selection : { ...selection, include: [anything] }
}

const anything: Selector = { by: 'name', pattern: '*', text: '*' }

type EnvironmentsAndJobs = Readonly<Record<'environment' | 'job', Rule>>

/** What the plain values of one reader say of all environments, and of all jobs. */
function plainRules(
  read: TextReader<SpecInput>,
  { defaultBranch }: SpecContext,
  wins: (name: FileInput) => boolean
): EnvironmentsAndJobs {
  const everything: Rule = { match: anything, set: [], keep: [] }
  const rules = { environment: everything, job: everything }
  for (const name of namesOf(fileInputs)) {
    const entry = fileInputs[name]
    if (!('rule' in entry)) continue
    const { set = [], ...part } = entry.part(read(name), { defaultBranch, wins: wins(name) })
    const before = rules[entry.rule]
    rules[entry.rule] = { ...before, ...part, set: [...before.set, ...set] }
  }
  return rules
}

type Entries = typeof fileInputs
type Decided = {
  [Name in FileInput]: Entries[Name] extends { readonly field: infer Field } ? Field : never
}[FileInput]

/** The fields of the spec that are one value each. */
function decisions(read: TextReader<SpecInput>): Pick<PromotionSpec, Decided> {
  const fields = namesOf(fileInputs).flatMap((name) => {
    const entry = fileInputs[name]
    return 'field' in entry ? [[entry.field, entry.read(read(name))] as const] : []
  })
  // Each entry was made by `decides`, which holds its field to its type.
  return Object.fromEntries(fields) as unknown as Pick<PromotionSpec, Decided>
}

/** Ways to read a value: of the inputs, of the file, and of whichever counts: the input, or the file where that is not set. */
export function readers(
  inputs: InputTexts,
  located: LocatedConfig | undefined,
  problems: Problem[]
): Readonly<Record<'input' | 'file' | 'counting', TextReader<SpecInput>>> {
  const input = (name: SpecInput): TextValue =>
    new TextValue(inputs[name], `The input ${name}`, problems)
  const file = (name: SpecInput): TextValue => {
    const path = pathOf(name)
    const text = path && located ? textOf(plainIn(located.config, name)) : ''
    return new TextValue(text, path?.join('.') ?? name, problems, path && located?.at(path))
  }
  return { input, file, counting: (name) => (input(name).isSet ? input(name) : file(name)) }
}

function plainIn(config: Config, name: SpecInput): PlainConfig[FileInput] {
  if (name === 'source-project') return config.source?.project
  if (name === 'target-project') return config.target?.project
  return isOfFile(name) ? config[name] : undefined
}

/** Where the file has the plain value of an input; undefined where it has none. */
function pathOf(name: SpecInput): ConfigPath | undefined {
  if (name === 'source-project') return ['source', 'project']
  if (name === 'target-project') return ['target', 'project']
  return isOfFile(name) ? [name] : undefined
}

function isOfFile(name: SpecInput): name is FileInput {
  return name in fileInputs
}

function textOf(value: PlainConfig[FileInput]): string {
  if (value === undefined) return ''
  return typeof value === 'object' ? value.join('\n') : String(value)
}
