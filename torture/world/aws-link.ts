import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { markPattern } from '../plan/marks.ts'
import { refuseSignature } from './signature-time.ts'

/** A request of the product to AWS. */
export interface AwsCall {
  readonly service: 'EventBridge' | 'SQS' | 'DynamoDB' | 'S3' | 'SNS' | 'SecretsManager' | 'other'
  /** `PutEvents`; for S3 and SNS the method. */
  readonly action: string
  readonly body: Buffer
}

/** What the rig does with a request instead of passing it on. */
export type Interference =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      /** The content's type (default: that of the JSON protocols). */
      readonly type?: string
    }
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
  /** Calls whose caller had gone, or was about to go, when AWS answered, by action: the machine was too slow. */
  readonly late: ReadonlyMap<string, number>
  /** How often each mark was in a PutEvents call that was answered too late. */
  readonly unheard: ReadonlyMap<string, number>
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

/** Milliseconds after which an answer may come too late: the bridge waits for 4 s, on a machine that is busy. */
const patience = 3_000

/** Services whose calls name no target, by the scope of the signature. */
const scopes: Readonly<Record<string, AwsCall['service']>> = { s3: 'S3', sns: 'SNS' }

export async function startAwsLink(upstream: string): Promise<AwsLink> {
  const faults = new Set<Interfere>()
  const late = new Map<string, number>()
  const unheard = new Map<string, number>()
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
    const start = Date.now()
    const body = await buffer(request)
    const call = callOf(request, body)
    const does =
      refuseSignature(request, call.service) ??
      [...faults].map((interfere) => interfere(call)).find((one) => one !== undefined)
    switch (does?.kind) {
      case 'answer': {
        const { status, type = 'application/x-amz-json-1.1', body } = does
        return void response.writeHead(status, { 'content-type': type }).end(body)
      }
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
    if (response.destroyed || Date.now() - start > patience) noteLate(call)
    response.writeHead(status, headers).end(answer)
  }

  function noteLate({ action, body }: AwsCall): void {
    late.set(action, (late.get(action) ?? 0) + 1)
    if (action !== 'PutEvents') return
    for (const mark of new Set(body.toString().match(markPattern))) {
      unheard.set(mark, (unheard.get(mark) ?? 0) + 1)
    }
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
    unheard,
    connections: () => open,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function callOf({ method = 'GET', headers }: IncomingMessage, body: Buffer): AwsCall {
  const [target = '', action = method] = String(headers['x-amz-target'] ?? '').split('.')
  const [, scope = ''] = /\/(\w+)\/aws4_request/.exec(String(headers['authorization'])) ?? []
  return { service: services[target] ?? scopes[scope] ?? 'other', action, body }
}
