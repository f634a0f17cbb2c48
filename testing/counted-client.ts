// The sandbox as a transport, without a network: it counts requests, and rounds that had to wait for each other.
import { handle, type State } from '../sandbox/index.ts'
import { dbtClient, type DbtClient } from '../src/dbt/client.ts'
import { HiddenTexts } from '../src/model/hide.ts'
import type { HttpAnswer, HttpRequest, Transport } from '../src/dbt/transport.ts'

/** A client of the sandbox, and what it sent. */
export interface CountedClient {
  readonly client: DbtClient
  /** Paths with queries, one list for each round of requests that were under way together. */
  readonly rounds: readonly (readonly string[])[]
  readonly sent: () => number
}

/**
 * A client whose requests are answered together: all that are sent before anything is answered make one round.
 * @param alter changes an answer on its way
 */
export function countedClient(
  state: State,
  token: string,
  {
    role = 'source',
    account,
    alter = (_request, answer) => answer
  }: {
    readonly role?: 'source' | 'target'
    readonly account: number
    readonly alter?: (request: HttpRequest, answer: HttpAnswer) => HttpAnswer
  }
): CountedClient {
  const rounds: string[][] = []
  let waiting: { readonly request: HttpRequest; readonly answer: (value: HttpAnswer) => void }[] =
    []
  const answerAll = (): void => {
    const batch = waiting
    waiting = []
    rounds.push(batch.map(({ request }) => request.path))
    for (const { request, answer } of batch) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const { response } = handle(state, { ...request, headers, body: request.body })
      answer(alter(request, response))
    }
  }
  const transport: Transport = (request) =>
    new Promise((resolve) => {
      // Whatever the answers of the last round set off is sent before this callback runs.
      if (waiting.length === 0) setImmediate(answerAll)
      waiting.push({ request, answer: resolve })
    })
  const side = { role, host: 'ab123.us1.dbt.com', account, tokenInput: 'token' }
  return {
    client: dbtClient(side, transport, new HiddenTexts([token])),
    rounds,
    sent: () => rounds.flat().length
  }
}
