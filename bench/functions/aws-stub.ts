import { hash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'

type Item = Record<string, unknown>

/** What the stub's tables hold: it answers reads from it, and accepts every write. */
export interface Stored {
  /** @param key the item's, unmarshalled */
  find(table: string, key: Item): Item | undefined
}

export interface AwsStub {
  readonly url: string
  /** How often each operation was called. */
  readonly calls: ReadonlyMap<string, number>
  /** The bodies that were sent to queues. */
  readonly queued: readonly string[]
  close(): void
}

/** What SNS answers to Publish: its protocol is the only one that is not JSON. */
const published = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
  <PublishResult><MessageId>bench</MessageId></PublishResult>
</PublishResponse>`

/** Stands in for DynamoDB, SQS, SNS and Secrets Manager, and answers each call after so many milliseconds. */
export async function startAwsStub(
  { find }: Stored,
  secret: string,
  latency: number,
): Promise<AwsStub> {
  const calls = new Map<string, number>()
  const queued: string[] = []
  const server = createServer(async (request, response) => {
    const operation = operationOf(request)
    calls.set(operation, (calls.get(operation) ?? 0) + 1)
    const body = await text(request)
    const isPublish = operation === 'Publish'
    const answer = isPublish ? published : JSON.stringify(answerTo(operation, JSON.parse(body)))
    await sleep(latency)
    response.setHeader('content-type', isPublish ? 'text/xml' : 'application/x-amz-json-1.0')
    response.end(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    queued,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }

  function itemsOf(table: string, keys: readonly Record<string, AttributeValue>[]) {
    return keys.flatMap((given) => {
      const key = unmarshall(given)
      const item = find(table, key)
      return item ? [marshall({ ...item, ...key }, { removeUndefinedValues: true })] : []
    })
  }

  // biome-ignore lint/suspicious/noExplicitAny: the requests of many operations
  function answerTo(operation: string, input: any): object {
    switch (operation) {
      case 'GetItem': {
        const [Item] = itemsOf(input.TableName, [input.Key])
        return Item ? { Item } : {}
      }
      case 'BatchGetItem': {
        const tables = Object.entries<{ Keys: Record<string, AttributeValue>[] }>(
          input.RequestItems,
        )
        const responses = tables.map(([table, { Keys }]) => [table, itemsOf(table, Keys)])
        return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} }
      }
      case 'Query':
        return { Items: [], Count: 0 }
      case 'BatchExecuteStatement':
        return { Responses: input.Statements.map(() => ({})) }
      case 'SendMessageBatch': {
        const entries: { Id: string; MessageBody: string }[] = input.Entries
        queued.push(...entries.map(({ MessageBody }) => MessageBody))
        const Successful = entries.map(({ Id, MessageBody }) => {
          return { Id, MessageId: Id, MD5OfMessageBody: hash('md5', MessageBody) }
        })
        return { Successful, Failed: [] }
      }
      case 'GetSecretValue':
        return { SecretString: secret }
      default:
        return {}
    }
  }
}

function operationOf({ headers }: IncomingMessage): string {
  const target = headers['x-amz-target']
  return target === undefined ? 'Publish' : (String(target).split('.').at(-1) ?? '')
}
