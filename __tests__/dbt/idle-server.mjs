// A server in a thread of its own, so that it goes on while the thread of the test is busy: it ends connections that are
// idle for some milliseconds, in the way that it is told, and counts them.
import { createServer } from 'node:http'
import { clearTimeout, setTimeout } from 'node:timers'
import { parentPort, workerData } from 'node:worker_threads'

const { idleMs, end } = workerData
const timers = new WeakMap()
let connections = 0
let requests = 0

const server = createServer((message, response) => {
  const { socket } = message
  clearTimeout(timers.get(socket))
  message.resume().on('end', () => {
    requests++
    response.end(JSON.stringify({ requests, connections }))
  })
  response.on('finish', () => {
    const close = () => (end === 'rst' ? socket.resetAndDestroy() : socket.end())
    timers.set(socket, setTimeout(close, idleMs))
  })
})
server.keepAliveTimeout = 0
server.on('connection', () => connections++)
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
