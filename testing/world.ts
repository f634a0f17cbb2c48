// Platforms for tests, said as they are: an account with projects, these with environments, these with jobs. What is not
// said is as the builders of the sandbox make it.
import {
  addAccount,
  addConnection,
  addCredentials,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addProject,
  addToken,
  addVariable,
  emptyState,
  type Connection,
  type Environment,
  type Features,
  type Given,
  type GivenVariable,
  type Job,
  type JsonObject,
  type Project,
  type State,
  type TokenGrants
} from '../sandbox/index.ts'

/** An environment and its jobs. */
export interface GivenEnvironment extends Given<Environment> {
  readonly jobs?: readonly Given<Job>[]
}

/** A project and all that is in it. */
export interface GivenProject extends Given<Project> {
  /** Ids of credentials; an environment that names none gets the first, but for one for development. */
  readonly credentials?: readonly number[]
  /** Contents of extended attributes, by id. */
  readonly attributes?: Readonly<Record<number, JsonObject>>
  readonly environments?: readonly GivenEnvironment[]
  readonly variables?: readonly GivenVariable[]
}

/** An account. */
export interface GivenAccount {
  readonly id: number
  readonly features?: Partial<Features>
  /** Tokens, with what each may do in which projects; everything, where that is not said. */
  readonly tokens: Readonly<Record<string, TokenGrants['projects'] | undefined>>
  /** The first is that of all projects that name none. */
  readonly connections?: readonly Given<Connection>[]
  readonly projects: readonly GivenProject[]
}

/** A platform of accounts. */
export function platform(...accounts: readonly GivenAccount[]): State {
  const state = emptyState()
  for (const account of accounts) addWholeAccount(state, account)
  return state
}

function addWholeAccount(
  state: State,
  { id, features = {}, tokens, connections = [], projects }: GivenAccount
): void {
  addAccount(state, { id, features })
  for (const [token, grants] of Object.entries(tokens))
    addToken(state, token, [...(state.tokens[token]?.accounts ?? []), id], grants)
  const [connection_id = null] = connections.map((each) => addConnection(state, id, each))
  for (const project of projects) addWholeProject(state, id, { connection_id, ...project })
}

/** Adds a project with all that is in it. */
export function addWholeProject(state: State, account: number, given: GivenProject): number {
  const { credentials = [], attributes = {}, environments = [], variables = [], ...own } = given
  const project = addProject(state, account, own)
  for (const id of credentials) addCredentials(state, project, { id })
  for (const [id, content] of Object.entries(attributes))
    addExtendedAttributes(state, project, {
      id: Number(id),
      extended_attributes: content
    })
  const [credentials_id = null] = credentials
  for (const { jobs = [], ...each } of environments) {
    const bound = each.type === 'development' ? each : { credentials_id, ...each }
    const environment = addEnvironment(state, project, bound)
    for (const job of jobs) addJob(state, environment, job)
  }
  for (const variable of variables) addVariable(state, project, variable)
  return project
}
