// Values that the config file gives to variables of the target, under `variables.set`.
import { quoted } from '../model/names.ts'
import { nearest } from '../model/near.ts'
import { problem, type Problem } from '../model/remark.ts'
import { isPlace, valueAt } from '../model/secrets.ts'
import type { PromotionSpec } from '../model/spec.ts'

/**
 * The value that is set for a place. One for everywhere is for the places where the source has a value; one for a
 * single place is for that, whether or not the source has one.
 */
export function setAt(
  { variables }: PromotionSpec,
  name: string,
  place: string,
  isInSource: boolean
): string | undefined {
  const isForAll = typeof variables.set.get(name) === 'string'
  return isForAll && !isInSource ? undefined : valueAt(variables.set, name, place)
}

/**
 * The problems of values that nothing is done with: else the target would get the source's in their place.
 * @param places where variables get values, by their names
 */
export function idleSets(
  { variables }: PromotionSpec,
  places: ReadonlyMap<string, readonly string[]>
): readonly Problem[] {
  return [...variables.set].flatMap(([name, value]) => {
    const known = places.get(name)
    if (!known) {
      return [
        problem(
          `variables.set gives a value to ${name}, and the source has no such variable here.`,
          nearest(name, [...places.keys()])
        )
      ]
    }
    const wanted = typeof value === 'string' ? [] : [...value.keys()]
    return wanted
      .filter((place) => !known.some((each) => isPlace(each, place)))
      .map((place) =>
        problem(
          `variables.set gives ${name} a value for ${quoted(place)}, which is no place of it here.`,
          `Its places are ${known.map(quoted).join(', ')}.`
        )
      )
  })
}
