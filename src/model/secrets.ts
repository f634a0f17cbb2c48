// Secrets that the user gives: which there are, and, for apply alone, what they are.
import { nameKey, quoted } from './names.ts'
import { nearest } from './near.ts'
import type { GivenSecrets } from './spec.ts'

/** The values of secrets by the name of the variable: one for everywhere, or one for each place. */
export type SecretValues = ReadonlyMap<string, string | ReadonlyMap<string, string>>

/** Which secrets there are, without their values. */
export function givenIn(values: SecretValues): GivenSecrets {
  return new Map(
    [...values].map(([name, value]) => [name, typeof value === 'string' ? null : [...value.keys()]])
  )
}

/** The place of an override, as the user writes it. */
export function overridePlace(environment: string, job: string): string {
  return `${environment}/${job}`
}

/** Whether a secret is given for a place: `project`, an environment, or `environment/job`, by names in the target. */
export function isGiven(given: GivenSecrets, name: string, place: string): boolean {
  const places = given.get(name)
  return places !== undefined && (places === null || places.some((each) => isPlace(each, place)))
}

/** The value of a secret that is given for a place. @throws when it is not: then no plan has written it */
export function secretAt(values: SecretValues, name: string, place: string): string {
  const value = valueAt(values, name, place)
  if (value === undefined) throw new Error(`The secret ${name} is not given for ${place}.`)
  return value
}

/** The value that is given for a place: the one for everywhere, or its own; undefined where there is none. */
export function valueAt(values: SecretValues, name: string, place: string): string | undefined {
  const value = values.get(name)
  if (value === undefined || typeof value === 'string') return value
  return [...value].find(([each]) => isPlace(each, place))?.[1]
}

/** Whether two texts name one place. */
export function isPlace(a: string, b: string): boolean {
  return nameKey(a) === nameKey(b)
}

/**
 * Warnings of secrets that nothing is done with: a slip of the name, mostly.
 * @param places where the source has values, by the name of the variable
 */
export function idleSecrets(
  given: GivenSecrets,
  places: ReadonlyMap<string, readonly string[]>
): readonly string[] {
  return [...given].flatMap(([name, wanted]) => {
    const known = places.get(name)
    if (!known) {
      return [
        `The secret ${name} is given, and the source has no such variable here: it is not written. ` +
          (places.size === 0 ? '' : nearest(name, [...places.keys()]))
      ]
    }
    const idle = (wanted ?? []).filter((place) => !known.some((each) => isPlace(each, place)))
    if (idle.length === 0) return []
    // They are not repeated: a secret that is a map itself has parts of it where the places should be.
    return [
      `The secret ${name} is given for ${idle.length === 1 ? 'a place' : `${idle.length} places`} where the ` +
        'source has no value of it: there it is not written. ' +
        `The source has values for ${known.map(quoted).join(', ')}.`
    ]
  })
}
