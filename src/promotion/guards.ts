// Guards: how much a promotion may change, and what it must not touch.
import { isData, isOfValues, type Change } from '../model/change.ts'
import { words } from '../kinds/words.ts'
import { environmentKey, type Key } from '../model/keys.ts'
import { quoted } from '../model/names.ts'
import { nearest } from '../model/near.ts'
import {
  notice,
  problem,
  problemOrWarning,
  type Note,
  type Problem,
  type Remark
} from '../model/remark.ts'
import { spelling } from './spelling.ts'
import { captures, type Selectable, type Selector } from '../model/selector.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { PromotionSpec } from '../model/spec.ts'

/** What guards a target. */
export type Guards = Pick<PromotionSpec, 'maxChanges' | 'protect'>

/** The problems of a plan that changes too much, or something that is protected. */
export function guardProblems(spec: Guards, changes: readonly Change[]): readonly Problem[] {
  const writing = changes.filter(({ op }) => op !== 'unchanged')
  const byKey = new Map(changes.map((each) => [each.key, each] as const))
  const guarded = writing.filter((change) =>
    spec.protect.some((selector) =>
      namesOf(change, byKey).some((each) => captures(selector, each) !== undefined)
    )
  )
  const limit = spec.maxChanges
  return [
    ...(limit !== null && writing.length > limit
      ? [
          problem(
            `The plan has ${writing.length} changes, and max-changes allows ${limit}.`,
            'Look whether they are all meant, and raise max-changes if they are.'
          )
        ]
      : []),
    ...guarded.map((change) =>
      problem(
        `The plan would ${change.op} ${whatOf(change)} which is protected.`,
        'Leave it out of the selection, or take it off the list in protect.'
      )
    )
  ]
}

function whatOf({ kind, name }: Change): string {
  return `${words[kind].named(quoted(name))},`
}

/**
 * What is said of lines of `protect` that match nothing, now or by this plan: a warning, since several promotions may
 * share a list, but for one whose parts do.
 */
export function idleProtect(
  { protect }: Guards,
  changes: readonly Change[],
  target: Snapshot
): readonly Remark[] {
  if (protect.length === 0) return []
  const all = [
    ...target.environments,
    ...target.jobs,
    ...changes.flatMap((change) => namesOf(change, new Map()))
  ]
  const idle = protect.filter((selector) =>
    all.every((each) => captures(selector, each) === undefined)
  )
  return [...new Map(idle.map((selector) => [selector.text, selector])).values()].map((selector) =>
    problemOrWarning(
      `The line ${quoted(selector.text)} in protect matches nothing in project ${quoted(target.project.name)}.`,
      spelling(selector, all),
      nearTo(selector, all)
    )
  )
}

// Who asks by id is shown ids; what is not there yet has none.
function nearTo(selector: Selector, all: readonly Selectable[]): string {
  if (selector.by === 'name') {
    return nearest(
      selector.text,
      all.map(({ name }) => name)
    )
  }
  const ids = all.map(({ id }) => id).filter((id) => id > 0)
  return nearest(String(selector.id), ids.map(String))
}

// A change is protected by the id and the name in the target, and by the name that the target has until then; an
// override by those of its job too. Extended attributes have no name and an id that nobody sees, which may be the id of
// some job: they are protected by those of their environment.
function namesOf(change: Change, byKey: ReadonlyMap<Key, Change>): readonly Selectable[] {
  if (isOfValues(change)) {
    const { name, job } = change
    const ofJob = job ? byKey.get(job.key) : undefined
    return [
      { id: 0, name },
      ...(job ? [{ id: 0, name: job.name }] : []),
      ...(ofJob ? namesOf(ofJob, byKey) : [])
    ]
  }
  if (!words[change.kind].isKnownByName) {
    const environment = byKey.get(environmentKey(change.name))
    return environment ? namesOf(environment, byKey) : [{ id: 0, name: change.name }]
  }
  const id = change.op === 'create' ? 0 : change.id
  const renamed =
    change.op === 'update'
      ? change.fields.filter(isData).find(({ path }) => path === 'name')?.before
      : undefined
  return [
    { id, name: change.name },
    ...(typeof renamed === 'string' ? [{ id, name: renamed }] : [])
  ]
}

/** What no promotion brings along for new jobs. */
export function creationNotices(changes: readonly Change[]): readonly Note[] {
  const count = changes.filter(({ op, kind }) => op === 'create' && kind === 'job').length
  if (count === 0) return []
  return [
    notice(
      `${count === 1 ? 'The new job has' : `The ${count} new jobs have`} no notifications: they are not promoted, ` +
        'so set them in the target.'
    )
  ]
}
