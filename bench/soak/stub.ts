import { nowMicros } from '../job.ts'
import { serveStub } from '../stub-server.ts'
import { createReceived } from './received.ts'

/** `node bench/soak/stub.ts MILLISECONDS EVENTS`: answers each message of its parent with what it has accepted. */
const [latency, events] = process.argv.slice(2).map(Number) as [number, number]
const received = createReceived(events)
const server = serveStub(latency, (body) => received.take(body, nowMicros()))

process.on('message', () => {
  server.getConnections((_, sockets) => process.send?.({ ...received.report(), sockets }))
})
