// Reads environment variables and the overrides of jobs.
import { decodeOverrides, readOverrides, type Overrides } from '../kinds/override.ts'
import type { Place } from '../model/request.ts'
import { decodeVariables, listVariables, type Variable } from '../kinds/variable.ts'
import { decoded, type DbtClient } from './client.ts'
import { isPassable } from './error.ts'

/** Reads all variables of a project. Secrets come as masks. */
export async function readVariables(client: DbtClient, place: Place): Promise<readonly Variable[]> {
  const request = listVariables(place)
  const doing = `Reading the variables of the ${client.side.role} project`
  const raw = await client.send(request, doing)
  const all = decoded(request, doing, client.side, () => decodeVariables(raw))
  client.conceal(all.flatMap(({ values }) => [...values.values()].map(({ value }) => value)))
  return all
}

/** Reads all variables of a project for a warning's sake; null where they can't be read. */
export async function readVariablesIfSeen(
  client: DbtClient,
  place: Place
): Promise<readonly Variable[] | null> {
  try {
    return await readVariables(client, place)
  } catch (error) {
    // A promotion is not stopped for want of a warning, unless it is stopped anyway.
    if (!isPassable(error)) throw error
    return null
  }
}

/** Reads the overrides of one job. */
export async function readOverridesOf(
  client: DbtClient,
  place: Place,
  job: number
): Promise<Overrides> {
  const request = readOverrides(place, job)
  const doing = `Reading the variables of a job of the ${client.side.role} project`
  const raw = await client.send(request, doing)
  const overrides = decoded(request, doing, client.side, () => decodeOverrides(raw))
  client.conceal([...overrides.values()].map(({ value }) => value))
  return overrides
}
