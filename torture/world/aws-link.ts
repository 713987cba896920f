import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A request of the product to AWS. */
export interface AwsCall {
  readonly service: 'EventBridge' | 'SQS' | 'DynamoDB' | 'S3' | 'SecretsManager' | 'other'
  /** `PutEvents`; for S3 the method. */
  readonly action: string
  readonly body: Buffer
}

/** What the rig does with a request instead of passing it on. */
export type Interference =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** It never answers. */
  | { readonly kind: 'hang' }
  /** AWS does it, and its answer is lost. */
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** AWS does another request, and its answer is changed. */
  | { readonly kind: 'change'; readonly body: Buffer; answer(body: Buffer): Buffer }

export type Interfere = (call: AwsCall) => Interference | undefined

/** The rig's HTTP proxy before the local AWS. */
export interface AwsLink {
  readonly endpoint: string
  /** Faults at work: the first that interferes with a call decides. */
  readonly faults: Set<Interfere>
  /** Calls whose caller had gone when AWS answered, by action: the machine was too slow for its time-out. */
  readonly late: ReadonlyMap<string, number>
  /** Connections that are open at this moment. */
  connections(): number
  close(): void
}

const services: Readonly<Record<string, AwsCall['service']>> = {
  AWSEvents: 'EventBridge',
  AmazonSQS: 'SQS',
  DynamoDB_20120810: 'DynamoDB',
  secretsmanager: 'SecretsManager',
}

export async function startAwsLink(upstream: string): Promise<AwsLink> {
  const faults = new Set<Interfere>()
  const late = new Map<string, number>()
  let open = 0
  const server = createServer((request, response) => {
    relay(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    open += 1
    socket.on('close', () => {
      open -= 1
    })
  })

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const call = callOf(request, body)
    const does = [...faults].map((interfere) => interfere(call)).find((one) => one !== undefined)
    switch (does?.kind) {
      case 'answer':
        response.writeHead(does.status, { 'content-type': 'application/x-amz-json-1.1' })
        return void response.end(does.body)
      case 'hang':
        return
      case 'lose-answer':
        await forward(request, body)
        return void response.destroy()
      case 'change': {
        const { status, headers, answer } = await forward(request, does.body)
        const changed = status === 200 ? does.answer(answer) : answer
        const { 'content-length': _, 'x-amz-crc32': __, ...rest } = headers
        return void response.writeHead(status, rest).end(changed)
      }
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, does.ms))
    }
    const { status, headers, answer } = await forward(request, body)
    if (response.destroyed) late.set(call.action, (late.get(call.action) ?? 0) + 1)
    response.writeHead(status, headers).end(answer)
  }

  async function forward({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer) {
    const { host: _, 'content-length': __, 'transfer-encoding': ___, ...passed } = headers
    const up = httpRequest(new URL(url, upstream), {
      method,
      headers: { ...passed, 'content-length': body.length },
    })
    up.end(body)
    const [answer] = (await once(up, 'response')) as [IncomingMessage]
    const { 'transfer-encoding': ____, ...returned } = answer.headers
    return { status: answer.statusCode ?? 502, headers: returned, answer: await buffer(answer) }
  }

  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    late,
    connections: () => open,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function callOf({ method = 'GET', headers }: IncomingMessage, body: Buffer): AwsCall {
  const [target = '', action = method] = String(headers['x-amz-target'] ?? '').split('.')
  const isS3 = target === '' && String(headers['authorization']).includes('/s3/')
  return { service: services[target] ?? (isS3 ? 'S3' : 'other'), action, body }
}
