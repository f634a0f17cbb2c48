// Preloaded into a process (`node --import`) whose waits are not to take their time: its clock and its timers run fifty
// times as fast. What sockets wait for is not affected.
const factor = 50
const realNow = Date.now.bind(Date)
const realSetTimeout = globalThis.setTimeout
const start = realNow()

Date.now = () => start + (realNow() - start) * factor
globalThis.setTimeout = (callback, milliseconds = 0, ...rest) =>
  realSetTimeout(callback, milliseconds / factor, ...rest)
