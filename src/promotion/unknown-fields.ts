// Fields that the API has and this version does not know: told by name, never a silent loss. On what is written they are
// a warning, or an alarm where the write resets them; on everything else a line for whoever looks for it.
import type { Alarm } from '../model/alarm.ts'
import { isOfValues, type Change } from '../model/change.ts'
import type { Key } from '../model/keys.ts'
import { quoted } from '../model/names.ts'
import type { Snapshot } from './snapshot.ts'

/** What is said of unknown fields. */
export interface UnknownFields {
  readonly alarms: readonly Alarm[]
  readonly warnings: readonly string[]
  readonly details: readonly string[]
}

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
): UnknownFields {
  const environments = written(changes, 'environment')
  const jobs = written(changes, 'job')
  const fromSource = ', which is not promoted. A newer version may.'
  const ofSource = [
    told('source environment', source?.environments ?? [], environments.sources, fromSource),
    told('source job', source?.jobs ?? [], jobs.sources, fromSource)
  ]
  const ofEnvironments = told('target environment', target.environments, environments.targets, '')
  const ofJobs = told(
    'target job',
    target.jobs,
    jobs.targets,
    ', which may be reset by an update. A newer version may.'
  )
  const resets = holders(target.environments).flatMap((each) =>
    resetAlarms(each, environments.targets.get(each.id))
  )
  return {
    alarms: resets,
    warnings: [...ofSource, ofJobs].flatMap(({ warnings }) => warnings),
    details: [...ofSource, ofEnvironments, ofJobs].flatMap(({ details }) => details)
  }
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
  return unknown.map((path) => ({
    kind: 'protected',
    key,
    message:
      `The update of environment ${id} ${quoted(name)} resets the field ${path}, ` +
      'which this version does not know. A newer version may.'
  }))
}

function told(
  what: string,
  resources: readonly Read[],
  writtenIds: { readonly has: (id: number) => boolean },
  end: string
): Pick<UnknownFields, 'warnings' | 'details'> {
  const all = holders(resources)
  const isWritten = ({ id }: Read): boolean => writtenIds.has(id)
  return {
    warnings: lines(what, all.filter(isWritten), end),
    details: lines(
      what,
      all.filter((each) => !isWritten(each)),
      '. Nothing is written there.'
    )
  }
}

function lines(what: string, resources: readonly Read[], end: string): readonly string[] {
  const paths = [...new Set(resources.flatMap(({ unknown }) => unknown))].sort()
  return paths.map((path) => {
    const all = resources.filter(({ unknown }) => unknown.includes(path))
    const more = all.length > 1 ? ` and ${all.length - 1} more` : ''
    return `${what} ${all[0]?.id}${more}: this version does not know the field ${path}${end}`
  })
}
