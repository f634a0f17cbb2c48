// dbt versions: what is on one that the platform removes, and what goes back to an older one.
import { alarm, warning, type Alarm, type Note, type Remark } from '../model/remark.ts'
import { isData, isOfValues, type Change, type ObjectChange } from '../model/change.ts'
import type { Selected } from './select.ts'
import { asText, type Json } from '../model/json.ts'
import { environmentKey, type Key } from '../model/keys.ts'
import { listed, quoted } from '../model/names.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/**
 * 1.3 to 1.7 leave the platform on that day, and environments and jobs that are still on them are deleted; what is older
 * has left before (docs.getdbt.com, guide "Migrate off legacy dbt versions", 2026).
 */
const removal = { last: { major: 1, minor: 7 }, day: '2027-01-31' } as const

const what = `dbt ${removal.last.major}.${removal.last.minor} and older on ${removal.day}`

/** More names are counted. */
const mostNamed = 20

/** An environment or a job with the version that is set for it, and the one that it runs with. */
interface Versioned {
  readonly key: Key
  readonly label: string
  readonly own: Step
  readonly effective: Step
}

/** Null before for what is not there yet, and where nothing is known. */
interface Step {
  readonly before: string | null
  readonly after: string | null
}

/**
 * What there is to say of the versions that a plan leaves in the target.
 * @param changes those of the plan, unchanged ones included
 */
export function versionFindings(changes: readonly Change[], target: Snapshot): readonly Remark[] {
  const all = versioned(changes, target)
  const named = all.map(({ label, own }) => ({ label, version: own.after }))
  return [
    ...removalWarnings('target', named),
    ...all.flatMap(({ key, label, own, effective }) =>
      own.before !== own.after && goesBack(effective) ? [alarmOf(key, label, effective)] : []
    )
  ]
}

/** What is selected in the source and would be deleted there. */
export function sourceVersionWarnings({ environments, jobs }: Selected): readonly Note[] {
  const named = (kind: string, { name, values }: Selected['environments' | 'jobs'][number]) => ({
    label: `${kind} ${quoted(name)}`,
    version: values.dbt_version ?? null
  })
  return removalWarnings('source', [
    ...environments.map((each) => named('environment', each)),
    ...jobs.map((each) => named('job', each))
  ])
}

function versioned(changes: readonly Change[], target: Snapshot): readonly Versioned[] {
  const environments = new Map(target.environments.map((each) => [each.id, each]))
  const jobs = new Map(target.jobs.map((each) => [each.id, each]))
  const objects = changes.flatMap((change) => (isOfValues(change) ? [] : [change]))
  const ofEnvironments = objects
    .filter(({ kind }) => kind === 'environment')
    .map((change): Versioned => {
      const own = ownVersions(change, environments)
      return {
        key: change.key,
        label: `environment ${quoted(change.name)}`,
        own,
        effective: own
      }
    })
  const planned = new Map([
    ...target.environments.map(
      ({ name, values }) => [environmentKey(name), values.dbt_version ?? null] as const
    ),
    ...ofEnvironments.map(({ key, own }) => [key, own.after] as const)
  ])
  const ofJobs = objects
    .filter(({ kind, op }) => kind === 'job' && op !== 'pause')
    .map((change): Versioned => {
      const own = ownVersions(change, jobs)
      const home = 'id' in change ? (jobs.get(change.id)?.values.environment_id ?? 0) : 0
      return {
        key: change.key,
        label: `job ${quoted(change.name)} in ${quoted(change.environment ?? '')}`,
        own,
        // A job without a version of its own has that of its environment.
        effective: {
          before: own.before ?? environments.get(home)?.values.dbt_version ?? null,
          after: own.after ?? planned.get(environmentKey(change.environment ?? '')) ?? null
        }
      }
    })
  return [...ofEnvironments, ...ofJobs]
}

interface Held {
  readonly values: { readonly dbt_version?: string | null }
}

function ownVersions(change: ObjectChange, all: ReadonlyMap<number, Held>): Step {
  const before = 'id' in change ? (all.get(change.id)?.values.dbt_version ?? null) : null
  const text = (value: Json | undefined): string | null => (value ? asText(value) : null)
  if (change.op === 'create') return { before, after: text(change.values['dbt_version']) }
  const field =
    change.op === 'update'
      ? change.fields.filter(isData).find(({ path }) => path === 'dbt_version')
      : undefined
  return { before, after: field ? text(field.after) : before }
}

function removalWarnings(
  side: 'source' | 'target',
  all: readonly { readonly label: string; readonly version: string | null }[]
): readonly Note[] {
  const doomed = all.flatMap(({ label, version }) =>
    version !== null && isRemoved(version) ? [`${label} (${version})`] : []
  )
  if (doomed.length === 0) return []
  return [
    warning(
      `The platform removes ${what}, and deletes the environments and jobs that are still on them. ` +
        `In the ${side}: ${listed(doomed, mostNamed)}. ` +
        'Move them to a release track, such as latest: in the source, or for the target with dbt-version for environments ' +
        'and dbt_version in a rule for jobs.'
    )
  ]
}

function alarmOf(key: Key, label: string, { before, after }: Step): Alarm {
  const fate = isRemoved(after ?? '')
    ? `. The platform removes ${what}, and deletes the environments and jobs that are still on them.`
    : '.'
  const who = label.charAt(0).toUpperCase() + label.slice(1)
  const way = `back from dbt ${before} to ${after}${fate}`
  return alarm('version', key, `${who} goes ${way}`, `${who} went ${way}`)
}

// From a release track, which the platform keeps up to date, to a version that stays as it is; or to one that is removed.
function goesBack({ before, after }: Step): boolean {
  if (before === null || after === null || !isPinned(after)) return false
  return !isPinned(before) || (isRemoved(after) && !isRemoved(before))
}

function isPinned(version: string): boolean {
  return /^\d+\.\d+/.test(version)
}

function isRemoved(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
  const { last } = removal
  if (Number(major) !== last.major) return Number(major) < last.major
  return Number(minor) <= last.minor
}
