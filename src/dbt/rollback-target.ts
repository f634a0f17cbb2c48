// Reads what a rollback must know of the target: environments and jobs, and of the rest what its journal names.
import { isValuesEntry, type Journal } from '../rollback/journal.ts'
import { targetOf } from '../rollback/journal.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { deadAmong, readAll } from './attributes.ts'
import type { DbtClient } from './client.ts'
import { readOverridesOfAll } from './overrides.ts'
import { readSnapshot } from './snapshot.ts'
import { readVariables } from './variables.ts'

/**
 * Reads the target of a journal.
 * @throws Failure when it can't be read whole
 */
export async function readRollbackTarget(client: DbtClient, journal: Journal): Promise<Snapshot> {
  const values = journal.entries.filter(isValuesEntry)
  const overrides = values.filter(({ kind }) => kind === 'override')
  const needs = {
    credentials: [],
    owned: [],
    connections: false,
    overrides: overrides.length > 0
  }
  const target = await readSnapshot(client, targetOf(journal), needs, async (place) =>
    values.length > 0 ? readVariables(client, place) : null
  )
  const jobs = new Set(target.jobs.map(({ id }) => id))
  const named = new Set(overrides.flatMap(({ job }) => (job ? [job.key] : [])))
  const unknown = journal.entries.flatMap((entry) => {
    const id = isValuesEntry(entry) ? null : entry.id
    const isRead = id !== null && jobs.has(id) && !target.overrides.has(id)
    return isRead && named.has(entry.key) ? [id] : []
  })
  const [held, { attributes, deadAttributes }, dead] = await Promise.all([
    readOverridesOfAll(client, target, unknown),
    readAll(client, target, recordsInUse(target, journal)),
    deadAmong(client, target, formerRecords(target, journal))
  ])
  return {
    ...target,
    overrides: held,
    attributes,
    deadAttributes: new Set([...deadAttributes, ...dead])
  }
}

// Only those that an environment refers to count for anything. One of these that is not found may be there, and not for
// this token to see.
function recordsInUse({ environments }: Snapshot, { entries }: Journal): readonly number[] {
  const used = new Set(environments.map(({ values }) => values.extended_attributes_id))
  return entries.flatMap((entry) =>
    entry.kind === 'attributes' && entry.id !== null && used.has(entry.id) ? [entry.id] : []
  )
}

// Those to which environments would be bound again.
function formerRecords({ environments }: Snapshot, { entries }: Journal): readonly number[] {
  const bound = new Map(environments.map(({ id, values }) => [id, values.extended_attributes_id]))
  return entries.flatMap((entry) => {
    if (isValuesEntry(entry) || entry.kind !== 'environment') return []
    const was = entry.before?.['extended_attributes_id']
    return typeof was === 'number' && bound.get(entry.id ?? 0) !== was ? [was] : []
  })
}
