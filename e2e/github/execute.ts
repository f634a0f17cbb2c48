// Answers GraphQL requests by GitHub's own published schema: a query that GitHub would not take, this does not take.
import { readFileSync } from 'node:fs'
import { buildSchema, graphql, GraphQLError, type GraphQLSchema } from 'graphql'
import {
  addComment,
  type Actor,
  type Comment,
  type GitHubState,
  type PullRequest,
  type Token
} from './state.ts'

// The package exports it only together with a form of it that takes long to read.
const file = new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url)

/** GitHub's public schema. */
export const githubSchema: GraphQLSchema = buildSchema(readFileSync(file, 'utf8'), {
  assumeValid: true
})

/** The longest comment, in characters. */
const mostCharacters = 65_536

/** One request. */
export interface GraphQLRequest {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
}

/** Answers a request of a token that is known, and changes the state as it asks. */
export async function execute(
  state: GitHubState,
  token: string,
  { query, variables }: GraphQLRequest
): Promise<unknown> {
  const by = state.tokens[token] ?? { login: '', pullRequests: 'none' }
  const rootValue = {
    // Not every server tells an app who it is.
    viewer: () => {
      throw forbidden()
    },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      if (owner !== state.owner || name !== state.name)
        throw fault(
          'NOT_FOUND',
          `Could not resolve to a Repository with the name '${owner}/${name}'.`
        )
      return repositoryOf(state, by)
    },
    ...mutationsOf(state, by)
  }
  const result = await graphql({
    schema: githubSchema,
    source: query,
    rootValue,
    variableValues: variables
  })
  // GitHub puts the type of an error beside its message.
  const errors = result.errors?.map(({ message, path, locations, extensions }) => ({
    ...(typeof extensions['type'] === 'string' ? { type: extensions['type'] } : {}),
    path,
    locations,
    message
  }))
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(errors ? { errors } : {})
  }
}

function repositoryOf(state: GitHubState, by: Token): unknown {
  return {
    pullRequest: ({ number }: { number: number }) => {
      if (by.pullRequests === 'none') throw forbidden()
      const found = state.pullRequests.find((each) => each.number === number)
      if (!found)
        throw fault(
          'NOT_FOUND',
          `Could not resolve to a PullRequest with the number of ${String(number)}.`
        )
      return shownPullRequest(state, found, by)
    },
    ref: ({ qualifiedName }: { qualifiedName: string }) => {
      const oid = state.tips[qualifiedName]
      if (by.contents === 'none' || oid === undefined) return null
      return { target: { __typename: 'Commit', oid } }
    },
    // Without the permission to read contents there is no commit to be seen, and no error.
    object: ({ oid }: { oid: string }) =>
      by.contents === 'none'
        ? null
        : {
            __typename: 'Commit',
            oid,
            associatedPullRequests: () => {
              if (by.pullRequests === 'none') throw forbidden()
              const nodes = state.pullRequests.filter(({ commits }) => commits.includes(oid))
              return { nodes: nodes.map((each) => shownPullRequest(state, each, by)) }
            }
          }
  }
}

function mutationsOf(state: GitHubState, by: Token): object {
  const assertMayWrite = (): void => {
    if (by.pullRequests !== 'write') throw forbidden()
  }
  const commentOf = (id: string): Comment => {
    const found = state.comments.find((each) => each.id === id)
    if (!found) throw unknownNode(id)
    return found
  }
  return {
    addComment: ({ input }: { input: { subjectId: string; body: string } }) => {
      assertMayWrite()
      const found = state.pullRequests.find(({ number }) => idOf(number) === input.subjectId)
      if (!found) throw unknownNode(input.subjectId)
      assertLength(input.body)
      const author = actorOf(by.login)
      const id = addComment(state, found.number, { body: input.body, author })
      return { commentEdge: { node: commentOf(id) } }
    },
    updateIssueComment: ({ input }: { input: { id: string; body: string } }) => {
      assertMayWrite()
      const found = commentOf(input.id)
      assertLength(input.body)
      const changed: Comment = { ...found, body: input.body, editor: actorOf(by.login) }
      state.comments = state.comments.map((each) => (each.id === input.id ? changed : each))
      return { issueComment: changed }
    },
    deleteIssueComment: ({ input }: { input: { id: string } }) => {
      assertMayWrite()
      const { id } = commentOf(input.id)
      state.comments = state.comments.filter((each) => each.id !== id)
      return { clientMutationId: null }
    }
  }
}

function shownPullRequest(state: GitHubState, pullRequest: PullRequest, by: Token): unknown {
  const { number, approvals } = pullRequest
  const viewer = actorOf(by.login)
  return {
    ...pullRequest,
    id: idOf(number),
    merged: pullRequest.state === 'MERGED',
    reviews: ({ last, states }: { last?: number; states?: readonly string[] }) => {
      const nodes = approvals.filter(({ state: of }) => states?.includes(of) ?? true)
      return { nodes: nodes.slice(-(last ?? 100)) }
    },
    comments: ({ last, before }: { last?: number; before?: string | null }) => {
      if (last === undefined || last < 1 || last > 100)
        throw fault('EXCESSIVE_PAGINATION', 'Requesting records exceeds the `last` limit of 100.')
      const all = state.comments.filter((each) => each.pullRequest === number)
      const end = before === undefined || before === null ? all.length : Number(before)
      const start = Math.max(0, end - last)
      return {
        nodes: all.slice(start, end).map((each) => ({
          ...each,
          viewerDidAuthor:
            each.author?.login === viewer.login && each.author.__typename === viewer.__typename
        })),
        pageInfo: { hasPreviousPage: start > 0, startCursor: end > start ? String(start) : null }
      }
    }
  }
}

function idOf(number: number): string {
  return `PR_${String(number)}`
}

function actorOf(login: string): Actor {
  const bot = /^(.*)\[bot\]$/.exec(login)?.[1]
  return bot === undefined ? { __typename: 'User', login } : { __typename: 'Bot', login: bot }
}

function assertLength(body: string): void {
  if (body.length > mostCharacters)
    throw fault(
      'UNPROCESSABLE',
      `Body is too long (maximum is ${String(mostCharacters)} characters)`
    )
}

function fault(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } })
}

function forbidden(): GraphQLError {
  return fault('FORBIDDEN', 'Resource not accessible by integration')
}

function unknownNode(id: string): GraphQLError {
  return fault('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`)
}
