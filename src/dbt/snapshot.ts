// Reads one side into a snapshot: project, first pages and all, in two dependent rounds (three by project name).
import { Failure } from '../failure.ts'
import type { JsonObject } from '../promotion/json.ts'
import { int } from '../promotion/kinds/decode.ts'
import { decodeEnvironment, listEnvironments } from '../promotion/kinds/environment.ts'
import { decodeJob, listJobs } from '../promotion/kinds/job.ts'
import {
  decodeProject,
  listProjects,
  readProject,
  type Project
} from '../promotion/kinds/project.ts'
import type { Request } from '../promotion/kinds/request.ts'
import { nameKey, quoted } from '../promotion/names.ts'
import { nearest } from '../promotion/near.ts'
import type { Snapshot } from '../promotion/snapshot.ts'
import type { Side } from '../promotion/spec.ts'
import { decoded, type DbtClient } from './client.ts'

/** Reads what a side holds now. @throws Failure when it can't be read whole */
export async function readSnapshot(client: DbtClient, side: Side): Promise<Snapshot> {
  const found =
    'name' in side.project ? await projectByName(client, side, side.project.name) : undefined
  const id = found?.id ?? ('id' in side.project ? side.project.id : 0)
  const place = { account: side.account, project: id }
  const { role } = client.side
  const [project, environments, jobs] = await Promise.allSettled([
    found ?? projectById(client, side.account, id),
    listed(
      client,
      listEnvironments(place),
      `Reading the environments of the ${role} project`,
      decodeEnvironment
    ),
    listed(client, listJobs(place), `Reading the jobs of the ${role} project`, decodeJob)
  ])
  // All three fail when the project is not there; the project's own error says it best.
  return {
    origin: side.origin,
    account: side.account,
    project: settled(project),
    environments: settled(environments).filter(({ values }) => values.project_id === id),
    jobs: settled(jobs).filter(({ values }) => values.project_id === id)
  }
}

function settled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason
  return result.value
}

async function projectById(client: DbtClient, account: number, id: number): Promise<Project> {
  const request = readProject(account, id)
  const doing = `Reading the ${client.side.role} project`
  const raw = await client.send(request, doing)
  const { deleted, ...project } = decoded(request, doing, client.side, () => decodeProject(raw))
  if (deleted) {
    throw new Failure(
      'not-found',
      `The ${client.side.role} project ${String(id)} ${quoted(project.name)} is deleted.`,
      `Name another project in ${client.side.role}-project.`
    )
  }
  return project
}

async function projectByName(client: DbtClient, side: Side, name: string): Promise<Project> {
  const { role } = client.side
  const input = `${role}-project`
  const request = listProjects(side.account, name)
  const doing = `Looking for the ${role} project by its name`
  const raw = await client.list(request, doing)
  const all = raw
    .map((each) => decoded(request, doing, client.side, () => decodeProject(each)))
    .filter(({ deleted }) => !deleted)
  const [project, ...more] = all.filter((each) => nameKey(each.name) === nameKey(name))
  if (!project) {
    throw new Failure(
      'not-found',
      `The account has no project ${quoted(name)} that the token in input ${client.side.tokenInput} may see.`,
      `Check ${input} (the whole name, upper and lower case), or give the id. ${
        all.length > 0
          ? nearest(
              name,
              all.map((each) => each.name)
            )
          : ''
      }`.trim()
    )
  }
  if (more.length > 0) {
    const ids = [project, ...more].map((each) => String(each.id)).join(', ')
    throw new Failure(
      'not-found',
      `The account has ${String(more.length + 1)} projects named ${quoted(name)}: ${ids}.`,
      `Give the id in ${input}.`
    )
  }
  const { deleted: _deleted, ...found } = project
  return found
}

async function listed<T>(
  client: DbtClient,
  request: Request,
  doing: string,
  decode: (raw: JsonObject) => T
): Promise<readonly T[]> {
  const raw = await client.list(request, doing)
  return decoded(request, doing, client.side, () => raw.filter(isActive).map(decode))
}

// The list asks for active objects; some endpoints have ignored that.
function isActive(raw: JsonObject): boolean {
  return raw['state'] === undefined || raw['state'] === null || int(raw['state'], 'state') !== 2
}
