// Plans the variables of the project: the default of each, and its values in the promoted environments. Nothing is
// ever deleted.
import type { ValueChange, ValuesChange } from '../model/change.ts'
import { variableKey } from '../model/keys.ts'
import { projectScope, type Variable } from '../kinds/variable.ts'
import { quoted } from '../model/names.ts'
import { alarm, problem, type Alarm, type Findings, type Problem } from '../model/remark.ts'
import type { EnvironmentScope } from './scopes.ts'
import type { PromotionSpec } from '../model/spec.ts'
import { setAt } from './set-values.ts'
import { decide, opOf, type Pair } from './values.ts'

/** The variables of both sides, and the environments between which they are promoted. */
export interface VariableSides {
  readonly spec: PromotionSpec
  readonly source: readonly Variable[]
  readonly target: readonly Variable[]
  readonly scopes: readonly EnvironmentScope[]
}

/** What planning gives, with the secrets that are missing. */
export interface PlannedValues extends Findings {
  readonly change: ValuesChange | null
  readonly missing: readonly Pair[]
  /** Everywhere that the source has a value, as the user writes it in the input `secrets`. */
  readonly places: readonly string[]
}

/** Plans the variables that have a value in the project or in a promoted environment. */
export function variableChanges(sides: VariableSides): readonly PlannedValues[] {
  const held = new Map(sides.target.map((variable) => [variable.name, variable]))
  return sides.source.flatMap((variable) => {
    const pairs = pairsOf(variable, held.get(variable.name), sides)
    return pairs.length === 0 ? [] : [planned(variable.name, held.get(variable.name), pairs, sides)]
  })
}

function pairsOf(
  { name, values }: Variable,
  held: Variable | undefined,
  { spec, scopes }: VariableSides
): readonly Pair[] {
  const places = [
    { scope: 'project' as const, place: projectScope, from: projectScope, to: projectScope },
    ...scopes.map(({ key, from, to }) => ({ scope: key, place: to, from, to }))
  ]
  return places.flatMap(({ scope, place, from, to }) => {
    const own = values.get(from)?.value
    const set = setAt(spec, name, place, own !== undefined)
    const wanted = set ?? own
    const isSet = set !== undefined
    return wanted === undefined
      ? []
      : [{ name, scope, place, wanted, isSet, held: held?.values.get(to)?.value }]
  })
}

function planned(
  name: string,
  held: Variable | undefined,
  pairs: readonly Pair[],
  { spec, scopes }: VariableSides
): PlannedValues {
  const { writes, kept, missing } = decide(spec, pairs)
  const op = opOf(writes, held !== undefined)
  const key = variableKey(name)
  const change: ValuesChange = {
    op,
    kind: 'variable',
    by: held ? 'name' : 'new',
    key,
    name,
    environment: null,
    job: null,
    writes,
    kept
  }
  return {
    // A secret that is missing everywhere leaves nothing to say but the problem.
    change: op === 'unchanged' && !held ? null : change,
    missing,
    places: pairs.map(({ place }) => place),
    remarks: [
      ...(held ? idProblems(name, writes, scopes) : []),
      ...(held && op === 'update' ? alarms(change, held, scopes) : [])
    ]
  }
}

// In an update of a variable a key of digits is the id of a value, and not the name of an environment ([spec] S3:2560).
function idProblems(
  name: string,
  writes: readonly ValueChange[],
  scopes: readonly EnvironmentScope[]
): readonly Problem[] {
  const added = writes.filter(({ before }) => before === null).map(({ scope }) => scope)
  return scopes
    .filter(({ key, to }) => added.includes(key) && /^\d+$/.test(to))
    .map(({ to }) =>
      problem(
        `Variable ${name} can get no value for environment ${quoted(to)}: the API takes a name of digits for the id of a value.`,
        'Rename the environment, or set the value in the target.'
      )
    )
}

// What takes effect where something else did until now: in an environment or a project that is there already.
function alarms(
  { key, name, writes }: ValuesChange,
  held: Variable,
  scopes: readonly EnvironmentScope[]
): readonly Alarm[] {
  const protectedAlarm = (message: string, done: string): Alarm =>
    alarm('protected', key, message, done)
  const own = 'a value of its own'
  const until = 'where that of the project counted until now'
  return writes.flatMap(({ scope, before }) => {
    const environment = scopes.find((each) => each.key === scope)
    const where = environment ? `in environment ${quoted(environment.to)}` : 'for the whole project'
    if (before !== null) {
      const what = `The value of variable ${name} ${where}`
      return [protectedAlarm(`${what} changes.`, `${what} was changed.`)]
    }
    if (!environment) {
      const what = `a value ${where}, where it had none`
      return [protectedAlarm(`Variable ${name} gets ${what}.`, `Variable ${name} got ${what}.`)]
    }
    return environment.isNew || !held.values.has(projectScope)
      ? []
      : [
          protectedAlarm(
            `Variable ${name} gets ${own} ${where}, ${until}.`,
            `Variable ${name} got ${own} ${where}, ${until}.`
          )
        ]
  })
}
