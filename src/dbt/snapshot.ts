// Reads both sides into snapshots: projects, first pages and all, in two dependent rounds (three by project name).
import { Failure } from '../model/failure.ts'
import type { JsonObject } from '../model/json.ts'
import { decodeEnvironment, listEnvironments, type Environment } from '../kinds/environment.ts'
import { decodeJob, listJobs, type Job } from '../kinds/job.ts'
import { nestedOverrides, type Overrides } from '../kinds/override.ts'
import type { Variable } from '../kinds/variable.ts'
import { decodeConnections, listConnections } from '../kinds/lookups.ts'
import { decodeProject, listProjects, readProject, type Project } from '../kinds/project.ts'
import type { Place, Request } from '../model/request.ts'
import { nameKey, quoted } from '../model/names.ts'
import { nearest } from '../model/near.ts'
import {
  sourceNeeds,
  targetNeeds,
  type Needs,
  type Sides,
  type Snapshot
} from '../kinds/snapshot.ts'
import type { Pairs } from '../promotion/pair.ts'
import type { PromotionSpec, Side } from '../model/spec.ts'
import { checkOwned } from './bindings.ts'
import { decoded, type Clients, type DbtClient } from './client.ts'
import { credentialsState } from './credentials.ts'
import { withAttributes } from './attributes.ts'
import { diagnosed } from './diagnose.ts'
import { isDenied } from './error.ts'
import { readGone } from './gone.ts'
import { readListed } from './listed-credentials.ts'
import { withOverrides } from './overrides.ts'
import { readVariables, readVariablesIfSeen } from './variables.ts'

/**
 * Reads the lists of both sides, at the same time.
 * @throws Failure when one can't be read whole
 */
export async function readLists(clients: Clients, spec: PromotionSpec): Promise<Sides> {
  const variables = variableReaders(clients, spec)
  const [source, target] = await Promise.all([
    readSnapshot(clients.source, spec.source, sourceNeeds(spec), variables.source).finally(() => {
      variables.tell(false)
    }),
    readSnapshot(clients.target, spec.target, targetNeeds(spec), variables.target)
  ])
  return { source, target }
}

/**
 * Reads what pairs need besides the lists.
 * @throws Failure when something of it can't be read
 */
export async function readDetails(clients: Clients, pairs: Pairs, sides: Sides): Promise<Sides> {
  const { source, target } = sides
  const [complete, gone, listedCredentials] = await Promise.all([
    withOverrides(clients, pairs, sides).then((both) => withAttributes(clients, pairs, both)),
    readGone(clients.source, pairs.spec, source, target),
    readListed(clients.target, pairs, target)
  ])
  return {
    source: { ...complete.source, gone },
    target: { ...complete.target, listedCredentials }
  }
}

/** Reads the variables of a project, or not. */
type ReadVariables = (place: Place) => Promise<readonly Variable[] | null>

// Where variables are not promoted, only their names are of interest: to warn of those that the target lacks, which
// needs no question where the source has none.
function variableReaders(
  clients: Clients,
  spec: PromotionSpec
): {
  readonly source: ReadVariables
  readonly target: ReadVariables
  tell: (has: boolean) => void
} {
  const { variables, overrides } = spec.resources
  if (variables || overrides) {
    return {
      source: (place) => readVariables(clients.source, place),
      target: (place) => readVariables(clients.target, place),
      tell: () => undefined
    }
  }
  let tell: (has: boolean) => void = () => undefined
  const sourceHasSome = new Promise<boolean>((resolve) => {
    tell = resolve
  })
  return {
    source: async (place) => {
      const all = await readVariablesIfSeen(clients.source, place)
      tell((all ?? []).length > 0)
      return all
    },
    target: async (place) =>
      (await sourceHasSome) ? readVariablesIfSeen(clients.target, place) : null,
    tell
  }
}

/**
 * Reads what a side holds now.
 * @param needs what the spec must know besides
 * @param variables reads the variables
 * @throws Failure when it can't be read whole
 */
export async function readSnapshot(
  client: DbtClient,
  side: Side,
  needs: Needs,
  variables: ReadVariables = () => Promise.resolve(null)
): Promise<Snapshot> {
  const found =
    'name' in side.project ? await projectByName(client, side, side.project.name) : undefined
  const id = found?.id ?? ('id' in side.project ? side.project.id : 0)
  const place = { account: side.account, project: id }
  const environments = readEnvironments(client, place)
  const results = await Promise.allSettled([
    found ?? projectById(client, side.account, id),
    environments,
    readJobs(client, place, needs.overrides),
    environments.then((all) => checkCredentials(client, place, needs, all)),
    environments.then((all) => checkOwned(client, place, needs.owned, all)),
    needs.connections ? readConnections(client, side.account) : [],
    variables(place)
  ])
  const [project, ...rest] = results
  // All fail when the project is not there; the project's own error says it best.
  if (project.status === 'rejected') throw await diagnosed(client, id, project.reason)
  const [listed, jobs, credentials, owned, connections, held] = rest
  return {
    origin: side.origin,
    account: side.account,
    project: project.value,
    environments: settled(listed),
    ...settled(jobs),
    credentials: new Map(settled(credentials)),
    listedCredentials: [],
    owned: settled(owned),
    connections: settled(connections),
    gone: new Set(),
    variables: settled(held),
    attributes: new Map(),
    deadAttributes: new Set()
  }
}

