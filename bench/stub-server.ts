import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Serves a PutEvents endpoint that accepts every entry after a set latency, with as little work as possible. It tells
 * the parent process its port, and ends with it.
 *
 * @param onPut records the body of a call when it is accepted; returns how many entries it has
 * @param answers what else it answers, by path
 */
export function serveStub(
  latency: number,
  onPut: (body: Buffer) => number,
  answers: Readonly<Record<string, () => object>> = {},
): Server {
  const server = createServer((request, response) => {
    const other = answers[request.url ?? '']
    if (other) return answer(response, JSON.stringify(other()))
    readBody(request, (body) => {
      const isPut = request.headers['x-amz-target'] === 'AWSEvents.PutEvents'
      const accept = isPut
        ? () => acceptAll(onPut(body), response)
        : () => answer(response, '{"Name":"-"}')
      if (latency > 0) setTimeout(accept, latency)
      else accept()
    })
  })
  // A socket that waits between two calls must not be closed under the next one.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.once('disconnect', () => process.exit())
  return server
}

/** A key of each entry. Quotes inside `Detail` are escaped and do not match. */
const entryKey = Buffer.from('"DetailType":')
/** The publisher's clock, inside `Detail` and therefore with an escaped quote. */
const sentAtKey = Buffer.from('sentAt\\":')

export function entriesIn(body: Buffer): number {
  let count = 0
  for (let at = body.indexOf(entryKey); at >= 0; at = body.indexOf(entryKey, at + 1)) count += 1
  return count
}

/**
 * Passes each event that carries the publisher's clock.
 *
 * @param onEvent given the clock in microseconds, and where the field after it begins
 */
export function eachClock(body: Buffer, onEvent: (sentAt: number, next: number) => void): void {
  for (let at = body.indexOf(sentAtKey); at >= 0; at = body.indexOf(sentAtKey, at + 1)) {
    const start = at + sentAtKey.length
    const end = body.indexOf(',', start)
    onEvent(Number(body.toString('latin1', start, end)), end + 1)
  }
}

function acceptAll(count: number, response: ServerResponse): void {
  const entries = Array.from({ length: count }, () => '{"EventId":"11710aed-b79e-4468-a20b"}')
  answer(response, `{"Entries":[${entries.join()}],"FailedEntryCount":0}`)
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
