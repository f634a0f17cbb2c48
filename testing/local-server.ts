// A server on loopback that answers as a test wants it to, down to the socket.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A running server and what it has seen. */
export interface LocalServer {
  readonly origin: string
  readonly port: number
  readonly requests: readonly SeenRequest[]
  /** Every connection that was ever made. */
  readonly sockets: readonly Socket[]
  readonly close: () => Promise<void>
}

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<IncomingMessage['headers']>
  readonly body: string
}

/** Starts a server; `answer` gets each request when it has arrived as a whole. */
export async function serve(
  answer: (response: ServerResponse, request: SeenRequest) => void
): Promise<LocalServer> {
  const requests: SeenRequest[] = []
  const sockets: Socket[] = []
  const server = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const request = {
        method: message.method ?? '',
        path: message.url ?? '',
        headers: message.headers,
        body: Buffer.concat(chunks).toString('utf8')
      }
      requests.push(request)
      answer(response, request)
    })
  })
  server.on('connection', (socket) => sockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    port,
    requests,
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })
  }
}

/** The port of a server that is gone. */
export async function closedPort(): Promise<number> {
  const server = await serve(() => undefined)
  await server.close()
  return server.port
}
