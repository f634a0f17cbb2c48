// Environment variables: API v3, below a project. A variable is its values: the default of the project, and those of
// environments, which the API keys by the environment's NAME. A secret is shown as a mask.
import { isList, isObject, type Json, type JsonObject } from '../model/json.ts'
import { hiddenText, id, object, ShapeError } from '../model/decode.ts'
import type { Place, Request } from '../model/request.ts'

/** One value, as the API shows it. */
interface HeldValue {
  readonly id: number
  readonly value: string
}

/** A variable with its values, by the API's scope: `project`, or the exact name of an environment. */
export interface Variable {
  readonly name: string
  readonly values: ReadonlyMap<string, HeldValue>
  /** The scopes whose value could not be read; that of the project where nothing could. */
  readonly faults: ReadonlyMap<string, ShapeError>
}

/** The scope of the project's default. An environment of this name can't be told from it. */
export const projectScope = 'project'

/** Names of environments that the bodies and answers of the API use for something else. */
export const reservedScopes: readonly string[] = [projectScope, 'name', 'new_name']

/** Whether the platform keeps the values of a variable of this name to itself. */
export function isSecretName(name: string): boolean {
  return name.startsWith('DBT_ENV_SECRET')
}

/** Whether a value is a mask, which stands for one that can't be read and must never be written. */
export function isMask(value: string): boolean {
  return /^\*+$/.test(value)
}

/** Reads all variables of a project from an answer, in the order of their names. @throws ShapeError where there are none */
export function decodeVariables(raw: JsonObject): readonly Variable[] {
  return Object.entries(object(raw['variables'], 'variables'))
    .map(([name, scopes]) => decodeVariable(name, scopes))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function decodeVariable(name: string, scopes: Json): Variable {
  const at = `variable ${name}`
  if (!isObject(scopes)) {
    const fault = new ShapeError(at, 'an object', scopes, true)
    return { name, values: new Map(), faults: new Map([[projectScope, fault]]) }
  }
  const values = new Map<string, HeldValue>()
  const faults = new Map<string, ShapeError>()
  for (const [scope, held] of Object.entries(scopes)) {
    try {
      const value = decodeValue(held, `${at}: ${scope}`)
      if (value) values.set(scope, value)
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      faults.set(scope, error)
    }
  }
  return { name, values, faults }
}

/** Reads one value; undefined where there is none. @throws ShapeError that names no value */
export function decodeValue(held: Json | undefined, at: string): HeldValue | undefined {
  if (held === undefined || held === null) return undefined
  if (!isObject(held)) throw new ShapeError(at, 'an object', held, true)
  const { value } = held
  // The API takes an empty value for none.
  if (value === null || value === '') return undefined
  return { id: id(held['id'], `${at}: id`), value: hiddenText(value, `${at}: value`) }
}

/** What the answer to a write says against single values; the specification does not say in which form. @throws ShapeError */
export function answeredFailures({ failures = null }: JsonObject): JsonObject {
  if (failures === null || (isList(failures) && failures.length === 0)) return {}
  return object(failures, 'failures')
}

/** The path below which the variables of a project live. */
export function variablesPath({ account, project }: Place): string {
  return `/api/v3/accounts/${account}/projects/${project}/environment-variables/`
}

/** Reads all variables of a project; there are no pages. */
export function listVariables(place: Place): Request {
  return {
    method: 'GET',
    path: `${variablesPath(place)}environment/`,
    retry: 'read',
    confidential: true
  }
}

/**
 * Creates a variable with values by scope. A value for an environment that the platform does not know (yet) is left
 * out without a word, so the values must be read back.
 */
export function createVariable(
  place: Place,
  name: string,
  values: ReadonlyMap<string, string>
): Request {
  return {
    method: 'POST',
    path: `${variablesPath(place)}bulk/`,
    // An object, as Terraform's provider sends it, where the specification draws a list.
    body: { env_var: { new_name: name, ...Object.fromEntries(unmasked(values)) } },
    retry: 'create',
    sensitive: [...values.values()]
  }
}

/**
 * Writes values of a variable: those that it has by their ids, new ones by the names of their environments. A 200 may
 * hold failures, and the name of an environment that has a value changes nothing, so the values must be read back.
 */
export function updateVariable(
  place: Place,
  name: string,
  values: ReadonlyMap<string, string>
): Request {
  return {
    method: 'PUT',
    path: `${variablesPath(place)}bulk/`,
    body: { env_vars: { name, ...Object.fromEntries(unmasked(values)) } },
    retry: 'replace',
    sensitive: [...values.values()]
  }
}

function unmasked(values: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...values].map(([scope, value]) => [scope, notMasked(value)] as const)
}

/** A value that may be written. @throws when it is a mask: the last line of defence, since no plan writes one */
export function notMasked(value: string): string {
  if (isMask(value)) throw new Error('A masked value must not be written.')
  return value
}
