// A stand-in for GitHub on loopback, with faults on order. Only its GraphQL API is there.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { execute, type GraphQLRequest } from './execute.ts'
import { emptyGitHub, type GitHubState } from './state.ts'

/** One request that came. */
export interface GitHubRequest {
  /** The name of the GraphQL operation. */
  readonly operation: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly authorization: string
}

/** What goes wrong with the n-th request of an operation from then on, counted from 1; without `times` only once. */
export interface GitHubFault {
  readonly operation: string
  readonly nth?: number
  readonly times?: number
  /** Whether the request is carried out all the same. */
  readonly commit?: boolean
  /** Another answer, none, silence, or one that never ends. */
  readonly respond:
    | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
    | 'reset'
    | 'hang'
    | 'stall'
}

export interface GitHubServer {
  readonly url: string
  readonly state: GitHubState
  readonly requests: readonly GitHubRequest[]
  readonly addFault: (fault: GitHubFault) => void
  readonly clearFaults: () => void
  readonly close: () => Promise<void>
}

/** Starts it on a free port. */
export async function startGitHub(state: GitHubState = emptyGitHub()): Promise<GitHubServer> {
  const requests: GitHubRequest[] = []
  const faults: GitHubFault[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url, headers } = request
    const text = await textOf(request)
    const authorization = headers.authorization ?? ''
    const send = (status: number, body: unknown, more: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...more })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    if (method !== 'POST' || url !== '/graphql') {
      send(404, { message: 'Not Found', status: '404' })
      return
    }
    const parsed = JSON.parse(text) as GraphQLRequest
    const operation = /^\s*(?:query|mutation)\s+(\w+)/.exec(parsed.query)?.[1] ?? ''
    requests.push({ operation, variables: parsed.variables ?? {}, authorization })
    const token = authorization.replace(/^(token|bearer) /i, '')
    if (!Object.hasOwn(state.tokens, token)) {
      send(401, { message: 'Bad credentials', status: '401' })
      return
    }
    const fault = faultOf(faults, requests, operation)
    const result = fault && fault.commit !== true ? undefined : await execute(state, token, parsed)
    if (!fault) send(200, result)
    else if (fault.respond === 'reset') request.socket.destroy()
    else if (fault.respond === 'stall')
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":')
    else if (fault.respond !== 'hang')
      send(fault.respond.status, fault.respond.body, fault.respond.headers)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    state,
    requests,
    // Counted from now on.
    addFault: (fault) => {
      const { length } = requests.filter(({ operation }) => operation === fault.operation)
      faults.push({ ...fault, nth: (fault.nth ?? 1) + length })
    },
    clearFaults: () => {
      faults.length = 0
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      })
  }
}

function faultOf(
  faults: readonly GitHubFault[],
  requests: readonly GitHubRequest[],
  operation: string
): GitHubFault | undefined {
  const count = requests.filter((each) => each.operation === operation).length
  return faults.find(
    ({ operation: of, nth = 1, times = 1 }) =>
      of === operation && count >= nth && count < nth + times
  )
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
