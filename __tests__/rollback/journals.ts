// Journals of promotions, and what a run that was killed leaves of them.
import { readRollbackTarget } from '../../src/dbt/rollback-target.ts'
import { parseJournal } from '../../src/inputs/read-journal.ts'
import type { Journal } from '../../src/rollback/journal.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import { planRollback, type RollbackSpec } from '../../src/rollback/rollback.ts'
import type { World } from '../../testing/promote.ts'

/** A journal that is right. @throws when it is not */
export function journalOf(text: string): Journal {
  const { journal, problems } = parseJournal(text)
  if (!journal) throw new Error(problems.map(({ message }) => message).join(' '))
  return journal
}

/** The plan of a rollback, from what the target holds now. */
export async function planOf(
  world: World,
  text: string,
  more: Partial<RollbackSpec> = {}
): Promise<Plan> {
  const journal = journalOf(text)
  const client = world.client('target', journal.head.target.account)
  const target = await readRollbackTarget(client, journal)
  return planRollback(
    { project: undefined, maxChanges: null, protect: [], ...more },
    journal,
    target
  )
}

/** A journal with nothing but what is planned, as a run leaves it that is killed at once. */
export function fallen(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{"journal"') || line.startsWith('{"op"'))
    .map((line) => `${line}\n`)
    .join('')
}
