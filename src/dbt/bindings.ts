// Finds out whether the extended attributes and profiles that the spec names belong to a project.
import type { Environment } from '../kinds/environment.ts'
import { listProfiles, readOwned } from '../kinds/lookups.ts'
import type { Place } from '../model/request.ts'
import type { OwnedPath, OwnedRef, OwnedState, Ownership } from '../model/owned.ts'
import type { DbtClient } from './client.ts'
import { isDenied } from './error.ts'

/** What looking at one object showed; `hidden` is "not found" or "no permission", which the API does not tell apart. */
type Seen = 'own' | 'foreign' | 'hidden'

/**
 * Whose the bindings are. Those that an environment of the project has are its own, and need no request.
 * @param environments the environments of the project
 */
export async function checkOwned(
  client: DbtClient,
  place: Place,
  refs: readonly OwnedRef[],
  environments: readonly Environment[]
): Promise<readonly OwnedState[]> {
  const blind = new Map<OwnedPath, Promise<boolean>>()
  const isBlind = (path: OwnedPath): Promise<boolean> => {
    const known = blind.get(path) ?? seesNone(client, place, path, environments)
    blind.set(path, known)
    return known
  }
  const ownership = async ({ path, id }: OwnedRef): Promise<Ownership> => {
    if (environments.some(({ values }) => values[path] === id)) return 'own'
    const seen = await look(client, place, path, id)
    if (seen !== 'hidden') return seen
    return (await isBlind(path)) ? 'unknown' : 'foreign'
  }
  return Promise.all(refs.map(async (ref) => ({ ...ref, ownership: await ownership(ref) })))
}

async function look(client: DbtClient, place: Place, path: OwnedPath, id: number): Promise<Seen> {
  try {
    const raw = await client.send(readOwned(place, path, id), doing)
    const isOwn = raw['id'] === id && (raw['project_id'] ?? place.project) === place.project
    return isOwn ? 'own' : 'foreign'
  } catch (error) {
    if (!isDenied(error)) throw error
    return 'hidden'
  }
}

// Profiles have a list, which a token sees or does not see. Extended attributes have none: there, one that is evidently
// the project's own shows whether the token sees any; without such a one, "not found" is taken at its word.
async function seesNone(
  client: DbtClient,
  place: Place,
  path: OwnedPath,
  environments: readonly Environment[]
): Promise<boolean> {
  if (path === 'primary_profile_id') return !(await mayList(client, place))
  const witness = environments.map(({ values }) => values[path] ?? null).find((id) => id !== null)
  return witness !== undefined && (await look(client, place, path, witness)) === 'hidden'
}

async function mayList(client: DbtClient, place: Place): Promise<boolean> {
  try {
    await client.listUnpaged(listProfiles(place), doing)
    return true
  } catch (error) {
    if (!isDenied(error)) throw error
    return false
  }
}

const doing = 'Checking what the target project has'
