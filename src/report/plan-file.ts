// The plan as a file: versioned JSON, the same for the same plan.
import { isOfValues, type Change, type Value } from '../model/change.ts'
import { words } from '../kinds/words.ts'
import type { Remark } from '../model/remark.ts'
import type { Plan } from '../promotion/plan.ts'

/**
 * The text of the plan file.
 * @param showValues whether to show the values of variables and extended attributes. Where they are hidden, the hash
 * still tells two plans apart.
 * @param hide keeps secrets out, which GitHub masks in logs and summaries, but not in files
 */
export function planFile(
  plan: Plan,
  showValues = false,
  hide: (text: string) => string = (text) => text
): string {
  const changes = showValues ? plan.changes : plan.changes.map(withoutValues)
  const told = { ...plan, changes, remarks: plan.remarks.map(planned) }
  const text = JSON.stringify(told, null, 2)
  // Nearly always there is nothing to hide, and then each text need not be looked at by itself.
  if (hide(text) === text) return `${text}\n`
  const shown = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? hide(value) : value
  return `${JSON.stringify(told, shown, 2)}\n`
}

// What is said once it is done is no part of a plan.
function planned(remark: Remark): Remark {
  if (remark.level !== 'alarm') return remark
  const { level, kind, key, message } = remark
  return { level, kind, key, message }
}

const hidden = { hidden: true } as const

function withoutValues(change: Change): unknown {
  if (isOfValues(change)) {
    const hide = (value: Value): unknown => (typeof value === 'string' ? hidden : value)
    const writes = change.writes.map(({ scope, before, after }) => ({
      scope,
      before: hide(before),
      after: hide(after)
    }))
    return { ...change, writes }
  }
  if (!words[change.kind].isHidden) return change
  if (change.op === 'create') {
    const values = Object.keys(change.values).map((path) => [path, hidden] as const)
    return { ...change, values: Object.fromEntries(values) }
  }
  if (change.op !== 'update') return change
  const fields = change.fields.map(({ path }) => ({ path, before: hidden, after: hidden }))
  return { ...change, fields }
}
