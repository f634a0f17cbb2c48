// All inputs. What may also stand in the config file is one entry: its name, how the file writes it, how its text is read,
// and what becomes of it. Config type, schema, faults of the file and spec follow from here; action.yml is held to it.
import type { Setting } from '../model/paths.ts'
import type { ConnectionRef, PromotionSpec } from '../model/spec.ts'
import { valuePlaceholders } from '../model/template.ts'
import type { TextValue } from './text-reader.ts'

/** How the config file writes a value; a text is no longer than `most`. */
export type Form =
  | { readonly is: 'text'; readonly most?: number }
  | { readonly is: 'name or id' | 'id' | 'count' | 'truth' | 'selectors' }
  | {
      readonly is: 'word' | 'words'
      readonly words: readonly [string, ...string[]]
      readonly about?: string
    }

/** What an input gives to the rule for all environments, or for all jobs. */
interface RulePart {
  readonly name?: string
  readonly connection?: ConnectionRef
  readonly set?: readonly Setting[]
}

/** What reading depends on. */
interface ReadContext {
  /** The default branch of the repository, where the event tells it. */
  readonly defaultBranch: string | undefined
  /** Whether this is the value that counts, and not one of the file that the workflow overrules. */
  readonly wins: boolean
}

const text = { is: 'text' } as const
const id = { is: 'id' } as const

/** An input that gives a name, by a template. */
function names(rule: 'environment' | 'job', placeholders: readonly string[]) {
  const part = (value: TextValue): RulePart => {
    const name = value.template(placeholders)
    return name === undefined ? {} : { name }
  }
  return { form: text, rule, part }
}

/** An input that fixes a field. @param path of the field */
function sets<F extends Form>(
  form: F,
  rule: 'environment' | 'job',
  path: string,
  read: (value: TextValue, context: ReadContext) => Setting['value'] | undefined
) {
  const part = (from: TextValue, context: ReadContext): RulePart => {
    const value = read(from, context)
    return value === undefined ? {} : { set: [{ path, value }] }
  }
  return { form, rule, part }
}

/** An input that is a field of the spec. */
function decides<F extends Form, Field extends keyof PromotionSpec>(
  form: F,
  field: Field,
  read: (value: TextValue) => PromotionSpec[Field]
) {
  return { form, field, read }
}

/** The same, of a few words, the first of which is the default. */
function chooses<Field extends 'schedule' | 'track' | 'removals'>(
  field: Field,
  words: readonly [PromotionSpec[Field] & string, ...(PromotionSpec[Field] & string)[]]
) {
  return decides({ is: 'word', words }, field, (value) => value.oneOf(words))
}

const deploymentTypes = ['production', 'staging', 'general'] as const
const resourceKinds = [
  'environments',
  'jobs',
  'variables',
  'overrides',
  'extended-attributes'
] as const

/** The inputs that are keys of the config file too, by the same names. */
export const fileInputs = {
  'environment-name': names('environment', ['name']),
  'custom-branch': sets(text, 'environment', 'custom_branch', (value, { defaultBranch }) =>
    value.branch(defaultBranch)
  ),
  'credentials-id': sets(id, 'environment', 'credentials_id', (value) => value.optionalId()),
  'deployment-type': sets(
    { is: 'word', words: deploymentTypes },
    'environment',
    'deployment_type',
    deploymentType
  ),
  'dbt-version': sets(text, 'environment', 'dbt_version', (value) => value.text || undefined),
  'job-name': names('job', ['name', 'environment']),
  'target-name': sets(text, 'job', 'settings.target_name', (value) =>
    value.template(valuePlaceholders)
  ),
  threads: sets(id, 'job', 'settings.threads', (value) => value.optionalId()),
  connection: { form: { is: 'name or id' }, rule: 'environment', part: connection },
  resources: decides(
    {
      is: 'words',
      words: resourceKinds,
      about: 'The kinds that are promoted; default environments and jobs'
    },
    'resources',
    resources
  ),
  schedule: chooses('schedule', ['keep', 'source', 'paused']),
  adopt: decides({ is: 'truth' }, 'adopt', (value) => value.flag()),
  track: chooses('track', ['marker', 'name']),
  removals: chooses('removals', ['none', 'pause']),
  'max-changes': decides({ is: 'count' }, 'maxChanges', (value) => value.optionalCount() ?? null),
  protect: decides({ is: 'selectors' }, 'protect', (value) => value.selectors()),
  label: decides({ is: 'text', most: 50 }, 'label', (value) => value.label())
} as const

