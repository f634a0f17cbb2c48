// Connections that end when nothing was asked for a while, which the client is not told.

import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * How idle connections end. Servers and load balancers each have a limit of their own (Node 5 s, nginx 75 s), and need
 * not announce it; a client that writes at that moment gets a reset (nodejs/node#20256).
 */
export interface Idle {
  readonly ms: number
  /** By an orderly end, the default, or by a reset. */
  readonly end?: 'fin' | 'rst'
}

/** Lets the idle connections of a server end. */
export function endIdle(server: Server, { ms, end = 'fin' }: Idle): void {
  // Node's own limit would be announced in a header of each answer.
  server.keepAliveTimeout = 0
  const waiting = new WeakMap<Socket, NodeJS.Timeout>()
  const close = (socket: Socket, timer: NodeJS.Timeout): void => {
    if (waiting.get(socket) !== timer) return
    if (end === 'rst') socket.resetAndDestroy()
    else socket.end()
  }
  server.on('request', ({ socket }, answer) => {
    waiting.delete(socket)
    answer.on('finish', () => {
      // What has arrived by then is read first, however busy this process was.
      const timer = setTimeout(() => setImmediate(close, socket, timer), ms).unref()
      waiting.set(socket, timer)
    })
  })
}
