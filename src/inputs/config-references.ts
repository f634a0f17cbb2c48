// What the config file says references and connections of the source stand for in the target.
import type { ConfigJobReference, LocatedConfig } from './config.ts'
import { problem, type Problem } from '../model/remark.ts'
import { parseNamed } from '../model/selector.ts'
import type { ConnectionRef, MappedJob, PromotionSpec } from '../model/spec.ts'

/** The mappings of the file; without a file there are none. */
export function readReferences(
  located: LocatedConfig | undefined,
  problems: Problem[]
): Pick<PromotionSpec, 'references' | 'connections'> {
  const { references, connections } = located?.config ?? {}
  const idOf = (text: string, path: readonly string[]): number => {
    if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
    problems.push(
      problem(`${text} is no id.`, 'Give the id of the source object.', located?.at(path))
    )
    return 0
  }
  return {
    references: {
      jobs: new Map(
        Object.entries(references?.jobs ?? {}).map(([from, to]) => [
          idOf(from, ['references', 'jobs', from]),
          jobOf(to)
        ])
      ),
      environments: new Map(
        Object.entries(references?.environments ?? {}).map(([from, to]) => [
          idOf(from, ['references', 'environments', from]),
          to
        ])
      ),
      unresolved: references?.unresolved ?? 'fail'
    },
    connections: Object.entries(connections ?? {}).map(([from, to]) => {
      const wrong = (fault: string): void => {
        const place = located?.at(['connections', from])
        problems.push(problem(`${fault}.`, 'Give an id, or an exact name.', place))
      }
      return { key: from, from: connectionOf(from, wrong), to: connectionOf(String(to), wrong) }
    })
  }
}

function jobOf(reference: ConfigJobReference): MappedJob {
  return typeof reference === 'number'
    ? { id: reference, project: null }
    : { id: reference.job, project: reference.project }
}

function connectionOf(text: string, wrong: (fault: string) => void): ConnectionRef {
  const named = parseNamed(text)
  if (!('error' in named)) return named
  wrong(named.error)
  return { name: text }
}
