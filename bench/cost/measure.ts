import { paginateScan } from '@aws-sdk/client-dynamodb'
import type { Cloud } from '../../local/cloud.ts'
import type { SampleMessage } from '../../local/demo/events-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { drain } from '../../local/demo/run.ts'
import { subscribeUsers } from '../../local/demo/subscribe.ts'
import type { Deployment } from '../../local/deploy.ts'
import { type BillLine, billOf } from './bill.ts'
import { functionsOf, readUse, redirect } from './lambda.ts'
import { allHandled } from './load.ts'
import { startCountingProxy } from './proxy.ts'

export interface CostOptions {
  readonly cloud: Cloud
  readonly deployment: Deployment
  readonly awsEndpoint: string
  readonly amqpUrl: string
  /** The first only warms the functions up, and is not counted. */
  readonly messages: readonly SampleMessage[]
  /** Messages that are published at once; the next follow when all of these are delivered. */
  readonly atOnce: number
}

/** Sends the messages through the deployed cell, and counts what AWS would bill. */
export async function measureCost(options: CostOptions): Promise<BillLine[]> {
  const { cloud, deployment, awsEndpoint, messages } = options
  const proxy = startCountingProxy(awsEndpoint)
  try {
    const prefix = deployment['BusName'] ?? ''
    const functions = await functionsOf(cloud, prefix)
    for (const name of functions) {
      await redirect(cloud, name, { proxy, upstream: awsEndpoint }, unlimited)
    }
    await subscribeUsers(cloud, deployment['SubscriptionsTableName'] ?? '', messages)
    // The bridge declares its queues: the broker drops messages that are published before.
    await drain(cloud, deployment)
    // The first start of a function reads its secret.
    await send(options, messages.slice(0, 1))
    proxy.reset()
    const start = Date.now()
    await sendAll(options)
    const shortOf = (name: string) => name.slice(prefix.length + 1)
    const uses = new Map<string, Awaited<ReturnType<typeof readUse>>>()
    for (const name of functions) uses.set(shortOf(name), await readUse(cloud, name, start))
    const counts = proxy.counts().map((one) => ({ ...one, caller: shortOf(one.caller) }))
    await assertDelivered(options)
    return billOf({ counts, functions: uses, names: namesOf(deployment) })
  } finally {
    proxy.close()
  }
}

/** The events come faster than the rate limits of a few tenants allow. */
const unlimited = { DELIVERIES_PER_SECOND: '400' }

async function sendAll(options: CostOptions): Promise<void> {
  const { messages, atOnce } = options
  for (let next = 1; next < messages.length; next += atOnce) {
    await send(options, messages.slice(next, next + atOnce))
  }
}

async function send(
  { cloud, deployment, amqpUrl }: CostOptions,
  messages: readonly SampleMessage[],
): Promise<void> {
  await publish(amqpUrl, messages)
  await drain(cloud, deployment)
  await allHandled(cloud, deployment)
}

/** A count of events that were lost on the way would be too small. */
async function assertDelivered({ cloud, deployment, messages }: CostOptions): Promise<void> {
  let sent = 0
  const pages = paginateScan(
    { client: cloud.dynamoDb },
    {
      TableName: deployment['NotificationsTableName'],
      FilterExpression: '#state = :sent',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':sent': { S: 'SENT' } },
      Select: 'COUNT',
    },
  )
  for await (const { Count = 0 } of pages) sent += Count
  const expected = 2 * messages.length
  if (sent === expected) return
  throw new Error(`${sent} of ${expected} notifications were sent: the bill would be too small`)
}

/** What the stack calls its tables: `Notifications`. */
function namesOf(deployment: Deployment): Map<string, string> {
  return new Map(
    Object.entries(deployment).map(([output, value]) => [
      value.split('/').at(-1) ?? '',
      output.replace(/(Table|Queue|Bucket)?(Name|Url)$/, ''),
    ]),
  )
}
