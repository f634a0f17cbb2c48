// Turns the inputs and the config file into the spec of a promotion, and collects everything that is wrong with them.
// Precedence, lowest first: the source, plain values of the file, its rules in their order, plain values of the inputs,
// "from -> to" of the inputs. Where both name environments or jobs, the inputs select, and the rules of the file still
// apply. Of a value that the target has, a `set` wins over an earlier `keep`, and a `keep` over an earlier `set`, which
// then is what a new object begins with.
import type { Config, ConfigPath, LocatedConfig } from './config.ts'
import { readReferences } from './config-references.ts'
import { environmentRulesOf, jobRulesOf, linesOf } from './config-rules.ts'
import type { Json } from '../model/json.ts'
import type { Setting } from '../model/paths.ts'
import { problem, type Problem } from '../model/remark.ts'
import { sameProjectProblem } from '../model/sides.ts'
import type { Selection, Selector } from '../model/selector.ts'
import type { GivenSecrets, PromotionSpec, Rule, Side } from '../model/spec.ts'
import { setVariables, updatedVariables } from './config-variables.ts'
import { valuePlaceholders } from '../model/template.ts'
import { selectionOf, selectorHelp, TextReader, type NamedSelection } from './text-reader.ts'

/** The texts of the inputs by name; empty means not set. */
export type InputTexts = Readonly<Record<SpecInput, string>>

/** The inputs that only the workflow may give: a pull request must not be able to redirect a token or a secret. */
export const workflowInputs = [
  'host',
  'target-host',
  'account-id',
  'target-account-id',
  'rewrite-secrets'
] as const

/** The inputs that may also stand in the config file, by the same names. */
export const plainInputs = [
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
  'track',
  'removals',
  'max-changes',
  'protect',
  'label'
] as const

/** The inputs that make the spec. */
export const specInputs = [
  ...workflowInputs,
  'source-project',
  'target-project',
  'environments',
  'jobs',
  ...plainInputs
] as const
export type SpecInput = (typeof specInputs)[number]

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
  const input = new TextReader<SpecInput>(inputs, (name) => `The input ${name}`, problems)
  const file = fileReader(context.config, problems)
  /** The reader whose value counts: the input, or the file where the input is not set. */
  const reader = (name: SpecInput): TextReader<SpecInput> => (input.has(name) ? input : file)

  const { source, target } = readSides(input, reader, problems)
  const rules = context.config
    ? {
        environments: environmentRulesOf(context.config, problems),
        jobs: jobRulesOf(context.config, problems)
      }
    : { environments: [], jobs: [] }
  const problemsBefore = problems.length
  const environments = readSelection('environments', ['name'], input, context.config, problems)
  // A list that only holds bad lines is not empty, and has been told of.
  const hasBadLines = problems.length > problemsBefore
  const jobs = readSelection('jobs', ['name', 'environment'], input, context.config, problems)
  if (environments.selection.include.length === 0 && !hasBadLines) {
    problems.push(
      problem(
        'The input environments is required and empty.',
        'Name the environments to promote, one a line; * takes every deployment environment.'
      )
    )
  }
  const plain = (read: TextReader<SpecInput>): { environment: Rule; job: Rule } => ({
    environment: everything(
      read.template('environment-name', ['name']),
      environmentSettings(read, context.defaultBranch)
    ),
    job: everything(read.template('job-name', ['name', 'environment']), jobSettings(read))
  })
  const [ofFile, ofInputs] = [plain(file), plain(input)]
  const connection = reader('connection').connection('connection')
  const connected = (rule: Rule, read: TextReader<SpecInput>): Rule =>
    connection && reader('connection') === read ? { ...rule, connection } : rule
  const spec: PromotionSpec = {
    source,
    target,
    resources: reader('resources').resources('resources'),
    environments: environments.selection,
    jobs: orAll(jobs.selection),
    environmentRules: [
      connected(ofFile.environment, file),
      ...rules.environments,
      connected(ofInputs.environment, input),
      ...environments.rules
    ],
    jobRules: [ofFile.job, ...rules.jobs, ofInputs.job, ...jobs.rules],
    ...readReferences(context.config, problems),
    variables: {
      update: updatedVariables(context.config, problems),
      set: setVariables(context, problems)
    },
    secrets: context.secrets ?? new Map(),
    rewriteSecrets: input.flag('rewrite-secrets'),
    schedule: reader('schedule').oneOf('schedule', ['keep', 'source', 'paused']),
    adopt: reader('adopt').flag('adopt'),
    track: reader('track').oneOf('track', ['marker', 'name']),
    removals: reader('removals').oneOf('removals', ['none', 'pause']),
    maxChanges: reader('max-changes').optionalCount('max-changes') ?? null,
    protect: reader('protect').selectors('protect'),
    label: reader('label').label('label')
  }
  if (spec.removals === 'pause' && spec.track === 'name') {
    problems.push(
      problem(
        'removals: pause needs the marker, and track is name.',
        'Without a marker nothing tells which jobs a promotion made.'
      )
    )
  }
  if (spec.variables.set.size > 0 && !spec.resources.variables && !spec.resources.overrides) {
    problems.push(
      problem(
        'variables.set is given, and resources lists neither variables nor overrides.',
        'Add variables to resources, or leave variables.set out.'
      )
    )
  }
  if (spec.secrets.size > 0 && !spec.resources.variables && !spec.resources.overrides) {
    problems.push(
      problem(
        'The input secrets is given, and resources lists neither variables nor overrides.',
        'Add variables to resources, or leave secrets out.'
      )
    )
  }
  return { spec, problems }
}