// Credentials that an environment of the project has are evidently its own.
async function checkCredentials(
  client: DbtClient,
  place: Place,
  { credentials }: Needs,
  environments: readonly Environment[]
): Promise<readonly (readonly [number, 'own' | 'foreign' | 'unknown'])[]> {
  const used = new Set(environments.map(({ values }) => values.credentials_id))
  return Promise.all(
    credentials.map(async (own) =>
      used.has(own) ? ([own, 'own'] as const) : credentialsState(client, place, own)
    )
  )
}

/** Reads the environments of a project. */
export async function readEnvironments(
  client: DbtClient,
  place: Place
): Promise<readonly Environment[]> {
  const doing = `Reading the environments of the ${client.side.role} project`
  const all = await listed(client, listEnvironments(place), doing, decodeEnvironment)
  return all.filter(({ values }) => isIn(place, values))
}

/** The jobs of a project, with the overrides of those of which the list tells them. */
interface Jobs {
  readonly jobs: readonly Job[]
  readonly overrides: ReadonlyMap<number, Overrides>
}

/** Reads the jobs of a project. @param related whether to ask for their overrides along with them */
export async function readJobs(client: DbtClient, place: Place, related: boolean): Promise<Jobs> {
  const doing = `Reading the jobs of the ${client.side.role} project`
  const all = await listed(client, listJobs(place, related), doing, (raw) => ({
    job: decodeJob(raw),
    overrides: related ? nestedOverrides(raw['custom_environment_variables']) : null
  }))
  const own = all.filter(({ job }) => isIn(place, job.values))
  client.conceal(
    all.flatMap(({ overrides }) => [...(overrides?.values() ?? [])].map(({ value }) => value))
  )
  return {
    jobs: own.map(({ job }) => job),
    overrides: new Map(
      own.flatMap(({ job, overrides }) => (overrides ? [[job.id, overrides] as const] : []))
    )
  }
}

async function readConnections(
  client: DbtClient,
  account: number
): Promise<Snapshot['connections']> {
  const doing = 'Reading the connections of the account'
  try {
    const raw = await client.list(listConnections(account), doing)
    return decodeConnections(raw.filter(isActive))
  } catch (error) {
    // What the promotion can do without the list is for the plan to say.
    if (isDenied(error)) return 'unknown'
    throw error
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
      `The ${client.side.role} project ${id} ${quoted(project.name)} is deleted.`,
      `Name another project in ${client.side.role}-project.`
    )
  }
  return project
}

// What there is instead is only asked for where nothing fits.
async function projectNames(client: DbtClient, side: Side): Promise<readonly string[]> {
  const request = listProjects(side.account)
  const doing = 'Looking for projects with a similar name'
  return namesIn(await client.list(request, doing))
}

// Of the projects that are not meant, an odd one is nobody's business.
function namesIn(raw: readonly JsonObject[]): readonly string[] {
  return raw.flatMap(({ name, state }) => (typeof name === 'string' && state !== 2 ? [name] : []))
}

async function projectByName(client: DbtClient, side: Side, name: string): Promise<Project> {
  const { role } = client.side
  const input = `${role}-project`
  const request = listProjects(side.account, name)
  const doing = `Looking for the ${role} project by its name`
  const raw = await client.list(request, doing)
  const [project, ...more] = raw
    .filter((each) => namesIn([each]).some((own) => nameKey(own) === nameKey(name)))
    .map((each) => decoded(request, doing, client.side, () => decodeProject(each)))
  if (!project) {
    const near = namesIn(raw)
    const names = near.length > 0 ? near : await projectNames(client, side)
    throw new Failure(
      'not-found',
      `The account has no project ${quoted(name)} that the token in input ${client.side.tokenInput} may see.`,
      `Check ${input} (the whole name, upper and lower case), or give the id. ${nearest(name, names)}`
    )
  }
  if (more.length > 0) {
    const ids = [project, ...more].map((each) => String(each.id)).join(', ')
    throw new Failure(
      'not-found',
      `The account has ${more.length + 1} projects named ${quoted(name)}: ${ids}.`,
      `Give the id in ${input}.`
    )
  }
  return project
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

// The list is that of the project, so an object that does not tell its project belongs to it: to take it for absent
// would be to create it once more.
function isIn(place: Place, { project_id }: { readonly project_id?: number }): boolean {
  return project_id === undefined || project_id === place.project
}

// The list asks for active objects; some endpoints have ignored that.
function isActive(raw: JsonObject): boolean {
  return raw['state'] !== 2
}
