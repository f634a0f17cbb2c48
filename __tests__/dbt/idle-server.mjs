// A server in a thread of its own, so that it goes on while the thread of the test is busy: it ends connections that are
// idle for some milliseconds, in the way that it is told, and counts them.
import { createServer } from 'node:http'
import { setImmediate, setTimeout } from 'node:timers'
import { parentPort, workerData } from 'node:worker_threads'

const { idleMs, end } = workerData
const waiting = new WeakMap()
let connections = 0
let requests = 0

const server = createServer((message, response) => {
  const { socket } = message
  waiting.delete(socket)
  message.resume().on('end', () => {
    requests++
    response.end(JSON.stringify({ requests, connections }))
  })
  response.on('finish', () => {
    // What has arrived by then is read first, however busy this thread was.
    const close = () => {
      if (waiting.get(socket) !== timer) return
      if (end === 'rst') socket.resetAndDestroy()
      else socket.end()
    }
    const timer = setTimeout(() => setImmediate(close), idleMs)
    waiting.set(socket, timer)
  })
})
server.keepAliveTimeout = 0
server.on('connection', () => connections++)
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
