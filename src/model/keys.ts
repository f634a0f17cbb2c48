// Keys: how resources of the desired state name each other before they have ids in the target.
import { nameKey } from './names.ts'

/** The kinds of objects: each has an id, and fields by a table. */
export type Kind = 'attributes' | 'environment' | 'job'

/** What holds values of variables instead of fields: a variable of the project, and the override of one for a job. */
export type ValueKind = 'variable' | 'override'

/** `environment:production` or `job:production/Nightly`; unique in a desired state. */
export type Key = `${Kind | ValueKind}:${string}`

/** The key of an environment's extended attributes. */
export function attributesKey(environment: string): Key {
  return `attributes:${part(environment)}`
}

/** The key of a variable. */
export function variableKey(name: string): Key {
  return `variable:${part(name)}`
}

/** The key of an override, by its variable and the names of its job in the target. */
export function overrideKey(environment: string, job: string, name: string): Key {
  return `override:${part(environment)}/${part(job)}/${part(name)}`
}

/** The key of an environment by its name in the target. */
export function environmentKey(name: string): Key {
  return `environment:${part(name)}`
}

/** The key of a job by the names of its environment and itself in the target. */
export function jobKey(environment: string, name: string): Key {
  return `job:${part(environment)}/${part(name)}`
}

// A slash in a name must not make two keys one.
function part(name: string): string {
  return nameKey(name).replaceAll('%', '%25').replaceAll('/', '%2F')
}
