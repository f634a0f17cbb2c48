// Plans the overrides of the promoted jobs. The variable that one overrides must be in the target by then.
import type { ValuesChange } from '../model/change.ts'
import type { Desired } from '../model/desired.ts'
import { groupBy } from '../model/group.ts'
import { overrideKey } from '../model/keys.ts'
import type { Overrides } from '../kinds/override.ts'
import type { Matched } from './match.ts'
import { quoted } from '../model/names.ts'
import { alarm, problem, warning, type Alarm, type Problem } from '../model/remark.ts'
import { overridePlace } from '../model/secrets.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'
import { setAt } from './set-values.ts'
import { decide, opOf } from './values.ts'
import type { PlannedValues } from './variable-changes.ts'

/** Plans the overrides, in the order of their keys. */
export function overrideChanges(
  spec: PromotionSpec,
  jobs: readonly Desired[],
  source: Snapshot,
  target: Snapshot,
  matched: Matched
): readonly PlannedValues[] {
  const names = new Set((source.variables ?? []).map(({ name }) => name))
  return jobs
    .flatMap((job) => {
      const held = matched.jobs.get(job.key)
      const all = [...(source.overrides.get(job.source.id) ?? [])]
      const there = held ? target.overrides.get(held.id) : undefined
      const own = new Map(all.filter(([name]) => names.has(name)))
      return [
        ...ofJob(spec, job, own, there ?? new Map(), held !== undefined),
        ...all.flatMap(([name]) => (names.has(name) ? [] : [leftOver(name, job)]))
      ]
    })
    .toSorted((a, b) => ((a.change?.key ?? '') < (b.change?.key ?? '') ? -1 : 1))
}

// A variable that was deleted lives on in the overrides of jobs, where it counts for nothing.
function leftOver(variable: string, { name, source }: Desired): PlannedValues {
  return {
    change: null,
    missing: [],
    places: [],
    remarks: [
      warning(
        `Source job ${source.id} ${quoted(name)} overrides variable ${variable}, which the source project does not have any more: this override is not promoted.`
      )
    ]
  }
}

function ofJob(
  spec: PromotionSpec,
  job: Desired,
  own: Overrides,
  there: Overrides,
  isHeld: boolean
): readonly PlannedValues[] {
  const environment = job.environment?.name ?? ''
  const place = overridePlace(environment, job.name)
  return [...own].map(([name, { value }]): PlannedValues => {
    const held = there.get(name)?.value
    const set = setAt(spec, name, place, true)
    const isSet = set !== undefined
    const pair = { name, scope: job.key, place, wanted: set ?? value, isSet, held }
    const { writes, kept, missing } = decide(spec, [pair])
    const key = overrideKey(environment, job.name, name)
    const op = opOf(writes, held !== undefined)
    const change: ValuesChange = {
      op,
      kind: 'override',
      by: held === undefined ? 'new' : 'name',
      key,
      name,
      environment,
      job: { key: job.key, name: job.name },
      writes,
      kept
    }
    return {
      change: missing.length > 0 ? null : change,
      missing,
      places: [place],
      remarks: isHeld ? alarms(change, environment, job.name) : []
    }
  })
}

// A job that is there runs with another value from then on.
function alarms(
  { op, key, name }: ValuesChange,
  environment: string,
  job: string
): readonly Alarm[] {
  const where = `job ${quoted(job)} in ${quoted(environment)}`
  const own = 'a value of its own'
  const until = 'where that of the environment or the project counted until now'
  switch (op) {
    case 'create':
      return [
        alarm(
          'protected',
          key,
          `Variable ${name} gets ${own} for ${where}, ${until}.`,
          `Variable ${name} got ${own} for ${where}, ${until}.`
        )
      ]
    case 'update':
      return [
        alarm(
          'protected',
          key,
          `The value of variable ${name} for ${where} changes.`,
          `The value of variable ${name} for ${where} was changed.`
        )
      ]
    case 'unchanged':
      return []
  }
}

/**
 * What is overridden must be a variable of the target.
 * @param isPromoted whether variables are promoted: then this one has no value that comes along
 */
export function unknownVariables(
  overrides: readonly ValuesChange[],
  known: ReadonlySet<string>,
  where: string,
  isPromoted: boolean
): readonly Problem[] {
  const lost = overrides.filter(({ op, name }) => op !== 'unchanged' && !known.has(name))
  return [...groupBy(lost, ({ name }) => name)].map(([name, all]) => {
    const jobs = all.map(({ job }) => quoted(job?.name ?? '')).join(', ')
    return problem(
      `Variable ${name} is overridden for ${all.length === 1 ? 'job' : 'jobs'} ${jobs}, and project ${quoted(where)} has no such variable.`,
      isPromoted
        ? 'The source has no value of it for the project or a promoted environment: create it in the target.'
        : 'Add variables to resources, or create it in the target.'
    )
  })
}
