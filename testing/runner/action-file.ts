// The action's own action.yml: what its users, and therefore its tests, may give it.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

/** The parts of an action.yml that matter to this action. */
export interface ActionFile {
  readonly inputs: Readonly<Record<string, ActionInput>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: { readonly using: string; readonly main: string }
}

export interface ActionInput {
  readonly description: string
  /** As the YAML has it; the runner wants a text. */
  readonly default?: unknown
  readonly required?: unknown
}

/** The folder of the action. */
export const actionFolder = path.join(import.meta.dirname, '../..')

/** The action.yml of this checkout. */
export const actionFile = parse(
  readFileSync(path.join(actionFolder, 'action.yml'), 'utf8')
) as ActionFile

/** What is promised to later steps, in the order of action.yml. */
export const promisedOutputs: readonly string[] = Object.keys(actionFile.outputs)

/**
 * The inputs as the runner hands them on: those of the workflow over the defaults of action.yml.
 * @throws when an input does not exist: in a workflow that is only a warning, in a test it is a slip
 */
export function withDefaults(
  given: Readonly<Record<string, string>>
): Readonly<Record<string, string>> {
  const unknown = Object.keys(given).filter((name) => !(name in actionFile.inputs))
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`)
  // An expression is for the runner to evaluate.
  const defaults = Object.entries(actionFile.inputs).flatMap(([name, input]) =>
    typeof input.default === 'string' && !input.default.includes('${{')
      ? [[name, input.default]]
      : []
  )
  return { ...(Object.fromEntries(defaults) as Record<string, string>), ...given }
}