const redirecting =
  'a pull request that changes this file must not be able to send a token elsewhere'
const secretive =
  'a pull request that changes this file must not be able to show or overwrite what is in the target'
const running = 'it says how a run goes, and not what is promoted'

/** The inputs of the spec that only the workflow may give, each with the reason. */
const workflowInputs = {
  host: redirecting,
  'target-host': redirecting,
  'account-id': redirecting,
  'target-account-id': redirecting,
  'rewrite-secrets': secretive
} as const

/** The inputs besides those of the spec, which are not of the file either. */
const runInputs = {
  token: redirecting,
  'source-token': redirecting,
  'target-token': redirecting,
  'github-token': redirecting,
  secrets: secretive,
  'show-values': secretive,
  mode: running,
  config: running,
  'plan-file': running,
  'reviewed-plan': running,
  'expected-plan-hash': running,
  comment: running,
  'rollback-from': running,
  parallelism: running,
  'requests-per-minute': running,
  'deadline-minutes': running
} as const

export type FileInput = keyof typeof fileInputs
export type SpecInput =
  | keyof typeof workflowInputs
  | 'source-project'
  | 'target-project'
  | 'environments'
  | 'jobs'
  | FileInput

/** The inputs that make the spec. */
export const specInputs: readonly SpecInput[] = [
  ...namesOf(workflowInputs),
  'source-project',
  'target-project',
  'environments',
  'jobs',
  ...namesOf(fileInputs)
]

/** All inputs. */
export const allInputs: readonly string[] = [...specInputs, ...namesOf(runInputs)]

/** Why an input is no key of the file; undefined for a key, and for what is no input. */
export function whyNotInFile(name: string): string | undefined {
  const reasons: ReadonlyMap<string, string> = new Map(
    Object.entries({ ...workflowInputs, ...runInputs })
  )
  return reasons.get(name)
}

/** The names of a part of the table. */
export function namesOf<T extends object>(part: T): readonly (keyof T)[] {
  return Object.keys(part) as (keyof T)[]
}

/** `general` is how the UI calls an environment that is neither production nor staging: null for the API. */
function deploymentType(value: TextValue): string | null | undefined {
  const type = value.word(deploymentTypes, 'existing environments keep theirs')
  return type === 'general' ? null : type
}

// A connection is looked for in the target, so that one that is overruled must not be.
function connection(value: TextValue, { wins }: ReadContext): RulePart {
  const found = wins && value.isSet ? value.named('connection') : undefined
  return found === undefined ? {} : { connection: found }
}

function resources(value: TextValue): PromotionSpec['resources'] {
  const lines = value.words(resourceKinds, 'A promotion has resources of these kinds')
  const has = (kind: (typeof resourceKinds)[number]): boolean => lines.includes(kind)
  if (has('overrides') && !has('jobs'))
    value.wrong('lists overrides without jobs', 'Overrides belong to jobs: add jobs.')
  if (has('extended-attributes') && !has('environments'))
    value.wrong(
      'lists extended-attributes without environments',
      'Extended attributes belong to environments: add environments.'
    )
  return {
    environments: lines.length === 0 || has('environments'),
    jobs: lines.length === 0 || has('jobs'),
    variables: has('variables'),
    overrides: has('overrides'),
    attributes: has('extended-attributes')
  }
}
