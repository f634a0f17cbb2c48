// Fields that the API has and this version does not know: a warning by name, never a silent loss.
import type { Matched } from '../match/match.ts'
import type { Selected } from '../desired/select.ts'

interface Read {
  readonly id: number
  readonly unknown: readonly string[]
}

/** One warning for each field and side, with the first object that has it. */
export function unknownFields(selected: Selected, matched: Matched): readonly string[] {
  return [
    ...warnings('source environment', selected.environments, 'is not promoted'),
    ...warnings('source job', selected.jobs, 'is not promoted'),
    ...warnings(
      'target environment',
      [...matched.environments.values()],
      'may be reset by an update'
    ),
    ...warnings('target job', [...matched.jobs.values()], 'may be reset by an update')
  ]
}

function warnings(what: string, resources: readonly Read[], fate: string): readonly string[] {
  const paths = [...new Set(resources.flatMap(({ unknown }) => unknown))].sort()
  return paths.map((path) => {
    const holders = resources.filter(({ unknown }) => unknown.includes(path))
    const more = holders.length > 1 ? ` and ${String(holders.length - 1)} more` : ''
    return (
      `${what} ${String(holders[0]?.id)}${more}: this version does not know the field ${path}, ` +
      `which ${fate}. A newer version may.`
    )
  })
}
