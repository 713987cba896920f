import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export interface StubEntry {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
}

/** A stub of EventBridge, SQS's SendMessage and Secrets Manager that fails on command, as the local AWS can't. */
export interface AwsStub {
  readonly url: string
  /** The accepted entries in order; duplicates are there twice. */
  readonly accepted: StubEntry[]
  /** Bodies of the messages that were sent to a queue. */
  readonly sent: string[]
  /** Number of PutEvents calls, failed ones included. */
  calls: number
  /** The value of every secret. */
  secret: string
  /** Milliseconds before each answer. */
  latency: number
  /**
   * `down` answers 503 to everything; `silent` never answers PutEvents; `held` takes and answers PutEvents
   * once the mode is another, unless the caller has given up.
   */
  mode: 'up' | 'down' | 'silent' | 'held'
  /** `down`: SQS and S3 answer 503, whatever EventBridge does. */
  stores: 'up' | 'down'
  close(): void
}

export async function startAwsStub(): Promise<AwsStub> {
  const server = createServer(async (request, response) => {
    const answer = await answerTo(request)
    if (answer === undefined) return
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stub: AwsStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted: [],
    sent: [],
    calls: 0,
    secret: '',
    latency: 5,
    mode: 'up',
    stores: 'up',
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
  return stub

  async function answerTo(
    request: IncomingMessage,
  ): Promise<{ status: number; body: unknown } | undefined> {
    const [service, action] = String(request.headers['x-amz-target'] ?? 'S3.').split('.')
    const asked = await text(request)
    const body = service === 'S3' ? {} : JSON.parse(asked || '{}')
    if (action === 'PutEvents') stub.calls += 1
    await sleep(stub.latency)
    if (stub.mode === 'held' && action === 'PutEvents') {
      while (stub.mode === 'held') await sleep(20)
      if (request.socket.destroyed) return undefined
    }
    if (stub.mode === 'silent' && action === 'PutEvents') return undefined
    if (stub.mode === 'down') return { status: 503, body: { __type: 'ServiceUnavailable' } }
    if (stub.stores === 'down' && ['S3', 'AmazonSQS'].includes(String(service))) {
      return { status: 503, body: { __type: 'ServiceUnavailable' } }
    }
    if (service === 'S3') return { status: 200, body: '' }
    switch (action) {
      case 'PutEvents':
        stub.accepted.push(...body.Entries)
        return {
          status: 200,
          body: {
            FailedEntryCount: 0,
            Entries: body.Entries.map(() => ({ EventId: randomUUID() })),
          },
        }
      case 'DescribeEventBus':
        return { status: 200, body: { Name: body.Name } }
      case 'SendMessage': {
        stub.sent.push(body.MessageBody)
        const md5 = createHash('md5').update(body.MessageBody).digest('hex')
        return { status: 200, body: { MessageId: randomUUID(), MD5OfMessageBody: md5 } }
      }
      case 'GetSecretValue':
        return { status: 200, body: { Name: body.SecretId, SecretString: stub.secret } }
      default:
        return { status: 400, body: { __type: 'UnknownOperationException' } }
    }
  }
}

export const idsOf = (entries: readonly StubEntry[]): string[] =>
  entries.map(({ Detail }) => JSON.parse(Detail).id)
