import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Request = {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export type Answer = { status: number; headers?: Record<string, string>; body?: string }

export type Server = {
  url: string
  /** Number of connections accepted so far. */
  connections(): number
  close(): Promise<void>
}

/** Bytes of a request: more than any notification has. */
const maxBody = 2 * 1024 * 1024

/**
 * Starts an HTTP server on a free port of 127.0.0.1. `answerTo` answers each POST; any other request
 * gets `received` as JSON.
 */
export async function serve(
  answerTo: (request: Request) => Answer | Promise<Answer>,
  received: readonly object[] = [],
): Promise<Server> {
  let connections = 0
  const server = createServer(async (request, response) => {
    const { url: path = '/', headers, method } = request
    // A request that was broken off has nobody to answer.
    const body = await bodyOf(request).catch(() => undefined)
    const answer = async () => {
      if (method !== 'POST') return json(200, received)
      return body === undefined ? { status: 413 } : answerTo({ path, headers, body })
    }
    const { status, headers: answered, body: text } = await answer()
    response.writeHead(status, answered).end(text)
  }).on('connection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Undefined for a body of more than `maxBody` bytes, which is read and dropped. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length <= maxBody) chunks.push(chunk)
    else chunks.length = 0
  }
  return length <= maxBody ? Buffer.concat(chunks).toString() : undefined
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  }
}
