// Lists the credentials of the target where a plan has something to say of them: an environment that lacks them, or ids
// that belong elsewhere. Everywhere else it costs nothing.
import { lacksCredentials } from '../promotion/details.ts'
import { decodeCredentials } from '../kinds/credentials.ts'
import { listCredentials } from '../kinds/lookups.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'
import type { Pairs } from '../promotion/pair.ts'
import { decoded, type DbtClient } from './client.ts'
import { isPassable } from './error.ts'

/** The credentials of the target, where they are of interest; none where the token may not see them. */
export async function readListed(
  client: DbtClient,
  pairs: Pairs,
  target: Snapshot
): Promise<Snapshot['listedCredentials']> {
  if (!lacksCredentials(pairs, target)) return []
  const request = listCredentials(placeOf(target))
  const doing = 'Looking for credentials of the target project'
  try {
    const raw = await client.listUnpaged(request, doing)
    const active = raw.filter(({ state }) => state !== 2)
    return decoded(request, doing, client.side, () => active.map(decodeCredentials))
  } catch (error) {
    // A plan is not stopped for want of a hint.
    if (!isPassable(error)) throw error
    return []
  }
}
