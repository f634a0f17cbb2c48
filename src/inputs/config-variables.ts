// What the config file says of the values that variables have in the target.
import type { LocatedConfig } from './config.ts'
import { isMask, isSecretName } from '../kinds/variable.ts'
import { nameKey, quoted } from '../model/names.ts'
import { problem, type Problem } from '../model/remark.ts'
import { parseSelector, type Selection, type Selector } from '../model/selector.ts'
import type { GivenSecrets, SetValues } from '../model/spec.ts'

/** The lines of the file that say which variables of the target may change. */
export function updatedVariables(
  located: LocatedConfig | undefined,
  problems: Problem[]
): Selection {
  const include: Selector[] = []
  const exclude: Selector[] = []
  for (const [index, text] of (located?.config.variables?.update ?? []).entries()) {
    const line = text.trim()
    const isOut = line.startsWith('!')
    const selector = parseSelector(isOut ? line.slice(1).trim() : line)
    if ('error' in selector || selector.by !== 'name' || selector.pattern === '') {
      problems.push(
        problem(
          `${quoted(text)} is no name of a variable.`,
          'Give a name, or a name with * or ?; ! before it leaves out what it matches.',
          located?.at(['variables', 'update', index])
        )
      )
    } else (isOut ? exclude : include).push(selector)
  }
  return { include, exclude }
}

/** The values that the file gives to variables of the target. Secrets have an input of their own. */
export function setVariables(
  {
    config: located,
    secrets
  }: { readonly config?: LocatedConfig | undefined; readonly secrets?: GivenSecrets },
  problems: Problem[]
): SetValues {
  const set = Object.entries(located?.config.variables?.set ?? {})
  for (const [name, value] of set) {
    const fault = setFault(name, value, secrets)
    if (fault === undefined) continue
    problems.push(problem(`${name} ${fault}.`, secretHelp, located?.at(['variables', 'set', name])))
  }
  return new Map(
    set.map(([name, value]) => [
      name,
      typeof value === 'string'
        ? value
        : new Map(Object.entries(value).map(([place, each]) => [nameKey(place), each]))
    ])
  )
}

const secretHelp =
  'Values of secrets stand in no file: give them in the input secrets. All else is named as the dbt platform names it.'

function setFault(
  name: string,
  value: string | Readonly<Record<string, string>>,
  secrets: GivenSecrets | undefined
): string | undefined {
  if (isSecretName(name)) return 'is a secret'
  if (!/^DBT_[A-Z0-9_]+$/.test(name)) return 'is no name of a variable'
  if (secrets?.has(name)) return 'is given in the input secrets too'
  const values = typeof value === 'string' ? [value] : Object.values(value)
  return values.some(isMask) ? 'is set to a mask, which is no value' : undefined
}