function readSides(
  input: TextReader<SpecInput>,
  reader: (name: SpecInput) => TextReader<SpecInput>,
  problems: Problem[]
): { readonly source: Side; readonly target: Side } {
  const required = <T>(name: SpecInput, otherwise: T, remedy: string, read: () => T): T => {
    if (reader(name).has(name)) return read()
    problems.push(problem(`The input ${name} is required and empty.`, remedy))
    return otherwise
  }
  const projectHelp = 'Give the id of the project, or its exact name.'
  const project = (name: 'source-project' | 'target-project'): Side['project'] =>
    required(name, { id: 0 }, projectHelp, () => reader(name).project(name))
  const origin = required(
    'host',
    '',
    'Give the host of your account, e.g. ab123.us1.dbt.com, as the address bar shows it.',
    () => input.origin('host')
  )
  const account = required(
    'account-id',
    0,
    'It is the number after /deploy/ in the address of a project.',
    () => input.id('account-id')
  )
  const source = { origin, account, project: project('source-project') }
  const target = {
    origin: input.has('target-host') ? input.origin('target-host') : origin,
    account: input.optionalId('target-account-id') ?? account,
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
  const own = input.selection(name, placeholders)
  if (input.has(name) || !located) return own
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

function everything(name: string | undefined, set: readonly Setting[]): Rule {
  return { match: anything, ...(name === undefined ? {} : { name }), set, keep: [] }
}

function environmentSettings(
  read: TextReader<SpecInput>,
  defaultBranch: string | undefined
): readonly Setting[] {
  const branch = read.branch('custom-branch', defaultBranch)
  return [
    ...setting('custom_branch', branch),
    ...setting('credentials_id', read.optionalId('credentials-id')),
    ...setting('deployment_type', read.deploymentType('deployment-type')),
    ...setting('dbt_version', read.text('dbt-version') || undefined)
  ]
}

function jobSettings(read: TextReader<SpecInput>): readonly Setting[] {
  return [
    ...setting('settings.target_name', read.template('target-name', valuePlaceholders)),
    ...setting('settings.threads', read.optionalId('threads'))
  ]
}

function setting(path: string, value: Json | undefined): readonly Setting[] {
  return value === undefined ? [] : [{ path, value }]
}

/** The plain values of the file as the texts that the inputs would be. */
export function fileReader(
  located: LocatedConfig | undefined,
  problems: Problem[]
): TextReader<SpecInput> {
  const config: Config = located?.config ?? {}
  const paths: Partial<Record<SpecInput, ConfigPath>> = {
    'source-project': ['source', 'project'],
    'target-project': ['target', 'project']
  }
  const texts: Partial<Record<SpecInput, string>> = {
    'source-project': textOf(config.source?.project),
    'target-project': textOf(config.target?.project),
    ...Object.fromEntries(plainInputs.map((name) => [name, textOf(config[name])]))
  }
  const pathOf = (name: SpecInput): ConfigPath => paths[name] ?? [name]
  const label = (name: SpecInput): string => pathOf(name).join('.')
  return new TextReader(texts, label, problems, (name) => located?.at(pathOf(name)))
}

function textOf(
  value: string | number | boolean | readonly (string | number)[] | undefined
): string {
  if (value === undefined) return ''
  return Array.isArray(value) ? value.join('\n') : String(value)
}
