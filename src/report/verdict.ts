// The verdict: one line that says how the run ended, the first that anyone reads.
import { groupBy } from '../model/group.ts'
import { hasChanges } from '../promotion/plan.ts'
import { words } from '../kinds/words.ts'
import { counted, fateTexts } from './phrases.ts'
import { byLevel } from '../model/remark.ts'
import { mayHaveWritten, rowsOf, type Fate, type Result, type Row } from './result.ts'

/** The verdict of a run, without a full stop. It holds nothing but words of ours and numbers. */
export function verdict(result: Result): string {
  const { plan, outcomes, failure, mode } = result
  const work = plan?.undoes === undefined ? 'promotion' : 'rollback'
  if (!plan) {
    return failure
      ? 'Nothing was changed: the promotion stopped before it had a plan'
      : 'Nothing was done'
  }
  const { problems } = byLevel(plan.remarks)
  if (problems.length > 0) {
    return `Nothing was changed: the plan has ${counted(problems.length, 'problem')}`
  }
  const rows = rowsOf(result)
  // Of a promotion, something is always selected, or it has a problem.
  if (work === 'rollback' && rows.length === 0) return 'Nothing to do: nothing is left to undo'
  if (outcomes !== null) return applied(rows, work)
  if (failure && mode === 'apply')
    return `Nothing was changed: the ${work} stopped before its first write`
  if (!hasChanges(plan)) return `No changes: ${tally(rows)}`
  return `${mode === 'check' ? 'The target differs' : 'Plan'}: ${tally(rows)}`
}

function applied(rows: readonly Row[], work: 'promotion' | 'rollback'): string {
  if (rows.every(({ fate }) => fate === 'unchanged')) return `Nothing to do: ${tally(rows)}`
  const isDone = ({ fate }: Row): boolean =>
    ['created', 'updated', 'paused', 'unchanged'].includes(fate)
  if (rows.every(isDone))
    return `${work === 'promotion' ? 'Promoted' : 'Rolled back'}: ${tally(rows)}`
  return `${mayHaveWritten(rows) ? `The ${work} is incomplete` : 'Nothing was changed'}: ${tally(rows)}`
}

/** How many of what have which fate: `1 environment and 3 jobs created, 2 jobs updated, 93 unchanged`. */
export function tally(rows: readonly Row[]): string {
  const byFate = groupBy(rows, ({ fate }) => fate)
  const fates = Object.entries(fateTexts) as readonly (readonly [Fate, string])[]
  const parts = fates.flatMap(([fate, text]) => {
    const all = byFate.get(fate) ?? []
    if (all.length === 0) return []
    return [`${fate === 'unchanged' ? String(all.length) : things(all)} ${text}`]
  })
  return parts.length === 0 ? 'nothing is selected' : parts.join(', ')
}

function things(rows: readonly Row[]): string {
  const kinds = Object.entries(words).flatMap(
    ([
      kind,
      {
        called: [one, several]
      }
    ]) => {
      const { length } = rows.filter(({ change }) => change.kind === kind)
      return length === 0 ? [] : [`${length} ${length === 1 ? one : several}`]
    }
  )
  return [kinds.slice(0, -1).join(', '), ...kinds.slice(-1)]
    .filter((text) => text !== '')
    .join(' and ')
}
