import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request to the service. */
export interface Asked {
  readonly headers: IncomingMessage['headers']
  // biome-ignore lint/suspicious/noExplicitAny: whatever the client sent, for a test to look into
  readonly body: any
  /** The client's: the same for all requests of a connection. */
  readonly port: number | undefined
}

export type Answer = (response: ServerResponse, asked: Asked) => void

/** An HTTP stub of an AWS service; the test sets its answers. */
export async function scriptedService() {
  const asked: Asked[] = []
  let answer: Answer = (response) => response.end('{}')
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const call = {
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()),
        port: request.socket.remotePort,
      }
      asked.push(call)
      answer(response, call)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answerWith(next: Answer) {
      answer = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** An answer in AWS JSON 1.1. */
export function json(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers })
    response.end(JSON.stringify(body))
  }
}

/** The action of a call in AWS JSON 1.1. */
export function actionOf({ headers }: Asked): string {
  return String(headers['x-amz-target']).split('.')[1] ?? ''
}

/** An error of the service, by its name. */
export function refusal(name: string): Answer {
  return json({ __type: name, message: name }, 400)
}

/** Answers by action, in order; the last answer of an action repeats. */
export function byAction(answers: Readonly<Record<string, Answer[]>>): Answer {
  return (response, asked) => {
    const left = answers[actionOf(asked)] ?? []
    const answer = left.length > 1 ? left.shift() : left[0]
    answer?.(response, asked)
  }
}
