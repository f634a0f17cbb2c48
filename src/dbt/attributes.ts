// Reads the extended attributes that a promotion compares, one request each: there is no list of them.
import {
  contentOf,
  decodeAttributes,
  readAttributes,
  textsIn,
  type Attributes
} from '../promotion/kinds/attributes.ts'
import type { Place } from '../promotion/kinds/request.ts'
import { comparedAttributes } from '../promotion/desired/details.ts'
import type { Snapshot } from '../promotion/snapshot.ts'
import type { PromotionSpec } from '../promotion/spec/spec.ts'
import { decoded, type Clients, type DbtClient } from './client.ts'

interface Sides {
  readonly source: Snapshot
  readonly target: Snapshot
}

/** Both sides with the extended attributes of the promoted environments. */
export async function withAttributes(
  clients: Clients,
  spec: PromotionSpec,
  { source, target }: Sides
): Promise<Sides> {
  const wanted = comparedAttributes(spec, source, target)
  const [ofSource, ofTarget] = await Promise.all([
    readAll(clients.source, source, wanted.source),
    readAll(clients.target, target, wanted.target)
  ])
  return {
    source: { ...source, attributes: ofSource },
    target: { ...target, attributes: ofTarget }
  }
}

/** Reads records of a project. "Not found" may be a missing permission, and is never taken for "there is none". */
export async function readAll(
  client: DbtClient,
  { account, project }: Snapshot,
  ids: readonly number[]
): Promise<ReadonlyMap<number, Attributes>> {
  const place = { account, project: project.id }
  const all = await Promise.all(ids.map((id) => readOne(client, place, id)))
  return new Map(all.map((each) => [each.id, each] as const))
}

async function readOne(client: DbtClient, place: Place, own: number): Promise<Attributes> {
  const request = readAttributes(place, own)
  const doing = `Reading extended attributes of the ${client.side.role} project`
  const raw = await client.send(request, doing)
  const record = decoded(request, doing, client.side, () => decodeAttributes(raw))
  client.conceal(textsIn(contentOf(record.values)))
  return record
}
