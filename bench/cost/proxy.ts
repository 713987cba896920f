import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BilledLine, billed } from './wire.ts'

/** A billed line, with the function whose request it was. */
export type CountedLine = BilledLine & { readonly caller: string }

export interface CountingProxy {
  /** An endpoint for one caller, whose requests pass to the local AWS and are counted. */
  endpointFor(caller: string): Promise<string>
  /**
   * The lines since the start or the last `reset`, summed by caller, action and resource.
   *
   * @throws the first error of counting: a request that no rule covers
   */
  counts(): readonly Counted[]
  reset(): void
  close(): void
}

export type Counted = CountedLine & { readonly requests: number }

/** Starts a proxy before the local AWS. Each caller has a port of its own, as requests do not name their function. */
export function startCountingProxy(upstream: string): CountingProxy {
  const servers: ReturnType<typeof createServer>[] = []
  const tally = new Map<string, Counted>()
  const problems: unknown[] = []

  const count = (caller: string, lines: readonly BilledLine[]) => {
    for (const line of lines) {
      const key = [caller, line.action, line.resource, line.unit].join(' ')
      const { requests = 0, units = 0 } = tally.get(key) ?? {}
      tally.set(key, { ...line, caller, units: units + line.units, requests: requests + 1 })
    }
  }

  return {
    async endpointFor(caller) {
      const server = createServer((request, response) => {
        forward(upstream, request, response).then(
          (exchange) => {
            try {
              if (!isRepeated(request)) count(caller, billed(exchange))
            } catch (error) {
              problems.push(error)
            }
          },
          () => response.destroy(),
        )
      })
      servers.push(server)
      await once(server.listen(0, '127.0.0.1'), 'listening')
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    counts() {
      if (problems.length > 0) throw problems[0]
      return [...tally.values()]
    },
    reset: () => tally.clear(),
    close() {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

/** The SDK makes a call again that the busy local AWS has not answered in time. */
function isRepeated({ headers }: IncomingMessage): boolean {
  return /attempt=(?!1;)/.test(String(headers['amz-sdk-request'] ?? ''))
}

async function forward(upstream: string, request: IncomingMessage, response: ServerResponse) {
  const { method = 'GET', url: path = '/', headers } = request
  const target = [headers['x-amz-target']].flat()[0]
  const own = `http://${headers.host}`
  const bytes = await bodyOf(request)
  const isJson = target !== undefined
  const text = isJson ? withCapacity(target, bytes.toString().replaceAll(own, upstream)) : undefined
  const body = text === undefined ? bytes : Buffer.from(text)
  const { host: _, 'content-length': __, 'transfer-encoding': ___, ...passed } = headers
  const up = httpRequest(new URL(path, upstream), {
    method,
    headers: { ...passed, 'content-length': body.length },
  })
  up.end(body)
  const [answer] = (await once(up, 'response')) as [IncomingMessage]
  const answerBody = await bodyOf(answer)
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  response.end(answerBody)
  return {
    method,
    path,
    target,
    request: text ?? bytes.toString('latin1'),
    status: answer.statusCode ?? 502,
    answer: isJson ? answerBody.toString() : '',
  }
}

/** Asks DynamoDB for the units that it bills, by index. */
function withCapacity(target: string, text: string): string {
  if (!target.startsWith('DynamoDB')) return text
  return JSON.stringify({ ...JSON.parse(text), ReturnConsumedCapacity: 'INDEXES' })
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
