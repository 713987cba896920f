import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { StubReport } from './stub-report.ts'

/**
 * A PutEvents endpoint that accepts every entry after a set latency, with as little work as possible:
 * `node bench/stub.ts MILLISECONDS`. `/reset` restarts the count, `/report` returns it.
 */
const latency = Number(process.argv[2])

/** A key of each entry. Quotes inside `Detail` are escaped and do not match. */
const entryKey = Buffer.from('"DetailType":')
/** The publisher's clock, inside `Detail` and therefore with an escaped quote. */
const sentAtKey = Buffer.from('sentAt\\":')

let report: StubReport = emptyReport()

const server = createServer((request, response) => {
  if (request.url === '/report') return answer(response, JSON.stringify(report))
  if (request.url === '/reset') {
    report = emptyReport()
    return answer(response, '{}')
  }
  readBody(request, (body) => {
    const isPut = request.headers['x-amz-target'] === 'AWSEvents.PutEvents'
    const accept = isPut ? () => acceptAll(body, response) : () => answer(response, '{"Name":"-"}')
    if (latency > 0) setTimeout(accept, latency)
    else accept()
  })
})
// A socket that waits between two calls must not be closed under the next one.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.once('disconnect', () => process.exit())

function acceptAll(body: Buffer, response: ServerResponse): void {
  const now = process.hrtime.bigint()
  const count = countOf(body, entryKey)
  report.calls += 1
  report.entries += count
  report.firstMicros ||= Number(now / 1000n)
  report.lastMicros = Number(now / 1000n)
  const clocked = collectWaits(body, report.lastMicros)
  if (clocked < count) report.lastUnclockedMicros = report.lastMicros
  const entries = Array.from({ length: count }, () => '{"EventId":"11710aed-b79e-4468-a20b"}')
  answer(response, `{"Entries":[${entries.join()}],"FailedEntryCount":0}`)
}

function countOf(body: Buffer, key: Buffer): number {
  let count = 0
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + key.length)) count += 1
  return count
}

/** @returns how many events carry a clock */
function collectWaits(body: Buffer, now: number): number {
  const before = report.waits.length
  for (let at = body.indexOf(sentAtKey); at >= 0; at = body.indexOf(sentAtKey, at + 1)) {
    const start = at + sentAtKey.length
    report.waits.push(now - Number(body.toString('latin1', start, body.indexOf(',', start))))
    report.acceptedMicros.push(now)
  }
  return report.waits.length - before
}

function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => done(Buffer.concat(chunks)))
}

function answer(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

function emptyReport(): StubReport {
  return {
    sinceMicros: Number(process.hrtime.bigint() / 1000n),
    ...{ calls: 0, entries: 0, firstMicros: 0, lastMicros: 0 },
    ...{ waits: [], acceptedMicros: [], lastUnclockedMicros: 0 },
  }
}
