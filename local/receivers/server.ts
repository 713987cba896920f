import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

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
    const body = await text(request)
    const answer = method === 'POST' ? await answerTo({ path, headers, body }) : json(200, received)
    response.writeHead(answer.status, answer.headers).end(answer.body)
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

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  }
}
