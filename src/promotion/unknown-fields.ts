// Fields that the API has and this version does not know: told by name, never a silent loss. On what is written they are
// a warning, or an alarm where the write resets them; on everything else a line for whoever looks for it.
import { alarm, detail, warning, type Alarm, type Remark } from '../model/remark.ts'
import { isOfValues, type Change } from '../model/change.ts'
import type { Key } from '../model/keys.ts'
import { quoted } from '../model/names.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

interface Read {
  readonly id: number
  readonly name: string
  readonly unknown: readonly string[]
}

/**
 * What is said of unknown fields: of each field, kind and side once, with the first object that holds it.
 * @param source null for a rollback, which asks nothing of the source
 */
export function unknownFields(
  changes: readonly Change[],
  source: Snapshot | null,
  target: Snapshot
): readonly Remark[] {
  const environments = written(changes, 'environment')
  const jobs = written(changes, 'job')
  const fromSource = ', which is not promoted. A newer version may.'
  const byUpdate = ', which may be reset by an update. A newer version may.'
  return [
    ...holders(target.environments).flatMap((each) =>
      resetAlarms(each, environments.targets.get(each.id))
    ),
    ...told('source environment', source?.environments ?? [], environments.sources, fromSource),
    ...told('source job', source?.jobs ?? [], jobs.sources, fromSource),
    ...told('target environment', target.environments, environments.targets, null),
    ...told('target job', target.jobs, jobs.targets, byUpdate)
  ]
}

/** The ids of what is written, on both sides, with the keys of what the target has. */
interface Written {
  readonly sources: ReadonlySet<number>
  readonly targets: ReadonlyMap<number, Key>
}

function written(changes: readonly Change[], kind: 'environment' | 'job'): Written {
  const own = changes.flatMap((change) =>
    isOfValues(change) || change.kind !== kind || change.op === 'unchanged' ? [] : [change]
  )
  return {
    sources: new Set(own.map((change) => change.source.id)),
    targets: new Map(
      own.flatMap((change) => ('id' in change ? [[change.id, change.key] as const] : []))
    )
  }
}

function holders<T extends Read>(resources: readonly T[]): readonly T[] {
  return resources.filter(({ unknown }) => unknown.length > 0)
}

// An environment is replaced as a whole, and what is not sent is reset.
function resetAlarms({ id, name, unknown }: Read, key: Key | undefined): readonly Alarm[] {
  if (key === undefined) return []
  return unknown.map((path) =>
    alarm(
      'protected',
      key,
      `The update of environment ${id} ${quoted(name)} resets the field ${path}, ` +
        'which this version does not know. A newer version may.'
    )
  )
}

/** @param end what a write does to them; null where an alarm says it */
function told(
  what: string,
  resources: readonly Read[],
  writtenIds: { readonly has: (id: number) => boolean },
  end: string | null
): readonly Remark[] {
  const all = holders(resources)
  const isWritten = ({ id }: Read): boolean => writtenIds.has(id)
  const others = all.filter((each) => !isWritten(each))
  return [
    ...(end === null ? [] : lines(what, all.filter(isWritten), end).map(warning)),
    ...lines(what, others, '. Nothing is written there.').map(detail)
  ]
}

function lines(what: string, resources: readonly Read[], end: string): readonly string[] {
  const paths = [...new Set(resources.flatMap(({ unknown }) => unknown))].sort()
  return paths.map((path) => {
    const all = resources.filter(({ unknown }) => unknown.includes(path))
    const more = all.length > 1 ? ` and ${all.length - 1} more` : ''
    return `${what} ${all[0]?.id}${more}: this version does not know the field ${path}${end}`
  })
}
