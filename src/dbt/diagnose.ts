// Tells apart, as far as the API allows, why a project can't be read: the token sees no such account, or the account
// has no such project that it may see. Both are 404, and so is a missing permission.
import { Failure } from '../model/failure.ts'
import { listAccounts } from '../kinds/lookups.ts'
import { listProjects } from '../kinds/project.ts'
import { nearest } from '../model/near.ts'
import type { DbtClient } from './client.ts'
import { DbtError } from './error.ts'

/**
 * The failure that says most about a project that was not found.
 * @param error what reading the project gave
 */
export async function diagnosed(
  client: DbtClient,
  project: number,
  error: unknown
): Promise<unknown> {
  if (!(error instanceof DbtError) || error.status !== 404) return error
  const { role, account, host, tokenInput } = client.side
  const accounts = await idsOf(client.listUnpaged(listAccounts(), doing))
  if (accounts === undefined) return error
  const token = `The token in input ${tokenInput}`
  if (!accounts.some((each) => each.id === account)) {
    const seen = accounts.map((each) => String(each.id)).join(', ')
    return new Failure(
      'not-found',
      `${error.message} ${token} may see on ${host} ${seen === '' ? 'no account' : `account ${seen}`}, not ${account}.`,
      `Check the account id, or use a token of account ${account}.`,
      { cause: error }
    )
  }
  const projects = (await idsOf(client.list(listProjects(account), doing))) ?? []
  const ids = projects.map((each) => String(each.id))
  return new Failure(
    'not-found',
    `${error.message} ${token} may see account ${account}, but no project ${project} in it.`,
    `Check ${role}-project, or give the token the permission ${role === 'source' ? 'Job Viewer' : 'Job Admin'} on it. ` +
      nearest(String(project), ids),
    { cause: error }
  )
}

const doing = 'Finding out what the token may see'

interface Named {
  readonly id: number
}

// What can't be found out is not said; the first error says enough.
async function idsOf(list: ReturnType<DbtClient['list']>): Promise<readonly Named[] | undefined> {
  try {
    return (await list).flatMap(({ id }) => (typeof id === 'number' ? [{ id }] : []))
  } catch {
    return undefined
  }
}
