import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { type EventContext, onEcosEvent, type TenantEvent } from 'ecos-eventbridge/tenant-function'

const dynamoDb = new DynamoDBClient()

/** Counts the tenant's tasks by day: how many were created, and how many were completed. */
export const handler = onEcosEvent({
  'task.create': (event, context) => count('created', event, context),
  'task.complete': (event, context) => count('completed', event, context),
})

/** Counting twice would be wrong: the idempotency table drops events that are delivered again. */
async function count(what: string, { time }: TenantEvent, { log }: EventContext): Promise<void> {
  // After an error the event is delivered again, and finally moved to the dead-letter queue.
  if (time === undefined) throw new Error('The event does not say when it happened')
  const day = time.slice(0, 10)
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: process.env['STATISTICS_TABLE'],
      Key: { day: { S: day } },
      UpdateExpression: 'ADD #what :one',
      ExpressionAttributeNames: { '#what': what },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  )
  log.info('Counted', { day, what })
}
