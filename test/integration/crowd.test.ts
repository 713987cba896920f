import { randomUUID } from 'node:crypto'
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { BatchWriteCommand, DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { createQueues } from '../../lib/aws/sqs.ts'
import { createEventRecords } from '../../lib/aws/tables/events-table.ts'
import { eventKey } from '../../lib/aws/tables/notification-keys.ts'
import { itemOf } from '../../lib/aws/tables/subscriptions-items.ts'
import { chunks } from '../../lib/chunks.ts'
import type { EventKey } from '../../lib/events/bus-event.ts'
import { type EventType, sampleData } from '../../lib/events/catalogue.ts'
import { busEvent } from '../support/bus-event.ts'
import { processesOf } from '../support/function-process.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const { awsEndpoint, cloud, deployment } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const queueUrl = String(deployment['TaskDeleteQueueUrl'])
const events = createEventRecords(String(deployment['NotificationsTableName']), client)

/** Subscribes people by a channel that needs nobody to deliver to. */
async function subscribe(tenant: string, names: readonly string[], eventType: EventType) {
  for (const some of chunks(names, 25)) {
    const puts = some.map((username) => {
      const off = { reason: 'a test', at: new Date().toISOString() }
      const address = `${username}@crowd.example`
      const actions = [{ channel: 'email', address, off } as const]
      const Item = itemOf({ tenant, username, eventType }, actions)
      return { PutRequest: { Item } }
    })
    const RequestItems = { [String(deployment['SubscriptionsTableName'])]: puts }
    await client.send(new BatchWriteCommand({ RequestItems }))
  }
}

/** The event's items: more than one page of a query holds. */
function pagesOf(run: EventKey) {
  return paginateQuery(
    { client },
    {
      TableName: deployment['NotificationsTableName'],
      KeyConditionExpression: '#event = :event',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: { ':event': eventKey(run).event },
    },
  )
}

describe('a crowd', () => {
  it('of 1,500 people has one notification each, though its steps are killed in the middle', async () => {
    const tenant = newTenant()
    const id = randomUUID()
    const run = { tenant, eventType: 'task.delete', eventId: id }
    const names = Array.from({ length: 1500 }, (_, index) => `user-${index}`)
    await subscribe(tenant, names, 'task.delete')
    const visibility = (VisibilityTimeout: string) =>
      cloud.sqs.send(
        new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout } }),
      )
    // A killed step comes again soon.
    await visibility('5')
    try {
      const body = busEvent(tenant, 'task.delete', id, { taskPooledUsers: names })
      await createQueues(cloud.sqs)(queueUrl).sendAll([{ body, group: tenant }])
      const progress = async () => {
        const parts = await events.partsOf(run)
        return parts.reduce((sum, { recipients }) => sum + recipients, 0)
      }
      for (const reached of [100, 700]) {
        await eventually(progress, (told) => told >= reached)
        for (const pid of processesOf(queueUrl)) process.kill(pid, 'SIGKILL')
      }
      await eventually(
        () => events.find(run),
        (record) => record?.state === 'HANDLED',
      )
    } finally {
      await visibility('180')
    }
    expect(await events.find(run)).toEqual({
      ...{ state: 'HANDLED', recipients: 1500, notifications: 1500 },
    })
    const told: string[] = []
    for await (const { Items = [] } of pagesOf(run)) {
      told.push(...Items.flatMap(({ username }) => (username === undefined ? [] : [username])))
    }
    expect(told.toSorted()).toEqual(names.toSorted())
  })
})

describe('a table that is gone for longer than all tries of an event', () => {
  // No other test has comments: their handler is cut off from its table.
  const eventType = 'comment.added'
  const FunctionName = 'ecos-main-on-comment-added'

  it('delays what waits, and dead-letters nothing', async () => {
    const tenant = newTenant()
    const ids = Array.from({ length: 12 }, () => randomUUID())
    await subscribe(tenant, ['petrov'], eventType)
    const { hostname, port } = new URL(awsEndpoint)
    const proxy = await startTcpProxy(hostname, Number(port))
    const { Environment } = await cloud.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    )
    const configure = (more: Record<string, string>) =>
      cloud.lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Environment: { Variables: { ...Environment?.Variables, ...more } },
        }),
      )
    try {
      const tries = 3
      await configure({
        AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${proxy.port}`,
        ...{ TRIES: String(tries), RETRY_BASE_SECONDS: '1', OUTAGE_CAP_SECONDS: '1' },
      })
      proxy.refuse = true
      proxy.cut()
      const queue = createQueues(cloud.sqs)(String(deployment['CommentAddedQueueUrl']))
      const bodies = ids.map((id) => busEvent(tenant, eventType, id, sampleData(eventType)))
      await queue.sendAll(bodies.map((body) => ({ body, group: tenant })))
      const triesOf = async (id: string) => {
        const { events: lines = [] } = await cloud.logs.send(
          new FilterLogEventsCommand({
            logGroupName: `/aws/lambda/${FunctionName}`,
            filterPattern: `"${id}"`,
          }),
        )
        const failed = lines.flatMap(({ message = '' }) => /"tries":(\d+)/.exec(message)?.[1] ?? [])
        return Math.max(0, ...failed.map(Number))
      }
      for (const id of ids)
        await eventually(
          () => triesOf(id),
          (seen) => seen > 2 * tries,
        )

      proxy.refuse = false
      for (const id of ids) {
        const run = { tenant, eventType, eventId: id }
        await eventually(
          () => events.find(run),
          (record) => record?.state === 'HANDLED',
        )
      }
    } finally {
      await configure({})
      proxy.close()
    }
  })
})
