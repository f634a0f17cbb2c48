// Reads the extended attributes that a promotion compares, one request each: there is no list of them.
import { Failure } from '../model/failure.ts'
import {
  contentOf,
  decodeAttributes,
  readAttributes,
  textsIn,
  type Attributes
} from '../kinds/attributes.ts'
import { comparedAttributes } from '../promotion/details.ts'
import { quoted } from '../model/names.ts'
import { placeOf, type Sides, type Snapshot } from '../kinds/snapshot.ts'
import type { Pairs } from '../promotion/pair.ts'
import { decoded, type Clients, type DbtClient } from './client.ts'
import { DbtError, isDenied } from './error.ts'

/** Both sides with the extended attributes of the promoted environments. */
export async function withAttributes(
  clients: Clients,
  pairs: Pairs,
  { source, target }: Sides
): Promise<Sides> {
  const wanted = comparedAttributes(pairs)
  const [ofSource, ofTarget] = await Promise.all([
    readAll(clients.source, source, wanted.source),
    readAll(clients.target, target, wanted.target)
  ])
  return { source: { ...source, ...ofSource }, target: { ...target, ...ofTarget } }
}

/** Records that were asked for: those that are there, and those that are not there any more. */
type ReadRecords = Pick<Snapshot, 'attributes' | 'deadAttributes'>

/** Reads records of a project. @throws Failure where it is not known whether one is there */
export async function readAll(
  client: DbtClient,
  side: Snapshot,
  ids: readonly number[]
): Promise<ReadRecords> {
  const all = await Promise.all(
    ids.map(async (id) => ({ id, read: await readOne(client, side, id) }))
  )
  return {
    attributes: new Map(all.flatMap(({ id, read }) => (read ? [[id, read] as const] : []))),
    deadAttributes: new Set(all.flatMap(({ id, read }) => (read ? [] : [id])))
  }
}

/** Those of some records that are evidently not there any more; of one that the token may not see, nothing is known. */
export async function deadAmong(
  client: DbtClient,
  side: Snapshot,
  ids: readonly number[]
): Promise<readonly number[]> {
  const all = await Promise.all(
    ids.map(async (id) => {
      const isThere = await look(client, side, id).catch((error: unknown) => {
        if (isDenied(error)) return true
        throw error
      })
      return isThere ? [] : [id]
    })
  )
  return all.flat()
}

async function readOne(
  client: DbtClient,
  side: Snapshot,
  own: number
): Promise<Attributes | undefined> {
  try {
    return await look(client, side, own)
  } catch (error) {
    if (!isDenied(error) || !(error instanceof Failure)) throw error
    const { reason, message, remedy } = error
    throw new Failure(
      reason,
      `${message} They are those of ${usersOf(own, side)}.`,
      `${remedy} Or take extended-attributes out of resources.`,
      { cause: error }
    )
  }
}

async function look(
  client: DbtClient,
  { account, project }: Snapshot,
  own: number
): Promise<Attributes | undefined> {
  const request = readAttributes(placeOf({ account, project }), own)
  const doing = `Reading extended attributes of the ${client.side.role} project`
  try {
    const raw = await client.send(request, doing)
    const record = decoded(request, doing, client.side, () => decodeAttributes(raw))
    client.conceal(textsIn(contentOf(record.values)))
    return record
  } catch (error) {
    if (isDead(error)) return undefined
    throw error
  }
}

function usersOf(own: number, { environments }: Snapshot): string {
  const users = environments.filter(({ values }) => values.extended_attributes_id === own)
  const names = users.map(({ name }) => quoted(name)).join(', ')
  return `${users.length === 1 ? 'environment' : 'environments'} ${names}`
}

// The API has words of its own for a record that is not there (404-extended-attributes.json among the recorded answers).
// In any other words, "not found" may be a missing permission or come from a proxy.
function isDead(error: unknown): boolean {
  return (
    error instanceof DbtError &&
    error.status === 404 &&
    error.isOfApi &&
    error.message.includes('Extended Attributes record was not found')
  )
}
