// Checks whether credentials belong to a project.
import { listCredentials, readCredentials } from '../kinds/lookups.ts'
import type { Place } from '../model/request.ts'
import type { DbtClient } from './client.ts'
import { isDenied } from './error.ts'

/**
 * Whether credentials belong to a project. Those of another project are "not found" in this one, and so are all to a token
 * that may not see any, which gives `unknown`: the list tells the two apart.
 */
export async function credentialsState(
  client: DbtClient,
  place: Place,
  own: number
): Promise<readonly [number, 'own' | 'foreign' | 'unknown']> {
  const doing = 'Checking the credentials of the target project'
  try {
    const raw = await client.send(readCredentials(place, own), doing)
    const isOwn = raw['id'] === own && (raw['project_id'] ?? place.project) === place.project
    return [own, isOwn ? 'own' : 'foreign']
  } catch (error) {
    if (!isDenied(error)) throw error
  }
  try {
    await client.listUnpaged(listCredentials(place), doing)
    return [own, 'foreign']
  } catch (error) {
    if (!isDenied(error)) throw error
    return [own, 'unknown']
  }
}
